package rules

import (
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/seal"
)

// sealed: what is sealed is there and unchanged, the seals form a chain, and
// nothing that should be sealed lacks its seal.
var sealed = Rule{
	Name: "sealed", About: "A sealed file holds the bytes its seal names, and every review, move and correction is sealed.",
	Source: "record property 6; the audit trail",
	check: func(l *look) {
		r := l.record
		files := map[string][]byte{}
		add := func(p string) {
			if b, err := fs.ReadFile(l.folder.FS(), p); err == nil {
				files[strings.TrimPrefix(p, r.Dir+"/")] = b
			}
		}
		for _, b := range r.Seals {
			if s, err := seal.Parse(b); err == nil {
				add(path.Join(r.Dir, s.Path))
			}
		}
		sealedPaths := map[string]bool{}
		for _, b := range r.Seals {
			if s, err := seal.Parse(b); err == nil {
				sealedPaths[path.Join(r.Dir, s.Path)] = true
			}
		}
		l.unsealed(sealedPaths)
		for _, f := range seal.Check(r.ID, files, r.Seals) {
			at := path.Join(r.Dir, f.File)
			if f.File == "" {
				at = path.Join(r.Dir, "seals", f.Seal)
			}
			l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: diag.Error, File: at, Message: f.Message,
				Hint: "see who changed it: git log -- " + at})
		}
	},
}

// unsealed finds what is sealed by the act that makes it and has no seal: it was
// written by hand, past the tool.
func (l *look) unsealed(sealed map[string]bool) {
	missing := func(d doc, at, what string) {
		if d.tree != nil && !sealed[d.path] {
			l.error(d, at, what+" has no seal: it was written by hand, or its seal was taken away",
				"put the seal back from the history, or take this out and record it with sendctl")
		}
	}
	for _, c := range l.record.Cycles {
		if c.Value.Review != nil {
			missing(doc{c.Path, c.Doc}, "review", "this review")
		}
	}
	for _, m := range l.record.Moves {
		missing(doc{m.Path, m.Doc}, "id", "this move")
	}
	for _, c := range l.record.Corrections {
		missing(doc{c.Path, c.Doc}, "id", "this correction")
	}
	for _, q := range l.record.Requests {
		if !q.Value.Sent.IsZero() {
			missing(doc{q.Path, q.Doc}, "sent", "this sent request")
		}
	}
	for _, x := range l.record.Decisions {
		missing(doc{x.Path, x.Doc}, "request", "this decision")
	}
	for _, x := range l.record.Impacts {
		missing(doc{x.Path, x.Doc}, "request", "this impact")
	}
}
