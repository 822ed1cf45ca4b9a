package rules

func voiceRules() []Rule {
	return []Rule{}
}
