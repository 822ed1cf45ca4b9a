package folder

import (
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Docs are the files of the record that could be read, kind by kind: the front sheet
// first, the adults of other settings last.
func (r *Record) Docs() []*yamldoc.Doc {
	var out []*yamldoc.Doc
	out = addDocs(out, r.Identity)
	out = addDocs(out, r.Learner)
	out = addDocs(out, r.Contacts)
	out = addDocs(out, r.Passport)
	out = addDocs(out, r.Profile)
	out = addDocs(out, r.Readings)
	out = addDocs(out, r.Cycles...)
	out = addDocs(out, r.Moves...)
	out = addDocs(out, r.Requests...)
	out = addDocs(out, r.Decisions...)
	out = addDocs(out, r.Letters...)
	out = addDocs(out, r.Impacts...)
	out = addDocs(out, r.Advice...)
	out = addDocs(out, r.Corrections...)
	out = addDocs(out, r.Handovers...)
	out = addDocs(out, r.Receipts...)
	out = addDocs(out, r.Arrivals...)
	return addDocs(out, r.People)
}

func addDocs[T any](out []*yamldoc.Doc, files ...recordfile.File[T]) []*yamldoc.Doc {
	for i := range files {
		if d := files[i].Doc; d != nil {
			out = append(out, d)
		}
	}
	return out
}
