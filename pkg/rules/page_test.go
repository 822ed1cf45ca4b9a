package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// pageDay is the day on which examples are judged: that of the made-up school.
const pageDay = "2026-11-22"

// pageFiles are the files of the made-up school that an example means by a kind.
func pageFiles() map[string]string {
	const jude, kai, mina = "learners/jv6fpqgg/", "learners/kk4wfw4j/", "learners/rq62bfzs/"
	return map[string]string{
		"setting": "sendctl.yaml", "people": "people.yaml", "pathway": "pathway.yaml",
		"identity": jude + "identity.yaml", "learner": jude + "learner.yaml", "contacts": jude + "contacts.yaml", "readings": jude + "readings.yaml",
		"passport": jude + "passport.yaml", "profile": mina + "profile.yaml",
		"cycle":    jude + "cycles/2026-11-02-sen-support-plan-vnz9.yaml", // open
		"reviewed": jude + "cycles/2026-07-07-sen-support-plan-xdzd.yaml", // the one before it
		"concern":  jude + "cycles/2025-09-29-initial-concerns-gxqf.yaml", // the first
		"move":     jude + "moves/2026-07-07-sen-support-plan-x297.yaml",  // to the plan
		"register": jude + "moves/2026-02-12-passport-v4ps.yaml",          // to SEN support
		"advice":   jude + "advice/2026-06-26-xk6z.yaml",
		"star":     kai + "requests/2026-01-12-star-kpqp.yaml", "star-decision": kai + "requests/2026-01-28-star-kpqp-decision-kjhg.yaml",
		"cosa": kai + "requests/2026-09-15-cosa-g556.yaml", "cosa-decision": kai + "requests/2026-10-14-cosa-g556-decision-w6dh.yaml",
		"kai": kai + "learner.yaml", "kai-identity": kai + "identity.yaml", "kai-cycle": kai + "cycles/2026-09-09-sen-support-plan-tdv9.yaml",
		"mina": mina + "learner.yaml", "mina-identity": mina + "identity.yaml",
	}
}

// madeUp is the made-up school in memory.
func madeUp(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := fstest.MapFS{}
	from := os.DirFS("../../examples/thornelaw")
	if err := fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(p, ".sendctl/") {
			return err
		}
		b, err := fs.ReadFile(from, p)
		disk[p] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return disk
}

// TestPages: every rule has a page; its bad example brings the rule's finding and no
// other, its good one none at all.
func TestPages(t *testing.T) {
	files, err := os.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, r := range rules.All() {
		named[r.Name+".md"] = true
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			p, err := r.Page()
			if err != nil {
				t.Fatal(err)
			}
			if reason := elsewhere()[r.Name]; reason != "" {
				return
			}
			found := judgeSample(t, r, p.Bad)
			ours := 0
			for _, x := range found {
				if x.Rule == r.Name {
					ours++
				} else {
					t.Errorf("the bad example: %s", inWords(x))
				}
			}
			if ours == 0 {
				t.Error("the bad example: nothing is found")
			}
			for _, x := range judgeSample(t, r, p.Good) {
				t.Errorf("the good example: %s", inWords(x))
			}
		})
	}
	for _, f := range files {
		if !named[f.Name()] {
			t.Errorf("pages/%s is of no rule", f.Name())
		}
	}
}

// TestMadeUpSchool: no rule finds anything in it.
func TestMadeUpSchool(t *testing.T) {
	for _, x := range judgeAll(t, madeUp(t), date.MustParse(pageDay)) {
		t.Error(inWords(x))
	}
}

// elsewhere are the rules whose finding no state of a folder can show, each with the
// reason and the test that brings it about.
func elsewhere() map[string]string {
	return map[string]string{
		"taken-away":      "it compares what is staged with the last commit; testdata/script/hook.txtar",
		"name-in-history": "git keeps it beside the files; TestMetadata",
		"yaml-size":       "a file of the folder is refused as too large before it is read (file); pkg/yamldoc, intake_test.go",
		"waiver-unused":   "only what every rule found says so; pkg/linter, TestPagesOfWaivers",
		"baseline-stale":  "only what every rule found says so; testdata/script/validate-baseline.txtar",
		"waiver-refused":  "told where waivers are applied; pkg/linter, TestPagesOfWaivers",
		"correction":      "validate tells of it as references; show and audit by this name; pkg/folder, corrected_test.go",
	}
}

func inWords(x diag.Finding) string {
	return fmt.Sprintf("%s:%d %s %s: %s [%s]", x.File, x.Span.Start.Line, x.Path, x.Severity, x.Message, x.Rule)
}

func judgeSample(t *testing.T, r rules.Rule, s rules.Sample) []diag.Finding {
	t.Helper()
	disk := madeUp(t)
	day := date.MustParse(pageDay)
	for _, b := range s.Blocks {
		if !b.Day.IsZero() {
			day = b.Day
		}
		lay(t, disk, b)
	}
	if r.Name == "sealed" {
		return judgeAll(t, disk, day)
	}
	for name, file := range disk {
		if s, err := seal.Parse(file.Data); err == nil && s.Living() && disk[path.Join(path.Dir(path.Dir(name)), s.Path)] == nil {
			delete(disk, name) // an example without it is of a learner who never had one
		}
	}
	var out []diag.Finding
	for _, x := range judgeAll(t, resealed(disk), day) {
		// What an example writes anew has no seal, and a seal made again breaks the chain.
		if x.Rule != "sealed" {
			out = append(out, x)
		}
	}
	return out
}

// resealed makes every seal fit the file as it is now.
func resealed(disk fstest.MapFS) fstest.MapFS {
	for name, file := range disk {
		s, err := seal.Parse(file.Data)
		if err != nil || path.Ext(name) != ".seal" || s.Living() {
			continue
		}
		if of := disk[path.Join(path.Dir(path.Dir(name)), s.Path)]; of != nil {
			s.SHA256 = strings.TrimPrefix(seal.Hash(of.Data), "sha256:")
			disk[name] = &fstest.MapFile{Data: s.Bytes()}
		}
	}
	return disk
}

func judgeAll(t *testing.T, disk fstest.MapFS, day date.Date) []diag.Finding {
	t.Helper()
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.Learners()
	if err != nil {
		t.Fatal(err)
	}
	var out []diag.Finding
	var facts []rules.Facts
	for _, id := range all {
		r, err := f.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		v := rules.Judge(f, r, day)
		out, facts = append(out, v.Findings...), append(facts, v.Facts)
	}
	return append(rules.Whole(f, facts, day), out...)
}

// lay lays one block of an example over the school.
func lay(t *testing.T, disk fstest.MapFS, b rules.Block) {
	t.Helper()
	name, kind := pageFiles()[b.File]
	if !kind {
		name = "learners/jv6fpqgg/" + b.File
		if rest, ok := strings.CutPrefix(b.File, "/"); ok {
			name = rest
		}
	}
	if b.Gone && b.Path == "" {
		if disk[name] == nil {
			t.Fatalf("%s is not there to be taken away", name)
		}
		delete(disk, name)
		return
	}
	if b.Raw {
		disk[name] = &fstest.MapFile{Data: raw(t, name, disk[name], b)}
		return
	}
	if !kind && b.Path == "" {
		disk[name] = &fstest.MapFile{Data: []byte(b.Text)}
		return
	}
	doc := parsed(t, name, string(disk[name].Data))
	var err error
	switch {
	case b.Gone:
		doc, err = doc.Edit(yamldoc.Delete(at(t, b.Path)))
	case b.Path != "":
		// The value stands under a key of its own, so that anything can be written there.
		v := parsed(t, "example.yaml", "value:\n"+indented(b.Text)).Root().Get("value")
		doc, err = doc.Edit(yamldoc.Set(at(t, b.Path), valueOf(v)))
	default:
		for _, p := range parsed(t, "example.yaml", b.Text).Root().Pairs {
			if doc, err = doc.Edit(yamldoc.Set(yamldoc.Path{yamldoc.KeyStep(p.Key.Value)}, valueOf(p.Value))); err != nil {
				break
			}
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	disk[name] = &fstest.MapFile{Data: doc.Bytes()}
}

// raw is the file with a raw block in the place of the lines of its path, or in its own.
func raw(t *testing.T, name string, was *fstest.MapFile, b rules.Block) []byte {
	t.Helper()
	text := meant(t, b.Text)
	if b.Path == "" {
		return []byte(text)
	}
	doc := parsed(t, name, string(was.Data))
	n := doc.Find(at(t, b.Path))
	if n == nil {
		t.Fatalf("%s: there is no %s", name, b.Path)
	}
	lines := strings.SplitAfter(string(was.Data), "\n")
	first, last := n.Span.Start.Line, n.Span.End.Line
	if steps := at(t, b.Path); true {
		for _, p := range doc.Find(steps[:len(steps)-1]).Pairs {
			if p.Value == n {
				first = p.Key.Span.Start.Line
			}
		}
	}
	return []byte(strings.Join(lines[:first-1], "") + text + strings.Join(lines[last:], ""))
}

// meant is the text of a raw block with its <…> replaced by what they stand for.
func meant(t *testing.T, text string) string {
	t.Helper()
	if rest, ok := strings.CutSuffix(text, "<no line end>\n"); ok {
		text = rest
	}
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(text, "<")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		word, rest, _ := strings.Cut(after, ">")
		n := 0
		switch times, what, repeated := strings.Cut(word, " times "); {
		case repeated:
			if _, err := fmt.Sscan(times, &n); err != nil {
				t.Fatalf("<%s>: %v", word, err)
			}
			out.WriteString(strings.Repeat(what, n))
		case strings.HasPrefix(word, "U+"):
			if _, err := fmt.Sscanf(word, "U+%x", &n); err != nil {
				t.Fatalf("<%s>: %v", word, err)
			}
			out.WriteRune(rune(n))
		case strings.HasPrefix(word, "0x"):
			if _, err := fmt.Sscanf(word, "0x%x", &n); err != nil {
				t.Fatalf("<%s>: %v", word, err)
			}
			out.WriteByte(byte(n))
		default: // what it says
			out.WriteString("<")
			rest = after
		}
		text = rest
	}
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

func at(t *testing.T, p string) yamldoc.Path {
	t.Helper()
	out, err := yamldoc.ParsePath(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func parsed(t *testing.T, name, text string) *yamldoc.Doc {
	t.Helper()
	doc, faults := yamldoc.Parse(name, []byte(text))
	if doc == nil || diag.Worst(faults) == diag.Error {
		t.Fatalf("%s cannot be read: %v", name, faults)
	}
	return doc
}

func valueOf(n *yamldoc.Node) yamldoc.Value {
	switch n.Kind {
	case yamldoc.Map:
		var pairs []yamldoc.KV
		for _, p := range n.Pairs {
			pairs = append(pairs, yamldoc.KV{Key: p.Key.Value, Value: valueOf(p.Value)})
		}
		return yamldoc.MapOf(pairs...)
	case yamldoc.List:
		var items []yamldoc.Value
		for _, it := range n.Items {
			items = append(items, valueOf(it))
		}
		return yamldoc.ListOf(items...)
	}
	if n.Tag == yamldoc.Str {
		return yamldoc.Words(n.Value)
	}
	return yamldoc.Raw(n.Value)
}
