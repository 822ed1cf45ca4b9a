package casework_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// TestMain gives every test an empty home, and git an identity of its own.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		// The go command, which builds the program, keeps its own places.
		for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOPATH"} {
			if out, err := exec.Command("go", "env", name).Output(); err == nil && len(bytes.TrimSpace(out)) > 0 {
				os.Setenv(name, strings.TrimSpace(string(out)))
			}
		}
		home, err := os.MkdirTemp("", "casework")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(home)
		config := "[user]\n\tname = P. Grimes\n\temail = grimes@thornelaw.example\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n"
		if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o600); err != nil {
			panic(err)
		}
		for _, v := range os.Environ() {
			if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "GIT_") || name == "EDITOR" || name == "VISUAL" {
				os.Unsetenv(name)
			}
		}
		for k, v := range map[string]string{"HOME": home, "USERPROFILE": home, "XDG_CONFIG_HOME": filepath.Join(home, "none"), "GIT_CONFIG_NOSYSTEM": "1"} {
			os.Setenv(k, v)
		}
		scratch = home
		return m.Run()
	}())
}

var scratch string // a folder for what all tests share

// program builds sendctl once.
var program = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(scratch, "sendctl")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", bin, "../../cmd/sendctl")
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		return string(out), err
	}
	return bin, nil
})

// box is a record folder of the test's, with what was in it before the act.
type box struct {
	*testing.T
	dir string
	id  string // the one learner
}

// command is sendctl with these arguments, in the box.
func (b *box) command(args ...string) *exec.Cmd {
	b.Helper()
	bin, err := program()
	if err != nil {
		b.Fatalf("build sendctl: %v\n%s", err, bin)
	}
	cmd := exec.Command(bin, append([]string{"--no-input", "-C", b.dir}, args...)...)
	cmd.Dir = b.dir
	return cmd
}

func (b *box) run(args ...string) string {
	b.Helper()
	out, err := b.command(args...).CombinedOutput()
	if err != nil {
		b.Fatalf("sendctl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// faults are what is wrong in the folder that must hold from the first day; what is
// owed by now is no business of a test that is about something else.
func (b *box) faults() (out []string) {
	b.Helper()
	f, err := folder.Open(os.DirFS(b.dir))
	if err != nil {
		b.Fatal(err)
	}
	found := slices.Concat(f.Findings, rules.Pathway(f), rules.Setting(f, date.Of(time.Now())), f.Strays())
	all, err := f.Learners()
	if err != nil {
		b.Fatal(err)
	}
	for _, id := range all {
		r, err := f.Load(id)
		if err != nil {
			b.Fatal(err)
		}
		found = append(found, rules.Learner(f, r)...)
	}
	for _, x := range found {
		out = append(out, fmt.Sprintf("%s:%d: %s %s: %s [%s]", x.File, x.Span.Start.Line, x.Severity, x.Path, x.Message, x.Rule))
	}
	return out
}

// sound demands that none of them is an error.
func (b *box) sound() {
	b.Helper()
	for _, x := range b.faults() {
		if strings.Contains(x, ": error ") {
			b.Error(x)
		}
	}
}

func (b *box) git(args ...string) string {
	b.Helper()
	out, err := exec.Command("git", append([]string{"-C", b.dir}, args...)...).CombinedOutput()
	if err != nil {
		b.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (b *box) head() string {
	out, _ := exec.Command("git", "-C", b.dir, "rev-parse", "-q", "--verify", "HEAD").Output()
	return strings.TrimSpace(string(out))
}

func (b *box) write(name, text string) {
	b.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, filepath.FromSlash(name)), []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
}

func (b *box) read(name string) string {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

// only gives the one path that matches.
func (b *box) only(pattern string) string {
	b.Helper()
	m, _ := filepath.Glob(filepath.Join(b.dir, filepath.FromSlash(pattern)))
	if len(m) != 1 {
		b.Fatalf("%s: %v", pattern, m)
	}
	rel, _ := filepath.Rel(b.dir, m[0])
	return filepath.ToSlash(rel)
}

// desk opens the box as a command does. What it says goes to said.
func (b *box) desk(said *[]string) *casework.Desk {
	b.Helper()
	repo, err := trail.Open(b.dir)
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.dir, repo.PrivateDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close(); repo.Close() })
	return newDesk(s, repo, said)
}

// The templates, each built once by the program itself, on the one it goes on from:
// the states from which the acts of the tests set out.
var templates = map[string]*template{
	"new": {build: func(b *box) {
		b.run("init", ".", "--name", "Thornelaw Academy", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "grimes", "--role", "teacher")
		b.run("people", "add", "bell", "--name", "K. Bell", "--role", "teaching-assistant", "--email", "bell@thornelaw.example")
		b.run("people", "add", "eyre", "--name", "M. Eyre", "--role", "senco", "--email", "eyre@thornelaw.example")
	}},
	// The first key, which vouched for a second one.
	"keyed": {from: "new", build: func(b *box) {
		for _, name := range []string{"grimes", "eyre", "bell"} {
			makeKey(b.T, name)
		}
		b.git("config", "gpg.format", "ssh")
		b.git("config", "user.signingkey", filepath.Join(scratch, "keys", "grimes"))
		b.run("people", "add-key")
		b.run("people", "add-key", "eyre", "--key", filepath.Join(scratch, "keys", "eyre.pub"))
	}},
	"concern": {from: "new", build: func(b *box) {
		b.run("--today", "2025-09-29", "create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--answers", mustAbs(b.T, answers+"jude/create.yaml"))
		b.id = filepath.Base(b.only("learners/*"))
		b.run("contact", b.id, "--with", "mum", "--how", "meeting", "--about", "concern", "--said", "An hour and tears.", "--copy-given", "--date", "2025-09-30")
	}},
	"planned": {from: "concern", build: func(b *box) {
		b.run("plan", b.id, "--answers", mustAbs(b.T, answers+"jude/plan-1.yaml"))
		b.run("note", b.id, "--date", "2025-10-10", "--provision", "p1", "--delivered", "9", "Quicker.")
	}},
	"reviewed": {from: "planned", build: func(b *box) {
		b.run("review", b.id, "--answers", mustAbs(b.T, answers+"jude/review-1.yaml"))
	}},
	// A passport agreed once and written on, advice of which nothing has come, a request begun.
	"asked": {from: "reviewed", build: func(b *box) {
		b.run("people", "add", "ep-osei", "--name", "T. Osei", "--role", "educational-psychologist", "--qualification", "HCPC registered")
		b.run("people", "add", "marr", "--name", "L. Marr", "--role", "panel-chair")
		b.run("passport", b.id, "--date", "2025-11-24", "--with", "learner,mum", "--know", "I draw.", "--hard-when", "long lists", "--help-me-by", "Read to me.", "--shared-with", "grimes,bell", "--review-on", "2026-12-11")
		b.run("passport", b.id, "agree", "--with", "learner,mum", "--date", "2025-11-25")
		b.run("passport", b.id, "--date", "2025-11-26", "--help-me-by", "Read it with me.")
		b.run("advice", b.id, "--by", "ep-osei", "--date", "2025-11-27", "--set", "recommendations[0].words=Shorter lists.", "--set", "recommendations[1].words=A quiet place.")
		b.run("request", b.id, "open", "star", "--date", "2025-11-28", "--because", "It cannot wait.", "--reasons", "It is likely to make the difference.", "--from", "2025-12-01", "--to", "2026-07-17",
			"--outcome", "reads 40 words", "--set", "basis[0].what=key worker", "--set", "basis[0].hours=6", "--set", "basis[0].hourly=95")
	}},
	"sent": {from: "asked", build: func(b *box) {
		b.run("request", b.id, "send", "--date", "2025-12-02", "--declared", "eyre")
	}},
	"granted": {from: "sent", build: func(b *box) {
		b.run("request", b.id, "decided", "--date", "2025-12-04", "--result", "agreed", "--reasons", "need-clear", "--chair", "marr", "--money", "570", "--from", "2025-12-08", "--to", "2026-07-17", "--notified", "2025-12-05")
	}},
}

type template struct {
	from  string // the state it goes on from; "" for an empty folder
	build func(b *box)

	once    sync.Once
	dir, id string
}

const answers = "../../examples/acts/"

func fresh(t *testing.T, state string) *box {
	t.Helper()
	tm := templates[state]
	tm.once.Do(func() {
		b := &box{t, filepath.Join(scratch, "template-"+state), ""}
		if tm.from == "" {
			if err := os.Mkdir(b.dir, 0o777); err != nil {
				t.Fatal(err)
			}
		} else {
			before := fresh(t, tm.from)
			b.id = before.id
			if err := os.Rename(before.dir, b.dir); err != nil {
				t.Fatal(err)
			}
		}
		tm.build(b)
		tm.dir, tm.id = b.dir, b.id
	})
	if tm.dir == "" {
		t.Fatal("the template could not be built")
	}
	b := &box{t, filepath.Join(t.TempDir(), "school"), tm.id}
	if err := os.CopyFS(b.dir, os.DirFS(tm.dir)); err != nil {
		t.Fatal(err)
	}
	// A copy has other inodes and times; git looks at the bytes once and is content.
	b.git("update-index", "-q", "--refresh")
	return b
}

// state is everything about a box that an act must not change half.
type state struct {
	Head   string
	Status string
	Files  map[string]string // mode and bytes, of folders the mode
}

func (b *box) state() state {
	b.Helper()
	s := state{Head: b.head(), Status: b.git("status", "--porcelain", "--untracked-files=all"), Files: map[string]string{}}
	err := filepath.WalkDir(b.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			return fs.SkipDir
		}
		rel, _ := filepath.Rel(b.dir, p)
		info, err := d.Info()
		if err != nil {
			return err
		}
		s.Files[rel] = info.Mode().String()
		if !d.IsDir() {
			text, err := os.ReadFile(p)
			s.Files[rel] += "\n" + string(text)
			return err
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// whole checks the one promise: the act is whole in file, seal and history, or
// nothing happened. It gives which. Kept are the drafts that must still be there
// if nothing happened.
func (b *box) whole(before state, kept ...string) (happened bool) {
	b.Helper()
	after := b.state()
	happened = after.Head != before.Head
	if !happened {
		if diff := cmp.Diff(before, after); diff != "" {
			b.Errorf("nothing was recorded, and yet something changed (-before +after):\n%s", diff)
		}
		for _, name := range kept {
			if _, err := os.Stat(filepath.Join(b.dir, ".git", "sendctl", "drafts", name+".json")); err != nil {
				b.Errorf("the draft is gone: %v", err)
			}
		}
	} else {
		if after.Status != before.Status {
			b.Errorf("it was recorded, and git status says:\n%s", after.Status)
		}
		if parent := b.git("log", "-1", "--format=%P"); parent != before.Head {
			b.Errorf("the commit's parent is %q, not %q", parent, before.Head)
		}
		b.sealsHold()
	}
	// Without a commit nothing is reachable, and what fsck says is of leftovers alone.
	if after.Head != "" {
		if out := b.git("fsck", "--strict", "--no-dangling"); out != "" {
			b.Errorf("git fsck: %s", out)
		}
	}
	b.tidy()
	return happened
}

// sealsHold checks every Sendctl-Seals trailer of the last commit against file and seal.
func (b *box) sealsHold() {
	b.Helper()
	for line := range strings.Lines(b.git("log", "-1", "--format=%B")) {
		rest, ok := strings.CutPrefix(line, "Sendctl-Seals: ")
		if !ok {
			continue
		}
		p, hash, _ := strings.Cut(strings.TrimSpace(rest), " sha256:")
		sum := sha256.Sum256([]byte(b.read(p)))
		if hex.EncodeToString(sum[:]) != hash {
			b.Errorf("%s is not what was sealed", p)
		}
		seals, _ := filepath.Glob(filepath.Join(b.dir, "learners", "*", "seals", "*.seal"))
		own, _ := filepath.Glob(filepath.Join(b.dir, "seals", "*.seal"))
		seals = append(seals, own...)
		found := false
		for _, s := range seals {
			text, _ := os.ReadFile(s)
			parsed, err := seal.Parse(text)
			found = found || err == nil && parsed.SHA256 == hash
		}
		if !found {
			b.Errorf("%s has no seal", p)
		}
	}
}

// tidy checks that nothing is left lying about: locks, journals, half-written files.
func (b *box) tidy() {
	b.Helper()
	_ = filepath.WalkDir(b.dir, func(p string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case d.IsDir():
		case strings.HasSuffix(name, ".lock"), strings.HasPrefix(name, ".sendctl-"), strings.HasPrefix(name, "journal.json"),
			strings.HasPrefix(name, "cut-off-"), strings.HasPrefix(name, "tmp-"),
			strings.HasPrefix(name, "old-"):
			b.Errorf("left lying: %s", strings.TrimPrefix(p, b.dir))
		}
		return nil
	})
}

func newDesk(s *store.Store, repo *trail.Repo, said *[]string) *casework.Desk {
	return &casework.Desk{Store: s, Repo: repo, Now: time.Now, Random: rand.Reader, Said: func(sentence string) {
		if said != nil {
			*said = append(*said, sentence)
		}
	}}
}
