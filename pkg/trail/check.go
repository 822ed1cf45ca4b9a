package trail

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Check says in plain lines what in this repository or its configuration
// matters to sendctl: why git will be asked to commit, what will be refused,
// what is worth doing. It changes nothing. No line means nothing to say.
func (r *Repo) Check() []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if err := r.supported(); err != nil {
		say("%v", err)
	}
	if err := r.underway(); err != nil {
		say("%v", err)
	}
	if _, err := exec.LookPath("git"); err != nil {
		say("git is not installed or not on PATH: hooks, signed commits and included configuration cannot be served")
	}
	all, err := r.effective()
	if err != nil {
		say("%v", err)
		return lines
	}
	for _, name := range r.activeHooks(all) {
		say("the hook %s is in force: git itself makes each commit, which takes longer", name)
	}
	if all.truth("commit.gpgsign", false) {
		say("commit.gpgsign is on: commits are signed as git is set up, or by git itself")
	}
	if v, ok := all.get("core.autocrlf"); ok && (strings.EqualFold(v, "input") || all.truth("core.autocrlf", false)) {
		var u attributeUse
		if u.scan(filepath.Join(r.root, ".gitattributes")) == nil && !u.noText {
			say("core.autocrlf is %s and .gitattributes does not say `* -text`: files with CRLF line ends will be refused", v)
		}
	}
	if r.promised() {
		say("this is a partial clone: what is not here cannot be checked; `git fetch --refetch --no-filter` brings everything")
	}
	if _, err := os.Stat(filepath.Join(r.commonDir, "shallow")); err == nil {
		say("this is a shallow clone: its history is cut off; `git fetch --unshallow` brings the rest")
	}
	if x, err := readIndex(r.indexPath()); err != nil {
		say("%v", err)
	} else if err := x.walk(func(*indexEntry, []byte) error { return nil }); err != nil {
		say("the index cannot be read: %v", err)
	} else if err := x.checkExtensions(); err != nil {
		say("%v", err)
	}
	for _, l := range []string{r.indexPath(), filepath.Join(r.gitDir, "HEAD")} {
		if b, err := os.ReadFile(l + ".lock"); err == nil {
			who := "another program holds it, or left it"
			if bytes.HasPrefix(b, []byte(lockMark)) {
				who = holder(l + ".lock")
			}
			say("%s is there: %s", l+".lock", who)
		}
	}
	// As git gc --auto does: one of 256 folders stands for all.
	if list, err := os.ReadDir(filepath.Join(r.commonDir, "objects", "17")); err == nil && len(list) > 27 {
		say("there are about %d loose objects; `git maintenance run` packs them", len(list)*256)
	}
	if list, err := filepath.Glob(filepath.Join(r.commonDir, "objects", "pack", "*.pack")); err == nil && len(list) > 50 {
		say("there are %d packs; `git maintenance run` joins them", len(list))
	}
	return lines
}
