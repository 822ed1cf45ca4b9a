package learner

import "github.com/sendctl/sendctl/pkg/date"

// Move is one change of stage with its gate table as it stood; sealed.
type Move struct {
	Format       string      `yaml:"format"`
	Learner      string      `yaml:"learner"`
	ID           string      `yaml:"id"`
	Date         date.Date   `yaml:"date"`
	From         string      `yaml:"from"`
	To           string      `yaml:"to"`
	Pathway      string      `yaml:"pathway"`
	DecidedBy    string      `yaml:"decided_by"`
	Because      Words       `yaml:"because"`
	SENProvision string      `yaml:"sen_provision"`
	MainNeed     string      `yaml:"main_need"`
	Told         []string    `yaml:"told"` // contact ids
	NotTold      Words       `yaml:"not_told"`
	Gate         []GateCheck `yaml:"gate"`
}

// GateCheck is one line of a gate table.
type GateCheck struct {
	Check string `yaml:"check"`
	Kind  string `yaml:"kind"` // duty or evidence
	Met   bool   `yaml:"met,always"`
}

// Request is a STAR or COSA request; sealed when sent.
type Request struct {
	Format                string            `yaml:"format"`
	Learner               string            `yaml:"learner"`
	ID                    string            `yaml:"id"`
	Kind                  string            `yaml:"kind"`
	AskedBy               string            `yaml:"asked_by"`
	Opened                date.Date         `yaml:"opened"`
	Sent                  date.Date         `yaml:"sent"`
	KnowledgeAndAgreement []Agreement       `yaml:"knowledge_and_agreement"`
	Asks                  *Grant            `yaml:"asks"`
	Reasons               Words             `yaml:"reasons"`
	OutcomesSought        []Words           `yaml:"outcomes_sought"`
	Evidence              []RequestEvidence `yaml:"evidence"`
	Costs                 []Cost            `yaml:"costs"`
}

// Agreement is who knows of a request and whether they agree.
type Agreement struct {
	Who    string    `yaml:"who"`
	Knows  date.Date `yaml:"knows"`
	Agrees bool      `yaml:"agrees,always"`
}

// Grant is money for a time, in pounds.
type Grant struct {
	Money Number    `yaml:"money"`
	From  date.Date `yaml:"from"`
	To    date.Date `yaml:"to"`
}

// RequestEvidence is one numbered piece of evidence and what it shows.
type RequestEvidence struct {
	N     Number `yaml:"number"` // not n: YAML 1.1 reads a bare n as no
	Shows string `yaml:"shows"`
	Cites string `yaml:"cites"`
}

// Cost is one provision's cost in a full year, in pounds.
type Cost struct {
	Provision string `yaml:"provision"`
	Cycle     string `yaml:"cycle"`
	Annual    Number `yaml:"annual"`
}

// Decision is a panel's decision on a request; sealed.
type Decision struct {
	Format     string    `yaml:"format"`
	Learner    string    `yaml:"learner"`
	Request    string    `yaml:"request"`
	Panel      date.Date `yaml:"panel"`
	Result     string    `yaml:"result"`
	Reasons    []string  `yaml:"reasons"`
	Words      Words     `yaml:"words"`
	Conditions []Words   `yaml:"conditions"`
	Grants     *Grant    `yaml:"grants"`
	Chair      string    `yaml:"chair"`
	Moderator  string    `yaml:"moderator"`
	Notified   date.Date `yaml:"notified"`
}

// Impact says what short-term resource changed; sealed.
type Impact struct {
	Format   string          `yaml:"format"`
	Learner  string          `yaml:"learner"`
	Request  string          `yaml:"request"`
	Date     date.Date       `yaml:"date"`
	By       string          `yaml:"by"`
	Outcomes []OutcomeImpact `yaml:"outcomes"`
	Verdict  Words           `yaml:"verdict"`
}

// OutcomeImpact is what became of one outcome sought.
type OutcomeImpact struct {
	Outcome Words  `yaml:"outcome"`
	Before  Number `yaml:"before"`
	After   Number `yaml:"after"`
	Words   Words  `yaml:"words"`
}

// Advice is one professional's advice, recommendation by recommendation.
type Advice struct {
	Format          string           `yaml:"format"`
	Learner         string           `yaml:"learner"`
	ID              string           `yaml:"id"`
	By              string           `yaml:"by"`
	Date            date.Date        `yaml:"date"`
	Consent         string           `yaml:"consent"` // the family id of who agreed
	Findings        []Words          `yaml:"findings"`
	Recommendations []Recommendation `yaml:"recommendations"`
	Restricted      Restricted       `yaml:"restricted"`
}

// Recommendation is one thing advised, and what was done about it.
type Recommendation struct {
	ID     string    `yaml:"id"`
	Words  Words     `yaml:"words"`
	Action Words     `yaml:"action"`
	Done   date.Date `yaml:"done"`
}

// Correction puts right one value of a sealed file; sealed itself. The
// file it corrects stays as it is; the two are always shown together.
type Correction struct {
	Format   string    `yaml:"format"`
	Learner  string    `yaml:"learner"`
	ID       string    `yaml:"id"`
	Date     date.Date `yaml:"date"`
	Corrects string    `yaml:"corrects"` // id of the sealed file
	Path     string    `yaml:"path"`
	Was      Scalar    `yaml:"was"` // not given where nothing was written
	Is       Scalar    `yaml:"is"`
	Because  Words     `yaml:"because"`
	By       string    `yaml:"by"`
}

// Passport is passport.yaml: what every adult should know, in the learner's words.
type Passport struct {
	Format     string     `yaml:"format"`
	Learner    string     `yaml:"learner"`
	Version    Number     `yaml:"version"`
	Made       date.Date  `yaml:"made"`
	With       []string   `yaml:"with"`
	Know       []Words    `yaml:"know"`
	HardWhen   []Words    `yaml:"hard_when"`
	HelpMeBy   []Words    `yaml:"help_me_by"`
	HelpMyself []Words    `yaml:"help_myself_by"`
	ReviewOn   date.Date  `yaml:"review_on"`
	Agreed     []SignedBy `yaml:"agreed"`
}

// Profile is profile.yaml, the one-page profile.
type Profile struct {
	Format    string     `yaml:"format"`
	Learner   string     `yaml:"learner"`
	Version   Number     `yaml:"version"`
	Made      date.Date  `yaml:"made"`
	With      []string   `yaml:"with"`
	Admire    []Words    `yaml:"admire"`
	Important []Words    `yaml:"important"`
	Support   []Words    `yaml:"support"`
	ReviewOn  date.Date  `yaml:"review_on"`
	Agreed    []SignedBy `yaml:"agreed"`
}

// SignedBy is who agreed, and when.
type SignedBy struct {
	Who  string    `yaml:"who"`
	Date date.Date `yaml:"date"`
}
