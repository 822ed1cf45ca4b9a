package trail

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// appendReflogs writes the line git would write to the log of HEAD and of the
// branch. An existing log always grows; a missing one is made unless
// core.logAllRefUpdates says no.
func (r *Repo) appendReflogs(h headState, to plumbing.Hash, by Ident, what, subject string) error {
	all, err := r.effective()
	if err != nil {
		return err
	}
	create := true
	if v, ok := all.get("core.logallrefupdates"); ok && !strings.EqualFold(v, "always") {
		create = all.truth("core.logallrefupdates", true)
	}
	line := fmt.Sprintf("%s %s %s\t%s: %s\n", h.id, to, by, what, subject)
	logs := []string{filepath.Join(r.gitDir, "logs", "HEAD")}
	if h.ref != "" {
		logs = append(logs, filepath.Join(r.commonDir, "logs", filepath.FromSlash(h.ref)))
	}
	for _, path := range logs {
		if err := appendLine(path, line, create); err != nil {
			return fmt.Errorf("append to reflog: %w", err)
		}
		r.share(path)
	}
	return nil
}

func appendLine(path, line string, create bool) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if errors.Is(err, fs.ErrNotExist) || isDir(path) {
		if !create {
			return nil
		}
		if isDir(path) {
			if err := removeEmpty(path); err != nil {
				return err
			}
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

// subject is the first line of a message, as git takes it for the reflog.
func subject(message string) string {
	first, _, _ := strings.Cut(strings.TrimLeft(message, "\n"), "\n")
	return strings.Join(strings.Fields(first), " ")
}
