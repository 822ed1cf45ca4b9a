package rules_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
)

const (
	jude  = "learners/jv6fpqgg/"
	one   = jude + "cycles/2025-09-29-initial-concerns-gxqf.yaml"
	two   = jude + "cycles/2025-11-28-initial-concerns-nrdv.yaml"
	fix   = jude + "corrections/2025-11-24-xmrz.yaml"
	sheet = jude + "learner.yaml"
	who   = jude + "identity.yaml"
	talks = jude + "contacts.yaml"
	move  = jude + "moves/2026-02-12-early-support-m2m2.yaml"
	asked = jude + "requests/2026-03-02-top-up-q2q2.yaml"
)

// school is a made-up school with one learner and two reviewed cycles, in memory.
func school(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := fstest.MapFS{}
	from := os.DirFS("../../testdata/school")
	err := fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, p)
		disk[p] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return disk
}

// judgeSealed judges a record whose every file is what was sealed: nothing else is
// told of one that is not.
func judgeSealed(t *testing.T, disk fstest.MapFS) []diag.Finding {
	t.Helper()
	for name, file := range disk {
		s, err := seal.Parse(file.Data)
		if err != nil || path.Ext(name) != ".seal" || s.Living() {
			continue
		}
		if of := disk[jude+s.Path]; of != nil {
			s.SHA256 = strings.TrimPrefix(seal.Hash(of.Data), "sha256:")
			disk[name] = &fstest.MapFile{Data: s.Bytes()}
		}
	}
	return judge(t, disk)
}

func judge(t *testing.T, disk fstest.MapFS) []diag.Finding {
	t.Helper()
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	return rules.Learner(f, r)
}

// The made-up school breaks no rule.
func TestGood(t *testing.T) {
	for _, f := range judge(t, school(t)) {
		t.Errorf("%s: %s %s: %s", f.File, f.Rule, f.Path, f.Message)
	}
}

// bad is one thing changed, and the finding it must bring: the rule, the file, the
// path, and the line of the file that holds at.
type bad struct {
	rule     string
	file     string // "" removes nothing and adds nothing
	old, new string // "" and "": the file is taken away
	in       string // the file of the finding, where it is another
	path, at string
}

var bads = []bad{
	{"dates-in-order", one, "noticed: 2025-09-15", "noticed: 2025-10-15", "", "assess.date", "  date: 2025-09-29"},
	{"dates-in-order", one, "opened: 2025-09-29", "opened: 2025-10-29", "", "plan.date", "  date: 2025-10-02"},
	{"dates-in-order", one, "review_on: 2025-11-21", "review_on: 2025-09-30", "", "plan.review_on", "review_on:"},
	{"dates-in-order", one, "starts: 2025-10-06", "starts: 2025-12-06", "", "plan.starts", "starts:"},
	{"dates-in-order", one, "due: 2025-11-21", "due: 2025-01-21", "", "plan.targets[0].due", "due: 2025-01-21"},
	{"dates-in-order", one, "  - date: 2025-10-17", "  - date: 2025-09-17", "", "do[0].date", "  - date: 2025-09-17"},
	{"dates-in-order", one, "  - date: 2025-11-07", "  - date: 2025-12-07", "", "review.date", "  date: 2025-11-21"},
	{"dates-in-order", sheet, `  - {from: 2021-09-06, code: "N"}`, "  - {from: 2021-09-06, code: \"N\"}\n  - {from: 2020-09-06, code: K}", "", "sen_provision[1]", "2020-09-06"},
	{"dates-in-order", who, "born: 2017-03-08", "born: 2022-03-08", "", "born", "born:"},

	{"file-owner", one, "learner: jv6fpqgg", "learner: bk7m2xqt", "", "learner", "learner:"},
	{"file-owner", talks, "learner: jv6fpqgg", "learner: bk7m2xqt", "", "learner", "learner:"},

	{"file-name", one, "opened: 2025-09-29", "opened: 2025-09-28", "", "opened", "opened: 2025-09-28"},
	{"file-name", one, "stage: initial-concerns", "stage: passport", "", "stage", "stage: passport"},
	{"file-name", two, "id: nrdv", "id: gxqf", "", "id", "id: gxqf"},

	{"references", one, "responsible_teacher: grimes", "responsible_teacher: grims", "", "responsible_teacher", "responsible_teacher:"},
	{"references", one, "    - by: grimes", "    - by: nobody", "", "assess.concerns[0].by", "by: nobody"},
	{"references", one, "agreed_with: [learner, mum, grimes]", "agreed_with: [learner, gran, grimes]", "", "plan.agreed_with[1]", "agreed_with:"},
	{"references", one, "    - id: t2", "    - id: t1", "", "plan.targets[1].id", ""},
	{"references", one, "for: [t1, t2]", "for: [t1, t9]", "", "plan.provision[0].for[1]", "for:"},
	{"references", one, "      by: bell", "      by: mum", "", "plan.provision[0].by", "by: mum"},
	{"references", one, "    - who: mum\n      words: the same", "    - who: grimes\n      words: the same", "", "plan.home[0].who", "- who: grimes"},
	{"references", one, "    provision: p1\n    delivered: 10", "    provision: p9\n    delivered: 10", "", "do[0].provision", "provision: p9"},
	{"references", one, "    target: t1\n    value", "    target: t9\n    value", "", "do[1].target", "target: t9"},
	{"references", one, "present: [learner, mum, grimes]", "present: [learner, mum, gran]", "", "review.present[2]", "present:"},
	{"references", one, "recorded_by: grimes", "recorded_by: mum", "", "review.recorded_by", "recorded_by:"},
	{"references", one, "    - target: t2", "    - target: t1", "", "review.targets[1].target", ""},
	{"references", one, "      result: 7\n", "", "", "review.targets[1]", "- target: t2"},
	{"references", one, "    - provision: p1", "    - provision: p7", "", "review.provision[0].provision", "provision: p7"},
	{"references", one, "    - who: dad\n      not_sought: Could", "    - who: bell\n      not_sought: Could", "", "review.parents_say[1].who", "who: bell"},
	{"references", sheet, `responsible_teacher: sato`, `responsible_teacher: dad`, "", "team.responsible_teacher", "team:"},
	{"references", sheet, "stage: initial-concerns", "stage: initial-concern", "", "stage", "stage:"},
	{"references", who, "  - id: dad", "  - id: uncle", "", "family[1].id", "id: uncle"},
	{"references", talks, "with: [mum]", "with: [gran]", "", "contacts[0].with[0]", "with: [gran]"},
	{"references", talks, "by: grimes", "by: nobody", "", "contacts[0].by", "by: nobody"},
	{"references", fix, "corrects: gxqf", "corrects: zzzz", "", "corrects", "corrects:"},
	{"references", fix, "path: review.targets[1].result", "path: review.targets[7].result", "", "path", ""},
	{"references", fix, "was: 7", "was: 6", "", "was", "was:"},

	{"sealed", one, "result: 19", "result: 29", "", "", ""},
	{"sealed", one, "", "", jude + "seals/gxqf-review.seal", "", ""},
	{"sealed", jude + "seals/gxqf-review.seal", "", "", one, "review", "  date: 2025-11-21"},
	{"sealed", jude + "seals/xmrz-correct.seal", "", "", fix, "id", "id:"},

	{"stage-moves", move, "", "format: move/v1\nlearner: jv6fpqgg\nid: m2m2\ndate: 2026-02-12\nfrom: initial-concerns\nto: early-support\npathway: northumberland/1\ndecided_by: eyre\n", sheet, "stage", "stage:"},
	{"sealed", move, "", "format: move/v1\nlearner: jv6fpqgg\nid: m2m2\ndate: 2026-02-12\nfrom: initial-concerns\nto: early-support\npathway: northumberland/1\ndecided_by: eyre\n", move, "id", "id:"},
	{"references", asked, "", "format: request/v1\nlearner: jv6fpqgg\nid: q2q2\nkind: top-up\nasked_by: nobody\nopened: 2026-03-02\n", asked, "asked_by", "asked_by:"},
}

func TestBad(t *testing.T) {
	tried := map[string]bool{}
	for _, b := range bads {
		t.Run(b.rule+"/"+b.path+" "+b.new, func(t *testing.T) {
			disk := school(t)
			switch {
			case b.old == "" && b.new == "":
				delete(disk, b.file)
			case b.old == "":
				disk[b.file] = &fstest.MapFile{Data: []byte(b.new)}
			default:
				text := string(disk[b.file].Data)
				if !strings.Contains(text, b.old) {
					t.Fatalf("the file holds no %q", b.old)
				}
				disk[b.file].Data = []byte(strings.Replace(text, b.old, b.new, 1))
			}
			file := b.in
			if file == "" {
				file = b.file
			}
			var others []string
			found := judge
			if b.rule != "sealed" {
				found = judgeSealed
			}
			for _, f := range found(t, disk) {
				if f.Rule != b.rule || f.File != file || f.Path != b.path {
					others = append(others, f.Rule+" "+f.File+" "+f.Path)
					continue
				}
				if f.Severity != diag.Error || f.Message == "" || f.Hint == "" {
					t.Errorf("a poor finding: %+v", f)
				}
				if b.at != "" {
					want := 1 + strings.Count(string(disk[file].Data)[:lineOf(t, string(disk[file].Data), b.at)], "\n")
					if f.Span.Start.Line != want {
						t.Errorf("line %d, want %d", f.Span.Start.Line, want)
					}
				}
				tried[b.rule] = true
				return
			}
			t.Errorf("no finding of %s at %s %s; there are %q", b.rule, file, b.path, others)
		})
	}
	for _, r := range rules.All() {
		// The others are tried by TestPages; of gate see TestBadJourney.
		if r.Guards && r.Group().Hundred == 2 && !tried[r.Name] && r.Name != "gate" {
			t.Errorf("no bad record for the rule %s", r.Name)
		}
	}
}

// lineOf is where at stands first; a date of the cycle's own parts, which stands in
// notes and voices too, only as a line.
func lineOf(t *testing.T, text, at string) int {
	t.Helper()
	i := strings.Index(text, at)
	if strings.HasPrefix(at, "  date: 2025-11-21") || strings.HasPrefix(at, "  date: 2025-10-02") {
		i = strings.Index(text, "\n"+at) + 1
	}
	if i < 0 {
		t.Fatalf("no %q", at)
	}
	return i
}

// Two open cycles at once; one open cycle, and a cycle whose review was there before its plan.
func TestTwoOpen(t *testing.T) {
	cut := func(text []byte, from string) []byte {
		i := strings.Index(string(text), "\n"+from)
		return text[:i+1]
	}
	found := func(disk fstest.MapFS) (paths []string) {
		for _, f := range judgeSealed(t, disk) {
			if f.Rule == "cycle-open" {
				paths = append(paths, f.File+" "+f.Path)
			}
		}
		return paths
	}
	disk := school(t)
	disk[two].Data = cut(disk[two].Data, "review:")
	if got := found(disk); got != nil {
		t.Errorf("one open cycle: %v", got)
	}
	disk[one].Data = cut(disk[one].Data, "review:")
	if got := found(disk); !slices.Equal(got, []string{two + " id"}) {
		t.Errorf("two open cycles: %v", got)
	}
	disk = school(t)
	text := string(disk[one].Data)
	disk[one].Data = []byte(text[:strings.Index(text, "\nplan:")+1] + text[strings.Index(text, "\nreview:")+1:])
	if got := found(disk); !slices.Equal(got, []string{one + " review"}) {
		t.Errorf("a review without a plan: %v", got)
	}
}

// Every rule says what it demands and where that comes from, under a name that is one word.
func TestRulesAreDescribed(t *testing.T) {
	name, id := regexp.MustCompile(`^[a-z]+[0-9]?(-[a-z0-9]+)*$`), regexp.MustCompile(`^SEN([1-9]|1[0-6])[0-9]{2}$`)
	seen, last := map[string]bool{}, 0
	for _, r := range rules.All() {
		if !name.MatchString(r.Name) || !id.MatchString(r.ID) || r.Severity < diag.Error || r.Severity > diag.Advice || r.About == "" || r.Source == "" || !strings.HasSuffix(r.About, ".") {
			t.Errorf("%+v", r)
		}
		if seen[r.Name] || seen[r.ID] {
			t.Errorf("%s %s is there twice", r.ID, r.Name)
		}
		seen[r.Name], seen[r.ID] = true, true
		if n, _ := strconv.Atoi(r.ID[3:]); n <= last {
			t.Errorf("%s %s stands out of order", r.ID, r.Name)
		} else {
			last = n
		}
	}
}

// A finding never holds words of the record.
func TestFindingsHoldNoWords(t *testing.T) {
	disk := school(t)
	for p, f := range disk {
		if strings.HasPrefix(p, jude) && strings.HasSuffix(p, ".yaml") {
			f.Data = []byte(strings.ReplaceAll(string(f.Data), "grimes", "Secretname"))
		}
	}
	all := judge(t, disk)
	if len(all) == 0 {
		t.Fatal("nothing was found")
	}
	for _, f := range all {
		if strings.Contains(f.Message+f.Hint, "Secretname") || strings.Contains(f.Message+f.Hint, "Ashworth") {
			t.Errorf("%s: %s (%s)", f.Rule, f.Message, f.Hint)
		}
	}
}
