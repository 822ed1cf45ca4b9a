package audit

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/sendctl/sendctl/pkg/diag"
)

// trick reports whether a fault of a file is one by which one program reads something else in it
// than another, or than a person sees.
func trick(rule string) bool {
	switch rule {
	case "yaml-duplicate-key", "yaml-anchor", "yaml-merge", "yaml-tag", "yaml-bidi", "yaml-control", "yaml-line-end", "yaml-document", "yaml-directive":
		return true
	}
	return false
}

// intake weighs the faults of record files. What was sealed and then changed is told
// as that alone.
func (v *verifier) intake(faults []diag.Finding, changed func(string) bool, tell func(Finding)) {
	told := map[string]bool{}
	for _, f := range faults {
		if f.Severity != diag.Error || changed != nil && changed(f.File) {
			continue
		}
		x := Finding{File: shownPath(f.File), Message: f.Message}
		switch {
		case trick(f.Rule):
			x.Kind, x.Weight = "yaml-trick", Broken
			x.Message = fmt.Sprintf("line %d: %s: programs and people may read different things here", f.Span.Start.Line, f.Message)
			x.Do = "see who wrote it: git log -p -- " + x.File + "; sendctl validate shows the place"
		case (f.Rule == "unknown-key" || f.Rule == "shape" || f.Rule == "missing") && mixed(f.Value):
			x.Kind, x.Weight = "look-alike", Broken
			x.Message = fmt.Sprintf("line %d: a word here holds letters that look like others, or that nobody can see", f.Span.Start.Line)
			x.Do = "see who wrote it: git log -p -- " + x.File
		case strings.HasPrefix(f.Rule, "yaml-syntax"), f.Rule == "yaml-encoding", f.Rule == "yaml-empty", f.Rule == "yaml-size", f.Rule == "yaml-depth", f.Rule == "yaml-root", f.Rule == "yaml-bom", f.Rule == "yaml-key", f.Rule == "yaml-tab":
			x.Kind, x.Weight = "unreadable-file", CannotTell
			x.Message = "this file cannot be read, so it could not be checked"
			x.Do = "sendctl validate shows what is wrong with it"
		default:
			continue // of links and folders tells the shape of the trees
		}
		if key := x.File + x.Kind; !told[key] {
			told[key] = true
			tell(x)
		}
	}
}

// mixed reports whether a word holds Latin letters beside others that can pass for
// them, or characters that show nothing.
func mixed(text string) bool {
	for word := range strings.FieldsSeq(text) {
		latin, other := false, false
		for _, r := range word {
			if unicode.Is(unicode.Cf, r) {
				return true
			}
			latin = latin || r <= unicode.MaxASCII && unicode.IsLetter(r)
			other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee) || r >= 0xff21 && r <= 0xff5a
		}
		if latin && other {
			return true
		}
	}
	return false
}
