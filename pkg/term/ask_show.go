package term

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/form"
)

// show prints the question, with what is known beside it. It is printed once; a
// question asked again gets only its prompt.
func (a *asking) show() {
	p, q := a.p, a.q
	p.print("")
	p.print(p.s.Bold(p.s.Wrap(SafeLines(q.Ask), "")))
	for _, line := range q.Last {
		p.print(p.s.Wrap(SafeLines(line), "  "))
	}
	a.list()
	if a.revisit {
		switch {
		case a.old.Skipped:
			p.print("Skipped before. Enter leaves it so.")
		case len(a.old.Items) > 0:
			p.print("Your answer so far:")
			for _, item := range a.old.Items {
				p.print(p.s.Wrap(SafeLines(a.inWords(item)), "  "))
			}
			p.print("Enter keeps it; anything else takes its place.")
		default:
			p.print("Your answer so far:")
			p.print(p.s.Wrap(SafeLines(a.inWords(a.old.Text)), "  "))
			p.print("Enter keeps it; anything else takes its place.")
		}
	}
}

// list prints the options, one to a line, with the number or code to type.
func (a *asking) list() {
	if a.q.Kind != form.Choice && a.q.Kind != form.Many {
		return
	}
	byNumber := numbered(a.q.Options)
	widest := 0
	marks := make([]string, len(a.q.Options))
	for i, o := range a.q.Options {
		marks[i] = Safe(o.Value)
		if byNumber {
			marks[i] = fmt.Sprint(i + 1)
		}
		widest = max(widest, columns(marks[i]))
	}
	for i, o := range a.q.Options {
		words := optionWords(o)
		if o.Means != "" {
			words += ". " + o.Means
		}
		mark := strings.Repeat(" ", 2+widest-columns(marks[i])) + marks[i] + "  "
		text := a.p.s.Wrap(Safe(words), strings.Repeat(" ", columns(mark)))
		a.p.print(mark + text[len(mark):]) // the mark takes the place of the first indentation
	}
}

// inWords is a kept answer as a person reads it.
func (a *asking) inWords(kept string) string {
	switch a.q.Kind {
	case form.YesNo:
		return map[string]string{"true": "yes", "false": "no"}[kept]
	case form.Choice, form.Many:
		for _, o := range a.q.Options {
			if o.Value == kept {
				return optionWords(o)
			}
		}
	case form.Date:
		if d, ok := readDate(kept, a.p.Today); ok {
			return d.String() + " (" + d.Long() + ")"
		}
	}
	return kept
}

// prompt is the short line in front of the answer: what to type, and what Enter
// alone means. It is all that is printed when a question is asked again, so it
// says enough by itself.
func (a *asking) prompt() string {
	if a.q.Kind == form.List && len(a.items) > 0 {
		return "Next (empty line when done) "
	}
	parts := []string{a.kindHint()}
	if a.q.Optional {
		parts = append(parts, "s to skip")
	}
	text := strings.Join(parts, ", ")
	switch {
	case a.revisit:
		text += " [Enter to keep]"
	case a.q.Default != "":
		enter := "[Enter for " + fit(Safe(oneLine(a.defaultWords())), defaultWidth, "...") + "]"
		if w := a.p.s.Width; w > 0 && columns(text+" "+enter+" > ") > w {
			return enter + "\n" + text + " " // a line of its own, where the terminal would break a word in two
		}
		text += " " + enter
	}
	return text + " "
}

// defaultWidth is how much of a default the prompt shows, in columns.
const defaultWidth = 40

// defaultWords is what Enter gives, in words.
func (a *asking) defaultWords() string {
	if d, ok := readDate(a.q.Default, a.p.Today); ok && a.q.Kind == form.Date {
		return d.Long()
	}
	if a.q.Kind != form.Many {
		return a.inWords(a.q.Default)
	}
	os, fault := a.chooseMany(a.q.Default)
	if fault != "" {
		return a.q.Default
	}
	var words []string
	for _, o := range os {
		words = append(words, optionWords(o))
	}
	return strings.Join(words, ", ")
}

// kindHint says what an answer looks like.
func (a *asking) kindHint() string {
	from := "Number or words"
	if !numbered(a.q.Options) {
		from = "Code or words"
	}
	switch a.q.Kind {
	case form.Words:
		return "Type it here, or e for the editor"
	case form.List:
		return "One to a line (empty line when done)"
	case form.Number:
		return "A number"
	case form.Date:
		return "A day, such as 21/11/2025"
	case form.Choice:
		return from
	case form.Many:
		return from + ", several with commas"
	case form.YesNo:
		return "yes or no"
	}
	return "Your answer"
}

// help answers "?".
func (a *asking) help() {
	p := a.p
	why := a.q.Why
	if why == "" {
		why = "nothing more is noted about why this is asked"
	}
	p.say("%s", why)
	p.print(p.s.Wrap(p.keys(), ""))
	p.print(p.s.Wrap(`To give one of those letters as the answer, put a backslash before it: \b.`, ""))
	switch a.q.Kind {
	case form.Date:
		p.print(p.s.Wrap("A day can be written as 2025-11-21, 21/11/2025, 21.11.25 or 21 Nov 2025; today and yesterday are understood.", ""))
	case form.Choice, form.Many:
		p.print("A code, the words, or the beginning of either will do:")
		a.list()
	}
}
