package rules

func adulthoodRules() []Rule {
	return []Rule{}
}
