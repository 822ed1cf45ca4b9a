package rules

func settingRules() []Rule {
	return []Rule{sencoMissing, sencoUnqualified, remoteUnexplained, limitUnknown, waiverUnknown, waiverExpired, waiverTooLong, waiverUnused, waiverRefused}
}
