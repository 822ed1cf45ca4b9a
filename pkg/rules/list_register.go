package rules

func registerRules() []Rule {
	return []Rule{
		parentsNotTold, parentsToldLate, supportUndecided, concernNotShared, earlyTalkNote, meetingNote,
		parentMeetings, impactNotShared, supportEnded, supportOffRegister, documentMissing, parentalResponsibility, registerEarly,
	}
}
