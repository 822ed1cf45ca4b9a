package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/wording"
)

func provisionRules() []Rule {
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
		provisionNoWeeks, provisionNoFading, provisionRateMissing,
	}
}
