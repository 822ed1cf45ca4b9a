package rules

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
)

// pages holds pages/NAME.md, one for each rule.
//
//go:embed pages
var pages embed.FS

// Page is what explain tells of a rule beyond what the rule itself holds. In
// pages/NAME.md it is:
//
//	# NAME
//
//	Why it matters, in a paragraph or two.
//
//	## Put it right
//
//	What to do, with the command to type.
//
//	## Bad
//
//	A word on the example, if it needs one.
//
//	```yaml cycle plan.targets[0]
//	…
//	```
//
//	## Good
//
// A test lays each example over the made-up school, and demands of the bad ones exactly
// the rule's finding, and of the good ones none.
type Page struct {
	Why, Right string // Markdown
	Bad, Good  Sample
}

// Sample is what an example changes; one that no file can show has words alone.
type Sample struct {
	Words  string // said before it; may be ""
	Blocks []Block
}

// Block is one fenced block of an example: ```yaml FILE [PATH] [on=DATE]. FILE is a kind
// of file, and Text the value at Path, or without one the keys that it has otherwise; or
// a path (of the learner, or with a slash in front of the folder), and Text the whole
// file. ```gone FILE takes the file, or with a path the value, away. ```raw FILE [PATH]
// is for what is no sound YAML: Text stands for the lines of the value at Path, or for
// the whole file, as it is, but that <U+202E> is that character, <0xFF> that byte,
// <40 times x> so many of x, and <no line end> at its end takes away the last line end.
type Block struct {
	Gone bool
	Raw  bool
	File string
	Path string
	Day  date.Date // the day of judging, where it matters
	Text string
}

// Page reads the page of a rule; an error is a fault of the program.
func (r Rule) Page() (Page, error) {
	b, err := pages.ReadFile("pages/" + r.Name + ".md")
	if err != nil {
		return Page{}, err
	}
	p, err := parsePage(r.Name, string(b))
	if err != nil {
		return Page{}, fmt.Errorf("pages/%s.md: %w", r.Name, err)
	}
	return p, nil
}

func parsePage(name, text string) (Page, error) {
	var p Page
	rest, ok := strings.CutPrefix(text, "# "+name+"\n")
	if !ok {
		return p, fmt.Errorf("does not begin with # %s", name)
	}
	heads := []string{"Put it right", "Bad", "Good"}
	parts := []string{}
	for _, h := range heads {
		before, after, ok := strings.Cut(rest, "\n## "+h+"\n")
		if !ok {
			return p, fmt.Errorf("has no heading ## %s", h)
		}
		parts, rest = append(parts, before), after
	}
	parts = append(parts, rest)
	p.Why, p.Right = strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
	var err error
	if p.Bad, err = parseSample(parts[2]); err == nil {
		p.Good, err = parseSample(parts[3])
	}
	if err == nil && (p.Why == "" || p.Right == "") {
		err = fmt.Errorf("says nothing of why, or of how to put it right")
	}
	return p, err
}

func parseSample(text string) (Sample, error) {
	var s Sample
	words, rest, ok := strings.Cut("\n"+text, "\n```")
	s.Words = strings.TrimSpace(words)
	for ok {
		info, after, _ := strings.Cut(rest, "\n")
		body, left, closed := strings.Cut("\n"+after, "\n```")
		if !closed {
			return s, fmt.Errorf("a block is not closed")
		}
		b := Block{Text: strings.TrimPrefix(body, "\n")}
		if b.Text != "" {
			b.Text += "\n"
		}
		fields := strings.Fields(info)
		if len(fields) < 2 || !slices.Contains([]string{"yaml", "gone", "raw"}, fields[0]) {
			return s, fmt.Errorf("a block begins with ```%s: want ```yaml FILE [PATH] [on=DATE], ```raw FILE [PATH] or ```gone FILE [PATH]", info)
		}
		b.Gone, b.Raw, b.File = fields[0] == "gone", fields[0] == "raw", fields[1]
		for _, f := range fields[2:] {
			if day, ok := strings.CutPrefix(f, "on="); ok {
				d, err := date.Parse(day)
				if err != nil {
					return s, err
				}
				b.Day = d
			} else {
				b.Path = f
			}
		}
		s.Blocks = append(s.Blocks, b)
		var more string
		more, rest, ok = strings.Cut(left, "\n```")
		if more = strings.TrimSpace(more); more != "" {
			return s, fmt.Errorf("words between the blocks: %.30q", more)
		}
	}
	if len(s.Blocks) == 0 && s.Words == "" {
		return s, fmt.Errorf("an example without a block or a word")
	}
	return s, nil
}
