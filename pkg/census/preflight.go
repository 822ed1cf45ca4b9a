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

	// Listed are the same pupils as a list from elsewhere has them, in the order of
	// Return.Pupils; nil where they are of the folder. Columns are what the list has.
	Listed  []exchange.Pupil
	Columns map[exchange.Field]bool
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

// CountsOf counts the pupils of a return.
func CountsOf(r Return) Counts {
	c := Counts{Day: r.Day}
	for _, p := range r.Pupils {
		c.Add(p)
	}
	return c
}

// Problem is one thing that the DfE would refuse or query, or advice on what it will not
// see. It holds no value of a record.
type Problem struct {
	Rule   string // the DfE's number, 2120; of advice that no rule of the DfE gives, the rule of validate
	Query  bool   // the DfE would query it, not refuse it
	Advice bool   // neither: the return is right, and the record wants a look

	Learner string // "" where it is about the school, or of a list
	Row     int    // of a list, as in exchange.Pupil; else 0
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
func (p Problem) Advised() string {
	switch {
	case p.Note == "":
		return p.Hint
	case p.Hint == "":
		return fmt.Sprintf("Note to paste: %q", p.Note)
	}
	return fmt.Sprintf("%s; if it is right as it is, note to paste: %q", p.Hint, p.Note)
}

// Preflight is what the DfE would refuse or query of a return: of each pupil in their
// order, then of pupils that are alike, then of the school.
func Preflight(in PreflightInput) []Problem {
	j := NewJudge(in)
	var out []Problem
	for i, p := range in.Return.Pupils {
		if j.listed() {
			out = append(out, j.row(p, in.Listed[i])...)
		} else {
			out = append(out, j.Pupil(p)...)
		}
	}
	return append(out, j.Together()...)
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

func (j *Judge) listed() bool { return j.in.Listed != nil }

// has reports whether there is a place for a field: a list may have no column for it.
func (j *Judge) has(f exchange.Field) bool { return !j.listed() || j.in.Columns[f] }

// Pupil judges one pupil of the folder by the rules that need no other.
func (j *Judge) Pupil(p Pupil) []Problem {
	return j.pupil(&one{Pupil: p, unit: &p.SENUnit, resourced: &p.Resourced, topUp: &p.TopUp})
}

// row judges one pupil of a list.
func (j *Judge) row(p Pupil, l exchange.Pupil) []Problem {
	return j.pupil(&one{Pupil: p, row: l.Row, list: true, unit: l.SENUnit, resourced: l.Resourced, topUp: l.TopUp})
}

func (j *Judge) pupil(o *one) []Problem {
	o.judge = j
	off := o.list && (gone(o.Pupil, j.in.Return.Day) || o.Status == guest)
	for _, c := range j.ofPupil {
		if off && c.rule.Test != "leaving-date" {
			continue // who is on roll no more, or a guest, is not returned
		}
		o.rule = c.rule
		c.check(o)
	}
	if !off {
		beyond(o)
	}
	return o.out
}

const guest = "G"

func gone(p Pupil, day date.Date) bool { return !p.Left.IsZero() && p.Left.Before(day) }

// Together judges what shows only with every pupil in hand: two alike, and the shares of
// the school.
func (j *Judge) Together() []Problem {
	s := &school{judge: j, counts: Counts{Day: j.in.Return.Day}}
	for i, p := range j.in.Return.Pupils {
		if j.listed() && (gone(p, j.in.Return.Day) || p.Status == guest) {
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
	if j.listed() {
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
	if !j.wholeKnown() {
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
