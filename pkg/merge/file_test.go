package merge

import (
	"strings"
	"testing"
)

func TestFile(t *testing.T) {
	const (
		contacts = "learners/bk7m2xqt/contacts.yaml"
		cycle    = "learners/bk7m2xqt/cycles/2025-09-29-passport-k4f7.yaml"
		move     = "learners/bk7m2xqt/moves/2026-03-20-profile-q2hd.yaml"
		passport = "learners/bk7m2xqt/passport.yaml"
	)
	head := "format: cycle/v1\nlearner: bk7m2xqt\nid: k4f7\nopened: 2025-09-29\nstage: passport\npathway: northumberland/1\nresponsible_teacher: grimes\n"
	review := "review:\n  date: 2025-11-21\n  present: [learner]\n  recorded_by: grimes\n  progress: less\n  decision: end\n"
	note := func(day string) string { return "do:\n  - {date: " + day + ", by: bell, delivered: 3}\n" }
	log := "format: contacts/v1\nlearner: bk7m2xqt\ncontacts:\n"
	entry := func(id, day string) string {
		return "  - {id: " + id + ", date: " + day + ", with: [mum], by: eyre, how: call, about: plan}\n"
	}
	pass := "format: passport/v1\nlearner: bk7m2xqt\nversion: 1\nmade: 2026-02-26\n"
	for name, c := range map[string]struct {
		path, base, ours, theirs string
		want                     string // "" is ours
		asked                    int
		more                     bool
	}{
		"identical":                     {path: cycle, base: head, ours: head + review, theirs: head + review},
		"one side":                      {path: cycle, base: head, ours: head, theirs: head + note("2025-10-01"), want: head + note("2025-10-01")},
		"sealed there, unchanged here":  {path: cycle, base: head, ours: head, theirs: head + review, want: head + review},
		"sealed there, changed here":    {path: cycle, base: head, ours: head + note("2025-10-01"), theirs: head + review, want: head + review, more: true},
		"sealed here, changed there":    {path: cycle, base: head, ours: head + review, theirs: head + note("2025-10-01"), more: true},
		"sealed on both":                {path: cycle, base: head, ours: head + review, theirs: head + strings.Replace(review, "end", "step-up", 1), more: true},
		"sealed before, changed there":  {path: cycle, base: head + review, ours: head + review, theirs: head + strings.Replace(review, "end", "step-up", 1), more: true},
		"two moves of one name":         {path: move, ours: "format: move/v1\n", theirs: "format: move/v1\nid: q2hd\n", more: true},
		"a seal":                        {path: "learners/bk7m2xqt/seals/k4f7-review.seal", ours: "a", theirs: "b", more: true},
		"the same seal":                 {path: "learners/bk7m2xqt/seals/k4f7-review.seal", ours: "a", theirs: "a"},
		"beside":                        {path: strings.Replace(cycle, ".yaml", "-late-m2xq.yaml", 1), ours: head, theirs: head + note("2025-10-01"), more: true},
		"agreed there":                  {path: passport, base: pass, ours: pass + "know:\n  - I like trains.\n", theirs: pass + "agreed:\n  - {who: learner, date: 2026-02-26}\n", more: true},
		"two drafts":                    {path: passport, base: pass, ours: pass + "know:\n  - I like trains.\n", theirs: pass + "review_on: 2026-05-01\n", want: pass + "know:\n  - I like trains.\nreview_on: 2026-05-01\n"},
		"one id, named by other files":  {path: contacts, base: log + entry("c8rt", "2026-01-01"), ours: log + entry("c8rt", "2026-01-01") + entry("d2rt", "2026-01-02"), theirs: log + entry("c8rt", "2026-01-01") + entry("d2rt", "2026-01-03"), more: true},
		"new on both, above the record": {path: "send/records/" + contacts, ours: log + entry("c8rt", "2026-01-01"), theirs: log + entry("d2rt", "2026-01-02"), want: log + entry("c8rt", "2026-01-01") + entry("d2rt", "2026-01-02")},
		"two values":                    {path: contacts, base: log + entry("c8rt", "2026-01-01"), ours: log + entry("c8rt", "2026-01-02"), theirs: log + entry("c8rt", "2026-01-03"), asked: 1},
		"unreadable":                    {path: contacts, base: log + entry("c8rt", "2026-01-01"), ours: log + entry("c8rt", "2026-01-02"), theirs: "a: [", asked: 1},
		"line ends of ours":             {path: contacts, base: log + entry("c8rt", "2026-01-01"), ours: strings.ReplaceAll(log+entry("c8rt", "2026-01-01")+entry("d2rt", "2026-01-02"), "\n", "\r\n"), theirs: log + entry("c8rt", "2026-01-01") + entry("d3rt", "2026-01-03"), want: strings.ReplaceAll(log+entry("c8rt", "2026-01-01")+entry("d2rt", "2026-01-02")+entry("d3rt", "2026-01-03"), "\n", "\r\n")},
		"foreign":                       {path: "ci.yaml", base: "a: 1\n", ours: "a: 2\n", theirs: "a: 1\nb: 1\n", asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			got, questions, more, err := File(c.path, []byte(c.base), []byte(c.ours), []byte(c.theirs))
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				c.want = c.ours
			}
			if string(got) != c.want || len(questions) != c.asked || more != c.more {
				t.Errorf("%d questions, more %t, want %d, %t; got\n%s\nwant\n%s", len(questions), more, c.asked, c.more, got, c.want)
			}
		})
	}
	if _, _, _, err := File("../x.yaml", nil, nil, nil); err == nil {
		t.Error("a path out of the folder is taken")
	}
}
