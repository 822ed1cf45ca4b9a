package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
)

// namedKai gives Kai another name.
func namedKai(name, given, family string) []rules.Block {
	return []rules.Block{put("kai-identity", "name", name), put("kai-identity", "legal_name", "{given: \""+given+"\", family: \""+family+"\"}")}
}

// TestOtherNamed: the full name of another learner is found however it is written, and
// nothing that only looks like one.
func TestOtherNamed(t *testing.T) {
	plain := namedKai("Kit", "Mary-Ann", "Birchall")
	for _, c := range []struct {
		name  []rules.Block
		words string
		found bool
	}{
		{plain, "works beside Mary-Ann Birchall", true},
		{plain, "Mary Birchall helps.", true},
		{plain, "Sits with Ann Birchall.", true},
		{plain, "plays with Kit Birchall's brother", true},
		{plain, "see Birchall, Kit", true},
		{plain, "KIT BIRCHALL", true},
		{plain, "Kit A. Birchall", true},
		{plain, "Kit\n  Birchall", true},
		{plain, "Kit", false},
		{plain, "Mr Birchall", false},
		{plain, "Kit and Birchall Wood", false},
		{plain, "Kit. Birchall is next.", false},
		{plain, "a kit birchall", false},
		{plain, "goes to Kit Birchall School", false},
		{plain, "Kitty Birchall", false},
		{plain, "Ada Birchall", false},
		{namedKai("Ada", "Ada", "van der Berg"), "Ada van der Berg", true},
		{namedKai("Ada", "Ada", "O'Brien"), "Ada O\u2019Brien", true},
		{namedKai("Zoë", "Zoë", "Świątek"), "with Zoë Świątek", true},
		{namedKai("Kai", "Kai", "Brennan-Doyle"), "with Kai Doyle", true},
		{namedKai("Will", "Will", "Armstrong"), "Will Armstrong come?", false},
		{namedKai("Will", "Will", "Armstrong"), "asks Will Armstrong", true},
		{namedKai("Summer", "Summer", "Fields"), "at the Summer Fields fair", true},
		{namedKai("Summer", "Summer", "Field"), "at the Summer Field fair", false}, // both are words
		{namedKai("Bell", "Karen", "Bell"), "asks K. Bell", false},
	} {
		disk := laidOver(t, append(c.name, put("cycle", "assess.strengths[0]", "|-\n    "+strings.ReplaceAll(c.words, "\n", "\n  ")))...)
		got := len(foundOf(t, disk, "other-named", pageDay)) > 0
		if got != c.found {
			t.Errorf("%q: %v, want %v", c.words, got, c.found)
		}
	}
}

// TestOtherNamedLeavesAlone: those whom a record may name are no alarm.
func TestOtherNamedLeavesAlone(t *testing.T) {
	kit := func(more ...rules.Block) []rules.Block { return append(namedKai("Kit", "Kit", "Ashworth"), more...) }
	words := put("cycle", "assess.strengths[0]", "works beside Kit Ashworth")
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"a brother in a plan, of whom name-outside tells", kit(words), nil},
		{"another child in a plan", append(namedKai("Kit", "Kit", "Birchall"), put("cycle", "assess.strengths[0]", "works beside Kit Birchall")),
			[]string{"learners/jv6fpqgg/cycles/2026-11-02-sen-support-plan-vnz9.yaml assess.strengths[0]"}},
		{"a brother in the contact log", kit(put("contacts", "contacts[0].said", "Kit Ashworth did the same.")), nil},
		{"another child in the contact log", append(namedKai("Kit", "Kit", "Birchall"), put("contacts", "contacts[0].said", "Kit Birchall did the same.")), []string{"learners/jv6fpqgg/contacts.yaml contacts[0].said"}},
		{"an adult of that name", append(namedKai("Kit", "Kit", "Birchall"), put("cycle", "assess.strengths[0]", "asks Kit Birchall"), put("people", "people[5].name", "Kit Birchall")), nil},
		{"a mother of that name", append(namedKai("Kit", "Kit", "Birchall"), put("cycle", "assess.strengths[0]", "asks Kit Birchall"), put("identity", "family[0].name", "Kit Birchall")), nil},
		{"a name of one's own", kit(words, put("identity", "name", "Kit")), nil},
		{"a school of that name", append(namedKai("Kit", "Kit", "Birchall"), put("learner", "from_setting", "Kit Birchall")), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range foundOf(t, laidOver(t, c.blocks...), "other-named", pageDay) {
				if strings.Contains(x.Message+x.Hint, "Kit") {
					t.Errorf("it says the name: %s %s", x.Message, x.Hint)
				}
				got = append(got, x.File+" "+x.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestFactsTellNobody: what is kept of a record between runs is another thing in every
// folder, and neither names nor numbers stand in it.
func TestFactsTellNobody(t *testing.T) {
	facts := func(blocks ...rules.Block) rules.Facts {
		f, err := folder.Open(laidOver(t, blocks...))
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Load("jv6fpqgg")
		if err != nil {
			t.Fatal(err)
		}
		return rules.Judge(f, r, date.MustParse(pageDay)).Facts
	}
	words := put("cycle", "assess.strengths[0]", "works beside Kit Birchall")
	here, again, there := facts(words), facts(words), facts(words, put("setting", "name", "Another School"))
	if diff := cmp.Diff(here, again); diff != "" {
		t.Errorf("the same folder twice:\n%s", diff)
	}
	if here.Couples == "" || here.FullNames == "" || here.UPN.Hash == "" || here.Person.Hash == "" || len(here.Called) == 0 {
		t.Fatalf("nothing is kept: %+v", here)
	}
	if here.UPN.Hash == there.UPN.Hash || here.Person.Hash == there.Person.Hash || here.Couples == there.Couples || here.FullNames == there.FullNames || here.Called[0] == there.Called[0] {
		t.Error("a mark is the same in two folders")
	}
}
