package diagfmt

import (
	"fmt"
	"io"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// JSONFormat names the shape that JSON writes. Keys may be added to it; none goes
// or changes its meaning under this name.
const JSONFormat = "sendctl-findings/1"

// JSON writes findings for programs, as one object:
//
//	{"format": "sendctl-findings/1",
//	 "findings": [{"rule", "severity", "file", "path", "span": {"start": {"line", "column"}, "end": …},
//	               "message", "hint", "value", "related": [{"file", "path", "span", "message"}], "fixable"}],
//	 "suppressed": [as a finding, and "how", "at": {"file", "path", "span", "message"}, "by", "until", "because"],
//	 "summary": {"files", "errors", "warnings", "advice", "info"}}
//
// Severity is "error", "warning", "advice" or "info". Lines and columns count
// from 1, columns in characters, the end is past the last one; line 0 means the
// whole file. Empty path, hint and related are left out, and value unless
// opt.ShowValues; findings is always a list. What is suppressed does not count: how is
// "waived", with the place of the waiver, who decided it and until when, or "baseline".
// because, which is somebody's words, is there only with opt.ShowValues.
func JSON(w io.Writer, fs []diag.Finding, sum Summary, opt Options) error {
	parts, err := inParts(len(fs), func(to []byte, from, upto int) ([]byte, error) {
		l := laying{out: to}
		var f shownFinding
		for i := from; i < upto; i++ {
			if i > 0 {
				l.out = append(l.out, ',')
			}
			l.next(2)
			f = shownIn(&fs[i], opt)
			if err := l.add(&f, 2); err != nil {
				return nil, err
			}
		}
		return l.out, nil
	})
	head := []byte("{\n  \"format\": \"" + JSONFormat + "\",\n  \"findings\": [")
	var tail laying
	if len(fs) > 0 {
		tail.next(1)
	}
	tail.out = append(tail.out, "],\n  "...)
	if err == nil && len(opt.Suppressed) > 0 {
		suppressed := make([]shownSuppressed, len(opt.Suppressed))
		for i, x := range opt.Suppressed {
			suppressed[i] = suppressedIn(x, opt)
		}
		tail.out = append(tail.out, `"suppressed": `...)
		err = tail.add(suppressed, 1)
		tail.out = append(tail.out, ",\n  "...)
	}
	if err == nil {
		tail.out = append(tail.out, `"summary": `...)
		err = tail.add(sum, 1)
		tail.out = append(tail.out, "\n}\n"...)
	}
	if err != nil {
		return fmt.Errorf("write findings as JSON: %w", err)
	}
	return writeParts(w, slices.Concat([][]byte{head}, parts, [][]byte{tail.out})...)
}

// shownFinding is a finding with its value, where that may be shown.
type shownFinding struct {
	diag.Finding
	Value string `json:"value,omitempty"`
}

func shownIn(f *diag.Finding, opt Options) shownFinding {
	out := shownFinding{Finding: *f}
	if opt.ShowValues {
		out.Value = f.Value
	}
	return out
}

// shownSuppressed is a finding that does not count, with what may be shown of it.
type shownSuppressed struct {
	diag.Suppressed
	Value   string `json:"value,omitempty"`
	Because string `json:"because,omitempty"`
}

func suppressedIn(x diag.Suppressed, opt Options) shownSuppressed {
	out := shownSuppressed{Suppressed: x}
	if opt.ShowValues {
		out.Value, out.Because = x.Value, x.Because
	}
	return out
}
