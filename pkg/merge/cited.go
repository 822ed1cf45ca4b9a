package merge

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// citing holds the ids that either side alone newly names in any of a learner's files.
type citing struct{ ours, theirs map[string]bool }

// citedIn gathers them. A word that only looks like an id does no harm: something that
// was taken out stays, and that is told.
func citedIn(files map[string]*versions) citing {
	c := citing{map[string]bool{}, map[string]bool{}}
	words := func(b []byte) []string {
		return strings.FieldsFunc(string(b), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	}
	for _, v := range files {
		known := map[string]bool{}
		for _, w := range words(v.base) {
			known[w] = true
		}
		for _, x := range []struct {
			b  []byte
			to map[string]bool
		}{{v.ours, c.ours}, {v.theirs, c.theirs}} {
			if same3(x.b, v.base) {
				continue
			}
			for _, w := range words(x.b) {
				if len(w) == fileID && !known[w] && ids.ValidFile(w) {
					x.to[w] = true
				}
			}
		}
	}
	return c
}

// needed reports whether what one side took out, and the other left as it was, is named
// by something new of that other side: then it stays.
func (c citing) needed(id string, goneHere bool) bool {
	return id != "" && (goneHere && c.theirs[id] || !goneHere && c.ours[id])
}

// stays keeps an entry of a list that is needed so; nil where it is none.
func (m *merging) stays(e *entry) *merged {
	if e.b == nil || (e.o == nil) == (e.t == nil) {
		return nil
	}
	id := e.b.Get("id")
	if id == nil || id.Kind != yamldoc.Scalar || !m.cited.needed(id.Value, e.o == nil) {
		return nil
	}
	m.note(RuleDeleted, "", id.Value+" was taken out on one side, and something that was recorded on the other names it: so it stays")
	if e.o != nil {
		return keep(e.o)
	}
	return take(written(e.t))
}
