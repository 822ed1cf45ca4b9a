package census

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// PreflightInput is what is judged. Return alone is enough: what the rest would have told
// is then not looked at, and Unchecked says so.
type PreflightInput struct {
	Return Return
	Rules  pathway.CensusRules // the zero value: those of the day
	Roll   int                 // pupils on roll of the whole school, where somebody has said; else 0
	Whole  bool                // the pupils of Return are the whole roll
	Before *Counts             // of the census day before, where it is known

	// List is judged in place of Return.Pupils, where there is one: all that it says is
	// judged as it would be sent, and what it has no column for is not.
	List *exchange.List
}

// Counts are how many pupils there were on a day, and with which codes.
type Counts struct {
	Day                     date.Date
	Pupils, None, K, E, Odd int // Odd have no code that there is
}

// Add counts one more pupil.
func (c *Counts) Add(p Pupil) {
	c.Pupils++
	switch p.Provision {
	case "N":
		c.None++
	case "K":
		c.K++
	case "E":
		c.E++
	default:
		c.Odd++
	}
}

// Problem is one thing that the DfE would refuse or query, or advice on what it will not
// see. It holds no value of a record.
type Problem struct {
	Rule   string // the DfE's number, 2120; of advice that no rule of the DfE gives, the rule of validate
	Query  bool   // the DfE would query it, not refuse it
	Advice bool   // neither: the return is right, and the record wants a look

	Learner string // "" where it is about the school, or of a list
	Row     int    // of a list, as in exchange.Pupil; else 0
	Table   string // of a list: the table that Row is in, as in exchange.Fault
	Column  string // of a list: the heading, "" where there is none
	Field   exchange.Field
	Need    int    // the place of the need in learner.yaml (or in the pupil of a list) that it is about; -1: no single one
	Other   string // the other learner of two alike
	Same    int    // the other row of two alike

	Message string // "DfE error 2120: …"
	Hint    string // what to do
	Note    string // to paste, where it is right as it is

	rank bool // of Need: its rank rather than its type
}

// Name is what findings call the rule.
func (p Problem) Name() string {
	if strings.HasPrefix(p.Rule, "TonT") || digits(p.Rule) {
		return rulePrefix + p.Rule
	}
	return p.Rule
}

// Severity is how grave it is: an error of the DfE's, a warning for a query.
func (p Problem) Severity() diag.Severity {
	switch {
	case p.Advice:
		return diag.Advice
	case p.Query:
		return diag.Warning
	}
	return diag.Error
}

// Advised is the hint with the note to paste.
func (p Problem) Advised() string { return p.advised("") }

// advised puts what to type behind the hint.
func (p Problem) advised(command string) string {
	switch {
	case p.Note == "" && p.Hint == "":
		return ""
	case p.Note == "":
		return p.Hint + command
	case p.Hint == "":
		return fmt.Sprintf("Note to paste: %q", p.Note)
	}
	return fmt.Sprintf("%s%s; if it is right as it is, note to paste: %q", p.Hint, command, p.Note)
}

// Preflight is what the DfE would refuse or query of a return: of each pupil in their
// order, then of pupils that are alike, then of the school.
func Preflight(in PreflightInput) []Problem {
	j := NewJudge(in)
	if in.List != nil {
		return j.list()
	}
	var out []Problem
	for _, p := range j.in.Return.Pupils {
		out = append(out, j.Pupil(p)...)
	}
	return append(out, j.Together()...)
}

// unreadRule is what a cell of a list that could not be read is told under.
const unreadRule = "list"

// list judges the rows of a list. A cell that could not be read at all is told once, and
// not also as missing.
func (j *Judge) list() []Problem {
	l := j.in.List
	var out []Problem
	unread := map[int]map[exchange.Field]bool{}
	for _, f := range l.Faults {
		if judged(f) {
			continue
		}
		if unread[f.Row] == nil {
			unread[f.Row] = map[exchange.Field]bool{}
		}
		if f.Table == "" {
			unread[f.Row][f.Field] = true
		}
		out = append(out, Problem{Rule: unreadRule, Row: f.Row, Table: f.Table, Column: f.Column, Field: f.Field, Need: -1, Message: f.Message})
	}
	for i, p := range j.in.Return.Pupils {
		row := l.Pupils[i]
		for _, x := range j.pupil(&one{Pupil: p, row: row.Row, list: true, unit: row.SENUnit, resourced: row.Resourced, topUp: row.TopUp}) {
			if !unread[row.Row][x.Field] {
				out = append(out, x)
			}
		}
	}
	out = append(out, j.Together()...)
	for i, x := range out {
		if x.Row > 0 && x.Column == "" {
			out[i].Column = l.Columns.Heading(x.Field)
		}
	}
	return out
}

// judged reports whether rules of the DfE judge what a faulty cell holds, as it came.
func judged(f exchange.Fault) bool {
	if f.Table != "" {
		return f.Field != ""
	}
	switch f.Field {
	case exchange.UPN, exchange.FormerUPN, exchange.ULN, exchange.Sex, exchange.Status, exchange.Year, exchange.Provision,
		exchange.Need1, exchange.Need2, exchange.Need1Rank, exchange.Need2Rank:
		return true
	}
	return false
}

// Judge judges the pupils of one return, one by one or all together. It may be asked by
// several goroutines at once.
type Judge struct {
	in    PreflightInput
	phase string
	known knownCodes

	// The rules that are asked, in their order, with their mechanisms.
	ofPupil  []checkOf[*one]
	ofSchool []checkOf[*school]
	places   bool // the census takes places in SEN units and resourced provision
}

// checkOf is a rule and the mechanism that looks for what it finds.
type checkOf[T any] struct {
	rule  pathway.CensusRule
	check func(T)
}

// NewJudge gives the judge of a return. Where Return.Pupils is left out, only Pupil may be
// asked.
func NewJudge(in PreflightInput) *Judge {
	r := &in.Return
	if r.Term == "" {
		r.Term = TermOf(r.Day)
	}
	if len(in.Rules.Rules) == 0 {
		in.Rules = RulesOn(r.Day)
	}
	if in.List != nil {
		r.Pupils = make([]Pupil, len(in.List.Pupils))
		for i, p := range in.List.Pupils {
			r.Pupils[i] = listedOf(p).Pupil
		}
		in.Whole = wholeList(r.Pupils)
	}
	j := &Judge{in: in, phase: r.Setting.Phase, known: codesOn(r.Day)}
	if ok, _ := Asked(j.phase); !ok {
		return j
	}
	pupils, schools := pupilChecks(), schoolChecks()
	j.places = true
	for _, rule := range in.Rules.Rules {
		if rule.Test == "" || !asked(rule, r.Term, j.phase) {
			continue
		}
		if check := pupils[rule.Test]; check != nil {
			j.ofPupil = append(j.ofPupil, checkOf[*one]{rule, check})
		}
		if check := schools[rule.Test]; check != nil {
			j.ofSchool = append(j.ofSchool, checkOf[*school]{rule, check})
		}
		j.places = j.places && rule.Test != "unit-unwanted"
	}
	return j
}

// has reports whether there is a place for a field: a list may have no column for it.
func (j *Judge) has(f exchange.Field) bool { return j.in.List == nil || j.in.List.Has(f) }

// Pupil judges one pupil of the folder by the rules that need no other.
func (j *Judge) Pupil(p Pupil) []Problem {
	return j.pupil(&one{Pupil: p, unit: &p.SENUnit, resourced: &p.Resourced, topUp: &p.TopUp})
}

func (j *Judge) pupil(o *one) []Problem {
	o.judge = j
	off := o.list && j.off(o.Pupil)
	for _, c := range j.ofPupil {
		if off && c.rule.Test != "leaving-date" {
			continue
		}
		o.rule = c.rule
		c.check(o)
	}
	if !off {
		beyond(o)
	}
	return o.out
}

// off reports whether a list itself says that a pupil is not returned: one who has left,
// or is a guest.
func (j *Judge) off(p Pupil) bool {
	return !p.Left.IsZero() && p.Left.Before(j.in.Return.Day) || p.Status == "G" || p.Status == "P"
}

// Together judges what shows only with every pupil in hand: two alike, and the shares of
// the school.
func (j *Judge) Together() []Problem {
	s := &school{judge: j, counts: Counts{Day: j.in.Return.Day}}
	for i, p := range j.in.Return.Pupils {
		if j.in.List != nil && j.off(p) {
			continue
		}
		s.at = append(s.at, i)
		s.counts.Add(p)
		if _, apart, ok := outOfYear(p, j.in.Return.Day); ok && apart > 0 {
			s.outOfYear++
		}
	}
	for _, c := range j.ofSchool {
		s.rule = c.rule
		c.check(s)
	}
	return s.out
}

// Unchecked says, a sentence each, what of the rules was not looked at and why.
func (j *Judge) Unchecked() []string {
	var out []string
	r := j.in.Return
	if ok, instead := Asked(j.phase); !ok {
		return []string{"The school census is not asked of this setting: it makes " + instead + "."}
	}
	if !r.Term.Types() {
		out = append(out, fmt.Sprintf("Types of need and their ranks were not looked at: the %s census does not take them.", r.Term.Words()))
	}
	if j.in.List != nil {
		var missing []string
		for _, f := range []exchange.Field{exchange.UPN, exchange.ULN, exchange.Surname, exchange.Forename, exchange.BirthDate, exchange.Sex, exchange.EntryDate, exchange.Status, exchange.Year, exchange.Provision, exchange.Need1, exchange.SENUnit, exchange.Resourced, exchange.TopUp} {
			if !j.has(f) && (f != exchange.Need1 || r.Term.Types()) {
				missing = append(missing, string(f))
			}
		}
		if len(missing) > 0 {
			out = append(out, "The list has no column for "+strings.Join(missing, ", ")+", so what the DfE asks of these was not looked at.")
		}
	}
	switch {
	case j.wholeKnown():
	case j.in.List != nil:
		out = append(out, "The shares of the whole roll were not looked at: with so few of the code N this seems to be no list of the whole school. --roll N says how many pupils there are.")
	default:
		out = append(out, "The shares of the whole roll were not looked at: only learners with a concern or support seem to be kept here. --roll N says how many pupils there are.")
	}
	if j.in.Before == nil || j.in.Before.Pupils == 0 {
		out = append(out, "The change since the last census was not looked at: nothing here says how it was then.")
	}
	var never []string
	for _, x := range j.in.Rules.Rules {
		if x.NotChecked != "" {
			never = append(never, x.Number)
		}
	}
	if len(never) > 0 {
		out = append(out, fmt.Sprintf("Not checked, since no record here can show it: %s. sendctl explain %s%s says why. Attendance, addresses, classes and all else are checked in the school's own system.", strings.Join(never, ", "), rulePrefix, never[0]))
	}
	return out
}

// wholeKnown reports whether shares of the whole roll can be told. In a special school
// everyone has support, and so a record.
func (j *Judge) wholeKnown() bool {
	return j.in.Roll > 0 || j.in.Whole || j.phase == "special"
}

// wholeList reports whether a list is of the whole school: at least a third of those on
// it have the code N. A list of those with support has none.
func wholeList(ps []Pupil) bool {
	n := 0
	for _, p := range ps {
		if p.Provision == none {
			n++
		}
	}
	return n > 0 && n*3 >= len(ps)
}

// Counted counts the pupils that are judged, without those whom a list says to be off roll.
func (j *Judge) Counted() Counts {
	c := Counts{Day: j.in.Return.Day}
	for _, p := range j.in.Return.Pupils {
		if j.in.List == nil || !j.off(p) {
			c.Add(p)
		}
	}
	return c
}

// knownCodes are the codes that may be used on the census day.
type knownCodes struct {
	provision, types, years, status, sexes map[string]bool
	authorities                            map[string]bool
	replacedBy                             map[string]string // of the codes that are over on the day
}

// codesOn takes the lists of codes as they were on a day, those withdrawn since with them.
func codesOn(day date.Date) knownCodes {
	on := func(name string) map[string]bool {
		out := map[string]bool{}
		for _, c := range listOf(name).On(day) {
			if c.Use == "" {
				out[c.Code] = true
			}
		}
		return out
	}
	k := knownCodes{provision: on("sen-provision"), types: on("sen-type"), years: on("nc-year"), status: on("enrolment-status"), sexes: on("sex"), authorities: on("la"), replacedBy: map[string]string{}}
	for _, c := range listOf("withdrawn").Codes {
		of := k.types
		if len(c.Code) == 1 {
			of = k.provision
		}
		if c.ValidOn(day) {
			of[c.Code] = true
		} else {
			k.replacedBy[c.Code] = c.ReplacedBy
		}
	}
	return k
}

func listOf(name string) *pathway.CodeList {
	l, err := recordfile.CodeList(name)
	if err != nil {
		panic(err) // a fault of the program, which a test finds
	}
	return l
}

// inRange reports whether n is in the range that a rule has for a phase; ok is false
// where it has none.
func inRange(r pathway.CensusRule, phase string, n int, number func(string) (int, bool)) (in, ok bool) {
	i := slices.IndexFunc(r.Ranges, func(x pathway.CensusRange) bool { return x.Phase == phase })
	if i < 0 {
		return false, false
	}
	from, ok1 := number(r.Ranges[i].From)
	to, ok2 := number(r.Ranges[i].To)
	return from <= n && n <= to, ok1 && ok2
}
