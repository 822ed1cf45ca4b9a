package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/merge"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/trail"
)

// The soak: two or three people record at random in clones of one folder, and the
// clones are brought together by sync, by git's own merge with the driver, and by
// git's merge without it, as a git host does it. Nothing of any side may be lost:
// it is in the result, or beside it, or it was asked. In the end all clones hold the
// same, and every trail is proven.
//
//	SOAK=1000 SOAK_SEED=7 go test ./pkg/cli -run 'TestSoak$' -v
//
// SOAK_FROM=197 SOAK=198 does only the pair of that number again.
//
// SOAK_PROGRAM=bin/sendctl has every act and every sync done by that program, each in a
// process of its own and on the clock of the machine.
func TestSoak(t *testing.T) {
	number := func(name string, otherwise uint64) uint64 {
		if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
			return n
		}
		return otherwise
	}
	pairs, seed, from := number("SOAK", 12), number("SOAK_SEED", 4242), number("SOAK_FROM", 0)
	home := t.TempDir()
	for k, v := range map[string]string{"HOME": home, "USERPROFILE": home, "XDG_CONFIG_HOME": filepath.Join(home, "none"), "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_TERMINAL_PROMPT": "0", "SSH_AUTH_SOCK": "", "TZ": "UTC", "GIT_MERGE_AUTOEDIT": "no"} {
		t.Setenv(k, v)
	}
	config := "[user]\n\tname = P. Grimes\n\temail = grimes@thornelaw.example\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[core]\n\tfsync = none\n[advice]\n\tdetachedHead = false\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	workers := 2
	s := &soak{top: t.TempDir(), tally: map[string]int{}}
	s.template(t, workers)
	if p := os.Getenv("SOAK_PROGRAM"); p != "" {
		var err error
		if s.program, err = filepath.Abs(p); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	var next atomic.Uint64
	next.Store(from)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= pairs || t.Failed() {
					return
				}
				p := &soakPair{soak: s, n: n, seed: seed, worker: w, rnd: rand.New(rand.NewPCG(seed, n))}
				if err := p.run(); err != nil {
					t.Errorf("pair %d of seed %d (SOAK_FROM=%d SOAK=%d SOAK_SEED=%d): %v\n%s", n, seed, n, n+1, seed, err, strings.Join(p.story, "\n"))
					if keep := os.Getenv("SOAK_KEEP"); keep != "" {
						_ = os.CopyFS(filepath.Join(keep, fmt.Sprint(n)), os.DirFS(p.dir))
					}
				}
			}
		})
	}
	wg.Wait()
	var words []string
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range s.tally {
			if !yield(k) {
				return
			}
		}
	}) {
		words = append(words, fmt.Sprintf("%s %d", k, s.tally[k]))
	}
	t.Logf("%d pairs, seed %d, %.0f s: %s", min(next.Load(), pairs)-from, seed, time.Since(began).Seconds(), strings.Join(words, ", "))
}

type soak struct {
	top      string
	learners []string
	head     string
	program  string // "" does everything in this process

	mu    sync.Mutex
	tally map[string]int
}

func (s *soak) count(what string, n int) {
	s.mu.Lock()
	s.tally[what] += n
	s.mu.Unlock()
}

// person records in a folder, on a clock of their own.
type person struct {
	id, name string
	dir      string
	now      time.Time
	random   *rand.ChaCha8
	program  string
}

func (w *person) env(args ...string) (*Env, *bytes.Buffer) {
	var out bytes.Buffer
	return &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Width: 80}, Args: args, Getenv: func(string) string { return "" }, Dir: w.dir,
		Now: func() time.Time { return w.now }, Random: w.random, LockWait: 20 * time.Second,
		Author: func(now time.Time) (trail.Ident, error) {
			return trail.Ident{Name: w.name, Email: w.id + "@thornelaw.example", When: now}, nil
		}}, &out
}

// sendctl runs a command, in this process or by the program.
func (w *person) sendctl(args ...string) (int, string) {
	if w.program != "" {
		w.now = time.Now()
		cmd := exec.Command(w.program, append([]string{"--no-input"}, args...)...)
		cmd.Dir = w.dir
		cmd.Env = append(os.Environ(), w.ident()...)
		out, err := cmd.Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode(), string(out) + string(exit.Stderr)
		}
		if err != nil {
			return -1, err.Error()
		}
		return 0, string(out)
	}
	w.now = w.now.Add(time.Minute)
	e, out := w.env(append([]string{"--no-input"}, args...)...)
	code := Main(e)
	if e.desk != nil {
		e.desk.Store.Close()
		e.desk.Repo.Close()
	}
	return code, out.String()
}

func (w *person) git(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = w.dir
	at := w.now.Format(time.RFC3339)
	cmd.Env = append(append(os.Environ(), w.ident()...), "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at)
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// ident is who acts, for git and for whoever asks git.
func (w *person) ident() []string {
	return []string{"GIT_AUTHOR_NAME=" + w.name, "GIT_AUTHOR_EMAIL=" + w.id + "@thornelaw.example", "GIT_COMMITTER_NAME=" + w.name,
		"GIT_COMMITTER_EMAIL=" + w.id + "@thornelaw.example"}
}

func (s *soak) must(t *testing.T, w *person, args ...string) string {
	t.Helper()
	code, out := w.sendctl(args...)
	if code != 0 {
		t.Fatalf("sendctl %s: exit code %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// template is what every pair sets out from: learners at several points of their
// journey, and the places where copies may be kept.
func (s *soak) template(t *testing.T, workers int) {
	t.Helper()
	answers, err := filepath.Abs(filepath.Join("..", "..", "examples", "acts", "jude"))
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(answers, name) }
	dir := filepath.Join(s.top, "template")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	w := &person{id: "grimes", name: "P. Grimes", dir: dir, now: time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC), random: rand.NewChaCha8([32]byte{1})}
	s.must(t, w, "init", ".", "--name", "Thornelaw Academy", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "grimes", "--role", "teacher")
	for _, p := range [][3]string{{"bell", "K. Bell", "teaching-assistant"}, {"eyre", "M. Eyre", "senco"}, {"ep-osei", "T. Osei", "educational-psychologist"}, {"marr", "L. Marr", "panel-chair"}} {
		s.must(t, w, "people", "add", p[0], "--name", p[1], "--role", p[2], "--email", p[0]+"@thornelaw.example", "--qualification", "HCPC registered")
	}
	for i := range workers {
		if out, err := w.git("remote", "add", fmt.Sprint("w", i), filepath.Join(s.top, fmt.Sprint("w", i), "shared.git")); err != nil {
			t.Fatal(out)
		}
		s.must(t, w, "sync", "allow", fmt.Sprint("w", i), "--because", "The school's own.")
	}
	for stage := range 6 {
		before, _ := filepath.Glob(filepath.Join(dir, "learners", "*"))
		s.must(t, w, "--today", "2025-09-29", "create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--answers", at("create.yaml"))
		after, _ := filepath.Glob(filepath.Join(dir, "learners", "*"))
		id := ""
		for _, p := range after {
			if !slices.Contains(before, p) {
				id = filepath.Base(p)
			}
		}
		s.learners = append(s.learners, id)
		s.must(t, w, "contact", id, "--with", "mum", "--how", "meeting", "--about", "concern", "--said", "An hour and tears.", "--copy-given", "--date", "2025-09-30")
		if stage >= 1 {
			s.must(t, w, "plan", id, "--answers", at("plan-1.yaml"))
			s.must(t, w, "note", id, "--date", "2025-10-10", "--provision", "p1", "--delivered", "9", "Quicker.")
		}
		if stage >= 2 {
			s.must(t, w, "review", id, "--answers", at("review-1.yaml"))
		}
		if stage >= 3 {
			s.must(t, w, "passport", id, "--date", "2025-11-24", "--with", "learner,mum", "--know", "I draw.", "--hard-when", "long lists", "--help-me-by", "Read to me.", "--shared-with", "grimes,bell", "--review-on", "2026-12-11")
			s.must(t, w, "passport", id, "agree", "--with", "learner,mum", "--date", "2025-11-25")
			s.must(t, w, "passport", id, "--date", "2025-11-26", "--help-me-by", "Read it with me.")
			s.must(t, w, "advice", id, "--by", "ep-osei", "--date", "2025-11-27", "--set", "recommendations[0].words=Shorter lists.", "--set", "recommendations[1].words=A quiet place.")
			s.must(t, w, "request", id, "open", "star", "--date", "2025-11-28", "--because", "It cannot wait.", "--reasons", "It is likely to make the difference.", "--from", "2025-12-01", "--to", "2026-07-17",
				"--outcome", "reads 40 words", "--set", "basis[0].what=key worker", "--set", "basis[0].hours=6", "--set", "basis[0].hourly=95")
		}
		if stage >= 4 {
			s.must(t, w, "request", id, "send", "--date", "2025-12-02", "--declared", "eyre")
		}
		if stage >= 5 {
			s.must(t, w, "plan", id, "--answers", at("plan-2.yaml"))
		}
	}
	for i := range workers {
		if out, err := w.git("remote", "remove", fmt.Sprint("w", i)); err != nil {
			t.Fatal(out)
		}
	}
	for _, args := range [][]string{{"gc", "-q"}, {"rev-parse", "HEAD"}, {"clone", "-q", "--bare", ".", filepath.Join(s.top, "template.git")}} {
		out, err := w.git(args...)
		if err != nil {
			t.Fatal(out)
		}
		if args[0] == "rev-parse" {
			s.head = out
		}
	}
	_ = os.RemoveAll(filepath.Join(s.top, "template.git", "hooks"))
	_ = os.RemoveAll(filepath.Join(dir, ".git", "logs"))
}

// soakPair is one story.
type soakPair struct {
	*soak
	n, seed  uint64
	worker   int
	rnd      *rand.Rand
	dir      string
	people   []*person
	story    []string
	found    map[string]bool  // errors of any side, before they were brought together
	decided  map[string]bool  // files in which a question was answered at random: a person would look
	asked    []merge.Question // as the clones were brought together last
	answered []merge.Question // before that
	notes    []merge.Note
	how      string // in which they were
}

func (p *soakPair) tell(format string, args ...any) {
	p.story = append(p.story, fmt.Sprintf(format, args...))
}

func (p *soakPair) pick(words ...string) string { return words[p.rnd.IntN(len(words))] }

func (p *soakPair) run() error {
	p.dir = filepath.Join(p.top, fmt.Sprint("w", p.worker))
	if err := os.RemoveAll(p.dir); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(p.dir, "shared.git"), os.DirFS(filepath.Join(p.top, "template.git"))); err != nil {
		return err
	}
	who := [][2]string{{"grimes", "P. Grimes"}, {"eyre", "M. Eyre"}, {"bell", "K. Bell"}}
	many := 2
	if p.rnd.IntN(4) == 0 {
		many = 3
	}
	for i := range many {
		var seed [32]byte
		copy(seed[:], fmt.Sprintf("%d/%d/%d", p.seed, p.n, i))
		w := &person{id: who[i][0], name: who[i][1], dir: filepath.Join(p.dir, who[i][0]), random: rand.NewChaCha8(seed),
			now: time.Date(2026, 11, 22, 10, p.rnd.IntN(10), 0, 0, time.UTC), program: p.program}
		if err := os.CopyFS(w.dir, os.DirFS(filepath.Join(p.top, "template"))); err != nil {
			return err
		}
		for _, args := range [][]string{{"update-index", "-q", "--refresh"}, {"remote", "add", "origin", filepath.Join(p.dir, "shared.git")}} {
			if out, err := w.git(args...); err != nil {
				return errors.New(out)
			}
		}
		p.people = append(p.people, w)
	}
	// Most meet on one learner; some do not.
	on := p.pick(p.learners...)
	// In every other story all of them begin with the same kind of act.
	same := p.rnd.IntN(2 * deeds)
	p.found, p.decided = map[string]bool{}, map[string]bool{}
	for _, w := range p.people {
		for n := range 1 + p.rnd.IntN(3) {
			id := on
			if p.rnd.IntN(6) == 0 {
				id = p.pick(p.learners...)
			}
			kind := -1
			if n == 0 && same < deeds {
				kind, id = same, on
			}
			p.act(w, id, kind)
		}
		if err := p.eachError(w, func(x diag.Finding) { p.found[told(x)] = true }); err != nil {
			return err
		}
	}
	for i, w := range p.people {
		how := "sync"
		if i > 0 {
			how = []string{"sync", "driver", "host", "host then act", "pull", "rebase"}[int(p.n)%6]
		}
		if err := p.together(w, how); err != nil {
			return err
		}
	}
	for _, w := range p.people {
		if err := p.together(w, "sync"); err != nil {
			return err
		}
	}
	return p.judge()
}

func told(x diag.Finding) string {
	return strings.Join([]string{x.Rule, x.File, x.Path, x.Message}, "\x00")
}

// eachError calls see for every error that validate finds in somebody's folder.
func (p *soakPair) eachError(w *person, see func(diag.Finding)) error {
	e, _ := w.env()
	desk, f, err := e.work(context.Background())
	if err != nil {
		return err
	}
	defer func() { desk.Store.Close(); desk.Repo.Close() }()
	all, err := f.Learners()
	if err != nil {
		return err
	}
	found := slices.Clone(f.Findings)
	for _, id := range all {
		r, err := f.Load(id)
		if err != nil {
			return err
		}
		found = append(found, append(rules.Every(f, r), rules.NotYet(r, date.Of(w.now))...)...)
	}
	for _, x := range found {
		if x.Severity == diag.Error {
			see(x)
		}
	}
	return nil
}

// act has somebody record something, of a kind of act where that is possible.
func (p *soakPair) act(w *person, id string, kind int) {
	for n := range 12 {
		do := kind
		if kind < 0 || n > 3 {
			do = p.rnd.IntN(deeds)
		}
		args := p.deed(id, do)
		code, out := w.sendctl(args...)
		if code == 0 {
			p.tell("%s: %s", w.id, strings.Join(args, " "))
			p.count("act "+args[0], 1)
			return
		}
		if strings.Contains(out, "panic") || code == 3 {
			p.tell("%s: %s: exit code %d: %s", w.id, strings.Join(args, " "), code, out)
		}
	}
}

// deeds is how many kinds of act there are.
const deeds = 24

func (p *soakPair) deed(id string, kind int) []string {
	answers, _ := filepath.Abs(filepath.Join("..", "..", "examples", "acts", "jude"))
	at := func(name string) string { return filepath.Join(answers, name) }
	words := fmt.Sprintf("Words %d.", p.rnd.IntN(1e6))
	day := fmt.Sprintf("2026-10-%02d", 1+p.rnd.IntN(28))
	switch kind {
	case 0, 1, 2:
		return []string{"note", id, "--date", day, words}
	case 3, 4:
		return []string{"contact", id, "--with", p.pick("mum", "mum,learner"), "--how", p.pick("call", "meeting"), "--about", "plan", "--said", words, "--date", day}
	case 5:
		return []string{"plan", id, "--answers", at(p.pick("plan-1.yaml", "plan-2.yaml"))}
	case 6, 7:
		return []string{"review", id, "--answers", at("review-1.yaml")}
	case 8, 9:
		return []string{"advance", id, "--to", p.pick("passport", "passport", "sen-support-plan"), "--date", "2026-10-30", "--sen", "K", "--main-need", p.pick("SPLD", "SLCN"), "--because", words,
			"--set", "telling.with=mum", "--set", "telling.how=call", "--set", "telling.date=2026-10-30", "--set", "telling.told=Help begins."}
	case 10:
		return []string{"edit", id, "learner.yaml", "--set", "team.responsible_teacher=" + p.pick("bell", "eyre")}
	case 11:
		return []string{"edit", id, "identity.yaml", "--set", "family[0].contact.phone=0191 496 0" + fmt.Sprintf("%03d", p.rnd.IntN(1000))}
	case 12, 13:
		return []string{"passport", id, "--date", day, "--with", "learner,mum", "--know", words, "--hard-when", p.pick("Lists.", "Noise."), "--help-me-by", words, "--shared-with", "bell", "--review-on", "2027-06-11"}
	case 14, 15:
		return []string{"passport", id, "agree", "--with", "learner,mum", "--date", "2026-11-01"}
	case 16:
		return []string{"advice", id, "--by", "ep-osei", "--date", day, "--set", "recommendations[0].words=" + words}
	case 17:
		return []string{"request", id, p.pick("open", "open", "send"), "cosa", "--date", "2026-11-02", "--asked-by", "mum", "--reasons", words, "--because", "Rightful."}
	case 18:
		return []string{"request", id, "send", "--date", "2026-11-03", "--declared", "eyre"}
	case 19:
		files, _ := filepath.Glob(filepath.Join(p.people[0].dir, "learners", id, "cycles", "*.yaml"))
		if len(files) == 0 {
			return []string{"note", id, words}
		}
		file := strings.TrimSuffix(filepath.Base(files[0]), ".yaml")
		return []string{"correct", id, file[strings.LastIndexByte(file, '-')+1:], "review.targets[t2].result", "--is", strconv.Itoa(p.rnd.IntN(40)), "--because", words}
	case 20:
		if p.rnd.IntN(3) == 0 {
			return []string{"retention", "hold", id, "--because", words}
		}
		return []string{"people", "add", p.pick("sato", "moss", "reed"), "--name", p.pick("A. Sato", "B. Moss"), "--role", "teacher", "--email", p.pick("sato", "moss") + "@thornelaw.example"}
	case 21:
		return []string{"undo", id, "--yes"}
	case 22:
		return []string{"edit", id, "learner.yaml", "--set", "aspirations[0].words=" + words}
	}
	return []string{"create", "--name", p.pick("Kit", "Max"), "--family-name", "Fairbairn", "--born", "2018-04-02", "--teacher", "grimes", "--answers", at("create.yaml")}
}

// folderAt is a commit's folder.
func (w *person) folderAt(rev string) (fs.FS, func(), error) {
	repo, err := trail.Open(w.dir)
	if err != nil {
		return nil, nil, err
	}
	fsys, err := repo.CommitFS(rev)
	return fsys, func() { repo.Close() }, err
}
