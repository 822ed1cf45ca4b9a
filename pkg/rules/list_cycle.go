package rules

func cycleRules() []Rule {
	return []Rule{
		concernEmpty, concernOpenLong, slowStart, singleExplanation, evidenceMissing, planWithoutAssess, planWithoutProvision,
		universalFirst, targetWithoutProvision, targetNeed, planCopied, plansAlike, reviewOverdue, reviewGap, reviewNotFollowed, noPlan,
		nothingNoted, nothingDelivered, provisionWithoutImpact, responsibleTeacher, keyPerson, provisionRunOut,
	}
}
