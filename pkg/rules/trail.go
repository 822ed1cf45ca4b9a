package rules

import (
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Unsealed finds in one record what only sendctl may write and no seal holds: a
// review written by hand, an agreement past the tool; and a seal that bears another
// day than what it seals. Whether the seals that are there hold is not asked. It is
// for whoever judges the seals themselves.
func Unsealed(f *folder.Folder, r *folder.Record) []diag.Finding {
	l := &look{rule: sealed, folder: f, record: r}
	covered := map[string]bool{}
	for link := range l.chain().Sound {
		s := &link.Seal
		covered[path.Join(r.Dir, link.Sealed())] = true
		if on, ok := l.dayOf(s.File); ok && on != s.Date && link.Sealed() == s.Path {
			l.seal(path.Join(r.Dir, s.Path), "the date in its seal differs from the file", "see who wrote it: git log -- "+path.Join(r.Dir, s.Path))
		}
	}
	l.unsealed(covered)
	l.handAgreed()
	return diag.Sort(slices.DeleteFunc(l.out, func(x diag.Finding) bool { return x.Severity != diag.Error }))
}
