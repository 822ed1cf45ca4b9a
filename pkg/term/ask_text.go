package term

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/form"
)

// takeLine takes one line; lines pasted with it are joined to it.
func (a *asking) takeLine(ctx context.Context, raw string) (form.Answer, bool, error) {
	lines, cut, err := a.paste(ctx, raw)
	if err != nil {
		return form.Answer{}, false, err
	}
	text, fault := clean(strings.Join(lines, "\n"))
	if cut {
		return a.cut(ctx, strings.Join(textLines(strings.Join(lines, "\n")), " "))
	}
	if fault != "" {
		a.refuse(fault, strings.Join(lines, "\n"))
		return form.Answer{}, false, nil
	}
	if text == "" {
		given, ok := a.empty()
		return given, ok, nil
	}
	if parts := textLines(text); len(parts) > 1 {
		a.p.say("%d lines came at once where one is wanted; they are joined into one", len(parts))
		text = strings.Join(parts, " ")
	}
	return form.Answer{Text: literal(text)}, true, nil
}

// refuse says why a text can't be kept. Nobody should have to type it all again:
// the editor begins with what can be kept of it, after the items of the list.
func (a *asking) refuse(fault, raw string) {
	a.p.say("%s", fault)
	if text := scrub(raw); text != "" && a.p.editor != nil {
		a.draft = strings.Join(append(slices.Clone(a.items), text), "\n")
		a.p.say("type e to put it right in your editor")
	}
}

// takeWords takes a line and the rest of the paste it began.
func (a *asking) takeWords(ctx context.Context, raw string) (form.Answer, bool, error) {
	lines, cut, err := a.paste(ctx, raw)
	if err != nil {
		return form.Answer{}, false, err
	}
	if cut {
		return a.cut(ctx, strings.Join(lines, "\n"))
	}
	text, fault := clean(strings.Join(lines, "\n"))
	if fault != "" {
		a.refuse(fault, strings.Join(lines, "\n"))
		return form.Answer{}, false, nil
	}
	if text == "" {
		given, ok := a.empty()
		return given, ok, nil
	}
	a.counted(lines)
	return form.Answer{Text: literal(text)}, true, nil
}

// counted says how many lines were taken, where it was more than one.
func (a *asking) counted(lines []string) {
	if len(lines) > 1 {
		a.p.say("%d lines came at once and are taken together as one answer", len(lines))
	}
}

// takeItem takes one line of a list, or several pasted ones. The list is kept as
// it grows, and is done at an empty line.
func (a *asking) takeItem(ctx context.Context, raw string) (form.Answer, bool, error) {
	lines, cut, err := a.paste(ctx, raw)
	if err != nil {
		return form.Answer{}, false, err
	}
	if cut {
		return a.cut(ctx, strings.Join(append(a.items, lines...), "\n"))
	}
	text, fault := clean(strings.Join(lines, "\n"))
	if fault != "" {
		a.refuse(fault, strings.Join(lines, "\n"))
		return form.Answer{}, false, nil
	}
	if text == "" {
		if len(a.items) > 0 {
			given := form.Answer{Items: a.items}
			a.items = nil // if it does not hold, it is typed anew or edited
			return given, true, nil
		}
		given, ok := a.empty()
		return given, ok, nil
	}
	a.counted(lines)
	for _, item := range textLines(text) {
		a.items = append(a.items, literal(item))
	}
	return form.Answer{}, false, a.keepSoFar(form.Answer{Items: a.items})
}

// keepSoFar saves an unfinished answer, provided it could stand as it is.
func (a *asking) keepSoFar(given form.Answer) error {
	if !a.stands(given) {
		return nil
	}
	return a.save(form.Answer{Text: given.Text, Items: append([]string(nil), given.Items...)})
}

// stands reports whether the question's check would take given.
func (a *asking) stands(given form.Answer) bool {
	return !given.Empty() && (a.q.Check == nil || a.q.Check(given) == nil)
}

// paste gives the line first and all that arrived with it, blank lines too, so
// that no pasted line answers the next question. cut means that a line was as long
// as a terminal can pass on.
func (a *asking) paste(ctx context.Context, first string) (lines []string, cut bool, err error) {
	lines = []string{first}
	if !a.p.s.InTTY {
		return lines, false, nil // the lines of a file are answers each
	}
	in, told := a.p.s.reader(), false
	for {
		cut = cut || len(lines[len(lines)-1]) >= lineLimit
		wait := settle
		if len(lines) > 1 {
			wait = settleMore
		}
		switch in.waiting(ctx, wait) {
		case nothing:
			return lines, cut, nil
		case partLine:
			if !told {
				a.p.print("")
				a.p.say("the line above belongs to what was pasted; Enter ends it")
				told = true
			}
		}
		line, err := in.line(ctx)
		if err != nil {
			a.p.print("")
			return nil, false, errors.Join(a.keepSoFar(a.textAnswer(strings.Join(lines, "\n"))),
				fmt.Errorf("%w: %w", ErrInterrupted, err))
		}
		lines = append(lines, line)
	}
}

// textAnswer is text as an answer of the question's kind, unchecked.
func (a *asking) textAnswer(text string) form.Answer {
	if a.q.Kind == form.List {
		return form.Answer{Items: textLines(text)}
	}
	return form.Answer{Text: strings.TrimSpace(text)}
}

// cut deals with a line at the terminal's limit: its end is missing in all
// likelihood. What arrived is kept at once; then the editor is offered, which
// knows no limit.
func (a *asking) cut(ctx context.Context, raw string) (form.Answer, bool, error) {
	text := scrub(raw) // the cut may have split a letter
	a.p.say("a terminal passes on at most %s bytes of a line, and that line came to as many: its end is probably missing", thousands(lineLimit))
	given := a.textAnswer(text)
	if err := a.keepSoFar(given); err != nil {
		return form.Answer{}, false, err
	}
	a.draft = text
	a.p.say("what arrived is kept")
	yes, err := a.p.Confirm(ctx, "Open it in your editor to put the rest in?", true)
	if err != nil {
		return form.Answer{}, false, err
	}
	if yes {
		edited, taken, err := a.edit(ctx)
		if err != nil || taken {
			return edited, taken, err
		}
	}
	a.p.say("the answer is taken as it arrived; b at the next question comes back to it")
	return given, true, nil
}

// edit gets the answer from the editor, which begins with what there is already.
func (a *asking) edit(ctx context.Context) (form.Answer, bool, error) {
	if a.p.editor == nil {
		a.p.say("no editor can be opened here")
		return form.Answer{}, false, nil
	}
	initial := a.draft
	switch {
	case initial != "":
	case len(a.items) > 0:
		initial = strings.Join(a.items, "\n")
	case a.revisit:
		initial = joined(a.old)
	}
	raw, editErr := a.p.editor.Edit(ctx, initial, a.editorHint())
	text, fault := clean(raw)
	if strings.TrimSpace(raw) != "" {
		a.draft = raw
	}
	if ctx.Err() != nil { // interrupted while editing: keep what the file held
		kept := a.keepSoFar(a.textAnswer(scrub(raw)))
		return form.Answer{}, false, errors.Join(kept, fmt.Errorf("%w: %w", ErrInterrupted, ctx.Err()))
	}
	switch {
	case editErr != nil:
		a.p.say("%s", editErr.Error())
		written := a.textAnswer(text)
		if fault != "" || text == strings.TrimSpace(initial) || !a.stands(written) {
			return form.Answer{}, false, nil
		}
		a.p.say("Enter takes what was written as it is, and e opens it again")
		a.old, a.revisit = written, true
		return form.Answer{}, false, a.save(written)
	case fault != "":
		a.p.say("%s", fault)
		a.p.say("type e to open it again")
		return form.Answer{}, false, nil
	case text == "":
		a.p.say("nothing was written in the editor")
		return form.Answer{}, false, nil
	case a.q.Kind == form.Line && strings.Contains(text, "\n"):
		a.p.say("the answer here is one line, and the editor gave %d; e opens it again", strings.Count(text, "\n")+1)
		return form.Answer{}, false, nil
	}
	a.p.say("taken from the editor: %s", count(len(strings.Split(text, "\n")), "line", "lines"))
	a.items = nil
	return a.textAnswer(text), true, nil
}

// editorHint is what the editor shows below the answer.
func (a *asking) editorHint() string {
	parts := []string{a.q.Ask}
	parts = append(parts, a.q.Last...)
	if a.q.Why != "" {
		parts = append(parts, a.q.Why)
	}
	if a.q.Kind == form.List {
		parts = append(parts, "One to a line.")
	}
	return strings.Join(parts, "\n")
}

// count is n of something in words: "1 line", "3 lines".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}
