package pathway

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Limits are the numbers that rules go by (format limits/v1, schemas/limits.yaml).
type Limits struct {
	Format string      `yaml:"format"`
	Limits []LimitTerm `yaml:"limits"`
}

// LimitTerm is one such number.
type LimitTerm struct {
	ID     string         `yaml:"id"`
	Value  learner.Number `yaml:"value"`
	Words  learner.Words  `yaml:"words"`
	Source learner.Words  `yaml:"source"`
}

// CodeList is one dated list of census codes (format codes/v1, in schemas/codes).
type CodeList struct {
	Format string        `yaml:"format"`
	ID     string        `yaml:"id"`
	Title  learner.Words `yaml:"title"`
	Source learner.Words `yaml:"source"`
	Codes  []Code        `yaml:"codes"`
}

// Code is one census code and the days on which it may be used.
type Code struct {
	Code       string        `yaml:"code"`
	Words      learner.Words `yaml:"words"`
	Area       string        `yaml:"area"`       // for types of need: one of the four broad areas, or ""
	ValidFrom  date.Date     `yaml:"valid_from"` // zero: always was
	ValidTo    date.Date     `yaml:"valid_to"`   // the last day; zero: still is
	ReplacedBy string        `yaml:"replaced_by"`
	Use        string        `yaml:"use"` // where alone it stands: Records or Transfer; "" where the census takes it
}

// Where alone a code stands that the census does not take.
const (
	Records  = "records"  // in learner.yaml and in files between schools
	Transfer = "transfer" // in files between schools
)

// Code is the entry for a code, whether or not it may be used today.
func (l *CodeList) Code(code string) (c Code, ok bool) {
	i := slices.IndexFunc(l.Codes, func(c Code) bool { return c.Code == code })
	if i < 0 {
		return Code{}, false
	}
	return l.Codes[i], true
}

// On are the codes that may be used on day d, in the list's order.
func (l *CodeList) On(d date.Date) []Code {
	return slices.DeleteFunc(slices.Clone(l.Codes), func(c Code) bool { return !c.ValidOn(d) })
}

// ValidOn reports whether the code may be used on day d.
func (c Code) ValidOn(d date.Date) bool {
	return (c.ValidFrom.IsZero() || !d.Before(c.ValidFrom)) && (c.ValidTo.IsZero() || !d.After(c.ValidTo))
}
