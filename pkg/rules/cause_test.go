package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
)

// TestOneCauseIsOneFinding: what was changed in one line is told once, at a line that helps,
// however many places name what is missing then.
func TestOneCauseIsOneFinding(t *testing.T) {
	const (
		jude, kai, mina = "learners/jv6fpqgg/", "learners/kk4wfw4j/", "learners/rq62bfzs/"
		cycle           = jude + "cycles/2026-11-02-sen-support-plan-vnz9.yaml"
		sealed          = jude + "cycles/2025-09-29-initial-concerns-gxqf.yaml"
		advice          = mina + "advice/2026-09-28-smsj.yaml"
	)
	swap := func(file, from, to string) func(*testing.T, fstest.MapFS) {
		return func(t *testing.T, disk fstest.MapFS) {
			text := string(disk[file].Data)
			if !strings.Contains(text, from) {
				t.Fatalf("%s does not hold %q", file, from)
			}
			disk[file] = &fstest.MapFile{Data: []byte(strings.Replace(text, from, to, 1))}
		}
	}
	gone := func(file string) func(*testing.T, fstest.MapFS) {
		return func(_ *testing.T, disk fstest.MapFS) { delete(disk, file) }
	}
	for _, c := range []struct {
		name string
		slip func(*testing.T, fstest.MapFS)
		want []string // rule, file, the text that the line begins with, and how many places besides
	}{
		{"a tab in the log", swap(jude+"contacts.yaml", "    copy_given: true", "\tcopy_given: true"), []string{"yaml-tab " + jude + "contacts.yaml: copy_given: true +0"}},
		{"a broken list of entries", swap(jude+"contacts.yaml", "contacts:", "contact:"), []string{"unknown-key " + jude + "contacts.yaml: contact: +0"}},
		{"the log lost", gone(jude + "contacts.yaml"), []string{"references " + jude + "moves/2026-02-12-passport-v4ps.yaml: told: [zz6j, bm3n] +5"}},
		{"an id twice in people.yaml", swap("people.yaml", "id: whitlow", "id: eyre"), []string{"references people.yaml: - id: eyre +0"}},
		{"an adult taken out", swap("people.yaml", "id: eyre", "id: eyres"), []string{"references " + jude + "contacts.yaml: by: eyre +5"}},
		{"one of the family taken out", swap(jude+"learner.yaml", "  - {id: dad, relation: father, parental_responsibility: true}\n", ""), []string{"references " + jude + "contacts.yaml: with: [mum, dad] +5"}},
		{"a stage renamed", swap("pathway.yaml", "  - id: passport\n", "  - id: pasport\n"), []string{"pathway pathway.yaml: - id: pasport +5"}},
		{"a profile lost", gone(mina + "profile.yaml"), []string{"sealed " + mina + "seals/f7jk-agree.seal:  +2"}},
		{"a sealed cycle lost", gone(sealed), []string{"sealed " + jude + "seals/gxqf-review.seal:  +0"}},
		{"a seal lost", gone(jude + "seals/gxqf-review.seal"), []string{"sealed " + sealed + ": date: 2025-11-21 +1"}},
		{"who agreed, changed by hand", swap(kai+"passport.yaml", "{who: gran, date: 2026-09-09}", "{who: gran, date: 2026-09-19}"), []string{"sealed " + kai + "passport.yaml: - {who: learner, date: 2026-09-09} +0"}},
		{"half a review", swap(cycle, "do:\n", "review:\n  date: 2026-11-20\ndo:\n"), []string{"sealed " + cycle + ": date: 2026-11-20 +0"}},
		{"seen after the report", swap(advice, "seen: 2026-09-17", "seen: 2026-11-17"), []string{"dates-in-order " + advice + ": seen: 2026-11-17 +4"}},
		{"another day of a report than the name", swap(advice, "date: 2026-09-28", "date: 2026-01-28"), []string{"file-name " + advice + ": date: 2026-01-28 +0"}},
		{"asked for in a year to come", swap(advice, "asked: 2026-06-03", "asked: 2027-06-03"), []string{"dates-in-order " + advice + ": asked: 2027-06-03 +0"}},
		{"a stage mistyped", swap(jude+"learner.yaml", "stage: sen-support-plan", "stage: sen-suport-plan"), []string{"references " + jude + "learner.yaml: stage: sen-suport-plan +0"}},
		{"a waiver that ends before it begins", swap(jude+"learner.yaml", "consents:", "waivers:\n  - rule: target-vague-verb\n    by: eyre\n    from: 2026-06-01\n    until: 2026-01-01\n    because: we talked\nconsents:"), []string{"dates-in-order " + jude + "learner.yaml: until: 2026-01-01 +1"}},
		{"another stage than the name", swap(cycle, "stage: sen-support-plan", "stage: passport"), []string{"file-name " + cycle + ": stage: passport +0"}},
		{"another day than the name", swap(cycle, "opened: 2026-11-02", "opened: 2026-11-03"), []string{"file-name " + cycle + ": opened: 2026-11-03 +0"}},
		{"a result changed under its seal", swap(sealed, "result: 19", "result: 29"), []string{"sealed " + sealed + ":  +0"}},
		{"a broken file under its seal", swap(sealed, "review:\n", "review\n"), []string{"sealed " + sealed + ":  +1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := madeUp(t)
			c.slip(t, disk)
			var got []string
			for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
				line := ""
				if file := disk[x.File]; file != nil && x.Span.Start.Line > 0 {
					line = strings.TrimSpace(strings.Split(string(file.Data), "\n")[x.Span.Start.Line-1])
				}
				got = append(got, fmt.Sprintf("%s %s: %s +%d", x.Rule, x.File, line, len(x.Related)))
				if strings.Count(x.Hint, "learners/") > 1 {
					t.Errorf("a hint with more than one path: %s", x.Hint)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestAnotherCodeThanTheMove: of a code that the last move does not bear out, what would be
// owed by it is not told too, but for the annual review, which may be what is missing.
func TestAnotherCodeThanTheMove(t *testing.T) {
	disk := madeUp(t)
	name := "learners/kk4wfw4j/learner.yaml"
	disk[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(disk[name].Data), "code: K}", "code: E}", 1))}
	var got []string
	for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
		got = append(got, x.Rule+" "+x.Path)
	}
	if diff := cmp.Diff([]string{"annual-review-overdue sen_provision[1]", "stage-moves sen_provision[1].code"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
