package merge

import (
	"path"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// agreed reports whether either side agreed a version of a passport or profile since
// base: its bytes there are covered by a seal.
func (w *whole) agreed(p string, v *versions) bool {
	_, o := w.agreement(p, v.ours, w.seals.ours)
	_, t := w.agreement(p, v.theirs, w.seals.theirs)
	return o || t
}

// agreement finds the seal of the version that b is.
func (w *whole) agreement(p string, b []byte, seals map[string][]byte) (seal.Seal, bool) {
	var found seal.Seal
	ok := false
	for _, raw := range seals {
		s, err := seal.Parse(raw)
		if err == nil && s.Living() && path.Join(w.dir, s.Path) == p && s.Covers(b) && (!ok || s.Recorded.After(found.Recorded)) {
			found, ok = s, true
		}
	}
	return found, ok
}

// living decides between two texts of a passport or profile of which at least one
// was agreed. Both seals stay whatever is decided: they hold the agreed versions.
func (w *whole) living(p string, k recordfile.Kind, v *versions) []byte {
	what := strings.TrimSuffix(path.Base(p), ".yaml")
	so, oAgreed := w.agreement(p, v.ours, w.seals.ours)
	st, tAgreed := w.agreement(p, v.theirs, w.seals.theirs)
	vo, vt := versionOf(p, k, v.ours), versionOf(p, k, v.theirs)
	if oAgreed && tAgreed {
		stands, version, other := v.ours, vo, vt
		if !later(so.Bytes(), st.Bytes()) {
			stands, version, other = v.theirs, vt, vo
		}
		if version >= other {
			w.note(RuleLiving, "", "this "+what+" was agreed on both sides. The version that was recorded last stands; the other is in the history, and its seal stays. Read both, and agree the next version together")
			return stands
		}
		switch w.askWhole(RuleLiving, "This "+what+" was agreed here and in the other copy, and the one agreed last has the lower version number. Which one is in force?", v.base, v.ours, v.theirs, Ours, Theirs) {
		case Theirs:
			return v.theirs
		}
		return v.ours
	}
	ask := "This " + what + " was agreed here, while the other copy changed it. Shall the agreed version stand (ours), or shall the change become the next draft (theirs)?"
	agreed, draft, draftSide, version := v.ours, v.theirs, Theirs, vo
	if tAgreed {
		ask = "This " + what + " was agreed in the other copy, while it was changed here. Shall the change become the next draft (ours), or the agreed version stand (theirs)?"
		agreed, draft, draftSide, version = v.theirs, v.ours, Ours, vt
	}
	if w.askWhole(RuleLiving, ask, v.base, v.ours, v.theirs, Ours, Theirs) != draftSide {
		return agreed
	}
	doc, ok := sound(p, k, draft)
	if !ok {
		return draft
	}
	if versionOf(p, k, draft) > version {
		return draft
	}
	edits := []yamldoc.Edit{yamldoc.Set(yamldoc.Path{}.Key("version"), yamldoc.Raw(strconv.Itoa(version+1)))}
	if something(doc.Root().Get("agreed")) != nil {
		edits = append(edits, yamldoc.Delete(yamldoc.Path{}.Key("agreed")))
	}
	next, err := doc.Edit(edits...)
	if err != nil {
		return draft
	}
	return next.Bytes()
}

// versionOf is the version that a passport or profile says it is, 0 where it says none.
func versionOf(p string, k recordfile.Kind, b []byte) int {
	doc, _ := sound(p, k, b)
	if doc == nil {
		return 0
	}
	if n := doc.Root().Get("version"); n != nil {
		v, _ := strconv.Atoi(n.Value)
		return v
	}
	return 0
}
