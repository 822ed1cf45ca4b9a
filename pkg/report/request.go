package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Request is one request with everything that followed on it, as people read it.
type Request struct {
	ID          string    `json:"id"`
	Path        string    `json:"path"`
	Kind        string    `json:"kind"`
	KindWords   string    `json:"kind_words"`
	AskedBy     string    `json:"asked_by"`
	AskedByName string    `json:"asked_by_name"`
	Opened      date.Date `json:"opened"`
	Sent        date.Date `json:"sent"`
	// State is draft, waiting, or the code of the latest decision; StateWords say it
	// with its day: "draft", "sent, waiting", "agreed to 17 July 2026", "not agreed".
	State      string `json:"state"`
	StateWords string `json:"state_words"`
	// UnderWay says that something is still to come: to be sent, to be decided, to be
	// supplied, or a grant that runs.
	UnderWay bool `json:"under_way"`

	Money     bool             `json:"money"` // whether this kind asks for money
	Asks      *RequestMoney    `json:"asks,omitempty"`
	Basis     []RequestPart    `json:"basis,omitempty"`
	Agreement []RequestKnowing `json:"knowledge_and_agreement,omitempty"`
	Consents  []RequestConsent `json:"consents,omitempty"`
	Reasons   string           `json:"reasons,omitempty"`
	Because   string           `json:"because,omitempty"` // why it goes ahead with something missing
	Outcomes  []string         `json:"outcomes_sought,omitempty"`
	Support   []string         `json:"support_sought,omitempty"`
	Voices    []Said           `json:"voices,omitempty"`
	Declared  []Said           `json:"declared,omitempty"` // who and when

	Evidence  []RequestEvidence `json:"evidence,omitempty"`
	Readiness []RequestItem     `json:"readiness,omitempty"`
	Present   int               `json:"present"` // how many items of Readiness are there
	Partly    int               `json:"partial"`
	Missing   int               `json:"missing"`

	Costs     []RequestCost `json:"costs,omitempty"`
	CostTotal string        `json:"cost_total,omitempty"` // pounds a year
	Element2  string        `json:"element_2_threshold,omitempty"`
	Above     string        `json:"above_element_2,omitempty"` // "" where the total is not above it
	NotCosted []string      `json:"not_costed,omitempty"`      // what is missing for a cost, a sentence each

	Limits    []RequestLimit    `json:"limits,omitempty"`
	Letters   []RequestLetter   `json:"letters,omitempty"`
	Decisions []RequestDecision `json:"decisions,omitempty"`
	Impacts   []RequestImpact   `json:"impacts,omitempty"`
	Help      []string          `json:"help,omitempty"`
	Next      string            `json:"next,omitempty"` // what to type next
	NextWhy   string            `json:"next_why,omitempty"`
}

// RequestMoney is money for a time, in pounds.
type RequestMoney struct {
	Money string    `json:"money"`
	From  date.Date `json:"from"`
	To    date.Date `json:"to"`
}

// RequestPart is one part of the money asked for.
type RequestPart struct {
	What  string `json:"what"`
	How   string `json:"how_words,omitempty"` // "5 hours a week for 20 weeks at 16.40"
	Money string `json:"cost,omitempty"`      // pounds; "" where it cannot be worked out
}

// RequestKnowing is who knows of a request, since when, and whether they agree.
type RequestKnowing struct {
	Who     string    `json:"who"`
	WhoName string    `json:"who_name"`
	Knows   date.Date `json:"knows"`
	Agrees  bool      `json:"agrees"`
}

// RequestConsent is a consent that the request rests on.
type RequestConsent struct {
	To          string    `json:"to"`
	GivenBy     string    `json:"given_by"`
	GivenByName string    `json:"given_by_name"`
	Date        date.Date `json:"date"`
	Until       date.Date `json:"until"`
}

// RequestEvidence is one line of the index of evidence.
type RequestEvidence struct {
	Number     int    `json:"number"`
	Shows      string `json:"shows"`
	ShowsWords string `json:"shows_words"`
	Cites      string `json:"cites"`
	CitesWords string `json:"cites_words"`
	Pages      string `json:"pages,omitempty"`
}

// RequestItem is one item a panel looks for.
type RequestItem struct {
	Item       string   `json:"item"`
	Kind       string   `json:"kind,omitempty"` // duty or evidence
	Words      string   `json:"words"`
	State      string   `json:"state"` // present, partial, missing, not-applicable
	StateWords string   `json:"state_words"`
	Found      string   `json:"found,omitempty"`   // what there is, or why it does not apply
	Satisfy    string   `json:"satisfy,omitempty"` // what would meet it
	Who        string   `json:"who,omitempty"`     // who can supply it
	Source     string   `json:"source,omitempty"`
	Cites      []string `json:"cites,omitempty"`
}

// RequestCost is what one provision costs in a full year, in pounds.
type RequestCost struct {
	What      string `json:"what"`
	Cycle     string `json:"cycle,omitempty"`
	Provision string `json:"provision,omitempty"`
	Annual    string `json:"annual"`
}

// RequestLimit is one time limit.
type RequestLimit struct {
	ID         string    `json:"id"`
	Words      string    `json:"words"`
	Owes       string    `json:"owes"` // authority or setting
	From       date.Date `json:"from"`
	FromEvent  string    `json:"from_event"`
	FromWords  string    `json:"from_words"`
	Assumed    bool      `json:"assumed"` // counted from the day of sending, as the right day is not known
	Due        date.Date `json:"due"`
	Met        date.Date `json:"met"`
	State      string    `json:"state"` // running, overdue, met, met-late
	StateWords string    `json:"state_words"`
	Days       int       `json:"days"` // to Due while it runs, below 0 when overdue; else how many days it took
}

// RequestLetter is one letter to or from whoever decides.
type RequestLetter struct {
	ID        string    `json:"id"`
	Date      date.Date `json:"date"`
	What      string    `json:"what"`
	WhatWords string    `json:"what_words"`
	Reference string    `json:"reference,omitempty"`
	Words     string    `json:"words,omitempty"`
	By        string    `json:"by"`
	ByName    string    `json:"by_name"`
}

// RequestDecision is one decision.
type RequestDecision struct {
	ID            string            `json:"id"`
	Panel         date.Date         `json:"panel"`
	Result        string            `json:"result"`
	ResultWords   string            `json:"result_words"`
	Reasons       []string          `json:"reasons,omitempty"`
	ReasonsWords  []string          `json:"reasons_words,omitempty"`
	Words         string            `json:"words,omitempty"`
	Conditions    []string          `json:"conditions,omitempty"`
	Grants        *RequestMoney     `json:"grants,omitempty"`
	Members       []string          `json:"members,omitempty"`
	Recused       string            `json:"recused,omitempty"`
	Scores        []RequestScore    `json:"scores,omitempty"`
	Total         string            `json:"score_total,omitempty"`
	TotalOf       string            `json:"score_total_of,omitempty"`
	SecondTotal   string            `json:"second_total,omitempty"`
	LegalTest     *RequestLegalTest `json:"legal_test,omitempty"`
	LegalWords    []string          `json:"legal_test_words,omitempty"`
	Feedback      []string          `json:"feedback,omitempty"`
	WouldChange   []string          `json:"would_change,omitempty"`
	AppealTold    date.Date         `json:"appeal_told"`
	ImpactBy      date.Date         `json:"impact_by"`
	Chair         string            `json:"chair,omitempty"`
	ChairName     string            `json:"chair_name,omitempty"`
	Moderator     string            `json:"moderator,omitempty"`
	ModeratorName string            `json:"moderator_name,omitempty"`
	Notified      date.Date         `json:"notified"`
}

// RequestLegalTest is the panel's answer to the two questions of the law.
type RequestLegalTest struct {
	MayHaveSEN         bool   `json:"may_have_sen"`
	PlanMayBeNecessary bool   `json:"plan_may_be_necessary"`
	Words              string `json:"words,omitempty"`
}

// RequestScore is what a panel gave one of its criteria.
type RequestScore struct {
	Criterion      string `json:"criterion"`
	CriterionWords string `json:"criterion_words"`
	Score          string `json:"score"`
	Of             string `json:"of,omitempty"`
}

// RequestImpact says what short-term resource changed.
type RequestImpact struct {
	ID       string           `json:"id"`
	Date     date.Date        `json:"date"`
	By       string           `json:"by"`
	ByName   string           `json:"by_name"`
	Outcomes []RequestOutcome `json:"outcomes"`
	Verdict  string           `json:"verdict"`
}

// RequestOutcome is what became of one outcome sought.
type RequestOutcome struct {
	Outcome string `json:"outcome"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
	Words   string `json:"words,omitempty"`
}

// The states of a request that no decision gave it.
const (
	RequestDraft   = "draft"
	RequestWaiting = "waiting"
)

// Refused reports whether a result says no: the words of refusal are then asked for.
func Refused(result string) bool {
	return slices.Contains([]string{"declined", "not-agreed", "refused", "no-plan"}, result)
}

// RequestsOf makes the views of all of a learner's requests, oldest first.
func RequestsOf(f *folder.Folder, r *folder.Record, today date.Date) []Request {
	var out []Request
	for _, l := range gate.Lives(f, r) {
		out = append(out, RequestOf(f, r, l, today))
	}
	return out
}

// RequestOf makes the view of one request as of today. What a draft still lacks is
// judged now; what a sent request lacked stands as it was sealed.
func RequestOf(f *folder.Folder, r *folder.Record, l gate.Life, today date.Date) Request {
	s := speaker{f, r}
	q := l.Request.Value
	v := Request{ID: q.ID, Path: l.Request.Path, Kind: q.Kind, KindWords: f.Pathway.Value.RequestWords(q.Kind), Money: l.Kind.Money,
		AskedBy: q.AskedBy, AskedByName: s.anyone(q.AskedBy), Opened: q.Opened, Sent: q.Sent,
		Reasons: string(q.Reasons), Because: string(q.Because), Outcomes: texts(q.OutcomesSought), Support: texts(q.SupportSought), Help: texts(l.Kind.Help)}
	v.Asks = money(q.Asks)
	for _, b := range q.Basis {
		v.Basis = append(v.Basis, partOf(b))
	}
	for _, x := range q.Consents {
		v.Consents = append(v.Consents, RequestConsent{string(x.To), x.GivenBy, s.anyone(x.GivenBy), x.Date, x.Until})
	}
	for _, k := range q.KnowledgeAndAgreement {
		v.Agreement = append(v.Agreement, RequestKnowing{k.Who, s.anyone(k.Who), k.Knows, k.Agrees})
	}
	v.Voices = s.voices(q.LearnerSays, q.ParentsSay)
	for _, x := range q.Declared {
		v.Declared = append(v.Declared, Said{Who: x.Who, WhoName: s.anyone(x.Who), Date: x.Date})
	}
	for _, e := range q.Evidence {
		n, _ := e.N.Int()
		v.Evidence = append(v.Evidence, RequestEvidence{Number: n, Shows: e.Shows, ShowsWords: s.check(e.Shows), Cites: e.Cites, CitesWords: s.cited(e.Cites), Pages: e.Pages})
	}
	if l.Sent() {
		v.asSent(s, q)
	} else {
		v.asNow(f, r, q, today)
	}
	v.costs(f)
	v.life(s, l, today)
	return v
}

// asSent takes readiness and costs from the sealed file.
func (v *Request) asSent(s speaker, q learner.Request) {
	for _, x := range q.Readiness {
		item := RequestItem{Item: x.Item, Words: s.check(x.Item), State: x.State, StateWords: itemState(gate.State(x.State)), Found: string(x.Words)}
		if c, ok := s.folder.Pathway.Value.Check(x.Item); ok {
			item.Kind, item.Satisfy, item.Who, item.Source = c.Kind, string(c.Satisfy), string(c.Who), string(c.Source)
		}
		v.item(item)
	}
	for _, c := range q.Costs {
		v.Costs = append(v.Costs, RequestCost{What: s.costed(c), Cycle: c.Cycle, Provision: c.Provision, Annual: string(c.Annual)})
	}
}

// asNow judges a draft by the record as it is.
func (v *Request) asNow(f *folder.Folder, r *folder.Record, q learner.Request, today date.Date) {
	why := map[string]string{}
	for _, x := range q.Readiness {
		if x.State == string(gate.NotApplicable) {
			why[x.Item] = string(x.Words)
		}
	}
	for _, line := range ReadinessOf(f, r, q, today) {
		item := ItemOf(line)
		if line.State == gate.NotApplicable && why[item.Item] != "" {
			item.Found = why[item.Item]
		}
		v.item(item)
	}
	costs, missing := CostsNow(f, r, q.Costs, today)
	v.NotCosted = missing
	s := speaker{f, r}
	for _, c := range costs {
		v.Costs = append(v.Costs, RequestCost{What: s.costed(c), Cycle: c.Cycle, Provision: c.Provision, Annual: string(c.Annual)})
	}
}

func (v *Request) item(x RequestItem) {
	switch gate.State(x.State) {
	case gate.Present:
		v.Present++
	case gate.Partial:
		v.Partly++
	case gate.Missing:
		v.Missing++
	}
	v.Readiness = append(v.Readiness, x)
}

// ReadinessOf looks for every item of evidence that the kind of request names, as
// of a day. What a person cited for an item, or said does not apply, counts.
func ReadinessOf(f *folder.Folder, r *folder.Record, q learner.Request, on date.Date) []gate.Line {
	kind, _ := f.Pathway.Value.Request(q.Kind)
	return lookFor(f, r, kind.Evidence, q, on)
}

// RequestGateOf looks at the checks that come before a request of its kind, in the same way.
func RequestGateOf(f *folder.Folder, r *folder.Record, q learner.Request, on date.Date) []gate.Line {
	kind, _ := f.Pathway.Value.Request(q.Kind)
	return lookFor(f, r, kind.Gate, q, on)
}

// lookFor looks at checks as the record has them, with what a person cited beside
// it. A citation makes an item present; one that came from the record itself, and is
// in the index already, must not: what is there in part would look whole.
func lookFor(f *folder.Folder, r *folder.Record, ids []string, q learner.Request, on date.Date) []gate.Line {
	bare := q
	bare.Evidence = nil
	alone := gate.Table(f, r, ids, gate.Ask{On: on, Request: &bare})
	for _, e := range q.Evidence {
		if byHand(f, r, alone, bare, e) {
			bare.Evidence = append(bare.Evidence, e)
		}
	}
	table := gate.Table(f, r, ids, gate.Ask{On: on, Request: &bare})
	whole := gate.Table(f, r, ids, gate.Ask{On: on, Request: &q})
	for i, l := range table {
		if !l.Met() && len(l.Cites) == 0 && !indexes(q, l.Check.ID) { // of the index itself, say
			table[i] = whole[i]
		}
		for _, id := range alone[i].Cites {
			if !slices.Contains(table[i].Cites, id) && l.State != gate.NotApplicable {
				table[i].Cites = append(table[i].Cites, id)
			}
		}
	}
	return table
}

func indexes(q learner.Request, item string) bool {
	return slices.ContainsFunc(q.Evidence, func(e learner.RequestEvidence) bool { return e.Shows == item })
}

// byHand reports whether somebody cited a piece of evidence, rather than the record
// itself. An attachment is always somebody's. Of the rest the file does not say: it
// is the record's where the record shows it now, or showed it on the day the request
// was opened; and a cycle or a page of the learner's cited for something that is
// there in part was, most likely, what showed that part at an earlier time.
func byHand(f *folder.Folder, r *folder.Record, alone []gate.Line, bare learner.Request, e learner.RequestEvidence) bool {
	if strings.HasPrefix(e.Cites, "sha256:") || e.Pages != "" {
		return true
	}
	at := slices.IndexFunc(alone, func(l gate.Line) bool { return l.Check.ID == e.Shows })
	if at < 0 || slices.Contains(alone[at].Cites, e.Cites) {
		return false
	}
	read := slices.Contains([]string{"learner", "identity", "contacts", "passport", "profile", "readings"}, e.Cites) ||
		slices.ContainsFunc(r.Cycles, func(c recordfile.File[learner.Cycle]) bool { return c.Value.ID == e.Cites })
	if read && alone[at].State == gate.Partial {
		return false
	}
	opened := gate.Table(f, r, []string{e.Shows}, gate.Ask{On: bare.Opened, Request: &bare})
	return !slices.Contains(opened[0].Cites, e.Cites)
}

// ItemOf puts one line of a table into words.
func ItemOf(l gate.Line) RequestItem {
	words := string(l.Check.Words)
	if words == "" {
		words = l.Check.ID
	}
	return RequestItem{Item: l.Check.ID, Kind: l.Check.Kind, Words: words, State: string(l.State), StateWords: itemState(l.State), Found: l.Found,
		Satisfy: string(l.Check.Satisfy), Who: string(l.Check.Who), Source: string(l.Check.Source), Cites: l.Cites}
}

func itemState(s gate.State) string {
	switch s {
	case gate.Present:
		return "present"
	case gate.Partial:
		return "partly there"
	case gate.Missing:
		return "missing"
	case gate.NotApplicable:
		return "does not apply"
	}
	return string(s)
}

// CostsNow is what the additional support of the open plan, else of the last one,
// costs in a full year, and what is missing where that cannot be reckoned, a
// sentence each. Of the costs there were, those that a person wrote, which are no
// provision of a cycle, are kept.
func CostsNow(f *folder.Folder, r *folder.Record, were []learner.Cost, on date.Date) (costs []learner.Cost, missing []string) {
	var c learner.Cycle
	for _, x := range r.Cycles { // in order of date: the last with a plan
		if x.Value.Plan != nil {
			c, _ = r.Corrected(x)
		}
	}
	weeks, _ := f.Pathway.Value.Thresholds.WeeksAYear.Int()
	for _, l := range cost.Lines(c.Plan, f.Setting.Value.Rates, on, weeks) {
		if l.Err != nil {
			missing = append(missing, l.Err.Error())
			continue
		}
		costs = append(costs, learner.Cost{Provision: l.Provision.ID, Cycle: c.ID, Annual: l.Annual.Number()})
	}
	for _, w := range were {
		if w.Provision == "" {
			costs = append(costs, w)
		}
	}
	return costs, missing
}

// costs adds up what was reckoned, and holds it against element 2.
func (v *Request) costs(f *folder.Folder) {
	var sum cost.Pence
	for _, c := range v.Costs {
		p, _ := cost.Parse(learner.Number(c.Annual))
		sum += p
	}
	threshold, known := element2(f)
	if known {
		v.Element2 = threshold.Pounds()
	}
	if len(v.Costs) > 0 {
		v.CostTotal = sum.Pounds()
		if known && sum > threshold {
			v.Above = (sum - threshold).Pounds()
		}
	}
}

func partOf(b learner.AskLine) RequestPart {
	p := RequestPart{What: string(b.What)}
	switch {
	case b.HoursAWeek != "":
		p.How = fmt.Sprintf("%s hours a week for %s weeks", b.HoursAWeek, b.Weeks)
	case b.Hours != "":
		p.How = fmt.Sprintf("%s hours", b.Hours)
	}
	if p.How != "" && b.Hourly != "" {
		p.How += " at " + string(b.Hourly)
	}
	if sum, err := cost.Ask(b); err == nil {
		p.Money = sum.Pounds()
	}
	return p
}

func money(g *learner.Grant) *RequestMoney {
	if g == nil {
		return nil
	}
	m := &RequestMoney{Money: string(g.Money), From: g.From, To: g.To}
	if p, ok := cost.Parse(g.Money); ok {
		m.Money = p.Pounds()
	}
	return m
}

// costed says what a cost is for.
func (s speaker) costed(c learner.Cost) string {
	if c.What != "" {
		return string(c.What)
	}
	for _, x := range s.record.Cycles {
		if x.Value.ID != c.Cycle || x.Value.Plan == nil {
			continue
		}
		for _, p := range x.Value.Plan.Provision {
			if p.ID == c.Provision {
				return string(p.What)
			}
		}
	}
	return strings.TrimSpace(c.Provision + " " + c.Cycle)
}

// cited says what a citation points at.
func (s speaker) cited(id string) string {
	r := s.record
	switch id {
	case "learner":
		return "the learner's page"
	case "identity":
		return "the front sheet"
	case "contacts":
		return "the contact log"
	case "passport", "readings":
		return "the " + id
	case "profile":
		return "the one-page profile"
	}
	if strings.HasPrefix(id, "sha256:") {
		return "an attachment"
	}
	for _, c := range r.Cycles {
		if c.Value.ID == id {
			return "the " + s.stage(c.Value.Stage) + " cycle of " + c.Value.Opened.Long()
		}
	}
	for _, c := range r.Contacts.Value.Contacts {
		if c.ID == id {
			return "the " + s.words("contact-how", c.How) + " of " + c.Date.Long()
		}
	}
	for _, c := range r.Advice {
		if c.Value.ID == id {
			return "the advice of " + c.Value.Date.Long()
		}
	}
	for _, c := range r.Moves {
		if c.Value.ID == id {
			return "the move of " + c.Value.Date.Long()
		}
	}
	for _, c := range r.Requests {
		if c.Value.ID == id {
			return "the " + s.folder.Pathway.Value.RequestWords(c.Value.Kind) + " request of " + c.Value.Opened.Long()
		}
	}
	for _, c := range r.Decisions {
		if c.Value.ID == id {
			return "the decision of " + c.Value.Panel.Long()
		}
	}
	for _, c := range r.Impacts {
		if c.Value.ID == id {
			return "the impact of " + c.Value.Date.Long()
		}
	}
	for _, c := range r.Letters {
		if c.Value.ID == id {
			return "the letter of " + c.Value.Date.Long()
		}
	}
	return "file " + id
}
