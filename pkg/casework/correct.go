package casework

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// sealedCycles are the learner's cycles that a seal covers, latest first.
func sealedCycles(r *folder.Record) []recordfile.File[learner.Cycle] {
	sealed := map[string]bool{}
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil {
			sealed[path.Join(r.Dir, s.Path)] = true
		}
	}
	var out []recordfile.File[learner.Cycle]
	for i := len(r.Cycles) - 1; i >= 0; i-- {
		if sealed[r.Cycles[i].Path] && r.Cycles[i].Doc != nil {
			out = append(out, r.Cycles[i])
		}
	}
	return out
}

// CorrectForm asks which value of which sealed file is put right, and why.
func CorrectForm(c Case) (form.Script, error) {
	files := sealedCycles(c.Record)
	if len(files) == 0 {
		return nil, state("%s has nothing sealed yet; what is not sealed is changed with: sendctl edit %s", c.ID(), c.ID())
	}
	var options []form.Option
	for _, f := range files {
		when := f.Value.Opened.Long()
		if f.Value.Review != nil {
			when = "reviewed " + f.Value.Review.Date.Long()
		}
		options = append(options, form.Option{Value: f.Value.ID, Words: c.Folder.Pathway.Value.StageWords(f.Value.Stage) + ", " + when})
	}
	return func(a form.Answers) []form.Question {
		const heading = "A correction; the sealed file stays as it is"
		qs := []form.Question{{Path: "corrects", Flag: "FILE", Heading: heading, Kind: form.Choice, Options: options,
			Ask: "Which sealed review holds the mistake?", Why: "What is sealed never changes. A correction stands beside it, and both are shown together."}}
		var values []form.Option
		var was string
		for _, f := range files {
			if f.Value.ID == a.Text("corrects") {
				values = named(f, a.Text("part"))
				if p, err := yamldoc.ParsePath(a.Text("path")); err == nil {
					if n := f.Doc.Find(p); n != nil {
						was = n.Value
					}
				}
			}
		}
		if _, told := a["path"]; !told { // a long list is easier in parts
			qs = append(qs, form.Question{Path: "part", Heading: heading, Kind: form.Choice, Options: parts(), Optional: c.Nameless,
				Ask: "Where is the mistake?", Why: "The list of values comes in parts."})
		}
		qs = append(qs, form.Question{Path: "path", Flag: "PATH", Heading: heading, Kind: form.Choice, Options: values,
			Ask: "Which value is wrong?", Why: "One value at a time, so that anyone can see what was put right."})
		var last []string
		if was != "" {
			last = []string{"It says now: " + was}
		}
		return append(qs,
			form.Question{Path: "is", Flag: "--is", Heading: heading, Last: last, Kind: form.Words, Ask: "What should it say?", Why: "Only the value itself."},
			form.Question{Path: "because", Flag: "--because", Heading: heading, Kind: form.Words, Ask: "How did the mistake come about?", Why: "A correction without a reason looks like a change of history."},
			form.Question{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Default: c.Today.String(), Follows: true, Ask: "On what day was it put right?", Why: "The day of the correction, not of the review.",
				Check: past(date.Date{}, c.Today, "")})
	}, nil
}

// parts are the parts of a cycle, in the order in which mistakes are found in them.
func parts() []form.Option {
	return []form.Option{
		{Value: "review", Words: "the review"}, {Value: "plan", Words: "the plan"},
		{Value: "do", Words: "a note"}, {Value: "assess", Words: "what was known before the plan"},
	}
}

// named lists the values of one part of a sealed file in words; "" is all of it.
func named(f recordfile.File[learner.Cycle], part string) []form.Option {
	var out []form.Option
	for _, o := range leaves(f.Doc.Root(), "") {
		rest, in := strings.CutPrefix(o.Value, part)
		if !in || part != "" && !strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, "[") {
			continue
		}
		o.Words = report.Capital(strings.TrimPrefix(report.PathWords(f.Value, o.Value), "the ")) + ": " + o.Words
		out = append(out, o)
	}
	return out
}

// leaves lists every single value of a document by its path, as options; the
// values that say what the file is are left out.
func leaves(n *yamldoc.Node, at string) []form.Option {
	var out []form.Option
	switch n.Kind {
	case yamldoc.Map:
		for _, p := range n.Pairs {
			key := p.Key.Value
			if at == "" && (key == "format" || key == "learner" || key == "id") {
				continue
			}
			sub := key
			if at != "" {
				sub = at + "." + key
			}
			out = append(out, leaves(p.Value, sub)...)
		}
	case yamldoc.List:
		for i, item := range n.Items {
			out = append(out, leaves(item, fmt.Sprintf("%s[%d]", at, i))...)
		}
	default:
		words := n.Value
		if r := []rune(words); len(r) > 60 {
			words = string(r[:57]) + "..."
		}
		out = append(out, form.Option{Value: at, Words: strings.ReplaceAll(words, "\n", " ")})
	}
	return out
}

// ExactPath turns a path as a person types it (targets by id, say) into the exact
// path of a value in a sealed file. An error says which files or values there are.
func ExactPath(r *folder.Record, file, typed string) (string, error) {
	fix := learner.Correction{Corrects: file, Path: typed}
	f, err := sealedCycle(r, file)
	if err != nil {
		return "", err
	}
	_, exact, err := value(*f, fix)
	return exact, err
}

// sealedCycle finds a sealed cycle by its id.
func sealedCycle(r *folder.Record, id string) (*recordfile.File[learner.Cycle], error) {
	var known []string
	for _, f := range sealedCycles(r) {
		if f.Value.ID == id {
			return &f, nil
		}
		known = append(known, f.Value.ID)
	}
	for _, f := range r.Cycles {
		if f.Value.ID == id {
			return nil, state("the file %s is not sealed; change it with: sendctl edit %s %s", id, r.ID, path.Base(f.Path))
		}
	}
	return nil, &UnknownWordError{What: "sealed file of " + r.ID, Typed: id, Known: known, Flag: "FILE"}
}

// value finds the single value that a correction speaks of.
func value(f recordfile.File[learner.Cycle], fix learner.Correction) (n *yamldoc.Node, exact string, err error) {
	p, err := yamldoc.ParsePath(fix.Path)
	if err != nil {
		return nil, "", err
	}
	at, ok := f.Doc.Canonical(p)
	if ok {
		n = f.Doc.Find(at)
	}
	if n == nil {
		var known []string
		for _, o := range leaves(f.Doc.Root(), "") {
			known = append(known, o.Value)
		}
		return nil, "", &UnknownWordError{What: "value of the file " + fix.Corrects, Typed: fix.Path, Known: known, Flag: "PATH"}
	}
	if n.Kind != yamldoc.Scalar {
		return nil, "", state("%s is a whole part, not one value; name one value in it, such as review.targets[0].result", fix.Path)
	}
	if len(at) == 1 && (at[0].Key == "format" || at[0].Key == "learner" || at[0].Key == "id") {
		return nil, "", state("%s says which file this is, and is not put right by a correction", fix.Path)
	}
	return n, at.String(), nil
}

// Correct records a correction beside the sealed file, sealed itself.
func (d *Desk) Correct(ctx context.Context, id string, fix learner.Correction) (Done, error) {
	return d.do(ctx, "correct", id, func(a *act) error {
		me, err := d.Me(a.Folder)
		if err != nil {
			return err
		}
		target, err := sealedCycle(a.Record, fix.Corrects)
		if err != nil {
			return err
		}
		if s := sealOf(a.Record, target.Path); s != nil && !s.Covers(target.Doc.Bytes()) {
			return state("%s is not what was sealed any more, so there is nothing sure to correct; sendctl validate %s says more, and whoever keeps the folder can put it back from its history", target.Path, id)
		}
		fixed, err := aim(*target, a.Record.CorrectionsOf(fix.Corrects), &fix)
		if err != nil {
			return err
		}
		if err := a.wouldHold(fixed); err != nil {
			return err
		}
		if fix.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		fix.Format, fix.Learner, fix.By = recordfile.Correction.Format(), id, me.ID
		if target.Value.Review != nil && fix.Date.Before(target.Value.Review.Date) {
			return state("a correction cannot be dated before the review it corrects, %s", target.Value.Review.Date.Long())
		}
		a.date, a.stage = fix.Date, a.Record.Learner.Value.Stage
		p := path.Join(a.Record.Dir, "corrections", fix.Date.String()+"-"+fix.ID+".yaml")
		if err := a.make(p, recordfile.Correction, fix); err != nil {
			return err
		}
		a.seal(fix.ID, p, "correct", fix.Date)
		return nil
	})
}

// aim makes a correction's path exact, takes the value that was there, and proves
// that the file with the correction laid over it would still be a valid one.
// Where an earlier correction spoke of the same value, that is what was there. It
// gives the file as it would be.
func aim(f recordfile.File[learner.Cycle], earlier []learner.Correction, fix *learner.Correction) (fixed recordfile.File[learner.Cycle], err error) {
	n, exact, err := value(f, *fix)
	if err != nil {
		return f, err
	}
	fix.Path, fix.Was = exact, learner.Scalar(n.Value)
	for _, e := range earlier {
		if e.Path == fix.Path {
			fix.Was = e.Is
		}
	}
	if fix.Is == fix.Was {
		return f, state("that is what the record says already")
	}
	edit, err := folder.CorrectionEdit(*fix)
	if err != nil {
		return f, err
	}
	return f.Edited(recordfile.Cycle, edit)
}

// wouldHold refuses a correction after which the record would say what no review
// may say: somebody who is not there, a day to come, more than there is.
func (a *act) wouldHold(fixed recordfile.File[learner.Cycle]) error {
	as, err := a.Folder.Again(overlay{a.Folder.FS(), []store.Change{{Path: fixed.Path, New: fixed.Doc.Bytes()}}}, a.Record)
	if err != nil {
		return err
	}
	r, err := as.Load(a.Record.ID)
	if err != nil {
		return err
	}
	r.Corrections = nil // they speak of the file as it is
	judge := func(f *folder.Folder, r *folder.Record) []diag.Finding {
		return slices.DeleteFunc(append(rules.Learner(f, r), rules.NotYet(r, date.Of(a.who.When))...), func(x diag.Finding) bool { return x.Rule == "sealed" })
	}
	if fresh := newErrors(judge(a.Folder, a.Record), diag.Sort(judge(as, r))); len(fresh) > 0 {
		return &recordfile.FaultsError{Findings: fresh}
	}
	return nil
}
