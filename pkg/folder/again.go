package folder

import (
	"bytes"
	"io/fs"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Again opens the folder as fsys shows it: f's own at a later moment, or with
// changes laid over it. Every file is read anew; one of f or of the given records
// whose bytes are still the same is taken over and not parsed again, which is
// most of the work of an act. Records loaded from the result are spared likewise.
func (f *Folder) Again(fsys fs.FS, records ...*Record) (*Folder, error) {
	return open(&Folder{fsys: fsys, known: f.knows(records...), anyway: f.anyway})
}

// knows is what need not be parsed again.
func (f *Folder) knows(records ...*Record) known {
	k := known{}
	bad := faulty(f.Findings)
	keep(k, bad, f.Setting)
	keep(k, bad, f.People)
	keep(k, bad, f.Pathway)
	keep(k, bad, f.Keys...)
	keep(k, bad, f.Removals...)
	for _, r := range records {
		if r == nil {
			continue
		}
		bad := faulty(r.Findings)
		keep(k, bad, r.Identity)
		keep(k, bad, r.Learner)
		keep(k, bad, r.Contacts)
		keep(k, bad, r.Passport)
		keep(k, bad, r.Profile)
		keep(k, bad, r.Readings)
		keep(k, bad, r.Cycles...)
		keep(k, bad, r.Moves...)
		keep(k, bad, r.Requests...)
		keep(k, bad, r.Decisions...)
		keep(k, bad, r.Letters...)
		keep(k, bad, r.Impacts...)
		keep(k, bad, r.Advice...)
		keep(k, bad, r.Corrections...)
		keep(k, bad, r.Handovers...)
		keep(k, bad, r.Receipts...)
		keep(k, bad, r.Arrivals...)
		keep(k, bad, r.People)
	}
	return k
}

// known holds parsed files without a fault, each a recordfile.File, by path. It
// is only read once the folder is open, so records may be loaded side by side.
type known map[string]any

// keep adds files to k. One with findings is left out: parsed again, it finds them again.
func keep[T any](k known, bad map[string]bool, files ...recordfile.File[T]) {
	for _, f := range files {
		if f.Doc != nil && !bad[f.Path] {
			k[f.Path] = f
		}
	}
}

func faulty(findings []diag.Finding) map[string]bool {
	bad := map[string]bool{}
	for _, f := range findings {
		bad[f.File] = true
	}
	return bad
}

// parsed gives the known file at a path if it holds exactly these bytes. A path
// has one kind, so that the type is right too.
func parsed[T any](k known, name string, src []byte) (f recordfile.File[T], ok bool) {
	f, ok = k[name].(recordfile.File[T])
	return f, ok && bytes.Equal(f.Doc.Bytes(), src)
}
