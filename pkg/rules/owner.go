package rules

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// fileOwner: a file says whose it is, and lies in that learner's folder; a file
// pasted on another child shows up here.
var fileOwner = Rule{
	Name: "file-owner", ID: "SEN203", Severity: diag.Error, Guards: true,
	About:  "Every file in a learner's folder names that learner.",
	Source: "records: every file says whose it is and which it is, and its name is made of that",
	check: func(l *look) {
		if owner := l.owner(); owner != l.record.ID {
			l.elsewhere(owner)
			return
		}
		l.eachOwned(func(d doc, learner, _ string, _ date.Date, _ string) {
			if d.tree != nil && learner != "" && learner != l.record.ID {
				l.error(d, "learner", "this file says it belongs to another learner", "move it to that learner's folder, or write: learner: "+l.record.ID)
				l.settle(d, "file-owner", sealedName, "references")
			}
		})
	},
}

// owner is the one other learner to whom every file of the folder says it belongs, the two
// front sheets among them; else the learner whose folder it is.
func (l *look) owner() string {
	other := l.record.Identity.Value.Learner
	if other == l.record.ID || other != l.record.Learner.Value.Learner || !ids.ValidLearner(other) {
		return l.record.ID
	}
	all := true
	l.eachOwned(func(d doc, learner, _ string, _ date.Date, _ string) {
		all = all && (d.tree == nil || learner == other)
	})
	if !all {
		return l.record.ID
	}
	return other
}

// elsewhere tells of a folder that was copied or renamed as a whole. Of a copy nothing
// else is told that the folder it was made of tells.
func (l *look) elsewhere(owner string) {
	who, home := docOf(l.record.Learner), path.Join("learners", owner)
	_, err := fs.Stat(l.folder.FS(), home)
	copied := err == nil
	if copied {
		l.error(who, "learner", "every file in this folder says it belongs to another learner, who has a folder too: this one is a copy", "take the whole folder out; what was written only here belongs in learners/"+owner)
	} else {
		l.error(who, "learner", "every file in this folder says it belongs to another learner: the folder was renamed", "give it its name back: git mv "+l.record.Dir+" "+home)
	}
	l.eachOwned(func(d doc, _, _ string, _ date.Date, _ string) {
		if d.tree == nil {
			return
		}
		if copied {
			if there, err := fs.ReadFile(l.folder.FS(), path.Join(home, strings.TrimPrefix(d.path, l.record.Dir+"/"))); err == nil && bytes.Equal(there, d.tree.Bytes()) {
				l.settle(d, "file-owner")
			}
		}
		l.settle(d, "file-owner", sealedName, "references")
	})
	for name := range l.record.Seals {
		l.settle(doc{path: path.Join(l.record.Dir, "seals", name)}, "file-owner", sealedName)
	}
}

// settle says that with the rule's finding all is told of a file, so that what other rules
// find there is not; or only what the named ones find is not.
func (l *look) settle(d doc, by string, besides ...string) {
	if l.settled == nil {
		l.settled = settled{}
	}
	if _, already := l.settled[d.path]; !already {
		l.settled[d.path] = settling{by, besides}
	}
}

// fileName: a file's name is made of its date, its kind and its id, so that a
// renamed or copied file shows.
var fileName = Rule{
	Name: fileNameName, ID: "SEN204", Severity: diag.Error, Guards: true,
	About:  "A file's name matches its date, its stage or kind, and its id.",
	Source: "records: every file says whose it is and which it is, and its name is made of that",
	check: func(l *look) {
		seen := map[string]string{}
		l.eachOwned(func(d doc, _, id string, on date.Date, kind string) {
			if id == "" || d.tree == nil {
				return
			}
			want := on.String() + "-" + kind + "-" + id
			if kind == "" {
				want = on.String() + "-" + id
			}
			if got := strings.TrimSuffix(path.Base(d.path), ".yaml"); got != want && !on.IsZero() && !l.unknownWord()[d.path] {
				if twin := path.Join(path.Dir(d.path), want+".yaml"); l.holds(twin) {
					l.error(d, "id", "this file has the same id as "+twin+", whose name matches what both say", "this is a copy: take it out")
					l.settle(d, fileNameName)
					return
				}
				at, what := misnamed(d.path, got, want, id)
				l.error(d, at, "the file's name does not match what it says", "correct "+what+" here, or rename the file to "+want+".yaml")
			}
			if other, twice := seen[id]; twice {
				l.error(d, "id", "this file has the same id as "+other, "one of the two files is a copy: take it out")
			}
			seen[id] = d.path
		})
	},
}

// misnamed says which part of what a file says its name does not bear: where all the rest
// fits, it is that part, and else its id.
func misnamed(file, got, want, id string) (at, what string) {
	const days = len("2006-01-02")
	kind, _ := recordfile.KindAt(file)
	day, word, said := "date", "", ""
	switch kind {
	case recordfile.Cycle:
		day, word, said = "opened", "stage", "the stage"
	case recordfile.Move:
		word, said = "to", "the stage"
	case recordfile.Request:
		day, word, said = "opened", "kind", "the kind"
	case recordfile.Decision:
		day = "panel"
	}
	switch {
	case len(got) < days || len(want) < days:
	case got[days:] == want[days:]:
		return day, "the date"
	case word != "" && got[:days] == want[:days] && strings.HasSuffix(got, "-"+id):
		return word, said
	}
	if said != "" {
		said += ", "
	}
	return "id", "the date, " + said + "or the id"
}

// holds reports whether the record has a file of that path.
func (l *look) holds(path string) bool {
	found := false
	l.eachOwned(func(d doc, _, _ string, _ date.Date, _ string) { found = found || d.path == path })
	return found
}

// unknownWord finds the files whose name is made of a stage or kind that the pathway
// does not know: that is their fault, and no file is renamed after it.
func (l *look) unknownWord() map[string]bool {
	out := map[string]bool{}
	if l.folder.Pathway.Doc == nil {
		return out
	}
	p := &l.folder.Pathway.Value
	stage := func(file, id string) {
		if _, ok := p.Stage(id); !ok {
			out[file] = true
		}
	}
	for _, c := range l.record.Cycles {
		stage(c.Path, c.Value.Stage)
	}
	for _, m := range l.record.Moves {
		stage(m.Path, m.Value.To)
	}
	unknown := map[string]bool{} // requests of a kind that is not known, by id
	for _, q := range l.record.Requests {
		if _, ok := p.Request(q.Value.Kind); !ok {
			out[q.Path], unknown[q.Value.ID] = true, true
		}
	}
	for _, x := range l.record.Letters {
		out[x.Path] = unknown[x.Value.Request]
	}
	for _, x := range l.record.Decisions {
		out[x.Path] = unknown[x.Value.Request]
	}
	for _, x := range l.record.Impacts {
		out[x.Path] = unknown[x.Value.Request]
	}
	return out
}

// eachOwned visits every loaded file of the record with its learner, its own id
// ("" where it has none), the date and the word that its name begins with.
func (l *look) eachOwned(visit func(d doc, learner, id string, on date.Date, kind string)) {
	r := l.record
	visit(doc{r.Identity.Path, r.Identity.Doc}, r.Identity.Value.Learner, "", date.Date{}, "")
	visit(doc{r.Learner.Path, r.Learner.Doc}, r.Learner.Value.Learner, "", date.Date{}, "")
	if r.Contacts.Doc != nil {
		visit(doc{r.Contacts.Path, r.Contacts.Doc}, r.Contacts.Value.Learner, "", date.Date{}, "")
	}
	if r.Passport.Doc != nil {
		visit(doc{r.Passport.Path, r.Passport.Doc}, r.Passport.Value.Learner, "", date.Date{}, "")
	}
	if r.Profile.Doc != nil {
		visit(doc{r.Profile.Path, r.Profile.Doc}, r.Profile.Value.Learner, "", date.Date{}, "")
	}
	if r.Readings.Doc != nil {
		visit(doc{r.Readings.Path, r.Readings.Doc}, r.Readings.Value.Learner, "", date.Date{}, "")
	}
	for _, f := range r.Cycles {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Opened, f.Value.Stage)
	}
	for _, f := range r.Moves {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Date, f.Value.To)
	}
	for _, f := range r.Requests {
		on := f.Value.Opened
		if on.IsZero() {
			on = f.Value.Sent
		}
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, on, f.Value.Kind)
	}
	for _, f := range r.Advice {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Date, "")
	}
	for _, f := range r.Corrections {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Date, "")
	}
	for _, f := range r.Handovers {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Date, "")
	}
	for _, f := range r.Receipts {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Date, f.Value.Handover+"-receipt")
	}
	for _, f := range r.Arrivals {
		visit(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Date, "")
	}
	follow := func(d doc, learner, id, request, what string, on date.Date) {
		for _, q := range r.Requests {
			if q.Value.ID == request {
				visit(d, learner, id, on, q.Value.Kind+"-"+request+"-"+what)
				return
			}
		}
		visit(d, learner, id, date.Date{}, "") // a request that is not there has no name to give
	}
	for _, f := range r.Letters {
		follow(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Request, "letter", f.Value.Date)
	}
	for _, f := range r.Decisions {
		follow(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Request, "decision", f.Value.Panel)
	}
	for _, f := range r.Impacts {
		follow(doc{f.Path, f.Doc}, f.Value.Learner, f.Value.ID, f.Value.Request, "impact", f.Value.Date)
	}
}
