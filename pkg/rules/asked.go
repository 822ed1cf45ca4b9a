package rules

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// askedFiles holds asked/*.yaml: what law, Code and guidance ask, and which rule looks
// at it, or why none does.
//
//go:embed asked
var askedFiles embed.FS

// Asked is one thing that law, Code or guidance asks.
type Asked struct {
	ID         string   `json:"id"`
	Asks       string   `json:"asks"`                  // one line
	Rules      []string `json:"rules,omitempty"`       // the names of the rules that look at it
	NotChecked string   `json:"not_checked,omitempty"` // why none does, where Rules is empty; what they leave out, where it is not
	File       string   `json:"-"`                     // where it is written
	Line       int      `json:"-"`
}

// AllAsked reads everything that is asked, in order of file and place. An error is a
// fault of the program; what could be read is given with it.
func AllAsked() ([]Asked, error) {
	names, err := fs.Glob(askedFiles, "asked/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []Asked
	var bad error
	for _, name := range names {
		src, err := askedFiles.ReadFile(name)
		if err != nil {
			return out, err
		}
		some, err := parseAsked(path.Base(name), src)
		out = append(out, some...)
		if err != nil && bad == nil {
			bad = err
		}
	}
	return out, bad
}

func parseAsked(name string, src []byte) ([]Asked, error) {
	doc, faults := yamldoc.Parse(name, src)
	if doc == nil || diag.Worst(faults) == diag.Error {
		f := faults[0]
		return nil, fmt.Errorf("asked/%s:%d: %s (%s)", name, f.Span.Start.Line, f.Message, f.Hint)
	}
	var out []Asked
	if doc.Root().Kind != yamldoc.List {
		return nil, fmt.Errorf("asked/%s: want a list of entries, each with id, asks, and rules or not_checked", name)
	}
	for _, n := range doc.Root().Items {
		x := Asked{File: name, Line: n.Span.Start.Line}
		wrong := func(what string) error { return fmt.Errorf("asked/%s:%d: %s", name, x.Line, what) }
		if n.Kind != yamldoc.Map {
			return out, wrong("want keys: id, asks, and rules or not_checked")
		}
		for _, p := range n.Pairs {
			text := strings.Join(strings.Fields(p.Value.Value), " ")
			switch p.Key.Value {
			case "id":
				x.ID = text
			case "asks":
				x.Asks = text
			case "not_checked":
				x.NotChecked = text
			case "rules":
				for _, r := range p.Value.Items {
					x.Rules = append(x.Rules, r.Value)
				}
				if len(x.Rules) == 0 {
					return out, wrong("rules is a list of names: [upn-check-letter]")
				}
			default:
				return out, wrong("the keys are id, asks, rules and not_checked")
			}
		}
		if x.ID == "" || x.Asks == "" || len(x.Rules) == 0 && x.NotChecked == "" {
			return out, wrong("an entry has id, asks, and rules or not_checked")
		}
		out = append(out, x)
	}
	return out, nil
}
