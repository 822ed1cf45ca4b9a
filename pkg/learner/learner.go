package learner

import "github.com/sendctl/sendctl/pkg/date"

// Identity is identity.yaml, the front sheet: the only file that names the child.
type Identity struct {
	Format    string    `yaml:"format"`
	Learner   string    `yaml:"learner"`
	Name      Words     `yaml:"name"` // used every day
	LegalName LegalName `yaml:"legal_name"`
	Born      date.Date `yaml:"born"`
	Sex       string    `yaml:"sex"`       // M or F, as the census asks it
	Ethnicity string    `yaml:"ethnicity"` // census code, as the family said it
	UPN       string    `yaml:"upn"`       // quoted; never minted here
	FormerUPN string    `yaml:"former_upn"`
	ULN       string    `yaml:"uln"`
	Family    []Contact `yaml:"family"`
}

// LegalName is the name on the birth certificate or deed.
type LegalName struct {
	Given  Words `yaml:"given"`
	Family Words `yaml:"family"`
}

// Contact is a family member's name and how to reach them.
type Contact struct {
	ID      string         `yaml:"id"`
	Name    Words          `yaml:"name"`
	Contact ContactDetails `yaml:"contact"`
}

// ContactDetails say how to reach a family member.
type ContactDetails struct {
	Phone string `yaml:"phone"`
	Email string `yaml:"email"`
	Post  Words  `yaml:"post"`
	Best  Words  `yaml:"best"`
}

// Learner is learner.yaml: where the learner is. It names nobody.
type Learner struct {
	Format          string            `yaml:"format"`
	Learner         string            `yaml:"learner"`
	Stage           string            `yaml:"stage"`
	Joined          date.Date         `yaml:"joined"`
	KeptSince       date.Date         `yaml:"kept_since"`   // the day a record was made of what other papers hold
	FromSetting     Words             `yaml:"from_setting"` // the setting before this one
	Cohort          string            `yaml:"cohort"`       // the September of Reception, "2021"
	YearExceptions  []YearException   `yaml:"year_exceptions"`
	Enrolment       []Enrolment       `yaml:"enrolment"`
	Team            Team              `yaml:"team"`
	Family          []FamilyMember    `yaml:"family"`
	Characteristics *Characteristics  `yaml:"characteristics"`
	Aspirations     []Aspiration      `yaml:"aspirations"`
	Outcomes        []LongOutcome     `yaml:"outcomes"`      // years ahead; a target of a cycle is a step towards one
	SENProvision    []ProvisionCode   `yaml:"sen_provision"` // oldest first
	SENUnit         []DatedFlag       `yaml:"sen_unit"`
	Resourced       []DatedFlag       `yaml:"resourced_provision"`
	TopUp           []DatedFlag       `yaml:"top_up"`
	Needs           []Need            `yaml:"needs"` // rank 1 is the main area of need
	Disability      *Disability       `yaml:"disability"`
	Adjustments     []Adjustment      `yaml:"adjustments"`
	Consents        []Consent         `yaml:"consents"`
	Safeguarding    *SafeguardingFlag `yaml:"safeguarding"`
	Holds           []Hold            `yaml:"holds"`
	Waivers         []Waiver          `yaml:"waivers"`
}

// YearException is a dated year group other than the derived one.
type YearException struct {
	From date.Date `yaml:"from"`
	Year string    `yaml:"year"`
}

// Enrolment is a dated census enrolment status (C, M, S, F, O).
type Enrolment struct {
	From   date.Date `yaml:"from"`
	Status string    `yaml:"status"`
}

// Team is who is responsible: the class or subject teacher at every stage (Code of Practice, chapter 6).
type Team struct {
	ResponsibleTeacher string   `yaml:"responsible_teacher"`
	SENCo              string   `yaml:"senco"`
	KeyAdults          []string `yaml:"key_adults"`
}

// FamilyMember is a family member by id; the name is in Identity.
type FamilyMember struct {
	ID                     string `yaml:"id"`
	Relation               string `yaml:"relation"`
	ParentalResponsibility bool   `yaml:"parental_responsibility,always"`
	Documents              string `yaml:"documents"` // standard, large-print, easy-read, audio
	Language               string `yaml:"language"`
}

// Characteristics are facts a panel or a report may ask for.
type Characteristics struct {
	CaredFor      bool `yaml:"cared_for,always"`
	Disadvantaged bool `yaml:"disadvantaged,always"`
	YoungCarer    bool `yaml:"young_carer,always"`
}

// Aspiration is a hope in someone's own words.
type Aspiration struct {
	Who   string    `yaml:"who"` // "learner" or a family id
	Date  date.Date `yaml:"date"`
	Words Words     `yaml:"words"`
}

// LongOutcome is what life shall be like by a day that may be years away.
type LongOutcome struct {
	ID     string    `yaml:"id"` // o1
	Words  Words     `yaml:"words"`
	By     date.Date `yaml:"by"`
	Strand string    `yaml:"strand"` // of preparing for adulthood (Code of Practice, chapter 8)
}

// ProvisionCode is the census code for SEN provision from a day on: N, K or E.
type ProvisionCode struct {
	From date.Date `yaml:"from"`
	Code string    `yaml:"code"`
}

// DatedFlag is a census indicator from a day on.
type DatedFlag struct {
	From    date.Date `yaml:"from"`
	Applies bool      `yaml:"applies,always"`
}

// Need is an area of need, ranked.
type Need struct {
	Rank  Number    `yaml:"rank"`
	Type  string    `yaml:"type"` // census type of need, such as SPLD
	From  date.Date `yaml:"from"`
	Until date.Date `yaml:"until"`
	Words Words     `yaml:"words"`
}

// Disability is asked apart from SEN (Equality Act 2010).
type Disability struct {
	Recorded bool  `yaml:"recorded,always"`
	Words    Words `yaml:"words"`
}

// Adjustment is a reasonable adjustment.
type Adjustment struct {
	ID         string    `yaml:"id"`
	Barrier    Words     `yaml:"barrier"`
	Adjustment Words     `yaml:"adjustment"`
	Kind       string    `yaml:"kind"` // practice, rule, aid, service
	RaisedBy   string    `yaml:"raised_by"`
	Since      date.Date `yaml:"since"`
	ReviewOn   date.Date `yaml:"review_on"`
	Ended      date.Date `yaml:"ended"`
}

// Consent is who agreed to what, until when.
type Consent struct {
	To        Words     `yaml:"to"`
	GivenBy   string    `yaml:"given_by"`
	Date      date.Date `yaml:"date"`
	Until     date.Date `yaml:"until"`
	Withdrawn date.Date `yaml:"withdrawn"`
}

// SafeguardingFlag points at the safeguarding system; the matter itself is never here.
type SafeguardingFlag struct {
	SeeOtherSystem bool `yaml:"see_other_system,always"`
}

// Contacts is contacts.yaml, the contact log: append-only.
type Contacts struct {
	Format   string         `yaml:"format"`
	Learner  string         `yaml:"learner"`
	Contacts []ContactEntry `yaml:"contacts"`
}

// ContactEntry is one meeting, call, letter, message or visit.
type ContactEntry struct {
	ID         string     `yaml:"id"`
	Date       date.Date  `yaml:"date"`
	With       []string   `yaml:"with"`
	By         string     `yaml:"by"`
	How        string     `yaml:"how"`
	About      string     `yaml:"about"`
	Told       Words      `yaml:"told"`
	Said       Words      `yaml:"said"`
	Agreed     []Words    `yaml:"agreed"`
	CopyGiven  bool       `yaml:"copy_given"`
	Cites      []string   `yaml:"cites"`
	Restricted Restricted `yaml:"restricted"`
}
