package rules

func censusRules() []Rule {
	return []Rule{}
}
