package rules

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// sealed: what is sealed is there and unchanged, the seals form a chain, and
// nothing that should be sealed lacks its seal.
var sealed = Rule{
	Name: sealedName, ID: "SEN205", Severity: diag.Error, Also: []diag.Severity{diag.Warning}, Guards: true,
	About:  "A sealed file is exactly as it was sealed; every review, move, correction, agreed passport or profile, and sent request with what follows it has a seal.",
	Source: "the audit trail: what was recorded never changes",
	check: func(l *look) {
		r := l.record
		l.changed = map[string]bool{}
		files := map[string][]byte{}
		covered := map[string]bool{}
		for s := range l.chain().Sound { // of the others Check tells
			p := path.Join(r.Dir, s.Sealed())
			covered[p] = true
			if b, err := fs.ReadFile(l.folder.FS(), p); err == nil {
				files[s.Sealed()] = b
			}
		}
		faults := l.chain().Check(r.ID, files)
		for link := range l.chain().Sound {
			s, p := &link.Seal, path.Join(r.Dir, link.Sealed())
			if slices.ContainsFunc(faults, func(f seal.Fault) bool { return f.Seal == link.Name && f.Kind == seal.Changed }) {
				l.changed[p] = true
			}
			if _, known := l.folder.PersonIn(r, s.By); !known && l.adultsKnown() {
				l.maker(path.Join(r.Dir, seal.Dir, link.Name), s.By)
			}
			if on, ok := l.dayOf(s.File); ok && on != s.Date && !l.changed[p] {
				l.seal(path.Join(r.Dir, seal.Dir, link.Name), "the date in this seal differs from the file it seals", "put the seal back: git restore "+path.Join(r.Dir, seal.Dir, link.Name))
			}
			l.signed(r.Dir, link)
		}
		l.findRenamed(files, covered)
		l.unsealed(covered)
		l.handAgreed()
		gaps := l.gapsTold(faults)
		for _, f := range faults {
			at := path.Join(r.Dir, seal.Dir, f.Seal)
			switch {
			case f.Kind == seal.Changed:
				at = path.Join(r.Dir, f.File) // the seal is as it was; the file is not
			case f.Kind == seal.Elsewhere && l.changed[path.Join(r.Dir, f.File)]:
				continue // it names another id or learner because it was changed
			case f.Kind == seal.Gap && (gaps || l.removed(f.Missing)):
				continue
			case f.Kind == seal.Backdated && l.drifted(f.Seal):
				l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: diag.Warning, File: at, Message: f.Message + ": two clocks differed", Hint: "sendctl audit verify says by how much"})
				continue
			}
			l.broken(at, path.Join(r.Dir, f.File), f)
		}
	},
}

// findRenamed finds files that are what a seal holds, under another name than it says.
func (l *look) findRenamed(there map[string][]byte, covered map[string]bool) {
	for s := range l.chain().Sound {
		if s.Seal.Living() || there[s.Sealed()] != nil {
			continue
		}
		l.eachOwned(func(d doc, _, _ string, _ date.Date, _ string) {
			if d.tree != nil && !covered[d.path] && s.Seal.Covers(d.tree.Bytes()) {
				if l.renamed == nil {
					l.renamed = map[string]string{}
				}
				l.renamed[d.path] = path.Join(l.record.Dir, seal.Dir, s.Name)
			}
		})
	}
}

// removed reports whether a removal record names a seal of the learner: the chain then
// has its gap with a reason.
func (l *look) removed(hash string) bool {
	return slices.ContainsFunc(l.folder.Removals, func(r recordfile.File[learner.Removal]) bool {
		return r.Value.Learner == l.record.ID && slices.Contains(r.Value.Seals, hash)
	})
}

// How far apart two clocks may lie before a seal counts as backdated: those of two
// people, and one and the same that was put right.
const (
	driftOfTwo = 48 * time.Hour
	driftOfOne = 10 * time.Minute
)

// drifted reports whether a seal bears an earlier time than those that it follows only
// because clocks differed: two laptops of a school, or those of two schools.
func (l *look) drifted(name string) bool {
	i := slices.IndexFunc(l.chain(), func(s seal.Link) bool { return s.Name == name && s.Err == nil })
	if i < 0 {
		return false
	}
	s := l.chain()[i].Seal
	key, _ := seal.SignedBy(s)
	for link := range l.chain().Sound {
		before := link.Seal
		if !slices.Contains(s.Previous, link.Hash) {
			continue
		}
		most := driftOfTwo
		if other, _ := seal.SignedBy(before); before.By == s.By && (key == "" || other == "" || seal.SameKey(key, other)) {
			most = driftOfOne
		}
		if before.Recorded.Sub(s.Recorded) > most {
			return false
		}
	}
	return true
}

// Unsound judges one record by its seals alone: what whoever reads it must hear
// before they believe a word. Warnings are no reason to doubt it.
func Unsound(f *folder.Folder, r *folder.Record) []diag.Finding {
	l := &look{rule: sealed, folder: f, record: r}
	sealed.check(l)
	return diag.Sort(slices.DeleteFunc(l.out, func(x diag.Finding) bool { return x.Severity != diag.Error }))
}

// broken tells of a fault of a seal or of what it covers, and how it is put right: first by
// a command of sendctl where there is one.
func (l *look) broken(at, file string, f seal.Fault) {
	const who = "; sendctl audit verify says which commit did it, if one did"
	switch f.Kind {
	case seal.Changed:
		hint := "take the change back: git restore " + file
		if id, ok := l.correctable(file); ok {
			hint = "correct a mistake beside it: sendctl correct " + l.record.ID + " " + id + "; and " + hint
		}
		l.seal(at, f.Message, hint+who)
	case seal.FileMissing:
		l.seal(at, f.Message, "put it back: git restore "+file+who)
		l.lost(file)
		l.lacks(cause{kind: aSealed, name: file}, false)
		l.sealLost = true
	default:
		l.seal(at, f.Message, "put the seal back: git restore "+at+who)
	}
}

// correctable gives the id by which sendctl correct knows a file; ok is false where it
// puts nothing of its kind right, or there is no record.
func (l *look) correctable(file string) (id string, ok bool) {
	if l.record == nil {
		return "", false
	}
	kind, _ := recordfile.KindAt(file)
	name := strings.TrimSuffix(path.Base(file), ".yaml")
	id = name[strings.LastIndexByte(name, '-')+1:]
	switch kind {
	case recordfile.Cycle, recordfile.Move, recordfile.Request, recordfile.Letter, recordfile.Decision, recordfile.Impact:
		return id, ids.ValidFile(id)
	}
	return "", false
}

// gapsTold reports whether the seals that others follow are missing because a file has
// lost its own, as was told of the file; what follows on it is told there.
func (l *look) gapsTold(faults []seal.Fault) bool {
	i := slices.IndexFunc(l.out, func(x diag.Finding) bool { return x.Lost == l.sealsDir() })
	if i < 0 {
		return false
	}
	x := &l.out[i]
	for _, f := range faults {
		if f.Kind == seal.Gap && !l.removed(f.Missing) && len(x.Related) < mostRelated {
			x.Related = append(x.Related, diag.Related{File: path.Join(l.record.Dir, seal.Dir, f.Seal), Message: "this seal follows one that is not there"})
		}
	}
	return true
}

const noSeal = " has no seal: it was written by hand, or its seal was taken away"

func (l *look) seal(at, message, hint string) {
	l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: diag.Error, File: at, Message: message, Hint: hint})
}

// dayOf is the day that a file which is sealed for good bears.
func (l *look) dayOf(file string) (date.Date, bool) {
	for _, c := range l.record.Cycles {
		if c.Value.ID == file && c.Value.Review != nil {
			return c.Value.Review.Date, true
		}
	}
	for _, m := range l.record.Moves {
		if m.Value.ID == file {
			return m.Value.Date, true
		}
	}
	for _, q := range l.record.Requests {
		if q.Value.ID == file && !q.Value.Sent.IsZero() {
			return q.Value.Sent, true
		}
	}
	for _, x := range l.record.Letters {
		if x.Value.ID == file {
			return x.Value.Date, true
		}
	}
	for _, x := range l.record.Decisions {
		if x.Value.ID == file {
			return x.Value.Panel, true
		}
	}
	for _, x := range l.record.Impacts {
		if x.Value.ID == file {
			return x.Value.Date, true
		}
	}
	for _, c := range l.record.Corrections {
		if c.Value.ID == file {
			return c.Value.Date, true
		}
	}
	for _, x := range l.record.Handovers {
		if x.Value.ID == file {
			return x.Value.Date, true
		}
	}
	for _, x := range l.record.Receipts {
		if x.Value.ID == file {
			return x.Value.Date, true
		}
	}
	for _, x := range l.record.Arrivals {
		if x.Value.ID == file {
			return x.Value.Date, true
		}
	}
	return date.Date{}, false
}

// unsealed finds what is sealed by the act that makes it and has no seal: it was
// written by hand, past the tool.
func (l *look) unsealed(sealed map[string]bool) {
	missing := func(d doc, at, what string) {
		if d.tree != nil && !sealed[d.path] {
			l.error(d, at, what+noSeal, "record it with sendctl and take this out; or put back its seal, if it had one: git restore "+l.sealsDir())
			l.lost(l.sealsDir())
		}
	}
	for _, c := range l.record.Cycles {
		if c.Value.Review != nil {
			missing(doc{c.Path, c.Doc}, "review", "this review")
		}
	}
	for _, m := range l.record.Moves {
		missing(doc{m.Path, m.Doc}, "id", "this move")
	}
	for _, c := range l.record.Corrections {
		missing(doc{c.Path, c.Doc}, "id", "this correction")
	}
	for _, q := range l.record.Requests {
		if !q.Value.Sent.IsZero() {
			missing(doc{q.Path, q.Doc}, "sent", "this sent request")
		}
	}
	for _, x := range l.record.Letters {
		missing(doc{x.Path, x.Doc}, "request", "this letter")
	}
	for _, x := range l.record.Decisions {
		missing(doc{x.Path, x.Doc}, "request", "this decision")
	}
	for _, x := range l.record.Impacts {
		missing(doc{x.Path, x.Doc}, "request", "this impact")
	}
	for _, x := range l.record.Handovers {
		missing(doc{x.Path, x.Doc}, "id", "this handover")
	}
	for _, x := range l.record.Receipts {
		missing(doc{x.Path, x.Doc}, "id", "this receipt")
	}
	for _, x := range l.record.Arrivals {
		missing(doc{x.Path, x.Doc}, "id", "this arrival")
	}
}

// handAgreed finds a passport or profile that says it is agreed and is not what was
// agreed, and a draft that bears the number of a version which was.
func (l *look) handAgreed() {
	held := func(d doc, version learner.Number, agreed []learner.SignedBy) {
		if d.tree == nil {
			return
		}
		name := path.Base(d.path)
		const wordsBack = "put back the words that were agreed: git restore "
		write := "sendctl " + strings.TrimSuffix(name, ".yaml") + " " + l.record.ID
		back := wordsBack + d.path + "; make changes in a new version: " + write
		if len(agreed) == 0 {
			if v, ok := version.Int(); ok && v > 0 && v <= l.agreedTimes(name) {
				l.error(d, "version", "this version was agreed, but the file no longer says so: somebody took out who agreed by hand", back)
			}
			return
		}
		last := agreed[0].Date
		for _, x := range agreed {
			if x.Date.After(last) {
				last = x.Date
			}
		}
		ofDay := false
		for s := range l.chain().Sound {
			if s.Seal.Path != name {
				continue
			}
			if s.Seal.Covers(d.tree.Bytes()) {
				return
			}
			ofDay = ofDay || s.Seal.Date == last
		}
		if v, ok := version.Int(); ofDay || ok && v > 0 && v <= l.agreedTimes(name) {
			l.error(d, "agreed", "this is not what was agreed: it was changed by hand since", back)
			return
		}
		l.error(d, "agreed", "somebody wrote by hand that this version is agreed, and no seal holds it", "take out agreed: and let "+write+" agree record who agrees")
	}
	r := l.record
	held(doc{r.Passport.Path, r.Passport.Doc}, r.Passport.Value.Version, r.Passport.Value.Agreed)
	held(doc{r.Profile.Path, r.Profile.Doc}, r.Profile.Value.Version, r.Profile.Value.Agreed)
}

// agreedTimes is how many versions of a passport or profile were agreed one after the
// other. A seal names no version, and each agreement ends one; those of two branches
// that were merged are one and the same step.
func (l *look) agreedTimes(name string) int {
	seals := map[string]seal.Seal{} // by hash
	for s := range l.chain().Sound {
		seals[s.Hash] = s.Seal
	}
	upTo := map[string]int{}
	var count func(hash string) int
	count = func(hash string) int {
		s, there := seals[hash]
		if n, known := upTo[hash]; known || !there {
			return n
		}
		upTo[hash] = 0
		n := 0
		for _, p := range s.Previous {
			n = max(n, count(p))
		}
		if s.Act == "agree" && s.Path == name {
			n++
		}
		upTo[hash] = n
		return n
	}
	most := 0
	for hash := range seals {
		most = max(most, count(hash))
	}
	return most
}
