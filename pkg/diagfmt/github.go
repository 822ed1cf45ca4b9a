package diagfmt

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// GitHub writes findings as workflow commands, one a line, which GitHub's runner shows
// beside the lines of the file:
//
//	::error file=learners/…/k4f7.yaml,line=41,endLine=41,col=13,endColumn=14,title=…::…
//
// An error is an error there, a warning a warning, all else a notice. The runner shows
// ten of each a step and keeps the rest in the log. No value of the record is printed,
// whatever opt.ShowValues says: a log is no place for it.
func GitHub(w io.Writer, fs []diag.Finding, opt Options) error {
	out := bufio.NewWriter(w)
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range fs {
		command := "error"
		switch f.Severity {
		case diag.Warning:
			command = "warning"
		case diag.Advice, diag.Info:
			command = "notice"
		}
		var has []string
		add := func(key, value string) { has = append(has, key+"="+property.Replace(value)) }
		if f.File != "" {
			add("file", visible(opt.inRepository(f.File)))
			for _, n := range gitHubPlace(f.Span) {
				add(n.key, fmt.Sprint(n.number))
			}
		}
		add("title", opt.title(f.Rule)) // last, for the runner cuts off the spaces at the end
		fmt.Fprintf(out, "::%s %s::%s\n", command, strings.Join(has, ","), data.Replace(told(f)))
	}
	return out.Flush()
}

type gitHubNumber struct {
	key    string
	number int
}

// gitHubPlace gives the numbers of a place. The runner drops columns where a place goes
// over several lines, and complains of it; its end is the last character, not the one
// past it.
func gitHubPlace(s diag.Span) []gitHubNumber {
	if s.Start.Line < 1 {
		return nil
	}
	end := max(s.End.Line, s.Start.Line)
	if end > s.Start.Line && s.End.Col <= 1 {
		end-- // it ends before the first character of that line
	}
	out := []gitHubNumber{{"line", s.Start.Line}, {"endLine", end}}
	if end == s.Start.Line && s.Start.Col > 0 {
		out = append(out, gitHubNumber{"col", s.Start.Col})
		if s.End.Line == s.Start.Line {
			out = append(out, gitHubNumber{"endColumn", max(s.End.Col-1, s.Start.Col)})
		}
	}
	return out
}

// title is what a rule is called where there is one line for it.
func (o Options) title(rule string) string {
	if r, ok := o.ruleOf(rule); ok && r.ID != "" {
		return visible(r.Name + " (" + r.ID + ")")
	}
	return cmp.Or(strings.TrimSpace(visible(rule)), "sendctl")
}

// told is what a finding says in the formats that have one text for it: what is wrong,
// where in the file, and on a line of its own what to do.
func told(f diag.Finding) string {
	text := visible(f.Message)
	if f.Path != "" {
		text = visible(f.Path) + ": " + text
	}
	if f.Hint != "" {
		text += "\nhint: " + visible(f.Hint)
	}
	return text
}

// inRepository is a file as the repository around the record folder names it.
func (o Options) inRepository(file string) string {
	if within := strings.Trim(o.Within, "/"); within != "" {
		return strings.TrimSuffix(within+"/"+file, "/")
	}
	return file
}
