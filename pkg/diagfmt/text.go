package diagfmt

import (
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
	out   []byte
	opt   Options
	lines excerpts
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

// source prints the line f speaks of, with a mark under the place, and reports
// whether there was one.
func (p *printer) source(f *diag.Finding) bool {
	x := f.Excerpt
	if x.Width == 0 || p.opt.ShowValues {
		var ok bool
		if x, ok = p.lines.of(f, p.opt.Sources, p.opt.Known, p.opt.ShowValues); !ok {
			return false
		}
	}
	number := fmt.Sprintf("%5d", f.Span.Start.Line)
	p.put(number, " |")
	if x.Text != "" {
		p.put(" ", x.Text)
	}
	p.put("\n", strings.Repeat(" ", len(number)), " | ", strings.Repeat(" ", x.At), p.color(f.Severity, "^"+strings.Repeat("~", x.Width-1)), "\n")
	return true
}
