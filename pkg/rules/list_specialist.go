package rules

func specialistRules() []Rule {
	return []Rule{}
}
