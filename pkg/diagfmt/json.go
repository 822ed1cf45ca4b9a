package diagfmt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

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
	out := struct {
		Format     string            `json:"format"`
		Findings   []shownFinding    `json:"findings"`
		Suppressed []shownSuppressed `json:"suppressed,omitempty"`
		Summary    Summary           `json:"summary"`
	}{JSONFormat, make([]shownFinding, len(fs)), nil, sum}
	for i, f := range fs {
		out.Findings[i] = shownIn(f, opt)
	}
	for _, x := range opt.Suppressed {
		out.Suppressed = append(out.Suppressed, suppressedIn(x, opt))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write findings as JSON: %w", err)
	}
	_, err := w.Write(escape(b.Bytes()))
	return err
}

// shownFinding is a finding with its value, where that may be shown.
type shownFinding struct {
	diag.Finding
	Value string `json:"value,omitempty"`
}

func shownIn(f diag.Finding, opt Options) shownFinding {
	out := shownFinding{Finding: f}
	if opt.ShowValues {
		out.Value = f.Value
	}
	return out
}

// escape writes characters that could steer a terminal as JSON escapes, which
// mean the same. JSON itself only does so below U+0020.
func escape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for _, r := range string(b) {
		switch {
		case r == '\n' || !hazardous(r):
			out = append(out, string(r)...)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
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
