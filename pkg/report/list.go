package report

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Row is one learner in a list.
type Row struct {
	ID          string     `json:"id"`
	Name        string     `json:"name,omitempty"`
	Year        string     `json:"year"`
	YearWords   string     `json:"year_words"`
	Stage       string     `json:"stage"`
	StageWords  string     `json:"stage_words"`
	Requests    []Standing `json:"requests"` // those of which something is still to come
	SEN         string     `json:"sen_provision"`
	Teacher     string     `json:"responsible_teacher"`
	TeacherName string     `json:"responsible_teacher_name"`
	Cycle       string     `json:"open_cycle,omitempty"`
	ReviewOn    date.Date  `json:"review_on"` // zero too where the learner has left: nobody here reviews
	Reviews     int        `json:"reviews"`
	Unreadable  bool       `json:"unreadable,omitempty"` // a file of this learner holds an error
}

// RowOf makes one learner's row as of today.
func RowOf(f *folder.Folder, r *folder.Record, today date.Date) Row {
	v := showOf(f, r, today)
	row := Row{ID: v.ID, Name: v.Name, Year: v.Year, YearWords: v.YearWords, Stage: v.Stage, StageWords: v.StageWords, Requests: v.Requests, SEN: v.SEN,
		Teacher: v.Teacher, TeacherName: v.TeacherName, Reviews: v.Reviews, Unreadable: len(v.Faults) > 0}
	if v.Open != nil {
		row.Cycle = v.Open.ID
		if !left(f, r) {
			row.ReviewOn = v.Open.ReviewOn
		}
	}
	return row
}

// Beside is the stage with the requests beside it, in short: "SEN Support Plan + STAR".
func (r Row) Beside() string {
	text := r.StageWords
	for _, x := range r.Requests {
		if !strings.Contains(text, " + "+x.KindWords) {
			text += " + " + x.KindWords
		}
	}
	return text
}
