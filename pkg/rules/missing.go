package rules

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// One thing that is taken out may be named in thirty places, and whoever took it out by
// mistake has one line to put back. So what names the same missing thing is one finding of
// the record, and where the cause stands in a list itself, only that is told.

// cause is what is missing where findings point.
type cause struct {
	kind   thingKind
	name   string // its id, its code or its path
	called string // what it is, of a code and of a part of a plan
	file   string // of that plan
}

// lack says of a finding why it is told.
type lack struct {
	cause
	broad bool // another finding of the same cause says more closely what is missing
}

// said is a finding as a key: copies of it are the same.
type said struct{ rule, file, path, message string }

func placed(x *diag.Finding) said { return said{x.Rule, x.File, x.Path, x.Message} }

// lacks says of the finding that was added last what is missing.
func (l *look) lacks(c cause, broad bool) {
	if l.lacking == nil {
		l.lacking = map[said]lack{}
	}
	l.lacking[placed(&l.out[len(l.out)-1])] = lack{c, broad}
}

// lost says of the finding that was added last which file or folder is not there.
func (l *look) lost(p string) { l.out[len(l.out)-1].Lost = p }

const mostRelated = 5 // of the other places; how many there are is said

// oneEach leaves of all findings with one cause the first, which names the other places.
// It comes last, when what need not be told is out: the first place may be one of those.
func oneEach(found []diag.Finding, lacking map[said]lack) []diag.Finding {
	if len(lacking) == 0 {
		return found
	}
	found = diag.Sort(found)
	type telling struct {
		at, others int // which finding tells of it, and for how many others
		broad      bool
	}
	all := map[cause]*telling{}
	out := found[:0]
	for _, x := range found {
		why, ok := lacking[placed(&x)]
		if !ok {
			out = append(out, x)
			continue
		}
		t, again := all[why.cause]
		if !again {
			all[why.cause] = &telling{at: len(out), broad: why.broad}
			out = append(out, x)
			continue
		}
		kept := &out[t.at]
		kept.Severity = min(kept.Severity, x.Severity) // the gravest is the least
		if t.broad && !why.broad {
			kept.Message, kept.Hint, t.broad = x.Message, x.Hint, false // the number of them comes later
		}
		if t.others++; t.others <= mostRelated {
			kept.Related = append(slices.Clip(kept.Related), diag.Related{File: x.File, Path: x.Path, Span: x.Span, Message: "names the same"})
		}
	}
	for why, t := range all {
		x := &out[t.at]
		switch {
		case t.others == 0:
			continue
		case why.kind == aSealed:
			x.Message += "; " + sealsToo(t.others)
			continue
		case why.kind == aPerson && t.others > 1:
			x.Hint = "so many places are seldom all wrong: look first for what was changed or taken out of the list; " + x.Hint
		}
		x.Message += "; " + otherPlaces(t.others) + " the same"
	}
	clear(found[len(out):])
	return out
}

func otherPlaces(n int) string {
	if n == 1 {
		return "one other place names"
	}
	return fmt.Sprintf("%d other places name", n)
}

// sealsToo says how many seals beside the one told of hold a version of the file.
func sealsToo(n int) string {
	if n == 1 {
		return "one other seal holds a version of it"
	}
	return fmt.Sprintf("%d other seals hold versions of it", n)
}

// doubtful reports whether the entries of a list cannot be told apart by their ids, since
// the list, an entry or an id is not written as it must be: who is looked for there and
// not found may be that one, and what is wrong with the list was told at its line.
func doubtful(found []diag.Finding, file, list string) bool {
	return slices.ContainsFunc(found, func(x diag.Finding) bool {
		if x.File == file && x.Rule == "unknown-key" && diag.Suggest(x.Path, []string{list}) != "" {
			return true // it is the list, and its key is mistyped
		}
		rest, in := strings.CutPrefix(x.Path, list)
		return in && x.File == file && x.Severity == diag.Error &&
			(rest == "" || rest[0] == '[' && (strings.HasSuffix(rest, "]") || strings.HasSuffix(rest, "].id")))
	})
}

// hasTwice reports whether one id stands twice: one of the two bears that of another.
func hasTwice(ids []string) bool {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id != "" && seen[id] {
			return true
		}
		seen[id] = true
	}
	return false
}

// adultsKnown reports whether people.yaml could be read and says who is who: where not,
// that is the fault, and not every line that names an adult.
func (l *look) adultsKnown() bool {
	if !l.known.adults.looked {
		f := l.folder
		ok := f.People.Doc != nil && !doubtful(f.Findings, f.People.Path, "people")
		if r := l.record; ok && r != nil && r.People.Path != "" {
			ok = r.People.Doc != nil && !doubtful(r.Findings, r.People.Path, "people")
		}
		l.known.adults = answer{true, ok}
	}
	return l.known.adults.yes
}

// familyKnown is the same of learner.yaml and the family.
func (l *look) familyKnown() bool {
	f := l.record.Learner
	if f.Doc == nil || doubtful(l.record.Findings, f.Path, "family") {
		return false
	}
	var ids []string
	for i := range f.Value.Family {
		ids = append(ids, f.Value.Family[i].ID)
	}
	return !hasTwice(ids)
}

// answer is a question that is asked once.
type answer struct{ looked, yes bool }

// maker tells of a seal by somebody whom people.yaml does not have.
func (l *look) maker(at, by string) {
	l.seal(at, "this seal says it was made by somebody who is not in people.yaml", "put the adult back in people.yaml: anyone a record names stays there; if the seal was changed: git restore "+at)
	l.lacks(cause{kind: aPerson, name: by}, true)
}

// sealedAway reports whether an id is that of a file which a seal holds and which is not
// there any more: that is told of the seal.
func (l *look) sealedAway(id string) bool {
	for s := range l.chain().Sound {
		if s.Seal.File == id && !s.Seal.Living() {
			_, err := fs.Stat(l.folder.FS(), path.Join(l.record.Dir, s.Sealed()))
			return err != nil
		}
	}
	return false
}

// documentAway is the same of the passport or profile, by the name of its file.
func (l *look) documentAway(name string) bool {
	for s := range l.chain().Sound {
		if s.Seal.Path == name {
			_, err := fs.Stat(l.folder.FS(), path.Join(l.record.Dir, name))
			return err != nil
		}
	}
	return false
}

// logAway reports whether there is no contact log, and a move names an entry of it.
func logAway(r *folder.Record) bool {
	if r.Contacts.Path != "" {
		return false
	}
	for i := range r.Moves {
		if len(r.Moves[i].Value.Told) > 0 {
			return true
		}
	}
	return false
}

// pathwayLacks reports whether the pathway itself names the code as one of its own and
// does not have it, or cannot be trusted to say what it has: that is told there.
func (l *look) pathwayLacks(code string) bool {
	f := l.folder
	if doubtful(f.Findings, f.Pathway.Path, "stages") {
		return true
	}
	if l.known.lacking == nil {
		l.known.lacking = []string{}
		for _, x := range Pathway(f) {
			l.known.lacking = append(l.known.lacking, x.Value)
		}
	}
	return slices.Contains(l.known.lacking, code)
}

// halfReviews are the files with a review that is not finished and was never sealed. What
// it still lacks is not told line by line: the act that records a review asks for it all.
func halfReviews(found []diag.Finding) map[string]bool {
	var out map[string]bool
	for i := range found {
		if x := &found[i]; x.Rule == sealedName && x.Path == "review" && slices.ContainsFunc(found, func(y diag.Finding) bool {
			return y.Rule == "missing" && y.File == x.File && (y.Path == "review" || strings.HasPrefix(y.Path, "review."))
		}) {
			if out == nil {
				out = map[string]bool{}
			}
			out[x.File] = true
		}
	}
	return out
}

// ofHalfReview reports whether a finding is about what such a review lacks.
func ofHalfReview(half map[string]bool, x *diag.Finding) bool {
	if !half[x.File] {
		return false
	}
	switch x.Rule {
	case "missing", "references", "review-unheard":
		return strings.HasPrefix(x.Path, "review.")
	case "provision-without-impact":
		return true
	}
	return false
}

// unfinished says of the seal that such a review lacks why: it is not done yet.
func unfinished(found []diag.Finding, half map[string]bool, r *folder.Record) []diag.Finding {
	if half == nil {
		return found
	}
	for i := range found {
		if x := &found[i]; half[x.File] && x.Rule == sealedName && x.Path == "review" {
			x.Message = "this review is not finished and has no seal: it was written by hand"
			x.Hint = "take it out, and record it with sendctl review " + r.ID + ", which asks for all that a review needs"
			x.Lost = "" // it never had a seal
		}
	}
	return slices.DeleteFunc(found, func(x diag.Finding) bool { return ofHalfReview(half, &x) })
}

// followsFrom reports whether a finding only follows from one that is told: a date that
// does not fit one that lies ahead, or one of which the file's name says that it was
// changed; what is owed by a census code which the last move does not bear out; or what is
// missed since a file is lost.
func (l *look) followsFrom(found []diag.Finding, x *diag.Finding) bool {
	switch x.Rule {
	case datesInOrderName:
		other, ok := l.misordered[placed(x)]
		return ok && slices.ContainsFunc(found, func(y diag.Finding) bool {
			if (y.File != x.File || y.Path != x.Path) && (y.File != other.file || y.Path != other.at) {
				return false
			}
			_, alike := l.misordered[placed(&y)]
			return y.Rule == fileNameName && y.Path != "id" || y.Rule == datesInOrderName && !alike
		})
	case "register-early":
		return l.sealLost // a cycle may be among what is lost
	case "parents-not-told", "parents-told-late", "early-talk-note", "parent-meetings", "concern-not-shared", "impact-not-shared", "meeting-note":
		return logAway(l.record) || doubtful(l.record.Findings, l.record.Contacts.Path, "contacts")
	case "document-missing":
		return l.documentAway("passport.yaml") || l.documentAway("profile.yaml")
	case "plan-provision-unshown", "adulthood-strands", "adulthood-not-planned":
		return slices.ContainsFunc(found, func(y diag.Finding) bool {
			return codeAmiss(y) || y.Rule == planCodeEarly.Name || ofCode(y, planUnrecorded.Name)
		})
	case supportOffRegister.Name:
		return slices.ContainsFunc(found, func(y diag.Finding) bool { return codeAmiss(y) || ofCode(y, supportEnded.Name) })
	case targetNeed.Name, reviewNotFollowed.Name:
		return slices.ContainsFunc(found, func(y diag.Finding) bool { return ofCode(y, supportEnded.Name) })
	case needWithoutSEN.Name, supportEnded.Name:
		return slices.ContainsFunc(found, codeAmiss)
	case planUnrecorded.Name:
		return slices.ContainsFunc(found, func(y diag.Finding) bool { return codeAmiss(y) || y.Rule == planCodeEarly.Name })
	case topUpNote.Name: // it would explain money that is not paid any more
		return slices.ContainsFunc(found, func(y diag.Finding) bool { return y.Rule == grantTopUp.Name && strings.HasPrefix(y.Path, "top_up[") })
	case twoCodesOneDay.Name:
		line, _, _ := strings.Cut(x.Path, ".")
		return slices.ContainsFunc(found, func(y diag.Finding) bool { return codeAmiss(y) && strings.HasPrefix(y.Path, line+".") })
	}
	return false
}

// codeAmiss reports whether a finding says that the census code is not that of the last move.
func codeAmiss(x diag.Finding) bool {
	return x.Severity == diag.Error && ofCode(x, stageMoves.Name)
}

// ofCode reports whether a finding is a rule's about a line of the census code.
func ofCode(x diag.Finding, rule string) bool {
	return x.Rule == rule && strings.HasPrefix(x.Path, "sen_provision")
}

// alsoBroken adds to what is told of a sealed file that was changed where it cannot be
// read, or holds what no record may: so that a typing slip, a telephone number and a
// broken file do not look alike.
func alsoBroken(found, dropped []diag.Finding) {
	for i := range found {
		x := &found[i]
		if x.Rule != sealedName || x.Path != "" || path.Ext(x.File) != ".yaml" {
			continue
		}
		for _, y := range dropped {
			if y.File == x.File && y.Span.Start.Line > 0 && len(x.Related) < mostRelated {
				x.Related = append(slices.Clip(x.Related), diag.Related{File: y.File, Path: y.Path, Span: y.Span, Message: y.Message})
			}
		}
	}
}

// breaks reports whether a finding is of the kind that says how a file was changed.
func breaks(r *folder.Record, x *diag.Finding) bool {
	if slices.ContainsFunc(protects(), func(name string) bool { return name == x.Rule }) {
		return true
	}
	return slices.ContainsFunc(r.Findings, func(y diag.Finding) bool { return placed(&y) == placed(x) })
}

// protects lists the rules about what no record may hold in its words.
func protects() []string {
	return []string{nameOutside.Name, numberOutside.Name, contactDetailsOutside.Name, protectionDetail.Name}
}

// oneStage tells once of a code that a pathway names and does not have: at the stage whose
// name is meant, where there is one that nothing names, else at the first place.
func oneStage(f *folder.Folder, found []diag.Finding) []diag.Finding {
	p := &f.Pathway.Value
	var unnamed []string
	for _, id := range p.StageIDs() {
		if !slices.ContainsFunc(p.Moves, func(m pathway.Move) bool { return slices.Contains(m.From, id) || slices.Contains(m.To, id) }) {
			unnamed = append(unnamed, id)
		}
	}
	type slip struct{ message, value string }
	first, others := map[slip]int{}, map[slip]int{}
	out := found[:0]
	for _, x := range found {
		key := slip{x.Message, x.Value}
		at, again := first[key]
		if !again || x.Value == "" {
			first[key] = len(out)
			out = append(out, x)
			continue
		}
		if others[key]++; others[key] <= mostRelated {
			out[at].Related = append(out[at].Related, diag.Related{File: x.File, Path: x.Path, Span: x.Span, Message: "names the same"})
		}
	}
	for key, n := range others {
		x := &out[first[key]]
		near := ""
		if strings.HasPrefix(x.Message, "this is not a stage") {
			near = diag.Suggest(x.Value, unnamed)
		}
		if near == "" {
			x.Message += "; " + otherPlaces(n) + " the same"
			continue
		}
		x.Related = append([]diag.Related{{File: x.File, Path: x.Path, Span: x.Span, Message: "names what is not there"}}, x.Related[:min(len(x.Related), mostRelated-1)]...)
		x.Path = indexed("stages[].id", slices.Index(p.StageIDs(), near))
		x.Span = docOf(f.Pathway).span(x.Path)
		x.Message = fmt.Sprintf("no move leads to or from this stage, and %d places name one that is not there", n+1)
		x.Hint = "if its id was changed, write it as it was: \"" + x.Value + "\""
	}
	return out
}
