package census

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// FindingOf is a problem of a pupil as a finding in the files of their record, at the
// value on the census day; what is missing is told at what it belongs to. ok is false
// where the file that it is about cannot be read, of which other findings tell.
func FindingOf(r *folder.Record, day date.Date, p Problem) (f diag.Finding, ok bool) {
	at, ofIdentity := pathOf(r, day, p)
	file, doc := "learner.yaml", r.Learner.Doc
	if ofIdentity {
		file, doc = "identity.yaml", r.Identity.Doc
	}
	f = diag.Finding{Rule: p.Name(), Severity: p.Severity(), File: r.Dir + "/" + file, Path: at, Message: p.Message,
		Hint: p.advised(fmt.Sprintf(": sendctl edit %s %s", r.ID, file))}
	if doc == nil {
		return f, false
	}
	whole, err := yamldoc.ParsePath(at)
	if err != nil {
		return f, true
	}
	for n := len(whole); n > 0; n-- {
		if node := doc.Find(whole[:n]); node != nil {
			f.Span, f.Value = node.Span, node.Value
			break
		}
	}
	return f, true
}

// pathOf is where in a record a problem stands, and whether that is in identity.yaml.
func pathOf(r *folder.Record, day date.Date, p Problem) (at string, ofIdentity bool) {
	is := r.Learner.Value
	switch p.Field {
	case exchange.UPN:
		return "upn", true
	case exchange.FormerUPN:
		return "former_upn", true
	case exchange.ULN:
		return "uln", true
	case exchange.Surname:
		return "legal_name.family", true
	case exchange.Forename:
		return "legal_name.given", true
	case exchange.BirthDate:
		return "born", true
	case exchange.Sex:
		return "sex", true
	case exchange.EntryDate, exchange.LeavingDate:
		return "joined", false
	case exchange.Status:
		return lineOf("enrolment", "status", is.Enrolment, day, func(s learner.Enrolment) date.Date { return s.From }), false
	case exchange.Year:
		if len(is.YearExceptions) == 0 {
			return "cohort", false
		}
		return lineOf("year_exceptions", "year", is.YearExceptions, day, func(x learner.YearException) date.Date { return x.From }), false
	case exchange.Provision:
		return lineOf("sen_provision", "code", is.SENProvision, day, func(c learner.ProvisionCode) date.Date { return c.From }), false
	case exchange.SENUnit:
		return lineOf("sen_unit", "applies", is.SENUnit, day, flagFrom), false
	case exchange.Resourced:
		return lineOf("resourced_provision", "applies", is.Resourced, day, flagFrom), false
	case exchange.TopUp:
		return lineOf("top_up", "applies", is.TopUp, day, flagFrom), false
	}
	switch {
	case p.Need < 0:
		return "needs", false
	case p.rank:
		return fmt.Sprintf("needs[%d].rank", p.Need), false
	}
	return fmt.Sprintf("needs[%d].type", p.Need), false
}

func flagFrom(f learner.DatedFlag) date.Date { return f.From }

// lineOf is the path of the line of a dated list that holds on a day, or of the list.
func lineOf[T any](list, key string, lines []T, day date.Date, from func(T) date.Date) string {
	at := -1
	for i, l := range lines {
		if !from(l).After(day) && (at < 0 || !from(l).Before(from(lines[at]))) {
			at = i
		}
	}
	if at < 0 {
		return list
	}
	return fmt.Sprintf("%s[%d].%s", list, at, key)
}

// Plain reports whether a record holds nothing but that its learner is on roll: neither a
// concern nor support. A folder in which many are so holds a whole school.
func Plain(f *folder.Folder, r *folder.Record) bool {
	s, ok := f.Pathway.Value.Stage(r.Learner.Value.Stage)
	if !ok || s.Cycles || s.Away() || len(r.Moves) > 0 || len(r.Learner.Value.Needs) > 0 {
		return false
	}
	for _, c := range r.Learner.Value.SENProvision {
		if c.Code != none {
			return false
		}
	}
	return true
}
