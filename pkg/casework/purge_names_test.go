package casework

import (
	"testing"

	"github.com/sendctl/sendctl/pkg/learner"
)

func TestNamesFamily(t *testing.T) {
	who := learner.Identity{Name: "Al", LegalName: learner.LegalName{Given: "Albert", Family: "Quillfeather"},
		Family: []learner.Contact{{ID: "mum", Name: "Mum"}, {ID: "gran", Name: "Gran Ottoline"}}}
	for text, want := range map[string]bool{
		"Al asked for it.": true, "al fresco": false, "All of it is due.": false, "It is due.": false, "albert’s record": true,
		"The Quillfeathers moved.": false, "(Quillfeather)": true, "Mum asked for it.": false, "Ottoline asked.": true, "gran asked": false,
	} {
		if got := namesFamily(who, text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if namesFamily(learner.Identity{Name: "I"}, "I was asked.") {
		t.Error("I")
	}
}
