package rules

func identityRules() []Rule {
	return []Rule{}
}
