package rules

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Facts are what the rules of the whole folder know of one record. They may be kept
// beside a verdict, so they hold no name and no number of a child: see Mark.
type Facts struct {
	Learner   string `json:"learner"`
	UPN       Mark   `json:"upn,omitzero"`
	FormerUPN Mark   `json:"former_upn,omitzero"`
	ULN       Mark   `json:"uln,omitzero"`
	Person    Mark   `json:"person,omitzero"` // legal name, sex and date of birth as one
	Code      string `json:"code,omitempty"`  // of SEN provision on the day
	Left      bool   `json:"left,omitempty"`  // is no longer on roll
}

// Mark stands for a value without telling it: two are the same where the values are.
type Mark struct {
	Hash string    `json:"hash,omitempty"`
	Path string    `json:"path,omitempty"`
	Span diag.Span `json:"span,omitzero"` // in identity.yaml
}

func markOf(d doc, at string, value string) Mark {
	if value == "" {
		return Mark{}
	}
	sum := sha256.Sum256([]byte(value))
	m := Mark{Hash: hex.EncodeToString(sum[:16]), Path: at}
	if d.tree != nil {
		if p, err := yamldoc.ParsePath(at); err == nil {
			if n := d.tree.Find(p); n != nil {
				m.Span = n.Span
			}
		}
	}
	return m
}

func (l *look) factsOf() Facts {
	who := l.record.Identity
	d := docOf(who)
	f := Facts{
		Learner: l.record.ID, UPN: markOf(d, "upn", who.Value.UPN), FormerUPN: markOf(d, "former_upn", who.Value.FormerUPN), ULN: markOf(d, "uln", who.Value.ULN),
	}
	for _, c := range l.record.Learner.Value.SENProvision {
		if l.reached(c.From) {
			f.Code = c.Code
		}
	}
	return f
}
