package rules

import (
	"crypto/sha256"
	"encoding/hex"
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
func (r refs) cite(d doc, id, at string, places ...int) {
	switch {
	case id == "" || slices.Contains(r.citable(), id):
	case strings.HasPrefix(id, hashPrefix):
		r.file(d, id, "the hash of an attachment of this learner", r.citable(), at, places...)
	case !r.logUnread(): // else it may well be an entry
		if logAway(r.record) && !r.sealedAway(id) {
			r.noLog(d, at, places...)
			return
		}
		r.file(d, id, "a file or contact of this learner", r.citable(), at, places...)
	}
}

// logUnread reports whether there is a contact log that cannot be read, or whose entries
// cannot be told apart: that is told, and not everything that names an entry of it.
func (r refs) logUnread() bool {
	f := r.record.Contacts
	return unread(f) || doubtful(r.record.Findings, f.Path, "contacts") || hasTwice(r.contactIDs())
}

// noLog tells of what names an entry of a contact log that is not there.
func (r refs) noLog(d doc, at string, places ...int) {
	if r.lone {
		return
	}
	log := path.Join(r.record.Dir, "contacts.yaml")
	r.error(d, indexed(at, places...), "this names an entry of the contact log, and contacts.yaml is not there", "put the file back: git restore "+log)
	r.lost(log)
	r.lacks(cause{kind: theLog}, false)
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

func (r refs) anyones(d doc, at string, ids []string) {
	for i, id := range ids {
		r.anyone(d, id, at, i)
	}
}

func (r refs) moves() {
	told := r.contactIDs()
	for _, m := range r.record.Moves {
		d := doc{m.Path, m.Doc}
		r.adult(d, m.Value.DecidedBy, "decided_by")
		for j, id := range m.Value.Told {
			switch {
			case slices.Contains(told, id) || r.logUnread():
			case logAway(r.record):
				r.noLog(d, "told[]", j)
			default:
				r.file(d, id, "an entry of the contact log", told, "told[]", j)
			}
		}
		r.pathwayHas(d, m.Value.From, aStage, r.stages, "from")
		r.pathwayHas(d, m.Value.To, aStage, r.stages, "to")
		if m.Value.Meeting != nil {
			r.anyones(d, "meeting.invited[]", m.Value.Meeting.Invited)
		}
		for i, g := range m.Value.Gate {
			for j, id := range g.Cites {
				r.cite(d, id, "gate[].cites[]", i, j)
			}
		}
	}
}

func (r refs) requests() {
	for _, q := range r.record.Requests {
		d, v := doc{q.Path, q.Doc}, q.Value
		r.anyone(d, v.AskedBy, "asked_by")
		for i, a := range v.KnowledgeAndAgreement {
			r.anyone(d, a.Who, "knowledge_and_agreement[].who", i)
		}
		for i, x := range v.ParentsSay {
			r.relative(d, x.Who, "parents_say[].who", i)
		}
		for i, c := range v.Consents {
			r.learnerOrFamily(d, c.GivenBy, "consents[].given_by", i)
		}
		for i, e := range v.Evidence {
			r.cite(d, e.Cites, "evidence[].cites", i)
		}
		for i, x := range v.Declared {
			r.adult(d, x.Who, "declared[].who", i)
		}
		r.costs(d, v.Costs)
		r.term(d, v.Kind, "a kind of request", r.folder.Pathway.Value.RequestIDs(), "kind")
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
		r.cycleOf(d, c.Cycle, cycles, "costs[].cycle", i)
		if in, known := plans[c.Cycle]; known && in != nil {
			r.one(d, c.Provision, thing{kind: aPart, called: "a provision of that cycle", hint: "the ids that exist are listed in the same record"}, in, "costs[].provision", i)
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
		r.pathwayHas(d, x.Item, "a check", checks, "readiness[].item", i)
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
		r.file(d, x.Value.Request, what, requests, "request")
		r.adult(d, x.Value.By, "by")
		if k, ok := kinds[x.Value.Request]; ok {
			r.term(d, x.Value.What, "a letter", termIDs(k.Letters), "what")
		}
	}
	for _, x := range r.record.Decisions {
		d := doc{x.Path, x.Doc}
		r.file(d, x.Value.Request, what, requests, "request")
		r.adult(d, x.Value.Chair, "chair")
		r.adult(d, x.Value.Moderator, "moderator")
		for i, y := range x.Value.Scores {
			r.beyond(d, y.Score, y.Of, outOf, "scores[].score", i)
		}
		k, ok := kinds[x.Value.Request]
		if !ok {
			continue
		}
		n := len(r.out)
		results := termIDs(k.Results)
		r.term(d, x.Value.Result, "a result", results, "result")
		if i := slices.IndexFunc(results, refused); len(r.out) > n && i >= 0 && refused(x.Value.Result) {
			r.out[n].Hint = "did you mean \"" + results[i] + "\"? The pathway has no other word for a refusal"
		}
		for i, code := range x.Value.Reasons {
			r.term(d, code, "a reason", termIDs(k.Reasons), "reasons[]", i)
		}
		for i, y := range x.Value.Scores {
			r.term(d, y.Criterion, "a criterion", termIDs(k.Criteria), "scores[].criterion", i)
		}
	}
	for _, x := range r.record.Impacts {
		d := doc{x.Path, x.Doc}
		r.file(d, x.Value.Request, what, requests, "request")
		r.adult(d, x.Value.By, "by")
	}
	r.passedOn()
}

// passedOn checks what was handed over, answered and taken in.
func (r refs) passedOn() {
	var handovers []string
	for _, x := range r.record.Handovers {
		handovers = append(handovers, idOr(x.Value.ID, doc{x.Path, x.Doc}))
		r.adult(doc{x.Path, x.Doc}, x.Value.By, "by")
	}
	const what = "a handover of this learner"
	for _, x := range r.record.Receipts {
		r.file(doc{x.Path, x.Doc}, x.Value.Handover, what, handovers, "handover")
		r.adult(doc{x.Path, x.Doc}, x.Value.By, "by")
	}
	for _, x := range r.record.Arrivals {
		r.file(doc{x.Path, x.Doc}, x.Value.Handover, what, handovers, "handover")
		r.adult(doc{x.Path, x.Doc}, x.Value.By, "by")
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
		r.adult(d, a.Value.By, "by")
		r.learnerOrFamily(d, a.Value.Consent, "consent")
		once(r.look, d, "recommendations[].id", a.Value.Recommendations, func(x *learner.Recommendation) string { return x.ID },
			"another recommendation of this advice has this id", "give each an id of its own: r1, r2 …")
		for i, x := range a.Value.Recommendations {
			if !x.Done.IsZero() && x.NotFollowed != "" {
				r.error(d, indexed("recommendations[].not_followed", i), "this recommendation is in place, and there is a reason why it is not followed", "keep the one that is true")
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
		r.anyones(d, "with[]", with)
		for i, id := range shared {
			r.adult(d, id, "shared_with[]", i)
		}
		for i, x := range agreed {
			r.anyone(d, x.Who, "agreed[].who", i)
		}
	}
	p, o := r.record.Passport, r.record.Profile
	document(recordfile.Passport, doc{p.Path, p.Doc}, p.Value.Version, p.Value.With, p.Value.SharedWith, p.Value.Agreed)
	document(recordfile.Profile, doc{o.Path, o.Doc}, o.Value.Version, o.Value.With, o.Value.SharedWith, o.Value.Agreed)
	f := r.record.Readings
	d := doc{f.Path, f.Doc}
	told := map[string]bool{} // of a document that is not there once, and not for each who read it
	for i, x := range f.Value.Readings {
		r.adult(d, x.Who, "readings[].who", i)
		version, there := versions[x.Document]
		latest, ok := version.Int()
		read, okRead := x.Version.Int()
		switch {
		case r.lone || !there && told[x.Document]:
		case !there && len(r.gone) > 0:
			told[x.Document] = true
			r.add(diag.Warning, d, indexed("readings[].document", i), "this learner has no such document, and something of theirs was removed from the whole history", r.gone[0].Path+" says why")
		case !there && !r.unreadable(x.Document) && !r.documentAway(x.Document+".yaml"):
			told[x.Document] = true
			r.error(d, indexed("readings[].document", i), "this learner has no such document", "put the document back from the history, or take the entries for it out")
		case there && ok && okRead && read > latest:
			r.error(d, indexed("readings[].version", i), "the document has no such version yet", "write the version that was read")
		}
	}
}

// unreadable reports whether a document is there and cannot be read: that is its
// fault, and not that of whoever names it.
func (r refs) unreadable(kind string) bool {
	name := path.Join(r.record.Dir, kind+".yaml")
	return slices.ContainsFunc(r.record.Findings, func(f diag.Finding) bool { return f.File == name })
}
