package rules

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// references: every person, family member, target, provision, contact and file
// that is named is there.
var references = Rule{
	Name: "references", ID: "SEN201", Severity: diag.Error, Also: []diag.Severity{diag.Warning}, Guards: true,
	About:  "Every id in a file leads to something that exists.",
	Source: "records: what a file names can be looked up",
	check: func(l *look) {
		r := refs{look: l, stages: l.folder.Pathway.Value.StageIDs()}
		r.people()
		r.citable = sync.OnceValue(r.everything)
		r.gone = l.removals()
		for _, c := range l.record.Cycles {
			r.cycle(doc{c.Path, c.Doc}, c.Value)
		}
		r.learnerFile()
		r.contacts()
		r.moves()
		r.requests()
		r.followers()
		r.advice()
		r.documents()
		r.corrections()
		r.keeping()
	},
}

type refs struct {
	*look
	anybody []string        // the ids of all people: the learner, the family, the adults
	family  []string        // of those, the learner and the family
	staff   []string        // and the adults
	stages  []string        // of the pathway in force
	citable func() []string // what a cite may name
	gone    removals
}

const learnerID = "learner" // reserved: the learner as a speaker or someone present

// people gathers the ids of those whom the record may name; of adults those of the
// setting, and those who came with the record from another.
func (r *refs) people() {
	family, here, elsewhere := r.record.Learner.Value.Family, r.folder.People.Value.People, r.record.People.Value.People
	r.anybody = append(make([]string, 0, 1+len(family)+len(here)+len(elsewhere)), learnerID)
	for i := range family {
		r.anybody = append(r.anybody, family[i].ID)
	}
	for i := range here {
		r.anybody = append(r.anybody, here[i].ID)
	}
	for i := range elsewhere {
		r.anybody = append(r.anybody, elsewhere[i].ID)
	}
	r.family, r.staff = r.anybody[:1+len(family)], r.anybody[1+len(family):]
}

// thing is what an id may be that of.
type thing struct {
	kind   thingKind
	called string
	broad  bool   // of the same id another finding says more closely what it is
	hint   string // where to find the ids that there are
}

type thingKind uint8

const (
	aFile   thingKind = iota // of the record, or an entry of its log, or an attachment
	aPerson                  // the learner, one of the family, an adult
	aPart                    // of a plan
	aCode                    // of the pathway in force
	theLog                   // of contacts, as a whole
	aSealed                  // file, by its path
)

// one checks a single id against what it may be; "" is not a reference.
func (r refs) one(d doc, id string, of thing, allowed []string, at string, places ...int) {
	if id == "" || slices.Contains(allowed, id) || r.lone && of.kind != aPart {
		return
	}
	at = indexed(at, places...)
	if of.kind == aFile {
		if record, ok := r.gone.of(id); ok {
			r.add(diag.Warning, d, at, "what this names was removed from the whole history", record+" says why")
			return
		}
		if r.sealedAway(id) {
			return
		}
	}
	hint := of.hint
	if near := diag.Suggest(id, allowed); near != "" {
		hint = "did you mean \"" + near + "\"?"
		if of.kind == aCode {
			hint += " " + of.hint
		}
	}
	r.error(d, at, "this is not "+of.called, hint)
	r.lacks(causeOf(d, id, of), of.broad)
}

// causeOf says what is missing where an id leads nowhere: the same for all that name it, and
// for what belongs to one plan only within its file.
func causeOf(d doc, id string, of thing) cause {
	c := cause{kind: of.kind, name: id}
	switch of.kind {
	case aPart:
		c.called, c.file = of.called, d.path
	case aCode:
		c.called = of.called
	}
	return c
}

// file checks the id of a file of the record, or of what else has an id of its own there.
func (r refs) file(d doc, id, what string, allowed []string, at string, places ...int) {
	r.one(d, id, thing{kind: aFile, called: what, hint: "the ids that exist are listed in the same record"}, allowed, at, places...)
}

func (r refs) cycleOf(d doc, id string, allowed []string, at string, places ...int) {
	r.one(d, id, thing{kind: aFile, called: "a cycle of this learner", hint: "the id of a cycle is the end of the name of its file, under cycles"}, allowed, at, places...)
}

func (r refs) code(d doc, id, what string, allowed []string, at string, places ...int) {
	r.one(d, id, thing{kind: aCode, called: what + " of the pathway in force", hint: "pathway.yaml lists them all"}, allowed, at, places...)
}

const aStage = "a stage"

// term checks a code against the pathway in force, where that can be read. What is
// sealed was true of the pathway of its day: there it is only a warning.
func (r refs) term(d doc, code, what string, allowed []string, at string, places ...int) {
	if d.tree == nil || r.folder.Pathway.Doc == nil || len(allowed) == 0 || code == "" || slices.Contains(allowed, code) || r.pathwayLacks(code) {
		return // a pathway that lists none leaves the words free
	}
	n := len(r.out)
	r.code(d, code, what, allowed, at, places...)
	for i := n; i < len(r.out); i++ {
		if r.isSealed(d.path) {
			r.out[i].Severity = diag.Warning
		}
	}
}

// pathwayHas is term for what has to be in the pathway of today, whether it is sealed or
// not. Of a pathway that cannot be read that is told, and not what it might have held.
func (r refs) pathwayHas(d doc, id, what string, allowed []string, at string, places ...int) {
	if id != "" && r.folder.Pathway.Doc != nil && !slices.Contains(allowed, id) && !r.pathwayLacks(id) {
		r.code(d, id, what, allowed, at, places...)
	}
}

// isSealed reports whether a seal names the file at a path.
func (l *look) isSealed(p string) bool {
	for s := range l.chain().Sound {
		if path.Join(l.record.Dir, s.Seal.Path) == p {
			return true
		}
	}
	return false
}

func (r refs) adult(d doc, id, at string, places ...int) {
	if id != "" && !slices.Contains(r.staff, id) && r.adultsKnown() {
		r.one(d, id, thing{kind: aPerson, called: "an adult of people.yaml",
			hint: "sendctl people lists the adults; those who have left stay there, because records name them"}, r.staff, at, places...)
	}
}

func (r refs) relative(d doc, id, at string, places ...int) {
	if id != "" && !slices.Contains(r.family[1:], id) && r.familyKnown() {
		r.one(d, id, thing{kind: aPerson, called: "a family member of this learner", hint: r.inFamily()}, r.family[1:], at, places...)
	}
}

func (r refs) learnerOrFamily(d doc, id, at string, places ...int) {
	if id != "" && !slices.Contains(r.family, id) && r.familyKnown() {
		r.one(d, id, thing{kind: aPerson, called: "the learner or a family member", hint: r.inFamily()}, r.family, at, places...)
	}
}

func (r refs) inFamily() string {
	return "the ids of the family are in learner.yaml, under family; add a new one there and in identity.yaml: sendctl edit " + r.record.ID
}

// anyone is the learner, the family or an adult.
func (r refs) anyone(d doc, id, at string, places ...int) {
	if id != "" && !slices.Contains(r.anybody, id) && r.adultsKnown() && r.familyKnown() {
		r.one(d, id, thing{kind: aPerson, called: "the learner, a family member or an adult of people.yaml", broad: true,
			hint: "family members are in learner.yaml, adults of the school in people.yaml: sendctl edit " + r.record.ID + ", sendctl people"}, r.anybody, at, places...)
	}
}

func (r refs) cycle(d doc, c learner.Cycle) {
	r.adult(d, c.ResponsibleTeacher, "responsible_teacher")
	r.term(d, c.Stage, aStage, r.stages, "stage")
	if c.Previous != "" {
		var cycles []string
		for _, o := range r.record.Cycles {
			cycles = append(cycles, idOr(o.Value.ID, doc{o.Path, o.Doc}))
		}
		r.cycleOf(d, c.Previous, cycles, "previous")
		if c.Previous == c.ID {
			r.error(d, "previous", "this is the id of this cycle itself", "write the id of the cycle before it, or take the line out")
		}
		r.between(d, c)
	}
	r.goesBy(d, c)
	if a := c.Assess; a != nil {
		for i, x := range a.Concerns {
			r.anyone(d, x.By, "assess.concerns[].by", i)
		}
		for i, x := range a.Evidence {
			r.anyone(d, x.By, "assess.evidence[].by", i)
			if c.Review == nil {
				r.beyond(d, x.Value, x.Of, outOf, "assess.evidence[].value", i)
				r.beyond(d, x.Peers, x.Of, outOf, "assess.evidence[].peers", i)
			}
		}
		once(r.look, d, "assess.evidence[].id", a.Evidence, func(x *learner.Evidence) string { return x.ID }, "another piece of evidence in this cycle has this id", "give each an id of its own: e1, e2 …")
		r.voices(d, "assess.parents_say[].who", a.ParentsSay)
	}
	targets, provision := r.plan(d, c.Plan)
	for i, n := range c.Do {
		r.adult(d, n.By, "do[].by", i)
		if !r.noProvision(d, c) {
			r.part(d, n.Provision, "a provision of this plan", provision, "do[].provision", i)
		}
		r.target(d, c.Plan, n.Target, targets, "do[].target", i)
	}
	if c.Review == nil { // what was sealed is corrected, and told of by figures
		r.notes(d, c)
	}
	if v := c.Review; v != nil {
		r.review(d, c, targets, provision)
		r.figures(d, c)
	}
}

// between finds a cycle that was reviewed before this one began and follows the same:
// this one follows that. It is only a warning, since two may have been begun apart.
func (r refs) between(d doc, c learner.Cycle) {
	for _, o := range r.record.Cycles {
		if v := o.Value; v.ID != c.ID && v.Previous == c.Previous && v.Review != nil && v.Review.Date.Before(c.Opened) {
			r.add(diag.Warning, d, "previous", "a cycle that was reviewed before this one began, "+shown(v.ID)+", follows the same one as this: this one should follow it", "write previous: "+shown(v.ID))
			return
		}
	}
}

// goesBy finds an open cycle of a pathway that is not in force and never was in between: a
// file of this record from before it goes by the one in force. Where the setting took up
// another pathway, what was begun goes on by the one from before.
func (r refs) goesBy(d doc, c learner.Cycle) {
	is := r.folder.Pathway.Value.ID
	id, _, ok := strings.Cut(c.Pathway, "/")
	if !ok || c.Review != nil || r.folder.Pathway.Doc == nil || id == is || len(r.record.Arrivals) > 0 {
		return
	}
	for _, o := range r.record.Cycles {
		if by, _, _ := strings.Cut(o.Value.Pathway, "/"); by == is && o.Value.Opened.Before(c.Opened) {
			r.error(d, "pathway", "this is not the pathway in force, by which this learner's cycles went before", "copy it from the id: and version: lines of pathway.yaml, as in the cycle before")
			return
		}
	}
}

// notes finds what a note counts beyond what can be: more attended than given, a figure
// beyond what it is out of; and the same of an aim, and of where the learner is now.
func (r refs) notes(d doc, c learner.Cycle) {
	if c.Plan == nil {
		return
	}
	for i, t := range c.Plan.Targets {
		if m := t.Measure; m != nil {
			r.beyond(d, m.Baseline, m.Of, outOf, "plan.targets[].measure.baseline", i)
			r.beyond(d, m.Target, m.Of, outOf, "plan.targets[].measure.target", i)
		}
		for j, o := range c.Plan.Targets[:i] {
			if t.ID != o.ID && sameTarget(t, o) {
				r.add(diag.Warning, d, indexed("plan.targets[].outcome", i), "this target has the same words and the same measure as another of this plan", "write what is different about it, or take one of the two out")
				r.out[len(r.out)-1].Related = []diag.Related{related(d, indexed("plan.targets[].outcome", j), "the other")}
				break
			}
		}
	}
	for i, n := range c.Do {
		r.beyond(d, n.Attended, n.Delivered, "more sessions were attended than given", "do[].attended", i)
		if n.Value != "" && n.Target == "" && len(c.Plan.Targets) > 0 {
			r.add(diag.Warning, d, indexed("do[].value", i), "nothing says which target this figure belongs to, so it does not count", "write target: with the id of the target")
		}
		for _, t := range c.Plan.Targets {
			if t.ID == n.Target && t.Measure != nil {
				r.beyond(d, n.Value, t.Measure.Of, outOf, "do[].value", i)
			}
		}
	}
}

const outOf = "this is more than the figure it is out of"

// beyond finds a figure above another that it cannot be above.
func (r refs) beyond(d doc, n, most learner.Number, message, at string, i int) {
	got, ok1 := n.Float()
	of, ok2 := most.Float()
	if ok1 && ok2 && got > of {
		r.error(d, indexed(at, i), message, "one of the two figures is mistyped")
	}
}

// sameTarget reports whether two targets say and measure the same. One outcome may well
// be measured in two places.
func sameTarget(a, b learner.Target) bool {
	same := func(x, y learner.Words) bool {
		return strings.EqualFold(strings.TrimRight(strings.TrimSpace(string(x)), "."), strings.TrimRight(strings.TrimSpace(string(y)), "."))
	}
	if a.Outcome == "" || !same(a.Outcome, b.Outcome) || (a.Measure == nil) != (b.Measure == nil) {
		return false
	}
	return a.Measure == nil || same(a.Measure.What, b.Measure.What) && a.Measure.Baseline == b.Measure.Baseline && a.Measure.Target == b.Measure.Target
}

// figures finds a result beyond what it is out of, and one that is said not to
// have been measured; and more attended than given.
func (r refs) figures(d doc, c learner.Cycle) {
	for i, p := range c.Review.Provision {
		r.beyond(d, p.Attended, p.Delivered, "more sessions were attended than given", "review.provision[].attended", i)
	}
	if c.Plan == nil {
		return
	}
	for i, t := range c.Review.Targets {
		if t.Result != "" && t.NotMeasured != "" {
			r.error(d, indexed("review.targets[].not_measured", i), "this target has a result, and a reason why it was not measured", "keep the one that is true")
		}
		for _, p := range c.Plan.Targets {
			if p.ID != t.Target || p.Measure == nil {
				continue
			}
			r.beyond(d, t.Result, p.Measure.Of, outOf, "review.targets[].result", i)
		}
	}
}

func (r refs) plan(d doc, p *learner.Plan) (targets, provision []string) {
	if p == nil {
		return nil, nil
	}
	for i, id := range p.AgreedWith {
		r.anyone(d, id, "plan.agreed_with[]", i)
	}
	for _, t := range p.Targets {
		targets = append(targets, t.ID)
	}
	for i, x := range p.Provision {
		provision = append(provision, x.ID)
		r.adult(d, x.By, "plan.provision[].by", i)
		for j, t := range x.For {
			r.target(d, p, t, targets, "plan.provision[].for[]", i, j)
		}
	}
	for i, h := range p.Home {
		r.relative(d, h.Who, "plan.home[].who", i)
	}
	const own = "give each an id of its own: "
	once(r.look, d, "plan.targets[].id", p.Targets, func(t *learner.Target) string { return t.ID }, "another target of this plan has this id", own+"t1, t2 …")
	once(r.look, d, "plan.provision[].id", p.Provision, func(x *learner.Provision) string { return x.ID }, "another provision of this plan has this id", own+"p1, p2 …")
	return targets, provision
}

// once finds an entry of a list with the id of one before it: whatever names that id may
// mean either.
func once[T any](l *look, d doc, at string, list []T, id func(*T) string, message, hint string) {
	for i := range list {
		is := id(&list[i])
		for j := 0; j < i && is != ""; j++ {
			if id(&list[j]) == is {
				l.error(d, indexed(at, i), message, hint)
				l.out[len(l.out)-1].Related = []diag.Related{related(d, indexed(at, j), "the first")}
				break
			}
		}
	}
}

// target finds an id that is no target of the plan. Of a plan that has none at all that is
// told, and not once more for everything that speaks of one.
func (r refs) target(d doc, p *learner.Plan, id string, targets []string, at string, places ...int) {
	if p == nil || len(p.Targets) > 0 {
		r.part(d, id, "a target of this plan", targets, at, places...)
	}
}

func (r refs) part(d doc, id, what string, allowed []string, at string, places ...int) {
	r.one(d, id, thing{kind: aPart, called: what, hint: "the ids are in this file, under plan"}, allowed, at, places...)
}

// noProvision reports whether it was told already that a plan has no provision at all:
// see alsoGiven for the plan in which the key itself is not there.
func (r refs) noProvision(d doc, c learner.Cycle) bool {
	return c.Plan != nil && len(c.Plan.Provision) == 0 && r.illegible(d, "plan.provision")
}

func (r refs) review(d doc, c learner.Cycle, targets, provision []string) {
	v := c.Review
	r.adult(d, v.RecordedBy, "review.recorded_by")
	for i, id := range v.Present {
		r.anyone(d, id, "review.present[]", i)
	}
	var done []string
	for i, t := range v.Targets {
		r.target(d, c.Plan, t.Target, targets, "review.targets[].target", i)
		if slices.Contains(done, t.Target) {
			r.error(d, indexed("review.targets[].target", i), "this target is reviewed twice", "keep one of the two")
		}
		done = append(done, t.Target)
		if t.Result == "" && t.NotMeasured == "" {
			r.error(d, indexed("review.targets[]", i), "this target has neither a result nor a reason why it was not measured", "write result: or not_measured:")
		}
	}
	for _, id := range targets {
		if !slices.Contains(done, id) {
			r.error(d, "review.targets", "the target "+id+" of this plan is not reviewed", "say what became of it, or why it was not measured")
		}
	}
	for i, p := range v.Provision {
		if !r.noProvision(d, c) {
			r.part(d, p.Provision, "a provision of this plan", provision, "review.provision[].provision", i)
		}
	}
	r.voices(d, "review.parents_say[].who", v.ParentsSay)
}

func (r refs) voices(d doc, at string, said []learner.ParentVoice) {
	for i, v := range said {
		r.relative(d, v.Who, at, i)
	}
}

func (r refs) learnerFile() {
	f := r.record.Learner
	d, v := doc{f.Path, f.Doc}, f.Value
	r.adult(d, v.Team.ResponsibleTeacher, "team.responsible_teacher")
	r.adult(d, v.Team.SENCo, "team.senco")
	for i, id := range v.Team.KeyAdults {
		r.adult(d, id, "team.key_adults[]", i)
	}
	for i, a := range v.Aspirations {
		r.anyone(d, a.Who, "aspirations[].who", i)
	}
	for i, a := range v.Adjustments {
		r.anyone(d, a.RaisedBy, "adjustments[].raised_by", i)
	}
	for i, c := range v.Consents {
		r.learnerOrFamily(d, c.GivenBy, "consents[].given_by", i)
	}
	const own, twice = "give each an id of its own: ", "an entry above has this id already"
	once(r.look, d, "outcomes[].id", v.Outcomes, func(x *learner.LongOutcome) string { return x.ID }, twice, own+"o1, o2 …")
	once(r.look, d, "adjustments[].id", v.Adjustments, func(x *learner.Adjustment) string { return x.ID }, twice, own+"a1, a2 …")
	r.families()
	if v.Stage != "" {
		r.pathwayHas(d, v.Stage, aStage, r.stages, "stage")
	}
}

// families compares the two files that hold the family: ids in the one, names in the other.
func (r refs) families() {
	is, front := r.record.Learner, r.record.Identity
	const another, hint = "another family member has this id, so nobody can tell whom it means", "give each an id of their own, the same in learner.yaml and identity.yaml"
	once(r.look, docOf(is), "family[].id", is.Value.Family, func(m *learner.FamilyMember) string { return m.ID }, another, hint)
	once(r.look, docOf(front), "family[].id", front.Value.Family, func(m *learner.Contact) string { return m.ID }, another, hint)
	for i, c := range front.Value.Family {
		r.relative(docOf(front), c.ID, "family[].id", i)
	}
	for i, m := range is.Value.Family {
		switch _, adult := r.folder.Person(m.ID); {
		case m.ID == learnerID:
			r.error(docOf(is), indexed("family[].id", i), "this id always means the learner", "give the family member another one, in learner.yaml and identity.yaml")
		case adult && m.ID != "":
			r.error(docOf(is), indexed("family[].id", i), "an adult of people.yaml has this id, so nobody can tell which of the two it means", "give the family member another one, in learner.yaml and identity.yaml")
		}
	}
}

func (r refs) contacts() {
	f := r.record.Contacts
	d := doc{f.Path, f.Doc}
	once(r.look, d, "contacts[].id", f.Value.Contacts, func(c *learner.ContactEntry) string { return c.ID },
		"an entry above has this id already, so nobody can tell which of the two is meant", "give this one an id of its own: four small letters and figures")
	for i, c := range f.Value.Contacts {
		r.adult(d, c.By, "contacts[].by", i)
		for j, id := range c.With {
			r.anyone(d, id, "contacts[].with[]", i, j)
		}
		for j, id := range c.Cites {
			r.cite(d, id, "contacts[].cites[]", i, j)
		}
	}
}

func (r refs) contactIDs() []string {
	var out []string
	for _, c := range r.record.Contacts.Value.Contacts {
		out = append(out, c.ID)
	}
	return out
}

func (r refs) corrections() {
	if len(r.record.Corrections) == 0 {
		return
	}
	files := r.fileIDs()
	for _, c := range r.record.Corrections {
		d := doc{c.Path, c.Doc}
		r.adult(d, c.Value.By, "by")
		if id := c.Value.Corrects; !slices.Contains(files, id) && !r.logUnread() {
			r.file(d, id, "a file of this learner", files, "corrects")
		}
		if _, err := yamldoc.ParsePath(c.Value.Path); err != nil {
			r.error(d, "path", "this is not a path", "write it like review.targets[0].result")
		}
	}
	correctionFaults(r, r.record.Cycles)
	correctionFaults(r, r.record.Moves)
	correctionFaults(r, r.record.Requests)
	correctionFaults(r, r.record.Letters)
	correctionFaults(r, r.record.Decisions)
	correctionFaults(r, r.record.Impacts)
}

// correctionFaults tells the corrections of files of one kind that fit nothing.
func correctionFaults[T any](r refs, files []recordfile.File[T]) {
	for _, file := range files {
		for _, f := range folder.Misfits(r.record, file) {
			f.Rule = r.rule.Name
			r.out = append(r.out, f)
		}
	}
}

// fileIDs lists the ids of the learner's files and of the entries of the contact log.
func (r refs) fileIDs() []string {
	var out []string
	r.eachOwned(func(d doc, _, id string, _ date.Date, _ string) {
		if id = idOr(id, d); id != "" {
			out = append(out, id)
		}
	})
	return append(out, r.contactIDs()...)
}

// idOr is the id of a file, or, where it cannot be read, the one its name bears:
// one broken line is one fault, not one more for every file that cites this one.
func idOr(id string, d doc) string {
	if d.tree != nil || strings.Count(d.path, "/") != 3 {
		return id
	}
	name := strings.TrimSuffix(path.Base(d.path), ".yaml")
	return name[strings.LastIndexByte(name, '-')+1:]
}
