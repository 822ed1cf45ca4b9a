package rules

func transitionRules() []Rule {
	return []Rule{}
}
