package diagfmt

import (
	"fmt"
	"io"

	"github.com/sendctl/sendctl/pkg/diag"
)

// NDJSON writes findings for programs that read line by line: each line is one object
// with the keys that a finding has in JSON. One with the key "how" does not count. The
// last line is
//
//	{"format": "sendctl-findings/1", "summary": {"files", "errors", "warnings", "advice", "info"}}
//
// so that a reader who has not met it knows that something was cut off.
func NDJSON(w io.Writer, fs []diag.Finding, sum Summary, opt Options) error {
	parts, err := inParts(len(fs), func(to []byte, from, upto int) ([]byte, error) {
		l := laying{out: to}
		var f shownFinding
		for i := from; i < upto; i++ {
			f = shownIn(&fs[i], opt)
			if err := l.addLine(&f); err != nil {
				return nil, err
			}
		}
		return l.out, nil
	})
	last := struct {
		Format  string  `json:"format"`
		Summary Summary `json:"summary"`
	}{JSONFormat, sum}
	var tail laying
	for _, x := range opt.Suppressed {
		if err == nil {
			err = tail.addLine(suppressedIn(x, opt))
		}
	}
	if err == nil {
		err = tail.addLine(last)
	}
	if err != nil {
		return fmt.Errorf("write findings as NDJSON: %w", err)
	}
	return writeParts(w, append(parts, tail.out)...)
}
