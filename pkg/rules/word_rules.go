package rules

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/wording"
)

// chapter6 and chapter9 are where the Code of Practice speaks of plans and of outcomes.
const (
	chapter6 = "Code of Practice, chapter 6 (plan)"
	chapter9 = "Code of Practice, chapters 6 and 9 (outcomes)"
)

// targetWordRules judge how a target is put, and every word that is about a child.
func targetWordRules() []Rule {
	return []Rule{
		wordRule(wording.VagueVerb, "SEN801", diag.Advice, "A target names something people can see or hear.", chapter9,
			"nobody can see or hear this, so two people may not agree whether it was reached"),
		wordRule(wording.NoMeasure, "SEN802", diag.Warning, "A target says what is counted, or what plainly happens or does not.", chapter9,
			"neither the words of this target nor its measure say when it is reached"),
		wordRule(wording.NoBaseline, "SEN803", diag.Warning, "A target says where the learner is now.", chapter9,
			"this target does not say where the learner is now"),
		wordRule(wording.NoDate, "SEN804", diag.Warning, "A target has a date to reach it by.", chapter9,
			"this target has no date"),
		withoutWill(wordRule(wording.IsProvision, "SEN805", diag.Advice, "A target says what the learner will do, beginning with will, not what they will be given.", chapter9,
			"this says what adults give, not what the learner will do because of it")),
		wordRule(wording.Double, "SEN806", diag.Advice, "A target is one outcome.", "Local authority guidance on SMART targets",
			"these are two targets: one may be reached without the other"),
		wordRule(wording.NotAboveBaseline, "SEN807", diag.Advice, "The aim of a target is better than where the learner is now.", "Northumberland graduated approach (high expectations)",
			"the aim of this target is no better than where the learner is now"),
		wordRule(wording.Deficit, "SEN808", diag.Advice, "Words about a child say what happens and what helps, and do not find fault.", "Northumberland inclusive practice guidance (talk well of learners and families)",
			"this finds fault with the child, and the family will read it"),
		wordRule(wording.Jargon, "SEN809", diag.Advice, "A plan uses words that a family knows, or explains those they may not.", "Code of Practice, chapter 1 (families take part)",
			"a parent may not know this term, and nothing beside it explains it"),
	}
}

// withoutWill adds to the rule the targets that make no sentence behind a name: that is put
// in front of them wherever they are shown. Others than will may make one (reads, can).
func withoutWill(r Rule) Rule {
	words := r.check
	r.check = func(l *look) {
		words(l)
		c, d, ok := l.planned()
		if !ok || !l.here() {
			return
		}
		for i, t := range c.Plan.Targets {
			text := string(t.Outcome)
			if first, ok := nextWord(text, 0); ok && phrasesOf("not-behind-a-name").has(strings.ToLower(text[first.start:first.end])) {
				l.find(d, indexed("plan.targets[].outcome", i), "this does not begin with will, and makes no sentence behind the learner's name, which is put in front of it", "write it like this: will, then what they will do (sendctl edit "+l.record.ID+")")
			}
		}
	}
	return r
}

// provisionWordRules judge how a provision is put.
func provisionWordRules() []Rule {
	const specific = "Code of Practice, chapters 6 and 9 (provision is detailed and specific)"
	return []Rule{
		wordRule(wording.AccessTo, "SEN901", diag.Advice, "A plan says what is given, not only that something is available.", specific,
			"this says that something is available, not that it is given"),
		wordRule(wording.AsRequired, "SEN902", diag.Advice, "A plan does not leave open whether support is given.", specific,
			"this leaves open whether the support is given at all"),
		wordRule(wording.VagueFrequency, "SEN903", diag.Advice, "A plan says how often as a number or as days of the week.", specific,
			"this word does not say how often"),
		wordRule(wording.NoWho, "SEN904", diag.Warning, "A plan says who gives the support.", specific,
			"nothing says who gives this support"),
		wordRule(wording.NoWhat, "SEN905", diag.Advice, "A plan says what happens in the support it gives.", specific,
			"this does not say what happens in the support"),
		wordRule(wording.NoFrequency, "SEN906", diag.Warning, "A plan says how often support is given.", specific,
			"this does not say how often the support is given"),
		wordRule(wording.NoLength, "SEN907", diag.Warning, "A plan says how long each session of support is.", specific,
			"this does not say how long each session is"),
		wordRule(wording.NoGroupSize, "SEN908", diag.Warning, "A plan says how many learners share the support.", specific,
			"this does not say how many learners share the support"),
	}
}
