package rules

func transitionRules() []Rule {
	return []Rule{transitionNotPlanned, handoverMissing, receiptMissing, copyKept, twoYearCheck}
}
