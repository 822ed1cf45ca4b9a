package diagfmt

import (
	"bytes"
	"encoding/json"
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
	var b bytes.Buffer
	enc := json.NewEncoder(&b) // it ends each value with a line break
	enc.SetEscapeHTML(false)
	for _, f := range fs {
		if err := enc.Encode(shownIn(f, opt)); err != nil {
			return fmt.Errorf("write findings as NDJSON: %w", err)
		}
	}
	for _, x := range opt.Suppressed {
		if err := enc.Encode(suppressedIn(x, opt)); err != nil {
			return fmt.Errorf("write findings as NDJSON: %w", err)
		}
	}
	last := struct {
		Format  string  `json:"format"`
		Summary Summary `json:"summary"`
	}{JSONFormat, sum}
	if err := enc.Encode(last); err != nil {
		return fmt.Errorf("write findings as NDJSON: %w", err)
	}
	_, err := w.Write(escape(b.Bytes()))
	return err
}
