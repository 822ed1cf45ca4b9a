package folder

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// CorrectionsOf lists the corrections of the file with that id, oldest first.
func (r *Record) CorrectionsOf(fileID string) []learner.Correction {
	var out []learner.Correction
	for _, c := range r.Corrections {
		if c.Value.Corrects == fileID {
			out = append(out, c.Value)
		}
	}
	return out
}

// Corrected gives the cycle as its corrections put it right; the file itself
// stays as it was sealed. A correction that fits nothing is a finding.
func (r *Record) Corrected(c recordfile.File[learner.Cycle]) (learner.Cycle, []diag.Finding) {
	if c.Doc == nil {
		return c.Value, nil
	}
	doc := c.Doc
	var faults []diag.Finding
	for _, fix := range r.Corrections {
		if fix.Value.Corrects != c.Value.ID {
			continue
		}
		edit, err := CorrectionEdit(fix.Value)
		if err == nil {
			var edited *yamldoc.Doc
			if edited, err = doc.Edit(edit); err == nil {
				doc = edited
			}
		}
		if err != nil {
			faults = append(faults, diag.Finding{Rule: "correction", Severity: diag.Error, File: fix.Path, Path: "path",
				Message: fmt.Sprintf("this place does not exist in the file %s, so nothing was put right", c.Value.ID),
				Hint:    "record the correction again with a path that is there"})
		}
	}
	if doc == c.Doc {
		return c.Value, faults
	}
	fixed, _, err := recordfile.Read[learner.Cycle](c.Path, recordfile.Cycle, doc.Bytes())
	if err != nil {
		return c.Value, faults
	}
	return fixed.Value, faults
}

// CorrectionEdit is the edit that lays a correction over the document it corrects.
func CorrectionEdit(c learner.Correction) (yamldoc.Edit, error) {
	p, err := yamldoc.ParsePath(c.Path)
	if err != nil {
		return yamldoc.Edit{}, err
	}
	return yamldoc.Set(p, recordfile.Value(c.Is)), nil
}
