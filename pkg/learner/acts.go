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
	Decided      date.Date   `yaml:"decided"` // where it was decided before Date, from which it holds
	Told         []string    `yaml:"told"`    // contact ids
	NotTold      Words       `yaml:"not_told"`
	Meeting      *Meeting    `yaml:"meeting"`
	MonitorUntil date.Date   `yaml:"monitor_until"` // after less support: watched until then
	ToSetting    Words       `yaml:"to_setting"`    // where a learner who left went
	Gate         []GateCheck `yaml:"gate"`
}

// Meeting is the meeting at which the next passport, profile or plan is made
// together, and who is invited to it.
type Meeting struct {
	Date    date.Date `yaml:"date"`
	Invited []string  `yaml:"invited"`
}

// GateCheck is one line of a gate table.
type GateCheck struct {
	Check string   `yaml:"check"`
	Kind  string   `yaml:"kind"` // duty or evidence
	Met   bool     `yaml:"met,always"`
	Cites []string `yaml:"cites"` // ids of the files and contacts that show it
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
	Basis                 []AskLine         `yaml:"basis"` // what Asks is made up of
	Reasons               Words             `yaml:"reasons"`
	Because               Words             `yaml:"because"` // why it goes ahead with something missing
	OutcomesSought        []Words           `yaml:"outcomes_sought"`
	SupportSought         []Words           `yaml:"support_sought"` // beyond what is ordinarily there
	LearnerSays           []LearnerVoice    `yaml:"learner_says"`
	ParentsSay            []ParentVoice     `yaml:"parents_say"`
	Consents              []Consent         `yaml:"consents"` // those it rests on, as learner.yaml holds them
	Evidence              []RequestEvidence `yaml:"evidence"`
	Readiness             []Readiness       `yaml:"readiness"`
	Costs                 []Cost            `yaml:"costs"`
	Declared              []SignedBy        `yaml:"declared"` // head and SENCo
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

// AskLine is one part of the money asked for: HoursAWeek for Weeks, or Hours in
// all, at Hourly pounds; or Cost alone, in pounds.
type AskLine struct {
	What       Words  `yaml:"what"`
	HoursAWeek Number `yaml:"hours_a_week"`
	Weeks      Number `yaml:"weeks"`
	Hours      Number `yaml:"hours"`
	Hourly     Number `yaml:"hourly"`
	Cost       Number `yaml:"cost"`
}

// Readiness is how far one item of evidence was there when the request was sent.
type Readiness struct {
	Item  string `yaml:"item"`  // id of a check of the pathway
	State string `yaml:"state"` // present, partial, missing, not-applicable
	Words Words  `yaml:"words"`
}

// RequestEvidence is one numbered piece of evidence and what it shows.
type RequestEvidence struct {
	N     Number `yaml:"number"` // not n: YAML 1.1 reads a bare n as no
	Shows string `yaml:"shows"`
	Cites string `yaml:"cites"`
	Pages string `yaml:"pages"` // "3" or "3-5", in an attachment
}

// Cost is what one provision costs in a full year, in pounds.
type Cost struct {
	What      Words  `yaml:"what"`
	Provision string `yaml:"provision"`
	Cycle     string `yaml:"cycle"`
	Annual    Number `yaml:"annual"`
}

// Decision is a panel's decision on a request; sealed.
type Decision struct {
	Format      string     `yaml:"format"`
	Learner     string     `yaml:"learner"`
	ID          string     `yaml:"id"`
	Request     string     `yaml:"request"`
	Panel       date.Date  `yaml:"panel"`
	Result      string     `yaml:"result"`
	Reasons     []string   `yaml:"reasons"`
	Words       Words      `yaml:"words"`
	Conditions  []Words    `yaml:"conditions"`
	Grants      *Grant     `yaml:"grants"`
	ImpactBy    date.Date  `yaml:"impact_by"` // when the panel wants to hear what it changed; zero where it set no day
	Members     []Words    `yaml:"members"`   // by role, never by name
	Recused     Number     `yaml:"recused"`   // how many took no part
	Scores      []Score    `yaml:"scores"`
	SecondTotal Number     `yaml:"second_total"` // of the second rater's scores
	LegalTest   *LegalTest `yaml:"legal_test"`
	Feedback    []Words    `yaml:"feedback"`
	WouldChange []Words    `yaml:"would_change"`
	AppealTold  date.Date  `yaml:"appeal_told"`
	Chair       string     `yaml:"chair"`
	Moderator   string     `yaml:"moderator"`
	Notified    date.Date  `yaml:"notified"`
}

// Score is what a panel gave one of its criteria, out of Of.
type Score struct {
	Criterion string `yaml:"criterion"`
	Score     Number `yaml:"score"`
	Of        Number `yaml:"of"`
}

// LegalTest is the panel's answer to the two questions of the Children and
// Families Act 2014, section 36(8). It is the panel's: no program judges it.
type LegalTest struct {
	MayHaveSEN         bool  `yaml:"may_have_sen,always"`
	PlanMayBeNecessary bool  `yaml:"plan_may_be_necessary,always"`
	Words              Words `yaml:"words"`
}

// Letter is one letter to or from whoever decides a request, such as the day the
// authority has it, or asks the setting for its advice; sealed.
type Letter struct {
	Format    string    `yaml:"format"`
	Learner   string    `yaml:"learner"`
	ID        string    `yaml:"id"`
	Request   string    `yaml:"request"`
	Date      date.Date `yaml:"date"`
	What      string    `yaml:"what"` // received, advice-asked, advice-sent, as the pathway has them
	Reference Words     `yaml:"reference"`
	Words     Words     `yaml:"words"`
	By        string    `yaml:"by"`
}

// Impact says what short-term resource changed; sealed.
type Impact struct {
	Format   string          `yaml:"format"`
	Learner  string          `yaml:"learner"`
	ID       string          `yaml:"id"`
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
	Qualification   Words            `yaml:"qualification"`
	Asked           date.Date        `yaml:"asked"`
	Seen            date.Date        `yaml:"seen"`
	Date            date.Date        `yaml:"date"`
	Consent         string           `yaml:"consent"` // the family id of who agreed
	Findings        []Words          `yaml:"findings"`
	Scores          []AdviceScore    `yaml:"scores"`
	Shared          date.Date        `yaml:"shared"` // the day the parents had it
	ReviewOn        date.Date        `yaml:"review_on"`
	Recommendations []Recommendation `yaml:"recommendations"`
	Restricted      Restricted       `yaml:"restricted"`
}

// Recommendation is one thing advised, and what was done about it.
type Recommendation struct {
	ID          string    `yaml:"id"`
	Words       Words     `yaml:"words"`
	Action      Words     `yaml:"action"`
	Done        date.Date `yaml:"done"`
	NotFollowed Words     `yaml:"not_followed"` // the reason why it is not
}

// Open reports whether nothing has come of the recommendation yet.
func (r Recommendation) Open() bool { return r.Done.IsZero() && r.NotFollowed == "" }

// AdviceScore is one figure of a professional's assessment.
type AdviceScore struct {
	What  Words  `yaml:"what"`
	Value Number `yaml:"value"`
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
	SharedWith []string   `yaml:"shared_with"` // the staff who are to read it
	ReviewOn   date.Date  `yaml:"review_on"`
	Agreed     []SignedBy `yaml:"agreed"` // empty while this version is only a draft
}

// Profile is profile.yaml, the one-page profile.
type Profile struct {
	Format     string     `yaml:"format"`
	Learner    string     `yaml:"learner"`
	Version    Number     `yaml:"version"`
	Made       date.Date  `yaml:"made"`
	With       []string   `yaml:"with"`
	Admire     []Words    `yaml:"admire"`
	Important  []Words    `yaml:"important"`
	Support    []Words    `yaml:"support"`
	SharedWith []string   `yaml:"shared_with"` // the staff who are to read it
	ReviewOn   date.Date  `yaml:"review_on"`
	Agreed     []SignedBy `yaml:"agreed"` // empty while this version is only a draft
}

// SignedBy is who agreed, and when.
type SignedBy struct {
	Who  string    `yaml:"who"`
	Date date.Date `yaml:"date"`
}

// Readings is readings.yaml: which member of staff has read which version of a
// passport or profile. It stands apart, so that reading changes nothing agreed.
type Readings struct {
	Format   string    `yaml:"format"`
	Learner  string    `yaml:"learner"`
	Readings []Reading `yaml:"readings"`
}

// Reading is one person's reading of one version.
type Reading struct {
	Document string    `yaml:"document"` // passport or profile
	Version  Number    `yaml:"version"`
	Who      string    `yaml:"who"`
	Date     date.Date `yaml:"date"`
}
