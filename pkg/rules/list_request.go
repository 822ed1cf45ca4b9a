package rules

func requestRules() []Rule {
	return []Rule{requestFamilyUnaware, requestHeads, requestCycles, authorityLate, settingLate, refusalUnexplained,
		requestMoney, requestOutcomes, grantDays, grantTopUp, impactLate, annualReviewOverdue, planProvisionUnshown}
}
