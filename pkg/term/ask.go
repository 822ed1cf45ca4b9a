package term

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/form"
)

// outcome is how the asking of one question ended.
type outcome uint8

const (
	answered outcome = iota
	wentBack
)

// asking is one question being asked.
type asking struct {
	p       *Prompter
	q       form.Question
	old     form.Answer // the earlier answer, where revisit
	revisit bool
	first   bool                    // there is no question before it
	save    func(form.Answer) error // keeps an answer that is not final yet
	draft   string                  // what was typed and not taken: the editor begins with it
	items   []string                // of a list, so far
	told    bool                    // what was chosen has been said already
}

// run asks until there is an answer that holds, or the person goes elsewhere.
func (a *asking) run(ctx context.Context) (form.Answer, outcome, error) {
	a.show()
	for {
		raw, err := a.p.line(ctx, a.prompt())
		if err != nil {
			return form.Answer{}, answered, err
		}
		text := strings.TrimSpace(raw)
		if key := a.command(text); key != 0 {
			switch given, how, done, err := a.do(ctx, key); {
			case err != nil || done:
				return given, how, err
			default:
				continue
			}
		}
		given, taken, err := a.take(ctx, raw)
		if err != nil {
			return form.Answer{}, answered, err
		}
		if taken && a.holds(given) {
			return given, answered, nil
		}
	}
}

// command is the key typed alone on a line, or 0. A letter that is one of the
// options' codes in capitals is left to them; e is a key only where text is wanted.
func (a *asking) command(text string) byte {
	if len(text) != 1 {
		return 0
	}
	key := text[0]
	if !a.wantsText() && unicode.IsUpper(rune(key)) { // caps lock; "E" and "B" may be answers elsewhere
		for _, o := range a.q.Options {
			if o.Value == text {
				return 0
			}
		}
		key += 'a' - 'A'
	}
	switch key {
	case 'b', 's', 'q', '?':
		return key
	case 'e':
		if a.wantsText() {
			return key
		}
	}
	return 0
}

func (a *asking) wantsText() bool {
	switch a.q.Kind {
	case form.Line, form.Words, form.List:
		return true
	}
	return false
}

// do does what key says. done means the question is left.
func (a *asking) do(ctx context.Context, key byte) (given form.Answer, how outcome, done bool, err error) {
	switch key {
	case '?':
		a.help()
	case 'q':
		return given, answered, true, ErrKept
	case 'b':
		if a.first {
			a.p.say("there is no question before this one")
			break
		}
		return given, wentBack, true, nil
	case 's':
		switch {
		case len(a.items) > 0:
			a.p.say("the list has %s already; an empty line ends it", count(len(a.items), "item", "items"))
		case !a.q.Optional:
			a.p.say("this question can't be skipped; ? says why it is asked, and q keeps everything and quits")
		default:
			return form.Answer{Skipped: true}, answered, true, nil
		}
	case 'e':
		given, taken, err := a.edit(ctx)
		if err != nil {
			return given, answered, true, err
		}
		return given, answered, taken && a.holds(given), nil
	}
	return given, answered, false, nil
}

// holds applies the question's own check and says what is wrong.
func (a *asking) holds(given form.Answer) bool {
	if a.q.Check == nil {
		return true
	}
	if err := a.q.Check(given); err != nil {
		a.p.say("%s", err.Error())
		a.draft = joined(given)
		if a.q.Kind == form.List || strings.Contains(a.draft, "\n") {
			a.p.say("type e to change it in your editor")
		}
		return false
	}
	return true
}

// advise gives the question's advice on an answer already taken.
func (a *asking) advise(given form.Answer) {
	if a.q.Hint == nil || given.Skipped {
		return
	}
	if hint := a.q.Hint(given); hint != "" {
		a.p.say("%s", hint)
	}
}

// take makes an answer of a typed line and whatever belongs to it. Not taken means
// the person has been told why, or the answer goes on.
func (a *asking) take(ctx context.Context, raw string) (form.Answer, bool, error) {
	switch a.q.Kind {
	case form.Line:
		return a.takeLine(ctx, raw)
	case form.Words:
		return a.takeWords(ctx, raw)
	case form.List:
		return a.takeItem(ctx, raw)
	}
	if len(raw) >= lineLimit && a.p.s.InTTY {
		a.p.say("that is too long to be the answer here")
		return form.Answer{}, false, nil
	}
	text, fault := clean(raw)
	if fault != "" {
		a.p.say("%s", fault)
		return form.Answer{}, false, nil
	}
	if text == "" {
		given, ok := a.empty()
		return given, ok, nil
	}
	given, ok := a.parse(literal(text))
	return given, ok, nil
}

// empty is what Enter alone means.
func (a *asking) empty() (form.Answer, bool) {
	switch {
	case a.revisit:
		return a.old, true
	case a.q.Default != "":
		switch a.q.Kind {
		case form.Words:
			return form.Answer{Text: a.q.Default}, true
		case form.List:
			return form.Answer{Items: textLines(a.q.Default)}, true
		}
		a.told = columns(Safe(oneLine(a.defaultWords()))) <= defaultWidth // nobody wants to hear it twice
		given, ok := a.parse(a.q.Default)
		a.told = false
		return given, ok
	case a.q.Optional && a.q.Kind == form.List:
		return form.Answer{Skipped: true}, true // an empty line is what ends a list
	case a.q.Optional:
		a.p.say("nothing was typed; s skips this question")
	default:
		a.p.say("nothing was typed, and an answer is needed here; ? says why")
	}
	return form.Answer{}, false
}

// literal takes away the backslash that makes a key's letter an answer.
func literal(text string) string {
	rest := strings.TrimLeft(text, `\`)
	if len(rest) == 1 && len(rest) < len(text) && strings.Contains("bseq?", rest) {
		return text[1:]
	}
	return text
}

// clean makes typed text fit to keep: spaces at both ends go, a tab becomes a
// space, the line breaks of word processors become \n. fault says in plain words
// what it can't be kept with.
func clean(raw string) (text, fault string) {
	if !utf8.ValidString(raw) {
		return "", "part of that did not arrive as text (it is not UTF-8, which the terminal should send); please type it again"
	}
	text = strings.TrimSpace(plainBreaks(raw))
	for _, r := range text {
		if r != '\n' && unicode.IsControl(r) {
			return "", "keys that are no letters came with that, an arrow key perhaps: " + SafeLines(text) + "\nPlease type it again without them"
		}
	}
	return text, ""
}

// plainBreaks writes every kind of line break as \n and a tab as a space.
func plainBreaks(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\v", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ", "\ufeff", "").Replace(text)
}

// scrub is text with everything taken out that clean would refuse, and the rest of
// an arrow key's escape sequence with it.
func scrub(raw string) string {
	var b strings.Builder
	const escape, bracket = 1, 2
	state := 0
	for _, r := range plainBreaks(strings.ToValidUTF8(raw, "")) {
		switch {
		case r == 0x1b:
			state = escape
		case state == escape && (r == '[' || r == 'O'):
			state = bracket
		case state == bracket && (r >= '0' && r <= '9' || r == ';'): // ESC [ 1 ; 5 D
		case state == bracket && r >= '@' && r <= '~':
			state = 0
		default:
			state = 0
			if r == '\n' || !unicode.IsControl(r) {
				b.WriteRune(r)
			}
		}
	}
	text, _ := clean(b.String())
	return text
}

// textLines is the lines of text that hold something.
func textLines(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// joined is an answer as text to go on working at.
func joined(a form.Answer) string {
	if len(a.Items) > 0 {
		return strings.Join(a.Items, "\n")
	}
	return a.Text
}
