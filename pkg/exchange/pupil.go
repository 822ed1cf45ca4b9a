package exchange

import "github.com/sendctl/sendctl/pkg/date"

// Pupil is one pupil as a list or file from elsewhere has them. Texts are trimmed and
// otherwise as they came, codes as the census has them (K, not "SEN Support"); "" and the
// zero date are what the list does not say.
type Pupil struct {
	Row int // in the sheet or list, counted from 1 with the heading; in a CTF the pupil's place

	UPN, FormerUPN, ULN          string
	Surname, Forename, Preferred string
	Born                         date.Date
	Sex                          string // M or F
	Ethnicity                    string
	Entry, Left                  date.Date
	Status                       string // of enrolment
	Year                         string // National Curriculum year
	Steps                        []Step // SEN provision, oldest first; of a list the one it has, From zero
	Needs                        []Need
	SENUnit, Resourced, TopUp    *bool // nil: not said

	Faults []Fault // what of this row could not be taken
}

// Provision is the newest code of SEN provision, "" where none is said.
func (p Pupil) Provision() string {
	if len(p.Steps) == 0 {
		return ""
	}
	return p.Steps[len(p.Steps)-1].Code
}

// Step is SEN provision from a day on.
type Step struct {
	From date.Date // zero where the list does not say
	Code string    // N, K or E
}

// Need is a type of need. Rank is 0 where the list has none.
type Need struct {
	Rank        int
	Type        string
	From, Until date.Date
}

// Fault is one cell or element that cannot be taken as it is. Message never holds its value.
type Fault struct {
	Table   string // "needs" for a row of the table of needs; "" for the list itself
	Row     int    // as in Pupil
	Column  string // the heading as the list has it, or the element of a CTF
	Field   Field  // "" where it is about the whole row
	Message string
}

// Field is what a column can mean.
type Field string

// The fields. Their order is the one in which they are shown.
const (
	UPN           Field = "upn"
	FormerUPN     Field = "former-upn"
	ULN           Field = "uln"
	Surname       Field = "surname"
	Forename      Field = "forename"
	PreferredName Field = "preferred-name"
	BirthDate     Field = "birth-date"
	Sex           Field = "sex"
	Ethnicity     Field = "ethnicity"
	EntryDate     Field = "entry-date"
	LeavingDate   Field = "leaving-date"
	Status        Field = "enrolment-status"
	Year          Field = "year"
	Provision     Field = "sen-provision"
	ProvisionFrom Field = "sen-provision-from"
	Need1         Field = "need-1"
	Need2         Field = "need-2"
	Need1Rank     Field = "need-1-rank"
	Need2Rank     Field = "need-2-rank"
	SENUnit       Field = "sen-unit"
	Resourced     Field = "resourced-provision"
	TopUp         Field = "top-up"
)
