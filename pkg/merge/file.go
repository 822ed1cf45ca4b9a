package merge

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// File merges one file alone, as git's merge driver sees it; nil or empty bytes
// mean that the side has no such file. The path may begin above the record folder.
// merged is our side, or the sealed one, wherever it is not settled: there are
// questions, or needsMore says that it takes other files (a seal, a file beside
// this one) to tell. An error means that p is no slash path.
func File(p string, base, ours, theirs []byte) (merged []byte, questions []Question, needsMore bool, err error) {
	if !fs.ValidPath(p) {
		return ours, nil, false, fmt.Errorf("merge: %q is no path", p)
	}
	if len(base) == 0 {
		base = nil
	}
	p = below(p)
	k, record := recordfile.KindAt(p)
	_, _, _, beside := recordfile.Beside(p)
	living := k == recordfile.Passport || k == recordfile.Profile
	switch {
	case same3(ours, theirs):
		return ours, nil, false, nil
	case path.Ext(p) == seal.Extension || beside:
		return ours, nil, true, nil
	case record && !living && finished(k, base):
		return ours, nil, true, nil
	case same3(base, theirs):
		return ours, nil, false, nil
	case same3(base, ours):
		return theirs, nil, false, nil
	case record && finished(k, theirs) && !finished(k, ours) && !living:
		return theirs, nil, true, nil
	case record && (finished(k, ours) || finished(k, theirs)):
		return ours, nil, true, nil
	}
	v := &versions{base: base, ours: ours, theirs: theirs}
	w := &whole{
		asking: asking{learner: learnerOf(p), path: p}, trees: &trees{}, dir: dirOf(learnerOf(p)),
		files: map[string]*versions{p: v}, out: map[string][]byte{}, was: map[string][]byte{},
	}
	if record && len(ours) > 0 && len(theirs) > 0 {
		if w.namedElsewhere(p, k, v) {
			return ours, nil, true, nil
		}
		w.giveNewIDs()
	}
	merged = w.file(p, v)
	if len(w.questions) > 0 {
		return ours, w.questions, false, nil
	}
	return merged, nil, false, nil
}

// below gives the path below the record folder, which may lie deeper in the repository.
func below(p string) string {
	for rest := p; ; {
		if _, ok := recordfile.KindAt(rest); ok || strings.HasPrefix(rest, "learners/") {
			return rest
		}
		_, after, deeper := strings.Cut(rest, "/")
		if !deeper {
			return p
		}
		rest = after
	}
}

// finished reports whether a file is one that a seal covers, as far as it says so
// itself: a seal is another file.
func finished(k recordfile.Kind, src []byte) bool {
	switch k {
	case recordfile.Move, recordfile.Decision, recordfile.Impact, recordfile.Letter, recordfile.Correction,
		recordfile.Key, recordfile.Removal, recordfile.Handover, recordfile.Receipt, recordfile.Arrival:
		return src != nil
	case recordfile.Cycle:
		return says(src, "review")
	case recordfile.Request:
		return says(src, "sent")
	case recordfile.Passport, recordfile.Profile:
		return says(src, "agreed")
	}
	return false
}

func says(src []byte, key string) bool {
	doc, _ := yamldoc.Parse("", src)
	return doc != nil && something(doc.Root().Get(key)) != nil
}

// namedElsewhere reports whether an id was given on both sides that other files may
// name: they would have to change with it.
func (w *whole) namedElsewhere(p string, k recordfile.Kind, v *versions) bool {
	o, _ := sound(p, k, v.ours)
	t, _ := sound(p, k, v.theirs)
	if o == nil || t == nil {
		return false
	}
	var base *yamldoc.Node
	if b, _ := yamldoc.Parse(p, v.base); b != nil {
		base = b.Root()
	}
	for _, c := range clashes(k, place{}, base, o.Root(), t.Root()) {
		if _, elsewhere := namedBy(c.at.keys); elsewhere {
			return true
		}
	}
	return false
}
