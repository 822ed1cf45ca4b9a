package rules

func settingRules() []Rule {
	return []Rule{sencoMissing, sencoUnqualified, senInformationReport, privacyPapers, accessibilityPlan, remoteUnexplained, limitUnknown, waiverUnknown, waiverExpired, waiverTooLong, waiverUnused, waiverRefused}
}
