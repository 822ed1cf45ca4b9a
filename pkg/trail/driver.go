package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Driver is how git is to merge some files in this clone. Git clones neither the
// command nor, for a good reason, trusts one that comes with a clone: each clone is
// set up by itself.
type Driver struct {
	Name    string // "sendctl"
	Words   string // what it does, for people reading the configuration
	Command string // with %O %A %B %P
	// Patterns are those of the record folder's files it is for, as git's attributes
	// have them; .gitattributes may name more.
	Patterns []string
}

// lines are those that info/attributes must hold.
func (d Driver) lines(prefix string) []string {
	var out []string
	for _, p := range d.Patterns {
		if prefix != "" {
			if !strings.Contains(p, "/") {
				p = "**/" + p
			}
			p = prefix + p
		}
		out = append(out, p+" merge="+d.Name)
	}
	return out
}

// HasDriver reports whether the driver is set up as d says.
func (r *Repo) HasDriver(d Driver) (bool, error) {
	b, err := os.ReadFile(filepath.Join(r.commonDir, "config"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("read the repository's config: %w", err)
	}
	local, err := parseConfig(b) // read anew: it may have been set up since
	if err != nil {
		return false, err
	}
	if v, _ := local.get("merge." + d.Name + ".driver"); v != d.Command {
		return false, nil
	}
	missing, _, err := r.missingLines(d)
	return len(missing) == 0, err
}

func (r *Repo) missingLines(d Driver) (missing []string, have []byte, err error) {
	have, err = os.ReadFile(filepath.Join(r.commonDir, "info", "attributes"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("read info/attributes: %w", err)
	}
	there := map[string]bool{}
	for line := range bytes.Lines(have) {
		there[strings.Join(strings.Fields(string(line)), " ")] = true
	}
	for _, l := range d.lines(r.prefix) {
		if !there[l] {
			missing = append(missing, l)
		}
	}
	return missing, have, nil
}

// InstallDriver sets up a merge driver in this clone: in the repository's own
// configuration, by git itself, and in info/attributes, where other lines stay as
// they are. To do it again changes nothing.
func (r *Repo) InstallDriver(ctx context.Context, d Driver) error {
	if ok, err := r.HasDriver(d); err != nil || ok {
		return err
	}
	for _, kv := range [][2]string{{"name", d.Words}, {"driver", d.Command}} {
		if _, err := r.gitContext(ctx, nil, nil, "config", "--local", "merge."+d.Name+"."+kv[0], kv[1]); err != nil {
			return err
		}
	}
	missing, have, err := r.missingLines(d)
	if err != nil || len(missing) == 0 {
		return err
	}
	if len(have) > 0 && have[len(have)-1] != '\n' {
		have = append(have, '\n')
	}
	have = append(have, strings.Join(missing, "\n")+"\n"...)
	private, err := r.privateDir()
	if err != nil {
		return err
	}
	tmp, err := writeTemp(private, "attributes", have, true, nil)
	if err != nil {
		return err
	}
	to := filepath.Join(r.commonDir, "info", "attributes")
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return errors.Join(fmt.Errorf("write info/attributes: %w", err), os.Remove(tmp))
	}
	r.matchMode(tmp)
	if err := os.Rename(tmp, to); err != nil {
		return errors.Join(fmt.Errorf("write info/attributes: %w", err), os.Remove(tmp))
	}
	return nil
}
