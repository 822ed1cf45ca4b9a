package yamldoc

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/sendctl/sendctl/pkg/diag"
)

// placer walks the library's tree and the source side by side, in the order of
// the file: the library says what is there, the walk finds where it begins and
// ends (the library knows only beginnings) and judges how it is written. The two
// must agree at every step; where they do not, the file is refused.
type placer struct {
	*faults
	text  []byte // the source as the library read it
	cur   int
	depth int
	last  *Node // the node a trailing comment would belong to
	left  int   // column of the innermost list or map of lines, from 1; 0 outside of any
	flow  int   // brackets and braces round the cursor
	tab   int   // line index+1 of the last tab told
}

// misplaced stops a walk that lost its way at off.
type misplaced struct{ off int }

// tooDeep stops a walk at the depth limit.
type tooDeep struct{ off int }

// place gives the tree of the document; false when it cannot be used.
func (p *placer) place(n *yaml.Node) (root *Node, ok bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case misplaced:
			root, ok = nil, false
			off := min(r.off, len(p.text))
			p.path = nil
			p.add("yaml-plain", off, off, "this cannot be followed: it is YAML, but not of the plain kind", "write it as in the examples: key, colon, space, value")
		case tooDeep:
			root, ok = nil, false
			p.path = nil
			p.add("yaml-depth", r.off, r.off, "more than 32 lists and maps within each other", "a record file needs few of them: look for brackets or dashes too many, or lines that begin further and further in")
		default:
			panic(r)
		}
	}()
	p.skip()
	if isMarker(p.text[p.cur:p.at.lineEnd(p.cur)], "---") {
		p.cur += 3
	}
	root = p.node(n, false)
	p.skip()
	if p.cur < len(p.text) && len(p.list) == 0 {
		panic(misplaced{p.cur})
	}
	if root.Kind == Scalar {
		rule, what := "yaml-root", "the file holds one text; it should hold keys with values"
		hint := "begin with a line such as: format: cycle/v1"
		if root.empty() {
			rule, what, hint = "yaml-empty", "the file is empty", emptyHint
		}
		p.add(rule, root.start(), root.end(), what, hint)
		return nil, false
	}
	return root, true
}

// node places n, whose text is the next in the source.
func (p *placer) node(n *yaml.Node, flow bool) *Node {
	if n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0 {
		return p.nothing(n)
	}
	p.skip()
	p.properties()
	switch n.Kind {
	case yaml.ScalarNode:
		return p.scalar(n, flow)
	case yaml.AliasNode:
		start := p.cur
		p.cur += 1 + len(n.Value)
		p.mark(start, "yaml-anchor", "this points at text elsewhere in the file (an alias)", quoteHint("*"))
		return p.leaf(&Node{Kind: Scalar, Tag: Str, Style: Plain, Value: "*" + n.Value}, start)
	case yaml.MappingNode, yaml.SequenceNode:
		if p.depth++; p.depth > MaxDepth {
			panic(tooDeep{p.cur})
		}
		defer func() { p.depth-- }()
		switch {
		case n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle != 0:
			return p.flowMap(n)
		case n.Kind == yaml.MappingNode:
			return p.blockMap(n)
		case n.Style&yaml.FlowStyle != 0:
			return p.flowList(n)
		}
		return p.blockList(n)
	}
	panic(misplaced{p.cur})
}

// nothing places a value nobody wrote.
func (p *placer) nothing(n *yaml.Node) *Node {
	start, at := p.cur, p.cur
	for at < len(p.text) && p.text[at] == ' ' {
		at++
	}
	if at < len(p.text) && (p.text[at] == '&' || p.text[at] == '!') {
		p.cur = at
		p.properties()
		start = min(p.cur, p.at.lineEnd(at))
	}
	p.cur = start
	return p.leaf(&Node{Kind: Scalar, Tag: Null, Style: Plain}, start)
}

// leaf closes n, which runs from start to the cursor.
func (p *placer) leaf(n *Node, start int) *Node {
	n.Span = p.at.span(start, p.cur)
	p.last = n
	return n
}

// properties steps over anchors and tags before a node and refuses them.
func (p *placer) properties() {
	for p.cur < len(p.text) {
		c := p.text[p.cur]
		if c != '&' && c != '!' {
			return
		}
		start := p.cur
		for p.cur < len(p.text) && !isBlank(p.text[p.cur]) && !isFlowMark(p.text[p.cur]) {
			p.cur++
		}
		if c == '&' {
			p.mark(start, "yaml-anchor", "this marks text to be used elsewhere (an anchor)", quoteHint("&"))
		} else {
			p.mark(start, "yaml-tag", "this is a YAML tag", quoteHint("!"))
		}
		for p.cur < len(p.text) && p.text[p.cur] == ' ' {
			p.cur++
		}
		if p.cur < len(p.text) && (p.text[p.cur] == '\n' || p.text[p.cur] == '\r' || p.text[p.cur] == '#') {
			p.skip()
		}
	}
}

// mark notes a fault from start to the cursor.
func (p *placer) mark(start int, rule, message, hint string) *diag.Finding {
	return p.add(rule, start, p.cur, message, hint)
}

func quoteHint(c string) string {
	return "write the value itself; text that begins with " + c + ` goes in double quotes: "` + c + `…"`
}

// expect steps over the byte c.
func (p *placer) expect(c byte) {
	if p.cur >= len(p.text) || p.text[p.cur] != c {
		panic(misplaced{p.cur})
	}
	p.cur++
}

// next is the byte at the cursor, 0 at the end of the file.
func (p *placer) next() byte {
	if p.cur < len(p.text) {
		return p.text[p.cur]
	}
	return 0
}

// skip steps over blanks, line ends and comments. A comment on the line of the
// last node is that node's; tabs are refused here, where they would be layout.
func (p *placer) skip() {
	sameLine := true
	for p.cur < len(p.text) {
		switch c := p.text[p.cur]; c {
		case ' ', '\r':
			p.cur++
		case '\n':
			sameLine = false
			p.cur++
		case '\t':
			p.tabFault(p.cur)
			p.cur++
		case '#':
			p.commentAt(sameLine)
		default:
			return
		}
	}
}

func (p *placer) tabFault(off int) {
	line := p.at.lineOf(off)
	if p.tab == line+1 {
		return
	}
	p.tab = line + 1
	what := "a tab between the words of the line"
	if len(bytes.TrimLeft(p.text[p.at.starts[line]:off], " \t")) == 0 {
		what = "the line is indented with a tab"
	}
	p.add("yaml-tab", off, off+1, what, "use spaces")
}

// commentAt steps over the comment at the cursor.
func (p *placer) commentAt(sameLine bool) {
	start := p.cur
	end := p.at.lineEnd(start)
	p.cur = end
	if start > 0 && !isBlank(p.text[start-1]) {
		p.mark(start, "yaml-comment", "there is no space before the # of this comment", "put a space before #")
	}
	if !sameLine || p.last == nil {
		return
	}
	n := p.last
	if n.end() > start || p.at.lineOf(n.end()) != p.at.lineOf(start) {
		return
	}
	n.Comment = strings.TrimSpace(string(p.text[start+1 : end]))
	if n.Kind == Scalar && n.Style == Plain && end > start+1 && !isBlank(p.text[start+1]) {
		p.hashFault(n, start, end)
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isFlowMark(c byte) bool {
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'
}

// scalar places a scalar with text.
func (p *placer) scalar(n *yaml.Node, flow bool) *Node {
	start := p.cur
	out := &Node{Kind: Scalar, Tag: Str, Value: n.Value}
	if p.at.lineOf(start)+1 != n.Line && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		panic(misplaced{start})
	}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		out.Style = DoubleQuoted
		p.quoted('"')
		p.goesOn(start)
	case n.Style&yaml.SingleQuotedStyle != 0:
		out.Style = SingleQuoted
		p.quoted('\'')
		p.goesOn(start)
	case n.Style&yaml.LiteralStyle != 0:
		out.Style = Literal
		p.block(out, '|')
	case n.Style&yaml.FoldedStyle != 0:
		out.Style = Folded
		p.block(out, '>')
	default:
		out.Style = Plain
		p.plain(out, flow)
	}
	return p.leaf(out, start)
}

// quoted steps over a quoted scalar.
func (p *placer) quoted(q byte) {
	p.expect(q)
	for p.cur < len(p.text) {
		c := p.text[p.cur]
		p.cur++
		switch {
		case c == '\\' && q == '"':
			if p.next() == '\'' { // which the library lets pass, alone among readers
				p.add("yaml-syntax", p.cur-1, p.cur+1, `a \ in double quotes begins a special character, and there is none like this`, `write ' without the \`)
			}
			p.cur++
		case c == q && q == '\'' && p.next() == q:
			p.cur++
		case c == q:
			return
		}
	}
	panic(misplaced{p.cur})
}

// goesOn judges the further lines of what was begun in quotes or brackets at start:
// some readers want them further in than the key or dash it belongs to.
func (p *placer) goesOn(start int) {
	if p.flow > 0 {
		return // the outermost brackets are judged as a whole
	}
	for at := p.at.nextLine(start); at < p.cur; at = p.at.nextLine(at) {
		line := p.text[at:p.at.lineEnd(at)]
		in := len(line) - len(bytes.TrimLeft(line, " "))
		rest := bytes.TrimLeft(line[in:], " \t")
		switch {
		case in >= p.left || len(rest) == 0 || rest[0] == '#':
			continue
		case line[in] == '\t':
			p.tabFault(at + in)
		default:
			p.add("yaml-syntax", at+in, at+len(line), "this line goes on with what was begun in quotes or brackets above it, and does not stand further in",
				"begin it further in than the key or the dash above it, a closing bracket too")
		}
		return
	}
}

// follow steps over the characters of value that are not blank, each of which
// stands in the source as itself, and whatever blanks lie between them.
func (p *placer) follow(value string) {
	for i := range len(value) {
		c := value[i]
		if isBlank(c) {
			continue
		}
		for p.cur < len(p.text) && isBlank(p.text[p.cur]) {
			p.cur++
		}
		p.expect(c)
	}
}

// plain steps over a plain scalar and judges it.
func (p *placer) plain(n *Node, flow bool) {
	start := p.cur
	p.follow(n.Value)
	text := p.text[start:p.cur]
	if flow && n.Value == "-" {
		p.lost(start, p.cur, "a dash alone, in brackets or braces: some readers cannot read it", "put it in double quotes")
	}
	if i := bytes.IndexByte(text, '\t'); i >= 0 {
		p.tabFault(start + i)
	}
	if !flow && bytes.IndexByte(text, '\n') >= 0 {
		p.joinedFault(start, p.cur)
	}
	if flow && (bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, ':') >= 0) {
		if _, fault := classify(n.Value); fault == bareFine {
			p.flowTextFault(start, p.cur)
		}
	}
}

// emptyBefore judges the empty lines between the opening of a text of several lines and
// its first words, which may not stand further in than these.
func (p *placer) emptyBefore(value string) {
	most, where := 0, 0
	for at := p.at.nextLine(p.cur); at < len(p.text); at = p.at.nextLine(at) {
		line := p.text[at:p.at.lineEnd(at)]
		in := len(line) - len(bytes.TrimLeft(line, " "))
		if in < len(line) {
			if in < most && in > 0 && (strings.TrimSpace(value) != "" || line[in] == '#') {
				p.add("yaml-syntax", where, where+most, "an empty line that begins with more spaces than the line below it", "take the spaces out")
			}
			return
		}
		if in > most {
			most, where = in, at
		}
		if p.at.nextLine(at) <= at {
			return
		}
	}
}

// block steps over a literal or folded text: header, then its lines.
func (p *placer) block(n *Node, mark byte) {
	p.expect(mark)
	for c := p.next(); c == '+' || c == '-' || c >= '1' && c <= '9'; c = p.next() {
		p.cur++
	}
	n.header = int32(p.cur)
	header := p.at.lineEnd(p.cur)
	end := header // of what is no comment
	if i := bytes.IndexByte(p.text[p.cur:header], '#'); i >= 0 {
		if i == 0 {
			p.add("yaml-comment", p.cur, header, "there is no space before the # of this comment", "put a space before #")
		}
		end = p.cur + i
		n.Comment = strings.TrimSpace(string(p.text[p.cur+i+1 : header]))
	}
	if i := bytes.IndexByte(p.text[p.cur:end], '\t'); i >= 0 {
		p.tabFault(p.cur + i)
	}
	p.cur = header
	p.emptyBefore(n.Value)
	p.follow(n.Value)
	p.cur = p.at.lineEnd(p.cur)
	// Blank lines after the last words belong to the value if it says so.
	rest := n.Value[len(strings.TrimRight(n.Value, " \t\n")):]
	if strings.TrimPrefix(rest, "\n") == "" {
		return
	}
	for {
		next := p.at.nextLine(p.cur)
		if next <= p.cur || next >= len(p.text) || len(bytes.TrimSpace(p.text[next:p.at.lineEnd(next)])) > 0 {
			return
		}
		p.cur = p.at.lineEnd(next)
	}
}
