package casework

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// judgeReceipt judges the answer of another setting to a handover.
func (c *Came) judgeReceipt() error {
	if len(c.record.Arrivals) != 1 || c.record.Arrivals[0].Doc == nil || c.Seals != 1 {
		return refused("a receipt holds one arrival with its seal, and this holds something else")
	}
	x := c.record.Arrivals[0]
	s, at, ok := sealFor(c.record, x.Value.ID)
	if !ok || !s.Covers(x.Doc.Bytes()) || path.Join(c.record.Dir, s.Sealed(path.Base(at))) != x.Path {
		return refused("the arrival that it holds is not as it was sealed")
	}
	if s.By != x.Value.By || s.By != c.parcel.By || !c.parcel.Made.Equal(s.Recorded) {
		return refused("who took the record in, and when, is not the same in the parcel and in the arrival that it holds")
	}
	c.arrival, c.seal = x.Value, c.record.Seals[path.Base(at)]
	c.proven("The receipt is whole: the record was taken in by %s on %s, and sealed there.", oneLineOf(c.From.Name), x.Value.Date.Long())
	return c.signature(s.By)
}

// TakeReceipt records the answer of another setting to a handover.
func (d *Desk) TakeReceipt(ctx context.Context, c Came) (Done, error) {
	id := c.Learner()
	return d.do(ctx, "receipt", id, func(a *act) error {
		if err := c.sameWorld(a.Folder); err != nil {
			return err
		}
		if a.Record == nil {
			for _, x := range a.Folder.Removals {
				if x.Value.Learner == id {
					return state("the record of %s was removed here on %s, so its receipt has no place any more", id, x.Value.Date.Long())
				}
			}
			return &folder.NoLearnerError{Typed: id}
		}
		for _, x := range a.Record.Receipts {
			if x.Doc != nil && x.Value.Handover == c.arrival.Handover && x.Value.Parcel == c.arrival.Parcel {
				return &HereError{Learner: id, File: x.Value.ID}
			}
		}
		if err := a.answers(ctx, c); err != nil {
			return err
		}
		me, err := a.me()
		if err != nil {
			return err
		}
		v := learner.Receipt{Format: recordfile.Receipt.Format(), Learner: id, Handover: c.arrival.Handover, Date: c.arrival.Date, From: c.From, Parcel: c.arrival.Parcel, By: me.ID}
		if key, err := c.parcel.SignedBy(); err == nil {
			v.Words = learner.Words("Signed there with the key " + seal.Fingerprint(key) + ".")
		} else {
			v.Words = "Not signed."
		}
		if v.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		if day := date.Of(a.who.When); v.Date.After(day) {
			return state("the receipt says that the record was taken in on %s, which is still to come", v.Date.Long())
		}
		a.date, a.stage = v.Date, a.Record.Learner.Value.Stage
		p := path.Join(a.Record.Dir, "handovers", v.Date.String()+"-"+v.Handover+"-receipt-"+v.ID+".yaml")
		if err := a.make(p, recordfile.Receipt, v); err != nil {
			return err
		}
		a.seal(v.ID, p, "receipt", v.Date)
		return nil
	})
}

// answers refuses a receipt that is not for a parcel of this record: the parcel is
// made again, and must be the one that was taken in; and what was sealed there must
// follow the seal of the handover here.
func (a *act) answers(ctx context.Context, c Came) error {
	h := c.arrival.Handover
	i := slices.IndexFunc(a.Record.Handovers, func(f recordfile.File[learner.Handover]) bool { return f.Doc != nil && f.Value.ID == h })
	if i < 0 {
		return refused("it answers a handover %s, which was not made here", h)
	}
	sent, err := a.desk.pack(ctx, ParcelHandover, a.Record, a.Record.Handovers[i].Path, h)
	if err != nil {
		return err
	}
	if seal.Hash(sent.Manifest()) != c.arrival.Parcel {
		return refused("it is for another parcel than the one of the handover %s: somebody changed that on its way", h)
	}
	s, err := seal.Parse(c.seal)
	if err != nil {
		return err
	}
	_, at, _ := sealFor(a.Record, h)
	if mine, ok := a.Record.Seals[path.Base(at)]; !ok || !slices.Contains(s.Previous, seal.Hash(mine)) {
		return refused("what was sealed there does not follow the seal of the handover %s", h)
	}
	return nil
}

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }
