package trail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// settings holds git configuration: the key as git prints it (section and name
// in lower case, the part between as written) and every value, last one in force.
type settings map[string][]string

func (s settings) get(key string) (string, bool) {
	v := s[key]
	if len(v) == 0 {
		return "", false
	}
	return v[len(v)-1], true
}

// truth reads a boolean as git does: a number other than 0 is true.
func (s settings) truth(key string, otherwise bool) bool {
	v, ok := s.get(key)
	if !ok {
		return otherwise
	}
	switch strings.ToLower(v) {
	case "true", "yes", "on":
		return true
	case "false", "no", "off", "":
		return false
	}
	if n, err := strconv.Atoi(v); err == nil {
		return n != 0
	}
	return otherwise
}

func (s settings) includes() bool {
	for key := range s {
		if strings.HasPrefix(key, "include.") || strings.HasPrefix(key, "includeif.") {
			return true
		}
	}
	return false
}

func (s settings) add(more settings) {
	for k, v := range more {
		s[k] = append(s[k], v...)
	}
}

// Config looks up a key ("user.name", "filter.lfs.clean") in git's effective
// configuration: system, user, repository, work tree, environment, with
// includes followed. A key without a value reads as "true".
func (r *Repo) Config(key string) (string, bool) {
	all, err := r.effective()
	if err != nil {
		return "", false
	}
	return all.get(canonicalKey(key))
}

func canonicalKey(key string) string {
	first, last := strings.IndexByte(key, '.'), strings.LastIndexByte(key, '.')
	if first < 0 {
		return strings.ToLower(key)
	}
	return strings.ToLower(key[:first]) + key[first:last] + strings.ToLower(key[last:])
}

// effective reads the whole configuration once.
func (r *Repo) effective() (settings, error) {
	r.configOnce.Do(func() { r.config, r.configErr = r.readConfig() })
	return r.config, r.configErr
}

// readConfig reads the plain files itself, which saves a process on every act,
// and asks git wherever it could be wrong: includes, settings handed down in
// the environment, a git whose system file we cannot place.
func (r *Repo) readConfig() (settings, error) {
	gitPath, lookErr := exec.LookPath("git")
	system, sure := systemConfig(gitPath)
	all := settings{}
	if sure && os.Getenv("GIT_CONFIG_COUNT") == "" && os.Getenv("GIT_CONFIG_PARAMETERS") == "" || lookErr != nil {
		files := append(system, globalConfig()...)
		files = append(files, filepath.Join(r.commonDir, "config"))
		if r.local.truth("extensions.worktreeconfig", false) {
			files = append(files, filepath.Join(r.gitDir, "config.worktree"))
		}
		plain := true
		for _, f := range files {
			b, err := os.ReadFile(f)
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("read git's configuration: %w", err)
			}
			s, err := parseConfig(b)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
			plain = plain && !s.includes()
			all.add(s)
		}
		if plain {
			return all, nil
		}
	}
	if lookErr != nil {
		return nil, refuse("git's configuration includes another file", "following it takes git itself, which is not installed or not on PATH")
	}
	return r.askConfig()
}

// askConfig has git read everything, and counts on nothing of the caller's GIT_DIR.
func (r *Repo) askConfig() (settings, error) {
	out, err := r.git(nil, nil, "config", "--list", "-z", "--includes")
	if err != nil {
		return nil, fmt.Errorf("read git's configuration: %w", err)
	}
	all := settings{}
	for entry := range bytes.SplitSeq(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
		if len(entry) == 0 {
			continue
		}
		k, v, ok := strings.Cut(string(entry), "\n")
		if !ok {
			v = "true"
		}
		all[k] = append(all[k], v)
	}
	return all, nil
}

// systemConfig gives the machine-wide file, and whether that is certain. Its
// place is compiled into git; only the usual Linux one is known beforehand.
func systemConfig(gitPath string) (files []string, sure bool) {
	if v := os.Getenv("GIT_CONFIG_NOSYSTEM"); v != "" && v != "0" && !strings.EqualFold(v, "false") && !strings.EqualFold(v, "no") && !strings.EqualFold(v, "off") {
		return nil, true
	}
	if f := os.Getenv("GIT_CONFIG_SYSTEM"); f != "" {
		return []string{f}, true
	}
	if runtime.GOOS == "windows" {
		return nil, false
	}
	return []string{"/etc/gitconfig"}, runtime.GOOS == "linux" && (gitPath == "/usr/bin/git" || gitPath == "/bin/git")
}

func globalConfig() []string {
	if f, ok := os.LookupEnv("GIT_CONFIG_GLOBAL"); ok {
		if f == "" {
			return nil
		}
		return []string{f}
	}
	home := homeDir()
	var files []string
	if x := os.Getenv("XDG_CONFIG_HOME"); x != "" {
		files = append(files, filepath.Join(x, "git", "config"))
	} else if home != "" {
		files = append(files, filepath.Join(home, ".config", "git", "config"))
	}
	if home != "" {
		files = append(files, filepath.Join(home, ".gitconfig"))
	}
	return files
}

func homeDir() string {
	if h := os.Getenv("HOME"); h != "" {
		return h
	}
	if runtime.GOOS == "windows" {
		return os.Getenv("USERPROFILE")
	}
	return ""
}

// expandHome resolves a leading "~/" as git does in path settings.
func expandHome(p string) string {
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		return filepath.Join(homeDir(), filepath.FromSlash(rest))
	}
	return p
}

// parseConfig reads one configuration file (git-config(1), "Syntax").
func parseConfig(b []byte) (settings, error) {
	p := configText{text: string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), line: 1}
	s := settings{}
	section := ""
	for {
		c, ok := p.next()
		switch {
		case !ok:
			return s, nil
		case c == '\n' || c == ' ' || c == '\t':
		case c == '#' || c == ';':
			p.skipLine()
		case c == '[':
			name, err := p.section()
			if err != nil {
				return nil, err
			}
			section = name
		default:
			if section == "" || !isLetter(c) {
				return nil, fmt.Errorf("bad config line %d", p.line)
			}
			name := []byte{c}
			for {
				c, ok = p.next()
				if !ok || !(isLetter(c) || c == '-' || c >= '0' && c <= '9') {
					break
				}
				name = append(name, c)
			}
			for ok && (c == ' ' || c == '\t') {
				c, ok = p.next()
			}
			value := "true"
			if ok && c == '=' {
				var err error
				if value, err = p.value(); err != nil {
					return nil, err
				}
			} else if ok && (c == '#' || c == ';') {
				p.skipLine()
			} else if ok && c != '\n' {
				return nil, fmt.Errorf("bad config line %d", p.line)
			}
			key := section + "." + strings.ToLower(string(name))
			s[key] = append(s[key], value)
		}
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

type configText struct {
	text string
	at   int
	line int
}

// next gives one character; CRLF counts as LF, as in git.
func (p *configText) next() (byte, bool) {
	if p.at >= len(p.text) {
		return 0, false
	}
	c := p.text[p.at]
	p.at++
	if c == '\r' && p.at < len(p.text) && p.text[p.at] == '\n' {
		p.at++
		c = '\n'
	}
	if c == '\n' {
		p.line++
	}
	return c, true
}

func (p *configText) skipLine() {
	for {
		if c, ok := p.next(); !ok || c == '\n' {
			return
		}
	}
}

// section reads the rest of [name], [name "sub"] or the old [name.sub].
func (p *configText) section() (string, error) {
	var name []byte
	for {
		c, ok := p.next()
		switch {
		case !ok || c == '\n':
			return "", fmt.Errorf("bad section in config line %d", p.line)
		case c == ']':
			return strings.ToLower(string(name)), nil
		case c == ' ' || c == '\t':
			for ok && (c == ' ' || c == '\t') {
				c, ok = p.next()
			}
			if !ok || c != '"' {
				return "", fmt.Errorf("bad section in config line %d", p.line)
			}
			var sub []byte
			for {
				c, ok = p.next()
				if ok && c == '"' {
					break
				}
				if ok && c == '\\' {
					c, ok = p.next()
				}
				if !ok || c == '\n' {
					return "", fmt.Errorf("bad section in config line %d", p.line)
				}
				sub = append(sub, c)
			}
			if c, ok = p.next(); !ok || c != ']' {
				return "", fmt.Errorf("bad section in config line %d", p.line)
			}
			return strings.ToLower(string(name)) + "." + string(sub), nil
		default:
			name = append(name, c)
		}
	}
}

// value reads to the end of the line: quotes, escapes, comments, continuation.
func (p *configText) value() (string, error) {
	var v []byte
	quoted, keep := false, 0 // keep: length up to the last character that is not loose space
	for {
		c, ok := p.next()
		if !ok || c == '\n' {
			if quoted {
				return "", fmt.Errorf("quote not closed in config line %d", p.line)
			}
			return string(v[:keep]), nil
		}
		switch {
		case !quoted && (c == ' ' || c == '\t'):
			if len(v) > 0 {
				v = append(v, c)
			}
			continue
		case !quoted && (c == '#' || c == ';'):
			p.skipLine()
			return string(v[:keep]), nil
		case c == '"':
			quoted = !quoted
			keep = len(v)
			continue
		case c == '\\':
			c, ok = p.next()
			switch {
			case ok && c == '\n':
				continue
			case ok && c == 't':
				c = '\t'
			case ok && c == 'n':
				c = '\n'
			case ok && c == 'b':
				c = '\b'
			case ok && (c == '\\' || c == '"'):
			default:
				return "", fmt.Errorf("bad escape in config line %d", p.line)
			}
		}
		v = append(v, c)
		keep = len(v)
	}
}
