package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Passed is the handover of a record that has not come back since.
type Passed struct {
	ID       string         `json:"id"`
	Date     date.Date      `json:"date"`
	To       string         `json:"to"`
	RemoveBy date.Date      `json:"remove_by"` // zero where a copy is kept longer, without a day
	Because  string         `json:"because,omitempty"`
	By       string         `json:"by"`
	ByName   string         `json:"by_name"`
	Receipt  *PassedReceipt `json:"receipt,omitempty"` // nil while the other setting has not answered
	Overdue  int            `json:"overdue_days"`      // days since RemoveBy, negative while there is time
}

// PassedReceipt is the other setting's answer to a handover.
type PassedReceipt struct {
	ID   string    `json:"id"`
	Date date.Date `json:"date"`
	From string    `json:"from"`
}

// Came is one arrival of a record from another setting.
type Came struct {
	ID      string    `json:"id"`
	Date    date.Date `json:"date"`
	From    string    `json:"from"`
	Seals   string    `json:"seals"` // how many came with it
	Because string    `json:"because,omitempty"`
	ByName  string    `json:"by_name"`
}

// Held is a hold that is in force.
type Held struct {
	From    date.Date `json:"from"`
	By      string    `json:"by"`
	ByName  string    `json:"by_name"`
	Because string    `json:"because"`
}

// HandedOver gives the latest handover of a record, and the receipt for it, unless
// the record came in with it: it is then this setting that received it. ok is false
// where it was never handed over, or is here again.
func HandedOver(r *folder.Record) (h learner.Handover, receipt *learner.Receipt, ok bool) {
	place := placeInChain(r)
	for _, f := range r.Handovers {
		v := f.Value
		if f.Doc == nil || ok && cmp.Or(cmp.Compare(place[v.ID], place[h.ID]), v.Date.Compare(h.Date)) < 0 {
			continue
		}
		h, ok = v, true
	}
	for _, f := range r.Arrivals {
		if ok && f.Doc != nil && f.Value.Handover == h.ID {
			return learner.Handover{}, nil, false
		}
	}
	for _, f := range r.Receipts {
		if v := f.Value; ok && f.Doc != nil && v.Handover == h.ID {
			receipt = &v
		}
	}
	return h, receipt, ok
}

// placeInChain is how many seals, at most, come one after the other before that of
// each file, by the file's id. It says what was sealed after what, whatever the clocks
// of two settings said.
func placeInChain(r *folder.Record) map[string]int {
	seals := map[string]seal.Seal{} // by hash
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil {
			seals[seal.Hash(b)] = s
		}
	}
	depth := map[string]int{}
	var at func(hash string) int
	at = func(hash string) int {
		s, there := seals[hash]
		if n, known := depth[hash]; known || !there {
			return n
		}
		depth[hash] = 1 // a chain that bites its own tail ends here
		n := 0
		for _, p := range s.Previous {
			n = max(n, at(p))
		}
		depth[hash] = n + 1
		return n + 1
	}
	out := map[string]int{}
	for hash, s := range seals {
		out[s.File] = max(out[s.File], at(hash))
	}
	return out
}

// Arrivals are a record's arrivals in the order in which they were recorded.
func Arrivals(r *folder.Record) []learner.Arrival {
	place := placeInChain(r)
	var out []learner.Arrival
	for _, f := range r.Arrivals {
		if f.Doc != nil {
			out = append(out, f.Value)
		}
	}
	slices.SortStableFunc(out, func(a, b learner.Arrival) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return out
}

func (s speaker) passed(today date.Date) *Passed {
	h, receipt, ok := HandedOver(s.record)
	if !ok {
		return nil
	}
	v := &Passed{ID: h.ID, Date: h.Date, To: oneLine(h.To.Name), RemoveBy: h.RemoveBy, Because: string(h.Because), By: h.By, ByName: s.person(h.By)}
	if !h.RemoveBy.IsZero() {
		v.Overdue = h.RemoveBy.DaysUntil(today)
	}
	if receipt != nil {
		v.Receipt = &PassedReceipt{ID: receipt.ID, Date: receipt.Date, From: oneLine(receipt.From.Name)}
	}
	return v
}

func (s speaker) came() []Came {
	var out []Came
	for _, v := range Arrivals(s.record) {
		out = append(out, Came{ID: v.ID, Date: v.Date, From: oneLine(v.From.Name), Seals: string(v.Seals), Because: string(v.Because), ByName: s.person(v.By)})
	}
	return out
}

// HeldOn gives the holds of a record that are in force on a day.
func HeldOn(r *folder.Record, today date.Date) []learner.Hold {
	return slices.DeleteFunc(slices.Clone(r.Learner.Value.Holds), func(h learner.Hold) bool {
		return h.From.After(today) || !h.Until.IsZero() && !h.Until.After(today)
	})
}

func (s speaker) held(today date.Date) []Held {
	var out []Held
	for _, h := range HeldOn(s.record, today) {
		out = append(out, Held{From: h.From, By: h.By, ByName: s.person(h.By), Because: string(h.Because)})
	}
	return out
}

// The acts of this file in the log: what was passed on, what came, what is held.

func (s speaker) passedOn(e *Event, c Commit) {
	e.Sentence = "The record was handed over."
	f, ok := sealedIn(c, s.record.Handovers)
	if !ok {
		return
	}
	h := f.Value
	e.File = h.ID
	e.Sentence = fmt.Sprintf("The record was handed over to %s.", oneLine(h.To.Name))
	if !h.RemoveBy.IsZero() {
		e.more("The copy here is due for removal by %s.", h.RemoveBy.Long())
	}
	if h.Because != "" {
		e.more("A copy is kept here longer: %s", Quoted(string(h.Because)))
	}
	if h.Anyway != "" {
		e.more("It went although not all of it was as it was sealed: %s", Quoted(string(h.Anyway)))
	}
}

func (s speaker) tookIn(e *Event, c Commit) {
	e.Sentence = "The record was taken in from another setting."
	f, ok := sealedIn(c, s.record.Arrivals)
	if !ok {
		return
	}
	v := f.Value
	e.File = v.ID
	e.Sentence = fmt.Sprintf("The record was taken in from %s, with %s.", oneLine(v.From.Name), seals(v.Seals))
	if v.Because != "" {
		e.more("Taken in all the same: %s", Quoted(string(v.Because)))
	}
}

func seals(n learner.Number) string {
	count, _ := n.Int()
	return Plural(count, "seal", "seals")
}

func (s speaker) receipted(e *Event, c Commit) {
	e.Sentence = "The receipt for a handover came."
	f, ok := sealedIn(c, s.record.Receipts)
	if !ok {
		return
	}
	e.File = f.Value.ID
	e.Sentence = fmt.Sprintf("The receipt of %s for the record handed over came: it was taken in there on %s.", oneLine(f.Value.From.Name), f.Value.Date.Long())
	if f.Value.Words != "" {
		e.more("%s", Sentence(string(f.Value.Words)))
	}
}

func (s speaker) holding(e *Event, c Commit) {
	e.Sentence = "The record is held: it may not be removed."
	if c.Action == "release" {
		e.Sentence = "A hold on the record was released."
	}
	now, _, _ := asLeft[learner.Learner](c, recordfile.Learner)
	if now == nil {
		return
	}
	for _, h := range slices.Backward(now.Holds) {
		switch {
		case c.Action == "hold" && h.Until.IsZero():
			e.Sentence = fmt.Sprintf("Held from %s: the record may not be removed. Why: %s", h.From.Long(), Quoted(string(h.Because)))
			return
		case c.Action == "release" && h.Until == c.Date:
			e.Sentence = fmt.Sprintf("The hold of %s was released.", h.From.Long())
			if h.Released != "" {
				e.more("Why: %s", Quoted(string(h.Released)))
			}
			return
		}
	}
}

// oneLine is words as they stand in the middle of a sentence.
func oneLine(w learner.Words) string { return strings.Join(strings.Fields(string(w)), " ") }

// keeping tells what is owed of a record that was handed over: the receipt, and
// that the copy goes.
func (d *debts) keeping() {
	h, receipt, ok := HandedOver(d.record)
	if !ok {
		return
	}
	to := oneLine(h.To.Name)
	if receipt == nil {
		d.add(Owed{What: owedReceipt, WhatWords: "a receipt", About: h.ID, On: h.Date, Waits: true, Who: h.By, Do: "sendctl receive RECEIPT", due: true},
			"Handed over on %s to %s; no receipt has come from there yet.", h.Date.Long(), to)
	}
	switch {
	case h.RemoveBy.IsZero():
	case len(HeldOn(d.record, d.today)) > 0:
	case receipt == nil:
		d.add(Owed{What: owedRemoval, WhatWords: "removal of the copy", About: h.ID, On: h.RemoveBy, Who: h.By, Do: "sendctl receive RECEIPT", due: true},
			"Handed over on %s to %s, and the copy here is due for removal by %s; first ask them for the receipt.", h.Date.Long(), to, h.RemoveBy.Long())
	default:
		d.add(Owed{What: owedRemoval, WhatWords: "removal of the copy", About: h.ID, On: h.RemoveBy, Who: h.By, Do: d.command("purge"), due: true},
			"Handed over on %s to %s, whose receipt of %s is here: the copy is due for removal by %s.", h.Date.Long(), to, receipt.Date.Long(), h.RemoveBy.Long())
	}
}
