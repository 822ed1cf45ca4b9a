package rules

func protectionRules() []Rule {
	return []Rule{nameOutside, nameInID, numberOutside, contactDetailsOutside, protectionDetail, nameInHistory, retentionDue}
}
