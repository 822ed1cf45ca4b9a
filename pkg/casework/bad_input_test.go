package casework_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// A probe is something wrong with what an act is given, or with where it finds itself.
type probe struct {
	name  string
	codes []int  // any of these
	say   string // a part of what is said

	args func(b *box, good []string) []string // nil for the good ones
	env  []string
	spot func(b *box) // what is wrong in the folder
}

// with gives the arguments with one flag's value replaced, or added.
func with(flag, value string) func(*box, []string) []string {
	return func(b *box, good []string) []string {
		out := slices.Clone(good)
		if i := slices.Index(out, flag); i >= 0 && flag != "--set" {
			out[i+1] = value
			return out
		}
		return append(out, flag, value)
	}
}

// file gives the arguments with an answers file of these bytes.
func file(text string) func(*box, []string) []string {
	return func(b *box, good []string) []string {
		p := filepath.Join(filepath.Dir(b.dir), "answers.yaml")
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			b.Fatal(err)
		}
		return append(slices.Clone(good), "--answers", p)
	}
}

func who(typed string) func(*box, []string) []string {
	return func(b *box, good []string) []string {
		out := slices.Clone(good)
		out[slices.Index(out, b.id)] = typed
		return out
	}
}

// spoil writes over a file of the folder. The learner's own are named from ID on.
func spoil(name, text string) func(*box) {
	return func(b *box) { b.write(strings.ReplaceAll(name, "ID", "learners/"+b.id), text) }
}

// badInputs are what every act must withstand, and refuse.
var badInputs = []probe{
	{name: "an unknown key", codes: []int{2}, say: "colour", args: with("--set", "colour=green")},
	{name: "no assignment", codes: []int{2}, args: with("--set", "green")},
	{name: "an unknown flag", codes: []int{2}, args: with("--colour", "green")},
	{name: "a day that is none", codes: []int{2}, args: with("--date", "2025-02-30")},
	{name: "a British day", codes: []int{2}, args: with("--date", "01/12/2025")},
	{name: "a day to come", codes: []int{1, 2}, args: with("--date", "9999-12-31")},
	{name: "no day", codes: []int{2}, args: with("--date", "")},
	{name: "nobody", codes: []int{4}, args: who("zzzzzzzz")},
	{name: "a name", codes: []int{4}, args: who("Jude")},
	{name: "a way out of the folder", codes: []int{4}, args: who("../../etc")},
	{name: "an escape for an id", codes: []int{4}, args: who("\x1b[31mx")},
	{name: "no answers file", codes: []int{3}, args: with("--answers", "nowhere.yaml")},
	{name: "a folder of answers", codes: []int{2, 3}, args: with("--answers", ".")},
	{name: "answers that are a list", codes: []int{2}, args: file("- a\n")},
	{name: "answers that are broken", codes: []int{1}, args: file("a: [\n")},
	{name: "two documents of answers", codes: []int{1}, args: file("a: b\n---\nc: d\n")},
	{name: "escapes in answers", codes: []int{1}, args: file("because: a\x1b[31mb\n")},
	{name: "no UTF-8 in answers", codes: []int{1}, args: file("because: \xff\xfe\n")},
	{name: "an unknown key in answers", codes: []int{2}, say: "colour", args: file("colour: green\n")},
	{name: "a stranger", codes: []int{2}, say: "people add", env: []string{"GIT_AUTHOR_NAME=A. Stranger", "GIT_AUTHOR_EMAIL=x@example.org"}},
	{name: "no identity", codes: []int{2}, say: "git config", env: []string{"HOME=/nowhere", "XDG_CONFIG_HOME=/nowhere", "EMAIL="}},
	{name: "broken learner.yaml", codes: []int{1, 2}, spot: spoil("ID/learner.yaml", "format: learner/v1\nstage: [\n")},
	{name: "broken pathway.yaml", codes: []int{1}, say: "pathway.yaml:", spot: spoil("pathway.yaml", "format: pathway/v1\nstages: [\n")},
	{name: "empty pathway.yaml", codes: []int{1}, say: "pathway.yaml:", spot: spoil("pathway.yaml", "")},
	{name: "a pathway of another time", codes: []int{7}, spot: spoil("pathway.yaml", "format: pathway/v2\n")},
	{name: "broken people.yaml", codes: []int{1}, say: "people.yaml:", spot: spoil("people.yaml", "format: people/v1\npeople: {\n")},
	{name: "broken sendctl.yaml", codes: []int{1}, spot: spoil("sendctl.yaml", "format: setting/v1\nname: [\n")},
}

// shared reports whether the n-th of like things is tried: every third, beginning with
// another one for every act, and all of them where there is time.
func shared(n int) bool { return n%3 == 0 || os.Getenv("CASEWORK_EVERY_STEP") != "" }

// Whatever is wrong, the act says what, ends with the right exit code, names nobody,
// sends nothing to the terminal but words, and changes nothing.
func TestBadInput(t *testing.T) {
	for i, d := range journeyDeeds() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			b := fresh(t, d.from)
			good, sound := d.args(b), b.bytes()
			head := b.head()
			for j, p := range badInputs {
				if !shared(i + j) {
					continue
				}
				if (d.name == "request cite" || d.name == "request withdraw") && (strings.Contains(p.name, "answers") || strings.Contains(p.name, "key")) {
					continue // these ask nothing, and take no answers
				}
				args := good
				if p.args != nil {
					args = p.args(b, good)
				}
				if p.spot != nil {
					p.spot(b)
				}
				before := b.bytes()
				cmd := b.command(args...)
				cmd.Env = append(os.Environ(), p.env...)
				out, _ := cmd.CombinedOutput()
				said := string(out)
				if code := cmd.ProcessState.ExitCode(); !slices.Contains(p.codes, code) {
					t.Errorf("%s: exit code %d, want one of %v: %s", p.name, code, p.codes, said)
				}
				if strings.TrimSpace(said) == "" || !strings.Contains(said, p.say) || strings.Contains(said, "goroutine") {
					t.Errorf("%s: it says %q", p.name, said)
				}
				if strings.ContainsFunc(said, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
					t.Errorf("%s: not fit for a terminal: %q", p.name, said)
				}
				for _, name := range []string{"Jude", "Ashworth", "green"} {
					if strings.Contains(said, name) && p.name != "a name" {
						t.Errorf("%s: a value is told: %s", p.name, said)
					}
				}
				if diff := cmp.Diff(before, b.bytes()); diff != "" {
					t.Fatalf("%s: something changed (-before +after):\n%.1500s", p.name, diff)
				}
				if p.spot != nil {
					for name, text := range sound {
						if before[name] != text {
							if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
								t.Fatal(err)
							}
						}
					}
				}
			}
			if b.head() != head {
				t.Fatal("something was recorded")
			}
			// And then it goes through, as if nothing had been.
			b.run(good...)
		})
	}
}

// journeyDeeds are the acts that move a learner along, and what is written beside it.
func journeyDeeds() []deed {
	return slices.DeleteFunc(slices.Clone(deeds), func(d deed) bool {
		first, _, _ := strings.Cut(d.name, " ")
		return !slices.Contains([]string{"advance", "passport", "profile", "advice", "request"}, first)
	})
}

// Another file of the same learner cannot be read: the act goes ahead whole and leaves
// that file as it is, or it says what is wrong and changes nothing.
func TestBesideABrokenFile(t *testing.T) {
	for i, d := range journeyDeeds() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			b := fresh(t, d.from)
			for j, name := range []string{"learners/ID/contacts.yaml", "learners/ID/passport.yaml", "learners/ID/requests/*-star-????.yaml", "learners/ID/advice/*.yaml", "learners/ID/cycles/*.yaml"} {
				found, err := filepath.Glob(filepath.Join(b.dir, strings.ReplaceAll(name, "ID", b.id)))
				if err != nil || len(found) == 0 {
					continue
				}
				for k, broken := range []string{"format: x\nhalf: [\n", ""} {
					if !shared(i + j + 2*k) {
						continue
					}
					sound, err := os.ReadFile(found[0])
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(found[0], []byte(broken), 0o666); err != nil {
						t.Fatal(err)
					}
					before, head := b.bytes(), b.head()
					cmd := b.command(d.args(b)...)
					out, _ := cmd.CombinedOutput()
					said, code := string(out), cmd.ProcessState.ExitCode()
					after := b.bytes()
					switch {
					case strings.Contains(said, "goroutine") || !slices.Contains([]int{0, 1, 2}, code):
						t.Errorf("%s: exit code %d: %s", name, code, said)
					case strings.Contains(said, "Jude") || strings.Contains(said, "Ashworth"):
						t.Errorf("%s: a name is told: %s", name, said)
					case after[found[0]] != broken:
						t.Errorf("%s was written over", name)
					case code != 0 && (b.head() != head || cmp.Diff(before, after) != ""):
						t.Errorf("%s: refused, and yet something changed", name)
					case code == 0 && b.head() == head:
						t.Errorf("%s: it says that it recorded, and did not", name)
					}
					b.tidy()
					if code == 0 {
						b.sealsHold()
						b = fresh(t, d.from)
						found, _ = filepath.Glob(filepath.Join(b.dir, strings.ReplaceAll(name, "ID", b.id)))
					} else if err := os.WriteFile(found[0], sound, 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// A pathway of an earlier version names no moves, checks or letters: everything can
// still be done, with a reason where the pathway would have looked for something.
func TestOldPathway(t *testing.T) {
	for _, d := range journeyDeeds() {
		if d.name == "request cite" {
			continue // there is no item to cite anything for
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			b := fresh(t, d.from)
			var kept []string
			out := -1 // how far in the key stands that is being left out
			for line := range strings.Lines(b.read("pathway.yaml")) {
				text := strings.TrimLeft(line, " ")
				in := len(line) - len(text)
				if out >= 0 && (in > out || text == "\n") {
					continue
				}
				out = -1
				switch key, _, _ := strings.Cut(text, ":"); key {
				case "moves", "checks", "gate", "evidence":
					out = in
				default:
					kept = append(kept, line)
				}
			}
			b.write("pathway.yaml", strings.Join(kept, ""))
			b.git("commit", "-q", "--no-verify", "-am", "an earlier pathway")
			before := b.state()
			b.run(d.args(b)...)
			if !b.whole(before) {
				t.Error("nothing was recorded")
			}
		})
	}
}
