package merge

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// look tells of what is right in each file and wrong in all of them together: each
// side began something that there can be only one of.
func (w *whole) look() {
	ours, theirs := false, false
	for _, v := range w.files {
		ours = ours || !same3(v.base, v.ours)
		theirs = theirs || !same3(v.base, v.theirs)
	}
	if w.learner == "" || !ours || !theirs {
		return
	}
	w.openCycles()
	w.openRequests()
	w.twoMoves()
	w.oneFileID()
}

// oneFileID tells of two files that were given one id, once on each side.
func (w *whole) oneFileID() {
	byOurs := map[string]string{}
	each := func(tell func(id, p string, ours bool)) {
		for p, v := range w.files {
			_, record := recordfile.KindAt(p)
			_, _, _, beside := recordfile.Beside(p)
			if id := idOf(p); record && !beside && id != "" && v.base == nil && w.out[p] != nil && (v.ours == nil || v.theirs == nil) {
				tell(id, p, v.ours != nil)
			}
		}
	}
	each(func(id, p string, ours bool) {
		if ours {
			byOurs[id] = p
		}
	})
	each(func(id, p string, ours bool) {
		if other := byOurs[id]; !ours && other != "" {
			w.path = max(p, other)
			w.note(RuleSameID, "", "another new file has the id "+id+" too, "+path.Base(min(p, other))+"; what names "+id+" may mean either. Where one of them is not sealed yet, give it another id")
		}
	})
}

// now lists the record files of one folder of the learner as they are after the
// merge, and those of them that either side alone brought.
func (w *whole) now(dir string) (files map[string][]byte, fromOurs, fromTheirs []string) {
	files = map[string][]byte{}
	in := path.Join(w.dir, dir)
	names, err := w.trees.ours.list(in)
	w.err = cmp.Or(w.err, err)
	for _, name := range names {
		p := path.Join(in, name)
		if _, changed := w.out[p]; !changed && path.Ext(p) == ".yaml" {
			files[p] = w.ours(p)
		}
	}
	for p, b := range w.out {
		if path.Dir(p) == in && path.Ext(p) == ".yaml" && b != nil {
			files[p] = b
			if v := w.files[p]; v != nil && v.base == nil && v.theirs == nil {
				fromOurs = append(fromOurs, p)
			} else if v != nil && v.base == nil && v.ours == nil {
				fromTheirs = append(fromTheirs, p)
			}
		}
	}
	for p := range files {
		if _, _, _, beside := recordfile.Beside(p); beside {
			delete(files, p)
		}
	}
	slices.Sort(fromOurs)
	slices.Sort(fromTheirs)
	return files, fromOurs, fromTheirs
}

// pairs calls tell for every two files of which each side alone brought one, and
// which a test takes for alike.
func pairs[T any](files map[string][]byte, ours, theirs []string, k recordfile.Kind, alike func(a, b T) bool, tell func(a, b T, p string)) {
	read := func(p string) (T, bool) {
		f, _, err := recordfile.Read[T](p, k, files[p])
		return f.Value, err == nil && f.Doc != nil && files[p] != nil
	}
	for _, po := range ours {
		if kind, _ := recordfile.KindAt(po); kind != k {
			continue
		}
		a, ok := read(po)
		if !ok {
			continue
		}
		for _, pt := range theirs {
			if kind, _ := recordfile.KindAt(pt); kind != k {
				continue
			}
			if b, ok := read(pt); ok && alike(a, b) {
				tell(a, b, max(po, pt))
			}
		}
	}
}

func (w *whole) openCycles() {
	files, ours, theirs := w.now("cycles")
	pairs(files, ours, theirs, recordfile.Cycle,
		func(a, b learner.Cycle) bool { return a.Review == nil && b.Review == nil },
		func(a, b learner.Cycle, p string) {
			w.path = p
			w.note(RuleOpenCycles, "", fmt.Sprintf("%s were both begun, one on each side, and one cycle is open at a time: carry on with one, and review or withdraw the other", both(a.ID, b.ID)))
		})
}

func (w *whole) openRequests() {
	files, ours, theirs := w.now("requests")
	decided := map[string]bool{}
	for p, b := range files {
		if k, _ := recordfile.KindAt(p); k == recordfile.Decision {
			if f, _, err := recordfile.Read[learner.Decision](p, k, b); err == nil && f.Doc != nil {
				decided[f.Value.Request] = true
			}
		}
	}
	pairs(files, ours, theirs, recordfile.Request,
		func(a, b learner.Request) bool { return a.Kind == b.Kind && !decided[a.ID] && !decided[b.ID] },
		func(a, b learner.Request, p string) {
			w.path = p
			w.note(RuleRequests, "", fmt.Sprintf("%s are two requests of one kind, begun one on each side: go on with one, and withdraw the other or tell whoever decides it", both(a.ID, b.ID)))
		})
}

func (w *whole) twoMoves() {
	files, ours, theirs := w.now("moves")
	pairs(files, ours, theirs, recordfile.Move,
		func(a, b learner.Move) bool { return a.From == b.From },
		func(a, b learner.Move, p string) {
			w.path = p
			says := "both begin at " + a.From + ", and both stay, for both were recorded: sendctl correct puts right where the later one began, and sendctl advance moves the learner on to where they are now"
			if a.To == b.To {
				says = "are one move recorded twice, once on each side; both stay, and sendctl correct says of one that it began where the other ended"
			}
			w.note(RuleStage, "", both(a.ID, b.ID)+" "+says)
		})
}

func both(a, b string) string {
	return strings.Join([]string{min(a, b), max(a, b)}, " and ")
}
