package yamldoc

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Weigh judges a text that was repaired on trial and can be read: everything wrong with
// it by the rules of its kind, what the intake found included, and how much of that is a
// thing in the wrong place or missing, as it is where a repair was the wrong one.
type Weigh func(doc *Doc, found []diag.Finding) (all []diag.Finding, astray int)

// The bounds of a search, which is run only over files that cannot be read: what it costs
// is seen by nobody whose files are sound.
const (
	mostTries      = 600
	mostTriedBytes = 2 << 20
	mostLineBytes  = 4 << 10 // of a line that is repaired rather than left out
)

// OneSlip looks for the one slip that spoils src: a library tells where it could not go
// on, which may be many lines below the line that is wrong. One line at a time is repaired
// on trial, as a person would: begun at another column, given the colon, space, dash,
// bracket or quote it wants, or left out. Where the repair of one line alone makes the
// whole file what it should be, the finding stands at that line and says what the repair
// was; what else is wrong with the file follows it. Where none does, or that of several
// lines, ok is false. Nothing is ever repaired: the file stays refused.
func OneSlip(file string, src []byte, weigh Weigh) (found []diag.Finding, ok bool) {
	if len(src) > MaxSize {
		return nil, false
	}
	f := &faults{file: file, src: src, at: newPlaces(src)}
	told, ok := f.doubtful()
	if !ok {
		return nil, false
	}
	s := &search{file: file, src: src, at: f.at, told: told.Span.Start.Line - 1, weigh: weigh}
	s.cut()
	for i, lines := range [][]int{s.lines(0, nearLines), s.lines(nearLines, len(f.at.starts))} {
		if s.works = map[int]repair{}; i > 0 {
			s.part = part{}
		}
		s.tryAll(lines, s.small)
		if best, ok := s.best(); !ok || len(best.all) > 0 { // nothing is as well as without
			s.tryAll(lines, s.without)
		}
		if len(s.works) == 0 {
			continue
		}
		best, ok := s.best()
		if !ok {
			return nil, false // of several lines each could be the one
		}
		return s.tell(best, told), true
	}
	return nil, false
}

// doubtful gives the finding that stopped the intake, where it is of the kind that may be
// told at the wrong line. false for all others.
func (f *faults) doubtful() (diag.Finding, bool) {
	mask := f.charFaults()
	if mask == nil {
		return diag.Finding{}, false
	}
	mask = f.frameFaults(mask)
	f.list = slices.DeleteFunc(f.list, func(x diag.Finding) bool { return x.Rule != "yaml-document" })
	if len(f.list) > 0 {
		return f.list[0], true
	}
	quick := &faults{file: f.file, src: f.src, at: f.at, quick: true}
	if root, _ := quick.read(); root != nil {
		for _, x := range quick.list {
			if x.Rule == lostWords && x.Message == joinedItem || x.Message == joinedKey {
				return x, true
			}
		}
		return diag.Finding{}, false
	}
	if quick.unread == nil {
		for _, x := range quick.list {
			if x.Rule == "yaml-plain" || x.Rule == "yaml-root" {
				return x, true
			}
		}
		return diag.Finding{}, false
	}
	f.sure = false
	f.syntax(mask, quick.unread)
	if f.sure || len(f.list) == 0 || f.list[0].Rule == "yaml-tab" {
		return diag.Finding{}, false
	}
	return f.list[0], true
}

// search is the state of OneSlip.
type search struct {
	file  string
	src   []byte
	at    *places
	told  int // the line from 0 that the intake named
	weigh Weigh
	part  part

	room  Room
	tries int
	bytes int
	works map[int]repair // the best repair of each line of which one works
}

// repair is one line written otherwise.
type repair struct {
	line    int // from 0
	text    string
	off     int // where on the line the slip is, in bytes
	message string
	hint    string

	all  []diag.Finding // what is wrong with the file once it is repaired
	odd  int            // lines that do not stand in the house style then
	rank int
}

// tryAll tries the repairs of a stage, line by line.
func (s *search) tryAll(lines []int, stage func(int) []repair) {
	for _, line := range lines {
		for _, r := range stage(line) {
			if !s.try(&r) {
				continue
			}
			if b, again := s.works[line]; !again || r.better(b) {
				s.works[line] = r
			}
		}
	}
}

// best gives the repair that leaves least that is wrong; false where there is none, or
// where those of two lines leave the same.
func (s *search) best() (best repair, ok bool) {
	for _, r := range s.works {
		if !ok || r.less(best) {
			best, ok = r, true
		}
	}
	for line, r := range s.works {
		if line != best.line && !best.less(r) {
			return best, false
		}
	}
	return best, ok
}

// less reports whether r leaves less that is wrong or odd than b.
func (r repair) less(b repair) bool {
	if len(r.all) != len(b.all) {
		return len(r.all) < len(b.all)
	}
	return r.odd < b.odd
}

func (r repair) better(b repair) bool { return r.less(b) || !b.less(r) && r.rank < b.rank }

// nearLines is how many lines above the line told, and below it, are tried before others.
const nearLines = 12

// lines are those at a distance from the line told of at least from and less than to,
// those nearest first. What stopped a reader mostly stands above the place where it
// stopped.
func (s *search) lines(from, to int) []int {
	var out []int
	for d := from; d < min(to, len(s.at.starts)); d++ {
		if l := s.told - d; l >= 0 {
			out = append(out, l)
		}
		if l := s.told + d; d > 0 && l < len(s.at.starts) {
			out = append(out, l)
		}
	}
	return out
}

// part is a piece of the file, round the line told, with the lines it is below: what is
// tried in vain is mostly found out on it, so that a long file costs little more than a
// short one. No lines, where the piece is no help.
type part struct {
	above    []byte // the lines that those from first on are below
	from, to int    // the bytes of the file that follow
}

// cut makes the part, which must have the fault of the whole.
func (s *search) cut() {
	first := max(0, s.told-nearLines)
	last := min(len(s.at.starts)-1, s.told+nearLines)
	p := part{from: s.at.starts[first], to: s.at.nextLine(s.at.starts[last])}
	in, _ := s.body(first)
	var above [][]byte
	for l := first - 1; l >= 0 && in > 0; l-- {
		indent, body := s.body(l)
		if body == "" || body[0] == '#' || indent >= in {
			continue
		}
		in = indent
		above = append(above, s.src[s.at.starts[l]:s.at.nextLine(s.at.starts[l])])
	}
	for _, l := range slices.Backward(above) {
		p.above = append(p.above, l...)
	}
	if s.reads(slices.Concat(p.above, s.src[p.from:p.to])) == nil {
		s.part = p
	}
}

// reads gives the text as a document, nil where it cannot be read.
func (s *search) reads(text []byte) *Doc {
	s.bytes += len(text)
	defer s.room.Clear()
	doc, _ := s.room.attempt(s.file, text)
	if doc == nil {
		return nil
	}
	return &Doc{}
}

// try reads the file with the repair; false when it is not what it should be then.
func (s *search) try(r *repair) bool {
	if s.tries >= mostTries || s.bytes >= mostTriedBytes {
		return false
	}
	s.tries++
	start, end := s.lineAt(r.line)
	if p := s.part; p.to > 0 && start >= p.from && end <= p.to &&
		s.reads(slices.Concat(p.above, s.src[p.from:start], []byte(r.text), s.src[end:p.to])) == nil {
		return false
	}
	text := slices.Concat(s.src[:start], []byte(r.text), s.src[end:])
	s.bytes += len(text)
	defer s.room.Clear()
	doc, found := s.room.attempt(s.file, text)
	if doc == nil || r.text != "" && s.swallowed(doc, r.line) || r.text == "" && s.opens(r.line) && s.swallowed(doc, s.below(r.line)) {
		return false
	}
	all, astray := s.weigh(doc, found)
	if astray > 0 || slices.ContainsFunc(all, func(x diag.Finding) bool {
		// A text that a line was joined to by the repair, and is none.
		return x.Span.Start.Line < x.Span.End.Line && x.Span.Start.Line <= r.line+2 && r.line <= x.Span.End.Line
	}) {
		return false
	}
	r.all, r.odd = all, oddLines(text)
	return true
}

// opens reports whether a line is a key alone, to which the lines below it belong.
func (s *search) opens(line int) bool {
	_, body := s.body(line)
	return strings.HasSuffix(body, ":")
}

// below is the next line that is not empty.
func (s *search) below(line int) int {
	for line++; line < len(s.at.starts); line++ {
		if _, body := s.body(line); body != "" {
			break
		}
	}
	return line
}

// swallowed reports whether a line with a key, or below one, became part of a text of
// several lines.
func (s *search) swallowed(doc *Doc, line int) bool {
	_, body := s.body(line)
	v := strings.TrimLeft(body, "- ")
	if v == "" || !s.opens(line-1) && (!strings.Contains(v, ": ") && !strings.HasSuffix(v, ":") || !isKeyByte(v[0])) {
		return false
	}
	var begins func(n *Node) bool
	begins = func(n *Node) bool {
		for _, p := range n.Pairs {
			if p.Key.Span.Start.Line == line+1 || begins(p.Value) {
				return true
			}
		}
		return slices.ContainsFunc(n.Items, func(it *Node) bool { return it.Span.Start.Line == line+1 || begins(it) })
	}
	return !begins(doc.root)
}

// attempt is Parse of a text that is nobody's: no document where it has a fault that
// loses words or that a library stumbles over, and no search for its place.
func (r *Room) attempt(file string, src []byte) (*Doc, []diag.Finding) {
	if len(src) > MaxSize {
		return nil, nil
	}
	if r.reader.slabs == nil {
		r.slabs.reuse()
		r.reader.slabs = &r.slabs
	}
	at := r.places(src)
	if root := r.readPlain(src, at); root != nil {
		return &Doc{file: file, src: src, root: root, at: at}, nil
	}
	f := &faults{file: file, src: src, at: at, quick: true}
	root, _ := f.read()
	if root == nil {
		return nil, nil
	}
	for _, x := range f.list {
		switch x.Rule {
		case lostWords, "yaml-syntax", "yaml-tab", "yaml-key", "yaml-duplicate-key", "yaml-document", "yaml-merge":
			return nil, nil
		}
	}
	return &Doc{file: file, src: src, root: root, at: at}, diag.Sort(f.list)
}

// lineAt gives the bytes of a line, without its line end.
func (s *search) lineAt(line int) (start, end int) {
	start = s.at.starts[line]
	return start, s.at.lineEnd(start)
}

// body is a line without its indentation, and how much that is. Lines outside of the file
// are empty.
func (s *search) body(line int) (indent int, body string) {
	if line < 0 || line >= len(s.at.starts) {
		return 0, ""
	}
	start, end := s.lineAt(line)
	text := string(s.src[start:end])
	body = strings.TrimLeft(text, " ")
	return len(text) - len(body), strings.TrimRight(body, " ")
}

// tell gives what is told of the file: the slip, and what else is wrong with it.
func (s *search) tell(r repair, told diag.Finding) []diag.Finding {
	start, end := s.lineAt(r.line)
	f := told
	if r.line != s.told || r.message != "" && vague(told.Message) {
		off := min(start+r.off, end)
		f = diag.Finding{Rule: "yaml-syntax", Severity: diag.Error, File: s.file, Message: r.message, Hint: r.hint,
			Span: s.at.span(off, end), Value: s.at.line(r.line + 1)}
	}
	out := []diag.Finding{f}
	old, now := string(s.src[start:end]), r.text
	same := 0 // bytes at the beginning of the line that the repair left
	for same < min(len(old), len(now)) && old[same] == now[same] {
		same++
	}
	move := func(p diag.Pos) diag.Pos {
		switch {
		case p.Line == 0 || p.Offset < start+same:
			return p
		}
		if p.Line == r.line+1 {
			p.Col = max(1, min(p.Col+len(old)-len(now), len(old)+1))
		}
		p.Offset = min(max(p.Offset+len(old)-len(now), start), len(s.src))
		return p
	}
	for _, x := range r.all {
		if x.Span.Start.Line == r.line+1 {
			continue // which follows from the slip, or from how it was repaired
		}
		x.Span.Start, x.Span.End = move(x.Span.Start), move(x.Span.End)
		for i := range x.Related {
			if x.Related[i].File == s.file {
				x.Related[i].Span.Start, x.Related[i].Span.End = move(x.Related[i].Span.Start), move(x.Related[i].Span.End)
			}
		}
		out = append(out, x)
	}
	return diag.Sort(out)
}

// vague reports whether what is told of a line says little of what to do about it.
func vague(message string) bool {
	for _, v := range []string{"this line cannot be read", "this line does not go on", "this line is indented"} {
		if strings.HasPrefix(message, v) {
			return true
		}
	}
	return false
}

// oddLines counts the lines that begin further in by another step than the house style
// has: two spaces, or four below the key behind a dash.
func oddLines(text []byte) int {
	odd, above, dash := 0, 0, false
	for line := range bytes.Lines(text) {
		body := bytes.TrimLeft(line, " ")
		if len(bytes.TrimSpace(body)) == 0 || body[0] == '#' {
			continue
		}
		indent := len(line) - len(body)
		if step := indent - above; indent%2 != 0 || step > 0 && step != 2 && !(dash && step == 4) || step == 0 && !dash && body[0] == '-' {
			odd++
		}
		above, dash = indent, body[0] == '-'
	}
	return odd
}
