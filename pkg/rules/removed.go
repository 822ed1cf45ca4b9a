package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// removals are the records of what was taken out of the learner's history, one file
// or another, while the rest stayed: what names that cannot be put right, since much
// of it is sealed.
type removals []recordfile.File[learner.Removal]

func (l *look) removals() removals {
	var out removals
	for _, r := range l.folder.Removals {
		if r.Doc != nil && r.Value.Learner == l.record.ID && r.Value.What == "file" {
			out = append(out, r)
		}
	}
	return out
}

// of gives the path of the removal record that explains why something is not there:
// the one that names its id; and for an attachment, which has none, one that names no
// id at all.
func (rs removals) of(id string) (path string, ok bool) {
	for _, r := range rs {
		if slices.Contains(r.Value.Files, id) || strings.HasPrefix(id, hashPrefix) && len(r.Value.Files) == 0 {
			return r.Path, true
		}
	}
	return "", false
}
