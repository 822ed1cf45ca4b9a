package report

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// A commit's trailers are free text, and anybody can write them. This file asks
// whether a commit changed what the act that it claims changes, and nothing that
// the act leaves alone. What nobody can read any more speaks against no commit.

// bears reports whether a commit is what the act that it claims makes.
func bears(c Commit) bool {
	return holds(c) && (c.Action == "" || c.Action == "edit" || shaped(c))
}

// holds reports whether the files that an act must change are among the commit's.
func holds(c Commit) bool {
	has := func(part string) bool {
		return slices.ContainsFunc(c.Paths, func(p string) bool { return strings.Contains(p, part) })
	}
	if b, ok := bearsJourney(c); ok {
		return b
	}
	switch c.Action {
	case "review":
		return has("/cycles/") && has("/seals/")
	case "correct":
		return has("/corrections/") && has("/seals/")
	case "plan", "note":
		return has("/cycles/")
	case "contact":
		return has("/contacts.yaml")
	case "create", "import":
		return has("/learner.yaml") && has("/identity.yaml")
	case "handover", "receipt":
		return has("/handovers/") && has("/seals/")
	case "receive": // a whole record came, of whatever files
		return has("/arrivals/") && has("/seals/")
	case "hold", "release":
		return has("/learner.yaml")
	case "purge":
		return has("removals/")
	}
	return true
}

// shaped judges every file of the commit by what the act does to a file of its kind.
// An act that is not known here is left alone: a later sendctl may have made it.
func shaped(c Commit) bool {
	rules := map[string]map[recordfile.Kind]func(was, now *yamldoc.Node) bool{
		"create":   {recordfile.Identity: made, recordfile.Learner: made, recordfile.Cycle: made},
		"import":   {recordfile.Identity: made, recordfile.Learner: made},
		"plan":     {recordfile.Cycle: plannedOnly},
		"note":     {recordfile.Cycle: oneMore("do")},
		"contact":  {recordfile.Contacts: oneMore("contacts")},
		"review":   {recordfile.Cycle: reviewedOnly},
		"correct":  {recordfile.Correction: made},
		"advance":  {recordfile.Move: made, recordfile.Learner: anyhow},
		"passport": {recordfile.Passport: writtenAnew},
		"profile":  {recordfile.Profile: writtenAnew},
		"agree":    {recordfile.Passport: anyhow, recordfile.Profile: anyhow},
		"read":     {recordfile.Readings: appended("readings")},
		"request":  {recordfile.Request: unsent, recordfile.Learner: consented},
		"withdraw": {recordfile.Request: unsent},
		"send":     {recordfile.Request: sentNow, recordfile.Learner: consented},
		"letter":   {recordfile.Letter: made},
		"decide":   {recordfile.Decision: made, recordfile.Learner: toppedUp},
		"impact":   {recordfile.Impact: made},
		"advice":   {recordfile.Advice: advisedOn, recordfile.Learner: consented},
		"handover": {recordfile.Handover: made},
		"receipt":  {recordfile.Receipt: made},
		"hold":     {recordfile.Learner: holdsOnly},
		"release":  {recordfile.Learner: holdsOnly},
		"fix": {
			recordfile.Identity: respelt, recordfile.Learner: respelt, recordfile.Contacts: respelt, recordfile.Readings: respelt, recordfile.Cycle: respelt,
			recordfile.Request: respelt, recordfile.Advice: respelt, recordfile.Passport: respelt, recordfile.Profile: respelt,
		},
	}
	files, known := rules[c.Action]
	if !known {
		return true
	}
	for _, p := range c.Paths {
		if path.Base(path.Dir(p)) == "seals" {
			if !sealNew(c, p) {
				return false
			}
			continue
		}
		kind, ok := recordfile.KindAt(p)
		if !ok {
			continue // an attachment
		}
		rule, ok := files[kind]
		switch {
		case ok:
		case kind == recordfile.Contacts:
			rule = appended("contacts") // many an act logs whom it told
		default:
			return false
		}
		was, now, ok := states(c, p)
		switch {
		case !ok:
		case was == nil && now == nil:
		case now == nil && c.Action != "withdraw":
			return false // no act takes a file away
		case !rule(was, now):
			return false
		}
	}
	return true
}

// states are a file as it was until the commit and as the commit left it, nil where it
// was not there; ok is false where that cannot be known.
func states(c Commit, p string) (was, now *yamldoc.Node, ok bool) {
	one := func(from func(string) ([]byte, error)) (*yamldoc.Node, bool) {
		if from == nil {
			return nil, false
		}
		src, err := from(p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, true
		}
		if err != nil {
			return nil, false
		}
		doc, _ := yamldoc.Parse(p, src)
		if doc == nil || doc.Root().Kind != yamldoc.Map {
			return nil, false
		}
		return doc.Root(), true
	}
	was, ok1 := one(c.Before)
	now, ok2 := one(c.Read)
	return was, now, ok1 && ok2
}

// sealNew reports whether a seal was made by this commit and holds the file as the
// commit left it.
func sealNew(c Commit, p string) bool {
	if c.Read == nil || c.Before == nil {
		return true
	}
	if _, err := c.Before(p); err == nil {
		return false
	}
	b, err := c.Read(p)
	if err != nil {
		return true
	}
	s, err := seal.Parse(b)
	if err != nil {
		return false
	}
	sealed, err := c.Read(path.Join(path.Dir(path.Dir(p)), s.Path))
	return err != nil || s.Covers(sealed)
}

func anyhow(_, _ *yamldoc.Node) bool { return true }

func made(was, _ *yamldoc.Node) bool { return was == nil }

// sameBut reports whether all but the given keys of a file is as it was.
func sameBut(was, now *yamldoc.Node, keys ...string) bool {
	if was == nil {
		return false
	}
	covers := func(a, b *yamldoc.Node) bool {
		for _, x := range a.Pairs {
			if slices.Contains(keys, x.Key.Value) {
				continue
			}
			if other := b.Get(x.Key.Value); other == nil || !yamldoc.Same(x.Value, other) {
				return false
			}
		}
		return true
	}
	return covers(was, now) && covers(now, was)
}

// grown gives how many entries were put at the end of a list, the others being as
// they were; ok is false where they are not.
func grown(was, now *yamldoc.Node, list string) (n int, ok bool) {
	items := func(root *yamldoc.Node) []*yamldoc.Node {
		if root == nil || root.Get(list) == nil {
			return nil
		}
		return root.Get(list).Items
	}
	old, all := items(was), items(now)
	if len(all) < len(old) {
		return 0, false
	}
	for i := range old {
		if !yamldoc.Same(old[i], all[i]) {
			return 0, false
		}
	}
	return len(all) - len(old), true
}

// appended is the shape of an act that adds entries to a list of a file, which it may
// begin; oneMore that of one that adds a single entry to it.
func appended(list string) func(was, now *yamldoc.Node) bool {
	return func(was, now *yamldoc.Node) bool {
		n, ok := grown(was, now, list)
		return ok && n > 0 && (was == nil || sameBut(was, now, list))
	}
}

func oneMore(list string) func(was, now *yamldoc.Node) bool {
	return func(was, now *yamldoc.Node) bool {
		n, ok := grown(was, now, list)
		return ok && n == 1 && appended(list)(was, now)
	}
}

// plannedOnly: a plan is written once, into a new cycle or that of a concern, whose
// assessment it may complete.
func plannedOnly(was, now *yamldoc.Node) bool {
	switch {
	case now.Get("plan") == nil || now.Get("review") != nil:
		return false
	case was == nil:
		return true
	}
	old := was.Get("assess")
	return was.Get("plan") == nil && sameBut(was, now, "assess", "plan", "responsible_teacher") &&
		(old == nil || now.Get("assess") != nil && kept(old.Get("concerns"), now.Get("assess").Get("concerns")))
}

func kept(was, now *yamldoc.Node) bool { return was == nil || now != nil && yamldoc.Same(was, now) }

func reviewedOnly(was, now *yamldoc.Node) bool {
	return was != nil && was.Get("review") == nil && now.Get("review") != nil && sameBut(was, now, "review")
}

// writtenAnew: an agreed version is never written over.
func writtenAnew(was, now *yamldoc.Node) bool {
	return was == nil || was.Get("agreed") == nil || !kept(was.Get("version"), now.Get("version"))
}

// unsent: a request that went out is not worked on, nor withdrawn.
func unsent(was, _ *yamldoc.Node) bool { return was == nil || was.Get("sent") == nil }

func sentNow(was, now *yamldoc.Node) bool { return unsent(was, now) && now.Get("sent") != nil }

// consented: what an act rests on is written down with it, and nothing else of the learner.
func consented(was, now *yamldoc.Node) bool { return sameBut(was, now, "consents") }

// holdsOnly: a hold is set or released, and nothing else of the learner changes.
func holdsOnly(was, now *yamldoc.Node) bool { return sameBut(was, now, "holds") }

// respelt: what is written is what was written, but for quotes, capitals and the order
// of the two lists that stand in order of date.
func respelt(was, now *yamldoc.Node) bool {
	var spelling func(n *yamldoc.Node, key string) string
	spelling = func(n *yamldoc.Node, key string) string {
		var parts []string
		for _, p := range n.Pairs {
			parts = append(parts, p.Key.Value+spelling(p.Value, p.Key.Value))
		}
		for _, it := range n.Items {
			parts = append(parts, spelling(it, ""))
		}
		if key == "sen_provision" || key == "enrolment" {
			slices.Sort(parts)
		}
		return strconv.Itoa(int(n.Kind)) + strconv.Quote(strings.ToLower(n.Value)+strings.Join(parts, ""))
	}
	return was != nil && now != nil && spelling(was, "") == spelling(now, "")
}

// toppedUp: money that is granted is dated in the learner's file, and nothing else.
func toppedUp(was, now *yamldoc.Node) bool { return sameBut(was, now, "top_up") }

// advisedOn: what came of a recommendation is noted; what was found and recommended
// stays as it was said.
func advisedOn(was, now *yamldoc.Node) bool {
	if was == nil {
		return true
	}
	old, all := was.Get("recommendations"), now.Get("recommendations")
	if !sameBut(was, now, "recommendations") || (old == nil) != (all == nil) || old != nil && len(old.Items) != len(all.Items) {
		return false
	}
	for i := 0; old != nil && i < len(old.Items); i++ {
		if old.Items[i].Kind != yamldoc.Map || all.Items[i].Kind != yamldoc.Map || !kept(old.Items[i].Get("words"), all.Items[i].Get("words")) || !kept(old.Items[i].Get("id"), all.Items[i].Get("id")) {
			return false
		}
	}
	return true
}
