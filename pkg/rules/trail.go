package rules

import (
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Unsealed finds in one record what only sendctl may write and no seal holds: a
// review written by hand, an agreement past the tool; and a seal that bears another
// day than what it seals. Whether the seals that are there hold is not asked. It is
// for whoever judges the seals themselves.
func Unsealed(f *folder.Folder, r *folder.Record) []diag.Finding {
	l := &look{rule: sealed, folder: f, record: r}
	covered := map[string]bool{}
	for name, b := range r.Seals {
		s, err := seal.Parse(b)
		if err != nil {
			continue
		}
		covered[path.Join(r.Dir, s.Sealed(name))] = true
		if on, ok := l.dayOf(s.File); ok && on != s.Date && s.Sealed(name) == s.Path {
			l.seal(path.Join(r.Dir, s.Path), "its seal bears another day than what it seals", "see who wrote it: git log -- "+path.Join(r.Dir, s.Path))
		}
	}
	l.unsealed(covered)
	l.handAgreed()
	return diag.Sort(slices.DeleteFunc(l.out, func(x diag.Finding) bool { return x.Severity != diag.Error }))
}
