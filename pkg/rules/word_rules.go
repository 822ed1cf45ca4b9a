package rules

import (
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
		wordRule(wording.VagueVerb, "SEN801", diag.Advice, "A target names something that can be seen or heard.", chapter9,
			"nobody can see or hear this, so two people may not agree whether it was reached"),
		wordRule(wording.NoMeasure, "SEN802", diag.Warning, "A target says what is counted, or what either happens or does not.", chapter9,
			"nothing says when this target is reached, neither its words nor its measure"),
		wordRule(wording.NoBaseline, "SEN803", diag.Warning, "A target says where the learner is now.", chapter9,
			"this target does not say where the learner is now"),
		wordRule(wording.NoDate, "SEN804", diag.Warning, "A target says by when it is to be reached.", chapter9,
			"this target does not say by when"),
		wordRule(wording.IsProvision, "SEN805", diag.Advice, "A target is what the learner will do, and not what is given.", chapter9,
			"this says what adults give, and not what the learner will do because of it"),
		wordRule(wording.Double, "SEN806", diag.Advice, "A target is one outcome.", "Guidance of local authorities on SMART targets",
			"these are two targets: one may be reached without the other"),
		wordRule(wording.NotAboveBaseline, "SEN807", diag.Advice, "The aim of a target is better than where the learner is now.", "Northumberland graduated approach (high expectations)",
			"the aim of this target is no better than where the learner is now"),
		wordRule(wording.Deficit, "SEN808", diag.Advice, "Words about a child say what happens and what helps, and do not find fault.", "Northumberland inclusive practice guidance (talk well of learners and families)",
			"this finds fault with the child, and the family will read it"),
		wordRule(wording.Jargon, "SEN809", diag.Advice, "A plan uses words that a family knows, or explains those they may not.", "Code of Practice, chapter 1 (families take part)",
			"a parent may not know this term, and nothing beside it explains it"),
	}
}

// provisionWordRules judge how a provision is put.
func provisionWordRules() []Rule {
	const specific = "Code of Practice, chapters 6 and 9 (provision is detailed and specific)"
	return []Rule{
		wordRule(wording.AccessTo, "SEN901", diag.Advice, "A plan says what is given, and not that something is there.", specific,
			"this promises that something is there, and not that it is given"),
		wordRule(wording.AsRequired, "SEN902", diag.Advice, "A plan does not leave open whether support is given.", specific,
			"this leaves open whether the support is given at all"),
		wordRule(wording.VagueFrequency, "SEN903", diag.Advice, "A plan says how often in figures or by days.", specific,
			"this word stands in place of how often"),
		wordRule(wording.NoWho, "SEN904", diag.Warning, "A plan says who gives the support.", specific,
			"nobody in particular gives this support"),
		wordRule(wording.NoWhat, "SEN905", diag.Advice, "A plan says what is done.", specific,
			"this does not say what is done"),
		wordRule(wording.NoFrequency, "SEN906", diag.Warning, "A plan says how often support is given.", specific,
			"this does not say how often the support is given"),
		wordRule(wording.NoLength, "SEN907", diag.Warning, "A plan says for how long support is given each time.", specific,
			"this does not say for how long each time"),
		wordRule(wording.NoGroupSize, "SEN908", diag.Warning, "A plan says to how many learners at once support is given.", specific,
			"this does not say to how many learners at once"),
	}
}
