package report

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Due is one thing that is owed by a day. Cycle and ReviewOn are of a review alone.
type Due struct {
	ID          string    `json:"id"`
	Name        string    `json:"name,omitempty"`
	Year        string    `json:"year"`
	YearWords   string    `json:"year_words"`
	StageID     string    `json:"stage"`
	Stage       string    `json:"stage_words"`
	Teacher     string    `json:"responsible_teacher"`
	TeacherName string    `json:"responsible_teacher_name"`
	Cycle       string    `json:"cycle"`
	ReviewOn    date.Date `json:"review_on"`
	Overdue     int       `json:"overdue_days"` // negative while there is time
	When        string    `json:"when_words"`
	What        string    `json:"what"` // a code: review, look-again, reading, limit …
	WhatWords   string    `json:"what_words"`
	About       string    `json:"about,omitempty"` // id of the file it is about, or passport or profile
	On          date.Date `json:"on"`              // the last day, or the day since which it waits
	Who         string    `json:"who"`             // id of an adult, or authority
	WhoName     string    `json:"who_name"`
	Sentence    string    `json:"sentence"`
	Do          string    `json:"do"`              // the command to type
	Waits       bool      `json:"waits,omitempty"` // On is the day since which it waits: nobody set a last one
}

// Short says the same as When, for a narrow column: "3 days late", "in 9 days",
// "for 30 days" of what waits.
func (d Due) Short(today date.Date) string {
	switch {
	case d.Overdue > 0 && d.Waits:
		return "for " + Plural(d.Overdue, "day", "days")
	case d.Overdue > 0:
		return Plural(d.Overdue, "day late", "days late")
	}
	return When(d.On, today)
}

// DueKinds are the codes that Due.What can have.
func DueKinds() []string {
	return []string{owedReview, owedLookAgain, owedReading, owedLimit, owedDecision, owedImpact, owedMonitoring, owedConsent, owedAdjustment, owedReceipt, owedRemoval}
}

// dueOf begins a line of a learner's.
func dueOf(r Row) Due {
	return Due{ID: r.ID, Name: r.Name, Year: r.Year, YearWords: r.YearWords, StageID: r.Stage, Stage: r.StageWords, Teacher: r.Teacher, TeacherName: r.TeacherName}
}

// Dues picks the reviews, and nothing else, that fall due within the given number
// of days from today, and those overdue, the longest overdue first.
func Dues(rows []Row, today date.Date, within int) []Due {
	var out []Due
	for _, r := range rows {
		if r.ReviewOn.IsZero() || r.ReviewOn.After(today.AddDays(within)) {
			continue
		}
		d := dueOf(r)
		d.What, d.WhatWords, d.About, d.Cycle, d.ReviewOn, d.On = owedReview, "review", r.Cycle, r.Cycle, r.ReviewOn, r.ReviewOn
		d.Who, d.WhoName, d.Do = r.Teacher, r.TeacherName, "sendctl review "+r.ID
		d.Overdue = r.ReviewOn.DaysUntil(today)
		d.When = dueWords(Owed{On: d.On, Overdue: d.Overdue}, today)
		out = append(out, d)
	}
	SortDues(out)
	return out
}

// DuesOf lists what is owed to one learner by a day, within the given number of
// days from today and overdue: reviews, documents to look at again or to read,
// limits of requests, the days up to which somebody is watched, impacts, consents.
// row is the learner's, for who they are.
func DuesOf(f *folder.Folder, r *folder.Record, row Row, today date.Date, within int) []Due {
	var out []Due
	for _, o := range OwedOf(f, r, today) {
		if !o.due || o.On.IsZero() || o.On.After(today.AddDays(within)) {
			continue
		}
		d := dueOf(row)
		d.What, d.WhatWords, d.About, d.On, d.Overdue, d.When = o.What, o.WhatWords, o.About, o.On, o.Overdue, o.When
		d.Who, d.WhoName, d.Sentence, d.Do, d.Waits = o.Who, o.WhoName, o.Sentence, o.Do, o.Waits
		if o.What == owedReview {
			d.Cycle, d.ReviewOn = o.About, o.On
		}
		out = append(out, d)
	}
	return out
}

// SortDues puts what is longest overdue first.
func SortDues(due []Due) {
	slices.SortStableFunc(due, func(a, b Due) int {
		if c := a.On.Compare(b.On); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}
