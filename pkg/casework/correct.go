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
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// CorrectForm asks which value of which sealed file is put right, and why.
func CorrectForm(c Case) (form.Script, error) {
	files := sealedFiles(c.Folder, c.Record)
	if len(files) == 0 {
		return nil, state("%s has nothing sealed yet; what is not sealed is changed with: sendctl edit %s", c.ID(), c.ID())
	}
	var options []form.Option
	for _, f := range files {
		options = append(options, form.Option{Value: f.id, Words: report.Capital(f.words)})
	}
	return func(a form.Answers) []form.Question {
		const heading = "A correction; the sealed file stays as it is"
		qs := []form.Question{{Path: "corrects", Flag: "FILE", Heading: heading, Kind: form.Choice, Options: options,
			Ask: "Which sealed file holds the mistake?", Why: "What is sealed never changes. A correction stands beside it, and both are shown together."}}
		var in, values []form.Option
		was := ""
		file := slices.IndexFunc(files, func(f sealedFile) bool { return f.id == a.Text("corrects") })
		if file >= 0 {
			in, values = files[file].parts(), files[file].named(a.Text("part"))
			was = said(files[file], c.Record.CorrectionsOf(files[file].id), a.Text("path"))
		}
		if _, told := a["path"]; !told && len(in) > 0 { // a long list is easier in parts
			qs = append(qs, form.Question{Path: "part", Heading: heading, Kind: form.Choice, Options: in, Optional: c.Nameless,
				Ask: "Where is the mistake?", Why: "The list of values comes in parts."})
		}
		qs = append(qs, form.Question{Path: "path", Flag: "PATH", Heading: heading, Kind: form.Choice, Options: values,
			Ask: "Which value is wrong?", Why: "One value at a time, so that anyone can see what was put right."})
		var last []string
		if a.Text("path") != "" {
			last = []string{"It says now: " + report.OrNothing(was)}
		}
		return append(qs,
			form.Question{Path: "is", Flag: "--is", Heading: heading, Last: last, Kind: form.Words, Ask: "What should it say?", Why: "Only the value itself."},
			form.Question{Path: "because", Flag: "--because", Heading: heading, Kind: form.Words, Ask: "How did the mistake come about?", Why: "A correction without a reason looks like a change of history."},
			form.Question{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Default: c.Today.String(), Follows: true, Ask: "On what day was it put right?", Why: "The day of the correction, not of what it puts right.",
				Check: past(date.Date{}, c.Today, "")})
	}, nil
}

// said is what a sealed file says at a path, as earlier corrections put it right.
func said(x sealedFile, earlier []learner.Correction, at string) string {
	n, exact, err := x.find(at)
	if err != nil {
		return ""
	}
	return string(lastSaid(n, exact, earlier))
}

// leftOutPart is the part of a file in which nothing is written.
const leftOutPart = "left-out"

// parts are the parts of a file, in the order in which mistakes are found in them.
func (x sealedFile) parts() []form.Option {
	missing := form.Option{Value: leftOutPart, Words: "something that was left out"}
	if x.kind != recordfile.Cycle {
		return []form.Option{{Value: "written", Words: "something that is written there"}, missing}
	}
	return []form.Option{
		{Value: "review", Words: "the review"}, {Value: "plan", Words: "the plan"},
		{Value: "do", Words: "a note"}, {Value: "assess", Words: "what was known before the plan"}, missing,
	}
}

// named lists the values of one part of a file in words; "" is all there is, and
// all that was left out.
func (x sealedFile) named(part string) []form.Option {
	all := leaves(x.doc.Root(), "")
	switch {
	case part == leftOutPart:
		all = x.leftOut()
	case part == "":
		all = append(all, x.leftOut()...)
	case x.kind == recordfile.Cycle:
		all = slices.DeleteFunc(all, func(o form.Option) bool {
			rest, in := strings.CutPrefix(o.Value, part)
			return !in || !strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, "[")
		})
	}
	for i, o := range all {
		all[i].Words = report.Capital(strings.TrimPrefix(report.PathWords(learner.Cycle{}, o.Value), "the ")) + ": " + o.Words
	}
	return all
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
// path of a value in a sealed file, or of one that was left out of it. An error
// says which files or values there are.
func ExactPath(f *folder.Folder, r *folder.Record, file, typed string) (string, error) {
	x, err := sealedFileWith(f, r, file)
	if err != nil {
		return "", err
	}
	_, exact, err := x.find(typed)
	return exact, err
}

// find gives the single value at a path; nil where a value that the kind of file
// knows was left out.
func (x sealedFile) find(typed string) (n *yamldoc.Node, exact string, err error) {
	p, err := yamldoc.ParsePath(typed)
	if err != nil {
		return nil, "", err
	}
	at, ok := folder.Place(x.doc, p)
	if ok {
		n, exact = x.doc.Find(at), at.String()
	}
	unsaid := x.leftOut()
	if n == nil && !slices.ContainsFunc(unsaid, func(o form.Option) bool { return ok && o.Value == exact }) {
		var known []string
		for _, o := range append(leaves(x.doc.Root(), ""), unsaid...) {
			known = append(known, o.Value)
		}
		return nil, "", &UnknownWordError{What: "value of the file " + x.id, Typed: typed, Known: known, Flag: "PATH"}
	}
	if n != nil && n.Kind != yamldoc.Scalar {
		return nil, "", state("%s is a whole part, not one value; name one value in it, such as %s", typed, x.example())
	}
	if len(at) == 1 && (at[0].Key == "format" || at[0].Key == "learner" || at[0].Key == "id") {
		return nil, "", state("%s says which file this is, and is not put right by a correction", typed)
	}
	return n, exact, nil
}

// example is the path of some value of such a file.
func (x sealedFile) example() string {
	if x.kind == recordfile.Cycle {
		return "review.targets[0].result"
	}
	if all := leaves(x.doc.Root(), ""); len(all) > 0 {
		return all[0].Value
	}
	return "date"
}

// Correct records a correction beside the sealed file, sealed itself.
func (d *Desk) Correct(ctx context.Context, id string, fix learner.Correction) (Done, error) {
	return d.do(ctx, "correct", id, func(a *act) error {
		me, err := a.me()
		if err != nil {
			return err
		}
		target, err := sealedFileWith(a.Folder, a.Record, fix.Corrects)
		if err != nil {
			return err
		}
		if s := sealOf(a.Record, target.path); s != nil && !s.Covers(target.doc.Bytes()) {
			return state("%s is not what was sealed any more, so there is nothing sure to correct; sendctl validate %s says more, and whoever keeps the folder can put it back from its history", target.path, id)
		}
		fixed, err := aim(target, a.Record.CorrectionsOf(fix.Corrects), &fix)
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
		if fix.Date.Before(target.on) {
			return state("a correction cannot be dated before what it corrects, %s", target.on.Long())
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
func aim(x sealedFile, earlier []learner.Correction, fix *learner.Correction) (fixed sealedFile, err error) {
	n, exact, err := x.find(fix.Path)
	if err != nil {
		return x, err
	}
	fix.Path, fix.Was = exact, lastSaid(n, exact, earlier)
	if fix.Is == fix.Was {
		return x, state("that is what the record says already")
	}
	return x.laid(*fix)
}

// lastSaid is what a value is so far: as written, or as the last correction has it.
func lastSaid(n *yamldoc.Node, exact string, earlier []learner.Correction) learner.Scalar {
	var was learner.Scalar
	if n != nil {
		was = learner.Scalar(n.Value)
	}
	for _, e := range earlier {
		if e.Path == exact {
			was = e.Is
		}
	}
	return was
}

// wouldHold refuses a correction after which the record would say what no file
// of its kind may say: somebody who is not there, a day to come, more than there is.
func (a *act) wouldHold(fixed sealedFile) error {
	as, err := a.Folder.Again(overlay{a.Folder.FS(), []store.Change{{Path: fixed.path, New: fixed.doc.Bytes()}}}, a.Record)
	if err != nil {
		return err
	}
	r, err := as.Load(a.Record.ID)
	if err != nil {
		return err
	}
	r.Corrections = nil // they speak of the file as it is
	// A sealed file keeps its name whatever day is put right in it. And of a move and
	// learner.yaml one must be put right before the other: the rule of both is asked
	// once the correction stands beside the move.
	later := []string{"sealed", "file-name", "stage-moves"}
	judge := func(f *folder.Folder, r *folder.Record) []diag.Finding {
		return slices.DeleteFunc(append(rules.Every(f, r), rules.NotYet(r, date.Of(a.who.When))...), func(x diag.Finding) bool { return slices.Contains(later, x.Rule) })
	}
	if fresh := newErrors(judge(a.Folder, a.Record), diag.Sort(judge(as, r))); len(fresh) > 0 {
		return &recordfile.FaultsError{Findings: fresh}
	}
	return nil
}
