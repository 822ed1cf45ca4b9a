package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/schemas"
)

// asRead is the record without what lies in a file of another kind: a passport copied as
// the profile is no profile, and that is told. Read as one, it would be told of a dozen
// times. A first line that is merely misspelt takes nothing away.
func asRead(r *folder.Record) *folder.Record {
	var wrong []string
	for _, x := range r.Findings {
		if x.Rule == "format" && x.Path == "format" {
			wrong = append(wrong, x.File)
		}
	}
	if wrong == nil {
		return r
	}
	out := *r
	unreadIf(wrong, &out.Identity)
	unreadIf(wrong, &out.Learner)
	unreadIf(wrong, &out.Contacts)
	unreadIf(wrong, &out.Passport)
	unreadIf(wrong, &out.Profile)
	unreadIf(wrong, &out.Readings)
	unreadIf(wrong, &out.People)
	out.Cycles = unreadOf(wrong, r.Cycles)
	out.Moves = unreadOf(wrong, r.Moves)
	out.Requests = unreadOf(wrong, r.Requests)
	out.Decisions = unreadOf(wrong, r.Decisions)
	out.Letters = unreadOf(wrong, r.Letters)
	out.Impacts = unreadOf(wrong, r.Impacts)
	out.Advice = unreadOf(wrong, r.Advice)
	out.Corrections = unreadOf(wrong, r.Corrections)
	out.Handovers = unreadOf(wrong, r.Handovers)
	out.Receipts = unreadOf(wrong, r.Receipts)
	out.Arrivals = unreadOf(wrong, r.Arrivals)
	return &out
}

func unreadOf[T any](wrong []string, files []recordfile.File[T]) []recordfile.File[T] {
	out := slices.Clone(files)
	for i := range out {
		unreadIf(wrong, &out[i])
	}
	return out
}

// unreadIf makes a file one that cannot be read where its first line names another kind.
func unreadIf[T any](wrong []string, f *recordfile.File[T]) {
	if f.Doc == nil || !slices.Contains(wrong, f.Path) {
		return
	}
	said := f.Doc.Root().Get("format")
	if said != nil && slices.ContainsFunc(schemas.Kinds(), func(kind string) bool { return recordfile.Kind(kind).Format() == said.Value }) {
		var none T
		f.Doc, f.Value = nil, none
	}
}
