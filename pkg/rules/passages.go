package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// passage is what somebody wrote in one place of a file: a value, or a comment, which no
// program reads and every person does.
type passage struct {
	written string
	words   string // the same without the characters that nobody can see
	value   *yamldoc.Node
	at      diag.Span // of a comment
}

// remark is a comment of a file.
type remark struct {
	words string
	at    diag.Span
}

// gather puts together what is written in a file, given its texts.
func gather(d doc, texts []*yamldoc.Node) docTexts {
	out := docTexts{doc: d, texts: texts}
	if bytes.IndexByte(d.tree.Bytes(), '#') >= 0 {
		out.remarks = remarksOf(d.tree)
	}
	if out.odd = maybeHidden(d.tree); out.odd {
		for _, v := range out.texts {
			out.hidden = out.hidden || withHidden(v.Value)
		}
		for _, r := range out.remarks {
			out.hidden = out.hidden || withHidden(r.words)
		}
	}
	return out
}

// passages visits what is written in a file: its values, then its comments.
func (d docTexts) passages(visit func(passage) bool) {
	for _, v := range d.texts {
		if !visit(passage{written: v.Value, words: d.seen(v.Value), value: v}) {
			return
		}
	}
	for _, r := range d.remarks {
		if !visit(passage{written: r.words, words: d.seen(r.words), at: r.at}) {
			return
		}
	}
}

// seen is a text as people see it.
func (d docTexts) seen(text string) string {
	if !d.hidden {
		return text
	}
	return withoutHidden(text)
}

// mayHold reports whether a file can hold something at all. Where characters hide in it,
// only a look at each text tells.
func (d docTexts) mayHold(what string) bool {
	return d.hidden || bytes.Contains(d.tree.Bytes(), []byte(what))
}

// fronts are the files of a record that say who people are, and the folder's own where no
// record is looked at: rules about names and numbers look at other places of these.
func (l *look) fronts() []docTexts {
	if l.known.fronts == nil {
		l.known.fronts = []docTexts{}
		for _, d := range l.frontDocs() {
			l.known.fronts = append(l.known.fronts, gather(d, textsBelow(nil, d.tree.Root())))
		}
	}
	return l.known.fronts
}

// everywhere visits all that is written: in a record with its front, or in the folder's own
// files where no record is looked at.
func (l *look) everywhere(visit func(docTexts) bool) {
	for _, d := range l.fronts() {
		if !visit(d) {
			return
		}
	}
	if l.record == nil {
		return
	}
	for _, d := range l.written() {
		if !visit(d) {
			return
		}
	}
}

func (l *look) frontDocs() []doc {
	if l.record == nil {
		return ownDocs(l.folder)
	}
	return slices.DeleteFunc([]doc{docOf(l.record.Identity), docOf(l.record.People)}, func(d doc) bool { return d.tree == nil })
}

// ownDocs are the folder's own files.
func ownDocs(f *folder.Folder) []doc {
	out := []doc{docOf(f.Setting), docOf(f.People), docOf(f.Pathway)}
	for _, r := range f.Removals {
		out = append(out, docOf(r))
	}
	return slices.DeleteFunc(out, func(d doc) bool { return d.tree == nil })
}

// findIn adds a finding at a passage.
func (l *look) findIn(d docTexts, p passage, message, hint string) {
	if p.value != nil {
		l.find(d.doc, d.place(p.value), message, hint)
		return
	}
	l.findAt(d.doc, p.at, p.written, "in a comment: "+message, hint)
}

// remarksOf are the comments of a file: what stands behind a # that is part of no value.
func remarksOf(t *yamldoc.Doc) []remark {
	src := t.Bytes()
	leaves := leavesBelow(nil, t.Root())
	var out []remark
	for at, next := 0, 0; ; {
		i := bytes.IndexByte(src[at:], '#')
		if i < 0 {
			return out
		}
		at += i
		for next < len(leaves) && leaves[next].Span.End.Offset <= at {
			next++
		}
		if next < len(leaves) && leaves[next].Span.Start.Offset <= at && !behindHeader(src, leaves[next], at) {
			at = leaves[next].Span.End.Offset
			continue
		}
		end := len(src)
		if n := bytes.IndexByte(src[at:], '\n'); n >= 0 {
			end = at + n
		}
		if words := strings.TrimSpace(string(src[at+1 : end])); words != "" {
			out = append(out, remark{words: words, at: diag.Span{Start: t.Pos(at), End: t.Pos(end)}})
		}
		at = end
	}
}

// behindHeader reports whether a place is on the line that begins a text of several lines,
// where only a comment can stand.
func behindHeader(src []byte, n *yamldoc.Node, at int) bool {
	return (n.Style == yamldoc.Literal || n.Style == yamldoc.Folded) && bytes.IndexByte(src[n.Span.Start.Offset:at], '\n') < 0
}

// leavesBelow are all keys and values that hold no others, in the order of the file.
func leavesBelow(out []*yamldoc.Node, n *yamldoc.Node) []*yamldoc.Node {
	switch {
	case n == nil:
	case n.Kind == yamldoc.Map:
		for _, p := range n.Pairs {
			out = leavesBelow(leavesBelow(out, p.Key), p.Value)
		}
	case n.Kind == yamldoc.List:
		for _, x := range n.Items {
			out = leavesBelow(out, x)
		}
	default:
		out = append(out, n)
	}
	return out
}
