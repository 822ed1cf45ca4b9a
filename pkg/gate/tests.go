package gate

import (
	"maps"
	"slices"

	"github.com/sendctl/sendctl/pkg/pathway"
)

// test is one way of looking.
type test struct {
	look func(*sight, pathway.Check) answer
	// of says which codes the check's of may name. A list of the pathway, by id;
	// or the codes themselves; or the stages, or the results of requests. Faults tells of others.
	list    string
	fixed   func() []string
	stages  bool
	results bool // of a request of any kind
	needsOf bool // without of there is nothing to look for
}

// TestConfirmed is the test that a person's word meets, in Ask.Confirmed: what no
// record need show, such as a letter in another file. Where a decision on a request
// with one of the results in of is recorded, that shows it, and nobody is asked.
const TestConfirmed = "confirmed"

// tests are all the ways of looking, by the name that a pathway's checks use.
func tests() map[string]test {
	return map[string]test{
		// cycles and reviews
		"reviewed-cycles":    {look: reviewedCycles, stages: true},
		"progress":           {look: progress, list: pathway.Progress},
		"last-decision":      {look: lastDecision, list: pathway.Decisions},
		"cycle-settled":      {look: cycleSettled},
		"voice":              {look: voice, fixed: voices},
		"universal-teaching": {look: universalTeaching},
		"other-explanations": {look: otherExplanations, list: pathway.Explanations},
		"evidence-kind":      {look: evidenceKind, list: pathway.EvidenceKinds},
		"measured":           {look: measured},
		// provision
		"provision-impact":  {look: provisionImpact},
		"provision-given":   {look: provisionGiven},
		"provision-costed":  {look: provisionCosted, fixed: costedOf},
		"advice":            {look: advice, list: pathway.Roles},
		"advice-recent":     {look: adviceRecent, list: pathway.Roles},
		"advice-acted-on":   {look: adviceActedOn},
		"document":          {look: document, fixed: documents},
		"contact-about":     {look: contactAbout, list: pathway.ContactAbout},
		"early-discussion":  {look: earlyDiscussion, list: pathway.ContactAbout},
		"contact-meetings":  {look: contactMeetings},
		"parents-reviewed":  {look: parentsReviewed},
		"parents-told":      {look: parentsTold, list: pathway.ContactAbout},
		"consent":           {look: consent},
		"main-need":         {look: mainNeed},
		"record-says":       {look: recordSays, fixed: recordKeys, needsOf: true},
		"move-says":         {look: moveSays, fixed: moveKeys, needsOf: true},
		"request-says":      {look: requestSays, fixed: requestKeys, needsOf: true},
		"evidence-numbered": {look: evidenceNumbered},
		"requests-settled":  {look: requestsSettled},
		"declared":          {look: declared, list: pathway.Roles},
		"cited":             {look: func(*sight, pathway.Check) answer { return answer{state: Missing} }},
		TestConfirmed:       {look: confirmed, results: true},
	}
}

// Tests are the names of the tests, sorted.
func Tests() []string { return slices.Sorted(maps.Keys(tests())) }
