package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// The references of the files that a learner's journey leaves: moves, requests and
// what follows on them, advice, passport and profile.

const hashPrefix = "sha256:" // begins a cite of an attachment

// cite checks what a file says it rests on.
func (r refs) cite(d doc, at, id string) {
	what := "a file or contact of this learner"
	if r.logUnread() && !strings.HasPrefix(id, hashPrefix) {
		return // it may well be an entry
	}
	if strings.HasPrefix(id, hashPrefix) {
		what = "the hash of an attachment of this learner"
	}
	r.one(d, at, id, what, r.citable())
}

// logUnread reports whether there is a contact log that cannot be read: that is told, and
// not everything that names an entry of it.
func (r refs) logUnread() bool { return unread(r.record.Contacts) }

func (r refs) cites(d doc, list string, ids []string) {
	for i, id := range ids {
		r.cite(d, fmt.Sprintf("%s[%d]", list, i), id)
	}
}

// everything lists all that may be cited: the files by their ids, the one passport
// or contact log by its name, an agreed version by its seal's id, and attachments.
func (r refs) everything() []string {
	out := r.fileIDs()
	single := func(kind recordfile.Kind, file string) {
		if file != "" { // be it that it cannot be read
			out = append(out, string(kind))
		}
	}
	single(recordfile.Learner, r.record.Learner.Path)
	single(recordfile.Identity, r.record.Identity.Path)
	single(recordfile.Contacts, r.record.Contacts.Path)
	single(recordfile.Passport, r.record.Passport.Path)
	single(recordfile.Profile, r.record.Profile.Path)
	single(recordfile.Readings, r.record.Readings.Path)
	for s := range r.chain().Sound {
		if s.Seal.Living() {
			out = append(out, s.Seal.File)
		}
	}
	return append(out, r.hashes()...)
}

// hashes are those of the learner's attachments, as cites write them. One that
// cannot be read has none, so that a cite of it is told.
func (r refs) hashes() []string {
	var out []string
	for _, a := range r.record.Attachments {
		name := path.Join(r.record.Dir, a)
		if info, err := fs.Lstat(r.folder.FS(), name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		f, err := r.folder.FS().Open(name)
		if err != nil {
			continue
		}
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		f.Close()
		if err == nil {
			out = append(out, hashPrefix+hex.EncodeToString(sum.Sum(nil)))
		}
	}
	return out
}

func (r refs) anyones(d doc, list string, ids []string) {
	for i, id := range ids {
		r.anyone(d, fmt.Sprintf("%s[%d]", list, i), id)
	}
}

func (r refs) moves() {
	told := r.contactIDs()
	stages := r.folder.Pathway.Value.StageIDs()
	for _, m := range r.record.Moves {
		d := doc{m.Path, m.Doc}
		r.adult(d, "decided_by", m.Value.DecidedBy)
		for j, id := range m.Value.Told {
			if !r.logUnread() {
				r.one(d, fmt.Sprintf("told[%d]", j), id, "an entry of the contact log", told)
			}
		}
		r.pathwayHas(d, "from", m.Value.From, "a stage", stages)
		r.pathwayHas(d, "to", m.Value.To, "a stage", stages)
		if m.Value.Meeting != nil {
			r.anyones(d, "meeting.invited", m.Value.Meeting.Invited)
		}
		for i, g := range m.Value.Gate {
			r.cites(d, fmt.Sprintf("gate[%d].cites", i), g.Cites)
		}
	}
}

func (r refs) requests() {
	for _, q := range r.record.Requests {
		d, v := doc{q.Path, q.Doc}, q.Value
		r.anyone(d, "asked_by", v.AskedBy)
		for i, a := range v.KnowledgeAndAgreement {
			r.anyone(d, fmt.Sprintf("knowledge_and_agreement[%d].who", i), a.Who)
		}
		for i, x := range v.ParentsSay {
			r.relative(d, fmt.Sprintf("parents_say[%d].who", i), x.Who)
		}
		for i, c := range v.Consents {
			r.learnerOrFamily(d, fmt.Sprintf("consents[%d].given_by", i), c.GivenBy)
		}
		for i, e := range v.Evidence {
			r.cite(d, fmt.Sprintf("evidence[%d].cites", i), e.Cites)
		}
		for i, x := range v.Declared {
			r.adult(d, fmt.Sprintf("declared[%d].who", i), x.Who)
		}
		r.costs(d, v.Costs)
		r.term(d, "kind", v.Kind, "a kind of request", r.folder.Pathway.Value.RequestIDs())
		if v.Sent.IsZero() { // what is sent was true of the pathway of its day
			r.codes(d, v)
		}
	}
}

// costs name support by its cycle and its id in that cycle's plan.
func (r refs) costs(d doc, costs []learner.Cost) {
	plans := map[string][]string{}
	var cycles []string
	for _, c := range r.record.Cycles {
		id := idOr(c.Value.ID, doc{c.Path, c.Doc})
		cycles = append(cycles, id)
		if c.Doc == nil {
			plans[id] = nil // nobody can say what it holds
			continue
		}
		plans[id] = []string{}
		if c.Value.Plan != nil {
			for _, p := range c.Value.Plan.Provision {
				plans[id] = append(plans[id], p.ID)
			}
		}
	}
	for i, c := range costs {
		at := fmt.Sprintf("costs[%d]", i)
		r.one(d, at+".cycle", c.Cycle, "a cycle of this learner", cycles)
		if in, known := plans[c.Cycle]; known && in != nil {
			r.one(d, at+".provision", c.Provision, "a provision of that cycle", in)
		}
	}
}

// codes checks the words that a draft takes from the pathway in force.
func (r refs) codes(d doc, v learner.Request) {
	p := &r.folder.Pathway.Value
	if r.folder.Pathway.Doc == nil {
		return
	}
	var checks []string
	for _, c := range p.Checks {
		checks = append(checks, c.ID)
	}
	for i, x := range v.Readiness {
		r.pathwayHas(d, fmt.Sprintf("readiness[%d].item", i), x.Item, "a check", checks)
	}
}

// followers are the files that follow on a request.
func (r refs) followers() {
	var requests []string
	kinds := map[string]pathway.Request{}
	for _, q := range r.record.Requests {
		requests = append(requests, idOr(q.Value.ID, doc{q.Path, q.Doc}))
		if k, ok := r.folder.Pathway.Value.Request(q.Value.Kind); ok {
			kinds[q.Value.ID] = k
		}
	}
	const what = "a request of this learner"
	for _, x := range r.record.Letters {
		d := doc{x.Path, x.Doc}
		r.one(d, "request", x.Value.Request, what, requests)
		r.adult(d, "by", x.Value.By)
		if k, ok := kinds[x.Value.Request]; ok {
			r.term(d, "what", x.Value.What, "a letter", termIDs(k.Letters))
		}
	}
	for _, x := range r.record.Decisions {
		d := doc{x.Path, x.Doc}
		r.one(d, "request", x.Value.Request, what, requests)
		r.adult(d, "chair", x.Value.Chair)
		r.adult(d, "moderator", x.Value.Moderator)
		k, ok := kinds[x.Value.Request]
		if !ok {
			continue
		}
		r.term(d, "result", x.Value.Result, "a result", termIDs(k.Results))
		for i, code := range x.Value.Reasons {
			r.term(d, fmt.Sprintf("reasons[%d]", i), code, "a reason", termIDs(k.Reasons))
		}
		for i, y := range x.Value.Scores {
			r.term(d, fmt.Sprintf("scores[%d].criterion", i), y.Criterion, "a criterion", termIDs(k.Criteria))
		}
	}
	for _, x := range r.record.Impacts {
		d := doc{x.Path, x.Doc}
		r.one(d, "request", x.Value.Request, what, requests)
		r.adult(d, "by", x.Value.By)
	}
	r.passedOn()
}

// passedOn checks what was handed over, answered and taken in.
func (r refs) passedOn() {
	var handovers []string
	for _, x := range r.record.Handovers {
		handovers = append(handovers, idOr(x.Value.ID, doc{x.Path, x.Doc}))
		r.adult(doc{x.Path, x.Doc}, "by", x.Value.By)
	}
	const what = "a handover of this learner"
	for _, x := range r.record.Receipts {
		r.one(doc{x.Path, x.Doc}, "handover", x.Value.Handover, what, handovers)
		r.adult(doc{x.Path, x.Doc}, "by", x.Value.By)
	}
	for _, x := range r.record.Arrivals {
		r.one(doc{x.Path, x.Doc}, "handover", x.Value.Handover, what, handovers)
		r.adult(doc{x.Path, x.Doc}, "by", x.Value.By)
	}
}

func termIDs(terms []pathway.Term) []string {
	var out []string
	for _, t := range terms {
		out = append(out, t.Code)
	}
	return out
}

func (r refs) advice() {
	for _, a := range r.record.Advice {
		d := doc{a.Path, a.Doc}
		r.adult(d, "by", a.Value.By)
		r.learnerOrFamily(d, "consent", a.Value.Consent)
		var seen []string
		for i, x := range a.Value.Recommendations {
			at := fmt.Sprintf("recommendations[%d]", i)
			if slices.Contains(seen, x.ID) {
				r.error(d, at+".id", "another recommendation of this advice has this id", "give each recommendation an id of its own: r1, r2 …")
			}
			seen = append(seen, x.ID)
			if !x.Done.IsZero() && x.NotFollowed != "" {
				r.error(d, at+".not_followed", "this recommendation is in place, and there is a reason why it is not followed", "keep the one that is true")
			}
		}
	}
}

func (r refs) documents() {
	versions := map[string]learner.Number{}
	document := func(kind recordfile.Kind, d doc, version learner.Number, with, shared []string, agreed []learner.SignedBy) {
		if d.tree == nil {
			return
		}
		versions[string(kind)] = version
		r.anyones(d, "with", with)
		for i, id := range shared {
			r.adult(d, fmt.Sprintf("shared_with[%d]", i), id)
		}
		for i, x := range agreed {
			r.anyone(d, fmt.Sprintf("agreed[%d].who", i), x.Who)
		}
	}
	p, o := r.record.Passport, r.record.Profile
	document(recordfile.Passport, doc{p.Path, p.Doc}, p.Value.Version, p.Value.With, p.Value.SharedWith, p.Value.Agreed)
	document(recordfile.Profile, doc{o.Path, o.Doc}, o.Value.Version, o.Value.With, o.Value.SharedWith, o.Value.Agreed)
	f := r.record.Readings
	d := doc{f.Path, f.Doc}
	told := map[string]bool{} // of a document that is not there once, and not for each who read it
	for i, x := range f.Value.Readings {
		at := fmt.Sprintf("readings[%d]", i)
		r.adult(d, at+".who", x.Who)
		version, there := versions[x.Document]
		latest, ok := version.Int()
		read, okRead := x.Version.Int()
		switch {
		case !there && told[x.Document]:
		case !there && len(r.gone) > 0:
			told[x.Document] = true
			r.add(diag.Warning, d, at+".document", "this learner has no such document, and something of theirs was removed from the whole history", r.gone[0].Path+" says why")
		case !there && !r.unreadable(x.Document):
			told[x.Document] = true
			r.error(d, at+".document", "this learner has no such document", "put the document back from the history, or take the entries for it out")
		case there && ok && okRead && read > latest:
			r.error(d, at+".version", "the document has no such version yet", "write the version that was read")
		}
	}
}

// unreadable reports whether a document is there and cannot be read: that is its
// fault, and not that of whoever names it.
func (r refs) unreadable(kind string) bool {
	name := path.Join(r.record.Dir, kind+".yaml")
	return slices.ContainsFunc(r.record.Findings, func(f diag.Finding) bool { return f.File == name })
}
