package rules

func adjustmentRules() []Rule {
	// withdrawnLong is of the group provision, by its id.
	return []Rule{disabilityUnadjusted, adjustmentReviewOverdue, adjustmentIsBuilding, caredForAlone, withdrawnLong}
}
