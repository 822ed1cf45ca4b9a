package rules

func settingRules() []Rule {
	return []Rule{}
}
