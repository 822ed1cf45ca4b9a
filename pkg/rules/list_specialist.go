package rules

func specialistRules() []Rule {
	return []Rule{specialistNotAsked, adviceConsent, adviceNotShared, adviceNotActedOn, adviceReviewOverdue, sensorySpecialist}
}
