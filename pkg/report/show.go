package report

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
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
	Next        string       `json:"next"` // what to type next
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

// FileFault names a file that holds an error, so that nobody takes a view for whole.
type FileFault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// ShowOf makes the view of one learner as of today.
func ShowOf(f *folder.Folder, r *folder.Record, today date.Date) Show {
	s := speaker{f, r}
	is := r.Learner.Value
	v := Show{Format: "sendctl-show/1", ID: r.ID, Name: s.name(), Stage: is.Stage, StageWords: s.stage(is.Stage), Joined: is.Joined, Today: today,
		Teacher: is.Team.ResponsibleTeacher, TeacherName: s.person(is.Team.ResponsibleTeacher), SENCo: is.Team.SENCo, SENCoName: s.person(is.Team.SENCo)}
	v.Year = yearOf(r, today)
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
	v.Faults = faultsOf(r)
	v.next(today)
	return v
}

// yearOf is the learner's year group on a day: 4, R, N2; "" where it is not known.
func yearOf(r *folder.Record, today date.Date) string {
	is := r.Learner.Value
	var reception int
	if _, err := fmt.Sscan(is.Cohort, &reception); err != nil {
		if r.Identity.Value.Born.IsZero() {
			return ""
		}
		reception = r.Identity.Value.Born.Reception()
	}
	year := today.YearGroup(reception)
	for _, x := range is.YearExceptions {
		if !x.From.After(today) {
			year = x.Year
		}
	}
	return year
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
func (v *Show) next(today date.Date) {
	switch {
	case len(v.Faults) > 0:
		v.Next, v.NextWhy = "sendctl validate "+v.ID, "a file holds an error"
	case v.Open == nil && v.Last == nil:
		v.Next, v.NextWhy = "sendctl plan "+v.ID, "nothing is planned yet"
	case v.Open == nil && v.Last.Review.Decision == "another-cycle":
		v.Next, v.NextWhy = "sendctl plan "+v.ID, "the last review decided on another cycle"
	case v.Open == nil && v.Last.Review.Decision == "step-up":
		v.Next, v.NextWhy = "sendctl log "+v.ID, "the last review decided on more support: see what it rests on"
	case v.Open == nil:
		v.Next, v.NextWhy = "sendctl show "+v.ID+" "+v.Last.ID, "the last review in full"
	case v.Open.Planned.IsZero():
		v.Next, v.NextWhy = "sendctl plan "+v.ID, "there is a concern and no plan yet"
	case !v.Open.ReviewOn.After(today):
		v.Overdue = v.Open.ReviewOn.DaysUntil(today)
		v.Next, v.NextWhy = "sendctl review "+v.ID, "the review is due"
	default:
		v.Next, v.NextWhy = "sendctl note "+v.ID, "the plan is under way: write down what you see"
	}
}
