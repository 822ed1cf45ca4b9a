package examples_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/sendctl/sendctl/examples"
	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Here is how the figures are read from the record: each function tells one thing
// of it in a short line, so that the tables of figures can be read.

func school(t *testing.T) *folder.Folder {
	t.Helper()
	f, err := folder.Open(os.DirFS("thornelaw"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func record(t *testing.T, f *folder.Folder, id string) *folder.Record {
	t.Helper()
	r, err := f.Load(id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// cycles are the learner's cycles as their corrections put them right, oldest first.
func cycles(t *testing.T, r *folder.Record) []learner.Cycle {
	t.Helper()
	var out []learner.Cycle
	for _, file := range r.Cycles {
		c, faults := r.Corrected(file)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		out = append(out, c)
	}
	return out
}

// nth is one of a list, or nothing where there are too few.
func nth[T any](list []T, i int) (one T) {
	if i < len(list) {
		one = list[i]
	}
	return one
}

func first[T any](files []recordfile.File[T]) T { return nth(files, 0).Value }

// value is what p points at, or nothing where there is nothing.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func assess(c learner.Cycle) learner.Assess { return value(c.Assess) }
func plan(c learner.Cycle) learner.Plan     { return value(c.Plan) }
func review(c learner.Cycle) learner.Review { return value(c.Review) }

func join(list []learner.Words) string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return strings.Join(out, ", ")
}

// holds gives part where one of the words holds it, or else all of them, to show.
func holds(list []learner.Words, part string) string {
	if strings.Contains(join(list), part) {
		return part
	}
	return join(list)
}

// days are when a cycle's plan began, and its review: the day of it, or the day
// agreed for it.
func days(c learner.Cycle) string {
	to := review(c).Date
	if to.IsZero() {
		to = plan(c).ReviewOn
	}
	return plan(c).Starts.String() + " to " + to.String()
}

// target tells one target: figure before and aimed at, and the result with its
// score and what next, or the latest figure of the notes.
func target(c learner.Cycle, id string) string {
	var b strings.Builder
	for _, x := range plan(c).Targets {
		if x.ID != id {
			continue
		}
		m := value(x.Measure)
		way := " to "
		if m.Better == "lower" {
			way = " down to "
		}
		fmt.Fprint(&b, m.Baseline, way, m.Target)
		if m.Of != "" {
			fmt.Fprint(&b, " of ", m.Of)
		}
	}
	if c.Review == nil {
		for _, n := range slices.Backward(c.Do) {
			// The open cycle of today is still being taught: of its notes only those
			// that were known beforehand count.
			if n.Target == id && n.Date.String() == "2026-10-22" {
				fmt.Fprintf(&b, ", %s on %s", n.Value, n.Date)
				break
			}
		}
	}
	for _, x := range review(c).Targets {
		if x.Target == id {
			fmt.Fprintf(&b, ": %s, %s, %s", x.Result, x.Score, x.Next)
		}
	}
	return b.String()
}

func baselines(c learner.Cycle) string {
	var out []string
	for _, x := range plan(c).Targets {
		out = append(out, string(value(x.Measure).Baseline))
	}
	return strings.Join(out, " ")
}

// given tells one provision: how often, how long, in what group, by whom, for
// what, and how much of it was given.
func given(c learner.Cycle, id string) string {
	var b strings.Builder
	for _, p := range plan(c).Provision {
		if p.ID != id {
			continue
		}
		s := value(p.Sessions)
		planned, _ := p.Sessions.Total()
		fmt.Fprintf(&b, "%s x %s min %s by %s for %s: planned %d", s.PerWeek, s.Minutes, p.Ratio, p.By, strings.Join(p.For, " "), planned)
	}
	for _, p := range review(c).Provision {
		if p.Provision != id {
			continue
		}
		fmt.Fprintf(&b, ", delivered %s", p.Delivered)
		if p.Attended != "" {
			fmt.Fprintf(&b, ", attended %s", p.Attended)
		}
	}
	return b.String()
}

func evidence(c learner.Cycle, what learner.Words) string {
	for _, e := range assess(c).Evidence {
		if e.What != what {
			continue
		}
		var parts []string
		figure := string(e.Value)
		if e.Of != "" {
			figure += " of " + string(e.Of)
		}
		if e.Unit != "" {
			figure += " " + string(e.Unit)
		}
		peers := string(e.Peers)
		if peers != "" {
			peers = "peers " + peers
		}
		for _, s := range []string{figure, peers, e.AgeEquivalent, string(e.Words)} {
			if s != "" {
				parts = append(parts, s)
			}
		}
		return e.Date.String() + ": " + strings.Join(parts, ", ")
	}
	return "no such evidence"
}

func seen(c learner.Cycle, what learner.Words) string {
	day, _, _ := strings.Cut(evidence(c, what), ":")
	return day
}

// month is the year and month of a day.
func month(d date.Date) string {
	if d.IsZero() {
		return "no day"
	}
	return fmt.Sprintf("%d-%02d", d.Year(), d.Month())
}

func causes(c learner.Cycle) string {
	var out []string
	for _, x := range assess(c).OtherExplanations {
		said := " no"
		if x.Applies {
			said = " yes"
		}
		out = append(out, x.Cause+said)
	}
	return strings.Join(out, ", ")
}

func voice(said []learner.LearnerVoice) string {
	v := nth(said, 0)
	return fmt.Sprintf("%s (%s, %s)", v.Words, v.How, v.Date)
}

func parent(said []learner.ParentVoice, who string) string {
	for _, v := range said {
		switch {
		case v.Who != who:
		case v.Date.IsZero():
			return string(v.Words)
		default:
			return fmt.Sprintf("%s (%s)", v.Words, v.Date)
		}
	}
	return "nothing"
}

func noted(c learner.Cycle, day string) learner.Words {
	for _, n := range c.Do {
		if n.Date.String() == day {
			return n.Words
		}
	}
	return ""
}

func talk(log []learner.ContactEntry, day, about string) learner.ContactEntry {
	for _, e := range log {
		if e.Date.String() == day && e.About == about {
			return e
		}
	}
	return learner.ContactEntry{}
}

func talkWith(log []learner.ContactEntry, day, who string) learner.ContactEntry {
	for _, e := range log {
		if e.Date.String() == day && slices.Contains(e.With, who) {
			return e
		}
	}
	return learner.ContactEntry{}
}

// told is how and when the family was told of a move.
func told(log []learner.ContactEntry, m learner.Move) string {
	var out []string
	for _, id := range m.Told {
		for _, e := range log {
			if e.ID == id {
				out = append(out, e.How+" "+e.Date.String())
			}
		}
	}
	return strings.Join(out, ", ")
}

func moved(t *testing.T, r *folder.Record, day string) learner.Move {
	t.Helper()
	for _, m := range r.Moves {
		if m.Value.Date.String() == day {
			v, _ := folder.Corrected(r, m)
			return v
		}
	}
	t.Errorf("no move on %s", day)
	return learner.Move{}
}

func advice(t *testing.T, r *folder.Record, by, day string) learner.Advice {
	t.Helper()
	for _, a := range r.Advice {
		if a.Value.By == by && a.Value.Date.String() == day {
			return a.Value
		}
	}
	t.Errorf("no advice by %s on %s", by, day)
	return learner.Advice{}
}

func done(a learner.Advice) string {
	var out []string
	for _, r := range a.Recommendations {
		out = append(out, string(r.Words)+" "+r.Done.String())
	}
	return strings.Join(out, ", ")
}

func actions(a learner.Advice) string {
	var out []string
	for _, r := range a.Recommendations {
		out = append(out, string(r.Action))
	}
	return strings.Join(out, "; ")
}

func scores(a learner.Advice) string {
	var out []string
	for _, s := range a.Scores {
		out = append(out, strings.TrimSuffix(string(s.What), ", standard score")+" "+string(s.Value))
	}
	return strings.Join(out, ", ")
}

func reach(r *folder.Record, id string) []learner.Words {
	for _, m := range r.Identity.Value.Family {
		if m.ID == id {
			return []learner.Words{m.Contact.Best}
		}
	}
	return nil
}

func languages(l learner.Learner) string {
	var out []string
	for _, m := range l.Family {
		out = append(out, m.ID+" "+m.Language)
	}
	return strings.Join(out, ", ")
}

func consents(l learner.Learner) string {
	var out []string
	for _, c := range l.Consents {
		out = append(out, fmt.Sprintf("%s %s to %s", c.GivenBy, c.Date, c.Until))
	}
	return strings.Join(out, ", ")
}

func hopes(l learner.Learner) string {
	var out []string
	for _, a := range l.Aspirations {
		out = append(out, string(a.Words))
	}
	return strings.Join(out, " ")
}

func adjustments(l learner.Learner) string {
	var out []string
	for _, a := range l.Adjustments {
		out = append(out, string(a.Adjustment))
	}
	return strings.Join(out, ", ")
}

// register is the latest census code of a learner with the main area of need.
func register(l learner.Learner) string {
	p := nth(l.SENProvision, len(l.SENProvision)-1)
	return fmt.Sprintf("%s from %s, %s", p.Code, p.From, nth(l.Needs, 0).Type)
}

func topUp(l learner.Learner) string {
	var out []string
	for _, d := range l.TopUp {
		out = append(out, fmt.Sprint(d.Applies, " ", d.From))
	}
	return strings.Join(out, ", ")
}

// A paper is a passport or a profile as it was first made.
type paper struct {
	Made       string          `yaml:"made"`
	With       []string        `yaml:"with"`
	Know       []learner.Words `yaml:"know"`
	HardWhen   []learner.Words `yaml:"hard_when"`
	HelpMeBy   []learner.Words `yaml:"help_me_by"`
	HelpMyself []learner.Words `yaml:"help_myself_by"`
	SharedWith []string        `yaml:"shared_with"`
}

// document is the first version of a learner's passport or profile. The folder
// holds the latest; the first stands in the act that made it.
func document(t *testing.T, id, kind string) (p paper) {
	t.Helper()
	acts, err := examples.Acts()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range acts {
		if nth(a.Args, 0) != kind || nth(a.Args, 1) != id || len(a.Answers) == 0 {
			continue
		}
		if err := yaml.NewDecoder(bytes.NewReader(a.Answers)).Decode(&p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Errorf("no %s was made for %s", kind, id)
	return p
}

// agreed are the days on which a passport or profile was agreed, in order.
func agreed(t *testing.T, r *folder.Record, file string) string {
	t.Helper()
	var out []string
	for name, b := range r.Seals {
		s, err := seal.Parse(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s.Act == "agree" && s.Path == file {
			out = append(out, s.Date.String())
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// readers are how many of those who were to read a document's first version did.
func readers(t *testing.T, r *folder.Record, kind string) string {
	t.Helper()
	shared, n := document(t, r.ID, kind).SharedWith, 0
	for _, x := range r.Readings.Value.Readings {
		if x.Document == kind && x.Version == "1" && slices.Contains(shared, x.Who) {
			n++
		}
	}
	return fmt.Sprintf("%d of %d", n, len(shared))
}

// life is a learner's request of one kind with all that followed.
func life(t *testing.T, f *folder.Folder, r *folder.Record, kind string) gate.Life {
	t.Helper()
	for _, l := range gate.Lives(f, r) {
		if l.Kind.ID == kind {
			return l
		}
	}
	t.Errorf("no request of kind %s", kind)
	return gate.Life{}
}

func limit(l gate.Life, id string) gate.Limit {
	for _, x := range l.Limits() {
		if x.Clock.ID == id {
			return x
		}
	}
	return gate.Limit{}
}

func due(l gate.Life, id string) date.Date { return limit(l, id).Due }

// met is on which day of a time limit it was met.
func met(l gate.Life, id string) int {
	x := limit(l, id)
	return x.From.DaysUntil(x.Met)
}

func letter(l gate.Life, what string) string {
	for _, x := range l.Letters {
		if x.Value.What == what {
			return x.Value.Date.String()
		}
	}
	return "no such letter"
}

func money(g *learner.Grant) string {
	return fmt.Sprintf("%s from %s to %s", value(g).Money, value(g).From, value(g).To)
}

func basis(l learner.AskLine) string {
	time := string(l.Hours) + " hours"
	if l.HoursAWeek != "" {
		time = string(l.HoursAWeek) + " a week " + string(l.Weeks) + " weeks"
	}
	return fmt.Sprintf("%s %s %s: %s", l.What, time, l.Hourly, l.Cost)
}

// sum reckons what a request asks for from its lines.
func sum(t *testing.T, lines []learner.AskLine) string {
	t.Helper()
	all, at, err := cost.Basis(lines)
	if err != nil {
		t.Errorf("line %d: %v", at, err)
	}
	return all.Pounds()
}

// line is what one provision of the open plan is reckoned to cost a year.
func line(c gate.Costed, what learner.Words) string {
	for _, l := range c.Lines {
		if l.Provision.What != what {
			continue
		}
		if l.Err != nil {
			return l.Err.Error()
		}
		return l.Annual.Pounds()
	}
	return "no such provision"
}

// annual is what a request says one provision costs.
func annual(r learner.Request, provision string) learner.Number {
	for _, c := range r.Costs {
		if c.Provision == provision {
			return c.Annual
		}
	}
	return ""
}

// percent is the share of the threshold that support takes, rounded.
func percent(c gate.Costed) string {
	if c.Threshold == 0 {
		return "no threshold"
	}
	return fmt.Sprint((100*c.Sum + c.Threshold/2) / c.Threshold)
}

func rate(f *folder.Folder, role string) learner.Number {
	hourly, _ := cost.Rate(f.Setting.Value.Rates, role, examples.Today())
	return hourly
}

func called(f *folder.Folder, id string) string {
	p, _ := f.Person(id)
	return string(p.Name)
}

func role(f *folder.Folder, id string) string {
	p, _ := f.Person(id)
	return p.Role
}

// ready are the states of some items of evidence when a request was sent.
func ready(r learner.Request, items ...string) string {
	var out []string
	for _, id := range items {
		state := "not there"
		for _, x := range r.Readiness {
			if x.Item == id {
				state = x.State
			}
		}
		out = append(out, state)
	}
	return strings.Join(out, " ")
}

// unready are the items of a request that are not there in full.
func unready(r learner.Request) string {
	var out []string
	for _, x := range r.Readiness {
		if x.State != string(gate.Present) {
			out = append(out, x.Item+" "+x.State)
		}
	}
	return strings.Join(out, ", ")
}

// rests are the consents that a request names.
func rests(r learner.Request) string {
	var out []string
	for _, c := range r.Consents {
		out = append(out, fmt.Sprintf("%s %s: %s", c.GivenBy, c.Date, c.To))
	}
	return strings.Join(out, ", ")
}

// marks are what a panel gave its criteria, with the sum.
func marks(d learner.Decision) string {
	var out []string
	all, most := 0, 0
	for _, s := range d.Scores {
		out = append(out, s.Criterion+" "+string(s.Score))
		score, _ := s.Score.Int()
		of, _ := s.Of.Int()
		all, most = all+score, most+of
	}
	return fmt.Sprintf("%s: %d of %d", strings.Join(out, ", "), all, most)
}

func legal(l *learner.LegalTest) string {
	v := value(l)
	return fmt.Sprint(v.MayHaveSEN, " ", v.PlanMayBeNecessary, " ", v.Words)
}
