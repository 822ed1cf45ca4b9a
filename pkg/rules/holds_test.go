package rules_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestVerdictHolds: until the day that a verdict names, the same bytes are judged the
// same. A kept verdict rests on that.
func TestVerdictHolds(t *testing.T) {
	for _, disk := range []map[string][]rules.Block{
		{"as it is": nil},
		{"with much undone": append(minaNotTold(), take("cycle", ""), take("contacts", "contacts[6].copy_given"), take("readings", "readings[9]"),
			take("kai-cycle", "do"), put(minaDir+"contacts.yaml", "contacts[4].how", "call"), put("identity", "born", "2010-01-20"))},
	} {
		for name, blocks := range disk {
			f, err := folder.Open(laidOver(t, blocks...))
			if err != nil {
				t.Fatal(err)
			}
			all, err := f.Learners()
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range all {
				r, err := f.Load(id)
				if err != nil {
					t.Fatal(err)
				}
				said := func(v rules.Verdict) (out []string) {
					for _, x := range v.Findings {
						out = append(out, inWords(x))
					}
					return out
				}
				day := date.MustParse("2026-06-10")
				v := rules.Judge(f, r, day)
				for range 220 {
					day = day.AddDays(1)
					next := rules.Judge(f, r, day)
					if !v.Until.IsZero() && !day.Before(v.Until) {
						v = next
						continue
					}
					if !slices.Equal(said(v), said(next)) || !cmp.Equal(v.Facts, next.Facts) {
						t.Fatalf("%s, %s: on %s it is judged otherwise than the verdict before, which was to hold until %s:\n%q\n%q", name, id, day, v.Until, said(v), said(next))
					}
				}
			}
		}
	}
}
