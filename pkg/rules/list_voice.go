package rules

func voiceRules() []Rule {
	return []Rule{
		learnerNotHeard, parentsNotHeard, reviewUnheard, youngPersonDecides, aimsUnasked, strengthsMissing,
		planNotAgreed, documentAlone, documentStale, documentUnread,
	}
}
