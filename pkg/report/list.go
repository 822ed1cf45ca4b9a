package report

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Row is one learner in a list.
type Row struct {
	ID          string    `json:"id"`
	Name        string    `json:"name,omitempty"`
	Year        string    `json:"year"`
	YearWords   string    `json:"year_words"`
	Stage       string    `json:"stage"`
	StageWords  string    `json:"stage_words"`
	SEN         string    `json:"sen_provision"`
	Teacher     string    `json:"responsible_teacher"`
	TeacherName string    `json:"responsible_teacher_name"`
	Cycle       string    `json:"open_cycle,omitempty"`
	ReviewOn    date.Date `json:"review_on"`
	Reviews     int       `json:"reviews"`
	Unreadable  bool      `json:"unreadable,omitempty"` // a file of this learner holds an error
}

// RowOf makes one learner's row as of today.
func RowOf(f *folder.Folder, r *folder.Record, today date.Date) Row {
	v := ShowOf(f, r, today)
	row := Row{ID: v.ID, Name: v.Name, Year: v.Year, YearWords: v.YearWords, Stage: v.Stage, StageWords: v.StageWords, SEN: v.SEN,
		Teacher: v.Teacher, TeacherName: v.TeacherName, Reviews: v.Reviews, Unreadable: len(v.Faults) > 0}
	if v.Open != nil {
		row.Cycle, row.ReviewOn = v.Open.ID, v.Open.ReviewOn
	}
	return row
}

// Due is one review that is owed.
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
}

// Dues picks the reviews that fall due within the given number of days from
// today, and those overdue, the longest overdue first.
func Dues(rows []Row, today date.Date, within int) []Due {
	var out []Due
	for _, r := range rows {
		if r.ReviewOn.IsZero() || r.ReviewOn.After(today.AddDays(within)) {
			continue
		}
		d := Due{ID: r.ID, Name: r.Name, Year: r.Year, YearWords: r.YearWords, StageID: r.Stage, Stage: r.StageWords,
			Teacher: r.Teacher, TeacherName: r.TeacherName, Cycle: r.Cycle, ReviewOn: r.ReviewOn, Overdue: r.ReviewOn.DaysUntil(today)}
		switch {
		case d.Overdue > 0:
			d.When = "overdue by " + plural(d.Overdue, "day", "days")
		default:
			d.When = "due " + When(r.ReviewOn, today)
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		if c := a.ReviewOn.Compare(b.ReviewOn); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}
