package casework

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Advise records a professional's advice and, where with is given, the consent it
// rests on. Advice that names who agreed, while no consent of theirs held, is a
// *StateError; advice that names nobody is recorded with a warning.
func (d *Desk) Advise(ctx context.Context, id string, adv learner.Advice, with *learner.Consent) (Done, error) {
	var file string
	var within bool // the adviser is of no organisation that people.yaml names
	done, err := d.do(ctx, "advice", id, func(a *act) error {
		p, _ := a.Folder.Person(adv.By)
		within = p.Organisation == ""
		who := a.Record.Learner
		have := who.Value.Consents
		if with != nil {
			have = append(slices.Clone(have), *with)
		}
		if adv.Consent != "" && !held(have, adv.Consent, days(adv.Asked, adv.Seen, adv.Date)) {
			return state("no consent by %s is recorded that held when the advice was asked for: learner.yaml, consents", adv.Consent)
		}
		var err error
		if adv.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		file = adv.ID
		adv.Format, adv.Learner = recordfile.Advice.Format(), id
		a.date, a.stage = adv.Date, who.Value.Stage
		if err := a.make(path.Join(a.Record.Dir, "advice", adv.Date.String()+"-"+adv.ID+".yaml"), recordfile.Advice, adv); err != nil || with == nil {
			return err
		}
		return a.consent([]learner.Consent{*with})
	})
	done.File = file
	if err == nil && within {
		done.Warnings = append(done.Warnings, "people.yaml names no organisation for "+adv.By+", so a request will not count this as advice from outside. If it is, say so: sendctl edit people.yaml --set \"people["+adv.By+"].organisation=NAME\"")
	}
	if err == nil && adv.Consent == "" {
		done.Warnings = append(done.Warnings, "Nobody is named who agreed that they be asked. If somebody did, say so: sendctl edit "+id+" "+file+" --set consent=ID")
	}
	return done, err
}

// FindRecommendation finds a recommendation as a person types it: its id, with the
// id of the advice before it where several advices have one of that id. It gives
// its place, "t9wc/r1", for ActForm.
func FindRecommendation(r *folder.Record, words []string) (string, error) {
	if len(words) == 0 {
		return "", nil
	}
	typed := words[len(words)-1]
	var advices, known, open, settled []string
	for _, a := range r.Advice {
		advices = append(advices, a.Value.ID)
		if len(words) > 1 && a.Value.ID != words[0] {
			continue
		}
		for _, x := range a.Value.Recommendations {
			at := a.Value.ID + "/" + x.ID
			if !slices.Contains(known, x.ID) {
				known = append(known, x.ID)
			}
			switch {
			case x.ID != typed:
			case x.Open():
				open = append(open, at)
			default:
				settled = append(settled, at)
			}
		}
	}
	if len(words) > 1 && !slices.Contains(advices, words[0]) {
		return "", &UnknownWordError{What: "advice on " + r.ID, Typed: words[0], Known: advices, Flag: "ADVICE"}
	}
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(open) > 1:
		var in []string
		for _, at := range open {
			file, _, _ := strings.Cut(at, "/")
			in = append(in, file)
		}
		return "", &UnknownWordError{What: "recommendation of one advice only; give the advice before it", Typed: typed, Known: in, Flag: "ADVICE"}
	case len(settled) > 0:
		file, _, _ := strings.Cut(settled[0], "/")
		return "", state("%s of the advice %s is in place or turned down already; to change what it says: sendctl edit %s %s", typed, file, r.ID, file)
	}
	return "", &UnknownWordError{What: "recommendation to " + r.ID, Typed: typed, Known: known, Flag: "RECOMMENDATION"}
}

// ActOn records what came of a recommendation, on the lines of the advice file
// that say so and no other.
func (d *Desk) ActOn(ctx context.Context, id string, x Acted) (Done, error) {
	file, rec, _ := strings.Cut(x.Recommendation, "/")
	done, err := d.do(ctx, "advice", id, func(a *act) error {
		i := slices.IndexFunc(a.Record.Advice, func(f recordfile.File[learner.Advice]) bool { return f.Value.ID == file })
		if i < 0 {
			return &UnknownWordError{What: "advice on " + id, Typed: file, Flag: "ADVICE"}
		}
		f := a.Record.Advice[i]
		n := slices.IndexFunc(f.Value.Recommendations, func(r learner.Recommendation) bool { return r.ID == rec })
		if n < 0 {
			return &UnknownWordError{What: "recommendation of the advice " + file, Typed: rec, Flag: "RECOMMENDATION"}
		}
		was := f.Value.Recommendations[n]
		if !was.Open() {
			return state("%s of the advice %s is in place or turned down already: sendctl advice %s show", rec, file, id)
		}
		a.date, a.stage = x.Done, a.Record.Learner.Value.Stage
		if a.date.IsZero() {
			a.date = date.Of(a.who.When)
		}
		next, err := f.Edited(recordfile.Advice, actedEdits(n, was, x)...)
		if err != nil {
			return err
		}
		return a.write(f.Path, next.Doc.Bytes())
	})
	done.File = file
	return done, err
}

// actedEdits are the lines of a recommendation that change.
func actedEdits(n int, was learner.Recommendation, x Acted) []yamldoc.Edit {
	at := yamldoc.Path{yamldoc.KeyStep("recommendations"), yamldoc.IndexStep(n)}
	var edits []yamldoc.Edit
	set := func(key string, v any) {
		edits = append(edits, yamldoc.SetAfter(at.Key(key), recordfile.Value(v), recordfile.Before(was, key)...))
	}
	if x.Action != "" && x.Action != was.Action {
		set("action", x.Action)
	}
	if !x.Done.IsZero() {
		set("done", x.Done)
	}
	if x.NotFollowed != "" {
		set("not_followed", x.NotFollowed)
	}
	return edits
}
