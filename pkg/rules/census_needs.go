package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// The rules of needs, as the census takes their types.

var needWithoutSEN = Rule{
	Name: "need-without-sen", ID: "SEN403", Severity: diag.Error,
	About:  "A learner with the code N has no current need, and no place in a SEN unit or resourced provision.",
	Source: "DfE census rule 2125",
	check: func(l *look) {
		if !l.here() {
			return
		}
		code, at := l.codeNow()
		if code != noSupport {
			return
		}
		d, is := docOf(l.record.Learner), l.record.Learner.Value
		now := related(d, fmt.Sprintf("sen_provision[%d]", at), "the code of today")
		for _, i := range l.needsNow() {
			l.find(d, fmt.Sprintf("needs[%d]", i), "the code says no special educational needs, but this need is still current", "write until: with its last day, or record the support: sendctl advance "+l.record.ID, now)
		}
		flag := func(key string, flags []learner.DatedFlag) {
			if i, applies := l.flagNow(flags); applies {
				l.find(d, fmt.Sprintf("%s[%d]", key, i), "the code says no special educational needs, but the learner still has this place", "add a line with the day it ended, and applies: false", now)
			}
		}
		flag("sen_unit", is.SENUnit)
		flag("resourced_provision", is.Resourced)
	},
}

// needMissing is an error where the next census takes types, in spring, and a warning
// in the rest of the year and in settings that have another return.
var needMissing = Rule{
	Name: "need-missing", ID: "SEN404", Severity: diag.Error, Also: []diag.Severity{diag.Warning},
	About:  "A learner with the code K or E has at least one current need, with its type.",
	Source: "DfE census rule 2170; Code of Practice, chapter 6",
	check: func(l *look) {
		is := l.record.Learner.Value
		if !l.here() || !l.reached(is.Joined) {
			return
		}
		if code, _ := l.codeNow(); code != senSupport && code != ehcPlan || len(l.needsNow()) > 0 {
			return
		}
		d := docOf(l.record.Learner)
		severity := diag.Warning
		if day, _ := l.nextCensus(); l.counted() && day.Month() == time.January {
			severity = diag.Error
		}
		const message = "the learner has SEN support or a plan but no current need, and the spring census asks for its type"
		l.add(severity, d, "needs", message, "write the main need under needs: rank, type, from: sendctl edit "+l.record.ID+" learner.yaml")
	},
}

var needRankTwice = Rule{
	Name: "need-rank-twice", ID: "SEN405", Severity: diag.Error, Guards: true,
	About:  "No two current needs have the same rank.",
	Source: "DfE census rule 2165",
	check: func(l *look) {
		// Of one need that stands twice, need-twice tells.
		l.needsAlike(func(a, b learner.Need) bool { return a.Rank == b.Rank && a.Type != b.Type }, "rank", "two needs have this rank, so nobody can tell which comes first", "give the main need rank 1, the next rank 2, and so on")
	},
}

var needTwice = Rule{
	Name: "need-twice", ID: "SEN409", Severity: diag.Error, Guards: true,
	About:  "Each type of need is listed only once among the current needs.",
	Source: "School census, types of need",
	check: func(l *look) {
		l.needsAlike(func(a, b learner.Need) bool { return a.Type == b.Type && a.Type != "" }, "type", "this type of need is listed twice", "join them into one with the words of both, or write until: if one is over")
	},
}

// needsAlike finds an open need that is like one before it. What two people wrote in two
// copies of the folder at once is left to need-rank-gap, which refuses nobody's act: both
// did right.
func (l *look) needsAlike(alike func(a, b learner.Need) bool, key, message, hint string) {
	d, needs := docOf(l.record.Learner), l.record.Learner.Value.Needs
	open := l.openNeeds()
	for j, i := range open {
		k := slices.IndexFunc(open[:j], func(o int) bool { return alike(needs[o], needs[i]) })
		if k >= 0 && !l.movedApart(needs[open[k]], needs[i]) {
			l.find(d, needAt(i, key), message, hint, related(d, needAt(open[k], key), "the other need"))
		}
	}
}

// movedApart reports whether two needs are the main needs of two moves that were recorded
// apart.
func (l *look) movedApart(a, b learner.Need) bool {
	moves := l.record.Moved()
	for _, x := range moves {
		for _, y := range moves {
			if x.Fixed.Date == a.From && a.Rank == "1" && b.Rank == "1" && x.Value.ID != y.Value.ID && x.Fixed.MainNeed == a.Type && y.Fixed.Date == b.From && y.Fixed.MainNeed == b.Type && l.record.Apart(x.Value.ID, y.Value.ID) {
				return true
			}
		}
	}
	return false
}

var needRankGap = Rule{
	Name: "need-rank-gap", ID: "SEN406", Severity: diag.Error,
	About:  "Current needs are ranked 1, 2, 3 … without a gap, each with a rank of its own.",
	Source: "DfE census rules 2140, 2160 and 2165",
	check: func(l *look) {
		if !l.here() {
			return
		}
		now := l.needsNow()
		is := l.record.Learner.Value
		var ranks []int
		for _, i := range now {
			n, ok := is.Needs[i].Rank.Int()
			if k := slices.Index(ranks, n); k >= 0 && l.movedApart(is.Needs[now[k]], is.Needs[i]) {
				d := docOf(l.record.Learner)
				l.find(d, needAt(i, "rank"), "two moves, recorded in two copies of the folder, each added a main need, and only one need can have rank 1",
					"remove one if they are the same, or rank them: 1 for the main one, then 2 (sendctl edit "+l.record.ID+" learner.yaml)", related(d, needAt(now[k], "rank"), "the other"))
				return
			}
			if !ok || slices.Contains(ranks, n) {
				return // told already
			}
			ranks = append(ranks, n)
		}
		slices.Sort(ranks)
		for want, n := range ranks {
			if n == want+1 {
				continue
			}
			at := now[slices.IndexFunc(now, func(i int) bool { r, _ := is.Needs[i].Rank.Int(); return r == n })]
			message := fmt.Sprintf("this is number %d of the current needs, but its rank is another number", want+1)
			l.find(docOf(l.record.Learner), needAt(at, "rank"), message, "rank the remaining needs again: 1 for the main one, then 2, 3 and so on")
			return
		}
	},
}

var moreThanTwoNeeds = Rule{
	Name: "more-than-two-needs", ID: "SEN407", Severity: diag.Advice,
	About:  "The two needs that matter most have rank 1 and 2, because the spring census takes only two.",
	Source: "DfE census rule 2166",
	check: func(l *look) {
		now := l.needsNow()
		if len(now) < 3 {
			return
		}
		is := l.record.Learner.Value
		if day, soon := l.censusSoon(); soon && day.Month() == time.January {
			for _, i := range now {
				if n, ok := is.Needs[i].Rank.Int(); ok && n == 3 {
					l.find(docOf(l.record.Learner), fmt.Sprintf("needs[%d]", i), "the census takes the needs of rank 1 and 2 only; this one stays in the record", "nothing to do, if the two that matter most have rank 1 and 2")
				}
			}
		}
	},
}

var nsaWithPlan = Rule{
	Name: "nsa-with-plan", ID: "SEN408", Severity: diag.Error, Guards: true,
	About:  "NSA (no specialist assessment of the type of need) is used only with the code K.",
	Source: "DfE census rule 2175",
	check: func(l *look) {
		if l.lastCode() != ehcPlan {
			return
		}
		is := l.record.Learner.Value
		for _, i := range l.openNeeds() {
			if is.Needs[i].Type == "NSA" {
				l.find(docOf(l.record.Learner), needAt(i, "type"), "this says that no specialist has assessed the type of need, but with an EHC plan one has", "write the type of need that the plan names",
					related(docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d]", len(is.SENProvision)-1), "the code of an EHC plan"))
			}
		}
	},
}
