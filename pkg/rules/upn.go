package rules

import (
	"errors"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
)

// The rules of a UPN by itself. Of one number only the first fault is told.

const upnSource = "DfE census rules 1510, 1540 and 1550"

var upnCheckLetter = Rule{
	Name: "upn-check-letter", ID: "SEN304", Severity: diag.Error, Guards: true, Instead: true,
	About:  "The first letter of a UPN, and of a former one, fits the twelve characters after it.",
	Source: "DfE census rule 1510",
	check: func(l *look) {
		l.upnFaults("the check letter of this UPN is wrong: one of its 13 characters is mistyped", "compare it with the school's own system, character by character; never make one up", ids.UPNLetter)
	},
}

var upnForm = Rule{
	Name: "upn-form", ID: "SEN305", Severity: diag.Error, Guards: true, Instead: true,
	About:  "A UPN is a capital letter, 11 digits, and a digit or capital letter, without spaces, and never I, O or S.",
	Source: upnSource,
	check: func(l *look) {
		const hint = "copy it from the school's own system: a letter, 11 digits, then a digit or letter; if there is no UPN yet, leave the line out"
		l.upnFaults("this is not a UPN: it does not have 13 characters without spaces", hint, ids.UPNLength)
		l.upnFaults("this is not a UPN: it has a letter where a digit belongs, or a digit where a letter belongs", hint, ids.UPNCharacters)
	},
}

var upnCapitals = Rule{
	Name: "upn-capitals", ID: "SEN306", Severity: diag.Error, Guards: true, Instead: true,
	About:  "The letters of a UPN are written as capitals.",
	Source: upnSource,
	check: func(l *look) {
		l.upnFaults("this UPN has small letters, and the census accepts capitals only", "write its letters as capitals; sendctl validate --fix does it", ids.UPNCapitals)
	},
}

func (l *look) upnFaults(message, hint string, fault ids.UPNFault) {
	l.eachUPN(func(at, upn string) {
		var e *ids.UPNError
		if errors.As(ids.CheckUPN(upn), &e) && e.Fault == fault {
			l.find(docOf(l.record.Identity), at, message, hint)
		}
	})
}

func (l *look) eachUPN(visit func(at, upn string)) {
	who := l.record.Identity.Value
	if who.UPN != "" {
		visit("upn", who.UPN)
	}
	if who.FormerUPN != "" {
		visit("former_upn", who.FormerUPN)
	}
}

// upnAuthority: a warning only, since authorities are divided and joined, and the list
// may be older than the number.
var upnAuthority = Rule{
	Name: "upn-authority", ID: "SEN307", Severity: diag.Warning,
	About:  "Characters 2 to 4 of a UPN are the number of a local authority.",
	Source: "DfE census rule 1530",
	check: func(l *look) {
		l.eachUPN(func(at, upn string) {
			if ids.CheckUPN(upn) == nil && !authorities()[ids.UPNAuthority(upn)] {
				l.find(docOf(l.record.Identity), at, "characters 2 to 4 of this UPN are not the number of any local authority known here",
					"compare it with the school's own system; a new authority's number may be missing from our list")
			}
		})
	},
}

var upnUnique = Rule{
	Name: "upn-unique", ID: "SEN308", Severity: diag.Error, Whole: true,
	About:  "No two learners have the same UPN.",
	Source: "DfE census rule 1520",
	check: func(l *look) {
		l.twice(func(f *Facts) Mark { return f.UPN }, "another learner has this UPN too: one of the two is wrong, or both records are about one child",
			"compare both with the school's own system; if they are about one child, keep one record")
	},
}

var upnTemporary = Rule{
	Name: "upn-temporary", ID: "SEN309", Severity: diag.Warning,
	About:  "A temporary UPN, which ends in a letter, is replaced by the permanent one within weeks of joining.",
	Source: "DfE guidance on unique pupil numbers",
	check: func(l *look) {
		upn, joined := l.record.Identity.Value.UPN, l.record.Learner.Value.Joined
		if upn == "" || joined.IsZero() || ids.CheckUPN(upn) != nil || !ids.TemporaryUPN(upn) || !l.here() {
			return
		}
		if l.past(joined.AddDays(l.limit("temporary-upn-days"))) {
			l.find(docOf(l.record.Identity), "upn", "this UPN is temporary, and the learner has been here for weeks",
				"ask the previous school, or the local authority, for the permanent UPN; keep this one as former_upn")
		}
	},
}

var formerUPNSame = Rule{
	Name: "former-upn-same", ID: "SEN310", Severity: diag.Error, Guards: true,
	About:  "The former UPN is different from the current UPN.",
	Source: "School census: the former UPN is given where the UPN has changed",
	check: func(l *look) {
		if who := l.record.Identity.Value; who.FormerUPN != "" && who.FormerUPN == who.UPN {
			d := docOf(l.record.Identity)
			l.find(d, "former_upn", "the former UPN is the same as the current UPN", "delete the line former_upn, or write the earlier number",
				related(d, "upn", "the current UPN"))
		}
	},
}

// twice finds each record whose mark is that of one before it.
func (l *look) twice(mark func(*Facts) Mark, message, hint string) {
	first := make(map[string]int, len(l.facts))
	for i := range l.facts {
		f := &l.facts[i]
		m := mark(f)
		if m.Hash == "" {
			continue
		}
		if j, ok := first[m.Hash]; ok {
			l.both(f.Learner, m, l.facts[j].Learner, mark(&l.facts[j]), message, hint)
			continue
		}
		first[m.Hash] = i
	}
}

// both finds what two records together show, and tells it of the first of them.
func (l *look) both(learner string, m Mark, other string, o Mark, message, hint string) {
	identity := func(id string) string { return "learners/" + id + "/identity.yaml" }
	l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: l.rule.Severity, File: identity(learner), Path: m.Path, Span: m.Span, Message: message, Hint: hint,
		Related: []diag.Related{{File: identity(other), Path: o.Path, Span: o.Span, Message: "the other learner"}}})
}
