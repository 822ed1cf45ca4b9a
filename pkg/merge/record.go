package merge

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// recordFile merges the three versions of one record file that both sides have and
// changed; base may be nil.
func (a *asking) recordFile(k recordfile.Kind, base, ours, theirs []byte) []byte {
	whole := func(why string) []byte {
		if a.askWhole(RuleWholeFile, "This file was changed here and in the other copy, and "+why+". Which of the two stands?", base, ours, theirs, Ours, Theirs) == Theirs {
			return theirs
		}
		return ours
	}
	o, oOK := sound(a.path, k, ours)
	t, tOK := sound(a.path, k, theirs)
	if o == nil || t == nil {
		return whole("one of the two cannot be read")
	}
	var root *yamldoc.Node
	if len(base) > 0 {
		b, _ := yamldoc.Parse(a.path, base)
		if b == nil {
			return whole("what both began with cannot be read")
		}
		root = b.Root()
	}
	questions, notes := len(a.questions), len(a.notes)
	m := &merging{asking: a, kind: k}
	v := m.value(place{}, root, o.Root(), t.Root())
	if v == nil || v.node() == nil {
		return whole("the two cannot be put together value by value")
	}
	out, ok := spliced(o, t, v)
	if ok && oOK && tOK {
		_, ok = sound(a.path, k, out)
	}
	if !ok {
		a.questions, a.notes = a.questions[:questions], a.notes[:notes]
		return whole("the two do not make one sound file")
	}
	return out
}

// sound reads a record file, and says whether it is without fault.
func sound(path string, k recordfile.Kind, src []byte) (*yamldoc.Doc, bool) {
	doc, findings, err := recordfile.Parse(path, k, src)
	if err != nil || doc == nil || doc.Root() == nil {
		return nil, false
	}
	return doc, diag.Worst(findings) != diag.Error
}
