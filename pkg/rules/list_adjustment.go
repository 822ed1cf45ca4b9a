package rules

func adjustmentRules() []Rule {
	return []Rule{disabilityUnadjusted, adjustmentReviewOverdue, adjustmentIsBuilding, caredForAlone}
}
