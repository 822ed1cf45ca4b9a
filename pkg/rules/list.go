package rules

import (
	"slices"
	"sync"
)

// All lists every rule, in the order of their ids.
func All() []Rule { return slices.Clone(book()) }

// eachRule visits them where they are.
func eachRule(visit func(*Rule) bool) {
	rules := book()
	for i := range rules {
		if !visit(&rules[i]) {
			return
		}
	}
}

// book is the one list of rules, made once: every record is judged by it.
var book = sync.OnceValue(func() []Rule {
	return slices.Concat(
		// SEN1xx format
		formatRules(),
		// SEN2xx references
		[]Rule{
			references, datesInOrder, fileOwner, fileName, sealed, stageMoves, gateRule,
		},
		trailRules(),
		// SEN3xx identity
		[]Rule{
			censusParticulars, birthDate, past25, upnCheckLetter, upnForm, upnCapitals, upnAuthority, upnUnique, upnTemporary,
			formerUPNSame, ulnCheckDigit, ulnMissing, ulnUnique, duplicateLearner, yearOutOfAge, joinedAhead, ethnicityCode, beforeJoined, dateUnlikely,
		},
		// SEN4xx census
		[]Rule{
			noCodeToday, codeWithdrawn, needWithoutSEN, needMissing, needRankTwice, needRankGap, moreThanTwoNeeds, nsaWithPlan, needTwice,
			placeInSpecial, placeWithoutPlan, topUpNote, specialSchoolN, planCodeEarly, twoCodesOneDay, cohortShares, cohortSwing, planUnrecorded,
		},
		// SEN5xx register
		[]Rule{
			parentsNotTold, parentsToldLate, supportUndecided, concernNotShared, earlyTalkNote, meetingNote, parentMeetings,
			impactNotShared, supportEnded, supportOffRegister, documentMissing, parentalResponsibility, registerEarly,
		},
		// SEN6xx cycle
		[]Rule{
			cycleOpen, concernEmpty, concernOpenLong, slowStart, singleExplanation, evidenceMissing, planWithoutAssess,
			planWithoutProvision, universalFirst, targetWithoutProvision, targetNeed, planCopied, plansAlike, reviewOverdue, reviewGap,
			reviewNotFollowed, noPlan, nothingNoted, nothingDelivered, provisionWithoutImpact, responsibleTeacher, keyPerson,
			provisionRunOut,
		},
		// SEN7xx voice
		[]Rule{
			learnerNotHeard, parentsNotHeard, reviewUnheard, youngPersonDecides, aimsUnasked, strengthsMissing, planNotAgreed,
			documentAlone, documentStale, documentUnread,
		},
		// SEN8xx wording
		targetWordRules(),
		[]Rule{placeholderRule},
		// SEN9xx provision
		provisionWordRules(),
		[]Rule{
			provisionNoWeeks, provisionNoFading, provisionRateMissing, withdrawnLong, figureUnlikely,
		},
		// SEN10xx specialists
		[]Rule{
			specialistNotAsked, adviceConsent, adviceNotShared, adviceNotActedOn, adviceReviewOverdue, sensorySpecialist,
		},
		// SEN11xx requests
		[]Rule{
			requestFamilyUnaware, requestHeads, requestCycles, authorityLate, settingLate, refusalUnexplained, requestMoney,
			requestOutcomes, grantDays, grantTopUp, impactLate, annualReviewOverdue, planProvisionUnshown, requestSums,
		},
		// SEN12xx transition
		[]Rule{
			transitionNotPlanned, handoverMissing, receiptMissing, copyKept, twoYearCheck,
		},
		// SEN13xx adulthood
		[]Rule{
			adulthoodStrands, adulthoodNotPlanned, careersGuidance,
		},
		// SEN14xx adjustments
		[]Rule{
			disabilityUnadjusted, adjustmentReviewOverdue, adjustmentIsBuilding, caredForAlone,
		},
		// SEN15xx protection
		[]Rule{
			nameOutside, nameInID, numberOutside, contactDetailsOutside, protectionDetail, nameInHistory, retentionDue, otherNamed,
		},
		// SEN16xx setting
		[]Rule{
			sencoMissing, sencoUnqualified, senInformationReport, privacyPapers, accessibilityPlan, remoteUnexplained, limitUnknown,
			waiverUnknown, waiverExpired, waiverTooLong, waiverUnused, waiverRefused, sencoRoleRule, baselineStale,
		},
	)
})
