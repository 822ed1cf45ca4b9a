package examples_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/examples"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/rules"
)

// The school was made up before the program was: its figures, days, costs and
// words were worked out by hand. Here they stand a second time, so that an act
// told anew cannot quietly change the story, or what the program reckons from it.

// A figure is one thing known of a journey beforehand.
type figure struct {
	what string // which, as a reader of the journey would name it
	got  any    // what the record says
	want string
}

func TestTheSchoolHoldsNoFault(t *testing.T) {
	f := school(t)
	for _, d := range slices.Concat(f.Findings, f.Strays(), rules.Pathway(f)) {
		t.Errorf("a fault of the folder: %v", d)
	}
	ids, err := f.Learners()
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) != 3 {
		t.Errorf("there are %d learners, want 3", len(ids))
	}
	for _, id := range ids {
		r := record(t, f, id)
		for _, d := range slices.Concat(rules.Learner(f, r), rules.NotYet(r, examples.Today())) {
			if d.Severity == diag.Error {
				t.Errorf("an error in %s: %v", id, d)
			}
		}
	}
}

func TestFiguresOfMina(t *testing.T) {
	f := school(t)
	r := record(t, f, "rq62bfzs")
	c := cycles(t, r)
	one, two, three := nth(c, 0), nth(c, 1), nth(c, 2)
	person, log := r.Learner.Value, r.Contacts.Value.Contacts
	therapist := advice(t, r, "slt-ferris", "2026-09-28")
	move := moved(t, r, "2026-06-01")

	hold(t, []figure{
		{"born", r.Identity.Value.Born, "2022-11-14"},
		{"name", r.Identity.Value.Name + " " + r.Identity.Value.LegalName.Family, "Mina Kowalczyk-Hall"},
		{"start", person.Joined, "2026-01-06"},
		{"hours a week", holds(assess(one).History, "15 hours"), "15 hours"},
		{"languages", languages(person), "mum Polish, dad English"},
		{"key person and SENCo", person.Team.ResponsibleTeacher + " " + person.Team.SENCo, "fenwick oduya"},
		{"how to reach the mother", holds(reach(r, "mum"), "text"), "text"},
		{"how to reach the father", holds(reach(r, "dad"), "phone"), "phone"},
		{"the form of letters", holds(reach(r, "mum"), "plain English with Polish headings"), "plain English with Polish headings"},
		{"interpreter offered", holds([]learner.Words{talk(log, "2026-02-03", "concern").Told}, "an interpreter was offered"), "an interpreter was offered"},
		{"consents", consents(person), "mum 2026-02-03 to 2027-02-03, mum 2026-05-22 to 2027-05-22, dad 2026-05-22 to 2027-05-22"},

		{"concern raised", assess(one).Date, "2026-01-29"},
		{"concern raised by", nth(assess(one).Concerns, 0).By, "fenwick"},
		{"area", nth(assess(one).Concerns, 0).Area, "communication-and-interaction"},
		{"talk with the parents", talk(log, "2026-02-03", "concern").Date, "2026-02-03"},
		{"what the mother said", talk(log, "2026-02-03", "concern").Said, "She understands me at home if I show her. I worry she gives up."},
		{"what she wrote", parent(assess(one).ParentsSay, "mum"), "She understands me at home if I show her. I worry she gives up. (2026-02-03)"},
		{"the child's view", voice(assess(one).LearnerSays), "likes water tray and music and Bartek; moves away at carpet time (photo choice and watching, 2026-02-05)"},
		{"screen at 38 months", evidence(one, "WellComm screen at 38 months"), "2026-01-22: section 6 red, section 5 red, section 4 amber, section 3 green"},
		{"watched at snack", seen(one, "watched at snack"), "2026-01-22"},
		{"watched in small world", seen(one, "watched in small world"), "2026-01-26"},
		{"watched outdoors", seen(one, "watched outdoors"), "2026-01-28"},
		{"other explanations", causes(one), "eal no, hearing no, settling-in yes"},
		{"strengths", join(assess(one).Strengths), "24-piece puzzles, gentle with babies, remembers songs by actions, watches closely"},

		{"cycle 1", days(one), "2026-02-09 to 2026-03-20"},
		{"cycle 1, target 1", target(one, "t1"), "3 to 8 of 10: 5, -1, adapt"},
		{"cycle 1, target 2", target(one, "t2"), "4 to 10: 7, -1, adapt"},
		{"cycle 1, what everyone gets", join(plan(one).Universal), "comment rather than question, wait ten seconds, now/next pictures"},
		{"cycle 1, listening and language group", given(one, "p1"), "3 x 10 min 1:3 by fenwick for t1 t2: planned 16, delivered 13, attended 12"},
		{"cycle 1, the mother", parent(review(one).ParentsSay, "mum"), "She points less and tries more."},
		{"cycle 1, the child", nth(review(one).LearnerSays, 0).Words, "chose the smiley for music group"},
		{"cycle 1, changes", join(review(one).Changes), "hearing check, fade gestures, sing and pause"},
		{"cycle 1, decision", review(one).Decision, "another-cycle"},

		{"cycle 2", days(two), "2026-04-13 to 2026-05-22"},
		{"hearing clinic", advice(t, r, "audiology", "2026-04-22").Findings, "[within normal limits]"},
		{"word list in Polish", evidence(two, "parent word list, in Polish"), "2026-04-13: 46 words, few verbs"},
		{"cycle 2, target 1", target(two, "t1"), "5 to 8 of 10: 7, -1, continue"},
		{"cycle 2, target 2", target(two, "t2"), "7 to 12: 9, -1, continue"},
		{"cycle 2, verbs before", evidence(two, "two-word phrases with an action word in a 15-minute play sample"), "2026-04-13: 1 phrases"},
		{"cycle 2, verbs aimed at", holds([]learner.Words{nth(plan(two).Targets, 1).Outcome}, "4 with an action word"), "4 with an action word"},
		{"cycle 2, verbs after", holds([]learner.Words{nth(review(two).Targets, 1).Because}, "2 with an action word"), "2 with an action word"},
		{"cycle 2, action-word play", given(two, "p1"), "4 x 10 min 1:2 by fenwick for t1 t2: planned 22, delivered 20, attended 19"},
		{"rescreen at 42 months", holds(review(two).Observations, "19 May at 42 months: section 5 amber, section 4 green"), "19 May at 42 months: section 5 amber, section 4 green"},
		{"the gap", holds(review(two).Observations, "peers at 42 months use 3-4 word sentences"), "peers at 42 months use 3-4 word sentences"},
		{"cycle 2, the mother", parent(review(two).ParentsSay, "mum"), "Yes, please ask the therapist."},
		{"cycle 2, decision", review(two).Decision, "step-up"},
		{"cycle 2, reason", review(two).Because, "Two reviewed cycles, and the gap is not closing."},

		{"register", register(person), "K from 2026-06-01, SLCN"},
		{"register, told", told(log, move), "meeting 2026-05-22, letter 2026-05-22"},
		{"register, reason", move.Because, "Two reviewed cycles; screen below age."},
		{"the move", move.From + " to " + move.To, "initial-concerns to profile"},

		{"referral sent", talk(log, "2026-06-03", "other").Date, "2026-06-03"},
		{"therapist asked, saw her, wrote", therapist.Asked.String() + " " + therapist.Seen.String() + " " + therapist.Date.String(), "2026-06-03 2026-09-17 2026-09-28"},
		{"therapist, finding", therapist.Findings, "[receptive and expressive delay in both languages]"},
		{"therapist, done", done(therapist), "verbs first with real objects then pictures 2026-10-05, staff video coaching on waiting 2026-10-15, keep Polish at home 2026-10-02"},
		{"therapist, actions", actions(therapist), "built into cycle 3; SENDCo and three staff; home sheet"},

		{"profile made", document(t, "rq62bfzs", "profile").Made, "2026-06-04"},
		{"profile made with", document(t, "rq62bfzs", "profile").With, "[learner mum dad fenwick]"},
		{"profile looked at again", agreed(t, r, "profile.yaml"), "2026-06-04, 2026-07-14, 2026-10-22"},
		{"profile, liked", join(r.Profile.Value.Admire), "gentle, never forgets a face, big giggle"},
		{"profile, important", join(r.Profile.Value.Important), "water, music, Bartek, knowing who collects her"},
		{"profile, support", join(r.Profile.Value.Support), "get down and wait, show one thing, few words, picture of what is next"},

		{"cycle 3", days(three), "2026-09-21 to 2026-12-11"},
		{"cycle 3, target 1", target(three, "t1"), "7 to 9 of 10, 8 on 2026-10-22"},
		{"cycle 3, target 2", target(three, "t2"), "2 to 8, 5 on 2026-10-22"},
		{"Reception", holds([]learner.Words{talk(log, "2026-11-11", "plan").Told}, "Reception in September 2027"), "Reception in September 2027"},
		{"first meeting", holds(talk(log, "2026-11-11", "plan").Agreed, "May 2027"), "May 2027"},
	})
}

func TestFiguresOfJude(t *testing.T) {
	f := school(t)
	r := record(t, f, "jv6fpqgg")
	c := cycles(t, r)
	one, two, passport, four, five := nth(c, 0), nth(c, 1), nth(c, 2), nth(c, 3), nth(c, 4)
	person, log := r.Learner.Value, r.Contacts.Value.Contacts
	literacy := advice(t, r, "hint-wade", "2026-06-26")
	move := moved(t, r, "2026-02-12")
	costed := gate.Costing(f, r, examples.Today())

	hold(t, []figure{
		{"born", r.Identity.Value.Born, "2017-03-08"},
		{"name", r.Identity.Value.Name + " " + r.Identity.Value.LegalName.Family, "Jude Ashworth"},
		{"teachers", one.ResponsibleTeacher + " " + four.ResponsibleTeacher + " " + person.Team.ResponsibleTeacher, "grimes sato sato"},
		{"SENCo", person.Team.SENCo, "eyre"},
		{"strengths", join(assess(one).Strengths), "number patterns, building, Scratch games, funny stories aloud, loyal friend"},
		{"phonics check", holds(assess(one).History, "27 of 40 in 2023, 34 of 40 in 2024"), "27 of 40 in 2023, 34 of 40 in 2024"},
		{"family", holds(assess(one).History, "dad and aunt are dyslexic"), "dad and aunt are dyslexic"},
		{"sight test", holds([]learner.Words{nth(assess(one).OtherExplanations, 0).Words}, "clear, August 2025"), "clear, August 2025"},

		{"concern raised", assess(one).Date, "2025-09-29"},
		{"concern raised by", nth(assess(one).Concerns, 0).By, "grimes"},
		{"talk with the parents", talk(log, "2025-10-02", "concern").Said, "An hour and tears over ten minutes of reading."},
		{"the learner's view", voice(assess(one).LearnerSays), "I know it in my head but my hand won't. (talking while building, 2025-10-01)"},
		{"group reading test", evidence(one, "group reading test"), "2025-09-25: 79 standard score"},
		{"single-word reading", evidence(one, "single-word reading"), "2025-09-25: 77 standard score, 6y10m, at 8 years 6 months"},
		{"spelling", evidence(one, "spelling"), "2025-09-25: 74 standard score"},
		{"maths", evidence(one, "maths attainment"), "2025-09-25: 98 standard score"},
		{"words a minute", evidence(one, "words correct a minute"), "2025-09-26: 34, peers 90"},

		{"cycle 1", days(one), "2025-10-06 to 2025-11-21"},
		{"cycle 1, precision teaching", given(one, "p1"), "5 x 10 min 1:1 by bell for t1 t2: planned 30, delivered 27"},
		{"cycle 1, target 1", target(one, "t1"), "11 to 24 of 30: 19, -1, adapt"},
		{"cycle 1, target 2, as put right", target(one, "t2"), "5 to 14 of 20: 9, -1, adapt"},
		{"cycle 1, changes", join(review(one).Changes), "add vowel-team group"},
		{"cycle 2", days(two), "2025-12-01 to 2026-02-06"},
		{"cycle 2, precision teaching", given(two, "p1"), "5 x 10 min 1:1 by bell for t1 t3: planned 38, delivered 34"},
		{"cycle 2, vowel-team group", given(two, "p2"), "4 x 20 min 1:4 by bell for t2 t3: planned 30, delivered 28"},
		{"cycle 2, target 1", target(two, "t1"), "19 to 25 of 30: 25, 0, reduce"},
		{"cycle 2, target 2", target(two, "t2"), "12 to 22 of 30: 17, -1, continue"},
		{"cycle 2, target 3", target(two, "t3"), "9 to 16 of 20: 13, -1, continue"},
		{"fluency", holds(review(two).Observations, "from 38 to 46 words a minute"), "from 38 to 46 words a minute"},
		{"the gap", holds(review(two).Observations, "about 45 below the class median"), "about 45 below the class median"},
		{"cycle 2, decision", review(two).Decision, "step-up"},

		{"register", register(person), "K from 2026-02-12, SPLD"},
		{"register, decided", move.Decided, "2026-02-10"},
		{"register, told", told(log, move), "meeting 2026-02-12, letter 2026-02-12"},
		{"passport made", document(t, "jv6fpqgg", "passport").Made, "2026-02-26"},
		{"passport made with", document(t, "jv6fpqgg", "passport").With, "[learner mum grimes eyre]"},
		{"passport agreed", agreed(t, r, "passport.yaml"), "2026-02-26, 2026-09-09"},
		{"passport, to know", join(document(t, "jv6fpqgg", "passport").Know), "I think in pictures and I like to build things"},
		{"passport, hard when", join(document(t, "jv6fpqgg", "passport").HardWhen), "copying from the board, reading aloud without warning, long instructions"},
		{"passport, help me by", join(document(t, "jv6fpqgg", "passport").HelpMeBy), "read questions to me, key words first, let me type, jobs in threes, mark ideas as well as spelling"},
		{"passport, help myself by", join(document(t, "jv6fpqgg", "passport").HelpMyself), "using my word mat, rereading with the pen, putting up the red card"},
		{"passport, readers", readers(t, r, "passport"), "8 of 9"},
		{"passport reviewed", review(passport).Date, "2026-05-08"},
		{"lessons sampled, strategies seen", target(passport, "t2"), "0 to 6 of 7: 6, 0, continue"},
		{"wellbeing", target(passport, "t1"), "4 to 6 of 10: 6, 0, continue"},
		{"passport, decision", review(passport).Decision + " " + moved(t, r, "2026-07-07").To, "step-up sen-support-plan"},

		{"consent to the specialist", nth(person.Consents, 0).Date, "2026-05-12"},
		{"specialist asked, saw him", literacy.Asked.String() + " " + literacy.Seen.String(), "2026-05-13 2026-06-18"},
		{"specialist, scores", scores(literacy), "phonological awareness 76, rapid naming 81, memory 85, word efficiency 73"},
		{"specialist, view", holds(literacy.Findings, "profile is consistent with dyslexia"), "profile is consistent with dyslexia"},
		{"specialist, recommendations", done(literacy), "a structured multisensory literacy programme 2026-09-07, reader pen and dictation 2026-09-07, overlearning 2026-09-07, less copying 2026-09-07"},

		{"plan meeting", talk(log, "2026-07-07", "plan").With, "[learner mum dad]"},
		{"plan agreed", plan(four).Date.String() + " " + strings.Join(plan(four).AgreedWith, " "), "2026-07-07 learner mum dad sato eyre"},
		{"hopes", hopes(person), "Make a game people buy. Read a chapter book to my cousin."},
		{"long outcome", nth(person.Outcomes, 0).Words, "will read and record well enough to show what he knows in every subject"},
		{"long outcome, by", month(nth(person.Outcomes, 0).By) + " " + nth(person.Outcomes, 0).Strand, "2028-07 employment"},
		{"barriers and adjustments", adjustments(person), "a reader pen, slides printed before the lesson, spoken or typed answers, no unprepared reading aloud"},
		{"plan, cycle 1", days(four), "2026-09-07 to 2026-10-21"},
		{"plan, target 1", target(four, "t1"), "9 to 20 of 25: 18, -1, continue"},
		{"plan, target 2", target(four, "t2"), "51 to 62: 63, 0, replace"},
		{"plan, target 2, replaced", target(five, "t2"), "63 to 72"},
		{"plan, target 3", target(four, "t3"), "1 to 4 of 5: 5, 1, reduce"},
		{"plan, planner", holds(review(four).Changes, "the planner only when he asks"), "the planner only when he asks"},
		{"plan, the mother", parent(review(four).ParentsSay, "mum"), "He read the menu himself on holiday. (2026-10-21)"},
		{"plan, the learner", nth(review(four).LearnerSays, 0).Words, "Better. Spelling still annoying. I like the pen."},
		{"plan, the teacher", holds(review(four).Observations, "strategies unprompted in 4 of 5 lessons"), "strategies unprompted in 4 of 5 lessons"},
		{"plan, cycle 2", plan(five).Date.String() + " to " + plan(five).ReviewOn.String(), "2026-11-02 to 2026-12-16"},

		{"weeks a year", f.Pathway.Value.Thresholds.WeeksAYear, "38"},
		{"rate of a teaching assistant", rate(f, "teaching-assistant"), "15.20"},
		{"rate of a specialist", rate(f, "specialist-teacher"), "38.00"},
		{"structured literacy", line(costed, "structured literacy"), "577.60"},
		{"precision teaching", line(costed, "precision teaching (five words read and spelt against the clock)"), "481.33"},
		{"English in class", line(costed, "reading questions aloud and planning written work together in English"), "320.89"},
		{"pen and software", line(costed, "reader pen and dictation software"), "250.00"},
		{"specialist's review", line(costed, "specialist teacher's review of the programme"), "114.00"},
		{"costs in all", costed.Sum.Pounds(), "1743.82"},
		{"share of what the setting meets", percent(costed), "29"},

		{"normal way of working, maths", noted(four, "2026-09-25"), "Maths test with a reader, as he works every day. He used it for the worded questions only."},
		{"normal way of working, science", noted(four, "2026-10-14"), "Science test with a reader and extra time. He finished."},
	})
}

func TestFiguresOfKai(t *testing.T) {
	f := school(t)
	r := record(t, f, "kk4wfw4j")
	c := cycles(t, r)
	one, two, three, four, five, six, seven := nth(c, 0), nth(c, 1), nth(c, 2), nth(c, 3), nth(c, 4), nth(c, 5), nth(c, 6)
	person, log := r.Learner.Value, r.Contacts.Value.Contacts
	move := moved(t, r, "2025-04-03")
	psychologist := advice(t, r, "ep-osei", "2026-02-10")
	costed := gate.Costing(f, r, examples.Today())
	star, cosa := life(t, f, r, "star"), life(t, f, r, "cosa")
	ask, panel := star.Request.Value, first(star.Decisions)
	request, decision := cosa.Request.Value, first(cosa.Decisions)
	impact := first(star.Impacts)

	hold(t, []figure{
		{"born", r.Identity.Value.Born, "2012-05-19"},
		{"name", r.Identity.Value.Name + " " + r.Identity.Value.LegalName.Family, "Kai Brennan-Doyle"},
		{"tutor and SENCo", person.Team.ResponsibleTeacher + " " + person.Team.SENCo, "baird whitlow"},
		{"lives with", fmt.Sprint(nth(person.Family, 0).Relation, " ", nth(person.Family, 0).ParentalResponsibility), "grandmother true"},
		{"in care", fmt.Sprint(person.Characteristics != nil && person.Characteristics.CaredFor), "false"},
		{"Early Help since", talk(log, "2025-01-13", "other").With, "[gran eh-dunn]"},
		{"strengths", join(assess(one).Strengths), "mechanics with his uncle, football referee course, protective of younger children, dry humour, art"},

		{"concern raised", assess(one).Date, "2024-11-18"},
		{"concern raised by", nth(assess(one).Concerns, 0).By + " " + role(f, nth(assess(one).Concerns, 0).By), "hart head-of-year"},
		{"talk with the family", talk(log, "2024-11-21", "concern").With, "[gran]"},
		{"grandfather", holds(assess(one).History, "died in June 2024"), "died in June 2024"},
		{"sleep", causes(one), "bereavement yes, health yes, vision no, bullying no"},
		{"the learner's view", nth(assess(one).LearnerSays, 0).Words, "I'm not thick. I just go."},
		{"attendance, Year 7", evidence(one, "attendance in Year 7"), "2024-07-19: 94.1 percent"},
		{"attendance, Year 8, autumn", evidence(two, "attendance in Year 8, autumn term"), "2024-12-20: 88.4 percent"},
		{"attendance, Year 8", evidence(three, "attendance in Year 8"), "2025-07-18: 86.0 percent"},
		{"attendance, Year 9, autumn", evidence(five, "attendance in Year 9, autumn term"), "2025-12-19: 71.2 percent"},
		{"attendance, Year 9, spring and summer", evidence(seven, "attendance in Year 9, spring and summer terms"), "2026-07-17: 74.8 percent"},
		{"incidents", evidence(one, "behaviour incidents in the half-term"), "2024-10-25: 14 incidents"},
		{"suspensions", evidence(one, "suspensions in the half-term"), "2024-10-25: 2 suspensions, 1.5 days in all"},
		{"questionnaire", evidence(one, "strengths and difficulties questionnaire, teacher, total"), "2024-11-20: 21 of 40, very high; emotional 6, conduct 5, hyperactivity 7, peer 3, prosocial 6"},
		{"cognitive test", evidence(one, "cognitive test mean in Year 7"), "2023-10-11: 96"},
		{"reading, Year 8", evidence(one, "reading"), "2024-10-09: 92 standard score"},
		{"reading, Year 9", evidence(three, "reading"), "2025-09-11: 88 standard score"},
		{"maths, Year 8", evidence(one, "maths"), "2024-10-09: 90 standard score"},
		{"maths, Year 9", evidence(three, "maths"), "2025-09-11: 84 standard score"},

		{"cycle 1", days(one), "2024-12-02 to 2025-01-31"},
		{"cycle 1, target 1", target(one, "t1"), "2 to 4 of 6: 3, -1, adapt"},
		{"cycle 1, target 2", target(one, "t2"), "6 down to 3: 5, -1, replace"},
		{"cycle 1, meet and greet", holds([]learner.Words{learner.Words(given(one, "p1"))}, "5 x 10 min 1:1"), "5 x 10 min 1:1"},
		{"cycle 1, seat and card", holds(plan(one).Universal, "agreed seat and exit card"), "agreed seat and exit card"},
		{"cycle 1, changes", join(review(one).Changes), "named adult, loss work"},
		{"cycle 2", days(two), "2025-02-03 to 2025-04-02"},
		{"cycle 2, target 1", target(two, "t1"), "3 to 5 of 6: 3, -2, continue"},
		{"cycle 2, target 2", target(two, "t2"), "0 to 8 of 10: 6, -1, continue"},
		{"cycle 2, ELSA", given(two, "p1"), "1 x 40 min 1:1 by moss for t1 t2: planned 6, delivered 6, attended 4"},
		{"cycle 2, decision", review(two).Decision, "step-up"},

		{"register", register(person), "K from 2025-04-03, SEMH"},
		{"register, told", told(log, move), "call 2025-04-03, letter 2025-04-03"},
		{"passport made", document(t, "kk4wfw4j", "passport").Made, "2025-05-01"},
		{"passport, hard when", join(r.Passport.Value.HardWhen), "crowds at change-over, being shouted at across a room, supply teachers"},
		{"passport, help me by", join(r.Passport.Value.HelpMeBy), "a quiet word, a job to do, leaving five minutes early, warning of change"},
		{"passport, help myself by", join(r.Passport.Value.HelpMyself), "my card, a walk, message Mr Baird"},
		{"passport, readers", readers(t, r, "passport"), "11 of 11"},

		{"plan made", plan(three).Date.String() + " " + strings.Join(plan(three).AgreedWith, " "), "2025-09-18 learner gran baird whitlow eh-dunn"},
		{"long outcome", nth(person.Outcomes, 0).Words, "attends and learns on a full timetable with one trusted adult"},
		{"long outcome, by", month(nth(person.Outcomes, 0).By) + " " + nth(person.Outcomes, 0).Strand, "2027-07 community"},
		{"goal 1", target(five, "t1"), "-2 to 0: -1, -1, continue"},
		{"goal 2", target(five, "t2"), "-2 to 0: -1, -1, continue"},
		{"goal 3", target(five, "t3"), "-2 to 0: 0, 0, continue"},
		{"goals at first", baselines(three), "-2 -2 -2"},
		{"levels of goal 1", holds(assess(three).History, "-2 is 0-1 days a week, -1 is 2 days, 0 is 3 days, 1 is 4 days, 2 is 5 days"), "-2 is 0-1 days a week, -1 is 2 days, 0 is 3 days, 1 is 4 days, 2 is 5 days"},
		{"goals together", holds(review(five).Observations, "T = 50 + 10*(-2)/2.191 = 40.9"), "T = 50 + 10*(-2)/2.191 = 40.9"},
		{"reviews of the plan", review(three).Date.String() + " " + review(four).Date.String() + " " + review(five).Date.String() + " " + review(six).Date.String(), "2025-10-23 2025-12-17 2026-03-26 2026-07-08"},
		{"Boxall, before", seen(three, "Boxall Profile, young people's version"), "2025-09-15"},
		{"Boxall, after", holds(review(six).Observations, "June 2026: strands slightly up, diagnostic unchanged"), "June 2026: strands slightly up, diagnostic unchanged"},

		{"psychologist, consultation", advice(t, r, "ep-osei", "2025-11-12").Date, "2025-11-12"},
		{"psychologist, assessment", psychologist.Date, "2026-02-10"},
		{"psychologist, acted on", done(psychologist), "key adult two hours daily 2026-09-14, predictable return steps 2026-02-23, scripts for staff 2026-03-02, shorter tasks 2026-02-23"},
		{"children and young people's service", holds([]learner.Words{talk(log, "2026-02-25", "other").Told}, "accepted him on 20 January 2026; he is waiting for therapy"), "accepted him on 20 January 2026; he is waiting for therapy"},

		{"STAR, sent", ask.Sent, "2026-01-15"},
		{"STAR, amount", money(ask.Asks), "2210.00 from 2026-02-02 to 2026-07-17"},
		{"STAR, key worker", basis(nth(ask.Basis, 0)), "key worker 5 a week 20 weeks 16.40: 1640.00"},
		{"STAR, psychologist", basis(nth(ask.Basis, 1)), "EP hours 6 hours 95.00: 570.00"},
		{"STAR, basis in all", sum(t, ask.Basis), "2210.00"},
		{"STAR, outcomes", join(ask.OutcomesSought), "attendance from 71 to 82 percent, suspensions from 4 to 1"},
		{"STAR, panel", panel.Panel, "2026-01-28"},
		{"STAR, result", panel.Result + ": " + strings.Join(panel.Reasons, " "), "agreed: need-clear plan-reviewed-twice short-term-change-likely"},
		{"STAR, granted", money(panel.Grants), "2210.00 from 2026-02-02 to 2026-07-17"},
		{"STAR, conditions", join(panel.Conditions), "impact review by 2026-07-10"},
		{"STAR, impact by", panel.ImpactBy.String() + ", due " + due(star, "impact-review").String(), "2026-07-10, due 2026-07-10"},
		{"STAR, consent", rests(ask), "gran 2026-01-12: share the record with the STAR panel"},
		{"STAR, chair and moderator", called(f, panel.Chair) + ", " + called(f, panel.Moderator), "L. Marr, T. Osei"},
		{"STAR, notified", panel.Notified, "2026-02-02"},
		{"STAR, impact", impact.Date, "2026-07-08"},
		{"STAR, attendance after", nth(impact.Outcomes, 0).Before + " to " + nth(impact.Outcomes, 0).After, "71 to 74.8"},
		{"STAR, suspensions after", nth(impact.Outcomes, 1).Before + " to " + nth(impact.Outcomes, 1).After, "4 to 1"},
		{"STAR, timetable", holds([]learner.Words{nth(impact.Outcomes, 1).Words}, "60 percent"), "60 percent"},
		{"STAR, verdict", impact.Verdict, "some impact, not sustained"},
		{"STAR, top-up in the census", topUp(person), "true 2026-02-02, false 2026-07-18"},

		{"COSA, talked with the learner", talkWith(log, "2026-09-10", "learner").Said, "I want a place where I'm not always the problem. I want to do mechanics."},
		{"COSA, talked with Gran", talkWith(log, "2026-09-10", "gran").Said, "Mornings are better with the walk in. I'm worn out asking."},
		{"COSA, the learner says", nth(request.LearnerSays, 0).Words, "I want a place where I'm not always the problem. I want to do mechanics."},
		{"COSA, Gran says", nth(request.ParentsSay, 0).Words, "Mornings are better with the walk in. I'm worn out asking."},
		{"COSA, consent", rests(request), "gran 2026-09-10: share the record with the local authority for an EHC needs assessment"},
		{"COSA, sent", request.Sent, "2026-09-16"},
		{"COSA, received", letter(cosa, "received"), "2026-09-17"},
		{"COSA, decide by", due(cosa, "decision"), "2026-10-29"},
		{"COSA, no plan by", due(cosa, "no-plan-notice"), "2027-01-07"},
		{"COSA, final by", due(cosa, "final-plan"), "2027-02-04"},
		{"COSA, advice due", due(cosa, "setting-advice"), "2026-11-30"},
		{"rate of a key worker", rate(f, "key-worker"), "16.40"},
		{"rate of a teacher", rate(f, "teacher"), "39.00"},
		{"COSA, meet and greet", annual(request, "p1"), "519.33"},
		{"COSA, group", annual(request, "p2"), "155.80"},
		{"COSA, ELSA", annual(request, "p3"), "623.20"},
		{"COSA, key worker", annual(request, "p4"), "6232.00"},
		{"COSA, tuition", annual(request, "p5"), "2964.00"},
		{"COSA, psychologist", annual(request, "p6"), "570.00"},
		{"reckoned, meet and greet", line(costed, "meet and greet"), "519.33"},
		{"reckoned, group", line(costed, "social and emotional learning group"), "155.80"},
		{"reckoned, ELSA", line(costed, "ELSA: naming feelings and what helps"), "623.20"},
		{"reckoned, key worker", line(costed, "key worker"), "6232.00"},
		{"reckoned, tuition", line(costed, "reintegration tuition"), "2964.00"},
		{"reckoned, psychologist", line(costed, "observation and advice by the educational psychologist"), "570.00"},
		{"costs in all", costed.Sum.Pounds(), "11064.33"},
		{"what the setting meets", costed.Threshold.Pounds(), "6000.00"},
		{"above it", (costed.Sum - costed.Threshold).Pounds(), "5064.33"},
		{"COSA, readiness", ready(request, "learner-views", "request-cycles", "specialist-advice", "advice-acted-on", "attendance", "health"), "present present present present present partial"},
		{"COSA, in part or missing", unready(request), "health partial"},
		{"COSA, panel", decision.Panel, "2026-10-14"},
		{"COSA, members", join(decision.Members), "chair, EP, health, social care, school SENCo, school SENCo, parent representative"},
		{"COSA, took no part", decision.Recused, "1"},
		{"COSA, scores", marks(decision), "need 3, cycles-and-impact 3, advice-acted-on 3, attainment 2, provision-and-cost 3, views 3, health-and-care 1: 18 of 21"},
		{"COSA, second rater", decision.SecondTotal, "17"},
		{"COSA, legal test", legal(decision.LegalTest), "true true support above element 2 and short-term funding did not hold"},
		{"COSA, result", decision.Result, "agreed"},
		{"COSA, notified", decision.Notified, "2026-10-19"},
		{"COSA, day of 42", met(cosa, "decision"), "32"},
		{"COSA, feedback", join(decision.Feedback), "health report missing, maths data thin"},
		{"next review", plan(seven).ReviewOn, "2026-12-16"},
		{"careers talk", holds([]learner.Words{noted(seven, "2026-11-12")}, "Careers talk"), "Careers talk"},
		{"college taster", holds(talk(log, "2026-11-13", "other").Agreed, "March 2027"), "March 2027"},
	})
}

// hold compares what is known beforehand with what the record says.
func hold(t *testing.T, figures []figure) {
	t.Helper()
	told := map[string]bool{}
	for _, f := range figures {
		if told[f.what] {
			t.Errorf("%s stands in the table twice", f.what)
		}
		told[f.what] = true
		if got := fmt.Sprint(f.got); got != f.want {
			t.Errorf("%s is missing or differs\n want %s\n  got %s", f.what, f.want, got)
		}
	}
}
