package learner

import "github.com/sendctl/sendctl/pkg/date"

// Setting is sendctl.yaml: the school or other setting that keeps the folder.
type Setting struct {
	Format            string         `yaml:"format"`
	Name              Words          `yaml:"name"`
	URN               string         `yaml:"urn"`   // six digits, from the register of establishments
	LA                string         `yaml:"la"`    // three digits
	Estab             string         `yaml:"estab"` // four digits
	Phase             string         `yaml:"phase"`
	Pathway           string         `yaml:"pathway"`
	RequireSignatures bool           `yaml:"require_signatures,always"`
	Demonstration     *Demonstration `yaml:"demonstration"`
	Policies          Policies       `yaml:"policies"`
	Remotes           []Remote       `yaml:"remotes"`
	Terms             []Term         `yaml:"terms"`
	Rates             []Rate         `yaml:"rates"`
	Published         []Published    `yaml:"published"`
	Limits            []Limit        `yaml:"limits"`
	Waivers           []Waiver       `yaml:"waivers"`
}

// Published is what the setting must publish or hold, and the day of its newest version.
type Published struct {
	What  string    `yaml:"what"`
	Date  date.Date `yaml:"date"`
	Where Words     `yaml:"where"`
}

// Limit is a number rules go by, other than the one the program comes with.
type Limit struct {
	ID    string `yaml:"id"`
	Value Number `yaml:"value"`
}

// Waiver is what a rule finds and somebody has decided to live with until a day.
type Waiver struct {
	Rule    string    `yaml:"rule"`
	File    string    `yaml:"file"` // id of the one file it is about; "" is every file
	At      string    `yaml:"at"`   // path in the file; "" is everything the rule finds
	By      string    `yaml:"by"`
	From    date.Date `yaml:"from"`
	Until   date.Date `yaml:"until"` // the last day on which it holds
	Because Words     `yaml:"because"`
}

// Demonstration marks a made-up folder, pinned to a day of its own.
type Demonstration struct {
	Today date.Date `yaml:"today"`
}

// Policies are the numbers a setting decides for itself.
type Policies struct {
	CyclesBeforeRegister    Number `yaml:"cycles_before_register"`
	ReviewWithinDays        Number `yaml:"review_within_days"`
	ParentMeetingsAYear     Number `yaml:"parent_meetings_a_year"`
	Element2Threshold       Number `yaml:"element_2_threshold"` // pounds a year
	SmallNumberFloor        Number `yaml:"small_number_floor"`
	RetentionYearsFromBirth Number `yaml:"retention_years_from_birth"`
	RetentionYearsWithPlan  Number `yaml:"retention_years_with_plan"`
	RetentionYearsCaredFor  Number `yaml:"retention_years_cared_for"`
}

// Term is one school term with its half-term holiday, first and last day.
type Term struct {
	ID       string      `yaml:"id"`
	From     date.Date   `yaml:"from"`
	To       date.Date   `yaml:"to"`
	HalfTerm []date.Date `yaml:"half_term"`
}

// Rate is what an hour of a role costs from a day on, in pounds.
type Rate struct {
	Role   string    `yaml:"role"`
	From   date.Date `yaml:"from"`
	Hourly Number    `yaml:"hourly"`
}

// People is people.yaml: the adults who act.
type People struct {
	Format string   `yaml:"format"`
	People []Person `yaml:"people"`
}

// Person is one adult, of the staff or outside.
type Person struct {
	ID            string    `yaml:"id"`
	Name          Words     `yaml:"name"`
	Role          string    `yaml:"role"`
	Organisation  Words     `yaml:"organisation"`
	Qualification Words     `yaml:"qualification"`
	Since         date.Date `yaml:"since"` // of the role here
	Award         date.Date `yaml:"award"` // for a SENCo: the mandatory qualification
	Email         string    `yaml:"email"`
	Keys          []Key     `yaml:"keys"`
}

// Key is an SSH public key a person signs with, and the days it is theirs.
type Key struct {
	Public string    `yaml:"public"`
	From   date.Date `yaml:"from"`
	Until  date.Date `yaml:"until"`
}

// CountsOn reports whether the key is the person's on a day: From and Until are the
// first and the last of its days.
func (k Key) CountsOn(day date.Date) bool {
	return !day.Before(k.From) && (k.Until.IsZero() || !day.After(k.Until))
}
