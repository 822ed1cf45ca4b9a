package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// adulthoodYear is the National Curriculum year from which reviews look at adulthood.
const adulthoodYear = 9

// strandsMissing are the strands of preparing for adulthood that no outcome ahead is of.
func (l *look) strandsMissing() []string {
	missing := []string{"employment", "independent-living", "community", "health"}
	for _, o := range l.record.Learner.Value.Outcomes {
		if !l.past(o.By) {
			missing = slices.DeleteFunc(missing, func(s string) bool { return s == o.Strand })
		}
	}
	return missing
}

// outcomesAt is where learner.yaml holds the outcomes, or where it would.
func outcomesAt(v learner.Learner) string {
	if len(v.Outcomes) > 0 {
		return "outcomes"
	}
	return "stage"
}

// adulthoodStrands: from Year 9 on every review of a plan looks at adult life, all four
// sides of it.
var adulthoodStrands = Rule{
	Name: "adulthood-strands", ID: "SEN1301", Severity: diag.Error,
	About:  "After a review of an EHC plan in Year 9 or above, the outcomes still to come cover work, independent living, community and health.",
	Source: "Code of Practice, chapter 8 (preparing for adulthood in every review from Year 9)",
	check: func(l *look) {
		from, _, ok := l.planSince()
		if !ok || !l.yearReached(adulthoodYear) {
			return
		}
		r, known := l.reception()
		last := l.lastReviewed(from)
		if last.IsZero() || known && last.Before(firstOfYear(r, adulthoodYear)) {
			return // none has been held in these years yet
		}
		missing := l.strandsMissing()
		if len(missing) == 0 {
			return
		}
		l.find(docOf(l.record.Learner), outcomesAt(l.record.Learner.Value), "the plan was reviewed, but no outcome still to come is about: "+strings.ReplaceAll(strings.Join(missing, ", "), "-", " "),
			"agree outcomes with the learner, and write each under outcomes with its strand: sendctl edit "+l.record.ID+" learner.yaml")
	},
}

// adulthoodNotPlanned: it matters as much without a plan.
var adulthoodNotPlanned = Rule{
	Name: "adulthood-not-planned", ID: "SEN1302", Severity: diag.Advice,
	About:  "From Year 9, a learner with SEN support has an outcome still to come that prepares for adult life.",
	Source: "Code of Practice, chapter 8 (preparing for adulthood)",
	check: func(l *look) {
		if !l.here() || l.code() != senSupport || !l.yearReached(adulthoodYear) {
			return
		}
		if n := len(l.strandsMissing()); n == 4 {
			l.find(docOf(l.record.Learner), outcomesAt(l.record.Learner.Value), fmt.Sprintf("in Year %d or above, but no outcome still to come is about work, independent living, community or health", adulthoodYear),
				"ask the learner what they hope for, and write it under outcomes with its strand: sendctl edit "+l.record.ID+" learner.yaml")
		}
	},
}

// careersGuidance: everyone from Year 8 on has a right to it, and a plan that begins too
// late has fewer ways.
var careersGuidance = Rule{
	Name: "careers-guidance", ID: "SEN1303", Severity: diag.Advice,
	About:  "By Year 10, the record of a learner with SEN mentions careers guidance.",
	Source: "Code of Practice, chapter 8 (careers guidance)",
	check: func(l *look) {
		if c := l.code(); !l.here() || c != senSupport && c != ehcPlan || !l.yearReached(adulthoodYear+1) {
			return
		}
		if !speaksOf(phrasesOf("careers"), docsOf(l.record)) {
			l.find(docOf(l.record.Learner), outcomesAt(l.record.Learner.Value), "nothing in this record mentions careers guidance yet",
				"ask who gives it, and note what came of it: sendctl note "+l.record.ID)
		}
	},
}
