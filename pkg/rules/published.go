package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// senInformationReport: parents look there for what the school does.
var senInformationReport = Rule{
	Name: "sen-information-report", ID: "SEN1603", Severity: diag.Warning, Also: []diag.Severity{diag.Advice}, Whole: true,
	About:  "The SEN information report was published in the last twelve months.",
	Source: "Children and Families Act 2014, section 69; Special Educational Needs and Disability Regulations 2014, regulation 51 and schedule 1",
	check: func(l *look) {
		if l.folder.Setting.Value.Phase != "early-years" && l.folder.Setting.Value.Phase != "post-16" {
			l.published("sen-information-report", "the SEN information report", "sen-report-months")
		}
	},
}

// privacyPapers: families must be told what is kept on them, and why it may be.
var privacyPapers = Rule{
	Name: "privacy-papers", ID: "SEN1604", Severity: diag.Warning, Also: []diag.Severity{diag.Advice}, Whole: true,
	About:  "The privacy notice and the data protection policy exist, and were updated in the last two years.",
	Source: "UK GDPR, articles 6, 9 and 13; Data Protection Act 2018, schedule 1",
	check: func(l *look) {
		l.published("privacy-notice", "the privacy notice", "privacy-paper-months")
		l.published("data-protection-policy", "the data protection policy", "privacy-paper-months")
	},
}

// accessibilityPlan: what takes building is planned for everyone.
var accessibilityPlan = Rule{
	Name: "accessibility-plan", ID: "SEN1605", Severity: diag.Warning, Also: []diag.Severity{diag.Advice}, Whole: true,
	About:  "The accessibility plan is less than three years old.",
	Source: "Equality Act 2010, schedule 10",
	check: func(l *look) {
		if l.folder.Setting.Value.Phase != "early-years" && l.folder.Setting.Value.Phase != "post-16" {
			l.published("accessibility-plan", "the accessibility plan", "accessibility-plan-months")
		}
	},
}

// published finds a paper of the setting that is too old or, once learners have support,
// one that sendctl.yaml does not name. That is only advice, since the paper may well be
// there; and a made-up school publishes nothing.
func (l *look) published(what, words, limit string) {
	s := l.folder.Setting
	if s.Doc == nil {
		return
	}
	latest := -1
	for i, p := range s.Value.Published {
		if p.What == what && (latest < 0 || p.Date.After(s.Value.Published[latest].Date)) {
			latest = i
		}
	}
	if latest < 0 {
		if s.Value.Demonstration != nil || !slices.ContainsFunc(l.facts, func(f Facts) bool { return f.Code == senSupport || f.Code == ehcPlan }) {
			return
		}
		at := "published"
		if len(s.Value.Published) == 0 {
			at = "name"
		}
		l.add(diag.Advice, docOf(s), at, "nothing here says when "+words+" was last published", "add it under published, with its day: sendctl edit sendctl.yaml")
		return
	}
	if months := l.limit(limit); l.past(monthsAfter(s.Value.Published[latest].Date, months)) {
		l.find(docOf(s), fmt.Sprintf("published[%d].date", latest), fmt.Sprintf("%s is older than %d months", words, months), "bring it up to date, publish it, and write the new day: sendctl edit sendctl.yaml")
	}
}
