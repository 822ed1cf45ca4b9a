package census

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// SEN2 is what the authority's yearly return on EHC plans, SEN2, asks about learners, as
// far as a setting can help with it: what this folder has, and what is missing here. The
// return itself is the authority's, and its codes stand there.
type SEN2 struct {
	Day      date.Date
	Learners []SEN2Learner // on roll, with a request for an EHC needs assessment or a plan
	// Away is how many learners with a request or a plan are not on roll that day.
	Away int
}

// SEN2Learner is one learner with a request or a plan.
type SEN2Learner struct {
	Pupil
	Requests []SEN2Request // oldest first
	Plan     *Plan         // nil where none holds on the day
	Gaps     []Gap
}

// SEN2Request is one request for an EHC needs assessment with what came of it. A zero day
// is what the record does not say.
type SEN2Request struct {
	ID       string
	Path     string
	Kind     string // the pathway's words for it
	Source   string // learner, parent or setting; "" where the record does not say who asked
	Sent     date.Date
	Received date.Date // by the authority
	Outcome  string    // the pathway's words; "" while there is none
	On       date.Date // the day of that
	Assessed string    // the pathway's words for what came of the assessment
	Ended    date.Date // the day of that
	Issued   bool      // that was a plan
	Week20   date.Date // by which a final plan is due, where there is to be one
	Appeal   date.Date // when the family was told of mediation and appeal
	Open     bool      // something is still to be decided
}

// Gap is one thing that SEN2 asks about and that is missing or wrong in the record.
type Gap struct {
	Item    string `json:"item"` // of SEN2, in words
	File    string `json:"file"`
	At      string `json:"at,omitempty"` // where in the file
	Message string `json:"message"`      // holds no value of the record
	Hint    string `json:"hint"`
}

// SEN2Elsewhere are the items of SEN2 about which a setting's record says nothing.
func SEN2Elsewhere() []string {
	return []string{
		"postcode", "mediation and tribunal, beyond the day on which the family was told of them",
		"personal budget, organised arrangements and direct payments", "why and when a plan ceased",
		"transfer from another authority", "the outcome of a review and the draft after it", "dates of a phase transfer",
	}
}

// statutory reports whether a kind of request is one for an EHC needs assessment: the
// kind that can end in a plan.
func statutory(k pathway.Request) bool {
	return slices.ContainsFunc(k.Results, func(t pathway.Term) bool { return t.Code == planIssued })
}

// SEN2Of is what SEN2 asks about a learner, whose whole record it needs. ok is false for
// one whom it does not ask about: who has no plan on the day, and no request that was sent.
func SEN2Of(f *folder.Folder, r *folder.Record, p Pupil, day date.Date) (x SEN2Learner, ok bool) {
	x.Pupil = p
	g := &gaps{record: r, learner: &x, day: day}
	if plan, ok := PlanOf(f, r, day); ok {
		x.Plan = &plan
	}
	open := 0
	for _, l := range gate.Lives(f, r) {
		if !statutory(l.Kind) || !l.Sent() || l.Request.Value.Sent.After(day) {
			continue
		}
		q := request(r, l, day)
		x.Requests = append(x.Requests, q)
		if q.Open {
			open++
		}
		g.request(l, q)
	}
	if x.Plan == nil && len(x.Requests) == 0 {
		return SEN2Learner{}, false
	}
	if open > 1 {
		g.add("requests", x.Requests[len(x.Requests)-1].Path, "", "several requests are open at once; the authority has one at a time",
			fmt.Sprintf("record what was decided of the others: sendctl request %s decided --request ID", r.ID))
	}
	g.person()
	g.plan()
	g.files()
	return x, true
}

func request(r *folder.Record, l gate.Life, day date.Date) SEN2Request {
	v := l.Request.Value
	q := SEN2Request{ID: v.ID, Path: l.Request.Path, Kind: string(l.Kind.Words), Sent: v.Sent, Source: source(r, v.AskedBy), Open: true}
	for _, x := range l.Letters {
		if x.Value.What == received && !x.Value.Date.After(day) && q.Received.IsZero() {
			q.Received = x.Value.Date
		}
	}
	result := func(code string) string {
		for _, t := range l.Kind.Results {
			if t.Code == code {
				return string(t.Words)
			}
		}
		return code
	}
	for _, d := range l.Decisions {
		on := decidedOn(d.Value)
		if on.After(day) {
			continue
		}
		switch code := d.Value.Result; code {
		case planIssued, noPlan:
			q.Assessed, q.Ended, q.Issued = result(code), on, code == planIssued
		default:
			q.Outcome, q.On = result(code), on
		}
		q.Open = !l.Kind.Ended(d.Value.Result)
		q.Appeal = later(q.Appeal, d.Value.AppealTold)
	}
	if x, ok := limit(l, finalPlan); ok {
		q.Week20 = x.Due
	}
	return q
}

// What pathways call the letter that begins the time limits, and two of those.
const (
	received  = "received"
	decision  = "decision"
	finalPlan = "final-plan"
)

func limit(l gate.Life, id string) (gate.Limit, bool) {
	all := l.Limits()
	if i := slices.IndexFunc(all, func(x gate.Limit) bool { return x.Clock.ID == id }); i >= 0 {
		return all[i], true
	}
	return gate.Limit{}, false
}

// source is who asked, without saying which person it was.
func source(r *folder.Record, askedBy string) string {
	switch {
	case askedBy == "":
		return ""
	case askedBy == "learner":
		return "learner"
	case slices.ContainsFunc(r.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == askedBy }):
		return "parent or carer"
	}
	return "setting or professional"
}

// gaps gathers what is missing of one learner.
type gaps struct {
	record  *folder.Record
	learner *SEN2Learner
	day     date.Date
}

func (g *gaps) add(item, file, at, message, hint string) {
	g.learner.Gaps = append(g.learner.Gaps, Gap{Item: item, File: file, At: at, Message: message, Hint: hint})
}

// person looks at the items of a person.
func (g *gaps) person() {
	front, p := g.record.Dir+"/identity.yaml", g.learner.Pupil
	set := "sendctl edit " + g.record.ID + " identity.yaml --set "
	switch {
	case p.UPN == "":
		g.add("UPN", front, "upn", "there is no UPN", "take it from the school's system; it is never made up: "+set+"upn=...")
	case ids.CheckUPN(p.UPN) != nil:
		g.add("UPN", front, "upn", "the UPN is not one: "+ids.CheckUPN(p.UPN).Error(), "compare it with the school's system")
	}
	if p.ULN != "" && ids.CheckULN(p.ULN) != nil {
		g.add("ULN", front, "uln", "the ULN is not one: "+ids.CheckULN(p.ULN).Error(), "compare it with the school's system")
	}
	for _, x := range []struct {
		item, at string
		missing  bool
	}{
		{"surname", "legal_name.family", p.Surname == ""}, {"forename", "legal_name.given", p.Forename == ""},
		{"date of birth", "born", p.Born.IsZero()}, {"sex", "sex", p.Sex == ""}, {"ethnicity", "ethnicity", p.Ethnicity == ""},
	} {
		if x.missing {
			g.add(x.item, front, x.at, "it is not given", set+x.at+"=...")
		}
	}
}

func (g *gaps) request(l gate.Life, q SEN2Request) {
	if q.Received.IsZero() {
		g.add("received date", q.Path, "", "nothing says when the authority received the request; every time limit counts from that day",
			fmt.Sprintf("ask the authority, and record it: sendctl request %s letter --what received --date DAY --request %s", g.record.ID, q.ID))
	}
	if q.Source == "" {
		g.add("source of the request", q.Path, "asked_by", "nothing says who asked", fmt.Sprintf("sendctl correct %s %s asked_by --is WHO", g.record.ID, q.ID))
	}
	for _, d := range l.Decisions {
		if decidedOn(d.Value).IsZero() {
			g.add("outcome date", d.Path, "panel", "the decision has no day", fmt.Sprintf("sendctl correct %s %s panel --is DAY", g.record.ID, d.Value.ID))
		}
	}
	for _, x := range []struct {
		item, clock, what string
		done              bool
	}{
		{"outcome of the request", decision, "whether the authority will assess", q.Outcome != "" || q.Assessed != ""},
		{"outcome of the assessment", finalPlan, "what came of the assessment", !q.Open},
	} {
		if lim, ok := limit(l, x.clock); ok && !x.done && lim.Due.Before(g.day) {
			g.add(x.item, q.Path, "", "the time limit has passed and nothing says "+x.what,
				fmt.Sprintf("ask the authority, and record it: sendctl request %s decided --request %s", g.record.ID, q.ID))
		}
	}
}

// plan looks at the items of a plan and of the needs.
func (g *gaps) plan() {
	r, p, plan := g.record, g.learner.Pupil, g.learner.Plan
	file := r.Dir + "/learner.yaml"
	if plan == nil {
		if n := len(g.learner.Requests); n > 0 && g.learner.Requests[n-1].Issued {
			g.add("plan", file, "sen_provision", "the last decision says that a plan is issued, and SEN provision is not E",
				"if the plan holds, move the learner to its stage: sendctl advance "+r.ID)
		}
		return
	}
	at := fmt.Sprintf("sen_provision[%d]", plan.At)
	if plan.Start.IsZero() {
		g.add("plan start date", file, at+".from", "the plan has no first day", "take it from the plan: sendctl edit "+r.ID+" learner.yaml")
	}
	if !plan.Decided.IsZero() && plan.Start.Before(plan.Decided) {
		g.add("plan start date", file, at+".from", "SEN provision is E from a day before the decision that the plan is issued", "compare both with the plan")
	}
	g.review(file, at, *plan)
	types := slices.DeleteFunc(slices.Clone(p.Needs), func(n Need) bool { return n.Type == unassessed })
	switch {
	case len(p.Needs) == 0:
		g.add("SEN type", file, "needs", "no need is recorded that holds on the day", "take them from the plan, the main one first: sendctl edit "+r.ID+" learner.yaml")
	case len(types) == 0:
		g.add("SEN type", file, fmt.Sprintf("needs[%d].type", p.Needs[0].At), "the only type of need is NSA, which SEN2 does not have: a learner with a plan was assessed",
			"take the type from the plan: sendctl edit "+r.ID+" learner.yaml")
	case len(types) < len(p.Needs):
		g.add("SEN type", file, "needs", "one of the types of need is NSA, which SEN2 does not have", "take the type from the plan: sendctl edit "+r.ID+" learner.yaml")
	}
	list, err := recordfile.CodeList("sen-type")
	for i, n := range types {
		where := fmt.Sprintf("needs[%d].", n.At)
		if err == nil {
			if c, ok := list.Code(n.Type); !ok || !c.ValidOn(g.day) {
				g.add("SEN type", file, where+"type", "this type of need is not in the list on that day", "write one of "+strings.Join(g.types(list), ", "))
			}
		}
		if i < 2 && n.Rank != i+1 {
			g.add("rank of SEN type", file, where+"rank", fmt.Sprintf("this need is given in place %d and has another rank", i+1), "rank the needs 1, 2, ... without a gap")
		}
	}
}

// types are the codes that SEN2 takes on the day.
func (g *gaps) types(list *pathway.CodeList) (codes []string) {
	for _, c := range list.On(g.day) {
		if c.Code != unassessed {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// unassessed is the type of need for which nobody was asked.
const unassessed = "NSA"

// review looks for an annual review in the twelve months before the day. Of a plan older
// than the record the last one may stand in papers elsewhere; SEN2 asks for it all the same.
func (g *gaps) review(file, at string, plan Plan) {
	year := func(d date.Date) date.Date { return date.New(d.Year()+1, d.Month(), d.Day()) }
	last := later(plan.Start, plan.Reviewed)
	if last.IsZero() || !year(last).Before(g.day) {
		return
	}
	hint := "hold it and record it: sendctl review " + g.record.ID + " --annual"
	switch {
	case !plan.Unsaid.IsZero() && !year(plan.Unsaid).Before(g.day):
		g.add("last annual review", file, at, "no review of the twelve months before is marked as the annual review of the plan",
			"if one of them was it, say so: sendctl correct "+g.record.ID+" FILE review.annual --is true")
	case plan.Reviewed.IsZero() && plan.Older:
		g.add("last annual review", file, at, "no annual review of the plan is recorded here, and the plan is older than the record",
			"take the day from the papers of the last one; "+hint)
	default:
		g.add("last annual review", file, at, "no annual review of the plan is recorded in the twelve months before", hint)
	}
}

// files tells of files that hold an error, so that what is told here may not be all.
func (g *gaps) files() {
	bad := map[string]bool{}
	for _, x := range append(slices.Clone(g.record.Findings), Faults(g.record)...) {
		if x.Severity == diag.Error && !bad[x.File] {
			bad[x.File] = true
			g.add("the record", x.File, "", "this file holds an error, so that something may be missing here", "sendctl validate "+g.record.ID)
		}
	}
}

// Finish puts the learners in order and adds what only all of them together show: a UPN
// that two have. all is how often each UPN is among those on roll.
func (s *SEN2) Finish(all map[string]int) {
	slices.SortFunc(s.Learners, func(a, b SEN2Learner) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Surname), strings.ToLower(b.Surname)),
			strings.Compare(strings.ToLower(a.Forename), strings.ToLower(b.Forename)), strings.Compare(a.Learner, b.Learner))
	})
	for i := range s.Learners {
		x := &s.Learners[i]
		if x.UPN != "" && all[x.UPN] > 1 {
			x.Gaps = append(x.Gaps, Gap{Item: "UPN", File: "learners/" + x.Learner + "/identity.yaml", At: "upn",
				Message: "another learner on roll has the same UPN", Hint: "compare both with the school's system"})
		}
	}
}

// Gaps is how many there are in all.
func (s SEN2) Gaps() (n int) {
	for _, x := range s.Learners {
		n += len(x.Gaps)
	}
	return n
}
