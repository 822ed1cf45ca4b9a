package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// limitUnknown: a number under a misspelt name would count for nothing, unseen.
var limitUnknown = Rule{
	Name: "limit-unknown", ID: "SEN1607", Severity: diag.Warning, Whole: true,
	About:  "Each number under limits in sendctl.yaml and pathway.yaml is one that a rule uses.",
	Source: "records: the numbers that rules go by (sendctl explain --limits)",
	check: func(l *look) {
		l.unknownLimits(docOf(l.folder.Setting), l.folder.Setting.Value.Limits)
		l.unknownLimits(docOf(l.folder.Pathway), l.folder.Pathway.Value.Limits)
	},
}

func (l *look) unknownLimits(d doc, limits []learner.Limit) {
	if len(limits) == 0 {
		return
	}
	var known []string
	for _, x := range recordfile.ShippedLimits() {
		known = append(known, x.ID)
	}
	seen := map[string]bool{}
	for i, x := range limits {
		at := fmt.Sprintf("limits[%d].id", i)
		switch near := diag.Suggest(x.ID, known); {
		case x.ID == "":
		case seen[x.ID]:
			l.find(d, at, "this number is listed twice, and only the first counts", "keep one of the two")
		case slices.Contains(known, x.ID):
		case near != "":
			l.find(d, at, "no rule uses a number with this name, so it has no effect", "did you mean \""+near+"\"? sendctl explain --limits lists them")
		default:
			l.find(d, at, "no rule uses a number with this name, so it has no effect", "sendctl explain --limits lists them")
		}
		seen[x.ID] = true
	}
}
