package linter

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Mend is one fault that a fix puts right.
type Mend struct {
	Rule string `json:"rule"`
	Path string `json:"path,omitempty"`
	What string `json:"what"` // what is done, in words
}

// Fix is what one file would be with all put right that can be without asking anybody
// what was meant. Each change is a splice of its own bytes, proved to leave the rest
// of the meaning as it was, and to bring no new error.
type Fix struct {
	File     string
	Was, Now []byte
	Mends    []Mend
}

// Mended gives a record file with what is safe put right; ok is false where that is
// nothing. What is safe: quotes round a code, ratio or number that is meant as text, the
// line end of the last line, a byte order mark taken off, the letters of a UPN in
// capitals, and the lists that must be in order of date put in order.
func Mended(file string, src []byte) (fix Fix, ok bool) {
	kind, known := recordfile.KindAt(file)
	if !known || !slices.Contains(fixableKinds(), kind) {
		return Fix{}, false
	}
	m := mender{file: file, kind: kind, src: src}
	m.markTaken()
	m.lineEnded()
	for again := true; again; {
		again = m.quoted() || m.capitals() || m.ordered()
	}
	if len(m.done) == 0 || bytes.Equal(src, m.src) {
		return Fix{}, false
	}
	return Fix{File: file, Was: src, Now: m.src, Mends: m.done}, true
}

// fixableKinds are the kinds of file that people write by hand. The others are made by
// the act that seals them, and one without its seal is no fault of spelling.
func fixableKinds() []recordfile.Kind {
	return []recordfile.Kind{
		recordfile.Setting, recordfile.People, recordfile.Pathway, recordfile.Identity, recordfile.Learner, recordfile.Contacts,
		recordfile.Cycle, recordfile.Request, recordfile.Advice, recordfile.Passport, recordfile.Profile, recordfile.Readings,
	}
}

// Fixes are what can be put right of what was found, a fix for each file, in order of
// their paths; and it marks the findings that these put right as fixable. A file that is
// sealed or agreed has none.
func Fixes(f *folder.Folder, found []diag.Finding) ([]Fix, error) {
	var out []Fix
	seen := map[string]bool{}
	for _, x := range found {
		if seen[x.File] || !slices.Contains(fixableRules(), x.Rule) {
			continue
		}
		seen[x.File] = true
		src, bad, err := f.ReadFile(x.File)
		if err != nil || bad != nil {
			continue // whoever reads the record tells of that
		}
		fix, ok := Mended(x.File, src)
		if !ok {
			continue
		}
		open, err := writable(f, x.File)
		if err != nil {
			return nil, err
		}
		if open {
			out = append(out, fix)
		}
	}
	slices.SortFunc(out, func(a, b Fix) int { return strings.Compare(a.File, b.File) })
	for i, x := range found {
		for _, fix := range out {
			if fix.File == x.File && slices.ContainsFunc(fix.Mends, func(m Mend) bool {
				return m.Rule == x.Rule && (m.Path == x.Path || m.Rule == datesInOrder && strings.HasPrefix(x.Path, m.Path+"["))
			}) {
				found[i].Fixable = true
			}
		}
	}
	return out, nil
}

// upnCapitals is told of a whole record in place of the shape of its UPN.
const (
	datesInOrder = "dates-in-order"
	upnCapitals  = "upn-capitals"
)

// fixableRules are the rules of which something may be mended.
func fixableRules() []string {
	return []string{"yaml-bare-code", "yaml-bom", "yaml-final-newline", "shape", upnCapitals, datesInOrder}
}

// writable reports whether a file is one that may still change: not sealed, not a
// review that ought to be, not an agreed passport or profile.
func writable(f *folder.Folder, file string) (bool, error) {
	parts := strings.SplitN(file, "/", 3)
	if len(parts) < 3 || parts[0] != "learners" {
		return true, nil
	}
	r, _, err := f.LoadAnyway(parts[1])
	if err != nil {
		return false, err
	}
	for name, b := range r.Seals {
		s, err := seal.Parse(b)
		if err != nil { // a damaged one still says by its name what it is the seal of
			id, _, _ := strings.Cut(name, "-")
			if strings.HasSuffix(file, "-"+id+".yaml") {
				return false, nil
			}
			continue
		}
		if !s.Living() && path.Join(r.Dir, s.Path) == file {
			return false, nil
		}
	}
	for _, c := range r.Cycles {
		if c.Path == file && c.Value.Review != nil {
			return false, nil
		}
	}
	for _, q := range r.Requests {
		if q.Path == file && !q.Value.Sent.IsZero() {
			return false, nil
		}
	}
	agreed := r.Passport.Path == file && len(r.Passport.Value.Agreed) > 0 || r.Profile.Path == file && len(r.Profile.Value.Agreed) > 0
	return !agreed, nil
}

// mender puts one file right, a step at a time. Each step proves itself before it counts.
type mender struct {
	file string
	kind recordfile.Kind
	src  []byte
	done []Mend
}

// read gives the document and its faults; nil where there is no tree to prove by.
func (m *mender) read(src []byte) (*yamldoc.Doc, []diag.Finding) {
	doc, found, err := recordfile.Parse(m.file, m.kind, src)
	if err != nil {
		return nil, nil
	}
	return doc, found
}

func (m *mender) take(src []byte, mend Mend) {
	m.src = src
	m.done = append(m.done, mend)
}

// markTaken takes off a byte order mark. With it there is no tree; that the rest means
// the same is what the mark is for.
func (m *mender) markTaken() {
	rest, ok := bytes.CutPrefix(m.src, []byte("\ufeff"))
	if !ok {
		return
	}
	if doc, _ := m.read(rest); doc != nil {
		m.take(rest, Mend{Rule: "yaml-bom", What: "the byte order mark taken off"})
	}
}

// lineEnded ends the last line as the one before it ends.
func (m *mender) lineEnded() {
	if len(m.src) == 0 || m.src[len(m.src)-1] == '\n' {
		return
	}
	end := "\n"
	if i := bytes.LastIndexByte(m.src, '\n'); i > 0 && m.src[i-1] == '\r' {
		end = "\r\n"
	}
	next := append(slices.Clone(m.src), end...)
	was, before := m.read(m.src)
	now, after := m.read(next)
	if was != nil && now != nil && yamldoc.Same(was.Root(), now.Root()) && len(fresh(before, after)) == 0 {
		m.take(next, Mend{Rule: "yaml-final-newline", What: "the last line ended"})
	}
}

// quoted puts quotes round one value that is meant as text and that YAML takes for
// something else, or could.
func (m *mender) quoted() bool {
	doc, found := m.read(m.src)
	if doc == nil {
		return false
	}
	for _, x := range found {
		if x.Rule != "yaml-bare-code" && x.Rule != "shape" {
			continue
		}
		n, at := valueOf(doc, x)
		if n == nil || n.Style != yamldoc.Plain || n.Tag == yamldoc.Null || x.Rule == "shape" && n.Tag == yamldoc.Str {
			continue
		}
		if m.set(doc, found, at, n.Value, x, "quotes put round the value") {
			return true
		}
	}
	return false
}

// capitals writes the letters of a UPN large, where that makes it one.
func (m *mender) capitals() bool {
	if m.kind != recordfile.Identity {
		return false
	}
	doc, found := m.read(m.src)
	if doc == nil {
		return false
	}
	for _, x := range found {
		n, at := valueOf(doc, x)
		if x.Rule != "shape" || x.Path != "upn" && x.Path != "former_upn" || n == nil || n.Tag != yamldoc.Str {
			continue
		}
		x.Rule = upnCapitals
		if large := strings.ToUpper(n.Value); large != n.Value && ids.CheckUPN(large) == nil && m.set(doc, found, at, large, x, "written in capitals") {
			return true
		}
	}
	return false
}

// valueOf is the scalar that a finding speaks of, nil where it speaks of another thing.
func valueOf(doc *yamldoc.Doc, x diag.Finding) (*yamldoc.Node, yamldoc.Path) {
	at, err := yamldoc.ParsePath(x.Path)
	if err != nil || len(at) == 0 {
		return nil, nil
	}
	n := doc.Find(at)
	if n == nil || n.Kind != yamldoc.Scalar || n.Span != x.Span {
		return nil, nil
	}
	return n, at
}

// set writes a text in the place of a value, if that is one fault less and none more.
func (m *mender) set(doc *yamldoc.Doc, before []diag.Finding, at yamldoc.Path, text string, x diag.Finding, what string) bool {
	next, err := doc.Edit(yamldoc.Set(at, yamldoc.Code(text)))
	if err != nil || bytes.Equal(next.Bytes(), m.src) {
		return false
	}
	now, after := m.read(next.Bytes())
	if now == nil || len(after) >= len(before) || len(fresh(before, after)) > 0 {
		return false
	}
	m.take(next.Bytes(), Mend{Rule: x.Rule, Path: x.Path, What: what})
	return true
}

// fresh lists what after tells and before did not.
func fresh(before, after []diag.Finding) []diag.Finding {
	type key struct{ rule, path, message string }
	had := map[key]int{}
	for _, x := range before {
		had[key{x.Rule, x.Path, x.Message}]++
	}
	var out []diag.Finding
	for _, x := range after {
		k := key{x.Rule, x.Path, x.Message}
		if had[k]--; had[k] < 0 {
			out = append(out, x)
		}
	}
	return out
}

// ordered puts one of the lists that must be in order of date in that order.
func (m *mender) ordered() bool {
	if m.kind != recordfile.Learner {
		return false
	}
	doc, before := m.read(m.src)
	if doc == nil {
		return false
	}
	for _, key := range []string{"sen_provision", "enrolment"} {
		list := doc.Root().Get(key)
		order, ok := byDate(list)
		if !ok || waives(doc, key) {
			continue
		}
		next, ok := reordered(m.src, list, order)
		if !ok {
			continue
		}
		now, after := m.read(next)
		if now == nil || len(fresh(unplaced(before), unplaced(after))) > 0 || !yamldoc.Same(now.Root(), withOrder(doc.Root(), key, order)) {
			continue
		}
		m.take(next, Mend{Rule: datesInOrder, Path: key, What: "put in order of date, oldest first"})
		return true
	}
	return false
}

// unplaced leaves the numbers of list entries out of findings' paths.
func unplaced(found []diag.Finding) []diag.Finding {
	out := slices.Clone(found)
	for i := range out {
		out[i].Path, _, _ = strings.Cut(out[i].Path, "[")
	}
	return out
}

// waives reports whether a waiver names an entry of the list by its number.
func waives(doc *yamldoc.Doc, key string) bool {
	w := doc.Root().Get("waivers")
	return w != nil && slices.ContainsFunc(w.Items, func(it *yamldoc.Node) bool {
		at := it.Get("at")
		return at != nil && strings.HasPrefix(at.Value, key+"[")
	})
}

// byDate gives, for each place of a list ordered by from, the number of the entry that
// comes there; false where the list is in order, or an entry has no day.
func byDate(list *yamldoc.Node) (order []int, ok bool) {
	if list == nil || list.Kind != yamldoc.List {
		return nil, false
	}
	days := make([]date.Date, len(list.Items))
	for i, it := range list.Items {
		from := it.Get("from")
		if from == nil {
			return nil, false
		}
		d, err := date.Parse(from.Value)
		if err != nil {
			return nil, false
		}
		days[i] = d
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return days[a].Compare(days[b]) })
	return order, !slices.IsSorted(order)
}

// withOrder is the tree with the list under key in another order.
func withOrder(root *yamldoc.Node, key string, order []int) *yamldoc.Node {
	out := *root
	out.Pairs = slices.Clone(root.Pairs)
	for i, p := range out.Pairs {
		if p.Key.Value != key {
			continue
		}
		list := *p.Value
		list.Items = nil
		for _, n := range order {
			list.Items = append(list.Items, p.Value.Items[n])
		}
		out.Pairs[i].Value = &list
	}
	return &out
}

// reordered moves the entries of a list, each with its bytes: those of a list of lines
// with their whole lines, a comment behind them too. A comment on a line of its own
// between them might speak of either, so such a list is left alone.
func reordered(src []byte, list *yamldoc.Node, order []int) ([]byte, bool) {
	type piece struct{ start, end int }
	pieces := make([]piece, len(list.Items))
	for i, it := range list.Items {
		p := piece{it.Span.Start.Offset, it.Span.End.Offset}
		if list.Style == yamldoc.BlockColl {
			p.start = bytes.LastIndexByte(src[:p.start], '\n') + 1
			if n := bytes.IndexByte(src[max(p.end-1, 0):], '\n'); n >= 0 && it.Style != yamldoc.Literal && it.Style != yamldoc.Folded {
				p.end += n - 1
				if src[p.end-1] == '\r' {
					p.end--
				}
			}
		}
		if i > 0 && p.start < pieces[i-1].end {
			return nil, false
		}
		pieces[i] = p
	}
	for i := 1; i < len(pieces); i++ {
		if bytes.IndexByte(src[pieces[i-1].end:pieces[i].start], '#') >= 0 {
			return nil, false
		}
	}
	if list.Style == yamldoc.BlockColl {
		// What stands between the key and the first entry may be about that one.
		head := src[:pieces[0].start]
		line := head[bytes.LastIndexByte(bytes.TrimRight(head, " \r\n"), '\n')+1:]
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("#")) {
			return nil, false
		}
	}
	var out []byte
	at := 0
	for i, p := range pieces {
		from := pieces[order[i]]
		out = append(out, src[at:p.start]...)
		out = append(out, src[from.start:from.end]...)
		at = p.end
	}
	return append(out, src[at:]...), true
}
