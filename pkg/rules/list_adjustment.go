package rules

func adjustmentRules() []Rule {
	return []Rule{}
}
