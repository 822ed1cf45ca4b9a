package diagfmt

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Text writes findings for people, one after the other:
//
//	learners/bk7m2xqt/cycles/x-k4f7.yaml:41:13: error: is more than the target allows [score-range]
//	   41 |     score: **
//	      |            ^~
//	  at review.targets[0].score
//	  hint: write a whole number from -2 to 2
//	  see learners/bk7m2xqt/cycles/x-k4f7.yaml:30:7: the target
//
// and at the end those that somebody has waived, a line each:
//
//	Waived: review-overdue in learners/bk7m2xqt/cycles/x-k4f7.yaml (plan.review_on) by eyre until 2026-12-18.
//
// The first line is what editors and CI understand; a finding about a whole file
// has no line and column in it. Counting them up is the caller's.
func Text(w io.Writer, fs []diag.Finding, opt Options) error {
	parts, err := inParts(len(fs), func(to []byte, from, upto int) ([]byte, error) {
		p := printer{out: to, opt: opt}
		for i := from; i < upto; i++ {
			p.finding(&fs[i])
		}
		return p.out, nil
	})
	if err != nil {
		return err
	}
	last := printer{opt: opt}
	for _, x := range opt.Suppressed {
		last.waived(x)
	}
	return writeParts(w, append(parts, last.out)...)
}

type printer struct {
	out []byte
	opt Options

	file    string   // that is read, as far as lines; none where lines is nil
	rest    string   // what is below those lines
	more    bool     // whether there is anything
	lines   []string // without their ends
	quoted  []bool   // of each line: see inQuotes
	quoting quoting
	shown   []rune // room for a line
}

func (p *printer) put(words ...string) {
	for _, w := range words {
		p.out = append(p.out, w...)
	}
}

func (p *printer) finding(f *diag.Finding) {
	if where := place(f.File, f.Span); where != "" {
		p.put(where, ": ")
	}
	p.put(p.color(f.Severity, f.Severity.String()), ": ", visible(f.Message))
	if f.Rule != "" {
		p.put(" [", visible(f.Rule), "]")
	}
	p.put("\n")
	if !p.source(f) && p.opt.ShowValues && f.Value != "" {
		p.put("  value: ", visible(f.Value), "\n")
	}
	if f.Path != "" { // what a waiver writes after its at:
		p.put("  ", p.color(diag.Info, "at "+visible(f.Path)), "\n")
	}
	if f.Hint != "" {
		p.put("  hint: ", visible(f.Hint), "\n")
	}
	for _, r := range f.Related {
		p.put("  see ", place(r.File, r.Span), ": ", visible(r.Message), "\n")
	}
}

func (p *printer) waived(x diag.Suppressed) {
	if x.How != diag.Waived {
		return
	}
	p.put("Waived: ", visible(x.Rule), " in ", visible(x.File))
	if x.Path != "" {
		p.put(" (", visible(x.Path), ")")
	}
	p.put(" by ", visible(x.By), " until ", visible(x.Until), ".\n")
	if p.opt.ShowValues && x.Because != "" {
		p.put("  because: ", visible(x.Because), "\n")
	}
}

func (p *printer) color(s diag.Severity, text string) string {
	if p.opt.Color == nil {
		return text
	}
	return p.opt.Color(s, text)
}

func place(file string, s diag.Span) string {
	if s.Start.Line == 0 {
		return visible(file)
	}
	return visible(file) + ":" + strconv.Itoa(s.Start.Line) + ":" + strconv.Itoa(s.Start.Col)
}

// Long lines are cut to maxLine characters, from lead before the marked place.
const (
	maxLine = 100
	lead    = 40
)

// source prints the line f speaks of, with a mark under the place, and reports
// whether there was one.
func (p *printer) source(f *diag.Finding) bool {
	n := f.Span.Start.Line
	if !p.reads(f.File, n) {
		return false
	}
	shown := p.shown[:0]
	if p.opt.ShowValues {
		for _, r := range p.lines[n-1] { // one for one, so that the mark stays below its place
			if r == '\t' {
				r = ' '
			} else if hazardous(r) {
				r = '\uFFFD'
			}
			shown = append(shown, r)
		}
	} else {
		for _, r := range maskLine(p.lines, p.quoted, n-1, p.known(f.Path)) {
			shown = append(shown, r)
		}
	}
	p.shown = shown

	from := min(max(f.Span.Start.Col-1, 0), len(shown))
	to := len(shown)
	if f.Span.End.Line == n {
		to = min(max(f.Span.End.Col-1, 0), len(shown))
	}
	before, after := "", ""
	if len(shown) > maxLine {
		if cut := max(0, from-lead); cut > 0 {
			before, shown, from, to = "...", shown[cut:], from-cut, to-cut
		}
		if len(shown) > maxLine {
			after, shown = "...", shown[:maxLine]
			to = min(to, maxLine)
		}
	}
	mark := "^" + strings.Repeat("~", max(to-from-1, 0))
	number := fmt.Sprintf("%5d", n)
	p.put(number, " | ", before)
	for _, r := range shown {
		p.out = utf8.AppendRune(p.out, r)
	}
	p.put(after)
	p.out = bytes.TrimRight(p.out, " ")
	p.put("\n", strings.Repeat(" ", len(number)), " | ", strings.Repeat(" ", len(before)+from), p.color(f.Severity, mark), "\n")
	return true
}

// known is the words that a masked line may show as keys.
func (p *printer) known(path string) func(string) bool {
	return func(key string) bool {
		for step := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
			if step == key {
				return true
			}
		}
		return p.opt.Known != nil && p.opt.Known(key)
	}
}

// reads takes in a file up to a line, and reports whether it has that line. The last line
// may be all of a file that ends without a line break, and none at all where it is empty.
func (p *printer) reads(file string, n int) bool {
	if p.opt.Sources == nil || n < 1 {
		return false
	}
	if file != p.file || p.lines == nil {
		b := bytes.TrimPrefix(p.opt.Sources(file), []byte("\uFEFF")) // columns do not count it
		p.file, p.rest, p.more = file, string(b), len(b) > 0
		p.lines, p.quoted, p.quoting = p.lines[:0], p.quoted[:0], quoting{}
	}
	for len(p.lines) < n && p.more {
		var line string
		if line, p.rest, p.more = strings.Cut(p.rest, "\n"); p.more {
			line = strings.TrimSuffix(line, "\r")
		}
		p.lines, p.quoted = append(p.lines, line), append(p.quoted, p.quoting.next(line))
	}
	return n <= len(p.lines)
}
