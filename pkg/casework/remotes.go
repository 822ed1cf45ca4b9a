package casework

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/trail"
)

// A remote is where children's records go. Every address is refused until somebody
// has said in sendctl.yaml why it may be used: the address that git really uses,
// whatever name or short form stands for it.

// Elsewhere is another place that git knows of, as it is judged.
type Elsewhere struct {
	Remote  string
	Address string // without user and password
	Allowed bool
	Public  string // why everybody might read it, or read along; "" where that is not known
	Secret  bool   // the address as git has it holds a password or a token
}

// remote chooses the place to keep in step with: the one named, else the one the
// branch follows, else the only one, else origin.
func (d *Desk) remote(ctx context.Context, name string) (trail.Remote, error) {
	all, err := d.Repo.Remotes(ctx)
	if err != nil {
		return trail.Remote{}, err
	}
	var known []string
	for _, m := range all {
		known = append(known, m.Name)
	}
	typed := name
	if name == "" {
		switch up := d.Repo.Upstream(); {
		case slices.Contains(known, up):
			name = up
		case len(known) == 1:
			name = known[0]
		case slices.Contains(known, "origin"):
			name = "origin"
		}
	}
	if i := slices.Index(known, name); i >= 0 {
		return all[i], nil
	}
	return trail.Remote{}, &NoRemoteError{Typed: typed, Known: known}
}

// Elsewheres judges every address of every remote, or of the one named.
func (d *Desk) Elsewheres(ctx context.Context, name string) ([]Elsewhere, error) {
	all, err := d.Repo.Remotes(ctx)
	if err != nil {
		return nil, err
	}
	f, err := d.Folder()
	if err != nil {
		return nil, err
	}
	var out []Elsewhere
	for _, m := range all {
		if name == "" || m.Name == name {
			out = append(out, d.judgedPlaces(m, f.Setting.Value.Remotes)...)
		}
	}
	return out, nil
}

func (d *Desk) judgedPlaces(m trail.Remote, allowed []learner.Remote) []Elsewhere {
	var out []Elsewhere
	for _, a := range m.Addresses() {
		// Git takes a relative path from the top of the work tree, and every clone has its own.
		if place := trail.Place(a); !strings.Contains(place, "://") && !filepath.IsAbs(place) {
			a = filepath.Join(d.Repo.Root(), strings.Repeat("../", strings.Count(d.Repo.Prefix(), "/")), a)
		}
		e := Elsewhere{Remote: m.Name, Address: a, Secret: trail.Secret(a), Public: publicPlace(a)}
		if e.Secret {
			e.Address = trail.Place(a)
		}
		e.Allowed = slices.ContainsFunc(allowed, func(r learner.Remote) bool { return r.URL != "" && trail.Place(r.URL) == trail.Place(a) })
		if !slices.ContainsFunc(out, func(o Elsewhere) bool { return o == e }) {
			out = append(out, e)
		}
	}
	return out
}

// publicPlace says in words why an address is one where records do not belong.
func publicPlace(address string) string {
	place := trail.Place(address)
	scheme, rest, ok := strings.Cut(place, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	for _, h := range []string{"github.com", "github.io", "gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht", "sourceforge.net", "gitee.com", "notabug.org"} {
		if host == h || strings.HasSuffix(host, "."+h) {
			return host + " is a public host: one wrong setting, and everybody reads these records"
		}
	}
	switch scheme {
	case "http", "git", "ftp":
		return scheme + ":// is not encrypted: whoever is on the way reads along"
	}
	return ""
}

// allowed refuses a remote with an address that is not listed in sendctl.yaml.
func (d *Desk) allowed(m trail.Remote) error {
	f, err := d.Folder()
	if err != nil {
		return err
	}
	if err := Usable(f); err != nil {
		return err
	}
	for _, e := range d.judgedPlaces(m, f.Setting.Value.Remotes) {
		if e.Allowed {
			continue
		}
		why := "sendctl.yaml does not say that records may go there, so nothing was fetched or sent; "
		if e.Public != "" {
			why += "and " + e.Public + ". If the setting has decided for it nevertheless: "
		} else {
			why += "if the setting has decided that they may: "
		}
		return &trail.RefusedError{What: fmt.Sprintf("%s (%s) is not allowed", e.Remote, e.Address), Why: why + "sendctl sync allow " + e.Remote + ` --because "..."`}
	}
	return nil
}

// AllowRemote writes to sendctl.yaml that records may be kept at every address of a
// remote, and why. One that holds a password is refused: the file is shared.
func (d *Desk) AllowRemote(ctx context.Context, name, because string) (Done, []string, error) {
	m, err := d.remote(ctx, name)
	if err != nil {
		return Done{}, nil, err
	}
	var added []string
	done, err := d.do(ctx, "allow", "", func(a *act) error {
		have := a.Folder.Setting
		var edits []learner.Remote
		for _, e := range d.judgedPlaces(m, have.Value.Remotes) {
			if e.Secret {
				return state("the address of %s, as git has it, holds a user name, a password or a token; take it out first (git remote set-url %s %s) and let git keep it: git help credentials", m.Name, m.Name, e.Address)
			}
			if !e.Allowed {
				edits = append(edits, learner.Remote{URL: e.Address, Because: learner.Words(because)})
			}
		}
		if len(edits) == 0 {
			return &NothingError{}
		}
		for _, r := range edits {
			next, err := have.Edited(recordfile.Setting, appendTo(have.Value, "remotes", []learner.Remote{r}, len(have.Value.Remotes)))
			if err != nil {
				return err
			}
			have = next
			added = append(added, r.URL)
		}
		a.about = "remote"
		return a.write(have.Path, have.Doc.Bytes())
	})
	return done, added, err
}

// driver is how git merges records in a clone that is set up.
func driver() trail.Driver {
	return trail.Driver{Name: "sendctl", Words: "records of sendctl, by meaning", Command: "sendctl merge-file %O %A %B %P",
		Patterns: []string{
			"*.seal", "sendctl.yaml", "people.yaml", "pathway.yaml", "keys/*.yaml", "removals/*.yaml", "learners/**/*.yaml",
		}}
}

// InstallDriver has git merge records by meaning in this clone.
func (d *Desk) InstallDriver(ctx context.Context) error { return d.Repo.InstallDriver(ctx, driver()) }

// HasDriver reports whether this clone is set up for that.
func (d *Desk) HasDriver() (bool, error) { return d.Repo.HasDriver(driver()) }
