package rules

func cycleRules() []Rule {
	return []Rule{}
}
