package rules

func protectionRules() []Rule {
	return []Rule{}
}
