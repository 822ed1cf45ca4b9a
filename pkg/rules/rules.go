package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Rule is one thing that must hold of a learner's record.
type Rule struct {
	Name   string // never changes once published
	About  string // what it demands, one sentence
	Source string // the paragraph or property it rests on
	check  func(*look)
}

// All lists every rule, in the order of their names.
func All() []Rule {
	return []Rule{cycleOpen, datesInOrder, fileName, fileOwner, gateRule, references, sealed, stageMoves}
}

// Learner judges one record by every rule, and adds the faults of its files.
func Learner(f *folder.Folder, r *folder.Record) []diag.Finding {
	out := append([]diag.Finding{}, r.Findings...)
	for _, rule := range All() {
		l := &look{rule: rule, folder: f, record: r}
		rule.check(l)
		for _, x := range l.out {
			// What is no date or no id at all is told once, as that.
			if !slices.ContainsFunc(r.Findings, func(e diag.Finding) bool { return e.File == x.File && e.Path == x.Path && e.Path != "" }) {
				out = append(out, x)
			}
		}
	}
	return diag.Sort(out)
}

// look is one rule looking at one record.
type look struct {
	rule   Rule
	folder *folder.Folder
	record *folder.Record
	out    []diag.Finding
}

// doc is the part of a record file that a finding needs.
type doc struct {
	path string
	tree *yamldoc.Doc
}

// error adds a finding at a path of a file; the place is looked up in its document.
func (l *look) error(d doc, at, message, hint string) { l.add(diag.Error, d, at, message, hint) }

func (l *look) add(severity diag.Severity, d doc, at, message, hint string) {
	f := diag.Finding{Rule: l.rule.Name, Severity: severity, File: d.path, Path: at, Message: message, Hint: hint}
	if d.tree != nil && at != "" {
		if p, err := yamldoc.ParsePath(at); err == nil {
			if n := d.tree.Find(p); n != nil {
				f.Span, f.Value = n.Span, n.Value
			}
		}
	}
	l.out = append(l.out, f)
}
