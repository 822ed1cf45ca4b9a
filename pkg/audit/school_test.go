package audit_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/cli"
	"github.com/sendctl/sendctl/pkg/term"
)

const answers = "../../examples/acts/"

// box is a record folder of one test's, on one person's laptop.
type box struct {
	*testing.T
	dir string // the record folder
	now time.Time
	ids
}

// loosen takes every object out of its pack, to be damaged one by one.
func (b *box) loosen() {
	b.Helper()
	b.sh("mkdir .git/packs && mv .git/objects/pack/* .git/packs && for p in .git/packs/*.pack; do git unpack-objects -q < $p; done && rm -rf .git/packs")
}

// ids are what a school's files are called; each school draws its own.
type ids struct {
	jude, mo       string // learners
	first, second  string // Jude's reviewed cycles, by id
	fix, fix2      string // the corrections of them
	moFirst, moFix string
}

// main runs sendctl in this process, on the box's clock.
func (b *box) main(args ...string) (code int, out, said string) {
	b.Helper()
	var stdout, stderr bytes.Buffer
	e := &cli.Env{
		Streams: &term.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Width: 80},
		Args:    append([]string{"--no-input"}, args...), Getenv: os.Getenv, Dir: b.dir, Version: "test",
		Now: func() time.Time { return b.now }, Random: rand.Reader, LockWait: 5 * time.Second,
	}
	defer func() {
		if p := recover(); p != nil {
			b.Fatalf("sendctl %s: panic: %v", strings.Join(args, " "), p)
		}
	}()
	code = cli.Main(e)
	return code, stdout.String(), stderr.String()
}

// sendctl runs it and fails the test unless it is fine.
func (b *box) sendctl(args ...string) string {
	b.Helper()
	code, out, said := b.main(args...)
	if code != 0 {
		b.Fatalf("sendctl %s: exit code %d\n%s%s", strings.Join(args, " "), code, out, said)
	}
	return out
}

// act runs an act and gives the id of the file it made or changed.
func (b *box) act(args ...string) (file string) {
	b.Helper()
	var done struct{ File, Learner string }
	if !slices.Contains(args, "--today") { // a demonstration has a day of its own
		args = append([]string{"--today", b.now.Format("2006-01-02")}, args...)
	}
	out := b.sendctl(append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &done); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	if slices.Contains(args, "create") {
		return done.Learner
	}
	return done.File
}

// at sets the clock: "2026-02-06 15:58".
func (b *box) at(when string) *box {
	b.Helper()
	t, err := time.Parse("2006-01-02 15:04", when)
	if err != nil {
		b.Fatal(err)
	}
	b.now = t
	return b
}

// as says who is at the keyboard; with a key of theirs where the school signs.
func (b *box) as(person string) *box {
	b.Helper()
	b.git("config", "user.name", names()[person])
	b.git("config", "user.email", person+"@thornelaw.example")
	if format, err := b.try("config", "gpg.format"); err == nil && strings.TrimSpace(format) == "ssh" {
		b.git("config", "user.signingkey", keyFile(b.T, person))
	}
	return b
}

func names() map[string]string {
	return map[string]string{"grimes": "P. Grimes", "eyre": "M. Eyre", "bell": "K. Bell", "malory": "X. Malory"}
}

// try runs the real git, with hooks off, on the box's clock.
func (b *box) try(args ...string) (string, error) { return b.tryWith(nil, args...) }

func (b *box) tryWith(env []string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-c", "core.hooksPath=/dev/null"}, args...)...)
	cmd.Dir = b.dir
	at := b.now.Format(time.RFC3339)
	cmd.Env = append(append(os.Environ(), "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at, "SCRIPT_NOW="+at,
		"GIT_EDITOR=true", "GIT_MERGE_AUTOEDIT=no", "FILTER_BRANCH_SQUELCH_WARNING=1"), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, said.String())
	}
	return string(out), err
}

func (b *box) git(args ...string) string {
	b.Helper()
	out, err := b.try(args...)
	if err != nil {
		b.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

// gitWith is git with more environment.
func (b *box) gitWith(env []string, args ...string) string {
	b.Helper()
	out, err := b.tryWith(env, args...)
	if err != nil {
		b.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

// sh runs a line of shell in the folder.
func (b *box) sh(line string) string {
	b.Helper()
	cmd := exec.Command("sh", "-ec", line)
	cmd.Dir = b.dir
	at := b.now.Format(time.RFC3339)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at, "SCRIPT_NOW="+at, "GIT_EDITOR=true", "FILTER_BRANCH_SQUELCH_WARNING=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v\n%s", line, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (b *box) path(name string) string { return filepath.Join(b.dir, filepath.FromSlash(name)) }

func (b *box) read(name string) string {
	b.Helper()
	text, err := os.ReadFile(b.path(name))
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

func (b *box) write(name, text string) {
	b.Helper()
	if err := os.MkdirAll(filepath.Dir(b.path(name)), 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(b.path(name), []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
}

// swap changes text in a file, which must hold it.
func (b *box) swap(name, old, next string) {
	b.Helper()
	text := b.read(name)
	if !strings.Contains(text, old) {
		b.Fatalf("%s does not hold %q", name, old)
	}
	b.write(name, strings.Replace(text, old, next, 1))
}

func (b *box) remove(name string) {
	b.Helper()
	if err := os.RemoveAll(b.path(name)); err != nil {
		b.Fatal(err)
	}
}

// only gives the one path that matches.
func (b *box) only(pattern string) string {
	b.Helper()
	m, _ := filepath.Glob(b.path(pattern))
	if len(m) != 1 {
		b.Fatalf("%s: %v", pattern, m)
	}
	rel, _ := filepath.Rel(b.dir, m[0])
	return filepath.ToSlash(rel)
}

// commit commits everything there is by plain git, past the hook.
func (b *box) commit(message string) string {
	b.Helper()
	b.git("add", "-A")
	b.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)
	return b.head()
}

func (b *box) head() string { b.Helper(); return b.git("rev-parse", "HEAD") }

// cycle is the path of a cycle of the learner's.
func (b *box) cycle(learner, id string) string {
	b.Helper()
	return b.only("learners/" + learner + "/cycles/*-" + id + ".yaml")
}

func (b *box) correction(learner, id string) string {
	b.Helper()
	return b.only("learners/" + learner + "/corrections/*-" + id + ".yaml")
}

func (b *box) seal(learner, file, act string) string {
	return "learners/" + learner + "/seals/" + file + "-" + act + ".seal"
}

// correct is the quickest honest act that seals: a correction of Jude's first review.
func (b *box) correct(learner, file, is string) string {
	b.Helper()
	return b.act("correct", learner, file, "review.targets[t1].result", "--is", is, "--because", "Counted once more.")
}

// copy is the same folder as another laptop or a control would have it: every byte
// of it, with what the clone remembers.
func (b *box) copy() *box {
	b.Helper()
	c := &box{b.T, filepath.Join(b.TempDir(), "copy"), b.now, b.ids}
	copyTree(b.T, b.dir, c.dir)
	return c
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	// cp keeps times, so that git need not read every file again.
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
	}
}

// clone is a real clone of the folder, on another laptop.
func (b *box) clone(args ...string) *box {
	b.Helper()
	return b.cloneOf("file://"+filepath.ToSlash(b.dir), args...)
}

func (b *box) cloneOf(url string, args ...string) *box {
	b.Helper()
	c := &box{b.T, filepath.Join(b.TempDir(), "clone"), b.now, b.ids}
	b.git(append(append([]string{"clone", "-q"}, args...), url, c.dir)...)
	for _, key := range []string{"gpg.format", "commit.gpgsign"} {
		if v, err := b.try("config", "--local", key); err == nil {
			c.git("config", key, strings.TrimSpace(v))
		}
	}
	return c
}

// server is a bare repository that the box pushes to as origin.
func (b *box) server() string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "server.git")
	b.git("init", "-q", "--bare", dir)
	url := "file://" + filepath.ToSlash(dir)
	b.git("remote", "add", "origin", url)
	b.git("push", "-q", "-u", "origin", "main")
	return url
}

// The schools, each built once by sendctl itself.
var schools = map[string]*template{
	"plain":         {build: func(b *box) { b.school("") }},
	"signed":        {build: func(b *box) { b.school("signed") }},
	"demonstration": {build: func(b *box) { b.school("demonstration") }},
	"demo": {build: func(b *box) { // the one that sendctl demo makes, of every act
		b.dir = filepath.Dir(b.dir)
		b.at("2026-11-22 10:00").sendctl("demo", "demo")
		b.dir = filepath.Join(b.dir, "demo")
	}},
}

type template struct {
	build         func(*box)
	once, control sync.Once
	b             *box
	sound         bool // verify says proven of it
}

// control demands that the school as it stands is proven; each is asked once.
func control(t *testing.T, name string) {
	t.Helper()
	tm := schools[name]
	tm.control.Do(func() {
		school(t, name).proven()
		tm.sound = true
	})
	if !tm.sound {
		t.Fatal("the school is not proven to begin with")
	}
}

// school gives a fresh copy of a school: "plain" signs nothing, in "signed" everybody
// does, "demonstration" is made up and says so from its first commit.
func school(t *testing.T, name string) *box {
	t.Helper()
	tm := schools[name]
	tm.once.Do(func() {
		b := &box{T: t, dir: filepath.Join(scratch, name)}
		tm.build(b)
		b.git("repack", "-q", "-a", "-d") // many copies are made of it
		tm.b = b
	})
	if tm.b == nil {
		t.Fatal("the school could not be built")
	}
	b := &box{t, filepath.Join(t.TempDir(), "school"), tm.b.now, tm.b.ids}
	copyTree(t, tm.b.dir, b.dir)
	return b
}

// school builds: two learners, two reviews of Jude's and one of Mo's, each corrected
// once, by two people.
func (b *box) school(kind string) {
	b.Helper()
	if err := os.MkdirAll(b.dir, 0o777); err != nil {
		b.Fatal(err)
	}
	b.at("2025-09-01 09:00")
	b.sendctl("init", ".", "--name", "Thornelaw Academy", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "grimes", "--role", "teacher")
	if kind == "demonstration" {
		b.swap("sendctl.yaml", "policies:", "demonstration: {today: 2026-03-02}\npolicies:")
		b.git("commit", "-q", "-a", "--amend", "--no-edit")
		b.remove(".git/logs")
	}
	b.sendctl("people", "add", "eyre", "--name", "M. Eyre", "--role", "senco", "--email", "eyre@thornelaw.example")
	b.sendctl("people", "add", "bell", "--name", "K. Bell", "--role", "teaching-assistant", "--email", "bell@thornelaw.example")
	if kind == "signed" {
		b.git("config", "gpg.format", "ssh")
		b.keys()
	}
	b.story()
}

// story is what happens in the school.
func (b *box) story() {
	b.Helper()
	mo := filepath.Join(b.TempDir(), "mo.yaml")
	text, err := os.ReadFile(answers + "jude/create.yaml")
	if err != nil {
		b.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("upn: C929000021114\n"), nil)
	if err := os.WriteFile(mo, text, 0o666); err != nil {
		b.Fatal(err)
	}
	acts, _ := filepath.Abs(answers + "jude")
	b.as("grimes").at("2025-09-29 15:52")
	b.jude = b.act("create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--answers", acts+"/create.yaml")
	b.at("2025-09-30 09:00")
	b.mo = b.act("create", "--name", "Mo", "--family-name", "Quillfeather", "--born", "2017-05-02", "--teacher", "grimes", "--answers", mo)
	b.at("2025-10-02 16:41")
	b.first = b.act("plan", b.jude, "--answers", acts+"/plan-1.yaml")
	b.moFirst = b.act("plan", b.mo, "--answers", acts+"/plan-1.yaml")
	b.as("bell").at("2025-10-17 14:55")
	b.act("note", b.jude, "--provision", "p1", "--delivered", "10", "Quicker.")
	b.as("grimes").at("2025-11-21 16:05")
	b.act("review", b.jude, "--answers", acts+"/review-1.yaml")
	b.as("eyre").at("2025-11-22 10:00")
	b.act("review", b.mo, "--answers", acts+"/review-1.yaml")
	b.as("grimes").at("2025-11-24 12:10")
	b.fix = b.correct(b.jude, b.first, "18")
	b.moFix = b.correct(b.mo, b.moFirst, "17")
	b.at("2025-11-28 16:30")
	b.second = b.act("plan", b.jude, "--answers", acts+"/plan-2.yaml")
	b.as("eyre").at("2026-02-06 15:58")
	b.act("review", b.jude, "--answers", acts+"/review-2.yaml")
	b.at("2026-02-09 08:15")
	b.fix2 = b.correct(b.jude, b.second, "24")
	b.as("grimes").at("2026-02-10 09:00")
}

// verify runs `sendctl audit verify`, as words and as JSON, and holds the two together.
func (b *box) verify(args ...string) (audit.Report, string) {
	b.Helper()
	words, text, said := b.main(append([]string{"audit", "verify"}, args...)...)
	code, out, saidJSON := b.main(append([]string{"--json", "audit", "verify"}, args...)...)
	var r audit.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		b.Fatalf("audit verify --json: exit code %d, %v\n%s%s\nin words, exit code %d:\n%s%s", code, err, out, saidJSON, words, text, said)
	}
	if code != words {
		b.Errorf("exit code %d in words, %d in JSON\n%s%s\n%s", words, code, text, said, out)
	}
	if want, ok := map[audit.Verdict]int{audit.Proven: 0, audit.Broken: 1, audit.CannotTell: 3}[r.Verdict]; !ok || want != code {
		b.Errorf("verdict %q with exit code %d", r.Verdict, code)
	}
	worst := audit.Proven
	for _, f := range r.Findings {
		switch {
		case f.Kind == "" || f.Message == "":
			b.Errorf("a finding says nothing: %+v", f)
		case f.Weight == audit.Broken:
			worst = audit.Broken
		case f.Weight == audit.CannotTell && worst != audit.Broken:
			worst = audit.CannotTell
		case f.Weight != audit.CannotTell && f.Weight != audit.Note:
			b.Errorf("a finding of weight %q: %+v", f.Weight, f)
		}
		if f.Weight != audit.Note && f.Do == "" {
			b.Errorf("it does not say what to do: %+v", f)
		}
	}
	if worst != r.Verdict {
		b.Errorf("verdict %q, and the worst finding is %q", r.Verdict, worst)
	}
	return r, text + said
}

// told is a report as a test's failure shows it.
func told(r audit.Report) string {
	var out strings.Builder
	for _, f := range r.Findings {
		b, _ := json.Marshal(f)
		out.WriteString("  " + string(b) + "\n")
	}
	return out.String()
}

// proven demands the verdict, twice: what a clone remembers may not turn it.
func (b *box) proven(args ...string) audit.Report {
	b.Helper()
	var r audit.Report
	for range 2 {
		var text string
		if r, text = b.verify(args...); r.Verdict != audit.Proven {
			b.Fatalf("want proven, got %s\n%s\n%s", r.Verdict, told(r), text)
		}
	}
	return r
}

// notes demands proven and a note that holds each of the words.
func (b *box) notes(words ...string) {
	b.Helper()
	r, _ := b.verify()
	if r.Verdict != audit.Proven {
		b.Fatalf("want proven, got %s\n%s", r.Verdict, told(r))
	}
	b.holds(r, audit.Note, words)
}

// broken demands the verdict and a finding of that weight that holds each of the
// words (kind, ids, place, message and advice are searched; words between | are
// alternatives).
func (b *box) broken(words ...string) { b.Helper(); b.want(audit.Broken, nil, words) }

func (b *box) cannotTell(words ...string) { b.Helper(); b.want(audit.CannotTell, nil, words) }

// unproven takes broken and cannot tell alike: where both are fair.
const unproven audit.Verdict = "unproven"

// want is broken and cannotTell with flags for verify.
func (b *box) want(v audit.Verdict, flags, words []string) {
	b.Helper()
	r, text := b.verify(flags...)
	if v == unproven && r.Verdict != audit.Proven {
		v = r.Verdict
	}
	if r.Verdict != v {
		b.Errorf("want %s, got %s\n%s\n%s", v, r.Verdict, told(r), text)
		return
	}
	b.holds(r, v, words)
	for _, f := range r.Findings {
		if f.Weight != audit.Note && !strings.Contains(squeeze(text), squeeze(strings.TrimSuffix(f.Message, "."))) {
			b.Errorf("the words do not say %q:\n%s", f.Message, text)
		}
	}
}

func squeeze(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }

func (b *box) holds(r audit.Report, weight audit.Verdict, words []string) {
	b.Helper()
	for _, f := range r.Findings {
		if f.Weight != weight {
			continue
		}
		line, _ := json.Marshal(f)
		text := strings.ToLower(string(line))
		missing := false
		for _, w := range words {
			any := false
			for alt := range strings.SplitSeq(w, "|") {
				any = any || strings.Contains(text, strings.ToLower(alt))
			}
			missing = missing || !any
		}
		if !missing {
			return
		}
	}
	b.Errorf("no finding of weight %s says %q\n%s", weight, words, told(r))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
