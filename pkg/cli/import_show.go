package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

// fateWords are the fates as people read them.
func fateWords(f casework.Fate) string {
	return map[casework.Fate]string{casework.New: "new", casework.Here: "here already", casework.Twice: "twice", casework.LeftOut: "left out", casework.Refused: "refused"}[f]
}

// table lists the rows, what is refused first. At a terminal those that are left out are
// only counted: of a whole school they are most of it.
func (x *intake) table(tty bool) term.Table {
	head := "row"
	if x.in.ctf {
		head = "pupil"
	}
	t := term.Table{Header: []string{head, "fate", "surname", "forename", "SEN", "stage", "id", "why"}, Wrap: true}
	for _, p := range x.proposals {
		if tty && p.Fate == casework.LeftOut {
			continue
		}
		row := fmt.Sprint(p.Pupil.Row)
		if p.Pupil.UPN == "" && len(p.Reasons) > 0 && p.Reasons[0].Table != "" {
			row = p.Reasons[0].Table + " " + row
		}
		stage := ""
		if p.Fate == casework.New {
			stage = p.Newcomer.Stage
		}
		t.Rows = append(t.Rows, []string{row, fateWords(p.Fate), p.Pupil.Surname, p.Pupil.Forename, knownCode(p.Pupil.Provision()), stage, x.id(p), strings.Join(reasonsOf(p), "; ")})
	}
	return t
}

// id is of one who is here: a new one has none before it is recorded.
func (x *intake) id(p casework.Proposal) string {
	if p.Fate == casework.New {
		return ""
	}
	return p.Learner
}

// knownCode is a code for SEN provision as it may be shown: anything else may be
// whatever was typed there.
func knownCode(code string) string {
	switch code {
	case "", "N", "K", "E":
		return code
	}
	return "?"
}

// reasonsOf are why a row has its fate, in words: columns and places, and no value.
func reasonsOf(p casework.Proposal) []string {
	var out []string
	if p.Fate == casework.Here {
		out = append(out, "known by "+p.By)
	}
	for _, r := range p.Reasons {
		text := r.Message
		if r.Column != "" {
			text = r.Column + ": " + text
		}
		if r.Table != "" && r.Row > 0 && r.Row != p.Pupil.Row {
			text = fmt.Sprintf("table of %s, row %d: %s", r.Table, r.Row, text)
		}
		out = append(out, text)
	}
	if p.Fate == casework.Here && len(p.Reasons) == 0 {
		out = append(out, "nothing differs")
	}
	if p.Fate == casework.New {
		out = append(out, p.Told...)
	}
	return out
}

// summary tells how many rows have which fate, and what was taken for all of them.
func (x *intake) summary(cs casework.Case) []string {
	one, many := "row", "rows"
	if x.in.ctf {
		one, many = "pupil", "pupils"
	}
	var parts []string
	for _, f := range casework.Fates() {
		if n := x.count(f); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, fateWords(f)))
		}
	}
	out := []string{fmt.Sprintf("%s of %s: %s.", plural(len(x.proposals), one, many), x.in.name, list(parts))}
	if len(parts) == 0 {
		out[0] = x.in.name + " holds no pupil."
	}
	left := map[string][]int{}
	for _, p := range x.proposals {
		if p.Fate == casework.LeftOut {
			left[p.Reasons[0].Message] = append(left[p.Reasons[0].Message], p.Pupil.Row)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(left)) {
		which := many
		if len(left[why]) == 1 {
			which = one
		}
		out = append(out, fmt.Sprintf("Left out, %s: %s %s.", why, which, ranges(left[why])))
	}
	out = append(out, x.refusals()...)
	var notes []casework.RowReason
	for _, n := range x.in.notes {
		notes = append(notes, casework.ReasonOf(n, 0))
	}
	out = append(out, together("", notes)...)
	if differs := slices.ContainsFunc(x.proposals, func(p casework.Proposal) bool { return p.Fate == casework.Here && len(p.Reasons) > 0 }); differs {
		out = append(out, "What is here is never changed by a list: sendctl edit ID changes a record, sendctl census diff compares in full.")
	}
	if len(x.unread) > 0 {
		out = append(out, report.Capital(x.unreadWords())+".")
	}
	if x.count(casework.New) == 0 {
		return out
	}
	teacher, _ := cs.Folder.Person(x.said.Teacher)
	said := "The responsible teacher of all that are new: " + string(teacher.Name) + " (" + teacher.ID + ")"
	if x.importing.teacher == "" {
		said += ", since nothing else was said; --teacher ID names another"
	}
	out = append(out, said+".")
	stages := map[string]int{}
	for _, p := range x.proposals {
		if p.Fate == casework.New {
			code := p.Newcomer.Codes[len(p.Newcomer.Codes)-1].Code
			stages[code]++
		}
	}
	parts = nil
	for _, code := range slices.Sorted(maps.Keys(stages)) {
		s, _ := cs.Folder.Pathway.Value.Stage(x.said.Stages[code])
		parts = append(parts, fmt.Sprintf("%s at %s (%d)", code, s.Words, stages[code]))
	}
	return append(out, "They begin: "+list(parts)+"; --stage CODE=STAGE says otherwise.")
}

// refusals tells why rows are refused, each reason once, where there are too many to be
// read one by one.
func (x *intake) refusals() []string {
	const few = 10
	if x.count(casework.Refused) <= few {
		return nil
	}
	var all []casework.RowReason
	for _, p := range x.proposals {
		for _, r := range p.Reasons {
			if p.Fate != casework.Refused || p.Like != 0 {
				continue
			}
			if r.Row == 0 {
				r.Row = p.Pupil.Row
			}
			all = append(all, r)
		}
	}
	return together("Refused", all)
}

// together tells each reason once, with its rows, the most frequent first.
func together(what string, all []casework.RowReason) []string {
	rows := map[casework.RowReason][]int{}
	for _, r := range all {
		key := r
		key.Row = 0
		rows[key] = append(rows[key], r.Row)
	}
	keys := slices.SortedFunc(maps.Keys(rows), func(a, b casework.RowReason) int {
		return cmp.Or(len(rows[b])-len(rows[a]), rows[a][0]-rows[b][0], strings.Compare(a.Message, b.Message))
	})
	var out []string
	const most = 12
	for i, k := range keys {
		if i == most {
			return append(out, fmt.Sprintf("%d more reasons stand in the table.", len(keys)-most))
		}
		at := rowsInWords(rows[k])
		if k.Table != "" {
			at = "table of " + k.Table + ", " + at
		}
		text := at + ": " + k.Message + "."
		if k.Column != "" {
			text = at + ", " + k.Column + ": " + k.Message + "."
		}
		if what != "" {
			text = what + ", " + text
		}
		out = append(out, text)
	}
	return out
}

// ranges writes rows as 2-14, 17, 20-22; of many only the first.
func ranges(rows []int) string {
	const most = 12
	rows = slices.Sorted(slices.Values(rows))
	var out []string
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 {
			j++
		}
		if text := fmt.Sprint(rows[i]); j > i {
			out = append(out, fmt.Sprintf("%s-%d", text, rows[j]))
		} else {
			out = append(out, text)
		}
		if i = j + 1; len(out) == most && i < len(rows) {
			out = append(out, fmt.Sprintf("and %d more", len(rows)-i))
			break
		}
	}
	return strings.Join(out, ", ")
}

// importView is what --json prints of an import.
type importView struct {
	Format   string                `json:"format"`
	File     string                `json:"file"`
	Kind     string                `json:"kind"` // list or ctf
	Recorded bool                  `json:"recorded"`
	Commit   string                `json:"commit,omitempty"`
	Counts   map[casework.Fate]int `json:"counts"`
	Taken    importTaken           `json:"taken"`
	Rows     []importRow           `json:"rows"`
	Notes    []casework.RowReason  `json:"notes,omitempty"`
	Unread   []string              `json:"unread_learners,omitempty"` // here, and their front sheet cannot be read
	Warned   []string              `json:"warnings,omitempty"`
}

// importTaken is what was taken for the whole list.
type importTaken struct {
	Teacher string            `json:"responsible_teacher"`
	SENCo   string            `json:"senco,omitempty"`
	Stages  map[string]string `json:"stages"`
	Since   string            `json:"since,omitempty"` // a day, or joined
	Joined  date.Date         `json:"joined,omitzero"`
}

// importRow is one row with its fate.
type importRow struct {
	Row      int                  `json:"row"`
	Fate     casework.Fate        `json:"fate"`
	Learner  string               `json:"learner,omitempty"` // here already, or as recorded
	KnownBy  string               `json:"known_by,omitempty"`
	Like     int                  `json:"like_row,omitempty"`
	Surname  string               `json:"surname,omitempty"`
	Forename string               `json:"forename,omitempty"`
	SEN      string               `json:"sen_provision,omitempty"`
	Since    date.Date            `json:"since,omitzero"`
	Stage    string               `json:"stage,omitempty"`
	Joined   date.Date            `json:"joined,omitzero"`
	Needs    []importNeed         `json:"needs,omitempty"`
	Reasons  []casework.RowReason `json:"reasons,omitempty"`
	Told     []string             `json:"taken,omitempty"`
}

// importNeed is one need of a row that is new.
type importNeed struct {
	Rank  string    `json:"rank,omitempty"`
	Type  string    `json:"type"`
	From  date.Date `json:"from,omitzero"`
	Until date.Date `json:"until,omitzero"`
}

// view is the import as JSON; done is nil where nothing was recorded.
func (x *intake) view(done *casework.Done) importView {
	v := importView{
		Format: "sendctl-import/1", File: x.in.name, Kind: "list", Counts: map[casework.Fate]int{}, Rows: []importRow{},
		Taken: importTaken{Teacher: x.said.Teacher, SENCo: x.said.SENCo, Stages: x.said.Stages, Since: x.since, Joined: x.said.Joined},
	}
	if x.in.ctf {
		v.Kind = "ctf"
	}
	for _, f := range casework.Fates() {
		v.Counts[f] = x.count(f)
	}
	if done != nil {
		v.Recorded, v.Commit, v.Warned = true, done.Commit, done.Warnings
	}
	v.Unread = x.unread
	for _, n := range x.in.notes {
		v.Notes = append(v.Notes, casework.ReasonOf(n, 0))
	}
	for _, p := range x.proposals {
		r := importRow{
			Row: p.Pupil.Row, Fate: p.Fate, Learner: p.Learner, KnownBy: p.By, Like: p.Like, Surname: p.Pupil.Surname, Forename: p.Pupil.Forename,
			SEN: knownCode(p.Pupil.Provision()), Reasons: p.Reasons,
		}
		if p.Fate == casework.New {
			r.Told, r.Stage, r.Joined = p.Told, p.Newcomer.Stage, p.Newcomer.Joined
			last := p.Newcomer.Codes[len(p.Newcomer.Codes)-1]
			r.SEN, r.Since = last.Code, last.From
			for _, n := range p.Newcomer.Needs {
				r.Needs = append(r.Needs, importNeed{Rank: string(n.Rank), Type: n.Type, From: n.From, Until: n.Until})
			}
			if done == nil {
				r.Learner = "" // drawn anew when it is recorded
			}
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}
