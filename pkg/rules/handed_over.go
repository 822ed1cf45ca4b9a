package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// pupilFileDays are the school days within which a learner's file follows them: law, so
// no limit that a setting may change.
const pupilFileDays = 15

// handover is the latest handover of the record that it did not come in with, and the
// receipt for it; ok is false where it was never handed over, or came back.
func (l *look) handover() (h learner.Handover, d doc, receipt, ok bool) {
	for _, f := range l.record.Handovers {
		v := f.Value
		if f.Doc == nil || v.Date.Before(h.Date) || h.ID != "" && v.Date == h.Date && l.record.Later(h.ID, v.ID) {
			continue
		}
		h, d, ok = v, docOf(f), true
	}
	if slices.ContainsFunc(l.record.Arrivals, func(f recordfile.File[learner.Arrival]) bool { return ok && f.Value.Handover == h.ID }) {
		return learner.Handover{}, doc{}, false, false
	}
	receipt = slices.ContainsFunc(l.record.Receipts, func(f recordfile.File[learner.Receipt]) bool { return ok && f.Value.Handover == h.ID })
	return h, d, receipt, ok
}

// cameAfter reports whether the record came here from another setting after a day, or on it.
func (l *look) cameAfter(day date.Date) bool {
	return slices.ContainsFunc(l.record.Arrivals, func(f recordfile.File[learner.Arrival]) bool { return f.Doc != nil && !f.Value.Date.Before(day) })
}

// handoverMissing: the file follows the learner to the next school.
var handoverMissing = Rule{
	Name: "handover-missing", ID: "SEN1202", Severity: diag.Error,
	About:  "The record of a learner who left for another setting is passed on within 15 school days.",
	Source: "Education (Pupil Information) (England) Regulations 2005",
	check: func(l *look) {
		if l.record.Learner.Doc == nil || l.here() {
			return
		}
		m, d, ok := l.lastMoved()
		if !ok || m.ToSetting == "" || m.To != l.record.Learner.Value.Stage {
			return
		}
		if l.cameAfter(m.Date) {
			return // it was another setting's to pass on, and here it is
		}
		if h, _, _, ok := l.handover(); ok && !h.Date.Before(m.Date.AddDays(-365)) {
			return
		}
		if l.afterSchoolDays(m.Date, pupilFileDays) {
			l.find(d, "to_setting", "the learner left for another setting more than 15 school days ago, and the record has not been passed on", "pass it on: sendctl handover "+l.record.ID)
		}
	},
}

// receiptMissing: whoever passed on a record knows that it came.
var receiptMissing = Rule{
	Name: "receipt-missing", ID: "SEN1203", Severity: diag.Warning,
	About:  "The next setting confirms with a receipt that the record arrived, before the copy here is due to go.",
	Source: "Education (Pupil Information) (England) Regulations 2005; good practice, so that no record is lost on the way",
	check: func(l *look) {
		h, d, receipt, ok := l.handover()
		if !ok || receipt {
			return
		}
		late := l.past(h.RemoveBy)
		if h.RemoveBy.IsZero() {
			late = l.afterSchoolDays(h.Date, pupilFileDays)
		}
		if late {
			l.find(d, "date", "the record was passed on, and the other setting has not sent a receipt", "ask them for it, and record it: sendctl receive FILE")
		}
	},
}

// copyKept: only the last setting keeps.
var copyKept = Rule{
	Name: "copy-kept", ID: "SEN1204", Severity: diag.Error,
	About:  "Once a record has reached the next school, the copy here is removed by its date, unless it is on hold.",
	Source: "UK GDPR, article 5(1)(e); Education (Pupil Information) (England) Regulations 2005",
	check: func(l *look) {
		h, d, receipt, ok := l.handover()
		if ok && receipt && l.past(h.RemoveBy) && !l.held() {
			l.find(d, "remove_by", "the record has reached the learner's new setting, and the date for removing the copy here has passed",
				"remove it: sendctl purge "+l.record.ID+"; or say why it is kept: sendctl retention hold "+l.record.ID)
		}
	},
}

// held reports whether a hold keeps the record, whatever its age.
func (l *look) held() bool {
	for _, h := range l.record.Learner.Value.Holds {
		if l.reached(h.From) && (h.Until.IsZero() || !l.reached(h.Until)) {
			return true
		}
	}
	return false
}
