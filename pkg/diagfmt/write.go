package diagfmt

import (
	"io"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// formats are the writers, in the order people meet them in.
func formats() []struct {
	name  string
	write func(io.Writer, []diag.Finding, Summary, Options) error
} {
	return []struct {
		name  string
		write func(io.Writer, []diag.Finding, Summary, Options) error
	}{
		{"text", func(w io.Writer, fs []diag.Finding, _ Summary, opt Options) error { return Text(w, fs, opt) }},
		{"json", JSON},
		{"ndjson", NDJSON},
		{"sarif", func(w io.Writer, fs []diag.Finding, _ Summary, opt Options) error { return SARIF(w, fs, opt) }},
		{"github", func(w io.Writer, fs []diag.Finding, _ Summary, opt Options) error { return GitHub(w, fs, opt) }},
		{"gitlab", func(w io.Writer, fs []diag.Finding, _ Summary, opt Options) error { return GitLab(w, fs, opt) }},
		{"junit", func(w io.Writer, fs []diag.Finding, _ Summary, opt Options) error { return JUnit(w, fs, opt) }},
	}
}

// Formats names the formats that Write knows.
func Formats() []string {
	var out []string
	for _, f := range formats() {
		out = append(out, f.name)
	}
	return out
}

// UnknownFormatError says that there is no such format.
type UnknownFormatError struct {
	Typed string
	Known []string
}

func (e *UnknownFormatError) Error() string {
	text := `"` + visible(e.Typed) + `" is no format of findings`
	if near := diag.DidYouMean(e.Typed, e.Known); near != "" {
		return text + near
	}
	text += "; there are: "
	for i, k := range e.Known {
		if i > 0 {
			text += ", "
		}
		text += k
	}
	return text
}

// Published reports whether what is written in a format is made to be shown to
// everyone who can open a run or a merge request. Such a format never prints a value
// of the record, whatever Options.ShowValues says; whoever asks for both should hear
// that they do not go together.
func Published(format string) bool {
	return format == "github" || format == "gitlab" || format == "junit"
}

// Write writes findings in a format, in the order of diag.Sort and without doubles:
// the same findings are the same bytes, whatever order they came in. A format that is
// not known is an *UnknownFormatError; nothing is written then.
func Write(w io.Writer, format string, fs []diag.Finding, sum Summary, opt Options) error {
	for _, f := range formats() {
		if f.name == format {
			return f.write(w, diag.Sort(slices.Clone(fs)), sum, opt)
		}
	}
	return &UnknownFormatError{Typed: format, Known: Formats()}
}
