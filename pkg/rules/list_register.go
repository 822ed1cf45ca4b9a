package rules

func registerRules() []Rule {
	return []Rule{}
}
