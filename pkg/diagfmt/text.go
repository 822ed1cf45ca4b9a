package diagfmt

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

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
	p := printer{w: bufio.NewWriter(w), opt: opt}
	for _, f := range fs {
		p.finding(f)
	}
	for _, x := range opt.Suppressed {
		p.waived(x)
	}
	return p.w.Flush() // the first error of any write
}

type printer struct {
	w   *bufio.Writer
	opt Options

	file   string   // whose lines are in lines
	lines  []string // nil before the first file
	quoted []bool   // of each line: see inQuotes
}

func (p *printer) finding(f diag.Finding) {
	rule := ""
	if f.Rule != "" {
		rule = " [" + visible(f.Rule) + "]"
	}
	where := place(f.File, f.Span)
	if where != "" {
		where += ": "
	}
	fmt.Fprintf(p.w, "%s%s: %s%s\n", where, p.color(f.Severity, f.Severity.String()), visible(f.Message), rule)
	if !p.source(f) && p.opt.ShowValues && f.Value != "" {
		fmt.Fprintf(p.w, "  value: %s\n", visible(f.Value))
	}
	if f.Path != "" { // what a waiver writes after its at:
		fmt.Fprintf(p.w, "  %s\n", p.color(diag.Info, "at "+visible(f.Path)))
	}
	if f.Hint != "" {
		fmt.Fprintf(p.w, "  hint: %s\n", visible(f.Hint))
	}
	for _, r := range f.Related {
		fmt.Fprintf(p.w, "  see %s: %s\n", place(r.File, r.Span), visible(r.Message))
	}
}

func (p *printer) waived(x diag.Suppressed) {
	if x.How != diag.Waived {
		return
	}
	at := visible(x.File)
	if x.Path != "" {
		at += " (" + visible(x.Path) + ")"
	}
	fmt.Fprintf(p.w, "Waived: %s in %s by %s until %s.\n", visible(x.Rule), at, visible(x.By), visible(x.Until))
	if p.opt.ShowValues && x.Because != "" {
		fmt.Fprintf(p.w, "  because: %s\n", visible(x.Because))
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
func (p *printer) source(f diag.Finding) bool {
	lines, n := p.linesOf(f.File), f.Span.Start.Line
	if n < 1 || n > len(lines) {
		return false
	}
	line := lines[n-1]
	shown := []rune(line)
	if p.opt.ShowValues {
		for i, r := range shown { // one for one, so that the mark stays below its place
			if r == '\t' {
				shown[i] = ' '
			} else if hazardous(r) {
				shown[i] = '\uFFFD'
			}
		}
	} else {
		shown = []rune(maskLine(lines, p.quoted, n-1, p.known(f.Path)))
	}

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
	text := strings.TrimRight(before+string(shown)+after, " ")
	fmt.Fprintf(p.w, "%s\n", strings.TrimRight(number+" | "+text, " "))
	fmt.Fprintf(p.w, "%s | %s%s\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", len(before)+from), p.color(f.Severity, mark))
	return true
}

// known is the words that a masked line may show as keys.
func (p *printer) known(path string) func(string) bool {
	inPath := map[string]bool{}
	for _, key := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		inPath[key] = true
	}
	return func(key string) bool { return inPath[key] || p.opt.Known != nil && p.opt.Known(key) }
}

func (p *printer) linesOf(file string) []string {
	if p.opt.Sources == nil {
		return nil
	}
	if file != p.file || p.lines == nil {
		b := bytes.TrimPrefix(p.opt.Sources(file), []byte("\uFEFF")) // columns do not count it
		p.file, p.lines = file, strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
		if len(b) == 0 {
			p.lines = []string{}
		}
		p.quoted = inQuotes(p.lines)
	}
	return p.lines
}
