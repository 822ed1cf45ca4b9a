package render

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// The screen that the overview is made for.
const (
	screenRows    = 24
	screenColumns = 80
)

// room is how much of each thing the overview shows. What is left out is counted,
// and the command that shows it named.
type room struct{ targets, support, voices, words, note int }

// rooms are tried in turn until the overview fits the screen: notes and support go
// first, since they are most, then what was said is shortened, and targets go last.
func rooms() []room {
	return []room{
		{targets: 3, support: 2, voices: 2, words: 130, note: 90},
		{targets: 3, support: 2, voices: 2, words: 130},
		{targets: 3, support: 1, voices: 2, words: 130},
		{targets: 3, support: 1, voices: 2, words: 65},
		{targets: 3, support: 1, voices: 2, words: 40},
		{targets: 3, support: 1, voices: 1, words: 130},
		{targets: 3, support: 1, voices: 1, words: 65},
		{targets: 2, support: 1, voices: 1, words: 65},
		{targets: 2, support: 0, voices: 1, words: 65},
		{targets: 2, support: 0, voices: 0},
	}
}

// Show lays out where one learner is, for one screen where that is possible.
func Show(v report.Show) []Line {
	var out []Line
	for _, m := range rooms() {
		out = overview(v, m)
		if rows(out) <= screenRows {
			break
		}
	}
	return out
}

// rows counts the rows that lines take on the screen, wrapped between words.
func rows(lines []Line) int {
	n := 0
	for _, l := range lines {
		n++
		at := l.Indent
		for i, w := range strings.Fields(l.Text) {
			wide := len([]rune(w))
			switch {
			case i == 0:
				at += wide
			case at+1+wide > screenColumns:
				n++
				at = l.Indent + wide
			default:
				at += 1 + wide
			}
		}
	}
	return n
}

func overview(v report.Show, m room) []Line {
	p := overviewPage{room: m, id: v.ID}
	p.tone(Heading, 0, "%s", join(", ", v.Name, v.ID, v.YearWords, v.Stands))
	p.add(0, "%s.", join("; ", "Teacher "+orNobody(v.TeacherName), "SENCo "+orNobody(v.SENCoName), census(v)))
	for _, f := range v.Faults {
		p.tone(Alarm, 0, "NOT SHOWN IN FULL: %s line %d: %s.", f.File, f.Line, f.Message)
	}
	p.kept(v)
	if v.Open != nil {
		p.open(v)
	}
	if v.Last != nil && (v.Open == nil || v.Open.Planned.IsZero()) {
		p.last(v)
	}
	p.beside(v)
	p.gap()
	p.add(0, "Next: %s (%s).", v.Next, v.NextWhy)
	return p.page
}

// overviewPage gathers the overview, and what it leaves out of the cycle at hand.
type overviewPage struct {
	page
	room
	id   string
	left []string
}

// kept tells where the record came from and went, and what keeps it here.
func (p *overviewPage) kept(v report.Show) {
	if n := len(v.Arrivals); n > 0 {
		last := v.Arrivals[n-1]
		p.add(0, "The record came from %s on %s.", last.From, last.Date.Long())
	}
	if h := v.Handover; h != nil {
		text := "Handed over on " + h.Date.Long() + " to " + h.To
		if h.Receipt == nil {
			text += "; no receipt yet"
		} else {
			text += "; receipt of " + h.Receipt.Date.Long()
		}
		switch {
		case h.RemoveBy.IsZero():
			p.add(0, "%s; a copy is kept: %s", text, report.Quoted(shortTo(h.Because, 130)))
		case h.Overdue > 0:
			p.tone(Alarm, 0, "%s; REMOVAL OF THE COPY OVERDUE since %s.", text, h.RemoveBy.Long())
		default:
			p.add(0, "%s; the copy is due for removal by %s.", text, h.RemoveBy.Long())
		}
	}
	for _, x := range v.Holds {
		p.add(0, "Held since %s by %s: %s", x.From.Long(), x.ByName, report.Quoted(shortTo(x.Because, 130)))
	}
}

// beside tells what stands beside the plan, a line each.
func (p *overviewPage) beside(v report.Show) {
	if v.Contacts > 0 || v.Move != nil || len(v.Documents) > 0 || v.Advice != nil || v.Cost != nil {
		p.gap()
	}
	if c := v.Last; c != nil && v.Open != nil && !v.Open.Planned.IsZero() {
		p.add(0, "Reviewed %s (%s): progress %s; decided: %s.", c.Reviewed.Short(), c.ID, c.Review.ProgressWords, c.Review.DecisionWords)
		p.fixed(c.Corrected)
	}
	for _, d := range v.Documents {
		p.add(0, "%s.", join("; ", report.Capital(d.Words)+", version "+d.Version+", "+agreed(d), readBy(d), lookAgain(d)))
	}
	if a := v.Advice; a != nil {
		who := a.RoleWords
		if who == "" {
			who = a.ByName
		}
		switch {
		case !a.Letter:
			p.add(0, "Advice of %s, %s: %s.", a.Date.Short(), who, join("; ", adviceCount(*a), moreAdvice(*a)))
		case a.RoleWords != "":
			p.add(0, "%s.", join("; ", "A letter of "+a.Date.Long()+" from the "+who, moreAdvice(*a)))
		default:
			p.add(0, "%s.", join("; ", "A letter of "+a.Date.Long()+" from "+who, moreAdvice(*a)))
		}
	}
	if m := v.Move; m != nil {
		from := ""
		if m.FromWords != "" {
			from = " from " + m.FromWords
		}
		p.add(0, "Moved on %s%s to %s (%s).", m.Date.Long(), from, m.ToWords, m.ID)
	}
	if v.Cost != nil {
		p.add(0, "%s.", v.Cost.Words)
	}
	if v.Contacts > 0 {
		p.add(0, "Contact log: %d, the latest on %s.", v.Contacts, v.LastTalk.Long())
	}
}

func agreed(d report.Paperwork) string {
	if d.State == report.Draft {
		return "a draft"
	}
	return "agreed"
}

func lookAgain(d report.Paperwork) string {
	switch {
	case d.ReviewOn.IsZero() && d.Stale:
		return "LOOK AGAIN"
	case d.ReviewOn.IsZero():
		return ""
	case d.Stale:
		return "LOOK AGAIN, due " + d.ReviewOn.Short()
	}
	return "look again by " + d.ReviewOn.Short()
}

func readBy(d report.Paperwork) string {
	if d.State == report.Draft || d.Shared == 0 {
		return ""
	}
	return "read by " + number(d.Read) + " of " + number(d.Shared)
}

func adviceCount(a report.LastAdvice) string {
	switch {
	case a.Recommendations == 0:
		return strings.TrimRight(shortTo(a.Holds, 130), ".")
	case a.Open == 0:
		return a.Holds + ", none open"
	}
	return a.Holds + ", " + number(a.Open) + " open"
}

// moreAdvice counts what earlier advice left open.
func moreAdvice(a report.LastAdvice) string {
	if a.OpenAll == a.Open {
		return ""
	}
	return number(a.OpenAll-a.Open) + " open of earlier advice"
}

// census names the code; a record whose file cannot be read has none to show.
func census(v report.Show) string {
	if v.SEN == "" {
		return ""
	}
	return "census code " + v.SEN + " since " + v.SENSince.Short() + bracket(v.MainNeed)
}

func (p *overviewPage) open(v report.Show) {
	c := v.Open
	p.gap()
	if c.Planned.IsZero() {
		p.tone(Heading, 0, "A concern of %s, cycle %s; no plan yet", c.Opened.Long(), c.ID)
		for _, x := range first(c.Concerns, p.targets) {
			p.add(2, "%s: %s", x.WhoName, report.Quoted(shortTo(x.Words, p.words)))
		}
		p.leave(len(c.Concerns), p.targets, "concern", "concerns")
		p.rest(c.ID)
		return
	}
	due := "review by " + c.ReviewOn.Long() + ", " + report.When(c.ReviewOn, v.Today)
	if v.Overdue > 0 {
		due = "REVIEW OVERDUE since " + c.ReviewOn.Long() + ", " + report.When(c.ReviewOn, v.Today)
	}
	p.tone(Heading, 0, "The plan of %s, cycle %s", c.Planned.Long(), c.ID)
	if v.Overdue > 0 {
		p.tone(Alarm, 2, "%s", due)
	} else {
		p.add(2, "%s", report.Capital(due))
	}
	for i, t := range first(c.Targets, p.targets) {
		p.add(2, "%d. %s (%s)", i+1, t.Outcome, figures(t))
	}
	p.leave(len(c.Targets), p.targets, "target", "targets")
	support := c.Support
	if len(support) > p.support {
		support = dearest(v) // what costs most is not to be what is left out
	}
	for _, s := range first(support, p.support) {
		p.add(2, "Support: %s.", join("; ", join(", ", s.What, s.How), by(s), counted(s)))
	}
	p.leave(len(c.Support), p.support, "kind of support", "kinds of support")
	if n := len(c.Notes); n > 0 && p.note > 0 {
		last := c.Notes[n-1]
		p.add(2, "Notes: %d; the latest, %s, %s: %s", n, last.Date.Short(), last.ByName, report.Quoted(shortTo(last.Words, p.note)))
	} else {
		p.leave(n, 0, "note", "notes")
	}
	p.voices(c.Voices)
	p.rest(c.ID)
}

// dearest is the support of the open cycle with what costs most, or takes most hours,
// first.
func dearest(v report.Show) []report.Support {
	rank := func(s report.Support) int {
		if i := slices.Index(v.Dearest, s.ID); i >= 0 {
			return i
		}
		return len(v.Dearest)
	}
	return slices.SortedStableFunc(slices.Values(v.Open.Support), func(a, b report.Support) int { return rank(a) - rank(b) })
}

func by(s report.Support) string {
	if s.ByName == "" {
		return ""
	}
	return "by " + s.ByName
}

func (p *overviewPage) last(v report.Show) {
	c := v.Last
	p.gap()
	p.tone(Heading, 0, "The last review, %s, cycle %s (%s)", c.Reviewed.Long(), c.ID, ordinal(v.Reviews))
	p.add(2, "Progress %s; decision: %s.", c.Review.ProgressWords, c.Review.DecisionWords)
	if v.Open == nil || v.Open.Planned.IsZero() {
		for i, t := range first(c.Targets, p.targets) {
			p.add(2, "%d. %s: %s", i+1, t.Outcome, outcome(t))
		}
		p.leave(len(c.Targets), p.targets, "target", "targets")
		p.voices(c.Review.Voices)
	}
	p.rest(c.ID)
	p.fixed(c.Corrected)
}

// fixed tells what was put right of the review at hand, with both values.
func (p *overviewPage) fixed(all []report.Correction) {
	for _, x := range all {
		p.add(2, "Put right on %s: %s: it said %s, and should say %s.", x.Date.Short(), x.Where, report.OrNothing(x.Was), x.Is)
	}
}

func (p *overviewPage) voices(said []report.Said) {
	spoken := 0
	for _, x := range said {
		if x.Words == "" {
			continue
		}
		if spoken++; spoken <= p.room.voices {
			p.add(2, "%s%s: %s", x.WhoName, bracket(x.How), report.Quoted(shortTo(x.Words, p.words)))
		}
	}
	p.leave(spoken, p.room.voices, "voice", "voices")
}

// leave counts what the screen leaves out.
func (p *overviewPage) leave(have, shown int, one, many string) {
	if have > shown {
		p.left = append(p.left, report.Plural(have-shown, one, many))
	}
}

// rest says what was left out of a cycle, and where it is shown.
func (p *overviewPage) rest(cycle string) {
	if len(p.left) > 0 {
		p.tone(Quiet, 2, "and %s more: sendctl show %s %s", strings.Join(p.left, ", "), p.id, cycle)
	}
	p.left = nil
}

func figures(t report.Target) string {
	of := ""
	if t.Of != "" {
		of = " of " + t.Of
	}
	if t.Baseline == "" {
		return "not measured yet"
	}
	s := "from " + t.Figure(t.Baseline) + " to " + t.Figure(t.Target) + of
	if t.Now != "" {
		s += ", now " + t.Figure(t.Now)
	}
	return s
}

func outcome(t report.Target) string {
	if t.NotMeasured != "" {
		return "not measured"
	}
	s := t.Figure(t.Now)
	if t.Of != "" {
		s += " of " + t.Of
	}
	if t.Was != "" {
		s += " [put right, was " + t.Was + "]"
	}
	return join(", ", s, t.ScoreWords)
}

func counted(s report.Support) string {
	switch {
	case s.Delivered != "" && s.Planned != "":
		return s.Delivered + " of " + s.Planned + " given"
	case s.Planned != "":
		return s.Planned + " planned"
	}
	return ""
}

func ordinal(n int) string {
	if n == 1 {
		return "the only review so far"
	}
	return "one of " + number(n) + " reviews"
}

func orNobody(s string) string {
	if s == "" {
		return "not named"
	}
	return s
}

func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

func first[T any](xs []T, n int) []T { return xs[:min(n, len(xs))] }

// shortTo cuts long words for the overview; the full words are one command away.
func shortTo(words string, most int) string {
	r := []rune(strings.ReplaceAll(words, "\n", " "))
	if len(r) <= most {
		return string(r)
	}
	cut := string(r[:most-4])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 && r[most-4] != ' ' {
		cut = cut[:i] // between words, where there is a place near
	}
	return strings.TrimRight(cut, " ,;:") + " ..."
}
