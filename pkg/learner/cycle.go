package learner

import "github.com/sendctl/sendctl/pkg/date"

// Cycle is one assess-plan-do-review cycle. It is open until Review is written
// and sealed from then on; Plan is nil while only a concern is recorded.
type Cycle struct {
	Format             string    `yaml:"format"`
	Learner            string    `yaml:"learner"`
	ID                 string    `yaml:"id"`
	Opened             date.Date `yaml:"opened"`
	Stage              string    `yaml:"stage"`
	Pathway            string    `yaml:"pathway"`  // pathway id and version, northumberland/1
	Previous           string    `yaml:"previous"` // id of the cycle this one carries on
	ResponsibleTeacher string    `yaml:"responsible_teacher"`
	Assess             *Assess   `yaml:"assess"`
	Plan               *Plan     `yaml:"plan"`
	Do                 []Note    `yaml:"do"`
	Review             *Review   `yaml:"review"`
}

// Assess is what is known before planning.
type Assess struct {
	Date              date.Date          `yaml:"date"`
	Noticed           date.Date          `yaml:"noticed"`
	Strengths         []Words            `yaml:"strengths"`
	Concerns          []Concern          `yaml:"concerns"`
	History           []Words            `yaml:"history"`
	OtherExplanations []OtherExplanation `yaml:"other_explanations"`
	Evidence          []Evidence         `yaml:"evidence"`
	LearnerSays       []LearnerVoice     `yaml:"learner_says"`
	ParentsSay        []ParentVoice      `yaml:"parents_say"`
}

// Concern is one worry, in the words of whoever raised it.
type Concern struct {
	By    string `yaml:"by"`
	Area  string `yaml:"area"`
	Words Words  `yaml:"words"`
}

// OtherExplanation is a cause asked about before calling it SEN.
type OtherExplanation struct {
	Cause   string `yaml:"cause"` // eal, attendance, hearing, vision …
	Applies bool   `yaml:"applies,always"`
	Words   Words  `yaml:"words"`
}

// Evidence is one dated finding. Value is in Unit, or out of Of.
type Evidence struct {
	ID            string     `yaml:"id"`
	Date          date.Date  `yaml:"date"`
	Kind          string     `yaml:"kind"`
	What          Words      `yaml:"what"`
	Value         Number     `yaml:"value"`
	Of            Number     `yaml:"of"`
	Unit          Words      `yaml:"unit"`
	Peers         Number     `yaml:"peers"`          // what others of that age reach, same unit
	AgeEquivalent string     `yaml:"age_equivalent"` // 6y10m
	By            string     `yaml:"by"`
	Words         Words      `yaml:"words"`
	Restricted    Restricted `yaml:"restricted"`
}

// LearnerVoice is what the learner said or showed, and how it was found out.
type LearnerVoice struct {
	Words     Words     `yaml:"words"`
	How       Words     `yaml:"how"`
	Date      date.Date `yaml:"date"`
	NotSought Words     `yaml:"not_sought"` // the reason, where there are no words
}

// ParentVoice is what one parent or carer said. Two may differ; both are heard.
type ParentVoice struct {
	Who       string    `yaml:"who"`
	Words     Words     `yaml:"words"`
	Date      date.Date `yaml:"date"`
	NotSought Words     `yaml:"not_sought"`
}

// Plan is what will be done, agreed with whom, and when it is looked at again.
type Plan struct {
	Date       date.Date   `yaml:"date"`
	Starts     date.Date   `yaml:"starts"`
	AgreedWith []string    `yaml:"agreed_with"`
	Universal  []Words     `yaml:"universal"`
	Targets    []Target    `yaml:"targets"`
	Provision  []Provision `yaml:"provision"`
	Home       []HomeHelp  `yaml:"home"`
	ReviewOn   date.Date   `yaml:"review_on"`
}

// Target is one outcome; Outcome begins "will …" and never names the child.
type Target struct {
	ID      string    `yaml:"id"`
	Area    string    `yaml:"area"`
	Need    Number    `yaml:"need"` // a rank in Learner.Needs, once on the register
	Outcome Words     `yaml:"outcome"`
	Measure *Measure  `yaml:"measure"`
	Due     date.Date `yaml:"due"`
}

// Measure says how anyone will know: Baseline and Target in Unit, out of Of where given.
type Measure struct {
	What     Words  `yaml:"what"`
	Unit     Words  `yaml:"unit"`
	Of       Number `yaml:"of"`
	Baseline Number `yaml:"baseline"`
	Target   Number `yaml:"target"`
	Better   string `yaml:"better"` // higher or lower
}

// Provision is what is given: who, what, how often, how long, in what group.
type Provision struct {
	ID           string    `yaml:"id"`
	For          []string  `yaml:"for"` // target ids
	What         Words     `yaml:"what"`
	Layer        string    `yaml:"layer"`
	By           string    `yaml:"by"`
	Role         string    `yaml:"role"`
	Ratio        string    `yaml:"ratio"` // adults to learners, "1:4"; quoted
	Sessions     *Sessions `yaml:"sessions"`
	Where        string    `yaml:"where"` // in-class or withdrawn
	LessonMissed Words     `yaml:"lesson_missed"`
	HoursAYear   Number    `yaml:"hours_a_year"` // where it is not given week by week
	AnnualCost   Number    `yaml:"annual_cost"`  // pounds a year, of what is bought
	Additional   bool      `yaml:"additional,always"`
	Fading       Words     `yaml:"fading"`
}

// Sessions are how often and how long; Planned is the whole number of sessions
// where holidays make it other than PerWeek times Weeks.
type Sessions struct {
	PerWeek Number `yaml:"per_week"`
	Minutes Number `yaml:"minutes"`
	Weeks   Number `yaml:"weeks"`
	Planned Number `yaml:"planned"`
}

// Total is the number of sessions planned; ok is false when it cannot be told.
func (s *Sessions) Total() (n int, ok bool) {
	if s == nil {
		return 0, false
	}
	if n, ok := s.Planned.Int(); ok {
		return n, true
	}
	perWeek, ok1 := s.PerWeek.Float()
	weeks, ok2 := s.Weeks.Float()
	return int(perWeek*weeks + 0.5), ok1 && ok2
}

// HomeHelp is what the family does.
type HomeHelp struct {
	Who   string `yaml:"who"`
	Words Words  `yaml:"words"`
}

// Note is dated evidence while the plan runs. Delivered and Attended count
// sessions since the last note; Value is an interim figure for Target.
type Note struct {
	Date       date.Date  `yaml:"date"`
	By         string     `yaml:"by"`
	Provision  string     `yaml:"provision"`
	Delivered  Number     `yaml:"delivered"`
	Attended   Number     `yaml:"attended"`
	Target     string     `yaml:"target"`
	Value      Number     `yaml:"value"`
	Words      Words      `yaml:"words"`
	Restricted Restricted `yaml:"restricted"`
}

// Review closes a cycle. It is written in one piece, and seals the file.
type Review struct {
	Date         date.Date         `yaml:"date"`
	Annual       *bool             `yaml:"annual"` // whether it was the annual review of an EHC plan; nil where nobody said
	Present      []string          `yaml:"present"`
	RecordedBy   string            `yaml:"recorded_by"`
	Targets      []TargetReview    `yaml:"targets"`
	Provision    []ProvisionReview `yaml:"provision"`
	Observations []Words           `yaml:"observations"`
	LearnerSays  []LearnerVoice    `yaml:"learner_says"`
	ParentsSay   []ParentVoice     `yaml:"parents_say"`
	Progress     string            `yaml:"progress"`
	Decision     string            `yaml:"decision"`
	Because      Words             `yaml:"because"`
	Changes      []Words           `yaml:"changes"`
}

// TargetReview is how one target went. Either Result or NotMeasured is given;
// Score runs from -2 (much less than expected) to +2 (much more), 0 as expected.
type TargetReview struct {
	Target      string `yaml:"target"`
	Result      Number `yaml:"result"`
	NotMeasured Words  `yaml:"not_measured"`
	Score       Number `yaml:"score"`
	Next        string `yaml:"next"`
	Because     Words  `yaml:"because"`
}

// ProvisionReview is what was really given and whether it helped: asked apart
// from the result, so that "not achieved" can be told from "not delivered".
type ProvisionReview struct {
	Provision string `yaml:"provision"`
	Delivered Number `yaml:"delivered"`
	Attended  Number `yaml:"attended"`
	Impact    string `yaml:"impact"`
	Words     Words  `yaml:"words"`
}
