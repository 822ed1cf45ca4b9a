package rules

import (
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// docsOf are the files of a record that people write words in; the front sheet, which
// may name the child, and the adults of another setting are not among them.
func docsOf(r *folder.Record) []doc {
	var out []doc
	for _, d := range r.Docs() {
		if d != r.Identity.Doc && d != r.People.Doc {
			out = append(out, doc{d.File(), d})
		}
	}
	return out
}

// texts visits every text of a file with its place. The path is only good during the
// visit: String makes it last.
func texts(d doc, visit func(at yamldoc.Path, n *yamldoc.Node)) {
	at := make(yamldoc.Path, 0, 8)
	var walk func(n *yamldoc.Node)
	walk = func(n *yamldoc.Node) {
		if n == nil {
			return
		}
		switch n.Kind {
		case yamldoc.Map:
			for _, p := range n.Pairs {
				at = append(at, yamldoc.KeyStep(p.Key.Value))
				walk(p.Value)
				at = at[:len(at)-1]
			}
		case yamldoc.List:
			for i, x := range n.Items {
				at = append(at, yamldoc.IndexStep(i))
				walk(x)
				at = at[:len(at)-1]
			}
		default:
			if n.Tag == yamldoc.Str && n.Value != "" {
				visit(at, n)
			}
		}
	}
	walk(d.tree.Root())
}

// docTexts are the texts of one file, in its order.
type docTexts struct {
	doc
	texts   []*yamldoc.Node
	remarks []remark
	odd     bool // it may hold characters that are not of ASCII
	hidden  bool // characters that nobody can see are among them
}

// written are the texts of the record's files, gathered once for all rules.
func (l *look) written() []docTexts {
	if l.known.texts == nil {
		docs := docsOf(l.record)
		l.known.texts = make([]docTexts, 0, len(docs))
		all := make([]*yamldoc.Node, 0, 256) // for all files of most records
		for _, d := range docs {
			all = textsBelow(all[len(all):], d.tree.Root())
			l.known.texts = append(l.known.texts, gather(d, all))
		}
	}
	return l.known.texts
}

func textsBelow(out []*yamldoc.Node, n *yamldoc.Node) []*yamldoc.Node {
	switch {
	case n == nil:
	case n.Kind == yamldoc.Map:
		for i := range n.Pairs {
			out = textsBelow(out, n.Pairs[i].Value)
		}
	case n.Kind == yamldoc.List:
		for _, x := range n.Items {
			out = textsBelow(out, x)
		}
	case n.Tag == yamldoc.Str && n.Value != "":
		out = append(out, n)
	}
	return out
}

// place is the path of a text of the file. It is looked for only where there is something
// to tell.
func (d doc) place(of *yamldoc.Node) string {
	out := ""
	texts(d, func(at yamldoc.Path, n *yamldoc.Node) {
		if n == of {
			out = at.String()
		}
	})
	return out
}

// speaksOf reports whether any text of the given files speaks of something.
func speaksOf(p *phrases, docs []doc) bool {
	found := false
	for _, d := range docs {
		if d.tree == nil || found {
			continue
		}
		texts(d, func(_ yamldoc.Path, n *yamldoc.Node) { found = found || p.in(n.Value) })
	}
	return found
}
