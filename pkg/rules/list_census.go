package rules

func censusRules() []Rule {
	return []Rule{
		noCodeToday, codeWithdrawn, specialSchoolN, planCodeEarly, twoCodesOneDay,
		needWithoutSEN, needMissing, needRankTwice, needRankGap, moreThanTwoNeeds, nsaWithPlan, needTwice,
		placeInSpecial, placeWithoutPlan, topUpNote,
		cohortShares, cohortSwing,
	}
}
