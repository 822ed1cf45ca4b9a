package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// nameOutside: only the front sheet says who it is, so that everything else can be
// shown, printed and passed about without telling.
var nameOutside = Rule{
	Name: "name-outside", ID: "SEN1501", Severity: diag.Warning,
	About:  "Only identity.yaml names the child or the family, and none of the folder's own files names a learner.",
	Source: "records: only identity.yaml says who the child is; UK GDPR, article 25 (protection by design)",
	check: func(l *look) {
		names := l.names()
		for _, d := range l.written() {
			var here []name
			for _, n := range names {
				if d.hidden || n.maybeIn(d.tree.Bytes()) {
					here = append(here, n)
				}
			}
			if len(here) == 0 {
				continue
			}
			for p := range d.passages {
				if !slices.ContainsFunc(here, func(n name) bool { return n.in(p.words) }) {
					continue
				}
				if p.value == nil || !namesSetting(d.place(p.value)) {
					l.findIn(d, p, "this names the child or one of the family, and only identity.yaml may do so", l.instead(d.doc, "write he, she, they, or a relation such as mum"))
				}
			}
		}
	},
	// The folder's own files speak of everybody: there a learner is found by the full name.
	setting: func(l *look) {
		known := l.fullNamesKnown()
		if len(known) == 0 {
			return
		}
		for _, d := range l.fronts() {
			for p := range d.passages {
				for c := range couples(p.words) {
					if known[c.mark(l.folder)] {
						l.findIn(d, p, "this names a learner of this folder", "take the name out")
						break
					}
				}
			}
		}
	},
}

// namesSetting reports whether a place holds the name of a school or setting, which may
// well be a family's name too. No other file has these keys.
func namesSetting(at string) bool {
	switch at {
	case "from.name", "to.name", "to_setting", "from_setting":
		return true
	}
	return false
}

// unsaid keeps a name out of what is told of a file that is not read: there the path is
// all there is to tell, and a report lies in the wrong place as often as not under the
// child's own name. The same of a key that nobody knows.
func unsaid(f *folder.Folder, r *folder.Record, found []diag.Finding) {
	var names []name
	holdsOne := func(text string) bool {
		if names == nil {
			names = append(namesOf(f, r), upnsOf(r)...)
		}
		return slices.ContainsFunc(names, func(n name) bool { return !n.common && holdsWord(text, n.words) })
	}
	unknown := slices.ContainsFunc(found, func(x diag.Finding) bool { return x.Rule == "unknown-key" })
	for i, x := range found {
		switch {
		case unknown && x.Path != "" && holdsOne(x.Path):
			found[i].Path = upToKnown(x.Path)
		case x.Rule != "file" || path.Dir(x.File) == r.Dir && strings.HasSuffix(x.File, ".yaml"):
		case holdsOne(path.Base(x.File)):
			found[i].File = path.Dir(x.File)
			found[i].Message = "a file whose name contains a name or number of the child: " + x.Message
			found[i].Hint = "give it a name that says nothing, such as report-1.pdf; " + x.Hint
		}
	}
}

// upToKnown is a path up to the first key that no file knows.
func upToKnown(at string) string {
	for from, end := 0, 0; end < len(at); from = end + 1 {
		if end = from + strings.IndexByte(at[from:], '.'); end < from {
			end = len(at)
		}
		key, _, _ := strings.Cut(at[from:end], "[")
		if !recordfile.Known(key) {
			return at[:from] + diag.HiddenKey
		}
	}
	return at
}

// instead is how what a file should not hold is put right: words in a sealed file stay,
// unless the whole file goes, and the contact log is only ever added to. Of a passport or
// profile one version is sealed and not the file: the next can do without the words.
func (l *look) instead(d doc, words string) string {
	if l.record == nil {
		return words
	}
	in := "learner.yaml"
	if l.rule.Whole {
		in = "sendctl.yaml" // what is found of several records is waived there
	}
	if path.Base(d.path) == "contacts.yaml" {
		return "a log entry stays as it is: write a waiver for this one in " + in + ", and leave the name out of the next entry"
	}
	name := path.Base(d.path)
	if d.path == path.Join(l.record.Dir, name) {
		if kind := strings.TrimSuffix(name, ".yaml"); kind == "passport" || kind == "profile" {
			return words + ": sendctl " + kind + " " + l.record.ID
		}
	}
	if l.isSealed(d.path) {
		return "the file is sealed: write a waiver in " + in + ", or take this one file out of the history: sendctl purge " + l.record.ID + " " + strings.TrimPrefix(d.path, l.record.Dir+"/")
	}
	return words + ": sendctl edit " + l.record.ID + " " + name
}

// nameInID: ids and file names stand in logs, paths and commit messages.
var nameInID = Rule{
	Name: "name-in-id", ID: "SEN1502", Severity: diag.Error, Also: []diag.Severity{diag.Warning},
	About:  "No id or file name contains a name of the child or the family.",
	Source: "records: an id says nothing about the child; UK GDPR, article 25 (protection by design)",
	check: func(l *look) {
		names := slices.Concat(l.names(), upnsOf(l.record))
		named := func(text string) bool {
			for _, n := range names {
				if !n.common && holdsWord(text, n.words) {
					return true
				}
			}
			return false
		}
		who := docOf(l.record.Learner)
		for i, m := range l.record.Learner.Value.Family {
			at := fmt.Sprintf("family[%d].id", i)
			switch {
			case !named(m.ID):
			case l.sealedHolds(m.ID):
				l.add(diag.Warning, who, at, "this id contains a name, and sealed files have it, so it cannot change any more",
					"write a waiver for it in "+who.path+", and tell nobody an id without need")
			default:
				l.find(who, at, "this id contains a name, and ids appear in messages and file names", "use what they are to the child, such as mum, dad or gran, here, in identity.yaml and everywhere else the id appears")
			}
		}
		for _, a := range l.record.Attachments {
			if named(a) {
				// The name itself may stand in no finding, so the folder is told.
				l.find(doc{path: path.Join(l.record.Dir, "attachments")}, "", "an attachment's file name contains a name or number of the child",
					"give it a name that says nothing, such as report-1.pdf; references to it by hash still work")
			}
		}
	},
}

// sealedHolds reports whether a text is a value of a sealed file.
func (l *look) sealedHolds(text string) bool {
	for _, d := range l.written() {
		if slices.ContainsFunc(d.texts, func(n *yamldoc.Node) bool { return n.Value == text }) && l.isSealed(d.path) {
			return true
		}
	}
	return false
}

// holdsWord reports whether a name stands in an id or a file name, in any case.
func holdsWord(text string, words []string) bool {
	for w, ok := nextWord(text, 0); ok; w, ok = nextWord(text, w.end) {
		if strings.EqualFold(text[w.start:w.end], words[0]) && follow(text, w.end, words[1:]) {
			return true
		}
	}
	return false
}
