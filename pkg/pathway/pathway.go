package pathway

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Pathway is pathway.yaml: the graduated approach of one area, in one version.
type Pathway struct {
	Format     string          `yaml:"format"`
	ID         string          `yaml:"id"`
	Version    learner.Number  `yaml:"version"`
	Title      learner.Words   `yaml:"title"`
	About      learner.Words   `yaml:"about"`
	From       date.Date       `yaml:"from"`
	Thresholds Thresholds      `yaml:"thresholds"`
	Stages     []Stage         `yaml:"stages"` // from least to most support; leaving comes last
	Moves      []Move          `yaml:"moves"`
	Requests   []Request       `yaml:"requests"`
	Checks     []Check         `yaml:"checks"`
	Lists      []List          `yaml:"lists"`
	Limits     []learner.Limit `yaml:"limits"`
}

// Thresholds are the pathway's numbers. Those that learner.Policies has too
// hold only where the setting decided nothing else.
type Thresholds struct {
	CyclesBeforeRegister    learner.Number `yaml:"cycles_before_register"`
	CyclesBeforeRequest     learner.Number `yaml:"cycles_before_request"`
	ReviewWithinWeeks       learner.Number `yaml:"review_within_weeks"` // from plan to review
	ReviewWithinDays        learner.Number `yaml:"review_within_days"`  // after the agreed date
	ParentMeetingsAYear     learner.Number `yaml:"parent_meetings_a_year"`
	Element2Threshold       learner.Number `yaml:"element_2_threshold"` // pounds a year
	TargetsInACycle         learner.Number `yaml:"targets_in_a_cycle"`
	SmallNumberFloor        learner.Number `yaml:"small_number_floor"`
	RetentionYearsFromBirth learner.Number `yaml:"retention_years_from_birth"`
	WeeksAYear              learner.Number `yaml:"weeks_a_year"`         // of term, for what support costs
	MonitorWeeks            learner.Number `yaml:"monitor_weeks"`        // watched after less support
	DocumentWeeks           learner.Number `yaml:"document_weeks"`       // a passport or profile older than this is stale
	AdviceWithinMonths      learner.Number `yaml:"advice_within_months"` // older advice counts half
}

// Stage is where a learner can be. SENProvision is the census code usual there:
// the learner's own dated code decides.
type Stage struct {
	ID                string         `yaml:"id"`
	Aliases           []string       `yaml:"aliases"`
	Words             learner.Words  `yaml:"words"` // "SEN Support Plan"
	About             learner.Words  `yaml:"about"`
	Reviews           learner.Words  `yaml:"reviews"` // "once a half-term"
	ReviewWithinWeeks learner.Number `yaml:"review_within_weeks"`
	SENProvision      string         `yaml:"sen_provision"`
	Cycles            bool           `yaml:"cycles,always"` // whether cycles may be held here
	Document          string         `yaml:"document"`      // passport or profile, where the stage is built on one
	Guide             *Guide         `yaml:"guide"`
}

// Guide is what anyone may expect of a stage.
type Guide struct {
	Enter     learner.Words   `yaml:"enter"` // the entry test
	Holds     []learner.Words `yaml:"holds"`
	TakesPart []learner.Words `yaml:"takes_part"`
	Leave     learner.Words   `yaml:"leave"` // the exit test
	Help      []learner.Words `yaml:"help"`  // where to turn
	Source    learner.Words   `yaml:"source"`
}

// Move is a way from one stage to another that the pathway names. Any other way
// is open too: gates inform, and an unusual way only wants a reason.
type Move struct {
	From []string `yaml:"from"`
	To   []string `yaml:"to"`
	Way  string   `yaml:"way"`  // up, down, across or out
	Gate []string `yaml:"gate"` // ids of checks
}

// Check is one thing that is looked for before a move or in a request.
type Check struct {
	ID      string        `yaml:"id"`
	Kind    string        `yaml:"kind"` // duty (law) or evidence (policy)
	Words   learner.Words `yaml:"words"`
	Satisfy learner.Words `yaml:"satisfy"` // what would meet it
	Who     learner.Words `yaml:"who"`     // who can supply it
	Source  learner.Words `yaml:"source"`
	// YoungPerson is read in place of the three above once the learner is over
	// compulsory school age; what it leaves out stays. nil changes nothing.
	YoungPerson *Wording       `yaml:"young_person"`
	Head        string         `yaml:"head"` // of the request under which a panel reads it, a code of the list heads
	Test        string         `yaml:"test"` // the mechanism that looks, see pkg/gate
	Of          []string       `yaml:"of"`   // what the test looks for
	AtLeast     learner.Number `yaml:"at_least"`
	Least       string         `yaml:"least"` // or the name of the threshold that says how many
}

// Wording is other words for a check.
type Wording struct {
	Words   learner.Words `yaml:"words"`
	Satisfy learner.Words `yaml:"satisfy"`
	Who     learner.Words `yaml:"who"`
}

// Request is a kind of request made beside a stage, such as STAR or COSA.
type Request struct {
	ID       string          `yaml:"id"`
	Aliases  []string        `yaml:"aliases"`
	Words    learner.Words   `yaml:"words"`
	About    learner.Words   `yaml:"about"`
	Money    bool            `yaml:"money,always"` // whether money for a time is asked for
	Results  []Term          `yaml:"results"`
	Ends     []string        `yaml:"ends"`     // the results after which nothing more is decided; where none are named, every one
	Letters  []Term          `yaml:"letters"`  // what is written to and fro, as its life goes on
	Reasons  []Term          `yaml:"reasons"`  // of a decision
	Criteria []Term          `yaml:"criteria"` // what a panel scores
	Gate     []string        `yaml:"gate"`     // ids of checks: duties, and what a panel looks for first
	Evidence []string        `yaml:"evidence"` // ids of checks, in the order of the index
	Clock    []Clock         `yaml:"clock"`
	Help     []learner.Words `yaml:"help"`
}

// Clock is one time limit of a request: Days from the first of From that has
// happened, until one of Until has. Both name codes of Letters and Results, or
// one of the events below that every request can have.
type Clock struct {
	ID     string         `yaml:"id"`
	Words  learner.Words  `yaml:"words"`
	From   []string       `yaml:"from"`
	Days   learner.Number `yaml:"days"`
	Until  []string       `yaml:"until"`
	Owes   string         `yaml:"owes"` // authority or setting
	Source learner.Words  `yaml:"source"`
}

// The events of a request's life that need no words of the pathway's.
const (
	Sent       = "sent"
	ImpactBy   = "impact-by" // the day the decision set for saying what the grant changed
	GrantFrom  = "grant-from"
	GrantTo    = "grant-to" // the last day of what was granted
	ImpactSaid = "impact"   // it was said what the grant changed
)

// Events are what a clock of this kind of request may name.
func (r Request) Events() []string {
	var out []string
	for _, t := range append(slices.Clone(r.Letters), r.Results...) {
		out = append(out, t.Code)
	}
	return append(out, Sent, ImpactBy, GrantFrom, GrantTo, ImpactSaid)
}

// Statutory reports whether it asks for what the law gives a right to ask for,
// as a family may at any time (Children and Families Act 2014, section 36), and
// not for money, which nobody has a right to.
func (r Request) Statutory() bool { return !r.Money }

// Ended reports whether nothing more is decided after this result.
func (r Request) Ended(result string) bool {
	return len(r.Ends) == 0 || slices.Contains(r.Ends, result)
}

// Letter is what people read for a letter of this kind of request, Reason for a
// reason of a decision, Criterion for what a panel scores; the code itself where
// the pathway has no words for it.
func (r Request) Letter(code string) string { return words(r.Letters, code) }

// Reason is described at Letter.
func (r Request) Reason(code string) string { return words(r.Reasons, code) }

// Criterion is described at Letter.
func (r Request) Criterion(code string) string { return words(r.Criteria, code) }

// List is a list of codes that files hold.
type List struct {
	ID     string        `yaml:"id"`
	Title  learner.Words `yaml:"title"`
	Source learner.Words `yaml:"source"`
	Terms  []Term        `yaml:"terms"` // in the order in which they are offered
}

// Term is one code and what people read for it. Means, where given, says when
// to choose it.
type Term struct {
	Code  string        `yaml:"code"`
	Words learner.Words `yaml:"words"`
	Means learner.Words `yaml:"means"`
}

// The lists that every pathway has. A test holds those that are closed equal to
// the enums of the schemas.
const (
	Areas           = "areas"
	EvidenceKinds   = "evidence-kinds"
	Explanations    = "explanations" // asked about before calling it SEN; open
	Layers          = "layers"
	Where           = "where"
	Scores          = "scores" // "-2" … "2"
	Progress        = "progress"
	Next            = "next"
	Decisions       = "decisions"
	Impact          = "impact"
	ContactHow      = "contact-how"
	ContactAbout    = "contact-about"
	AdjustmentKinds = "adjustment-kinds"
	Documents       = "documents"
	Heads           = "heads" // of what a panel looks at; open
	Roles           = "roles" // open
)

// Ref is the pathway with its version as records cite it, northumberland/1.
func (p *Pathway) Ref() string { return p.ID + "/" + string(p.Version) }

// Away reports whether a stage is one outside the setting, as of a learner who has left.
func (s Stage) Away() bool { return s.ID != "" && !s.Cycles && s.SENProvision == "" }

// Stage is the stage with the given id or alias.
func (p *Pathway) Stage(id string) (s Stage, ok bool) {
	i := slices.IndexFunc(p.Stages, func(s Stage) bool { return named(id, s.ID, s.Aliases) })
	if i < 0 {
		return Stage{}, false
	}
	return p.Stages[i], true
}

// StageIDs are the ids of the stages, in the pathway's order, without aliases.
func (p *Pathway) StageIDs() []string {
	ids := make([]string, len(p.Stages))
	for i, s := range p.Stages {
		ids[i] = s.ID
	}
	return ids
}

// Compare is negative, zero or positive as stage a comes before, is, or comes
// after b in the pathway. A stage the pathway does not know comes last.
func (p *Pathway) Compare(a, b string) int { return p.place(a) - p.place(b) }

func (p *Pathway) place(id string) int {
	i := slices.IndexFunc(p.Stages, func(s Stage) bool { return named(id, s.ID, s.Aliases) })
	if i < 0 {
		return len(p.Stages)
	}
	return i
}

// Request is the kind of request with the given id or alias: "ehcna" gives that of "cosa".
func (p *Pathway) Request(id string) (r Request, ok bool) {
	i := slices.IndexFunc(p.Requests, func(r Request) bool { return named(id, r.ID, r.Aliases) })
	if i < 0 {
		return Request{}, false
	}
	return p.Requests[i], true
}

// RequestIDs are the ids of the kinds of request, without aliases.
func (p *Pathway) RequestIDs() []string {
	ids := make([]string, len(p.Requests))
	for i, r := range p.Requests {
		ids[i] = r.ID
	}
	return ids
}

// Result is what people read for a result of this kind of request; the code
// itself where the pathway has no words for it.
func (r Request) Result(code string) string { return words(r.Results, code) }

// Terms are the codes of a list in the order in which they are offered, or nil
// where the pathway has no such list.
func (p *Pathway) Terms(list string) []Term {
	i := slices.IndexFunc(p.Lists, func(l List) bool { return l.ID == list })
	if i < 0 {
		return nil
	}
	return p.Lists[i].Terms
}

// Codes are the codes of Terms, for asking "did you mean".
func (p *Pathway) Codes(list string) []string {
	terms := p.Terms(list)
	codes := make([]string, len(terms))
	for i, t := range terms {
		codes[i] = t.Code
	}
	return codes
}

// Words is what people read for a code of a list. It is the code itself where
// the pathway has no words for it, so that a sentence never has a hole.
func (p *Pathway) Words(list, code string) string { return words(p.Terms(list), code) }

// StageWords is what people read for a stage, or the id itself.
func (p *Pathway) StageWords(id string) string {
	if s, ok := p.Stage(id); ok {
		return string(s.Words)
	}
	return id
}

// Move is the way from one stage to another; ok is false where the pathway does
// not name it.
func (p *Pathway) Move(from, to string) (m Move, ok bool) {
	for _, m := range p.Moves {
		if slices.Contains(m.From, from) && slices.Contains(m.To, to) {
			return m, true
		}
	}
	return Move{}, false
}

// Check is the check with the given id.
func (p *Pathway) Check(id string) (c Check, ok bool) {
	i := slices.IndexFunc(p.Checks, func(c Check) bool { return c.ID == id })
	if i < 0 {
		return Check{}, false
	}
	return p.Checks[i], true
}

// RequestWords is what people read for a kind of request, or the id itself.
func (p *Pathway) RequestWords(id string) string {
	if r, ok := p.Request(id); ok {
		return string(r.Words)
	}
	return id
}

// ReviewWeeks is the longest a cycle of a stage should run between plan and
// review, in weeks; ok is false where the pathway does not say.
func (p *Pathway) ReviewWeeks(stage string) (weeks int, ok bool) {
	if s, known := p.Stage(stage); known && s.ReviewWithinWeeks != "" {
		return s.ReviewWithinWeeks.Int()
	}
	return p.Thresholds.ReviewWithinWeeks.Int()
}

// named reports whether a person who typed s meant id: in any case, or by an alias.
func named(s, id string, aliases []string) bool {
	return strings.EqualFold(s, id) || slices.ContainsFunc(aliases, func(a string) bool { return strings.EqualFold(s, a) })
}

func words(terms []Term, code string) string {
	for _, t := range terms {
		if t.Code == code {
			return string(t.Words)
		}
	}
	return code
}
