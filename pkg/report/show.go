package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Show is where one learner is, for `show`.
type Show struct {
	Format      string       `json:"format"` // sendctl-show/1
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Year        string       `json:"year"`
	YearWords   string       `json:"year_words"`
	Stage       string       `json:"stage"`
	StageWords  string       `json:"stage_words"`
	Joined      date.Date    `json:"joined"`
	Teacher     string       `json:"responsible_teacher"`
	TeacherName string       `json:"responsible_teacher_name"`
	SENCo       string       `json:"senco,omitempty"`
	SENCoName   string       `json:"senco_name,omitempty"`
	SEN         string       `json:"sen_provision"`
	SENSince    date.Date    `json:"sen_provision_since"`
	Today       date.Date    `json:"today"`
	Open        *Cycle       `json:"open_cycle,omitempty"`
	Last        *Cycle       `json:"last_review,omitempty"`
	Reviews     int          `json:"reviews"`
	Overdue     int          `json:"overdue_days,omitempty"`
	Contacts    int          `json:"contacts"`
	LastTalk    date.Date    `json:"last_contact"`
	StageSince  date.Date    `json:"stage_since"`    // the last move's day; zero where there was none
	Stands      string       `json:"standing_words"` // the stage, and the requests beside it
	Requests    []Standing   `json:"requests"`       // those of which something is still to come
	MainNeed    string       `json:"main_need,omitempty"`
	NeedWords   string       `json:"main_need_words,omitempty"`
	Documents   []Paperwork  `json:"documents,omitempty"`
	Advice      *LastAdvice  `json:"last_advice,omitempty"`
	Move        *LastMove    `json:"last_move,omitempty"`
	Cost        *YearlyCost  `json:"cost,omitempty"`
	Handover    *Passed      `json:"handover,omitempty"` // handed over, and not back since
	Arrivals    []Came       `json:"arrivals,omitempty"` // from other settings, oldest first
	Holds       []Held       `json:"holds,omitempty"`    // in force
	Dearest     []string     `json:"-"`                  // ids of the support of the open cycle, what costs or takes most first
	Next        string       `json:"next"`               // what to type next
	NextWhy     string       `json:"next_why"`
	Faults      []FileFault  `json:"faults,omitempty"` // files that could not be read whole
	Cycles      []CycleBrief `json:"cycles,omitempty"`
}

// CycleBrief is one line of the list of cycles.
type CycleBrief struct {
	ID            string    `json:"id"`
	Stage         string    `json:"stage"`
	StageWords    string    `json:"stage_words"`
	Opened        date.Date `json:"opened"`
	Reviewed      date.Date `json:"reviewed"`
	Decision      string    `json:"decision,omitempty"`
	DecisionWords string    `json:"decision_words,omitempty"`
	Progress      string    `json:"progress,omitempty"`
	ProgressWords string    `json:"progress_words,omitempty"`
}

// Paperwork is how a passport or profile stands.
type Paperwork struct {
	Document string    `json:"document"` // passport or profile
	Words    string    `json:"document_words"`
	Version  string    `json:"version"`
	State    string    `json:"state"` // draft or agreed
	Made     date.Date `json:"made"`
	Agreed   date.Date `json:"agreed"` // the latest day on which somebody agreed
	ReviewOn date.Date `json:"review_on"`
	Stale    bool      `json:"stale"`
	Shared   int       `json:"shared_with"` // of the staff
	Read     int       `json:"read"`        // of those
}

// LastAdvice is the latest advice, and how much advice there is.
type LastAdvice struct {
	ID              string    `json:"id"`
	Date            date.Date `json:"date"`
	By              string    `json:"by"`
	ByName          string    `json:"by_name"`
	Role            string    `json:"role,omitempty"`
	RoleWords       string    `json:"role_words,omitempty"`
	Recommendations int       `json:"recommendations"`
	Holds           string    `json:"holds_words"`           // "4 recommendations", else what was found
	Letter          bool      `json:"letter_only,omitempty"` // a letter of which nothing is noted
	Open            int       `json:"open"`                  // of these
	OpenAll         int       `json:"open_all"`              // of all advice
	Files           int       `json:"files"`
}

// LastMove is the latest change of stage.
type LastMove struct {
	ID        string    `json:"id"`
	Date      date.Date `json:"date"`
	From      string    `json:"from,omitempty"`
	FromWords string    `json:"from_words,omitempty"`
	To        string    `json:"to"`
	ToWords   string    `json:"to_words"`
	Unmet     int       `json:"unmet"` // checks of its gate
}

// YearlyCost is what the additional support of the open cycle costs in a full
// year. Missing counts what could not be reckoned; the sum is then of the rest.
type YearlyCost struct {
	Annual    string `json:"annual"` // pounds
	Threshold string `json:"element_2_threshold,omitempty"`
	Percent   int    `json:"percent,omitempty"` // of Threshold, rounded
	Lines     int    `json:"lines"`
	Missing   int    `json:"missing,omitempty"`
	Words     string `json:"cost_words"`
}

// FileFault names a file that holds an error, so that nobody takes a view for whole.
type FileFault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// ShowOf makes the view of one learner as of today.
func ShowOf(f *folder.Folder, r *folder.Record, today date.Date) Show {
	v := showOf(f, r, today)
	s := speaker{f, r}
	for _, n := range r.Learner.Value.Needs {
		if n.Rank == "1" && !n.From.After(today) && (n.Until.IsZero() || n.Until.After(today)) {
			v.MainNeed, v.NeedWords = n.Type, listed("sen-type", n.Type)
		}
	}
	v.Documents = s.paperwork(today)
	v.Advice = s.lastAdvice()
	v.Cost = s.yearlyCost(today)
	v.Handover, v.Arrivals, v.Holds = s.passed(today), s.came(), s.held(today)
	v.Dearest = s.dearest(today)
	v.next(f, today)
	return v
}

// showOf makes what a list needs of the view too, and nothing that only one
// learner's screen does: a list is made of ten thousand of them.
func showOf(f *folder.Folder, r *folder.Record, today date.Date) Show {
	s := speaker{f, r}
	is := r.Learner.Value
	v := Show{Format: "sendctl-show/1", ID: r.ID, Name: s.name(), Stage: is.Stage, StageWords: s.stage(is.Stage), Joined: is.Joined, Today: today,
		Teacher: is.Team.ResponsibleTeacher, TeacherName: s.person(is.Team.ResponsibleTeacher), SENCo: is.Team.SENCo, SENCoName: s.person(is.Team.SENCo)}
	v.Year = r.Year(today)
	v.YearWords = yearWords(v.Year)
	for _, p := range is.SENProvision {
		if !p.From.After(today) {
			v.SEN, v.SENSince = p.Code, p.From
		}
	}
	for _, c := range r.Cycles {
		fixed, _ := r.Corrected(c)
		b := CycleBrief{ID: fixed.ID, Stage: fixed.Stage, StageWords: s.stage(fixed.Stage), Opened: fixed.Opened}
		if x := fixed.Review; x != nil {
			b.Reviewed, b.Decision, b.Progress = x.Date, x.Decision, x.Progress
			b.DecisionWords, b.ProgressWords = s.words("decisions", x.Decision), s.words("progress", x.Progress)
		}
		v.Cycles = append(v.Cycles, b)
	}
	if open := r.OpenCycle(); open != nil {
		c := CycleOf(f, r, *open)
		v.Open = &c
	}
	done := r.Reviewed()
	v.Reviews = len(done)
	if len(done) > 0 {
		c := CycleOf(f, r, done[len(done)-1])
		v.Last = &c
	}
	for _, e := range r.Contacts.Value.Contacts {
		v.Contacts++
		if e.Date.After(v.LastTalk) {
			v.LastTalk = e.Date
		}
	}
	v.Move = s.lastMove()
	if v.Move != nil {
		v.StageSince = v.Move.Date
	}
	v.Requests = s.requestsNow(today)
	v.Stands = standingWords(v.StageWords, v.Requests, today)
	v.Faults = faultsOf(r)
	return v
}

// requestsNow are the requests of which something is still to come.
func (s speaker) requestsNow(today date.Date) []Standing {
	out := []Standing{}
	for _, l := range gate.Lives(s.folder, s.record) {
		if x := s.standing(l, today); x.Open {
			out = append(out, x)
		}
	}
	return out
}

// standingWords says the stage and the requests beside it in one breath: "SEN
// Support Plan; STAR agreed, to 17 July 2026; COSA sent 16 September 2026".
func standingWords(stage string, requests []Standing, today date.Date) string {
	parts := []string{stage}
	for _, x := range requests {
		w := x.KindWords
		switch {
		case x.Sent.IsZero():
			w += " being prepared"
		case x.Result == "":
			w += " sent " + x.Sent.Long()
		case x.over(today):
			w += " ended " + x.To.Long() + ", its effect not told yet"
		case !x.To.IsZero():
			w += " " + x.ResultWords + ", to " + x.To.Long()
		default:
			w += " " + x.ResultWords + ", " + x.Decided.Long()
		}
		parts = append(parts, w)
	}
	return strings.Join(parts, "; ")
}

func (s speaker) lastMove() *LastMove {
	m, ok := lastMove(s.record)
	if !ok {
		return nil
	}
	v := s.move(m)
	return &LastMove{ID: v.ID, Date: v.Date, From: v.From, FromWords: v.FromWords, To: v.To, ToWords: v.ToWords, Unmet: len(v.Unmet())}
}

func (s speaker) paperwork(today date.Date) []Paperwork {
	var out []Paperwork
	for _, k := range DocumentKinds() {
		d, ok := DocumentOf(s.folder, s.record, k.ID, today)
		if !ok {
			continue
		}
		p := Paperwork{Document: d.Kind, Words: d.KindWords, Version: d.Version, State: d.State, Made: d.Made, ReviewOn: d.ReviewOn, Stale: d.Stale,
			Shared: len(d.SharedWith), Read: len(d.SharedWith) - len(d.Unread)}
		for _, x := range d.Agreed {
			if x.Date.After(p.Agreed) {
				p.Agreed = x.Date
			}
		}
		out = append(out, p)
	}
	return out
}

func (s speaker) lastAdvice() *LastAdvice {
	var out *LastAdvice
	open := 0
	for _, file := range s.record.Advice {
		if file.Doc == nil {
			continue
		}
		a := AdviceOf(s.folder, s.record, file.Path, file.Value)
		open += a.Open
		if out == nil || !a.Date.Before(out.Date) {
			files := 0
			if out != nil {
				files = out.Files
			}
			out = &LastAdvice{ID: a.ID, Date: a.Date, By: a.By, ByName: a.ByName, Role: a.Role, RoleWords: a.RoleWords,
				Recommendations: len(a.Recommendations), Holds: advised(file.Value), Letter: bareLetter(file.Value), Open: a.Open, Files: files}
		}
		out.Files++
	}
	if out != nil {
		out.OpenAll = open
	}
	return out
}

// yearlyCost reckons the additional support of the open cycle at the setting's
// rates of today; nil where there is none, or none of it can be reckoned.
func (s speaker) yearlyCost(today date.Date) *YearlyCost {
	open := s.record.OpenCycle()
	weeks, ok := s.folder.Pathway.Value.Thresholds.WeeksAYear.Int()
	if open == nil || open.Value.Plan == nil || !ok {
		return nil
	}
	lines := cost.Lines(open.Value.Plan, s.folder.Setting.Value.Rates, today, weeks)
	out := YearlyCost{Lines: len(lines)}
	for _, l := range lines {
		if l.Err != nil {
			out.Missing++
		}
	}
	if out.Missing == out.Lines {
		return nil
	}
	sum, _ := cost.Total(lines)
	out.Annual = sum.Pounds()
	out.Words = "Support costs " + Pounds(sum.Number()) + " a year"
	if out.Missing > 0 {
		out.Words = fmt.Sprintf("%d of %d kinds of support cost %s a year", out.Lines-out.Missing, out.Lines, Pounds(sum.Number()))
	}
	if most, ok := element2(s.folder); ok && most > 0 {
		out.Threshold = most.Pounds()
		out.Percent = int((sum*100 + most/2) / most)
		out.Words += fmt.Sprintf(", %d %% of the setting's own %s", out.Percent, thousands(most.Pounds()))
	}
	return &out
}

// dearest are the ids of the additional support of the open cycle, what costs most in
// a year first: or, where not all of it can be reckoned, what takes most hours a year.
func (s speaker) dearest(today date.Date) []string {
	open := s.record.OpenCycle()
	weeks, ok := s.folder.Pathway.Value.Thresholds.WeeksAYear.Int()
	if open == nil || !ok {
		return nil
	}
	lines := cost.Lines(open.Value.Plan, s.folder.Setting.Value.Rates, today, weeks)
	hours := slices.ContainsFunc(lines, func(l cost.Line) bool { return l.Err != nil })
	slices.SortStableFunc(lines, func(a, b cost.Line) int {
		if hours {
			return cmp.Compare(hoursAYear(b.Provision, weeks), hoursAYear(a.Provision, weeks))
		}
		return cmp.Compare(b.Annual, a.Annual)
	})
	var out []string
	for _, l := range lines {
		out = append(out, l.Provision.ID)
	}
	return out
}

// hoursAYear is how many hours of an adult's time a support takes in a full year, be
// they shared or not.
func hoursAYear(p learner.Provision, weeks int) float64 {
	hours, _ := p.HoursAYear.Float()
	if x := p.Sessions; x != nil {
		times, _ := x.PerWeek.Float()
		minutes, _ := x.Minutes.Float()
		hours += times * minutes / 60 * float64(weeks)
	}
	return hours
}

// element2 is what the setting meets itself, in pounds a year: its own figure, else
// the pathway's.
func element2(f *folder.Folder) (most cost.Pence, ok bool) {
	if x := f.Setting.Value.Policies.Element2Threshold; x != "" {
		return cost.Parse(x)
	}
	return cost.Parse(f.Pathway.Value.Thresholds.Element2Threshold)
}

// yearWords is a year group in words: "Year 4", "Reception", "Nursery (N2)".
func yearWords(year string) string {
	switch year {
	case "":
		return ""
	case "R":
		return "Reception"
	case "N1", "N2", "E1", "E2":
		return "Nursery (" + year + ")"
	}
	return "Year " + year
}

func faultsOf(r *folder.Record) []FileFault {
	var out []FileFault
	for _, f := range r.Findings {
		if f.Severity == diag.Error {
			out = append(out, FileFault{File: f.File, Line: f.Span.Start.Line, Message: f.Message})
		}
	}
	return out
}

// next says what to type now, and why.
func (v *Show) next(f *folder.Folder, today date.Date) {
	stage, known := f.Pathway.Value.Stage(v.Stage)
	planned := v.Open != nil && !v.Open.Planned.IsZero()
	switch {
	case len(v.Faults) > 0:
		v.do("validate", "a file holds an error")
	case v.Handover != nil:
		v.handedOn(f)
	case stage.Away():
		v.do("next", "the learner has left")
	case planned && !v.Open.ReviewOn.After(today):
		v.Overdue = v.Open.ReviewOn.DaysUntil(today)
		v.do("review", "the review is due")
	case planned && v.pending(today) != "":
		v.do("next", v.pending(today))
	case planned:
		v.do("note", "the plan is under way: write down what you see")
	case known && !stage.Cycles:
		v.do("next", "no plan is kept at this stage")
	case v.Open != nil:
		v.do("plan", "there is a concern and no plan yet")
	case v.movedSince():
		v.do("plan", "no plan is made at this stage yet")
	case v.Last == nil:
		v.do("plan", "nothing is planned yet")
	default:
		switch v.Last.Review.Decision {
		case "another-cycle":
			v.do("plan", "the last review decided on another cycle")
		case "step-up":
			v.do("advance", "the last review decided on more support")
		case "step-down":
			v.do("advance", "the last review decided on less support")
		case "end":
			v.do("advance", "the last review decided that the support ends")
		default:
			v.do("next", "what may come now")
		}
	}
}

// handedOn says what follows a handover: the receipt, then the stage for those who
// left, then the copy goes.
func (v *Show) handedOn(f *folder.Folder) {
	stage, _ := f.Pathway.Value.Stage(v.Stage)
	out := ""
	for _, s := range f.Pathway.Value.Stages {
		if s.Away() {
			out = s.ID
		}
	}
	switch gone := stage.Away(); {
	case v.Handover.Receipt == nil && !gone && out != "":
		v.do("advance", "the record was handed over, and the learner's stage still says that they are here")
		v.Next += " --to " + out
	case v.Handover.Receipt == nil:
		v.Next, v.NextWhy = "sendctl receive RECEIPT", "the record was handed over, and no receipt is here yet"
	case len(v.Holds) > 0:
		v.do("retention release", "the record was handed over, and a hold keeps the copy here")
	default:
		v.do("purge", "the record was handed over and the receipt is here")
	}
}

func (v *Show) do(command, why string) { v.Next, v.NextWhy = "sendctl "+command+" "+v.ID, why }

// movedSince reports whether the learner came to this stage after the last review:
// what that decided is done.
func (v *Show) movedSince() bool {
	return v.Move != nil && (v.Last == nil || !v.Move.Date.Before(v.Last.Reviewed))
}

// pending says what waits for somebody beside the plan; "" where nothing does.
func (v *Show) pending(today date.Date) string {
	for _, x := range v.Requests {
		switch {
		case x.Sent.IsZero():
			return "the " + x.KindWords + " request is not sent yet"
		case x.over(today):
			return "what " + x.KindWords + " changed is not told yet"
		}
	}
	for _, d := range v.Documents {
		switch {
		case d.State == Draft:
			return "the " + d.Words + " is not agreed yet"
		case d.Stale:
			return "the " + d.Words + " is to be looked at again"
		}
	}
	if v.Advice != nil && v.Advice.OpenAll > 0 {
		return Plural(v.Advice.OpenAll, "recommendation waits", "recommendations wait")
	}
	if len(v.Requests) > 0 {
		return "a request is under way"
	}
	return ""
}

// over reports whether what was granted has ended.
func (x Standing) over(today date.Date) bool { return !x.To.IsZero() && x.To.Before(today) }
