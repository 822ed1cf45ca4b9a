package rules

func formatRules() []Rule {
	return []Rule{}
}
