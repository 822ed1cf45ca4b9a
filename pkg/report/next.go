package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

type (
	cycleFile   = recordfile.File[learner.Cycle]
	requestFile = recordfile.File[learner.Request]
)

// Next answers where a learner is, what is owed, what is missing for the next step
// and who can supply it, and where to turn, for `next`.
type Next struct {
	Format      string      `json:"format"` // sendctl-next/1
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Year        string      `json:"year"`
	YearWords   string      `json:"year_words"`
	Today       date.Date   `json:"today"`
	Stage       string      `json:"stage"`
	StageWords  string      `json:"stage_words"`
	StageSince  date.Date   `json:"stage_since"` // the last move, else the day of joining
	Moved       bool        `json:"moved"`       // whether StageSince is a move's
	SEN         string      `json:"sen_provision"`
	SENSince    date.Date   `json:"sen_provision_since"`
	Teacher     string      `json:"responsible_teacher"`
	TeacherName string      `json:"responsible_teacher_name"`
	SENCo       string      `json:"senco,omitempty"`
	SENCoName   string      `json:"senco_name,omitempty"`
	Cycle       string      `json:"open_cycle,omitempty"`
	Planned     date.Date   `json:"planned"`
	ReviewOn    date.Date   `json:"review_on"`
	Reviews     int         `json:"reviews"` // reviewed cycles at this stage, since it began
	Requests    []Standing  `json:"requests"`
	Owed        []Owed      `json:"owed"`
	Steps       []NextStep  `json:"steps"`
	Others      []OtherWay  `json:"other_ways"` // with less support, or across
	Help        []Turn      `json:"help"`
	Faults      []FileFault `json:"faults,omitempty"`
}

// Standing is one request and how it stands.
type Standing struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind"`
	KindWords   string    `json:"kind_words"`
	Opened      date.Date `json:"opened"`
	Sent        date.Date `json:"sent"`
	Decided     date.Date `json:"decided"` // the panel's day, the latest
	Result      string    `json:"result,omitempty"`
	ResultWords string    `json:"result_words,omitempty"`
	From        date.Date `json:"from"` // of what was granted
	To          date.Date `json:"to"`
	Open        bool      `json:"open"`
	Words       string    `json:"standing_words"` // "STAR: agreed, to 17 July 2026"
}

// NextStep is one step from here, and what is looked at before it.
type NextStep struct {
	To       []string    `json:"to"` // stages with one and the same gate, or one request
	ToWords  string      `json:"to_words"`
	Kind     string      `json:"kind"`                    // stage or request
	Way      string      `json:"way,omitempty"`           // of a stage: up, down, across or out
	SEN      string      `json:"sen_provision,omitempty"` // of a stage: the code usual there
	Usual    bool        `json:"usual"`                   // whether the pathway names the way
	Asked    bool        `json:"asked"`                   // whether it was asked for by name
	Met      int         `json:"met"`
	Checks   []GateCheck `json:"checks"`   // all of the gate, met or not
	Ready    int         `json:"ready"`    // of Evidence
	Evidence []GateCheck `json:"evidence"` // of a request: what a panel reads, in its order
	Do       string      `json:"do"`       // the command to type
}

// OtherWay is a way to less support, or across.
type OtherWay struct {
	To      string `json:"to"`
	ToWords string `json:"to_words"`
	Way     string `json:"way"` // down or across
	Do      string `json:"do"`
}

// Turn is where to turn for help, at a stage or with a request.
type Turn struct {
	About      string   `json:"about"` // a stage or a kind of request
	AboutWords string   `json:"about_words"`
	Help       []string `json:"help"`
}

// NextOf answers for one learner as of today. to is the id of the stage or kind of
// request that is asked about; "" asks about the usual steps from here.
func NextOf(f *folder.Folder, r *folder.Record, to string, today date.Date) Next {
	s := speaker{f, r}
	is := r.Learner.Value
	show := RowOf(f, r, today)
	v := Next{Format: "sendctl-next/1", ID: r.ID, Name: s.name(), Year: show.Year, YearWords: show.YearWords, Today: today,
		Stage: is.Stage, StageWords: s.stage(is.Stage), StageSince: stageSince(r), SEN: show.SEN,
		Teacher: show.Teacher, TeacherName: show.TeacherName, SENCo: is.Team.SENCo, SENCoName: s.person(is.Team.SENCo),
		Cycle: show.Cycle, ReviewOn: show.ReviewOn, Faults: faultsOf(r),
		Requests: []Standing{}, Owed: []Owed{}, Steps: []NextStep{}, Others: []OtherWay{}, Help: []Turn{}}
	_, v.Moved = lastMove(r)
	for _, p := range is.SENProvision {
		if !p.From.After(today) {
			v.SENSince = p.From
		}
	}
	for _, c := range r.Cycles {
		switch {
		case c.Doc == nil:
		case c.Value.Review != nil && c.Value.Stage == is.Stage && !c.Value.Review.Date.Before(v.StageSince):
			v.Reviews++
		case c.Value.ID == v.Cycle && c.Value.Plan != nil:
			v.Planned = c.Value.Plan.Date
		}
	}
	for _, l := range gate.Lives(f, r) {
		if x := s.standing(l, today); x.Open || !lastDay(l).Before(today.AddDays(-365)) {
			v.Requests = append(v.Requests, x)
		}
	}
	v.Owed = append(v.Owed, OwedOf(f, r, today)...)
	v.Steps = append(v.Steps, s.steps(to, v.Requests, today)...)
	if to == "" {
		v.Others = append(v.Others, s.others()...)
	}
	v.Help = append(v.Help, s.help(to, v.Requests)...)
	return v
}

// standing says how a request stands. It is open until it is decided, and after
// that while what was granted runs or its impact is owed, or a limit runs.
func (s speaker) standing(l gate.Life, today date.Date) Standing {
	q := l.Request.Value
	v := Standing{ID: q.ID, Kind: q.Kind, KindWords: s.folder.Pathway.Value.RequestWords(q.Kind), Opened: q.Opened, Sent: q.Sent, Result: l.Result(), Open: l.Open()}
	if n := len(l.Decisions); n > 0 {
		v.Decided = l.Decisions[n-1].Value.Panel
		v.ResultWords = l.Kind.Result(v.Result)
	}
	g := l.Grant()
	if g != nil {
		v.From, v.To = g.From, g.To
	}
	switch {
	case !l.Sent():
		v.Words = fmt.Sprintf("%s: begun on %s, not sent yet", v.KindWords, q.Opened.Long())
	case v.Result == "":
		v.Words = fmt.Sprintf("%s: sent on %s, not decided yet", v.KindWords, q.Sent.Long())
	case g != nil && !g.To.IsZero() && !g.To.Before(today):
		v.Open, v.Words = true, fmt.Sprintf("%s: %s, to %s", v.KindWords, v.ResultWords, g.To.Long())
	case g != nil && !g.To.IsZero():
		v.Open, v.Words = v.Open || len(l.Impacts) == 0, fmt.Sprintf("%s: %s, ended on %s", v.KindWords, v.ResultWords, g.To.Long())
	default:
		v.Open = v.Open || slices.ContainsFunc(l.Limits(), func(x gate.Limit) bool { return x.Met.IsZero() })
		v.Words = fmt.Sprintf("%s: %s on %s", v.KindWords, v.ResultWords, v.Decided.Long())
	}
	return v
}

// lastDay is the latest day of a request's life.
func lastDay(l gate.Life) date.Date {
	last := l.Request.Value.Opened
	later := func(d date.Date) {
		if d.After(last) {
			last = d
		}
	}
	later(l.Request.Value.Sent)
	for _, x := range l.Decisions {
		later(x.Value.Panel)
	}
	for _, x := range l.Impacts {
		later(x.Value.Date)
	}
	if g := l.Grant(); g != nil {
		later(g.To)
	}
	return last
}

// steps are those that to names, or the usual ones: up, each gate once, and from
// where the census code is usually K the requests that are not under way. A step to
// the code E is one only once the authority has agreed to assess, and comes after
// them: its decision leads there, and nothing here. While one request is under way,
// another comes last.
func (s speaker) steps(to string, under []Standing, today date.Date) []NextStep {
	p := &s.folder.Pathway.Value
	here, _ := p.Stage(s.record.Learner.Value.Stage)
	if to != "" {
		if k, ok := p.Request(to); ok {
			return []NextStep{s.requestStep(k, today, true)}
		}
		g := gate.Of(p, here.ID, to)
		return []NextStep{s.stageStep(g, []string{to}, today, true)}
	}
	var out []NextStep
	for _, m := range p.Moves {
		if m.Way != "up" || !slices.Contains(m.From, here.ID) {
			continue
		}
		for _, t := range m.To {
			if there, _ := p.Stage(t); there.SENProvision == "E" && !s.assessed(under) {
				continue
			}
			next := s.stageStep(gate.Gate{Way: m.Way, Usual: true, IDs: m.Gate}, []string{t}, today, false)
			i := slices.IndexFunc(out, func(x NextStep) bool { return sameGate(x, next) })
			if i < 0 {
				out = append(out, next)
				continue
			}
			out[i].To = append(out[i].To, t)
			out[i].ToWords = s.either(out[i].To)
		}
	}
	for _, k := range p.Requests {
		sent := slices.ContainsFunc(under, func(x Standing) bool { return x.Kind == k.ID && x.UnderWay() })
		if here.SENProvision == "K" && !sent {
			out = append(out, s.requestStep(k, today, false))
		}
	}
	waits := slices.ContainsFunc(under, Standing.UnderWay)
	rank := func(x NextStep) int {
		switch {
		case x.SEN == "E":
			return 1
		case x.Kind == "request" && waits:
			return 2
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b NextStep) int { return rank(a) - rank(b) })
	return out
}

// assessed reports whether one of the requests, of a kind that asks for no money,
// was granted: an assessment was agreed, or a plan issued.
func (s speaker) assessed(under []Standing) bool {
	return slices.ContainsFunc(under, func(x Standing) bool {
		k, ok := s.folder.Pathway.Value.Request(x.Kind)
		return ok && !k.Money && x.Result != "" && !Refused(x.Result) && x.Result != "deferred" && x.Result != "withdrawn"
	})
}

// UnderWay reports whether a request was sent and something of it is still to come.
func (x Standing) UnderWay() bool { return x.Open && !x.Sent.IsZero() }

// sameGate reports whether two steps are looked at alike, check by check.
func sameGate(a, b NextStep) bool {
	return slices.EqualFunc(a.Checks, b.Checks, func(x, y GateCheck) bool {
		return x.Check == y.Check && x.State == y.State && x.Found == y.Found
	})
}

// either names stages as a sentence does: "Passport or One-page Profile".
func (s speaker) either(ids []string) string {
	var words []string
	for _, id := range ids {
		words = append(words, s.stage(id))
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func (s speaker) stageStep(g gate.Gate, to []string, today date.Date, asked bool) NextStep {
	from := s.record.Learner.Value.Stage
	// Whoever makes the move says who decided it; that alone is not missing now.
	move := learner.Move{Learner: s.record.ID, Date: today, From: from, To: to[0], DecidedBy: s.record.Learner.Value.Team.SENCo}
	table := gate.Table(s.folder, s.record, g.IDs, gate.Ask{On: today, Move: &move})
	if !g.Usual {
		table = slices.Insert(table, 0, gate.Unusual())
	}
	there, _ := s.folder.Pathway.Value.Stage(to[0])
	out := NextStep{To: to, ToWords: s.either(to), Kind: "stage", SEN: there.SENProvision, Way: g.Way, Usual: g.Usual, Asked: asked, Evidence: []GateCheck{},
		Do: "sendctl advance " + s.record.ID + " --to " + to[0]}
	out.Checks, out.Met = looked(table)
	return out
}

// requestStep looks at a kind of request: at the draft where there is one.
func (s speaker) requestStep(k pathway.Request, today date.Date, asked bool) NextStep {
	ask := &learner.Request{Learner: s.record.ID, Kind: k.ID, Opened: today}
	do := "sendctl advance " + s.record.ID + " --to " + k.ID
	for _, q := range s.record.Requests {
		if kind, ok := s.folder.Pathway.Value.Request(q.Value.Kind); ok && kind.ID == k.ID && q.Value.Sent.IsZero() && q.Doc != nil {
			draft := q.Value
			ask, do = &draft, "sendctl request "+s.record.ID+" send"
			if len(s.record.Requests) > 1 {
				do += " --request " + draft.ID
			}
		}
	}
	out := NextStep{To: []string{k.ID}, ToWords: string(k.Words), Kind: "request", Usual: true, Asked: asked, Do: do}
	out.Checks, out.Met = looked(gate.Table(s.folder, s.record, k.Gate, gate.Ask{On: today, Request: ask}))
	out.Evidence, out.Ready = looked(gate.Table(s.folder, s.record, k.Evidence, gate.Ask{On: today, Request: ask}))
	return out
}

func looked(table []gate.Line) (checks []GateCheck, met int) {
	return GateChecks(table), len(table) - len(gate.Unmet(table))
}

// others are the ways down and across that the pathway names from here.
func (s speaker) others() []OtherWay {
	p := s.folder.Pathway.Value
	here, _ := p.Stage(s.record.Learner.Value.Stage)
	var out []OtherWay
	for _, m := range p.Moves {
		if m.Way != "down" && m.Way != "across" || !slices.Contains(m.From, here.ID) {
			continue
		}
		for _, to := range m.To {
			out = append(out, OtherWay{To: to, ToWords: s.stage(to), Way: m.Way, Do: "sendctl advance " + s.record.ID + " --to " + to})
		}
	}
	return out
}

// help is where to turn: with what was asked about; else at this stage, and with
// the requests under way.
func (s speaker) help(to string, under []Standing) []Turn {
	p := s.folder.Pathway.Value
	var out []Turn
	add := func(id, words string, help []learner.Words) {
		if len(help) > 0 && !slices.ContainsFunc(out, func(t Turn) bool { return t.About == id }) {
			out = append(out, Turn{About: id, AboutWords: words, Help: texts(help)})
		}
	}
	stage := func(id string) {
		if x, ok := p.Stage(id); ok && x.Guide != nil {
			add(x.ID, string(x.Words), x.Guide.Help)
		}
	}
	if k, ok := p.Request(to); ok {
		add(k.ID, string(k.Words), k.Help)
	} else if to != "" {
		stage(to)
	}
	if len(out) > 0 {
		return out
	}
	stage(s.record.Learner.Value.Stage)
	for _, q := range under {
		if k, ok := p.Request(q.Kind); ok && q.Open {
			add(k.ID, string(k.Words), k.Help)
		}
	}
	return out
}
