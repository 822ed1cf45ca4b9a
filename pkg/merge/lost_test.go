package merge

import (
	"maps"
	"strings"
	"testing"
)

// What a careless merge would leave out is found.
func TestLost(t *testing.T) {
	base := record(t)
	const (
		contacts = jude + "contacts.yaml"
		learner  = jude + "learner.yaml"
	)
	with := func(from map[string][]byte, p string, swap ...string) map[string][]byte {
		out := maps.Clone(from)
		now := strings.NewReplacer(swap...).Replace(string(out[p]))
		if now == string(out[p]) && len(swap) > 0 {
			t.Fatalf("%s: nothing to change", p)
		}
		out[p] = []byte(now)
		return out
	}
	entry := "  - {id: d2rt, date: 2026-03-20, with: [mum], by: eyre, how: call, about: plan}\n"
	logged := maps.Clone(base)
	logged[contacts] = append(logged[contacts][:len(logged[contacts]):len(logged[contacts])], entry...)
	called := with(base, contacts, "how: meeting", "how: call")
	sealed := maps.Clone(base)
	name, b := sealFor(theCycle, "review", "2026-04-01T10:00:00Z", sealed[theCycle])
	sealed[name] = b
	attached := maps.Clone(base)
	attached[jude+"attachments/report.txt"] = []byte("x")
	renamed := maps.Clone(base)
	renamed[contacts] = append(renamed[contacts][:len(renamed[contacts]):len(renamed[contacts])], strings.Replace(entry, "d2rt", "d3rt", 1)...)
	beside := maps.Clone(base)
	beside[besidePath(contacts, "late", "m2xq")] = logged[contacts]

	for _, c := range []struct {
		name         string
		theirs, into map[string][]byte
		asked        []Question
		notes        []Note
		want         string
	}{
		{"all there", logged, logged, nil, nil, ""},
		{"an entry", logged, base, nil, nil, contacts + ": contacts[d2rt]"},
		{"an entry, beside", logged, beside, nil, nil, ""},
		{"a value", called, base, nil, nil, contacts + ": contacts[c8rt].how"},
		{"a value that was asked about", called, base, []Question{{Path: contacts, At: "contacts[c8rt].how"}}, nil, ""},
		{"a value, another asked about", called, base, []Question{{Path: contacts, At: "contacts[c8rt].about"}, {Path: learner, At: ""}}, nil, contacts + ": contacts[c8rt].how"},
		{"a whole file asked about", called, base, []Question{{Path: contacts}}, nil, ""},
		{"an entry with another id", logged, renamed, nil, nil, contacts + ": contacts[d2rt]"},
		{"an entry with another id, told", logged, renamed, nil, []Note{{Rule: RuleSameID, Learner: "bk7m2xqt"}}, ""},
		{"a seal", sealed, base, nil, nil, name},
		{"an attachment", attached, base, nil, nil, jude + "attachments/report.txt"},
		{"a file", base, map[string][]byte{}, nil, nil, ""},
		{"words", with(base, learner, "copying from the board", "writing from the board"), base, nil, nil, learner + ": adjustments[a1].barrier"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Lost(folderOf(base), folderOf(base), folderOf(c.theirs), folderOf(c.into), c.asked, c.notes)
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
