package casework

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// followsOn gives the path of a file that follows on a request.
func (a *act) followsOn(q learner.Request, on date.Date, what, id string) string {
	return path.Join(a.Record.Dir, "requests", fmt.Sprintf("%s-%s-%s-%s-%s.yaml", on, q.Kind, q.ID, what, id))
}

// life finds a request again under the lock.
func (a *act) life(id string) (gate.Life, error) {
	for _, l := range gate.Lives(a.Folder, a.Record) {
		if l.Request.Value.ID == id && l.Request.Doc != nil {
			return l, nil
		}
	}
	return gate.Life{}, state("the request %s is not there any more: sendctl request %s", id, a.learner)
}

// sealed makes a file that follows on a request, and seals it.
func (a *act) sealedFile(q learner.Request, k recordfile.Kind, id, name string, on date.Date, v any) error {
	a.date, a.stage, a.about = on, a.Record.Learner.Value.Stage, q.Kind
	p := a.followsOn(q, on, string(k), id)
	if err := a.make(p, k, v); err != nil {
		return err
	}
	a.seal(id, p, name, on)
	return nil
}

// alike reports whether two values of a kind make the same file: what two people
// recorded in the same moment, or one of them twice.
func alike(k recordfile.Kind, a, b any) bool {
	one, err := recordfile.Bytes("", k, a)
	if err != nil {
		return false
	}
	other, err := recordfile.Bytes("", k, b)
	return err == nil && bytes.Equal(one, other)
}

// Letter records a letter to or from whoever decides a request, sealed.
func (d *Desk) Letter(ctx context.Context, x learner.Letter) (Done, error) {
	return d.do(ctx, "letter", x.Learner, func(a *act) error {
		l, err := a.life(x.Request)
		if err != nil {
			return err
		}
		for _, had := range l.Letters {
			if v := had.Value; v.What == x.What && v.Date == x.Date && v.Reference == x.Reference && v.Words == x.Words {
				return state("that letter is recorded already, as %s", v.ID)
			}
		}
		if x.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		return a.sealedFile(l.Request.Value, recordfile.Letter, x.ID, "letter", x.Date, x)
	})
}

// Decide records a decision on a request, sealed. Money that is granted is written
// into learner.yaml as a dated top-up. No decision changes the stage.
func (d *Desk) Decide(ctx context.Context, x learner.Decision) (Done, error) {
	return d.do(ctx, "decide", x.Learner, func(a *act) error {
		l, err := a.life(x.Request)
		if err != nil {
			return err
		}
		for _, had := range l.Decisions {
			if x.ID = had.Value.ID; alike(recordfile.Decision, x, had.Value) {
				return state("that decision is recorded already, as %s", x.ID)
			}
		}
		if x.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		if err := a.sealedFile(l.Request.Value, recordfile.Decision, x.ID, "decide", x.Panel, x); err != nil {
			return err
		}
		if x.Grants == nil || x.Grants.From.IsZero() {
			return nil
		}
		return a.topUp(x.Grants.From, x.Grants.To)
	})
}

// Impact records what the money that was granted changed, sealed.
func (d *Desk) Impact(ctx context.Context, x learner.Impact) (Done, error) {
	return d.do(ctx, "impact", x.Learner, func(a *act) error {
		l, err := a.life(x.Request)
		if err != nil {
			return err
		}
		for _, had := range l.Impacts {
			if x.ID = had.Value.ID; alike(recordfile.Impact, x, had.Value) {
				return state("that impact is recorded already, as %s", x.ID)
			}
		}
		if x.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		return a.sealedFile(l.Request.Value, recordfile.Impact, x.ID, "impact", x.Date, x)
	})
}

// topUp writes into learner.yaml that money beyond the setting's own is there from
// one day to another.
func (a *act) topUp(from, to date.Date) error {
	file := a.Record.Learner
	was := file.Value.TopUp
	now := toppedUp(was, from, to)
	at := yamldoc.Path{{Key: "top_up"}}
	var edits []yamldoc.Edit
	switch n := len(was); {
	case slices.Equal(was, now):
		return nil
	case n > 0 && len(now) > n && slices.Equal(was, now[:n]):
		for _, x := range now[n:] {
			edits = append(edits, yamldoc.Append(at, recordfile.Value(x)))
		}
	default:
		edits = append(edits, yamldoc.SetAfter(at, recordfile.Value(now), recordfile.Before(file.Value, "top_up")...))
	}
	next, err := file.Edited(recordfile.Learner, edits...)
	if err != nil {
		return err
	}
	return a.write(file.Path, next.Doc.Bytes())
}

// toppedUp adds a span of days to dated flags, oldest first: true on every day of
// the span and as it was on every other, with no day twice and nothing said again
// that holds already. Without a last day it holds until something else is written.
func toppedUp(was []learner.DatedFlag, from, to date.Date) []learner.DatedFlag {
	holds := func(on date.Date) (v bool) {
		for _, x := range was {
			if !x.From.After(on) {
				v = x.Applies
			}
		}
		return v
	}
	var end date.Date // the first day after
	if !to.IsZero() {
		end = to.AddDays(1)
	}
	var out []learner.DatedFlag
	for _, x := range was {
		if x.From.Before(from) {
			out = append(out, x)
		}
	}
	if n := len(out); n == 0 || !out[n-1].Applies {
		out = append(out, learner.DatedFlag{From: from, Applies: true})
	}
	if end.IsZero() {
		return out
	}
	if !holds(end) {
		out = append(out, learner.DatedFlag{From: end, Applies: false})
	}
	for _, x := range was {
		if x.From.After(end) && x.Applies != out[len(out)-1].Applies {
			out = append(out, x)
		}
	}
	return out
}
