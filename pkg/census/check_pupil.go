package census

import (
	"slices"
	"strconv"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// one is a pupil while the rules look at it.
type one struct {
	Pupil
	judge *Judge
	rule  pathway.CensusRule
	row   int
	list  bool // of a list, in which an indicator may be said nothing of
	// What is said of the indicators; nil is nothing. A record always says something.
	unit, resourced, topUp *bool

	out []Problem
}

// pupilChecks are the mechanisms that rules name under test, of those that look at one
// pupil.
func pupilChecks() map[string]func(*one) {
	return map[string]func(*one){
		"upn-missing":         upnMissing,
		"upn-check-letter":    func(o *one) { o.eachUPN(checkLetterWrong) },
		"upn-authority":       upnAuthority,
		"upn-digits":          func(o *one) { o.eachUPN(digitsWrong) },
		"upn-last":            func(o *one) { o.eachUPN(lastWrong) },
		"uln-missing":         ulnMissing,
		"uln-form":            ulnForm,
		"surname-missing":     func(o *one) { o.missing(exchange.Surname, o.Surname == "") },
		"forename-missing":    func(o *one) { o.missing(exchange.Forename, o.Forename == "") },
		"birth-date-missing":  func(o *one) { o.missing(exchange.BirthDate, o.Born.IsZero()) },
		"age-range":           ageRange,
		"sex-missing":         func(o *one) { o.missing(exchange.Sex, !o.judge.known.sexes[o.Sex]) },
		"top-up-missing":      func(o *one) { o.missing(exchange.TopUp, o.topUp == nil) },
		"enrolment-status":    func(o *one) { o.missing(exchange.Status, !o.judge.known.status[o.Status]) },
		"entry-date":          func(o *one) { o.missing(exchange.EntryDate, o.Entry.IsZero() || o.Entry.After(o.judge.in.Return.Day)) },
		"leaving-date":        leavingDate,
		"top-up-without-plan": topUpWithoutPlan,
		"out-of-year":         farOutOfYear,
		"year-missing":        func(o *one) { o.missing(exchange.Year, !o.judge.known.years[o.Year]) },
		"year-range":          yearRange,
		"provision-withdrawn": provisionWithdrawn,
		"provision-missing":   provisionMissing,
		"provision-none":      provisionNone,
		"rank-without-type":   rankWithoutType,
		"rank-missing":        rankMissing,
		"rank-single":         rankSingle,
		"rank-twice":          rankTwice,
		"needs-more-than-two": moreThanTwo,
		"type-missing":        typeMissing,
		"type-nsa":            typeNSA,
		"special-none":        func(o *one) { o.found(exchange.Provision, o.Provision == none) },
		"unit-missing":        func(o *one) { o.missing(exchange.SENUnit, o.supported() && o.unit == nil) },
		"resourced-missing":   func(o *one) { o.missing(exchange.Resourced, o.supported() && o.resourced == nil) },
		"unit-unwanted":       func(o *one) { o.found(exchange.SENUnit, o.unwanted(o.unit)) },
		"resourced-unwanted":  func(o *one) { o.found(exchange.Resourced, o.unwanted(o.resourced)) },
	}
}

// The codes of SEN provision that rules speak of.
const (
	none       = "N"
	senSupport = "K"
	ehcPlan    = "E"
)

// tell adds a problem of the rule at a field.
func (o *one) tell(f exchange.Field) *Problem {
	p := o.judge.problem(o.rule)
	p.Learner, p.Row, p.Field = o.Learner, o.row, f
	o.out = append(o.out, p)
	return &o.out[len(o.out)-1]
}

// problem is a problem of a rule in its own words.
func (j *Judge) problem(r pathway.CensusRule) Problem {
	p := Problem{Rule: r.Number, Query: r.Severity == "query" || r.Told == "query", Need: -1, Hint: string(r.Do), Note: string(r.Note)}
	p.Message = "DfE " + r.Severity + " " + r.Number + ": " + string(r.About)
	return p
}

func (o *one) found(f exchange.Field, wrong bool) {
	if wrong {
		o.tell(f)
	}
}

// missing tells of a field that is empty or wrong, where there is a place for it.
func (o *one) missing(f exchange.Field, wrong bool) { o.found(f, wrong && o.judge.has(f)) }

func (o *one) supported() bool { return o.Provision == senSupport || o.Provision == ehcPlan }

// unwanted: of a record only yes is sent, a list may say no where nothing is wanted.
func (o *one) unwanted(said *bool) bool { return said != nil && (*said || o.list) }

func upnMissing(o *one) { o.missing(exchange.UPN, o.UPN == "") }

// eachUPN looks at the UPN and the former one.
func (o *one) eachUPN(wrong func(string) bool) {
	o.found(exchange.UPN, o.UPN != "" && wrong(o.UPN))
	o.found(exchange.FormerUPN, o.FormerUPN != "" && wrong(o.FormerUPN))
}

// digitsWrong: characters 5 to 12, those that are there and those that are not.
func digitsWrong(upn string) bool {
	return len(upn) < 12 || !digits(upn[4:12])
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func lastWrong(upn string) bool { return len(upn) != 13 || !digits(upn[12:]) && !upnLetter(upn[12]) }

// upnLetter reports whether a letter is one of those that a UPN has: no I, O or S.
func upnLetter(c byte) bool { return c >= 'A' && c <= 'Z' && c != 'I' && c != 'O' && c != 'S' }

// checkLetterWrong: the first character is none that there is, or does not fit the rest.
// Where the rest is faulty itself nobody can say.
func checkLetterWrong(upn string) bool {
	if !upnLetter(upn[0]) {
		return true
	}
	if len(upn) < 4 || !digits(upn[1:4]) || digitsWrong(upn) || lastWrong(upn) {
		return false
	}
	return ids.CheckUPN(upn) != nil
}

// upnAuthority is a query only for three digits that our list may lack.
func upnAuthority(o *one) {
	for _, x := range []struct {
		f   exchange.Field
		upn string
	}{{exchange.UPN, o.UPN}, {exchange.FormerUPN, o.FormerUPN}} {
		la := ids.UPNAuthority(x.upn)
		if x.upn == "" || o.judge.known.authorities[la] {
			continue
		}
		p := o.tell(x.f)
		p.Query = p.Query && len(la) == 3 && digits(la)
	}
}

func ulnMissing(o *one) {
	if o.ULN == "" && !o.Born.IsZero() && o.judge.in.Return.Day.Age(o.Born) >= o.rule.Limit("age") {
		o.missing(exchange.ULN, true)
	}
}

func ulnForm(o *one) { o.found(exchange.ULN, o.ULN != "" && ids.CheckULN(o.ULN) != nil) }

func ageRange(o *one) {
	if o.Born.IsZero() {
		return
	}
	in, ok := inRange(o.rule, o.judge.phase, o.judge.in.Return.Day.Age(o.Born), func(s string) (int, bool) { n, err := strconv.Atoi(s); return n, err == nil })
	o.found(exchange.BirthDate, ok && !in)
}

func leavingDate(o *one) { o.found(exchange.LeavingDate, !o.Left.IsZero() && o.Left.Before(o.Entry)) }

// topUpWithoutPlan: with K that is expected, and the note alone is told.
func topUpWithoutPlan(o *one) {
	if o.topUp == nil || !*o.topUp || o.Provision == ehcPlan {
		return
	}
	p := o.tell(exchange.TopUp)
	if o.Provision == senSupport {
		p.Hint = ""
	} else {
		p.Note = ""
	}
}

// outOfYear is how many years a pupil is taught away from the year group of their age;
// ok is false where one of the two is not known.
func outOfYear(p Pupil, day date.Date) (usual string, apart int, ok bool) {
	if p.Born.IsZero() || p.Born.After(day) {
		return "", 0, false
	}
	usual = day.YearGroup(p.Born.Reception())
	is, ok1 := yearNumber(p.Year)
	of, ok2 := yearNumber(usual)
	return usual, max(is-of, of-is), ok1 && ok2
}

// yearNumber is a year group as a number: R is 0, year 1 is 1, N2 is -1 … E1 is -4; M and
// X have none.
func yearNumber(year string) (n int, ok bool) {
	if n = slices.Index([]string{"E1", "E2", "N1", "N2", "R"}, year); n >= 0 {
		return n - 4, true
	}
	n, err := strconv.Atoi(year)
	return n, err == nil
}

// farOutOfYear: the note that severe needs are the reason goes with a code for them only.
func farOutOfYear(o *one) {
	if _, apart, ok := outOfYear(o.Pupil, o.judge.in.Return.Day); ok && apart >= o.rule.Limit("years") {
		if p := o.tell(exchange.Year); !o.supported() {
			p.Note = ""
		}
	}
}

func yearRange(o *one) {
	n, ok := yearNumber(o.Year)
	if !ok || !o.judge.known.years[o.Year] {
		return
	}
	in, ok := inRange(o.rule, o.judge.phase, n, yearNumber)
	o.found(exchange.Year, ok && !in)
}

// beyond is advice on what no rule of the DfE names.
func beyond(o *one) {
	if o.UPN != "" && ids.CheckUPN(o.UPN) == nil && ids.TemporaryUPN(o.UPN) {
		o.out = append(o.out, Problem{Rule: "upn-temporary", Advice: true, Learner: o.Learner, Row: o.row, Field: exchange.UPN, Need: -1,
			Message: "this UPN is a temporary one, which the census takes; the permanent one should take its place within weeks",
			Hint:    "ask the school before this one, or the local authority, for it; keep this one as the former UPN"})
	}
}
