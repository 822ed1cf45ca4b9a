package casework_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/rules"
)

// mover is the template of the tests of moves: a learner with a concern, under the
// small pathway, whose learner.yaml a person has laid out and commented.
var mover template

func moving(t *testing.T) *box {
	t.Helper()
	mover.once.Do(func() {
		b := &box{t, filepath.Join(scratch, "template-moving"), ""}
		if err := os.Mkdir(b.dir, 0o777); err != nil {
			t.Fatal(err)
		}
		b.run("init", ".", "--name", "Thornelaw Academy", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "grimes", "--role", "teacher")
		b.run("--today", "2025-09-29", "create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--joined", "2021-09-06",
			"--set", "family[0].id=mum", "--set", "family[0].name=Helen Ashworth", "--set", "family[0].parental_responsibility=yes", "--concern", "Reads slowly.", "--area", "cognition-and-learning", "--by", "grimes")
		mover.id = filepath.Base(b.only("learners/*"))
		b.run("contact", mover.id, "--with", "mum", "--how", "meeting", "--about", "register", "--told", "What is planned.", "--date", "2025-10-20")
		b.run("contact", mover.id, "--with", "grimes", "--how", "call", "--about", "plan", "--date", "2025-10-21")
		small, err := os.ReadFile(filepath.Join("testdata", "small-pathway.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		b.write("pathway.yaml", string(small))
		b.git("commit", "-q", "-m", "another pathway", "--", "pathway.yaml")
		text := strings.Replace(b.read("learners/"+mover.id+"/learner.yaml"), "\nstage: ", "\n# where the learner is; see the moves\nstage:   ", 1)
		text = strings.Replace(text, "\nsen_provision:", "\n\n# oldest first\nsen_provision:", 1)
		b.write("learners/"+mover.id+"/learner.yaml", text+"# the end\n")
		b.git("commit", "-q", "-m", "comments", "--", "learners")
		mover.dir = b.dir
	})
	if mover.dir == "" {
		t.Fatal("the template could not be built")
	}
	b := &box{t, filepath.Join(t.TempDir(), "school"), mover.id}
	if err := os.CopyFS(b.dir, os.DirFS(mover.dir)); err != nil {
		t.Fatal(err)
	}
	b.git("update-index", "-q", "--refresh")
	return b
}

// start begins a move of the box's learner, as of a day.
func (b *box) start(today, to string, own ...string) *casework.Advancing {
	b.Helper()
	p, err := casework.StartAdvance(b.caseOf(today), to, func(path string) bool { return slices.Contains(own, path) })
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// move carries a move through.
func (b *box) move(p *casework.Advancing, a form.Answers) error {
	b.Helper()
	s, err := p.Step(a, nil)
	if err != nil {
		b.Fatal(err)
	}
	_, err = b.desk(nil).Advance(context.Background(), p, s, p.Table(s))
	return err
}

func texts(pairs ...string) form.Answers {
	a := form.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		a[pairs[i]] = form.Answer{Text: pairs[i+1]}
	}
	return a
}

func (a pairs) and(path string, items ...string) form.Answers {
	form.Answers(a)[path] = form.Answer{Items: items}
	return form.Answers(a)
}

type pairs form.Answers

func TestAdvanceForm(t *testing.T) {
	b := moving(t)
	up := b.start("2025-11-21", "passport")
	k := texts("date", "2025-11-21", "sen_provision", "K")
	for _, tt := range []struct {
		name  string
		to    string
		give  form.Answers
		own   []string
		path  string
		asked bool
	}{
		{"at first", "passport", nil, nil, "main_need", false},
		{"with SEN support", "passport", k, nil, "main_need", true},
		{"without", "passport", texts("sen_provision", "N"), nil, "main_need", false},
		{"a new need", "passport", texts("sen_provision", "K", "main_need", "SPLD"), nil, "need_words", true},
		{"what no file shows", "passport", nil, nil, "confirm[letter-seen]", true},
		{"what no file shows", "passport", nil, nil, "confirm[family-told]", false},
		{"there are contacts", "passport", nil, nil, "told", true},
		{"nobody said", "passport", nil, nil, "telling.with", true},
		{"a contact shows it", "passport", pairs(texts()).and("told", "x"), nil, "telling.with", false},
		{"a contact shows it", "passport", pairs(texts()).and("told", "x"), nil, "not_told", false},
		{"told now", "passport", pairs(texts()).and("telling.with", "mum"), nil, "telling.told", true},
		{"told now", "passport", pairs(texts()).and("telling.with", "mum"), nil, "not_told", false},
		{"nobody told", "passport", form.Answers{"told": {Skipped: true}, "telling.with": {Skipped: true}}, nil, "not_told", true},
		{"an excuse was given", "passport", nil, []string{"not_told"}, "telling.with", false},
		{"a meeting", "passport", texts("meeting.date", "2025-12-01"), nil, "meeting.invited", true},
		{"no meeting", "passport", form.Answers{"meeting.date": {Skipped: true}}, nil, "meeting.invited", false},
		{"more support", "passport", nil, nil, "monitor_until", false},
		{"less support", "universal", nil, nil, "monitor_until", true},
		{"less support", "universal", nil, nil, "meeting.date", false},
		{"out", "left", nil, nil, "to_setting", true},
		{"out", "left", nil, nil, "monitor_until", false},
		{"out", "left", texts("sen_provision", "K"), nil, "main_need", false},
		{"always", "left", nil, nil, "because", true},
	} {
		p := b.start("2025-11-21", tt.to, tt.own...)
		proper(t, tt.name, p.Form(), tt.give)
		if got := asked(p.Form(), tt.give, tt.path); got != tt.asked {
			t.Errorf("%s: %s is asked: %t", tt.name, tt.path, got)
		}
	}

	// A code that stays follows; another is only likely. So with the main need.
	if q := question(t, up.Form(), nil, "sen_provision"); q.Default != "K" || q.Follows {
		t.Errorf("the code %q follows: %t", q.Default, q.Follows)
	}
	if q := question(t, b.start("2025-11-21", "left").Form(), nil, "sen_provision"); q.Default != "N" || !q.Follows {
		t.Errorf("the code %q follows: %t", q.Default, q.Follows)
	}
	if q := question(t, up.Form(), k, "main_need"); q.Default != "" || q.Follows {
		t.Errorf("the need %q follows: %t", q.Default, q.Follows)
	}
	// Only talks with the family show that it was told.
	if q := question(t, up.Form(), nil, "told"); len(q.Options) != 1 {
		t.Errorf("offered are %+v", q.Options)
	}
	// Nothing likely is taken unseen, and nobody is invited by a default.
	if q := question(t, up.Form(), texts("meeting.date", "2025-12-01"), "meeting.invited"); q.Default != "learner,mum,grimes" || q.Follows {
		t.Errorf("invited %q, follows %t", q.Default, q.Follows)
	}
	if q := question(t, b.start("2025-11-21", "universal").Form(), nil, "monitor_until"); q.Default != "2026-02-13" || q.Follows {
		t.Errorf("watched until %q, follows %t", q.Default, q.Follows)
	}
	for _, day := range []string{"2025-11-22", "2021-09-05"} {
		if q := question(t, up.Form(), nil, "date"); q.Check(form.Answer{Text: day}) == nil {
			t.Errorf("a move on %s is accepted", day)
		}
	}
}

// Where SEN support goes on, the code and the need follow from the record: nobody at
// a terminal is asked for them, and whoever gives another is taken at their word.
func TestAdvanceAsksNothingThatStays(t *testing.T) {
	b := moving(t)
	if err := b.move(b.start("2025-11-21", "passport"), texts("date", "2025-11-21", "sen_provision", "K", "main_need", "SPLD", "not_told", "Not yet.", "because", "Now.")); err != nil {
		t.Fatal(err)
	}
	both := []string{"sen_provision", "main_need"}
	for _, tt := range []struct {
		name, to  string
		own       []string
		give      form.Answers
		asked     []string
		sen, need string
	}{
		{"at a terminal", "sen-support-plan", nil, texts(), nil, "K", "SPLD"},
		{"another need", "sen-support-plan", []string{"main_need"}, texts("main_need", "SLCN"), []string{"main_need"}, "K", "SLCN"},
		{"another code", "sen-support-plan", []string{"sen_provision"}, texts("sen_provision", "N"), []string{"sen_provision"}, "N", ""},
		{"both again", "sen-support-plan", both, texts("sen_provision", "K", "main_need", "HI"), both, "K", "HI"},
		{"another code is usual there", "ehc-plan", nil, texts("sen_provision", "E", "main_need", "SPLD"), both, "E", "SPLD"},
	} {
		p := b.start("2025-11-24", tt.to, tt.own...)
		proper(t, tt.name, p.Form(), tt.give)
		var got []string
		for _, path := range both {
			if asked(p.Form(), tt.give, path) {
				got = append(got, path)
			}
		}
		if diff := cmp.Diff(tt.asked, got); diff != "" {
			t.Errorf("%s is asked for:\n%s", tt.name, diff)
		}
		s, err := p.Step(tt.give, nil)
		if err != nil || s.SENProvision != tt.sen || s.MainNeed != tt.need {
			t.Errorf("%s: code %q, need %q, %v", tt.name, s.SENProvision, s.MainNeed, err)
		}
	}
	c := b.caseOf("2025-11-24")
	c.Nameless = true
	p, err := casework.StartAdvance(c, "sen-support-plan", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range both {
		if give := texts("sen_provision", "K"); path == "main_need" && !asked(p.Form(), give, path) || path != "main_need" && !asked(p.Form(), nil, path) {
			t.Errorf("a script does not see %s", path)
		}
	}
}

// What the family is told about is what the checks of that move look for.
func TestAdvanceTellsAboutTheMove(t *testing.T) {
	b := moving(t)
	k := []string{"sen_provision", "K", "main_need", "SPLD"}
	n := []string{"sen_provision", "N", "monitor_until", "2026-04-01"}
	for i, tt := range []struct {
		to    string
		give  []string
		about string
	}{
		{"universal", n, "other"},
		{"initial-concerns", n, "concern"},
		{"passport", k, "register"},
		{"sen-support-plan", nil, "plan"},
		{"passport", nil, "profile"},
		{"initial-concerns", n, "register"},
	} {
		day := date.MustParse("2025-11-21").AddDays(i).String()
		p := b.start(day, tt.to)
		a := pairs(texts(append([]string{"date", day, "because", "So.", "telling.how", "call", "telling.date", day, "telling.told", "This."}, tt.give...)...)).and("telling.with", "mum")
		s, err := p.Step(a, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Telling == nil || s.Telling.About != tt.about {
			t.Errorf("to %s: told %+v, want about %s", tt.to, s.Telling, tt.about)
		}
		if err := b.move(p, a); err != nil {
			t.Fatalf("to %s: %v", tt.to, err)
		}
	}
}

// A person must say why where something is not met; a script gets the table for it.
func TestAdvanceAsksForTheReasonLast(t *testing.T) {
	b := moving(t)
	p := b.start("2025-11-21", "passport")
	qs := p.Form()(nil)
	if last := qs[len(qs)-1]; last.Path != "because" || last.Optional {
		t.Errorf("last comes %s, optional %t", last.Path, last.Optional)
	}
	c := b.caseOf("2025-11-21")
	c.Nameless = true
	p, err := casework.StartAdvance(c, "passport", nil)
	if err != nil {
		t.Fatal(err)
	}
	if q := question(t, p.Form(), nil, "because"); !q.Optional {
		t.Error("a script must say why before it has seen what is not met")
	}
}

func TestDestination(t *testing.T) {
	c := moving(t).caseOf("2025-11-21")
	for typed, want := range map[string][2]string{"passport": {"passport", ""}, "ssp": {"sen-support-plan", ""}, "PP": {"passport", ""}, "ehcna": {"", "cosa"}, "cosa": {"", "cosa"}} {
		stage, request, err := casework.Destination(c, typed)
		if err != nil || stage != want[0] || request != want[1] {
			t.Errorf("%s: %q, %q, %v", typed, stage, request, err)
		}
	}
	var unknown *casework.UnknownWordError
	if _, _, err := casework.Destination(c, "pasport"); !errors.As(err, &unknown) || !strings.Contains(err.Error(), `did you mean "passport"?`) {
		t.Errorf("pasport: %v", err)
	}
	var here *casework.StateError
	if _, _, err := casework.Destination(c, "concern"); !errors.As(err, &here) {
		t.Errorf("the stage the learner is at: %v", err)
	}
	var offered []string
	for _, o := range casework.Ways(c) {
		offered = append(offered, o.Value)
	}
	if diff := cmp.Diff([]string{"passport", "left", "cosa", casework.AnotherStage}, offered); diff != "" {
		t.Error(diff)
	}
	for _, o := range casework.OtherStages(c) {
		if o.Value == "initial-concerns" {
			t.Error("the present stage is offered")
		}
	}
}

// Up with everything met, down, out and back: each is whole in file, seal and
// history, and learner.yaml keeps every comment.
func TestAdvance(t *testing.T) {
	b := moving(t)
	log := b.caseOf("2025-11-21").Record.Contacts.Value.Contacts
	dir := "learners/" + b.id + "/"

	p := b.start("2025-11-21", "passport")
	a := pairs(texts("date", "2025-11-21", "sen_provision", "K", "main_need", "SPLD", "need_words", "Reading single words.", "confirm[letter-seen]", "true",
		"telling.how", "call", "telling.date", "2025-11-20", "telling.told", "SEN support begins.", "meeting.date", "2025-12-01")).and("telling.with", "mum")
	a["meeting.invited"] = form.Answer{Items: []string{"learner", "mum"}}
	s, err := p.Step(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	table := p.Table(s)
	if un := gate.Unmet(table); len(un) > 0 {
		t.Fatalf("not met: %+v", un)
	}
	before := b.state()
	done, err := b.desk(nil).Advance(context.Background(), p, s, table)
	if err != nil {
		t.Fatal(err)
	}
	if !b.whole(before) {
		t.Fatal("nothing happened")
	}
	if got := b.git("log", "-1", "--format=%s"); got != "advance: "+b.id+" 2025-11-21 passport" {
		t.Errorf("the subject is %q", got)
	}
	r := b.caseOf("2025-11-21").Record
	if len(r.Moves) != 1 || r.Moves[0].Path != dir+"moves/2025-11-21-passport-"+done.File+".yaml" || len(done.Seals) != 1 {
		t.Fatalf("moves %+v, seals %q", r.Moves, done.Seals)
	}
	m := r.Moves[0].Value
	entry := r.Contacts.Value.Contacts[len(log)]
	want := learner.Move{Format: "move/v1", Learner: b.id, ID: done.File, Date: date.MustParse("2025-11-21"), From: "initial-concerns", To: "passport", Pathway: "small/1",
		DecidedBy: "grimes", SENProvision: "K", MainNeed: "SPLD", Told: []string{entry.ID},
		Meeting: &learner.Meeting{Date: date.MustParse("2025-12-01"), Invited: []string{"learner", "mum"}}, Gate: m.Gate}
	if diff := cmp.Diff(want, m, cmp.Comparer(func(a, b date.Date) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	for _, g := range m.Gate {
		if !g.Met || slices.Contains(g.Cites, "unwritten") {
			t.Errorf("sealed: %+v", g)
		}
	}
	if entry.About != "register" || entry.By != "grimes" || !slices.Equal(entry.Cites, []string{done.File}) {
		t.Errorf("the contact log: %+v", entry)
	}
	is := b.read(dir + "learner.yaml")
	for _, line := range []string{"# where the learner is; see the moves\nstage:   passport\n", "\n\n# oldest first\nsen_provision:\n", "# the end\n", "Reading single words."} {
		if !strings.Contains(is, line) {
			t.Errorf("learner.yaml has lost %q:\n%s", line, is)
		}
	}

	// Off the register again: the need has its last day, and the move its watch.
	down := texts("date", "2026-01-10", "sen_provision", "N", "not_told", "Nobody answered.", "monitor_until", "2026-04-01", "because", "It has worked.")
	if err := b.move(b.start("2026-01-12", "universal"), down); err != nil {
		t.Fatal(err)
	}
	r = b.caseOf("2026-01-12").Record
	if n := r.Learner.Value.Needs[0]; n.Until.String() != "2026-01-10" {
		t.Errorf("the need holds until %s", n.Until)
	}
	if m := r.Moves[1].Value; m.MonitorUntil.String() != "2026-04-01" || m.MainNeed != "" || m.NotTold != "Nobody answered." {
		t.Errorf("down: %+v", m)
	}

	// Out, and back with the same need: it begins anew.
	if err := b.move(b.start("2026-02-01", "left"), texts("date", "2026-02-01", "sen_provision", "N", "not_told", "They told us.", "to_setting", "Hill School")); err != nil {
		t.Fatal(err)
	}
	back := texts("date", "2026-03-01", "sen_provision", "K", "main_need", "SPLD", "not_told", "They came.", "because", "Hill School had no place.")
	p = b.start("2026-03-01", "sen-support-plan")
	if asked(p.Form(), back, "monitor_until") {
		t.Error("who comes back is watched as if with less support")
	}
	if err := b.move(p, back); err != nil {
		t.Fatal(err)
	}
	r = b.caseOf("2026-03-01").Record
	var needs []string
	for _, n := range r.Learner.Value.Needs {
		needs = append(needs, fmt.Sprintf("%s %s %s %s", n.Rank, n.Type, n.From, n.Until))
	}
	if diff := cmp.Diff([]string{"2 SPLD 2025-11-21 2026-01-10", "1 SPLD 2026-03-01 "}, needs); diff != "" {
		t.Error(diff)
	}
}

func TestAdvanceRefuses(t *testing.T) {
	b := moving(t)
	ok := func(change ...string) form.Answers {
		a := texts("date", "2025-11-21", "sen_provision", "K", "main_need", "SPLD", "not_told", "Not yet.", "because", "The need is sudden.")
		for k, v := range texts(change...) {
			a[k] = v
		}
		return a
	}
	for name, a := range map[string]form.Answers{
		"before joining":    ok("date", "2021-09-05"),
		"to come":           ok("date", "2999-01-01"),
		"no reason":         ok("because", ""),
		"nobody told":       ok("not_told", ""),
		"an unknown person": pairs(ok()).and("meeting.invited", "nobody"),
	} {
		before := b.state()
		p := b.start("2025-11-21", "passport")
		s, err := p.Step(a, nil)
		if err != nil {
			t.Fatal(err)
		}
		if name == "an unknown person" {
			s.DecidedBy = "nobody"
		}
		if _, err := b.desk(nil).Advance(context.Background(), p, s, p.Table(s)); err == nil {
			t.Errorf("%s: recorded", name)
		}
		if b.whole(before) {
			t.Errorf("%s: something happened", name)
		}
	}

	// Somebody else was quicker: the stage, or what the gate rests on, is not what was shown.
	var changed *casework.StateError
	p := b.start("2025-11-21", "passport")
	if err := b.move(b.start("2025-11-21", "passport"), ok()); err != nil {
		t.Fatal(err)
	}
	before := b.state()
	if err := b.move(p, ok()); !errors.As(err, &changed) {
		t.Errorf("moved twice: %v", err)
	}
	if err := b.move(b.start("2025-11-22", "sen-support-plan"), ok("date", "2025-11-20")); !errors.As(err, &changed) {
		t.Errorf("before the last move: %v", err)
	}
	p = b.start("2025-11-22", "universal")
	s, _ := p.Step(ok("date", "2025-11-22", "sen_provision", "N", "monitor_until", "2026-02-01"), nil)
	shown := p.Table(s)
	for i := range shown {
		shown[i].State = gate.NotApplicable // as it would have been before the record changed
	}
	if _, err := b.desk(nil).Advance(context.Background(), p, s, shown); !errors.As(err, &changed) || !strings.Contains(err.Error(), "--check") {
		t.Errorf("another gate than was shown: %v", err)
	}
	if b.whole(before) {
		t.Error("something happened")
	}
}

// Any stage leads to any other, with a reason. After whatever moves, learner.yaml
// says what the last one did, and the rules find no error.
func TestAdvanceAnywhere(t *testing.T) {
	var wait sync.WaitGroup
	for seed := range uint64(2) {
		wait.Go(func() { wander(t, seed) })
	}
	wait.Wait()
}

func wander(t *testing.T, seed uint64) {
	b := moving(t)
	rnd := rand.New(rand.NewPCG(seed, 7))
	pick := func(from ...string) string { return from[rnd.IntN(len(from))] }
	day := date.MustParse("2025-11-01")
	for range 8 {
		day = day.AddDays(1 + rnd.IntN(20))
		others := casework.OtherStages(b.caseOf(day.String()))
		to := others[rnd.IntN(len(others))].Value
		p := b.start(day.String(), to, "sen_provision", "main_need")
		a := texts("date", day.String(), "sen_provision", pick("N", "K", "E"), "main_need", pick("SPLD", "SLCN", "HI"), "not_told", "By chance.",
			"because", "By chance.", "monitor_until", day.AddDays(80).String())
		s, err := p.Step(a, nil)
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := b.desk(nil).Advance(context.Background(), p, s, p.Table(s)); err != nil {
			t.Errorf("seed %d, %s to %s: %v", seed, p.From, to, err)
			return
		}
		c := b.caseOf(day.String())
		if fs := rules.Learner(c.Folder, c.Record); diag.Worst(fs) == diag.Error {
			t.Errorf("seed %d: %+v", seed, fs)
		}
		if is := c.Record.Learner.Value; is.Stage != to || is.Stage != c.Record.Moves[len(c.Record.Moves)-1].Value.To {
			t.Errorf("seed %d: at %s after the move to %s", seed, is.Stage, to)
		}
	}
}
