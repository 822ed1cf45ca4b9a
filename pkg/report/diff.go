package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Diff says in words what changed between two reviews, and from one day to another.
type Diff struct {
	Format   string    `json:"format"` // sendctl-diff/1
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	From     string    `json:"from"` // cycle id
	To       string    `json:"to"`
	FromDate date.Date `json:"from_date"`
	ToDate   date.Date `json:"to_date"`
	Since    date.Date `json:"since"` // the days between which the journey is told
	Until    date.Date `json:"until"`
	Parts    []Part    `json:"parts"`
}

// Part is one heading with its sentences.
type Part struct {
	Title     string   `json:"title"`
	Sentences []string `json:"sentences"`
}

// DiffOf compares two reviewed cycles of one learner, the earlier first, with
// their corrections laid over them. The journey is told from the one review to the
// other.
func DiffOf(f *folder.Folder, r *folder.Record, from, to cycleFile) Diff {
	a, _ := r.Corrected(from)
	b, _ := r.Corrected(to)
	var since, until date.Date
	if a.Review != nil && b.Review != nil {
		since, until = a.Review.Date, b.Review.Date
	}
	return DiffBetween(f, r, from, to, since, until)
}

// DiffBetween is DiffOf where the journey is told from one day to another, other
// than those of the two reviews. What matters most comes first, and what was said last.
func DiffBetween(f *folder.Folder, r *folder.Record, from, to cycleFile, since, until date.Date) Diff {
	s := speaker{f, r}
	a, _ := r.Corrected(from)
	b, _ := r.Corrected(to)
	va, vb := View(f, r, from.Path, a), View(f, r, to.Path, b)
	d := Diff{Format: "sendctl-diff/1", ID: r.ID, Name: s.name(), From: va.ID, To: vb.ID, FromDate: va.Reviewed, ToDate: vb.Reviewed,
		Since: since, Until: until, Parts: []Part{}}
	then := "last time"
	if !adjacent(r, va.ID, vb.ID) {
		then = "then" // a year and four reviews may lie between
	}
	where, papers := s.between(since, until)
	moved := slices.ContainsFunc(r.Moves, func(m recordfile.File[learner.Move]) bool {
		return m.Value.To == vb.Stage && m.Value.Date.After(since) && !m.Value.Date.After(until)
	})
	d.add(journeyTitle, where)
	d.add("Progress and decision", outcomes(va, vb, then, moved))
	d.add("Targets", targets(d.Name, va, vb, then))
	d.add("Support", support(a, b, va, vb, then))
	d.add("What everyone gets", lists(va.Universal, vb.Universal))
	d.add(papersTitle, papers)
	d.add("Put right since", corrections(va, vb))
	d.add("Voices", voices(va, vb, then))
	return d
}

// adjacent reports whether one review follows the other, with none in between.
func adjacent(r *folder.Record, from, to string) bool {
	done := r.Reviewed()
	i := slices.IndexFunc(done, func(c cycleFile) bool { return c.Value.ID == from })
	return i >= 0 && i+1 < len(done) && done[i+1].Value.ID == to
}

func (d *Diff) add(title string, sentences []string) {
	if len(sentences) > 0 {
		d.Parts = append(d.Parts, Part{Title: title, Sentences: sentences})
	}
}

// outcomes says how progress, decision and stage compare; the stage is left out
// where the move to it was told.
func outcomes(a, b Cycle, then string, moved bool) []string {
	var out []string
	if a.Stage != b.Stage && !moved {
		out = append(out, fmt.Sprintf("The stage was %s, and is %s.", a.StageWords, b.StageWords))
	}
	if a.Review.ProgressWords == b.Review.ProgressWords {
		out = append(out, "Progress is again "+a.Review.ProgressWords+".")
	} else {
		out = append(out, fmt.Sprintf("Progress was %s %s, and is %s now.", a.Review.ProgressWords, then, b.Review.ProgressWords))
	}
	if a.Review.DecisionWords == b.Review.DecisionWords {
		out = append(out, "The decision is the same: "+a.Review.DecisionWords+".")
	} else {
		out = append(out, fmt.Sprintf("%s it was decided: %s; now: %s.", Capital(then), a.Review.DecisionWords, b.Review.DecisionWords))
	}
	if x := a.Review.Changes; len(x) > 0 {
		out = append(out, "Asked for "+then+": "+inOne(x))
	}
	return out
}

// inOne makes one sentence of several points.
func inOne(points []string) string {
	var out []string
	for _, x := range points {
		out = append(out, clause(x))
	}
	return Sentence(strings.Join(out, "; "))
}

// targets pairs the targets of two cycles by what is measured, since a target
// that is carried on gets new words and a new number.
func targets(name string, va, vb Cycle, then string) []string {
	var out []string
	used := map[int]bool{}
	for _, t := range va.Targets {
		j := slices.IndexFunc(vb.Targets, func(u Target) bool { return sameMeasure(t, u) })
		if j < 0 || used[j] {
			end := ""
			if t.NextWords != "" {
				end = "; decided then: " + t.NextWords
			}
			if t.reached() {
				out = append(out, fmt.Sprintf("Reached %s, and no longer a target: %s (%s%s).", then, clause(t.Outcome), result(t), end))
			} else {
				out = append(out, fmt.Sprintf("No longer a target: %s (%s: %s%s).", clause(t.Outcome), then, result(t), end))
			}
			continue
		}
		used[j] = true
		u := vb.Targets[j]
		line := fmt.Sprintf("%s %s: %s %s, %s now", name, clause(u.Outcome), result(t), then, result(u))
		if result(t) == result(u) {
			line = fmt.Sprintf("%s %s: %s both times", name, clause(u.Outcome), result(u))
		}
		if t.Target != u.Target {
			line += fmt.Sprintf("; the aim was %s, then %s", t.Figure(t.Target), u.Figure(u.Target))
		}
		switch {
		case u.ScoreWords == "":
		case t.Score == u.Score:
			line += "; " + u.ScoreWords + " both times"
		case t.ScoreWords == "":
			line += "; " + u.ScoreWords + " now"
		default:
			line += fmt.Sprintf("; %s %s, %s now", t.ScoreWords, then, u.ScoreWords)
		}
		out = append(out, line+".")
	}
	for j, u := range vb.Targets {
		if !used[j] {
			out = append(out, fmt.Sprintf("New: %s (began at %s, now %s).", clause(u.Outcome), u.Figure(u.Baseline), result(u)))
		}
	}
	return out
}

// reached reports whether the latest figure is at the aim or beyond it, seen from
// where the target began.
func (t Target) reached() bool {
	from, ok := learner.Number(t.Baseline).Float()
	aim, okAim := learner.Number(t.Target).Float()
	now, okNow := learner.Number(t.Now).Float()
	if !ok || !okAim || !okNow {
		return false
	}
	if aim < from {
		return now <= aim
	}
	return now >= aim
}

func sameMeasure(a, b Target) bool {
	if a.Measure != "" || b.Measure != "" {
		return strings.EqualFold(a.Measure, b.Measure) && a.Unit == b.Unit
	}
	return a.Outcome == b.Outcome
}

func result(t Target) string {
	switch {
	case t.NotMeasured != "":
		return "not measured"
	case t.Now == "":
		return "no figure"
	case t.Of != "":
		return t.Now + " of " + t.Of
	}
	return t.Figure(t.Now)
}

// support tells of each kind of support in one sentence: what was given, and what of
// how it is given is not as it was.
func support(a, b learner.Cycle, va, vb Cycle, then string) []string {
	var out []string
	for i, p := range va.Support {
		j := slices.IndexFunc(vb.Support, func(q Support) bool { return strings.EqualFold(p.What, q.What) })
		if j < 0 {
			out = append(out, fmt.Sprintf("Ended: %s%s.", p.What, inBrackets(given(p))))
			continue
		}
		q := vb.Support[j]
		said := []string{bothGiven(p, q, then)}
		said = append(said, otherwise(a.Plan.Provision[i], b.Plan.Provision[j])...)
		if p.ImpactWords != q.ImpactWords && p.ImpactWords != "" && q.ImpactWords != "" {
			said = append(said, fmt.Sprintf("its effect: %s, then %s", p.ImpactWords, q.ImpactWords))
		}
		said = slices.DeleteFunc(said, func(x string) bool { return x == "" })
		if len(said) == 0 {
			said = []string{"as before"}
		}
		out = append(out, fmt.Sprintf("%s: %s.", Capital(p.What), strings.Join(said, "; ")))
	}
	for _, q := range vb.Support {
		if !slices.ContainsFunc(va.Support, func(p Support) bool { return strings.EqualFold(p.What, q.What) }) {
			out = append(out, fmt.Sprintf("New: %s%s.", strings.TrimSuffix(q.What+", "+q.How, ", "), inBrackets(given(q))))
		}
	}
	return out
}

func inBrackets(words string) string {
	if words == "" {
		return ""
	}
	return " (" + words + ")"
}

// otherwise says what of a schedule changed: "from 6 to 8 weeks".
func otherwise(p, q learner.Provision) []string {
	var out []string
	say := func(from, to, unit string) {
		switch {
		case from == to:
		case from == "":
			out = append(out, "now "+to+unit)
		case to == "":
			out = append(out, "no longer "+from+unit)
		default:
			out = append(out, "from "+from+" to "+to+unit)
		}
	}
	var x, y learner.Sessions
	if p.Sessions != nil {
		x = *p.Sessions
	}
	if q.Sessions != nil {
		y = *q.Sessions
	}
	say(string(x.PerWeek), string(y.PerWeek), " times a week")
	say(string(x.Minutes), string(y.Minutes), " minutes")
	say(string(x.Weeks), string(y.Weeks), " weeks")
	say(p.Ratio, q.Ratio, "")
	say(string(p.HoursAYear), string(q.HoursAYear), " hours a year")
	say(thousands(string(p.AnnualCost)), thousands(string(q.AnnualCost)), " pounds a year")
	return out
}

// bothGiven says how much was given in each of two cycles.
func bothGiven(p, q Support, then string) string {
	switch was, is := given(p), given(q); {
	case was == "" && is == "":
		return ""
	case p.Planned != "" && q.Planned != "" && p.Delivered != "" && q.Delivered != "":
		return fmt.Sprintf("%s of %s sessions given %s, %s of %s now", p.Delivered, p.Planned, then, q.Delivered, q.Planned)
	default:
		return fmt.Sprintf("%s %s, %s now", orNotCounted(was), then, orNotCounted(is))
	}
}

func orNotCounted(given string) string {
	if given == "" {
		return "not counted"
	}
	return given
}

// given says how much of a support was given; "" where there is nothing to count,
// as of a thing that was bought.
func given(p Support) string {
	switch {
	case p.Delivered == "" && p.Planned != "":
		return "sessions not counted"
	case p.Delivered == "":
		return ""
	case p.Planned != "":
		return p.Delivered + " of " + p.Planned + " sessions given"
	case p.Delivered == "1":
		return "1 session given"
	}
	return p.Delivered + " sessions given"
}

func lists(a, b []string) []string {
	without := func(all, not []string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(x string) bool { return slices.Contains(not, x) })
	}
	var out []string
	if gone := without(a, b); len(gone) > 0 {
		out = append(out, "No longer: "+inOne(gone))
	}
	if fresh := without(b, a); len(fresh) > 0 {
		out = append(out, "New: "+inOne(fresh))
	}
	return out
}

func voices(a, b Cycle, then string) []string {
	var out []string
	say := func(v Said, when string) {
		if v.Words == "" {
			out = append(out, fmt.Sprintf("%s, %s: nothing; the reason given: %s", v.WhoName, when, Quoted(v.None)))
			return
		}
		out = append(out, fmt.Sprintf("%s, %s%s: %s", v.WhoName, when, inBrackets(v.How), Quoted(v.Words)))
	}
	for _, v := range a.Review.Voices {
		say(v, then)
	}
	for _, v := range b.Review.Voices {
		say(v, "now")
	}
	return out
}

func corrections(a, b Cycle) []string {
	var out []string
	for _, c := range append(append([]Correction{}, a.Corrected...), b.Corrected...) {
		out = append(out, fmt.Sprintf("%s: it said %s, and should say %s (%s, %s): %s", Capital(strings.TrimPrefix(c.Where, "the ")), OrNothing(c.Was), c.Is, c.ByName, c.Date.Long(), Quoted(c.Because)))
	}
	return out
}
