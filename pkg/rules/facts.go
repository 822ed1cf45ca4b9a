package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Facts are what the rules of the whole folder know of one record. They may be kept
// beside a verdict, so they hold no name and no number of a child, and no hash of one
// without the folder's own salt: see Mark.
type Facts struct {
	Learner   string    `json:"learner"`
	UPN       Mark      `json:"upn,omitzero"`
	FormerUPN Mark      `json:"former_upn,omitzero"`
	ULN       Mark      `json:"uln,omitzero"`
	Person    Mark      `json:"person,omitzero"`  // legal name and date of birth as one
	Code      string    `json:"code,omitempty"`   // of SEN provision on the day, for one on roll
	Was       string    `json:"was,omitempty"`    // the same on the census day before
	Left      bool      `json:"left,omitempty"`   // is no longer on roll
	Called    []string  `json:"called,omitempty"` // marks of names and numbers: see Metadata
	Plain     bool      `json:"plain,omitempty"`  // no cycle and no move: kept only because on roll
	Plan      PlanFacts `json:"plan,omitzero"`
	SENCo     SENCoFact `json:"senco,omitzero"`
	FullNames string    // marks of the learner's: see otherNamed
	Couples   string    // marks of what may be a full name in the texts
}

// Mark stands for a value without telling it: two are the same where the values are.
type Mark struct {
	Hash string    `json:"hash,omitempty"`
	Path string    `json:"path,omitempty"`
	Span diag.Span `json:"span,omitzero"` // in identity.yaml
}

func (l *look) markOf(d doc, at string, value string) Mark {
	if value == "" {
		return Mark{}
	}
	sum := salted(l.folder, value)
	return Mark{Hash: hex.EncodeToString(sum[:16]), Path: at, Span: d.span(at)}
}

// salted is a hash of a value that only whoever has the folder can try values on.
func salted(f *folder.Folder, value string) [32]byte {
	salt := f.Salt()
	return sha256.Sum256(append(salt[:], value...))
}

func (l *look) factsOf() Facts {
	who, is := l.record.Identity, l.record.Learner.Value
	d := docOf(who)
	if who.Value.Learner != "" && who.Value.Learner != l.record.ID {
		return Facts{Learner: l.record.ID, Called: l.called(), Left: true} // whose sheet it is told, and counted there
	}
	f := Facts{
		Called:  l.called(),
		Learner: l.record.ID, UPN: l.markOf(d, "upn", who.Value.UPN), FormerUPN: l.markOf(d, "former_upn", who.Value.FormerUPN), ULN: l.markOf(d, "uln", who.Value.ULN),
		Left: !l.here(), Plain: len(l.record.Cycles) == 0 && len(l.record.Moves) == 0,
	}
	if n := who.Value.LegalName; n.Given != "" && n.Family != "" && !who.Value.Born.IsZero() {
		name := strings.Fields(strings.ToLower(string(n.Given) + "\t" + string(n.Family)))
		f.Person = l.markOf(d, "legal_name", strings.Join(name, " ")+" "+who.Value.Born.String())
	}
	if !f.Left && l.reached(is.Joined) {
		f.Code = l.code()
	}
	_, census := l.nextCensus()
	if left := l.leftOn(); !census.IsZero() && !is.Joined.After(census) && (left.IsZero() || left.After(census)) {
		f.Was = codeOn(is.SENProvision, census)
	}
	f.Plan = l.planFacts()
	f.SENCo = l.sencoFact()
	f.FullNames, f.Couples = l.marksOf(ownFullNames(l.record)), l.marksOf(l.couplesIn())
	return f
}

// leftOn is the day of the last move, where that led out of the setting.
func (l *look) leftOn() date.Date {
	if l.here() {
		return date.Date{}
	}
	moves := l.record.Moved()
	if len(moves) == 0 {
		return l.record.Learner.Value.Joined // outside, and nothing says since when
	}
	return moves[len(moves)-1].Fixed.Date
}
