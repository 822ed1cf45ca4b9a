package trail

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// ownHookMark begins the pre-commit hook that sendctl installs. What it checks
// has been checked by the time Record is called, so it need not run.
const ownHookMark = "#!/bin/sh\n# sendctl pre-commit hook"

// commitHooks are the hooks that git would run during a commit.
var commitHooks = [...]string{"pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction", "post-index-change"}

// hooksDir is where git looks for hooks.
func (r *Repo) hooksDir(all settings) string {
	p, ok := all.get("core.hookspath")
	if !ok {
		return filepath.Join(r.commonDir, "hooks")
	}
	p = expandHome(p)
	if !filepath.IsAbs(p) {
		p = filepath.Join(r.top, filepath.FromSlash(p))
	}
	return p
}

// activeHooks lists the hooks that a commit would run, our own left out.
func (r *Repo) activeHooks(all settings) []string {
	dir := r.hooksDir(all)
	var names []string
	list, err := os.ReadDir(dir)
	if err != nil {
		list = nil
	}
	for _, e := range list {
		name := e.Name()
		if runtime.GOOS == "windows" {
			name = strings.TrimSuffix(name, ".exe")
		}
		for _, hook := range commitHooks {
			if name == hook && runnable(filepath.Join(dir, e.Name())) && !isOwnHook(filepath.Join(dir, e.Name()), hook) {
				names = append(names, hook)
			}
		}
	}
	// Newer git runs hooks named in the configuration: hook.NAME.event.
	for key, values := range all {
		if strings.HasPrefix(key, "hook.") && strings.HasSuffix(key, ".event") {
			for _, v := range values {
				for _, hook := range commitHooks {
					if v == hook {
						names = append(names, hook)
					}
				}
			}
		}
	}
	return names
}

func runnable(path string) bool {
	st, err := os.Stat(path)
	if err != nil || st.IsDir() {
		return false
	}
	return runtime.GOOS == "windows" || st.Mode().Perm()&0o111 != 0
}

func isOwnHook(path, hook string) bool {
	if hook != "pre-commit" {
		return false
	}
	b, err := os.ReadFile(path)
	return err == nil && bytes.HasPrefix(b, []byte(ownHookMark))
}

// needsGit says in words why git itself must make the commit; "" when it need not.
func (r *Repo) needsGit(c Commit) (string, error) {
	all, err := r.effective()
	if err != nil {
		return "", err
	}
	if names := r.activeHooks(all); len(names) > 0 {
		return "the hook " + names[0], nil
	}
	if c.Sign == nil && all.truth("commit.gpgsign", false) {
		return "commit.gpgsign", nil
	}
	return "", nil
}
