package rules

func wordingRules() []Rule {
	return []Rule{}
}
