package rules

func provisionRules() []Rule {
	return []Rule{}
}
