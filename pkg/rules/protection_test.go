package rules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// noted judges the made-up school with one note in Jude's open cycle, and his name
// another where one is given; it gives the rules that found something at the note.
func noted(t *testing.T, given, words string) string {
	t.Helper()
	disk := madeUp(t)
	put := func(file, path, text string) {
		name := pageFiles()[file]
		doc, err := parsed(t, name, string(disk[name].Data)).Edit(yamldoc.Set(at(t, path), yamldoc.Words(text)))
		if err != nil {
			t.Fatal(err)
		}
		disk[name] = &fstest.MapFile{Data: doc.Bytes()}
	}
	if given != "" {
		put("identity", "name", given)
		put("identity", "legal_name.given", given)
	}
	put("cycle", "do[0].words", words)
	var out []string
	for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
		if x.Path != "do[0].words" {
			t.Errorf("%s", inWords(x))
		}
		for _, w := range []string{given, "Jude", "Ashworth", words} {
			if w != "" && strings.Contains(x.Message+x.Hint, w) {
				t.Errorf("the finding tells %q", w)
			}
		}
		out = append(out, x.Rule)
	}
	return strings.Join(out, " ")
}

func TestNamesInWords(t *testing.T) {
	const found = "name-outside"
	for _, c := range []struct{ given, words, want string }{
		{"", "Jude did it.", found},
		{"", "He did it; JUDE was proud.", found},
		{"", "Well done, Jude’s tower stands.", found},
		{"", "Talked with Mrs Ashworth.", found},
		{"", "Helen rang.", found},
		{"", "The judge and jury of the reading game.", ""},
		{"", "a jude in small letters is no name", ""},
		{"", "Judes is another word", ""},
		{"", "Miss Moss and K. Bell saw it.", ""},
		{"Will", "Will read aloud today.", ""}, // it may be the verb
		{"Will", "Today Will read aloud.", found},
		{"Will", "He will read aloud.", ""},
		{"Will", "He tried. Will he try again?", ""},
		{"May", "Since May it is better.", ""},
		{"May", "By 4 May it was done, and in May 2026 again.", ""},
		{"May", "Yesterday May laughed.", found},
		{"Grace", "Read with grace, as Grace does.", found},
		{"Mark", "A mark of 7; Mark your work.", ""},
		{"Zoë", "Proud of Zoë today.", found},
		{"Anne-Marie", "Proud of Anne-Marie today.", found},
		{"Anne-Marie", "Proud of Anne today, and of Marie.", ""},
		{"D'Arcy", "Proud of D’Arcy today.", found},
		{"Bell", "The Bell rang.", ""}, // a teaching assistant is called so
		{"Li", "Proud of Li today; a list of linens.", found},
		{"", "Ju\u200bde was quick.", found + " hidden-character"}, // the name is found all the same
		{"", "Helen Ash\u00adworth came.", found + " hidden-character"},
		{"Will", "Will Ashworth read aloud.", found},
		{"Will", "WILL ASHWORTH READ.", found},
		{"An", "An apple, and \"An Elephant\" by An author.", ""},
		{"An", "Read to An Ashworth.", found},
		{"Reading", "Good at Reading. In Reading he is quick.", ""},
		{"Maths", "Likes Maths, and Maths Club.", ""},
		{"Maths", "Proud of Maths Ashworth.", found},
		{"Hope", "We had Hope.", found},
	} {
		if got := noted(t, c.given, c.words); got != c.want {
			t.Errorf("%q of %q: found %q, want %q", c.words, c.given, got, c.want)
		}
	}
}

func TestNumbersAndDetailsInWords(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"His number is C929000021114.", "number-outside"},
		{"His number is XC929000021114.", ""},
		{"Born 08/03/2017.", "number-outside"},
		{"Born 8.3.2017.", "number-outside"},
		{"Born on the 8th of March 2017.", "number-outside"},
		{"Born 2017-03-08.", "number-outside"},
		{"Born 18/03/2017.", ""},
		{"In March 2017 they moved.", ""},
		{"Ring 0191 498 0123.", "contact-details-outside"},
		{"They moved to 12 Elm Road, ZE62 9XZ.", "contact-details-outside"},
		{"Lives at ZE1 9QQ now", "contact-details-outside"},
		{"Flat 3, W1A 1AA.", "contact-details-outside"},
		{"KS2 3AB is his group; Y6 2EW; AB12 345; read 9 AA batteries; ZE62 9XZs; PHASE3 5AB", ""},
		{"Her NHS number is 999 000 0018.", "number-outside"},
		{"999-000-0018", "number-outside"},
		{"Quick. NHS 9434765919.", "number-outside"},
		{"9434765919 on the letter", "number-outside"},
		{"page 943 476 5919 of the scroll; ISBN 9434765919", ""},
		{"9434765918, 19434765919, 943476591, C9434765919", ""},
		{"His UPN c929000021114.", "number-outside"},
		{"See also L929000019037.", "number-outside"}, // another child's
		{"Code L929000019038, XL929000019037.", ""},
		{"NI QQ123456C, and", "number-outside"},
		{"QQ 12 34 56 C", "number-outside"},
		{"QQ123456E, AB123456CD, 12 34 56 C", ""},
		{"DOB 8.3.17.", "number-outside"},
		{"DOB 08/03/17", "number-outside"},
		{"Section 1.8.3.17 and 8.3.17.2; 18/03/17; 2018-03-17", ""},
		{"Ring (01670) 123456.", "contact-details-outside"},
		{"Ring (0191) 498 0123 today", "contact-details-outside"},
		{"Ring 0044 7700 900123.", "contact-details-outside"},
		{"Lives at NE611AA now", "contact-details-outside"},
		{"NE611A, XNE611AA, NE611AAA, ZZ611AA, B12AA, ne611aa", ""},
		{"He lives at 14 Mill Lane now.", "contact-details-outside"},
		{"Flat 2, 14a Old Mill Close", "contact-details-outside"},
		{"At 3 Mill children ran; Year 4 River Court; 20 of Park Lane; on page 4 Drury Lane", ""},
		{"999 000 0019 tokens, 100 200 3004, 2026 999 000 00187", ""},
		{"Ring 07700 900123 after five.", "contact-details-outside"},
		{"Ring +44 7700 900123.", "contact-details-outside"},
		{"Ring +44 (0)191 498 0123.", "contact-details-outside"},
		{"Ring 0044 (0) 7700 900123.", "contact-details-outside"},
		{"tel:07700900123", "contact-details-outside"},
		{"at 10:0191 and 4980123", ""},
		{"Write to someone@thornelaw.example today.", "contact-details-outside"},
		{"Meet @ 3.30 at the gate, by 10 @ 5.", ""},
		{"Sums: 0123 and 01234567890123.", ""},
		{"Read 0.75 of 072 pages, 2026-01-05 to 2026-02-09.", ""},
		{"He disclosed something.", "protection-detail"},
		{"A Section 47 enquiry has begun.", "protection-detail"},
		{"He is on a child-protection plan.", "protection-detail"},
		{"Has a CP plan now.", "protection-detail"},
		{"On a Child in Need plan since May.", "protection-detail"},
		{"Section 17 assessment by children's services.", "protection-detail"},
		{"CPOMS entry made today about a bruise on his arm.", "protection-detail"},
		{"Logged on CPOMS. A bruise", "protection-detail"},
		{"Logged on CPOMS.", ""},
		{"A bruise from football.", ""},
		{"He said his dad hits him when drunk.", "protection-detail"},
		{"Dad hit her.", "protection-detail"},
		{"Mum hit her head; dad beat him at chess; mum hits her targets.", ""},
		{"Strategy meeting with children's social care on Monday.", "protection-detail"},
		{"A spelling strategy meeting with the specialist teacher.", ""},
		{"She said she had been abused.", "protection-detail"},
		{"Self-harm marks on her wrist.", "protection-detail"},
		{"Self-harm is less often now.", ""},
		{"LADO has been told.", "protection-detail"},
		{"The LADO came.", "protection-detail"},
		{"Al lado de la casa, in Spanish.", ""},
		{"MASH referral sent.", "protection-detail"},
		{"Made a mash potato volcano and hit the target.", ""},
		{"He hit 20 of 25 and disclosed the answer to nobody.", ""},
		{"Mum disclosed a diagnosis of autism.", ""},
		{"She has disclosed that she is hit.", "protection-detail"},
		{"An early help assessment has begun.", ""},
		{"Section 4, question 7: protection of the child in the story.", ""},
		{"Grooming the pony calms him; he harms nobody.", ""},
		{"See the safeguarding system.", ""},
	} {
		if got := noted(t, "", c.words); got != c.want {
			t.Errorf("%q: found %q, want %q", c.words, got, c.want)
		}
	}
}

// TestMetadata: what git keeps beside the files names nobody; a finding says where, and
// never what.
func TestMetadata(t *testing.T) {
	f, err := folder.Open(madeUp(t))
	if err != nil {
		t.Fatal(err)
	}
	var facts []rules.Facts
	all, err := f.Learners()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range all {
		r, err := f.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, rules.Judge(f, r, date.MustParse(pageDay)).Facts)
	}
	for _, x := range facts {
		for _, c := range x.Called {
			if strings.ContainsAny(c, " JKM") || len(c) != 24 {
				t.Errorf("%q is no mark", c)
			}
		}
	}
	const id = "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct {
		of, words string
		found     bool
	}{
		{"commit", "Plan for jv6fpqgg", false},
		{"commit", "Jude's plan for the panel", true},
		{"commit", "Plan for the panel\n\nIt is about Brennan-Doyle.", true},
		{"commit", "Plan of C929000021114", true},
		{"commit", "Let jude be", false},
		{"commit", "Review\n\nSigned-off-by: Helen Ashworth <h@example.org>\nSendctl-Seals: learners/jv6fpqgg/seals/x.seal", false},
		{"commit", "Review by K. Bell with Hall monitors", false},
		{"branch", "plan-for-kai", true},
		{"branch", "main", false},
		{"tag", "panel/Mina", true},
	} {
		found := rules.Metadata(f, facts, []rules.Spoken{{Of: c.of, ID: id, Words: c.words}})
		if (len(found) > 0) != c.found {
			t.Errorf("%s %q: %v", c.of, c.words, found)
		}
		for _, x := range found {
			if strings.Contains(x.Message+x.Hint, c.words) || !strings.Contains(x.Message, "0123456789") {
				t.Errorf("%s", x.Message)
			}
		}
	}
	if found := rules.Metadata(f, nil, []rules.Spoken{{Of: "commit", Words: "Jude"}}); found != nil {
		t.Errorf("%v without anybody to name", found)
	}
}

// TestBuildingWork: what is built is told, and what is used, carried or booked is not.
func TestBuildingWork(t *testing.T) {
	for words, want := range map[string]int{
		"a ramp at the main entrance":                                1,
		"the classroom doors are widened":                            1,
		"a new accessible toilet is built near the classroom":        1,
		"a lift is installed":                                        1,
		"converting the store cupboard into a sensory room":          1,
		"building a wheelchair ramp to the hall":                     1,
		"The doors will be widened by the summer.":                   1,
		"a portable ramp for trips":                                  0,
		"uses the ramp by the hall, and a friend holds the door":     0,
		"a key for the lift":                                         0,
		"uses the accessible toilet near the classroom, with a pass": 0,
		"may go into the sensory room for ten minutes":               0,
		"books converted to large print":                             0,
		"building a tower with the others in the new room":           0,
		"doors held open between lessons":                            0,
	} {
		got := foundOf(t, laidOver(t, put("learner", "adjustments[3].adjustment", words)), "adjustment-is-building", pageDay)
		if len(got) != want {
			t.Errorf("%q: found %d, want %d", words, len(got), want)
		}
	}
}

// TestBeside: what is missing is told at a line of the file where it belongs.
func TestBeside(t *testing.T) {
	for _, c := range []struct {
		rule, day string
		blocks    []rules.Block
	}{
		{"census-particulars", "2026-12-20", []rules.Block{take("identity", "upn")}},
		{"census-particulars", "2026-12-20", []rules.Block{take("identity", "legal_name")}},
		{"uln-missing", "2026-12-20", nil},
		{"parental-responsibility", pageDay, []rules.Block{take("learner", "family")}},
		{"aims-unasked", pageDay, []rules.Block{put("identity", "born", "2009-03-08"), put("learner", "cohort", "\"2013\""), take("learner", "aspirations")}},
	} {
		got := foundOf(t, laidOver(t, c.blocks...), c.rule, c.day)
		if len(got) != 1 || got[0].Span.Start.Line == 0 {
			t.Errorf("%s: %v", c.rule, got)
		}
	}
}

// TestDisclosed: what staff write down of what a child told them is told; touch, hurt and
// home are in many a note that tells nothing of the kind.
func TestDisclosed(t *testing.T) {
	for words, want := range map[string]string{
		"She said that uncle touches her at night.":                     "protection-detail",
		"He told us that stepdad touches him in bed.":                   "protection-detail",
		"Dad hurts me, she said.":                                       "protection-detail",
		"Mum locked him in his room for the weekend.":                   "protection-detail",
		"Dad grabbed him by the neck.":                                  "protection-detail",
		"Dad threatened to hit him.":                                    "protection-detail",
		"Mum touches her shoulder before she speaks, and we do too.":    "",
		"Her uncle touches up old cars, and she helps.":                 "",
		"Mum hurt her back, so gran brings him.":                        "",
		"It hurts him to hold the pen for long.":                        "",
		"He touched her arm to ask for a turn, as practised.":           "",
		"Dad hurt his knee; he rings on Friday.":                        "",
		"Mum locked the tablet, and bedtime is calmer.":                 "",
		"Sleeps in at the weekend; dad gets them up at nine on Sunday.": "",
	} {
		if got := noted(t, "", words); got != want {
			t.Errorf("%q: %q, not %q", words, got, want)
		}
	}
}
