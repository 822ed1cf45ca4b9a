package render

import "fmt"

// Tone says how a line is meant; it never carries the meaning alone.
type Tone uint8

// The tones of a line.
const (
	Plain Tone = iota
	Heading
	Quiet
	Alarm
)

// Line is one paragraph of output: unwrapped text, indented by columns.
type Line struct {
	Text   string
	Indent int
	Tone   Tone
}

// page gathers lines.
type page []Line

func (p *page) add(indent int, format string, args ...any) {
	*p = append(*p, Line{Text: fmt.Sprintf(format, args...), Indent: indent})
}

func (p *page) tone(t Tone, indent int, format string, args ...any) {
	*p = append(*p, Line{Text: fmt.Sprintf(format, args...), Indent: indent, Tone: t})
}

func (p *page) gap() { *p = append(*p, Line{}) }
