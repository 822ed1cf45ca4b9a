package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Rule is one thing that must hold of a learner's record, or of the whole folder.
type Rule struct {
	Name     string // never changes once published
	ID       string // SEN301: the group's hundred and a number; never given to another rule
	Severity diag.Severity
	Also     []diag.Severity // what a finding of it may be besides, where the page says so
	About    string          // what it demands, one sentence
	Source   string          // the paragraph or property it rests on
	// Guards says that an act which would bring about its error is refused: what the
	// record says would be wrong from the first day. A rule about what is still owed, or
	// about words, informs and never stands in anyone's way.
	Guards bool
	// Whole says that it judges the folder as a whole: look.record is nil then, and
	// look.facts holds what each record brought along.
	Whole bool
	// Instead says that of a value it tells more than that it is not written as it must
	// be: its finding takes the place of that one. Only for a rule that guards.
	Instead bool
	check   func(*look) // nil where what it tells is found while files are read
	// setting judges the folder's own files by the same rule, where check judges a
	// record by it; nil for nearly every rule.
	setting func(*look)
}

// Learner judges one record by every rule, and adds the faults of its files. Of a
// sealed file that was changed, of a copy and of a file that was renamed it says that, and
// nothing that only follows from it.
func Learner(f *folder.Folder, r *folder.Record) []diag.Finding {
	l := &look{folder: f, record: asRead(r)}
	out, told := l.every()
	out = unfinished(out, halfReviews(out), r)
	return oneEach(slices.DeleteFunc(out, func(x diag.Finding) bool { return follows(r, told, x) }), l.lacking)
}

// Every judges one record like Learner, and says of a sealed file that was changed
// all the rest too: what is to be read as a correction would make it.
func Every(f *folder.Folder, r *folder.Record) []diag.Finding {
	out, _ := (&look{folder: f, record: asRead(r)}).every()
	return out
}

// settled is, by path of a file, the one rule that tells what is the matter with the whole
// of it, and what besides need not be told of it then; nil is everything.
type settled map[string]settling

type settling struct {
	by      string
	besides []string
}

// silent reports whether something need not be told.
func (s settled) silent(x diag.Finding) bool {
	why, ok := s[x.File]
	return ok && x.Rule != why.by && (why.besides == nil || slices.Contains(why.besides, x.Rule))
}

// every judges by the rules that guard. It gives, with the findings, the files of which
// one finding tells all.
func (l *look) every() ([]diag.Finding, settled) {
	out := append([]diag.Finding{}, l.record.Findings...)
	for rule := range eachRule {
		if !rule.Guards || rule.Whole || rule.check == nil {
			continue
		}
		found := l.by(rule)
		if rule.Instead {
			out = append(slices.DeleteFunc(out, func(x diag.Finding) bool { return x.Rule == "shape" && samePlace(x, found) }), found...)
			continue
		}
		out = append(out, onceTold(l.record, found)...)
	}
	told := settled{}
	maps.Copy(told, l.settled)
	for file := range l.changed {
		told[file] = settling{by: sealedName}
	}
	for file, seal := range l.renamed {
		if slices.ContainsFunc(out, func(x diag.Finding) bool { return x.File == file && x.Rule == fileNameName }) {
			told[file], told[seal] = settling{fileNameName, []string{sealedName}}, settling{fileNameName, []string{sealedName}}
		}
	}
	return diag.Sort(out), told
}

// by is what one rule finds: good until the next is asked.
func (l *look) by(rule *Rule) []diag.Finding {
	l.rule, l.out = *rule, l.out[:0]
	rule.check(l)
	return l.out
}

// onceTold leaves out what is said of a value that is no date or no id at all: that
// was told when the file was read.
func onceTold(r *folder.Record, found []diag.Finding) []diag.Finding {
	return slices.DeleteFunc(found, func(x diag.Finding) bool { return x.Path != "" && samePlace(x, r.Findings) })
}

func samePlace(x diag.Finding, others []diag.Finding) bool {
	return slices.ContainsFunc(others, func(e diag.Finding) bool { return e.File == x.File && e.Path == x.Path })
}

// follows reports whether a finding only follows from a sealed file not being what was
// sealed, or from a copy: whoever takes that change back is rid of it.
func follows(r *folder.Record, told settled, x diag.Finding) bool {
	if told.silent(x) {
		return true
	}
	changed := func(file string) bool { why, ok := told[file]; return ok && why.besides == nil }
	switch x.Rule {
	case "stage-moves":
		return slices.ContainsFunc(r.Moves, func(m recordfile.File[learner.Move]) bool { return changed(m.Path) })
	case "references": // a correction of what is not there any more
		return slices.ContainsFunc(r.Corrections, func(c recordfile.File[learner.Correction]) bool {
			if c.Path != x.File {
				return false
			}
			for p := range told {
				if changed(p) && strings.HasSuffix(p, "-"+c.Value.Corrects+".yaml") {
					return true
				}
			}
			return false
		})
	}
	return false
}

const (
	sealedName       = "sealed"
	fileNameName     = "file-name"
	datesInOrderName = "dates-in-order"
)

// look is one record being looked at, by one rule after the other.
type look struct {
	folder *folder.Folder
	record *folder.Record // nil for a rule of the whole folder
	facts  []Facts        // for such a rule: of every record

	rule Rule           // that looks
	out  []diag.Finding // what it finds

	day   date.Date // today; zero while an act is checked, when nothing is late yet
	until date.Date // see Verdict.Until

	lone bool // one file of the record is at hand, and what it names elsewhere is not looked for

	byID func(id string) string // the name of a rule by its id, "" for none; nil while an act is checked

	changed    map[string]bool    // by path: files that are not what was sealed; filled by the rule sealed
	renamed    map[string]string  // by path: files that are what a seal holds under another name, and that seal's path
	settled    settled            // files of which a rule told all
	sealLost   bool               // a file that was sealed is not there; filled by the rule sealed
	misordered map[said]otherDate // dates before others that they should follow
	lacking    map[said]lack      // what is missing where findings point; see oneEach

	known known
}

// known is what one rule looked up, for all that follow.
type known struct {
	seals, own seal.Chain // see chain and ownChain
	texts      []docTexts
	fronts     []docTexts // see fronts
	names      []name
	named      bool // names were looked up
	words      planWords
	judged     bool // words were
	adults     answer
	lacking    []string // codes that the pathway names and does not have; nil before it was looked
	reviewed   []recordfile.File[learner.Cycle]
	corrected  map[string]learner.Cycle // by path, where there are corrections
}

// nameOf is the name of a rule by its id, in any case; "" where there is none.
func (l *look) nameOf(id string) string {
	if l.byID == nil {
		return ""
	}
	return l.byID(id)
}

// nameByID looks in the list of rules, which no rule can: it is of that list itself.
func nameByID(id string) string {
	for r := range eachRule {
		if strings.EqualFold(r.ID, id) {
			return r.Name
		}
	}
	return ""
}

// doc is the part of a record file that a finding needs.
type doc struct {
	path string
	tree *yamldoc.Doc
}

func docOf[T any](f recordfile.File[T]) doc { return doc{f.Path, f.Doc} }

// node is what stands at a path of the file; nil for the whole of it, and for what is not
// there.
func (d doc) node(at string) *yamldoc.Node {
	if d.tree == nil || at == "" {
		return nil
	}
	p, err := yamldoc.ParsePath(at)
	if err != nil {
		return nil
	}
	return d.tree.Find(p)
}

// span is where that stands, zero for what is not there.
func (d doc) span(at string) diag.Span {
	if n := d.node(at); n != nil {
		return n.Span
	}
	return diag.Span{}
}

// find adds a finding of the rule's own severity at a path of a file. Neither message
// nor hint may hold a value of the record.
func (l *look) find(d doc, at, message, hint string, related ...diag.Related) {
	l.add(l.rule.Severity, d, at, message, hint)
	l.out[len(l.out)-1].Related = related
}

// indexed fills the places of a list into a path, each into the next []. Most of what is
// looked at is fine: so a path is made only where there is something to tell.
func indexed(path string, places ...int) string {
	for _, i := range places {
		path = strings.Replace(path, "[]", "["+strconv.Itoa(i)+"]", 1)
	}
	return path
}

// related is another place a finding speaks of.
func related(d doc, at, message string) diag.Related {
	return diag.Related{File: d.path, Path: at, Message: message, Span: d.span(at)}
}

// error adds a finding at a path of a file; the place is looked up in its document.
func (l *look) error(d doc, at, message, hint string) { l.add(diag.Error, d, at, message, hint) }

// findBeside is find for what is not there: it points at what stands where that belongs.
func (l *look) findBeside(d doc, at, beside, message, hint string) {
	l.find(d, at, message, hint)
	if x := &l.out[len(l.out)-1]; d.node(at) == nil {
		x.Span = d.span(beside)
	}
}

func (l *look) add(severity diag.Severity, d doc, at, message, hint string) {
	f := diag.Finding{Rule: l.rule.Name, Severity: severity, File: d.path, Path: at, Message: message, Hint: hint}
	if n := d.node(at); n != nil {
		f.Span, f.Value = n.Span, n.Value
		f.Path = pathShown(at)
	}
	l.out = append(l.out, f)
}

// pathShown is a path up to the first key that may be somebody's words.
func pathShown(at string) string {
	p, err := yamldoc.ParsePath(at)
	if err != nil {
		return at
	}
	for i, s := range p {
		if s.IsKey() && (!diag.ShowsKey(s.Key) || strings.Contains(s.Key, "-")) { // no kind of file has one with a hyphen
			return strings.TrimPrefix(p[:i].String()+"."+diag.HiddenKey, ".")
		}
	}
	return at
}

// findAt adds a finding of the rule's own severity where no value stands, as at a
// comment. What is written there is shown only where values are.
func (l *look) findAt(d doc, at diag.Span, written, message, hint string) {
	l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: l.rule.Severity, File: d.path, Span: at, Value: written, Message: message, Hint: hint})
}

// shown is an id as a finding may bear it: one that is none may be anything that a
// hand wrote there, a child's name too.
func shown(id string) string {
	if ids.ValidFile(id) {
		return id
	}
	return "ID"
}
