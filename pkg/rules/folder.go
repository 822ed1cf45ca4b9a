package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Pathway judges the folder's pathway beyond its shape: every stage, check and
// event that it names must be there, or a gate would ask for what nobody can give.
func Pathway(f *folder.Folder) []diag.Finding {
	doc := f.Pathway.Doc
	if doc == nil {
		return nil
	}
	out := gate.Faults(&f.Pathway.Value)
	for i := range out {
		p, err := yamldoc.ParsePath(out[i].Path)
		if err != nil {
			continue
		}
		if n := doc.Find(p); n != nil {
			out[i].Span = n.Span
		}
	}
	out = oneStage(f, out)
	s := f.Setting
	if named, is := s.Value.Pathway, f.Pathway.Value.ID; s.Doc != nil && named != "" && is != "" && named != is {
		l := &look{rule: Rule{Name: "pathway", Severity: diag.Error}, folder: f}
		l.find(docOf(s), "pathway", "this is not the id of pathway.yaml, so nobody can tell which approach the setting follows", "copy it from the id: line of pathway.yaml",
			related(docOf(f.Pathway), "id", "the pathway in force"))
		out = append(out, l.out...)
	}
	return out
}
