package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// lines gathers the lines of a page.
type lines []render.Line

func (l *lines) add(indent int, format string, args ...any) {
	*l = append(*l, render.Line{Indent: indent, Text: fmt.Sprintf(format, args...)})
}

func (l *lines) gap() { *l = append(*l, render.Line{}) }

func (l *lines) head(text string) {
	*l = append(*l, render.Line{Text: text, Tone: render.Heading})
}

func (l *lines) part(title string) {
	l.gap()
	l.head(title)
}

func (l *lines) asked(a rules.Asked) {
	l.head(a.ID)
	l.add(2, "%s", a.Asks)
	if len(a.Rules) > 0 {
		l.add(2, "Looked at by: %s.", strings.Join(a.Rules, ", "))
	}
	if a.NotChecked != "" {
		l.add(2, "Not checked: %s", a.NotChecked)
	}
}

// markdown lays out paragraphs and lists of a rule's page.
func (l *lines) markdown(text string) {
	for i, para := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			l.gap()
		}
		var out []string // one a line of output: a paragraph, or an item of a list
		for _, line := range strings.Split(para, "\n") {
			body := strings.TrimSpace(line)
			item, isItem := strings.CutPrefix(body, "* ")
			if isItem {
				body = "- " + item
			}
			if strings.HasPrefix(body, "- ") || numbered(body) || len(out) == 0 {
				out = append(out, body)
				continue
			}
			out[len(out)-1] += " " + body
		}
		for _, o := range out {
			l.add(2, "%s", inline(o))
		}
	}
}

// numbered reports whether a line begins "1. ", "2. " …
func numbered(s string) bool {
	n, _, ok := strings.Cut(s, ". ")
	_, err := strconv.Atoi(n)
	return ok && err == nil
}

// inline puts quotes round *words that are spoken of*, and round `what to type` where one
// could not see where it ends.
func inline(s string) string {
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 {
		return s
	}
	for i, part := range parts {
		code := i%2 == 1
		switch {
		case !code && strings.Count(part, "*")%2 == 0:
			for strings.Contains(part, "*") {
				part = strings.Replace(strings.Replace(part, "*", "\"", 1), "*", "\"", 1)
			}
			parts[i] = part
		case code && strings.Contains(part, " ") && !strings.ContainsRune(part, '"'):
			parts[i] = `"` + part + `"`
		}
	}
	return strings.Join(parts, "")
}

func (l *lines) sample(e *Env, s rules.Sample, shown []rules.Block) {
	if s.Words != "" {
		l.markdown(s.Words)
	}
	for _, b := range s.Blocks {
		where := "In " + fileWords(b.File)
		same := !b.Gone && slices.Contains(shown, b)
		switch {
		case b.Gone && b.Path != "":
			where += ", without " + b.Path
		case b.Gone:
			where = "Without " + fileWords(b.File)
		case b.Path != "":
			where += ", at " + b.Path + ":"
		default:
			where += ":"
		}
		if same {
			where += " as above"
		}
		l.add(2, "%s", where)
		if !b.Day.IsZero() {
			l.add(2, "(judged on %s)", b.Day.Long())
		}
		if same {
			continue
		}
		for _, line := range asLines(b) {
			for _, part := range folded(strings.ReplaceAll(line, "\t", "<tab>"), explainWidth-4) {
				*l = append(*l, render.Line{Indent: 4, Text: part})
			}
		}
	}
}

// asLines are the lines of a block as they stand in a file, with the key they belong to.
func asLines(b rules.Block) []string {
	if b.Gone {
		return nil
	}
	text := strings.Split(strings.TrimSuffix(b.Text, "\n"), "\n")
	p, err := yamldoc.ParsePath(b.Path)
	if b.Raw {
		least := len(b.Text) // as far left as the rest of it allows
		for _, line := range text {
			least = min(least, len(line)-len(strings.TrimLeft(line, " ")))
		}
		for i := range text {
			text[i] = text[i][least:]
		}
	}
	if b.Raw || b.Path == "" || err != nil {
		return text
	}
	last := p[len(p)-1]
	lead := "  "
	switch {
	case !last.IsKey():
		text[0] = "- " + text[0]
	case len(text) == 1 && !strings.HasPrefix(text[0], "- ") && !strings.HasSuffix(text[0], ":") && (!strings.Contains(text[0], ": ") || strings.ContainsAny(text[0][:1], "\"'[{")):
		return []string{last.Key + ": " + text[0]}
	default:
		text = append([]string{last.Key + ":"}, text...)
	}
	for i := 1; i < len(text); i++ {
		text[i] = lead + text[i]
	}
	return text
}

// folded breaks a line of YAML at spaces, what follows further in: it reads the same.
func folded(line string, width int) []string {
	var out []string
	body := strings.TrimLeft(line, " ")
	lead := line[:len(line)-len(body)]
	for len([]rune(lead+body)) > width {
		cut := strings.LastIndex(string([]rune(body)[:width-len(lead)]), " ")
		if cut <= 0 {
			break
		}
		out = append(out, lead+body[:cut])
		body = body[cut+1:]
		if len(out) == 1 {
			lead += "  "
		}
	}
	return append(out, lead+body)
}

// fileWords says which file an example changes.
func fileWords(file string) string {
	switch file {
	case "setting":
		return "sendctl.yaml"
	case "people", "pathway":
		return file + ".yaml"
	case "cycle", "kai-cycle":
		return "an open cycle"
	case "reviewed", "concern":
		return "a reviewed cycle"
	case "move", "register":
		return "a move"
	case "advice":
		return "a piece of advice"
	case "star", "cosa":
		return "a " + strings.ToUpper(file) + " request"
	case "star-decision", "cosa-decision":
		return "the decision on a request"
	case "kai", "mina", "learner":
		return "learner.yaml"
	case "kai-identity", "mina-identity", "identity":
		return "identity.yaml"
	}
	if !strings.Contains(file, ".") {
		return file + ".yaml"
	}
	return strings.TrimPrefix(file, "/")
}
