package casework

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// AnotherStage stands, among the ways from where a learner is, for every stage
// that the pathway names no way to.
const AnotherStage = "another-stage"

// Ways are where the learner can go from here: the ways that the pathway names,
// more support first, then the kinds of request, then AnotherStage. Where the
// pathway names none, it is every stage and every kind of request.
func Ways(c Case) []form.Option {
	p := &c.Folder.Pathway.Value
	from := c.Record.Learner.Value.Stage
	var out []form.Option
	for _, way := range []struct{ code, means string }{
		{"up", "Towards more support."}, {"down", "Towards less support."}, {"across", "Across, with as much support."}, {"out", "Out of the setting."},
	} {
		for _, s := range p.Stages {
			if m, ok := p.Move(from, s.ID); ok && m.Way == way.code && s.ID != from {
				out = append(out, form.Option{Value: s.ID, Words: string(s.Words), Means: way.means})
			}
		}
	}
	named := len(out) > 0
	if !named {
		out = OtherStages(c)
	}
	for _, r := range p.Requests {
		out = append(out, form.Option{Value: r.ID, Words: string(r.Words), Means: "A request beside the stage, which stays as it is."})
	}
	if named {
		out = append(out, form.Option{Value: AnotherStage, Words: "another stage", Means: "A way that the pathway does not name. It wants a reason."})
	}
	return out
}

// OtherStages are all the stages but the one the learner is at.
func OtherStages(c Case) []form.Option {
	var out []form.Option
	for _, s := range c.Folder.Pathway.Value.Stages {
		if s.ID != c.Record.Learner.Value.Stage {
			out = append(out, form.Option{Value: s.ID, Words: string(s.Words)})
		}
	}
	return out
}

// Destination says what was typed after --to, by id or alias: a stage or a kind
// of request. It refuses the stage the learner is at (a *StateError), and what is
// neither (an *UnknownWordError).
func Destination(c Case, typed string) (stage, request string, err error) {
	p := &c.Folder.Pathway.Value
	if r, ok := p.Request(typed); ok {
		return "", r.ID, nil
	}
	s, ok := p.Stage(typed)
	if !ok {
		known := p.StageIDs()
		known = append(known, p.RequestIDs()...)
		for _, s := range p.Stages {
			known = append(known, s.Aliases...)
		}
		for _, r := range p.Requests {
			known = append(known, r.Aliases...)
		}
		return "", "", &UnknownWordError{What: "stage or kind of request", Typed: typed, Known: known, Flag: "--to"}
	}
	if s.ID == c.Record.Learner.Value.Stage {
		return "", "", state("%s is at %s already, so there is nothing to move; where a learner is: sendctl show %s", c.ID(), s.Words, c.ID())
	}
	return s.ID, "", nil
}

// Advancing is a move being made: from where to where, what the pathway asks for
// before it, and its questions.
type Advancing struct {
	Case
	From string
	To   pathway.Stage
	Gate gate.Gate

	own func(path string) bool // see StartAdvance
}

// StartAdvance begins a move to a stage, an id that Destination gave. own says
// what the answers bring themselves: where they name an entry of the contact log,
// any entry will do, and not only the latest, which are offered. nil is nothing.
func StartAdvance(c Case, to string, own func(path string) bool) (*Advancing, error) {
	if err := c.whole(); err != nil {
		return nil, err
	}
	p := &c.Folder.Pathway.Value
	if own == nil {
		own = func(string) bool { return false }
	}
	v := &Advancing{Case: c, From: c.Record.Learner.Value.Stage, own: own}
	v.To, _ = p.Stage(to)
	v.Gate = gate.Of(p, v.From, v.To.ID)
	return v, nil
}

// whole refuses to work on a learner.yaml that cannot be read.
func (c Case) whole() error {
	if c.Record.Learner.Doc != nil {
		return nil
	}
	e := &recordfile.FaultsError{}
	for _, f := range c.Record.Findings {
		if f.File == c.Record.Learner.Path {
			e.Findings = append(e.Findings, f)
		}
	}
	return e
}

// Draft is the name under which half-made answers are kept.
func (p *Advancing) Draft() string { return "advance-" + p.ID() + "-" + p.To.ID }

// Leaves reports whether the move leads out of the setting: by the pathway's word,
// or to a stage with no cycles at which no census code is usual.
func (p *Advancing) Leaves() bool { return p.Gate.Way == "out" || p.To.Away() }

// Asks reports whether the questions of the move ask for what would meet a check.
func (p *Advancing) Asks(check string) bool {
	c, _ := p.Folder.Pathway.Value.Check(check)
	switch c.Test {
	case "parents-told", "main-need", "move-says", "confirmed":
		return true
	case "contact-about":
		code := p.To.SENProvision
		if code == "" {
			code = p.code(p.Today)
		}
		// That the family is told of the move is logged, and counts as a talk about this.
		return len(c.Of) == 0 || slices.Contains(c.Of, p.about(Step{Date: p.Today, SENProvision: code}))
	}
	return false
}

// lessens reports whether the learner has less support afterwards, and is watched
// for a while. One who comes back from elsewhere has not.
func (p *Advancing) lessens() bool {
	from, _ := p.Folder.Pathway.Value.Stage(p.From)
	return !p.Leaves() && !from.Away() && (p.Gate.Way == "down" || !p.To.Cycles)
}

// Step is a move as it was answered: what goes into the move's file, and what is
// recorded with it. Paths of the questions are paths below it, but for
// confirm[CHECK].
type Step struct {
	Date         date.Date             `yaml:"date"`
	Decided      date.Date             `yaml:"decided"`
	DecidedBy    string                `yaml:"decided_by"`
	Because      learner.Words         `yaml:"because"`
	SENProvision string                `yaml:"sen_provision"`
	MainNeed     string                `yaml:"main_need"`
	NeedWords    learner.Words         `yaml:"need_words"` // of a main need that is new
	Told         []string              `yaml:"told"`
	Telling      *learner.ContactEntry `yaml:"telling"` // the entry of the contact log that is added
	NotTold      learner.Words         `yaml:"not_told"`
	Meeting      *learner.Meeting      `yaml:"meeting"`
	MonitorUntil date.Date             `yaml:"monitor_until"`
	ToSetting    learner.Words         `yaml:"to_setting"`

	Confirmed []string // ids of the checks that were vouched for
}

const confirming = "confirm["

// Step is the move as the answers make it. extra puts in what was given beyond
// the questions (nil for nothing).
func (p *Advancing) Step(a form.Answers, extra Extra) (Step, error) {
	return p.step(p.Form(), a, extra)
}

func (p *Advancing) step(questions form.Script, a form.Answers, extra Extra) (Step, error) {
	s := Step{DecidedBy: p.Me.ID}
	direct := func(a form.Answers) []form.Question {
		return slices.DeleteFunc(questions(a), func(q form.Question) bool { return strings.HasPrefix(q.Path, confirming) })
	}
	if err := Fill(&s, direct, a, extra); err != nil {
		return s, err
	}
	for _, q := range questions(a) {
		if check, ok := strings.CutPrefix(q.Path, confirming); ok && a.Yes(q.Path) {
			s.Confirmed = append(s.Confirmed, strings.TrimSuffix(check, "]"))
		}
	}
	if p.stays(s.Date) && s.SENProvision == "" { // not asked for, and as it was
		s.SENProvision = p.code(cmp.Or(s.Date, p.Today))
	}
	if need, ok := p.needStays(s.Date); ok && s.SENProvision == "K" && s.MainNeed == "" {
		s.MainNeed = need
	}
	if t := s.Telling; t != nil {
		if t.By == "" {
			t.By = p.Me.ID
		}
		if t.About == "" {
			t.About = p.about(s)
		}
	}
	return s, nil
}

// about is what the family is told about.
func (p *Advancing) about(s Step) string {
	switch before := p.code(s.Date); {
	case before == "K" && s.SENProvision != before, s.SENProvision == "K" && s.SENProvision != before:
		return "register"
	case p.To.Cycles && p.To.SENProvision == "N":
		return "concern" // support of the register has not begun, and no plan of it
	case s.SENProvision != before:
		return "register"
	case p.To.Document != "":
		return "profile"
	case p.To.Cycles:
		return "plan"
	}
	return "other"
}

// Table looks at each check of the gate, with what the step answers. What is not
// answered yet counts as not there. Where anything is unmet the move wants a
// reason; a way that the pathway does not name is such a thing, and stands first.
func (p *Advancing) Table(s Step) []gate.Line {
	table := p.table(s, "", unwritten)
	for i := range table {
		table[i].Cites = slices.DeleteFunc(table[i].Cites, func(id string) bool { return id == unwritten })
	}
	return table
}

// unwritten stands for the id of the entry of the contact log that the move adds,
// while there is none: a gate goes by ids.
const unwritten = "unwritten"

func (p *Advancing) table(s Step, id, telling string) []gate.Line {
	if s.Date.IsZero() {
		s.Date = p.Today
	}
	m := p.move(s, id)
	a := gate.Ask{On: s.Date, Move: &m, Confirmed: s.Confirmed}
	if s.Telling != nil {
		e := *s.Telling
		e.ID = telling
		a.Log = []learner.ContactEntry{e}
		m.Told = append(m.Told, telling)
	}
	table := gate.Table(p.Folder, p.Record, p.Gate.IDs, a)
	if !p.Gate.Usual {
		table = append([]gate.Line{gate.Unusual()}, table...)
	}
	return table
}

// move is the file that the step makes, without its gate and the entry it adds.
func (p *Advancing) move(s Step, id string) learner.Move {
	m := learner.Move{
		Format: recordfile.Move.Format(), Learner: p.ID(), ID: id, Date: s.Date, To: p.To.ID, Pathway: p.Folder.Pathway.Value.Ref(),
		DecidedBy: s.DecidedBy, Because: s.Because, SENProvision: s.SENProvision, MainNeed: s.MainNeed, Decided: s.Decided,
		Told: slices.Clone(s.Told), NotTold: s.NotTold, Meeting: s.Meeting, MonitorUntil: s.MonitorUntil, ToSetting: s.ToSetting,
	}
	if _, ok := p.Folder.Pathway.Value.Stage(p.From); ok {
		m.From = p.From // a stage of another pathway cannot be named in a file made under this one
	}
	return m
}

// Preview is the move for reading it back, and the entries of the contact log
// that are added with it.
func (p *Advancing) Preview(s Step, table []gate.Line) (learner.Move, []learner.ContactEntry) {
	m := p.move(s, "")
	m.Gate = gate.Checks(table)
	if s.Telling == nil {
		return m, nil
	}
	return m, []learner.ContactEntry{*s.Telling}
}

// code is the census code on a day, "" where there is none.
func (p *Advancing) code(day date.Date) string {
	code := ""
	for _, x := range p.Record.Learner.Value.SENProvision {
		if !x.From.After(day) {
			code = x.Code
		}
	}
	return code
}

// mainNeed is the main area of need on a day, as the record has it, or "".
func (p *Advancing) mainNeed(day date.Date) string {
	for _, n := range p.Record.Learner.Value.Needs {
		if n.Rank == "1" && holds(n, day) {
			return n.Type
		}
	}
	return ""
}

// holds reports whether a need has not ended by a day.
func holds(n learner.Need, day date.Date) bool { return n.Until.IsZero() || n.Until.After(day) }

// earliest is the first day on which the move may be, and what happened then.
func (p *Advancing) earliest() (date.Date, string) {
	day, what := p.Record.Learner.Value.Joined, "the day the learner joined"
	for _, m := range p.Record.Moves {
		if m.Value.Date.After(day) {
			day, what = m.Value.Date, "the last move"
		}
	}
	return day, what
}

// fits refuses a step that the record has no place for.
func (p *Advancing) fits(s Step) error {
	first, what := p.earliest()
	switch {
	case s.Date.IsZero():
		return errors.New("the move has no date")
	case s.Date.Before(first):
		return state("the move is dated %s, before %s, %s; give a later --date", s.Date.Long(), what, first.Long())
	case s.Decided.After(s.Date):
		return state("the move is dated %s and decided later, on %s; a move holds from the day it is decided, or later", s.Date.Long(), s.Decided.Long())
	case s.SENProvision == "N" && s.MainNeed != "":
		return state("a main area of need goes with SEN support or an EHC plan; leave --main-need out, or choose another --sen")
	case len(s.Told) == 0 && s.Telling == nil && s.NotTold == "":
		if gate.OfAge(p.Record, s.Date) {
			return state("the young person is told of every move: say when and how, or why not")
		}
		return state("the family is told of every move: say when and how, or why not")
	}
	codes := p.Record.Learner.Value.SENProvision
	if n := len(codes); n > 0 && s.SENProvision != p.code(s.Date) && codes[n-1].From.After(s.Date) {
		return state("the census code is recorded from %s on already, later than this move, %s; give a later --date, or put the code right first: sendctl edit %s learner.yaml",
			codes[n-1].From.Long(), s.Date.Long(), p.ID())
	}
	return nil
}

// NextCommand is what to type after the move, or "".
func (p *Advancing) NextCommand() string {
	switch {
	case !p.To.Cycles || p.Leaves():
		return ""
	case p.To.Document == "passport", p.To.Document == "profile":
		return "sendctl " + p.To.Document + " " + p.ID()
	}
	if open := p.Record.OpenCycle(); open != nil && open.Value.Plan != nil {
		return fmt.Sprintf("sendctl review %s, since the plan of %s goes on", p.ID(), open.Value.Plan.Date.Long())
	}
	return "sendctl plan " + p.ID()
}
