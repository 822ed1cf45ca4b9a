package casework

import (
	"context"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// HoldForm asks why a record may not be removed.
func HoldForm(c Case) form.Script {
	return func(form.Answers) []form.Question {
		const heading = "A hold: the record is kept, whatever its age"
		return []form.Question{
			{Path: "because", Flag: "--because", Heading: heading, Kind: form.Words, Ask: "Why must it be kept?",
				Why: "A claim, an appeal, an inquiry. It is written to learner.yaml, and shown until the hold is released."},
			{Path: "from", Flag: "--from", Heading: heading, Kind: form.Date, Default: c.Today.String(), Follows: true, Ask: "From which day on?",
				Why: "Usually today.", Check: past(date.Date{}, c.Today, "")},
		}
	}
}

// Hold records that a record may not be removed, whatever its age.
func (d *Desk) Hold(ctx context.Context, id string, h learner.Hold, today date.Date) (Done, error) {
	return d.do(ctx, "hold", id, func(a *act) error {
		me, err := d.MeIn(a.Folder, a.Record)
		if err != nil {
			return err
		}
		if len(report.HeldOn(a.Record, today)) > 0 {
			return state("%s is held already: sendctl show %s says why", id, id)
		}
		h.By, h.Until, h.Released = me.ID, date.Date{}, ""
		is := a.Record.Learner
		next, err := is.Edited(recordfile.Learner, appendTo(is.Value, "holds", []learner.Hold{h}, len(is.Value.Holds)))
		if err != nil {
			return err
		}
		a.date, a.stage = h.From, is.Value.Stage
		return a.write(is.Path, next.Doc.Bytes())
	})
}

// Release ends every hold of a record that is in force on a day.
func (d *Desk) Release(ctx context.Context, id string, on date.Date, because learner.Words) (Done, error) {
	return d.do(ctx, "release", id, func(a *act) error {
		is := a.Record.Learner
		var edits []yamldoc.Edit
		for i, h := range is.Value.Holds {
			if !h.Until.IsZero() || h.From.After(on) {
				continue
			}
			at := yamldoc.Path{yamldoc.KeyStep("holds"), yamldoc.IndexStep(i)}
			edits = append(edits, yamldoc.SetAfter(at.Key("until"), recordfile.Value(on), "from"))
			if because != "" {
				edits = append(edits, yamldoc.SetAfter(at.Key("released"), recordfile.Value(because), "from", "until", "by", "because"))
			}
		}
		if len(edits) == 0 {
			return state("%s is not held, so there is nothing to release", id)
		}
		next, err := is.Edited(recordfile.Learner, edits...)
		if err != nil {
			return err
		}
		a.date, a.stage = on, is.Value.Stage
		return a.write(is.Path, next.Doc.Bytes())
	})
}
