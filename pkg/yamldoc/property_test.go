package yamldoc

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// nasty are texts that some YAML reads as something else, or cuts.
func nasty() []string {
	return []string{
		"yes", "No", "on", "y", "N", "null", "~", "true", "1", "0123", "1_000", "1:4", "1e3", ".5", "5.", "+1", ".inf", "2025-11-21", "2025-02-30",
		"2025-11-21T10:00:00Z", "=", "<<", "-", "- a", "--- a", "...", "?", "? a", ":", "a:", "a: b", ":a", "a #b", "#a", "a# b", "'a'", "\"a\"", "it's", "he said \"no\"",
		"@a", "`a`", "%a", "&a", "*a", "!a", "|", "|-", ">", "[a]", "{a}", "a, b", ",a", "]", "}", "a\\b", "\\", "\"", "'", "👩‍👩‍👧 ok", "é", "a\tb", "a\nb", "a\n\nb", "a\n  b\n c",
		"a: b\n# c\n- d", "a\n\tb", "a\n \nb", "\u202eabc", "a\x07b", "a\u2028b", "a\u0085b", "\ufeffa", "a\u00a0b", "a  b", "", "x'", "x\"", "a\n---\nb", "#\na", "a\nb:", "key: |", "a\r\nb\rc", "0x1F", "12 o'clock", "nan", "a\n   b\n\n\nc  \nd",
	}
}

func drawText(t *rapid.T) string {
	switch rapid.IntRange(0, 2).Draw(t, "kind of text") {
	case 0:
		return rapid.SampledFrom(nasty()).Draw(t, "nasty")
	case 1:
		return rapid.StringOfN(rapid.RuneFrom([]rune("ab yn01:#-'\"\\\n\t,[]{}&*!|>?%@`.=~é👍 ")), 0, 12, -1).Draw(t, "marks")
	}
	return rapid.String().Draw(t, "any")
}

func drawKey(t *rapid.T) string {
	if rapid.IntRange(0, 4).Draw(t, "odd key") > 0 {
		return rapid.SampledFrom([]string{"id", "words", "a", "b_c", "who", "score", "x1"}).Draw(t, "key")
	}
	return drawText(t)
}

func drawValue(t *rapid.T, depth int) Value {
	kind := rapid.IntRange(0, 6).Draw(t, "value")
	if depth <= 0 {
		kind %= 3
	}
	switch kind {
	case 0:
		return Words(drawText(t))
	case 1:
		return Code(drawText(t))
	case 2:
		return Raw(rapid.SampledFrom([]string{"1", "-2", "0.50", "true", "false", "2025-11-21", "6000.00"}).Draw(t, "raw"))
	case 3, 4:
		var kvs []KV
		seen := map[string]bool{}
		for range rapid.IntRange(0, 3).Draw(t, "pairs") {
			if k := drawKey(t); !seen[k] {
				seen[k] = true
				kvs = append(kvs, KV{k, drawValue(t, depth-1)})
			}
		}
		if kind == 3 {
			return MapOf(kvs...)
		}
		return FlowMap(kvs...)
	}
	var items []Value
	for range rapid.IntRange(0, 3).Draw(t, "items") {
		items = append(items, drawValue(t, depth-1))
	}
	if kind == 5 {
		return ListOf(items...)
	}
	return FlowList(items...)
}

// many is rapid.Check some thousand times over: an odd file is a rare thing.
func many(t *testing.T, prop func(*rapid.T)) {
	for range 20 {
		if rapid.Check(t, prop); t.Failed() {
			return
		}
	}
}

// TestEncodeThenParse holds that what is written reads back as what was given.
func TestEncodeThenParse(t *testing.T) {
	many(t, func(t *rapid.T) {
		v := MapOf(KV{"a", drawValue(t, 3)}, KV{"b", drawValue(t, 2)})
		out, err := Encode(v)
		if err != nil {
			t.Fatalf("%v", err)
		}
		doc, found := Parse("x", out)
		if len(found) > 0 || !same(doc.Root(), meaningOf(v)) {
			t.Fatalf("%v\n%s", found, out)
		}
	})
}

func TestNastyWords(t *testing.T) {
	for _, s := range nasty() {
		want := Words(s).(scalarValue).text
		out, err := Encode(MapOf(
			KV{"block", Words(s)}, KV{"list", ListOf(Words(s), MapOf(KV{"deep", Words(s)}))},
			KV{"flow", FlowMap(KV{"in", Words(s)}, KV{"l", FlowList(Words(s), Code(s))})}, KV{"code", Code(s)}, KV{"z", Raw("1")},
		))
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		doc, found := Parse("x", out)
		if len(found) > 0 {
			t.Errorf("%q: %v\n%s", s, found, out)
			continue
		}
		for _, p := range []string{"block", "list[0]", "list[1].deep", "flow.in", "flow.l[0]"} {
			if n := doc.Find(path(t, p)); n.Value != want || n.Tag != Str {
				t.Errorf("%q at %s: %q %s", s, p, n.Value, n.Tag)
			}
		}
		if n := doc.Find(path(t, "flow.in")); n.Style != DoubleQuoted {
			t.Errorf("%q: bare words in flow", s)
		}
		if n := doc.Find(path(t, "code")); n.Value != s {
			t.Errorf("code %q: %q", s, n.Value)
		}
	}
}

// odd writes files as people write them: any indentation, any quotes, comments
// and blank lines anywhere they may stand.
type odd struct {
	t    *rapid.T
	b    strings.Builder
	eol  func() string
	n    int // comments so far
	step int
	dash int
	gap  int
}

func (o *odd) pick(what string, n int) int { return rapid.IntRange(0, n-1).Draw(o.t, what) }

func (o *odd) comment() string { o.n++; return fmt.Sprintf("# c%d.", o.n) }

func (o *odd) tail() {
	if o.pick("tail", 4) == 0 {
		o.b.WriteString(strings.Repeat(" ", 1+o.pick("gap", 3)) + o.comment())
	}
	o.b.WriteString(o.eol())
}

func (o *odd) between(col int) {
	switch o.pick("between", 10) {
	case 0:
		o.b.WriteString(strings.Repeat(" ", col) + o.comment() + o.eol())
	case 1:
		o.b.WriteString(o.eol())
	case 2:
		o.b.WriteString(strings.Repeat(" ", o.pick("blanks", 6)) + o.eol())
	}
}

func (o *odd) scalar(flow bool) string {
	switch o.pick("scalar", 6) {
	case 0:
		return singleQuoted(rapid.SampledFrom([]string{"x", "it's", "a: b", "", "n"}).Draw(o.t, "single"))
	case 1:
		return doubleQuoted(rapid.SampledFrom([]string{"x", "a, b", "1:4", "\t", "é # no"}).Draw(o.t, "double"))
	case 2:
		return rapid.SampledFrom([]string{"1", "2025-11-21", "true", "0.5"}).Draw(o.t, "number")
	case 3:
		if !flow {
			return rapid.SampledFrom([]string{"two words", "it's fine", "a, b", "he:she", "é 👍"}).Draw(o.t, "words")
		}
	}
	return rapid.SampledFrom([]string{"k4f7", "mum", "a/b"}).Draw(o.t, "code")
}

func (o *odd) flow(depth int) string {
	pad := []string{"", " "}[o.pick("pad", 2)]
	switch kind := o.pick("flow", 4); {
	case kind < 2 || depth == 0:
		return o.scalar(true)
	case kind == 2:
		var items []string
		for range o.pick("items", 4) {
			items = append(items, o.flow(depth-1))
		}
		if o.pick("over lines", 4) == 0 {
			in := strings.Repeat(" ", 60) // further in than any list or map gets
			return "[" + o.eol() + in + strings.Join(items, ", "+o.comment()+o.eol()+in+"  ") + pad + "]"
		}
		return "[" + pad + strings.Join(items, ","+pad) + pad + "]"
	}
	var items []string
	for i := range o.pick("pairs", 3) {
		items = append(items, fmt.Sprintf("f%d: %s", i, o.flow(depth-1)))
	}
	return "{" + pad + strings.Join(items, ", ") + pad + "}"
}

// value writes a value after its key at column col.
func (o *odd) value(col, depth int) {
	switch kind := o.pick("value", 9); {
	case kind == 0 && depth > 0:
		o.tail()
		o.mapping(col+o.step, depth-1, false)
	case kind <= 2 && depth > 0:
		o.tail()
		o.list(col+o.dash, depth-1, false)
	case kind == 3:
		o.tail() // nothing
	case kind == 4:
		o.b.WriteString(" " + []string{"|", "|-", "|+", ">", ">-"}[o.pick("header", 5)])
		o.tail()
		for i := range 1 + o.pick("lines", 3) {
			if i > 0 && o.pick("empty", 3) == 0 {
				o.b.WriteString(o.eol())
			}
			o.b.WriteString(strings.Repeat(" ", col+o.step) + []string{"text", "a: b", "- c", "# no comment"}[o.pick("text", 4)] + o.eol())
		}
	case kind == 5:
		o.b.WriteString(" one" + o.eol() + strings.Repeat(" ", col+o.step) + "two")
		o.tail()
	case kind == 6:
		o.b.WriteString(" " + o.flow(2))
		o.tail()
	default:
		o.b.WriteString(" " + o.scalar(false))
		o.tail()
	}
}

func (o *odd) mapping(col, depth int, open bool) {
	for i := range 1 + o.pick("pairs", 4) {
		if i > 0 || !open {
			o.between(col)
			o.b.WriteString(strings.Repeat(" ", col))
		}
		key := fmt.Sprintf("k%d", i)
		o.b.WriteString([]string{key, key, key, "'" + key + "'", "\"" + key + "\""}[o.pick("key", 5)] + ":")
		o.value(col, depth)
	}
}

func (o *odd) list(col, depth int, open bool) {
	for i := range 1 + o.pick("items", 4) {
		if i > 0 || !open {
			o.between(col)
			o.b.WriteString(strings.Repeat(" ", col))
		}
		o.b.WriteByte('-')
		gap := strings.Repeat(" ", o.gap-1)
		switch kind := o.pick("item", 6); {
		case kind == 0 && depth > 0:
			o.b.WriteString(gap)
			o.mapping(col+o.gap, depth-1, true)
		case kind == 1 && depth > 0:
			o.b.WriteString(gap)
			o.list(col+o.gap, depth-1, true)
		case kind == 2:
			o.b.WriteString(gap + o.flow(2))
			o.tail()
		default:
			o.b.WriteString(gap + o.scalar(false))
			o.tail()
		}
	}
}

func drawFile(t *rapid.T) *Doc {
	o := &odd{t: t, step: 1 + rapid.IntRange(0, 3).Draw(t, "step"), gap: 2 + rapid.IntRange(0, 1).Draw(t, "dash gap")}
	o.dash = rapid.IntRange(0, 4).Draw(t, "dash")
	eols := rapid.IntRange(0, 2).Draw(t, "line ends")
	o.eol = func() string {
		if eols == 1 || eols == 2 && o.pick("eol", 2) == 0 {
			return "\r\n"
		}
		return "\n"
	}
	o.mapping(0, 3, false)
	src := o.b.String()
	if o.pick("final newline", 8) == 0 {
		src = strings.TrimRight(src, "\r\n")
	}
	doc, found := Parse("x", []byte(src))
	for _, f := range found {
		if f.Rule != "yaml-final-newline" {
			t.Fatalf("%+v in\n%s", f, src)
		}
	}
	return doc
}

// allPaths gives the paths of every node below n, n's own first.
func allPaths(n *Node, p Path) []Path {
	out := []Path{p}
	for _, pr := range n.Pairs {
		out = append(out, allPaths(pr.Value, p.Key(pr.Key.Value))...)
	}
	for i, it := range n.Items {
		out = append(out, allPaths(it, p.Index(i))...)
	}
	return out
}

func hasPrefix(p, prefix Path) bool {
	return len(p) >= len(prefix) && p[:len(prefix)].String() == prefix.String()
}

// TestEditsOfOddFiles holds for any edit of any file: elsewhere nothing means
// anything new, no line outside the edit changes by a byte, no comment outside
// it is lost.
func TestEditsOfOddFiles(t *testing.T) {
	refusals, tries := 0, 0
	many(t, func(t *rapid.T) {
		doc := drawFile(t)
		paths := allPaths(doc.Root(), nil)
		p := rapid.SampledFrom(paths).Draw(t, "path")
		n := doc.Find(p)
		v := drawValue(t, 2)
		var e Edit
		kind := ""
		switch {
		case len(p) > 0 && rapid.IntRange(0, 3).Draw(t, "delete") == 0:
			e, kind = Delete(p), "delete"
		case n.Kind != Scalar && len(p) > 0 && rapid.IntRange(0, 2).Draw(t, "replace") == 0:
			e, kind = Set(p, v), "set"
		case n.Kind == Map:
			after := fmt.Sprintf("k%d", rapid.IntRange(0, 3).Draw(t, "after"))
			p = p.Key("added")
			e, kind = SetAfter(p, v, after), "insert"
		case n.Kind == List:
			e, kind = Append(p, v), "append"
		default:
			e, kind = Set(p, v), "set"
		}
		tries++
		got, err := doc.Edit(e)
		if err != nil {
			var refused *RefusedError
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			if refusals++; len(doc.src) > 0 && doc.src[len(doc.src)-1] == '\n' && !(kind == "delete" && len(doc.Root().Pairs) == 1 && len(p) == 1) {
				t.Fatalf("%s %s refused: %v\n%s", kind, p, err, doc.src)
			}
			return
		}
		where := fmt.Sprintf("%s %s\n%s\nbecame\n%s", kind, p, doc.src, got.Bytes())
		up := p
		if kind == "delete" {
			up = p[:len(p)-1]
		} else if kind == "append" {
			if now := got.Find(p); !same(now.Items[len(now.Items)-1], meaningOf(v)) || len(now.Items) != len(n.Items)+1 {
				t.Fatalf("item not there: %s", where)
			}
		} else if !same(got.Find(p), meaningOf(v)) {
			t.Fatalf("value not there: %s", where)
		}
		for _, q := range paths {
			if was := doc.Find(q); !hasPrefix(q, up) && !hasPrefix(p, q) && !same(was, got.Find(q)) {
				t.Fatalf("%s changed: %s", q, where)
			}
		}
		checkLines(t, doc, got, kind, p, where)
	})
	if tries > 0 && refusals*10 > tries {
		t.Errorf("%d of %d edits refused", refusals, tries)
	}
}

// checkLines demands that only lines of the edited entry changed.
func checkLines(t *rapid.T, doc, got *Doc, kind string, p Path, where string) {
	was, now := strings.SplitAfter(string(doc.src), "\n"), strings.SplitAfter(string(got.src), "\n")
	if string(doc.src) == string(got.src) {
		return
	}
	head := 0
	for head < len(was) && head < len(now) && was[head] == now[head] {
		head++
	}
	tail := 0
	for tail < len(was)-head && tail < len(now)-head && was[len(was)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	// The lines an edit may touch: those of the entry it replaces or takes out,
	// else the line it is put behind. A parent that was empty, or becomes so, is
	// written anew.
	entry := doc.Find(p)
	if kind == "delete" {
		if up := doc.Find(p[:len(p)-1]); len(up.Pairs)+len(up.Items) == 1 {
			p = p[:len(p)-1]
			entry = up
		}
	}
	if entry == nil {
		entry = doc.Find(p[:len(p)-1])
	}
	first, last := entry.Span.Start.Line-1, entry.Span.End.Line
	if len(p) > 0 {
		up := doc.Find(p[:len(p)-1])
		if i := up.at(p[len(p)-1].Key); i >= 0 {
			first = min(first, up.Pairs[i].Key.Span.Start.Line-1)
		} else if kind != "insert" && up.Style == BlockColl && up.Kind == List {
			first = min(first, doc.Pos(up.dash(p[len(p)-1].Index)).Line-1)
		}
	}
	if kind == "insert" && len(entry.Pairs) == 0 && len(p) > 1 {
		first = doc.Find(p[:len(p)-1]).Span.Start.Line - 1
	}
	if kind == "delete" { // the line before may lose its comma in brackets
		first = max(0, first-1)
		last++
		for last < len(was) && strings.TrimSpace(was[last]) == "" {
			last++
		}
	}
	if head < first || len(was)-tail > last+1 {
		t.Fatalf("lines %d to %d changed, the entry has %d to %d: %s", head+1, len(was)-tail, first+1, last, where)
	}
	for i, l := range was {
		if i >= head && i < len(was)-tail && i >= first && i < last && kind != "insert" && kind != "append" {
			if kind == "delete" || entry.Kind != Scalar || entry.Style == Literal || entry.Style == Folded {
				continue // comments of the entry's own lines may go with it
			}
		}
		if j := strings.Index(l, "# c"); j >= 0 && !strings.Contains(l[j:], "comment") && !strings.Contains(string(got.src), strings.TrimRight(l[j:], "\r\n")) {
			t.Fatalf("comment %q lost: %s", l[j:], where)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range slips() {
		f.Add([]byte(s.src))
	}
	f.Add(readCycle(f))
	for _, s := range []string{"a: |+\n  x\n\n", "a: >2\n    x\n", "{a: [b, c: d], ? e : f}\n", "? a\n: b\n", "a: !!x &y z\n", "- - a\n  - b: c\n", "\ufeff---\na: 1\n", "a: \"\\\n  b\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, found := Parse("x", src)
		if doc == nil {
			if len(found) == 0 {
				t.Fatal("no tree and no finding")
			}
			return
		}
		for _, g := range found {
			if g.Span.Start.Offset > g.Span.End.Offset || g.Span.End.Offset > len(src) {
				t.Fatalf("place outside the file: %+v", g)
			}
		}
		for _, p := range allPaths(doc.Root(), nil) {
			if n := doc.Find(p); n != nil && n.Span.Start.Offset > n.Span.End.Offset {
				t.Fatalf("%s: %+v", p, n.Span)
			}
		}
	})
}

func FuzzEdit(f *testing.F) {
	f.Add(readCycle(f), "new: words", 17)
	for i, s := range []string{"a: |\n  x\n", "a: {b: 1}\nc: [x]\n", "l:\n- a\n- b: c\n", "a:\r\n  b: 'x' # c\r\n", "a: \"x\n  y\"\nb:\n  - - c\n"} {
		f.Add([]byte(s), nasty()[i], i)
	}
	f.Fuzz(func(t *testing.T, src []byte, text string, at int) {
		doc, _ := Parse("x", src)
		if doc == nil || len(src) > 1<<14 {
			return
		}
		paths := allPaths(doc.Root(), nil)
		p := paths[max(at, -at, 0)%len(paths)]
		for _, e := range []Edit{Set(p, Words(text)), Append(p, Words(text)), Set(p.Key("new"), Words(text)), Delete(p)} {
			got, err := doc.Edit(e)
			if err != nil {
				continue
			}
			if again, _ := Parse("x", got.Bytes()); again == nil || !same(again.Root(), got.Root()) {
				t.Fatalf("does not read back:\n%s", got.Bytes())
			}
		}
	})
}
