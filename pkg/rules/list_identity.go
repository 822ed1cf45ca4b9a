package rules

func identityRules() []Rule {
	return []Rule{
		censusParticulars, birthDate, past25,
		upnCheckLetter, upnForm, upnCapitals, upnAuthority, upnUnique, upnTemporary, formerUPNSame,
		ulnCheckDigit, ulnMissing, ulnUnique,
		duplicateLearner, yearOutOfAge, joinedAhead,
	}
}
