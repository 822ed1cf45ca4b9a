package rules

func adulthoodRules() []Rule {
	return []Rule{adulthoodStrands, adulthoodNotPlanned, careersGuidance}
}
