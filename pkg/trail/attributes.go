package trail

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Attributes and settings decide whether git would store other bytes than lie
// on disk. A sealed file must be the very bytes, so such a path is refused by
// name. Reading the attribute files shows at once that nothing of the kind is
// meant, nearly always; wherever it might be, git check-attr decides.

// checkAttributes looks at every path whose bytes the act stores.
func (r *Repo) checkAttributes(acts []act) error {
	all, err := r.effective()
	if err != nil {
		return err
	}
	dirs := map[string]bool{"": true}
	withCR := false
	var paths []string
	for _, a := range acts {
		if a.delete {
			continue
		}
		paths = append(paths, a.path)
		withCR = withCR || bytes.IndexByte(a.data, '\r') >= 0
		for i, c := range []byte(a.path) {
			if c == '/' {
				dirs[a.path[:i]] = true
			}
		}
	}
	var found attributeUse
	for _, f := range r.attributeFiles(all) {
		if err := found.scan(f); err != nil {
			return err
		}
	}
	for dir := range dirs {
		// "* -text" speaks for the whole act only at or above the record folder.
		noText := found.noText
		if err := found.scan(filepath.Join(r.disk(dir), ".gitattributes")); err != nil {
			return err
		}
		if !strings.HasPrefix(r.prefix, dir+"/") && dir != "" {
			found.noText = noText
		}
	}
	crlf, _ := all.get("core.autocrlf")
	autocrlf := strings.EqualFold(crlf, "input") || all.truth("core.autocrlf", false)
	lineEnds := withCR && (found.text || autocrlf && !found.noText)
	if !found.rewrites && !lineEnds {
		return nil
	}
	return r.askAttributes(acts, paths, autocrlf)
}

func (r *Repo) attributeFiles(all settings) []string {
	files := []string{filepath.Join(r.commonDir, "info", "attributes")}
	if p, ok := all.get("core.attributesfile"); ok {
		files = append(files, expandHome(p))
	} else if x := os.Getenv("XDG_CONFIG_HOME"); x != "" {
		files = append(files, filepath.Join(x, "git", "attributes"))
	} else if home := homeDir(); home != "" {
		files = append(files, filepath.Join(home, ".config", "git", "attributes"))
	}
	if runtime.GOOS != "windows" && os.Getenv("GIT_ATTR_NOSYSTEM") == "" {
		files = append(files, "/etc/gitattributes")
	}
	return files
}

// attributeUse is what a set of attribute files might do.
type attributeUse struct {
	rewrites bool // filter, ident or working-tree-encoding is mentioned
	text     bool // text, eol or crlf is mentioned, other than "* -text"
	noText   bool // "* -text" is there
}

func (u *attributeUse) scan(path string) error {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || isDir(path) {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range bytes.Lines(b) {
		f := strings.Fields(string(line))
		if len(f) < 2 || strings.HasPrefix(f[0], "#") {
			continue
		}
		for _, attr := range f[1:] {
			name, _, _ := strings.Cut(strings.TrimLeft(attr, "-!"), "=")
			switch name {
			case "filter", "ident", "working-tree-encoding":
				u.rewrites = true
			case "text", "eol", "crlf":
				if f[0] == "*" && attr == "-text" {
					u.noText = true
				} else if attr != "-text" {
					u.text = true
				}
			}
		}
		// A name given to a set of attributes may stand for any of them.
		if strings.HasPrefix(f[0], "[attr]") {
			u.text, u.rewrites = true, true
		}
	}
	return nil
}

// askAttributes has git decide, path by path.
func (r *Repo) askAttributes(acts []act, paths []string, autocrlf bool) error {
	out, err := r.git(strings.NewReader(strings.Join(paths, "\x00")+"\x00"), nil,
		"check-attr", "-z", "--stdin", "filter", "ident", "working-tree-encoding", "text", "eol", "crlf")
	if err != nil {
		return err
	}
	got := map[string]map[string]string{}
	f := strings.Split(string(out), "\x00")
	for ; len(f) >= 3; f = f[3:] {
		if got[f[0]] == nil {
			got[f[0]] = map[string]string{}
		}
		got[f[0]][f[1]] = f[2]
	}
	on := func(v string) bool { return v != "" && v != "unspecified" && v != "unset" }
	for _, a := range acts {
		if a.delete {
			continue
		}
		attr := got[a.path]
		for _, name := range []string{"filter", "ident", "working-tree-encoding"} {
			if on(attr[name]) {
				return refuse(a.path, "the git attribute %s would store other bytes than are on disk; take it off this path in .gitattributes", name)
			}
		}
		if bytes.IndexByte(a.data, '\r') < 0 || attr["text"] == "unset" {
			continue
		}
		if on(attr["text"]) || on(attr["eol"]) || on(attr["crlf"]) || autocrlf && attr["crlf"] != "unset" {
			return refuse(a.path, "git would change its line ends; write `* -text` into .gitattributes, as `sendctl init` does")
		}
	}
	return nil
}
