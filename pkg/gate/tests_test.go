package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/schemas"
)

func none(*school) {}

// looks are a case or more for every test: what is in the record, and what is
// found there on 12 February 2026.
func looks() []struct {
	test  string
	name  string
	check pathway.Check
	with  func(*school)
	ask   gate.Ask
	want  string // state: found [cites]
} {
	is := func(of ...string) pathway.Check { return pathway.Check{Of: of} }
	two := (*school).two
	one := func(s *school) {
		s.another("k4f7", "initial-concerns", "2025-10-06", "2025-11-21", "less", "another-cycle")
	}
	advised := func(change func(*learner.Advice)) func(*school) {
		return func(s *school) {
			a := learner.Advice{Format: "advice/v1", Learner: who, ID: "t9wc", By: "ep-osei", Date: day("2026-02-10"), Seen: day("2026-01-28"), Consent: "mum",
				Recommendations: []learner.Recommendation{{ID: "r1", Words: "a key adult", Action: "in the plan", Done: day("2026-02-11")}, {ID: "r2", Words: "less copying"}}}
			change(&a)
			s.advice = append(s.advice, a)
		}
	}
	as := func(*learner.Advice) {}
	paper := func(change func(*learner.Passport)) func(*school) {
		return func(s *school) {
			s.passport = &learner.Passport{Format: "passport/v1", Learner: who, Version: "1", Made: day("2026-01-12"), With: []string{"learner", "mum"}, Know: []learner.Words{"I build things."},
				HelpMeBy: []learner.Words{"read questions to me"}, Agreed: []learner.SignedBy{{Who: "learner", Date: day("2026-01-12")}}}
			change(s.passport)
		}
	}
	agreed := func(*learner.Passport) {}
	ask := func(q learner.Request) gate.Ask { return gate.Ask{Request: &q} }
	move := func(m learner.Move) gate.Ask { return gate.Ask{Move: &m} }
	clinic := learner.Consent{To: "the hearing clinic", GivenBy: "mum", Date: day("2025-09-10")}
	panel := learner.Consent{To: "share with the panel", GivenBy: "mum", Date: day("2025-09-10")}
	theirs := learner.Consent{To: "share with the panel", GivenBy: "learner", Date: day("2025-09-10")}
	until := func(c learner.Consent, on string) learner.Consent { c.Until = day(on); return c }
	consents := func(list ...learner.Consent) func(*school) {
		return func(s *school) { s.learner.Consents = list }
	}
	grown := func(with func(*school)) func(*school) {
		return func(s *school) { s.identity.Born = day("2009-08-31"); with(s) }
	}
	granted := func(result string) func(*school) {
		return func(s *school) {
			s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "cosa", AskedBy: "eyre", Opened: day("2025-12-01"), Sent: day("2025-12-02")}}
			s.decisions = []learner.Decision{{Format: "decision/v1", Learner: who, ID: "d4cn", Request: "m3xt", Panel: day("2026-02-04"), Notified: day("2026-02-11"), Result: result}}
		}
	}
	return []struct {
		test  string
		name  string
		check pathway.Check
		with  func(*school)
		ask   gate.Ask
		want  string
	}{
		{"reviewed-cycles", "one of two", pathway.Check{Least: "cycles-before-register"}, one, gate.Ask{}, "partial: 1 of 2 reviewed [k4f7]"},
		{"reviewed-cycles", "two of two", pathway.Check{Least: "cycles-before-register"}, two, gate.Ask{}, "present: 2 of 2 reviewed [k4f7 n6rd]"},
		{"reviewed-cycles", "none", pathway.Check{Least: "cycles-before-register"}, none, gate.Ask{}, "missing: 0 of 2 reviewed"},
		{"reviewed-cycles", "of another stage", pathway.Check{Of: []string{"passport"}, AtLeast: "1"}, two, gate.Ask{}, "missing: 0 of 1 reviewed"},
		{"reviewed-cycles", "the setting decided on three", pathway.Check{Least: "cycles-before-register"}, func(s *school) { two(s); s.setting.Policies.CyclesBeforeRegister = "3" }, gate.Ask{}, "partial: 2 of 3 reviewed [k4f7 n6rd]"},
		{"reviewed-cycles", "as it stood before the second review", pathway.Check{Least: "cycles-before-register"}, two, gate.Ask{On: day("2026-02-05")}, "partial: 1 of 2 reviewed [k4f7]"},
		{"reviewed-cycles", "an open one does not count", pathway.Check{AtLeast: "1"}, func(s *school) { s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "") }, gate.Ask{}, "missing: 0 of 1 reviewed"},

		{"progress", "less", is("less", "much-less"), two, gate.Ask{}, "present: less than expected [n6rd]"},
		{"progress", "as expected", is("less"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "2025-11-21", "as-expected", "end")
		}, gate.Ask{}, "missing: as expected"},
		{"progress", "no review", is("less"), none, gate.Ask{}, "missing: no review yet"},
		{"progress", "of two reviews, one", pathway.Check{Of: []string{"less"}, AtLeast: "2"}, one, gate.Ask{}, "partial: less than expected [k4f7]"},
		{"progress", "as corrected", is("less"), func(s *school) {
			two(s)
			s.corrections = append(s.corrections, learner.Correction{Format: "correction/v1", Learner: who, ID: "h6vd", Date: day("2026-02-10"), Corrects: "n6rd", Path: "review.progress", Was: "less", Is: "as-expected", Because: "miscounted", By: "grimes"})
		}, gate.Ask{}, "missing: as expected"},

		{"last-decision", "step up", is("step-up"), two, gate.Ask{}, "present: more support [n6rd]"},
		{"last-decision", "another", is("step-down", "end"), one, gate.Ask{}, "missing: another cycle at the same stage"},
		{"last-decision", "no review", is("end"), none, gate.Ask{}, "missing: no review yet"},

		{"cycle-settled", "reviewed", is(), two, gate.Ask{}, "present: no plan waits for its review"},
		{"cycle-settled", "open", is(), func(s *school) { s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "") }, gate.Ask{}, "missing: a plan waits for its review [k4f7]"},
		{"cycle-settled", "a concern without a plan", is(), func(s *school) { s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Plan = nil }, gate.Ask{}, "present: no plan waits for its review"},

		{"voice", "neither", is("learner", "parents"), two, gate.Ask{}, "missing"},
		{"voice", "both", is("learner", "parents"), func(s *school) {
			v := s.another("k4f7", "initial-concerns", "2025-10-06", "2025-11-21", "less", "another-cycle").Review
			v.LearnerSays, v.ParentsSay = []learner.LearnerVoice{{Words: "I like it."}}, []learner.ParentVoice{{Who: "mum", Words: "So do I."}}
		}, gate.Ask{}, "present: both heard [k4f7]"},
		{"voice", "one", is("learner", "parents"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.LearnerSays = []learner.LearnerVoice{{Words: "I like it."}}
		}, gate.Ask{}, "partial: 1 of 2 heard [k4f7]"},
		{"voice", "a reason counts for the learner", is("learner"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.LearnerSays = []learner.LearnerVoice{{NotSought: "nine months old"}}
		}, gate.Ask{}, "present: heard [k4f7]"},
		{"voice", "and half for parents", is("parents"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.ParentsSay = []learner.ParentVoice{{Who: "mum", NotSought: "away"}}
		}, gate.Ask{}, "partial: a reason why not [k4f7]"},

		{"universal-teaching", "no plan", is(), none, gate.Ask{}, "missing: no plan yet"},
		{"universal-teaching", "not said", is(), two, gate.Ask{}, "missing: 0 ways of teaching"},
		{"universal-teaching", "said", is(), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Plan.Universal = []learner.Words{"a word bank", "reading ahead"}
		}, gate.Ask{}, "present: 2 ways of teaching [k4f7]"},

		{"other-explanations", "not asked", is(), two, gate.Ask{}, "missing"},
		{"other-explanations", "asked", is(), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.OtherExplanations = []learner.OtherExplanation{{Cause: "hearing"}, {Cause: "eal", Applies: true}}
		}, gate.Ask{}, "present: asked about hearing, learning English as an additional language [k4f7]"},
		{"other-explanations", "others", is("vision"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.OtherExplanations = []learner.OtherExplanation{{Cause: "hearing"}}
		}, gate.Ask{}, "missing"},

		{"evidence-kind", "none", is("attendance"), two, gate.Ask{}, "missing"},
		{"evidence-kind", "attendance", is("attendance"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.Evidence = []learner.Evidence{{ID: "e1", Date: day("2025-10-03"), Kind: "attendance", What: "percent", Value: "97"}}
		}, gate.Ask{}, "present: 1 piece of evidence [k4f7]"},
		{"evidence-kind", "one of two kinds", is("attendance", "report"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.Evidence = []learner.Evidence{{ID: "e1", Date: day("2025-10-03"), Kind: "attendance", What: "percent"}}
		}, gate.Ask{}, "partial: 1 piece of evidence [k4f7]"},

		{"measured", "none", is(), none, gate.Ask{}, "missing: no reviewed target yet"},
		{"measured", "all", is(), two, gate.Ask{}, "present: 2 of 2 targets with a figure before and after [k4f7 n6rd]"},
		{"measured", "some", is(), func(s *school) {
			two(s)
			s.cycles[0].Review.Targets[0] = learner.TargetReview{Target: "t1", NotMeasured: "away", Next: "continue"}
		}, gate.Ask{}, "partial: 1 of 2 targets with a figure before and after [n6rd]"},

		{"provision-impact", "none", is(), none, gate.Ask{}, "missing: no reviewed provision yet"},
		{"provision-impact", "some", is(), func(s *school) {
			two(s)
			s.cycles[0].Review.Provision = []learner.ProvisionReview{{Provision: "p1", Impact: "some"}}
			s.cycles[1].Review.Provision = []learner.ProvisionReview{{Provision: "p1", Impact: "cannot-tell"}}
		}, gate.Ask{}, "partial: 1 of 2 provisions with its impact [k4f7]"},
		{"provision-impact", "all", is(), func(s *school) {
			one(s)
			s.cycles[0].Review.Provision = []learner.ProvisionReview{{Provision: "p1", Impact: "none"}}
		}, gate.Ask{}, "present: 1 of 1 provisions with its impact [k4f7]"},

		{"provision-given", "not said", is(), one, gate.Ask{}, "missing: 0 of 1 provisions with how much was given"},
		{"provision-given", "in a note", is(), func(s *school) {
			one(s)
			s.cycles[0].Do = []learner.Note{{Date: day("2025-10-17"), By: "grimes", Provision: "p1", Delivered: "10"}}
		}, gate.Ask{}, "present: 1 of 1 provisions with how much was given [k4f7]"},

		// 50 minutes a week for 38 weeks at 15.20 an hour.
		{"provision-costed", "all", is(), one, gate.Ask{}, "present: 481.33 pounds a year; the setting meets 6000.00 itself [k4f7]"},
		{"provision-costed", "below the threshold", is("threshold"), one, gate.Ask{}, "partial: 481.33 pounds a year; the setting meets 6000.00 itself [k4f7]"},
		{"provision-costed", "above the setting's own", is("threshold"), func(s *school) { one(s); s.setting.Policies.Element2Threshold = "481.33" }, gate.Ask{}, "present: 481.33 pounds a year; the setting meets 481.33 itself [k4f7]"},
		{"provision-costed", "one without a rate", is(), func(s *school) {
			one(s)
			p := s.cycles[0].Plan.Provision[0]
			p.ID, p.Role = "p2", "key-worker"
			s.cycles[0].Plan.Provision = append(s.cycles[0].Plan.Provision, p)
		}, gate.Ask{}, "partial: 481.33 pounds a year and 1 provision not costed yet [k4f7]"},
		{"provision-costed", "a whole plan", is("threshold"), func(s *school) {
			c := s.another("k4f7", "sen-support-plan", "2025-10-06", "", "", "")
			p := c.Plan.Provision[0]
			weekly := func(id, ratio string, perWeek, minutes learner.Number) learner.Provision {
				x := p
				x.ID, x.Ratio, x.Sessions = id, ratio, &learner.Sessions{PerWeek: perWeek, Minutes: minutes}
				return x
			}
			pen, visits := p, p
			pen.ID, pen.Role, pen.Ratio, pen.Sessions, pen.AnnualCost = "p4", "", "", nil, "250.00"
			visits.ID, visits.Role, visits.Ratio, visits.Sessions, visits.HoursAYear = "p5", "teacher", "", nil, "3"
			c.Plan.Provision = []learner.Provision{weekly("p1", "1:2", "4", "30"), p, weekly("p3", "1:3", "5", "20"), pen, visits}
			c.Plan.Provision[1].ID = "p2"
		}, gate.Ask{}, "partial: 1743.82 pounds a year; the setting meets 6000.00 itself [k4f7]"},
		{"provision-costed", "nothing additional", is(), func(s *school) { one(s); s.cycles[0].Plan.Provision[0].Additional = false }, gate.Ask{}, "missing: no additional provision in the plan"},
		{"provision-costed", "no plan", is(), none, gate.Ask{}, "missing: no plan yet"},

		{"advice", "none", is(), none, gate.Ask{}, "missing"},
		{"advice", "given", is(), advised(as), gate.Ask{}, "present: 1 piece of advice, the latest of 10 Feb 2026 [t9wc]"},
		{"advice", "only asked for", is(), advised(func(a *learner.Advice) { a.Seen, a.Recommendations = date.Date{}, nil }), gate.Ask{}, "partial: asked for, and not said yet [t9wc]"},
		{"advice", "from a colleague", is(), advised(func(a *learner.Advice) { a.By = "eyre" }), gate.Ask{}, "partial: advice of 10 Feb 2026, of somebody with no organisation in people.yaml [t9wc]"},
		{"advice", "in another role", is("school-nurse"), advised(as), gate.Ask{}, "missing"},

		{"advice-recent", "recent", is(), advised(as), gate.Ask{}, "present: the latest of 10 Feb 2026 [t9wc]"},
		{"advice-recent", "a year and a day", is(), advised(func(a *learner.Advice) { a.Date = day("2025-02-11") }), gate.Ask{}, "partial: the latest of 11 Feb 2025 [t9wc]"},
		{"advice-recent", "a year", is(), advised(func(a *learner.Advice) { a.Date = day("2025-02-12") }), gate.Ask{}, "present: the latest of 12 Feb 2025 [t9wc]"},
		{"advice-recent", "none", is(), none, gate.Ask{}, "missing"},

		{"advice-acted-on", "one of two", is(), advised(as), gate.Ask{}, "partial: 1 of 2 recommendations acted on [t9wc]"},
		{"advice-acted-on", "one done, one not followed", is(), advised(func(a *learner.Advice) { a.Recommendations[1].NotFollowed = "he likes copying" }), gate.Ask{}, "present: 2 of 2 recommendations acted on [t9wc]"},
		{"advice-acted-on", "none", is(), none, gate.Ask{}, "missing: no recommendations yet"},

		{"document", "none", is("passport"), none, gate.Ask{}, "missing"},
		{"document", "agreed", is("passport"), paper(agreed), gate.Ask{}, "present: a passport of 12 Jan 2026 [passport]"},
		{"document", "a draft", is(), paper(func(p *learner.Passport) { p.Agreed = nil }), gate.Ask{}, "partial: a passport of 12 Jan 2026, not agreed yet [passport]"},
		{"document", "past its day", is(), paper(func(p *learner.Passport) { p.ReviewOn = day("2026-02-11") }), gate.Ask{}, "partial: a passport of 12 Jan 2026, due to be looked at again [passport]"},
		{"document", "older than the pathway likes", is(), paper(func(p *learner.Passport) { p.Made = day("2025-11-05") }), gate.Ask{}, "partial: a passport of 5 Nov 2025, due to be looked at again [passport]"},
		{"document", "the other one", is("profile"), paper(agreed), gate.Ask{}, "missing"},

		{"contact-about", "none", is("concern"), none, gate.Ask{}, "missing"},
		{"contact-about", "a talk", is("concern"), func(s *school) { s.talk("c8rt", "2026-02-02", "call", "concern", "mum") }, gate.Ask{}, "present: 1 contact, the last on 2 Feb 2026 [c8rt]"},
		{"contact-about", "about something else", is("concern"), func(s *school) { s.talk("c8rt", "2026-02-02", "call", "request", "mum") }, gate.Ask{}, "missing"},
		{"contact-about", "with a colleague", is("concern"), func(s *school) { s.talk("c8rt", "2026-02-02", "call", "concern", "ep-osei") }, gate.Ask{}, "missing"},
		{"contact-about", "before the last move", is("concern"), func(s *school) {
			s.talk("c8rt", "2026-02-02", "call", "concern", "mum")
			s.moves = append(s.moves, learner.Move{Format: "move/v1", Learner: who, ID: "q2hd", Date: day("2026-02-03"), From: "universal", To: "initial-concerns", Pathway: "northumberland/1", DecidedBy: "eyre", SENProvision: "N", Because: "a concern"})
		}, gate.Ask{}, "missing"},
		{"contact-about", "written with the act", is("concern"), none, gate.Ask{Log: []learner.ContactEntry{{ID: "c8rt", Date: day("2026-02-12"), With: []string{"mum"}, About: "concern"}}}, "present: 1 contact, the last on 12 Feb 2026 [c8rt]"},
		{"contact-about", "written with the act, on its day", is("concern"), two, gate.Ask{Log: []learner.ContactEntry{{With: []string{"mum"}, About: "concern"}}}, "present: 1 contact, the last on 12 Feb 2026"},
		{"contact-about", "after the day", is("concern"), func(s *school) { s.talk("c8rt", "2026-02-13", "call", "concern", "mum") }, gate.Ask{}, "missing"},
		{"contact-about", "at the review", is("review"), func(s *school) { one(s); s.cycles[0].Review.Present = []string{"mum"} }, gate.Ask{}, "present: with the review of 21 Nov 2025 [k4f7]"},
		{"contact-about", "with the learner, who is a child", is("concern"), func(s *school) { s.talk("c8rt", "2026-02-02", "meeting", "concern", "learner") }, gate.Ask{}, "missing"},
		{"contact-about", "with the young person", is("concern"), func(s *school) {
			s.identity.Born = day("2009-08-31")
			s.talk("c8rt", "2026-02-02", "meeting", "concern", "learner")
		}, gate.Ask{}, "present: 1 contact, the last on 2 Feb 2026 [c8rt]"},

		{"early-discussion", "none", is("concern"), none, gate.Ask{}, "missing"},
		{"early-discussion", "no copy", is("concern"), func(s *school) { s.talk("c8rt", "2025-10-02", "meeting", "concern", "mum") }, gate.Ask{}, "partial: 1 contact, the last on 2 Oct 2025; no copy given [c8rt]"},
		{"early-discussion", "with a copy", is("concern"), func(s *school) { s.talk("c8rt", "2025-10-02", "meeting", "concern", "mum").CopyGiven = true }, gate.Ask{}, "present: a talk, with a copy given, on 2 Oct 2025 [c8rt]"},

		{"contact-meetings", "none", pathway.Check{Least: "parent-meetings-a-year"}, none, gate.Ask{}, "missing: 0 of 3 meetings in the last year"},
		{"contact-meetings", "two days, one of them a review", pathway.Check{AtLeast: "2"}, func(s *school) {
			one(s)
			s.cycles[0].Review.Present = []string{"mum"}
			s.talk("c8rt", "2025-10-02", "meeting", "concern", "mum")
			s.talk("c9rt", "2025-10-03", "call", "concern", "mum")
		}, gate.Ask{}, "present: 2 of 2 meetings in the last year [c8rt k4f7]"},

		{"parents-reviewed", "one of two", is(), func(s *school) { two(s); s.cycles[1].Review.Present = []string{"mum"} }, gate.Ask{}, "partial: 1 of 2 reviews with the family [n6rd]"},
		{"parents-reviewed", "by words", is(), func(s *school) {
			one(s)
			s.cycles[0].Review.ParentsSay = []learner.ParentVoice{{Who: "mum", Words: "Better."}}
		}, gate.Ask{}, "present: 1 of 1 reviews with the family [k4f7]"},
		{"parents-reviewed", "no review", is(), none, gate.Ask{}, "missing: no review yet"},

		{"parents-told", "not told", is("register"), none, move(learner.Move{}), "missing: not told yet"},
		{"parents-told", "by the contact that the move names", is("register"), func(s *school) { s.talk("c8rt", "2026-02-12", "letter", "other", "mum") }, move(learner.Move{Told: []string{"c8rt"}}), "present: 1 contact, the last on 12 Feb 2026 [c8rt]"},
		{"parents-told", "by one that is not there", is("register"), none, move(learner.Move{Told: []string{"c8rt"}}), "missing: not told yet"},
		{"parents-told", "in the log already", is("register"), func(s *school) { s.talk("c8rt", "2026-02-10", "letter", "register", "mum") }, move(learner.Move{}), "present: 1 contact, the last on 10 Feb 2026 [c8rt]"},
		{"parents-told", "a parent alone, of a young person", is("register"), grown(func(s *school) { s.talk("c8rt", "2026-02-12", "letter", "register", "mum") }), move(learner.Move{Told: []string{"c8rt"}}), "partial: the young person themself is not told yet [c8rt]"},
		{"parents-told", "the young person", is("register"), grown(func(s *school) { s.talk("c8rt", "2026-02-12", "meeting", "other", "learner") }), move(learner.Move{Told: []string{"c8rt"}}), "present: 1 contact, the last on 12 Feb 2026 [c8rt]"},
		{"parents-told", "the young person, in the log already", is("register"), grown(func(s *school) {
			s.talk("c8rt", "2026-02-12", "letter", "other", "mum")
			s.talk("c9rt", "2026-02-11", "meeting", "register", "mum", "learner")
		}), move(learner.Move{Told: []string{"c8rt"}}), "present: 1 contact, the last on 11 Feb 2026 [c9rt]"},
		{"parents-told", "the last day of compulsory school age", is("register"), func(s *school) {
			s.identity.Born = day("2010-08-31")
			s.talk("c8rt", "2026-06-25", "letter", "register", "mum")
		}, gate.Ask{On: day("2026-06-26"), Move: &learner.Move{}}, "present: 1 contact, the last on 25 Jun 2026 [c8rt]"},
		{"parents-told", "the day after", is("register"), func(s *school) {
			s.identity.Born = day("2010-08-31")
			s.talk("c8rt", "2026-06-25", "letter", "register", "mum")
		}, gate.Ask{On: day("2026-06-27"), Move: &learner.Move{}}, "partial: the young person themself is not told yet [c8rt]"},
		{"parents-told", "why not", is("register"), none, move(learner.Move{NotTold: "cannot be reached"}), "partial: not told yet, and why is written down"},

		{"consent", "none", is(), none, gate.Ask{}, "missing"},
		{"consent", "one for something else", is(), consents(clinic), ask(learner.Request{}), "partial: a consent is in the record; none is named for this request"},
		{"consent", "and no request", is(), consents(panel), gate.Ask{}, "partial: a consent is in the record; none is named for this request"},
		{"consent", "named", is(), consents(clinic, panel), ask(learner.Request{Consents: []learner.Consent{panel}}), "present: 1 consent [learner]"},
		{"consent", "named, and put right to another end since", is(), consents(clinic), ask(learner.Request{Consents: []learner.Consent{{To: "share", GivenBy: clinic.GivenBy, Date: clinic.Date}}}), "partial: a consent is in the record; none is named for this request"},
		{"consent", "named, and not in the record", is(), none, ask(learner.Request{Consents: []learner.Consent{panel}}), "missing"},
		{"consent", "given only after the day", is(), consents(learner.Consent{To: "x", GivenBy: "mum", Date: day("2026-02-13")}), gate.Ask{}, "missing"},
		{"consent", "named, and run out", is(), consents(until(panel, "2026-02-11")), ask(learner.Request{Consents: []learner.Consent{panel}}), "partial: the consent it rests on no longer holds"},
		{"consent", "run out", is(), consents(until(panel, "2026-02-11")), gate.Ask{}, "partial: a consent that no longer holds"},
		{"consent", "on its last day", is(), consents(until(panel, "2026-02-12")), ask(learner.Request{Consents: []learner.Consent{panel}}), "present: 1 consent [learner]"},
		{"consent", "withdrawn", is(), consents(learner.Consent{To: "x", GivenBy: "mum", Date: day("2025-09-10"), Withdrawn: day("2026-02-12")}), gate.Ask{}, "partial: a consent that no longer holds"},
		{"consent", "a signed form is cited", is(), consents(clinic), ask(learner.Request{Evidence: []learner.RequestEvidence{{N: "1", Shows: "looked-for", Cites: "sha256:" + strings.Repeat("a", 64)}}}), "present: 1 piece of evidence cited for it [sha256:" + strings.Repeat("a", 64) + "]"},
		{"consent", "a parent's, of a young person", is(), grown(consents(panel)), ask(learner.Request{Consents: []learner.Consent{panel}}), "partial: the young person themself has not agreed yet"},
		{"consent", "a young person's own", is(), grown(consents(panel, theirs)), ask(learner.Request{Consents: []learner.Consent{panel, theirs}}), "present: 1 consent [learner]"},

		{"main-need", "none", is(), none, gate.Ask{}, "missing"},
		{"main-need", "with the move", is(), none, move(learner.Move{MainNeed: "SPLD"}), "present: with this move"},
		{"main-need", "in the record", is(), func(s *school) {
			s.learner.Needs = []learner.Need{{Rank: "1", Type: "SPLD", From: day("2025-09-01")}}
		}, gate.Ask{}, "present: in the record [learner]"},
		{"main-need", "one that has ended", is(), func(s *school) {
			s.learner.Needs = []learner.Need{{Rank: "1", Type: "SPLD", From: day("2025-09-01"), Until: day("2026-01-01")}}
		}, gate.Ask{}, "missing"},

		{"record-says", "one of two", is("strengths", "areas"), one, gate.Ask{}, "partial: not there yet: strengths [k4f7]"},
		{"record-says", "both", is("strengths", "areas"), func(s *school) { one(s); s.cycles[0].Assess.Strengths = []learner.Words{"number patterns"} }, gate.Ask{}, "present [k4f7]"},
		{"record-says", "nothing", is("characteristics"), none, gate.Ask{}, "missing"},
		{"record-says", "the sheet", is("characteristics", "responsible-teacher", "senco", "setting-history", "adjustments", "aspirations", "disability", "languages"), func(s *school) {
			s.learner.Characteristics, s.learner.Disability = &learner.Characteristics{}, &learner.Disability{}
			s.learner.Adjustments = []learner.Adjustment{{ID: "a1", Barrier: "copying", Adjustment: "printed copy", Kind: "practice", Since: day("2025-09-01")}}
			s.learner.Aspirations = []learner.Aspiration{{Who: "learner", Words: "I want to make games."}}
			s.learner.Family[0].Language = "English"
		}, gate.Ask{}, "present [learner]"},

		{"move-says", "who decides", is("decided-by"), none, move(learner.Move{DecidedBy: "eyre"}), "present"},
		{"move-says", "nobody", is("decided-by"), none, gate.Ask{}, "missing"},
		{"move-says", "a meeting without guests", is("meeting"), none, move(learner.Move{Meeting: &learner.Meeting{Date: day("2026-02-26")}}), "partial: a meeting with nobody invited yet"},
		{"move-says", "everything", is("because", "decided", "sen-provision", "main-need", "monitor-until", "to-setting", "told", "meeting"), none,
			move(learner.Move{Because: "it helps", Date: day("2026-02-12"), SENProvision: "K", MainNeed: "SPLD", MonitorUntil: day("2026-05-01"), ToSetting: "Alder High", Told: []string{"c8rt"},
				Meeting: &learner.Meeting{Date: day("2026-02-26"), Invited: []string{"learner", "mum"}}}), "present"},

		{"request-says", "reasons", is("reasons"), none, ask(learner.Request{Reasons: "it helps"}), "present"},
		{"request-says", "no request", is("reasons"), none, gate.Ask{}, "missing"},
		{"request-says", "known, and what parents say not asked for it", is("knows", "parents-say"), none, ask(learner.Request{KnowledgeAndAgreement: []learner.Agreement{{Who: "mum", Knows: day("2026-01-12")}}}), "partial: not there yet: what the family says"},
		{"request-says", "a colleague's knowledge is not the family's", is("knows"), none, ask(learner.Request{KnowledgeAndAgreement: []learner.Agreement{{Who: "grimes", Knows: day("2026-01-12")}}}), "missing"},
		{"request-says", "a request of the family's own", is("knows", "agrees"), none, ask(learner.Request{AskedBy: "mum"}), "present"},
		{"request-says", "a parent's knowledge, of a young person", is("knows", "agrees"), grown(none), ask(learner.Request{KnowledgeAndAgreement: []learner.Agreement{{Who: "mum", Knows: day("2026-01-12"), Agrees: true}}}), "partial: the young person themself does not know yet; the young person themself has not agreed yet"},
		{"request-says", "a parent asks, for a young person", is("knows"), grown(none), ask(learner.Request{AskedBy: "mum"}), "partial: the young person themself does not know yet"},
		{"request-says", "the young person knows, and does not agree", is("knows", "agrees"), grown(none), ask(learner.Request{KnowledgeAndAgreement: []learner.Agreement{{Who: "learner", Knows: day("2026-01-12")}}}), "partial: not there yet: that they agree"},
		{"request-says", "the young person asks", is("knows", "agrees"), grown(none), ask(learner.Request{AskedBy: "learner"}), "present"},
		{"request-says", "a child asks, whose family must know", is("knows"), none, ask(learner.Request{AskedBy: "learner"}), "missing"},
		{"request-says", "the record's words count half", is("learner-says"), func(s *school) {
			s.another("k4f7", "initial-concerns", "2025-10-06", "", "", "").Assess.LearnerSays = []learner.LearnerVoice{{Words: "I like it."}}
		}, gate.Ask{}, "partial: their words from other talks are in the record; they have not been asked for this request [k4f7]"},
		{"request-says", "a passport speaks for the learner", is("learner-says"), paper(agreed), gate.Ask{}, "present [passport]"},
		{"request-says", "everything", is("because", "outcomes-sought", "support-sought", "basis", "costs", "asks", "period", "evidence", "learner-says", "parents-say", "declared", "asked-by", "readiness-stated"), none,
			ask(learner.Request{Because: "it helps", OutcomesSought: []learner.Words{"it helps"}, SupportSought: []learner.Words{"it helps"}, Basis: []learner.AskLine{{Cost: "1"}}, Costs: []learner.Cost{{Annual: "1"}},
				Asks: &learner.Grant{Money: "1", From: day("2026-02-12"), To: day("2026-02-12")}, Evidence: []learner.RequestEvidence{{N: "1", Cites: "k4f7"}},
				LearnerSays: []learner.LearnerVoice{{Words: "it helps"}}, ParentsSay: []learner.ParentVoice{{Who: "mum", Words: "it helps"}}, Declared: []learner.SignedBy{{Who: "eyre"}}, AskedBy: "eyre",
				Readiness: []learner.Readiness{{Item: "x", State: "present"}}}), "present"},

		{"requests-settled", "none", is(), none, gate.Ask{}, "present: none is under way"},
		{"requests-settled", "one that waits", is(), func(s *school) {
			s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "cosa", AskedBy: "eyre", Opened: day("2025-12-01"), Sent: day("2025-12-02")}}
		}, gate.Ask{}, "missing: COSA is under way [m3xt]"},
		{"requests-settled", "a grant that runs", is(), func(s *school) {
			s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "star", AskedBy: "eyre", Opened: day("2025-12-01"), Sent: day("2025-12-02")}}
			s.decisions = []learner.Decision{{Format: "decision/v1", Learner: who, ID: "w3xk", Request: "m3xt", Panel: day("2025-12-10"), Result: "agreed", Grants: &learner.Grant{Money: "100", From: day("2026-01-05"), To: day("2026-07-17")}}}
		}, gate.Ask{}, "missing: STAR runs until 17 Jul 2026 [m3xt]"},
		{"requests-settled", "refused", is(), func(s *school) {
			s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "star", AskedBy: "eyre", Opened: day("2025-12-01"), Sent: day("2025-12-02")}}
			s.decisions = []learner.Decision{{Format: "decision/v1", Learner: who, ID: "w3xk", Request: "m3xt", Panel: day("2025-12-10"), Result: "declined"}}
		}, gate.Ask{}, "present: none is under way"},
		{"evidence-numbered", "none", is(), none, gate.Ask{}, "missing"},
		{"evidence-numbered", "one file under one number", is(), none, ask(learner.Request{Evidence: []learner.RequestEvidence{{N: "1", Shows: "a", Cites: "k4f7"}, {N: "1", Shows: "b", Cites: "k4f7"}}}), "present: 2 of 2 with a number, and pages where they are attached"},
		{"evidence-numbered", "two files under one number", is(), none, ask(learner.Request{Evidence: []learner.RequestEvidence{{N: "1", Shows: "a", Cites: "k4f7"}, {N: "1", Shows: "b", Cites: "n6rd"}}}), "partial: 1 of 2 with a number, and pages where they are attached"},
		{"evidence-numbered", "no pages", is(), none, ask(learner.Request{Evidence: []learner.RequestEvidence{{N: "1", Shows: "a", Cites: "sha256:" + strings.Repeat("a", 64)}}}), "missing: 0 of 1 with a number, and pages where they are attached"},

		{"declared", "none", is("headteacher", "senco"), none, gate.Ask{}, "missing"},
		{"declared", "one", is("headteacher", "senco"), none, ask(learner.Request{Declared: []learner.SignedBy{{Who: "eyre", Date: day("2026-02-12")}}}), "partial: declared by SENCo"},
		{"declared", "both", is("headteacher", "senco"), none, ask(learner.Request{Declared: []learner.SignedBy{{Who: "eyre", Date: day("2026-02-12")}, {Who: "marr", Date: day("2026-02-12")}}}), "present: declared by SENCo, headteacher"},

		{"cited", "not cited", is(), two, gate.Ask{}, "missing"},
		{"cited", "cited", is(), two, ask(learner.Request{Evidence: []learner.RequestEvidence{{N: "1", Shows: "looked-for", Cites: "k4f7"}}}), "present: 1 piece of evidence cited for it [k4f7]"},

		{"confirmed", "not", is(), none, gate.Ask{}, "missing"},
		{"confirmed", "by somebody", is(), none, gate.Ask{Confirmed: []string{"looked-for"}}, "present: confirmed"},

		{"confirmed", "by a decision", is("plan-issued"), granted("plan-issued"), gate.Ask{}, "present: a final EHC plan is issued, 11 Feb 2026 [d4cn]"},
		{"confirmed", "another decision", is("plan-issued"), granted("agreed"), gate.Ask{}, "missing"},
		{"confirmed", "a decision that is still to come", is("plan-issued"), granted("plan-issued"), gate.Ask{On: day("2026-02-10")}, "missing"},
		{"confirmed", "a decision that another followed", is("plan-issued"), func(s *school) {
			granted("plan-issued")(s)
			s.decisions = append(s.decisions, learner.Decision{Format: "decision/v1", Learner: who, ID: "g4cn", Request: "m3xt", Panel: day("2026-02-12"), Result: "no-plan"})
		}, gate.Ask{}, "missing"},
		{"confirmed", "a decision before the plan ended", is("plan-issued"), func(s *school) {
			granted("plan-issued")(s)
			s.moves = append(s.moves, learner.Move{Format: "move/v1", Learner: who, ID: "q2hd", Date: day("2026-02-12"), From: "ehc-plan", To: "passport", Pathway: "northumberland/1", DecidedBy: "eyre", SENProvision: "K", Because: "it ended"})
		}, move(learner.Move{To: "ehc-plan"}), "missing"},

		// What people say goes round every test.
		{"advice", "does not apply", is(), none, gate.Ask{NotApplicable: []string{"looked-for"}}, "not-applicable: does not apply here"},
		{"advice", "does not apply, says the request", is(), none, ask(learner.Request{Readiness: []learner.Readiness{{Item: "looked-for", State: "not-applicable"}}}), "not-applicable: does not apply here"},
		{"advice", "another piece is cited for it", is("school-nurse"), advised(as), ask(learner.Request{Evidence: []learner.RequestEvidence{{N: "1", Shows: "looked-for", Cites: "t9wc"}}}), "present: 1 piece of evidence cited for it [t9wc]"},
		{"advice", "nobody can vouch for what the record should show", is(), none, gate.Ask{Confirmed: []string{"looked-for"}}, "missing"},
	}
}

func TestEveryTest(t *testing.T) {
	found := map[string][]gate.State{}
	for _, c := range looks() {
		t.Run(c.test+"/"+c.name, func(t *testing.T) {
			s := newSchool(t)
			c.with(s)
			f, r := s.open(t)
			c.check.ID, c.check.Test, c.check.Kind = "looked-for", c.test, "evidence"
			f.Pathway.Value.Checks = append(f.Pathway.Value.Checks, c.check)
			if c.ask.On.IsZero() {
				c.ask.On = day("2026-02-12")
			}
			l := gate.Table(f, r, []string{"looked-for"}, c.ask)[0]
			got := string(l.State)
			if l.Found != "" {
				got += ": " + l.Found
			}
			if len(l.Cites) > 0 {
				got += " [" + strings.Join(l.Cites, " ") + "]"
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			found[c.test] = append(found[c.test], l.State)
		})
	}
	for _, name := range gate.Tests() {
		for _, want := range []gate.State{gate.Present, gate.Missing} {
			if !slices.Contains(found[name], want) {
				t.Errorf("no case where %s says %s", name, want)
			}
		}
	}
}

func TestAnUnknownTestIsMissing(t *testing.T) {
	f, r := newSchool(t).open(t)
	f.Pathway.Value.Checks = append(f.Pathway.Value.Checks, pathway.Check{ID: "new", Test: "by-telescope"})
	for _, id := range []string{"new", "not-in-the-pathway"} {
		l := gate.Table(f, r, []string{id}, gate.Ask{On: day("2026-02-12")})[0]
		if l.Check.ID != id || l.State != gate.Missing || l.Met() || l.Found != "this sendctl does not know how to look for it" {
			t.Errorf("%+v", l)
		}
	}
}

// Request files hold these states, and editors offer them.
func TestStatesAreThoseOfTheSchema(t *testing.T) {
	b, _ := schemas.Schema("request")
	enum := `"enum": [`
	for i, s := range []gate.State{gate.Present, gate.Partial, gate.Missing, gate.NotApplicable} {
		if i > 0 {
			enum += ","
		}
		enum += ` "` + string(s) + `"`
	}
	enum += " ]"
	if !strings.Contains(strings.Join(strings.Fields(string(b)), " "), enum) {
		t.Errorf("the schema of a request does not have %s", enum)
	}
}

func TestUnusual(t *testing.T) {
	l := gate.Unusual()
	if l.Met() || l.Check.ID != "usual-way" || l.Check.Kind != "evidence" || !strings.Contains(string(l.Check.Satisfy), "--because") {
		t.Errorf("%+v", l)
	}
}
