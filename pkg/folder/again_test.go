package folder_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/schemas"
)

// TestAgain: what has not changed is taken over, and what has is seen; faults are
// found again, so that nothing is lost by having been read before.
func TestAgain(t *testing.T) {
	pathway, _ := schemas.Pathway("northumberland")
	disk := fstest.MapFS{
		"sendctl.yaml":                    {Data: []byte("format: setting/v1\nname: Thornelaw Academy\nurn: \"000000\"\nla: \"929\"\nestab: \"0000\"\nphase: all-through\npathway: northumberland\n")},
		"people.yaml":                     {Data: []byte("format: people/v1\npeople:\n  - id: eyre\n    name: M. Eyre\n    role: senco\n")},
		"pathway.yaml":                    {Data: pathway},
		"learners/bk7m2xqt/identity.yaml": {Data: []byte("format: identity/v1\nlearner: bk7m2xqt\nname: Jude\nborn: 2017-03-08\n")},
		// Not a year, so a fault that a second reading must find too.
		"learners/bk7m2xqt/learner.yaml": {Data: []byte("format: learner/v1\nlearner: bk7m2xqt\nstage: universal\njoined: someday\n")},
	}
	one, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	before, err := one.Load("bk7m2xqt")
	if err != nil {
		t.Fatal(err)
	}
	if len(before.Findings) == 0 {
		t.Fatal("the slip in learner.yaml was not found")
	}

	two, err := one.Again(disk, before)
	if err != nil {
		t.Fatal(err)
	}
	same, err := two.Load("bk7m2xqt")
	if err != nil {
		t.Fatal(err)
	}
	if two.Pathway.Doc != one.Pathway.Doc || same.Identity.Doc != before.Identity.Doc {
		t.Error("a file that did not change was parsed again")
	}
	if d := cmp.Diff(before.Findings, same.Findings); d != "" {
		t.Errorf("other findings than the first time:\n%s", d)
	}

	who := disk["learners/bk7m2xqt/identity.yaml"]
	who.Data = []byte(strings.Replace(string(who.Data), "Jude", "Judy", 1))
	disk["people.yaml"].Data = []byte("format: people/v1\npeople: none\n")
	three, err := two.Again(disk, same)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := three.Load("bk7m2xqt")
	if err != nil {
		t.Fatal(err)
	}
	if got := changed.Identity.Value.Name; got != "Judy" {
		t.Errorf("the name is still %q", got)
	}
	if len(three.People.Value.People) != 0 || diag.Worst(three.Findings) != diag.Error {
		t.Errorf("the spoilt people.yaml went unseen: %v", three.Findings)
	}

	delete(disk, "people.yaml")
	four, err := two.Again(disk, same)
	if err != nil {
		t.Fatal(err)
	}
	if four.People.Doc != nil || diag.Worst(four.Findings) != diag.Error {
		t.Error("the missing people.yaml went unseen")
	}
}
