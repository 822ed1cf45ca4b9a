package casework_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deed is an act of the tests: the state it sets out from and the command.
type deed struct {
	name, from string
	args       func(b *box) []string
	draft      func(b *box) string // the draft it was typed into; "" for none
}

func words(s string) func(*box) []string {
	return func(b *box) []string {
		here, _ := filepath.Abs(answers)
		return strings.Fields(strings.NewReplacer("ID", b.id, "ANSWERS", here, "KEYS", filepath.Join(scratch, "keys")).Replace(s))
	}
}

func draftOf(s string) func(*box) string {
	return func(b *box) string {
		s := strings.ReplaceAll(s, "ID", b.id)
		if strings.Contains(s, "CYCLE") {
			name := strings.TrimSuffix(filepath.Base(b.only("learners/*/cycles/*.yaml")), ".yaml")
			s = strings.ReplaceAll(s, "CYCLE", name[strings.LastIndex(name, "-")+1:])
		}
		return s
	}
}

var deeds = []deed{
	{"review", "planned", words("review ID --answers ANSWERS/jude/review-1.yaml"), draftOf("review-ID-CYCLE")},
	{"correct", "reviewed", func(b *box) []string {
		file := filepath.Base(b.only("learners/*/cycles/*.yaml"))
		file = strings.TrimSuffix(file[strings.LastIndex(file, "-")+1:], ".yaml")
		return []string{"correct", b.id, file, "review.targets[t2].result", "--is", "9", "--because", "miscounted"}
	}, nil},
	{"note", "planned", words("note ID --date 2025-10-11 Steady."), draftOf("note-ID")},
	{"contact", "planned", words("contact ID --with mum --how meeting --about review --said fine --date 2025-10-12"), draftOf("contact-ID")},
	{"create", "new", words("--today 2025-09-29 create --name Jude --family-name Ashworth --born 2017-03-08 --teacher grimes --answers ANSWERS/jude/create.yaml"), draftOf("create")},
	{"plan", "concern", words("plan ID --answers ANSWERS/jude/plan-1.yaml"), nil},
	{"plan again", "reviewed", words("plan ID --answers ANSWERS/jude/plan-2.yaml"), nil},
	{"edit", "concern", words("edit ID learner.yaml --set team.responsible_teacher=bell"), nil},
	{"people", "new", words("people add sato --name Sato --role teacher --email sato@thornelaw.example"), nil},
	{"advance", "reviewed", func(b *box) []string {
		return []string{"advance", b.id, "--to", "passport", "--date", "2025-12-01", "--sen", "K", "--main-need", "SPLD", "--because", "Help is needed now.",
			"--set", "telling.with=mum", "--set", "telling.how=call", "--set", "telling.date=2025-12-01", "--set", "telling.told=Help begins."}
	}, draftOf("advance-ID-passport")},
	{"passport", "reviewed", words("passport ID --date 2025-12-01 --with learner,mum --know Maps. --hard-when Lists. --help-me-by Cards. --shared-with bell --review-on 2026-12-11"), draftOf("passport-ID-1")},
	{"passport agree", "asked", words("passport ID agree --with learner,mum --date 2025-12-01"), draftOf("agree-passport-ID-2")},
	{"passport read", "asked", words("passport ID read --by bell,grimes --version 1 --date 2025-12-01"), nil},
	{"profile", "reviewed", words("profile ID --date 2025-12-01 --with learner --admire Patient. --important Dogs. --support Slowly. --shared-with bell --review-on 2026-12-11"), nil},
	{"advice", "asked", words("advice ID --by ep-osei --date 2025-12-05 --asked 2025-12-02 --seen 2025-12-04 --consent mum --consent-to being-seen --consent-date 2025-12-01 --set recommendations[0].words=Pictures."), draftOf("advice-ID")},
	{"advice act", "asked", words("advice ID act r2 --action A-corner. --done 2025-12-01"), nil},
	{"request open", "asked", words("request ID open cosa --date 2025-12-01 --asked-by mum --reasons More. --because Rightful."), draftOf("request-ID-cosa")},
	{"request cite", "asked", func(b *box) []string {
		report := filepath.Join(filepath.Dir(b.dir), "a report.pdf")
		if err := os.WriteFile(report, bytes.Repeat([]byte("as seen\n"), 20_000), 0o666); err != nil {
			b.Fatal(err)
		}
		return []string{"request", b.id, "cite", "health", report, "--pages", "3-5"}
	}, nil},
	{"request send", "asked", words("request ID send --date 2025-12-02 --declared eyre"), nil},
	{"request withdraw", "asked", words("request ID withdraw"), nil},
	{"request letter", "sent", words("request ID letter received --date 2025-12-03 --reference 77"), nil},
	{"request decided", "sent", words("request ID decided --date 2025-12-04 --result agreed --reasons need-clear --chair marr --money 570 --from 2025-12-08 --to 2026-07-17 --notified 2025-12-05"), nil},
	{"request impact", "granted", words("request ID impact --date 2026-07-20 --verdict Some. --set outcomes[0].before=4 --set outcomes[0].after=19"), nil},
	{"edit of a new entry", "reviewed", words("edit ID learner.yaml --set outcomes[0].id=o1 --set outcomes[0].words=Reads. --set outcomes[0].by=2028-07-20 --set outcomes[0].strand=employment"), nil},
	{"import", "new", func(b *box) []string {
		list := filepath.Join(filepath.Dir(b.dir), "list.csv")
		if err := os.WriteFile(list, []byte("Surname,Forename,DOB,Admission Date,SEN Status,Primary Need\nExample,Jo,2016-05-02,2020-09-03,K,SPLD\nExample,Al,2016-05-03,2020-09-03,E,ASD\n"), 0o666); err != nil {
			b.Fatal(err)
		}
		return []string{"import", list, "--since", "2022-01-10", "--accept"}
	}, nil},
	{"add-key", "keyed", words("people add-key bell --key KEYS/bell.pub"), nil},
	{"revoke-key", "keyed", words("people revoke-key eyre --because Lost."), nil},
	{"init", "", words("init . --name Thornelaw --phase all-through --la 929 --estab 0000 --id grimes --role teacher"), nil},
}

// begin makes the box of a deed, with its draft.
func (d deed) begin(t *testing.T) (b *box, before state, drafts []string) {
	t.Helper()
	if d.from == "" {
		b = &box{t, filepath.Join(t.TempDir(), "school"), ""}
		if err := os.Mkdir(b.dir, 0o777); err != nil {
			t.Fatal(err)
		}
		b.git("init", "-q")
	} else {
		b = fresh(t, d.from)
	}
	if d.draft != nil {
		drafts = []string{d.draft(b)}
		if err := b.desk(nil).Store.KeepDraft(drafts[0], []byte(`{"answers":{"date":{"Text":"2025-11-21"}}}`)); err != nil {
			t.Fatal(err)
		}
	}
	return b, b.state(), drafts
}

// stride is which step is tried first and how many lie between two that are: all of
// them are tried where CASEWORK_EVERY_STEP is set (some minutes), else a share that
// begins at another one for every deed, so that together they cover most.
func (d deed) stride(offset, by int) (int, int) {
	if os.Getenv("CASEWORK_EVERY_STEP") != "" {
		return 1, 1
	}
	if d.from == "" {
		by *= 4 // init writes many files, each like the other
	}
	return 1 + offset*by/len(deeds)%by, by
}

// talk is where the program's words go: a file, because a traced process is not waited for by os/exec.
func (b *box) traced(args []string, at func(n int, call string) fault) (made []string, ws syscall.WaitStatus, out string) {
	b.Helper()
	cmd := b.command(args...)
	f, err := os.Create(filepath.Join(b.TempDir(), "talk"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	cmd.Stdout, cmd.Stderr = f, f
	made, ws = trace(b.T, cmd, at)
	text, _ := os.ReadFile(f.Name())
	return made, ws, string(text)
}

func skipUntraced(t *testing.T) {
	t.Helper()
	if !canTrace() {
		t.Skip("processes are not traced on this system")
	}
}

// TestKilledAtEveryStep kills the program at its n-th change to the disk, for every
// n, and opens the folder again.
func TestKilledAtEveryStep(t *testing.T) {
	skipUntraced(t)
	for i, d := range deeds {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			kept, lost := 0, 0
			n, by := d.stride(i, 97)
			for ; ; n += by {
				b, before, drafts := d.begin(t)
				_, ws, out := b.traced(d.args(b), func(k int, _ string) fault { return fault{kill: k == n} })
				if ws.Exited() {
					if ws.ExitStatus() != 0 {
						t.Fatalf("the act itself fails: %s", out)
					}
					if !b.whole(before) {
						t.Error("nothing was recorded, with nobody killed")
					}
					break
				}
				var said []string
				if err := b.desk(&said).Recover(context.Background()); err != nil {
					t.Fatalf("killed at %d: %v", n, err)
				}
				b.next() // what is left by one killed before its journal was written, the next act clears
				if b.whole(before, drafts...) {
					kept++
				} else if lost++; lost == 1 && d.from != "" { // what was lost can be typed again
					b.run(d.args(b)...)
					b.whole(before)
				}
				if t.Failed() {
					t.Fatalf("killed at change %d; said %q", n, said)
				}
			}
			t.Logf("killed %d times: %d before it was recorded, %d after", kept+lost, lost, kept)
		})
	}
}

// next has the folder opened again and another act done and taken back: what a cut-off
// act left where only a writer may clear it is then gone.
func (b *box) next() {
	b.Helper()
	if err := b.desk(nil).Recover(context.Background()); err != nil {
		b.Fatalf("recover: %v", err)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "people.yaml")); err != nil {
		return
	}
	b.run("people", "add", "later", "--name", "N. Later", "--role", "teacher", "--email", "later@thornelaw.example")
	b.git("update-ref", "HEAD", "HEAD~1")
	b.git("read-tree", "HEAD")
	b.git("checkout-index", "-qfu", "people.yaml")
}

// sameFiles compares the record itself, without what may be left lying beside it.
func (b *box) sameFiles(before state) {
	b.Helper()
	after := b.state()
	for name := range after.Files {
		if strings.HasPrefix(filepath.Base(name), ".sendctl-") {
			delete(after.Files, name)
		}
	}
	if diff := cmp.Diff(before.Files, after.Files); diff != "" || before.Head != after.Head {
		b.Errorf("it failed, and the folder is not as before (-before +after):\n%s", diff)
	}
}

// TestFailureAtEveryStep has the n-th change to the disk fail, for every n, in three
// ways: once, from there on for want of room, and from there on altogether.
func TestFailureAtEveryStep(t *testing.T) {
	skipUntraced(t)
	ways := map[string]func(k, n int, call string) syscall.Errno{
		"once": func(k, n int, _ string) syscall.Errno {
			if k == n {
				return syscall.EIO
			}
			return 0
		},
		"full disk": func(k, n int, call string) syscall.Errno {
			switch call {
			case "write", "pwrite", "openat", "mkdir", "mkdirat", "link", "linkat":
				if k >= n {
					return syscall.ENOSPC
				}
			}
			return 0
		},
		"read-only from here": func(k, n int, _ string) syscall.Errno {
			if k >= n {
				return syscall.EROFS
			}
			return 0
		},
	}
	for way, fails := range ways {
		for i, d := range deeds {
			// All write by the same code; the others are tried where there is time.
			if os.Getenv("CASEWORK_EVERY_STEP") == "" && !slices.Contains([]string{"review", "create", "edit", "advance", "request cite"}, d.name) {
				continue
			}
			t.Run(way+"/"+d.name, func(t *testing.T) {
				t.Parallel()
				failed, stood := 0, 0
				n, by := d.stride(i+len(way), 139)
				for ; ; n += by {
					b, before, drafts := d.begin(t)
					made, ws, out := b.traced(d.args(b), func(k int, call string) fault { return fault{errno: fails(k, n, call)} })
					if len(made) < n {
						break
					}
					switch code := ws.ExitStatus(); {
					case !ws.Exited() || code == 2 && strings.Contains(out, "goroutine"):
						t.Fatalf("change %d, %s: it crashed:\n%s", n, made[n-1], out)
					case code == 0:
						stood++
						if b.head() == before.Head {
							t.Error("it says that it recorded, and did not")
						}
					case way != "read-only from here":
						failed++
						if code != 3 && code != 5 && code != 6 {
							t.Errorf("exit code %d: %s", code, out)
						}
						b.sameFiles(before)
					}
					b.next()
					b.whole(before, drafts...)
					if t.Failed() {
						t.Fatalf("change %d, %s; exit code %d: %s", n, made[n-1], ws.ExitStatus(), out)
					}
				}
				t.Logf("failed %d times, stood %d times", failed, stood)
			})
		}
	}
}
