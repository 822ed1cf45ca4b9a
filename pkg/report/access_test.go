package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/report"
)

// Who and what is marked in a learner's files, for a person to look at before they are
// given out: everybody but the learner and whoever asks.
func TestMarks(t *testing.T) {
	f, r := lay(t, ada+"learner.yaml", aLearner("plan", "safeguarding: {see_other_system: true}\n"),
		ada+"identity.yaml", strings.Replace(small()[ada+"identity.yaml"], "born:", "legal_name: {given: Ada, family: Bly}\nborn:", 1))
	others := map[string]learner.Identity{
		"bk7m2xqt": {Name: "Ada", LegalName: learner.LegalName{Given: "Ada", Family: "Bly"}},
		"cd8n3yrw": {Name: "Ottoline", LegalName: learner.LegalName{Given: "Ottoline", Family: "Bly"}}, // a sister
		"df9p4zsx": {Name: "May", LegalName: learner.LegalName{Given: "May", Family: "O'Hara-Lee"}},
	}
	said := func(words string) (string, string) {
		return ada + "contacts.yaml", "format: contacts/v1\nlearner: bk7m2xqt\ncontacts:\n  - id: c8rb\n    date: 2026-03-20\n    with: [mum]\n    by: eyre\n    how: call\n    about: other\n    said: |\n      " + words + "\n"
	}
	mark := func(askedBy, p, text string) []string {
		var out []string
		for _, m := range report.LookingFor(f, r, askedBy, others).In(p, []byte(text)) {
			out = append(out, strings.TrimSpace(fmt.Sprint(m.What, " ", m.Where, " ", m.Who)))
		}
		return out
	}
	for _, tt := range []struct {
		askedBy, words string
		want           []string // besides who called whom
	}{
		{"mum", "Ada was glad, and so was Ida.", nil},
		{"learner", "Ada was glad, and so was Ida.", []string{"family contacts[0].said mum"}},
		{"", "Ida's sister rang.", []string{"family contacts[0].said mum"}},
		{"mum", "Ottoline hit her.", []string{"child contacts[0].said cd8n3yrw"}},
		{"mum", "The Blys came: Bly and Bly.", nil}, // her own family name
		{"mum", "In May it was better; may it stay.", []string{"child contacts[0].said df9p4zsx"}},
		{"mum", "O'Hara-Lee\u2019s mother was there.", []string{"child contacts[0].said df9p4zsx"}},
		{"mum", "See df9p4zsx.", []string{"child contacts[0].said df9p4zsx"}},
		{"mum", "Osei and Sato came, Sato late.", []string{"adult contacts[0].said ep-osei", "adult contacts[0].said sato"}},
		{"mum", "Mayday, ottoline and satoshi.", nil},
	} {
		at, text := said(tt.words)
		got := mark(tt.askedBy, at, text)
		both := []string{"adult contacts[0].by eyre"}
		if tt.askedBy != "mum" {
			both = append([]string{"family contacts[0].with[0] mum"}, both...)
		}
		if diff := cmp.Diff(append(both, tt.want...), got); diff != "" {
			t.Errorf("%s, asked by %q (-want +got):\n%s", tt.words, tt.askedBy, diff)
		}
	}

	// Other kinds of mark, and files that are no record files.
	for name, tt := range map[string]struct{ p, text, want string }{
		"restricted":        {ada + "contacts.yaml", "contacts:\n  - id: c8rb\n    restricted: true\n", "restricted contacts[0].restricted"},
		"not restricted":    {ada + "contacts.yaml", "contacts:\n  - id: c8rb\n    restricted: false\n", ""},
		"safeguarding":      {ada + "learner.yaml", "safeguarding: {see_other_system: true}\n", "safeguarding safeguarding.see_other_system"},
		"a relative's line": {ada + "identity.yaml", "family:\n  - id: mum\n    name: Ida B.\n    contact:\n      phone: \"01\"\n", "family family[0].id mum|family family[0].name mum|family family[0].contact.phone mum"},
		"an attachment":     {ada + "attachments/report.pdf", "%PDF", "unread"},
		"no seal":           {ada + "seals/k4f7-review.seal", "what", "unreadable"},
		"a draft":           {"note-bk7m2xqt.json", "{\"text\": \"Ottoline\"}", "unreadable|child  cd8n3yrw"},
		"no YAML":           {ada + "learner.yaml", "a: [Ottoline\n", "unreadable|child  cd8n3yrw"},
	} {
		if got := strings.Join(mark("", tt.p, tt.text), "|"); got != tt.want {
			t.Errorf("%s: %q, not %q", name, got, tt.want)
		}
	}
	if got := mark("mum", ada+"identity.yaml", "family:\n  - id: mum\n    name: Ida B.\n"); got != nil {
		t.Errorf("who asks is marked in their own line: %v", got)
	}

	// In another learner's record: this one's id, or a word of their name.
	look := report.LookingFor(f, r, "", others)
	var about []string
	for _, m := range look.About("learners/cd8n3yrw/contacts.yaml", []byte("contacts:\n  - said: Ada hit me.\n  - said: It is in bk7m2xqt.\n  - said: Adaptation.\n")) {
		about = append(about, m.Where)
	}
	if !slices.Equal(about, []string{"contacts[0].said", "contacts[1].said"}) {
		t.Errorf("about this learner: %v", about)
	}
}

// A month is to the same day of the next month, or to its last.
func TestMonthAfter(t *testing.T) {
	for from, want := range map[string]string{
		"2026-11-22": "2026-12-22", "2026-12-31": "2027-01-31", "2027-01-31": "2027-02-28", "2028-01-30": "2028-02-29", "2026-10-31": "2026-11-30", "2027-02-28": "2027-03-28",
	} {
		if got := report.MonthAfter(day(from)).String(); got != want {
			t.Errorf("a month after %s: %s, not %s", from, got, want)
		}
	}
}
