package trail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Repo is a record folder inside a git work tree. Its methods may be called
// from several goroutines; the locks it takes are git's and hold between
// processes too.
type Repo struct {
	root      string // the record folder
	top       string // top of the work tree
	prefix    string // root relative to top, "" or ending in "/"
	gitDir    string // this work tree's own: HEAD, index
	commonDir string // shared: objects, refs, config

	local settings // the repository's own config file, read on Open

	configOnce sync.Once
	config     settings
	configErr  error

	storeOnce sync.Once
	store     *objects.Store // see openStore
	storeErr  error

	patience time.Duration // how long to wait for a lock
	hook     hooks
}

// hooks lets tests stop at a step. It is never set outside tests.
type hooks struct {
	at func(step string) error
}

func (h hooks) reach(step string) error {
	if h.at == nil {
		return nil
	}
	return h.at(step)
}

// Open finds the repository that holds dir, which is the root of the record
// folder: the top of a work tree or a folder inside it. Every path given to or
// returned by the Repo is relative to dir. It returns ErrNotRepository, wrapped
// with the folder, when there is none.
func Open(dir string) (*Repo, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", dir, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", dir, err)
	}
	for top := real; ; {
		gitDir, err := gitDirAt(filepath.Join(top, ".git"))
		if err != nil {
			return nil, err
		}
		if gitDir != "" {
			return open(real, top, gitDir)
		}
		up := filepath.Dir(top)
		if up == top {
			return nil, fmt.Errorf("%s: %w", dir, ErrNotRepository)
		}
		top = up
	}
}

// gitDirAt resolves a .git folder or a .git file ("gitdir: PATH"); "" when
// there is neither.
func gitDirAt(dotGit string) (string, error) {
	st, err := os.Stat(dotGit)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	dir := dotGit
	if !st.IsDir() {
		b, err := os.ReadFile(dotGit)
		if err != nil {
			return "", err
		}
		to, ok := strings.CutPrefix(string(b), "gitdir: ")
		if !ok {
			return "", fmt.Errorf("%s is neither a folder nor a gitdir file: %w", dotGit, ErrNotRepository)
		}
		dir = filepath.FromSlash(strings.TrimRight(to, "\r\n"))
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(dotGit), dir)
		}
		if _, err := os.Stat(filepath.Join(dir, "HEAD")); err != nil {
			return "", fmt.Errorf("%s points to %s, which is not there: %w", dotGit, dir, ErrNotRepository)
		}
		return filepath.Clean(dir), nil
	}
	// As git: an empty folder called .git is no repository, go on upwards.
	switch _, err := os.Lstat(filepath.Join(dir, "HEAD")); {
	case errors.Is(err, fs.ErrPermission): // which is another matter than having no history
		return "", err
	case err != nil:
		return "", nil
	}
	return dir, nil
}

func open(root, top, gitDir string) (*Repo, error) {
	r := &Repo{root: root, top: top, gitDir: gitDir, commonDir: gitDir, patience: 5 * time.Second}
	if b, err := os.ReadFile(filepath.Join(gitDir, "commondir")); err == nil {
		c := filepath.FromSlash(strings.TrimRight(string(b), "\r\n"))
		if !filepath.IsAbs(c) {
			c = filepath.Join(gitDir, c)
		}
		r.commonDir = filepath.Clean(c)
	}
	rel, err := filepath.Rel(top, root)
	if err != nil {
		return nil, fmt.Errorf("find %s in its work tree: %w", root, err)
	}
	if rel != "." {
		r.prefix = filepath.ToSlash(rel) + "/"
	}
	b, err := os.ReadFile(filepath.Join(r.commonDir, "config"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the repository's config: %w", err)
	}
	if r.local, err = parseConfig(b); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(r.commonDir, "config"), err)
	}
	if r.local.truth("core.bare", false) && gitDir == r.commonDir {
		return nil, fmt.Errorf("%s is bare: %w", gitDir, ErrNotRepository)
	}
	return r, nil
}

// Root is the record folder, absolute, with symbolic links resolved.
func (r *Repo) Root() string { return r.root }

// GitDir is the work tree's own git folder: HEAD and index are there.
func (r *Repo) GitDir() string { return r.gitDir }

// CommonDir is the git folder shared by all linked work trees: objects and
// branches are there. It equals GitDir in an ordinary repository.
func (r *Repo) CommonDir() string { return r.commonDir }

// PrivateDir is where sendctl keeps drafts, journals and caches of this work
// tree. It need not exist: whoever writes there makes it, with mode 0700.
func (r *Repo) PrivateDir() string { return filepath.Join(r.gitDir, "sendctl") }

func (r *Repo) privateDir() (string, error) {
	dir := r.PrivateDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make sendctl's own folder: %w", err)
	}
	return dir, nil
}

// full turns a path of the record folder into one of the work tree, and checks
// that git could hold it.
func (r *Repo) full(p string) (string, error) {
	if p == "" || strings.HasPrefix(p, "/") || strings.HasSuffix(p, "/") || strings.IndexByte(p, 0) >= 0 || strings.Contains(p, `\`) {
		return "", fmt.Errorf("%q is not a path of the record folder", p)
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == "" || part == "." || part == ".." || strings.EqualFold(part, ".git") || strings.EqualFold(part, "git~1") {
			return "", fmt.Errorf("%q is not a path of the record folder", p)
		}
	}
	return r.prefix + p, nil
}

// disk is where a path of the work tree lies on disk.
func (r *Repo) disk(full string) string { return filepath.Join(r.top, filepath.FromSlash(full)) }

// supported refuses kinds of repositories whose insides we do not know.
func (r *Repo) supported() error {
	if v, _ := r.local.get("extensions.objectformat"); v != "" && !strings.EqualFold(v, "sha1") {
		return refuse("this repository uses "+v+" object names", "sendctl works with sha1 repositories only; make the folder anew with `git init --object-format=sha1`")
	}
	if v, _ := r.local.get("extensions.refstorage"); v != "" && !strings.EqualFold(v, "files") {
		return refuse("this repository keeps its branches in "+v, "sendctl knows the files format only; `git refs migrate --ref-format=files` changes it")
	}
	if v, _ := r.local.get("core.repositoryformatversion"); v != "" && v != "0" && v != "1" {
		return refuse("core.repositoryformatversion is "+v, "sendctl knows versions 0 and 1; update sendctl")
	}
	for key := range r.local {
		name, ok := strings.CutPrefix(key, "extensions.")
		if !ok {
			continue
		}
		switch name {
		case "objectformat", "refstorage", "worktreeconfig", "partialclone", "noop", "noop-v1", "preciousobjects", "relativeworktrees", "compatobjectformat":
		default:
			return refuse("the git extension "+name, "sendctl does not know it; update sendctl")
		}
	}
	return nil
}

// promised says whether some objects may be missing here on purpose.
func (r *Repo) promised() bool {
	if _, ok := r.local.get("extensions.partialclone"); ok {
		return true
	}
	for key := range r.local {
		if strings.HasPrefix(key, "remote.") && strings.HasSuffix(key, ".promisor") {
			return true
		}
	}
	return false
}

// Init makes dir a git repository as `git init -b BRANCH` would, and opens it.
// The folder is created if need be. A folder that already is the top of a
// repository is opened and left as it is.
func Init(dir, branch string) (*Repo, error) {
	if err := checkBranch(branch); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("make %s: %w", dir, err)
	}
	git := filepath.Join(dir, ".git")
	if _, err := os.Lstat(filepath.Join(git, "HEAD")); err == nil {
		return Open(dir)
	}
	if st, err := os.Lstat(git); err == nil && !st.IsDir() {
		return Open(dir)
	}
	for _, d := range []string{"branches", "hooks", "info", "objects/info", "objects/pack", "refs/heads", "refs/tags"} {
		if err := os.MkdirAll(filepath.Join(git, filepath.FromSlash(d)), 0o777); err != nil {
			return nil, fmt.Errorf("make the repository: %w", err)
		}
	}
	var conf bytes.Buffer
	fmt.Fprintf(&conf, "[core]\n\trepositoryformatversion = 0\n\tfilemode = %v\n\tbare = false\n\tlogallrefupdates = true\n", keepsFileMode(git))
	if runtime.GOOS == "windows" {
		conf.WriteString("\tsymlinks = false\n\tignorecase = true\n")
	}
	if runtime.GOOS == "darwin" {
		conf.WriteString("\tignorecase = true\n\tprecomposeunicode = true\n")
	}
	// HEAD last: until it is there, this is no repository and Init may run again.
	for _, f := range []struct{ name, text string }{
		{"config", conf.String()},
		{"description", "Unnamed repository; edit this file 'description' to name the repository.\n"},
		{"info/exclude", "# Patterns here are ignored in this clone only; see `git help ignore`.\n"},
		{"HEAD", "ref: refs/heads/" + branch + "\n"},
	} {
		if err := os.WriteFile(filepath.Join(git, filepath.FromSlash(f.name)), []byte(f.text), 0o666); err != nil {
			return nil, fmt.Errorf("make the repository: %w", err)
		}
	}
	return Open(dir)
}

// keepsFileMode finds out, as git init does, whether the disk remembers the
// executable bit.
func keepsFileMode(dir string) bool {
	if runtime.GOOS == "windows" {
		return false
	}
	p := filepath.Join(dir, "config")
	if os.WriteFile(p, nil, 0o666) != nil {
		return false
	}
	st, err := os.Stat(p)
	if err != nil || os.Chmod(p, st.Mode().Perm()^0o100) != nil {
		return false
	}
	after, err := os.Stat(p)
	_ = os.Chmod(p, st.Mode().Perm())
	return err == nil && after.Mode().Perm() == st.Mode().Perm()^0o100
}

// checkBranch holds git's rules for the name of a branch.
func checkBranch(name string) error {
	bad := name == "" || name == "@" || strings.HasPrefix(name, "-") || strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/") ||
		strings.HasSuffix(name, ".") || strings.Contains(name, "..") || strings.Contains(name, "//") || strings.Contains(name, "@{") ||
		strings.ContainsAny(name, " ~^:?*[\\\x7f")
	for part := range strings.SplitSeq(name, "/") {
		bad = bad || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock")
	}
	for _, c := range []byte(name) {
		bad = bad || c < 0x20
	}
	if bad {
		return fmt.Errorf("%q cannot be the name of a git branch", name)
	}
	return nil
}
