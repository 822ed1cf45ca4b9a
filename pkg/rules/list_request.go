package rules

func requestRules() []Rule {
	return []Rule{}
}
