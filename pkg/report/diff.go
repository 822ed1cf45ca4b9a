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
// their corrections laid over them.
func DiffOf(f *folder.Folder, r *folder.Record, from, to recordfile.File[learner.Cycle]) Diff {
	a, _ := r.Corrected(from)
	b, _ := r.Corrected(to)
	va, vb := View(f, r, from.Path, a), View(f, r, to.Path, b)
	d := Diff{Format: "sendctl-diff/1", ID: r.ID, Name: speaker{f, r}.name(), From: va.ID, To: vb.ID, FromDate: va.Reviewed, ToDate: vb.Reviewed}
	d.Since, d.Until = d.FromDate, d.ToDate
	d.journey(speaker{f, r}, d.Since, d.Until)
	then := "last time"
	if !adjacent(r, va.ID, vb.ID) {
		then = "then" // a year and four reviews may lie between
	}
	d.add("Progress and decision", outcomes(va, vb, then))
	d.add("Targets", targets(a, b, va, vb, then))
	d.add("Support", support(va, vb, then))
	d.add("What everyone gets", lists(va.Universal, vb.Universal))
	d.add("Voices", voices(va, vb, then))
	d.add("Put right since", corrections(va, vb))
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

func outcomes(a, b Cycle, then string) []string {
	var out []string
	if a.Stage != b.Stage {
		out = append(out, fmt.Sprintf("The stage was %s, and is %s.", a.StageWords, b.StageWords))
	}
	if a.Review.ProgressWords == b.Review.ProgressWords {
		out = append(out, "Progress is again "+a.Review.ProgressWords+".")
	} else {
		out = append(out, fmt.Sprintf("%s progress was %s; this time it is %s.", Capital(then), a.Review.ProgressWords, b.Review.ProgressWords))
	}
	if a.Review.DecisionWords == b.Review.DecisionWords {
		out = append(out, "The decision is the same: "+a.Review.DecisionWords+".")
	} else {
		out = append(out, fmt.Sprintf("%s the decision was %s; this time it is %s.", Capital(then), a.Review.DecisionWords, b.Review.DecisionWords))
	}
	for _, c := range a.Review.Changes {
		out = append(out, "Asked for "+then+": "+Sentence(c))
	}
	return out
}

// targets pairs the targets of two cycles by what is measured, since a target
// that is carried on gets new words and a new number.
func targets(a, b learner.Cycle, va, vb Cycle, then string) []string {
	var out []string
	used := map[int]bool{}
	for i, t := range va.Targets {
		j := slices.IndexFunc(vb.Targets, func(u Target) bool { return sameMeasure(t, u) })
		if j < 0 || used[j] {
			end := "ended"
			if t.NextWords != "" {
				end = t.NextWords
			}
			out = append(out, fmt.Sprintf("No longer a target: %s (%s: %s; %s).", t.Outcome, then, result(t), end))
			continue
		}
		used[j] = true
		u := vb.Targets[j]
		what := t.Measure
		if what == "" {
			what = a.Plan.Targets[i].ID
		}
		line := fmt.Sprintf("%s: %s %s, %s now", Capital(what), result(t), then, result(u))
		if t.Target != u.Target {
			line += fmt.Sprintf("; the aim was %s, then %s", t.Target, u.Target)
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
			out = append(out, fmt.Sprintf("New: %s (began at %s, now %s).", u.Outcome, u.Baseline, result(u)))
		}
	}
	return out
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
	return t.Now
}

func support(a, b Cycle, then string) []string {
	var out []string
	for _, p := range a.Support {
		i := slices.IndexFunc(b.Support, func(q Support) bool { return strings.EqualFold(p.What, q.What) })
		if i < 0 {
			out = append(out, fmt.Sprintf("Ended: %s (%s).", p.What, given(p)))
			continue
		}
		q := b.Support[i]
		line := fmt.Sprintf("%s: %s %s, %s now", Capital(p.What), given(p), then, given(q))
		if p.How != q.How {
			line += fmt.Sprintf("; it was %s, and is %s", p.How, q.How)
		}
		if p.ImpactWords != q.ImpactWords && p.ImpactWords != "" && q.ImpactWords != "" {
			line += fmt.Sprintf("; its effect: %s, then %s", p.ImpactWords, q.ImpactWords)
		}
		out = append(out, line+".")
	}
	for _, q := range b.Support {
		if !slices.ContainsFunc(a.Support, func(p Support) bool { return strings.EqualFold(p.What, q.What) }) {
			out = append(out, fmt.Sprintf("New: %s (%s).", strings.TrimSuffix(q.What+", "+q.How, ", "), given(q)))
		}
	}
	return out
}

func given(p Support) string {
	switch {
	case p.Delivered == "":
		return "sessions not counted"
	case p.Planned != "":
		return p.Delivered + " of " + p.Planned + " sessions given"
	}
	if p.Delivered == "1" {
		return "1 session given"
	}
	return p.Delivered + " sessions given"
}

func lists(a, b []string) []string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, "No longer: "+Sentence(x))
		}
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			out = append(out, "New: "+Sentence(x))
		}
	}
	return out
}

func voices(a, b Cycle, then string) []string {
	var out []string
	say := func(v Said, when string) string {
		if v.Words == "" {
			return fmt.Sprintf("%s, %s: nothing; the reason given: %s", v.WhoName, when, Quoted(v.None))
		}
		return fmt.Sprintf("%s, %s: %s", v.WhoName, when, Quoted(v.Words))
	}
	for _, v := range a.Review.Voices {
		out = append(out, say(v, then))
	}
	for _, v := range b.Review.Voices {
		out = append(out, say(v, "now"))
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
