package rules

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

// The rules of what is kept of handing a record over, and of letting it go.

// keeping checks that the adults who hold a record are there.
func (r refs) keeping() {
	who := r.record.Learner
	for i, h := range who.Value.Holds {
		r.adult(doc{who.Path, who.Doc}, h.By, "holds[].by", i)
	}
}

// keepingDates are the orders that they must keep.
func (l *look) keepingDates() {
	given := map[string]dayAt{}
	for _, x := range l.record.Handovers {
		given[x.Value.ID] = dayAt{docOf(x), "date", x.Value.Date, "the day of the handover"}
		l.order(docOf(x), "date", x.Value.Date, "remove_by", x.Value.RemoveBy)
	}
	for _, x := range l.record.Receipts {
		l.after(given[x.Value.Handover], docOf(x), "date", x.Value.Date)
	}
	who := l.record.Learner
	for i, h := range who.Value.Holds {
		l.order(doc{who.Path, who.Doc}, "holds[].from", h.From, "holds[].until", h.Until, i)
	}
}

// keepingHappened visits their dates, with the id of the sealed file.
func keepingHappened(r *folder.Record, visit func(d doc, file string, on date.Date, at string, i int)) {
	for _, x := range r.Handovers {
		visit(doc{x.Path, x.Doc}, x.Value.ID, x.Value.Date, "date", 0)
	}
	for _, x := range r.Receipts {
		visit(doc{x.Path, x.Doc}, x.Value.ID, x.Value.Date, "date", 0)
	}
	for _, x := range r.Arrivals {
		visit(doc{x.Path, x.Doc}, x.Value.ID, x.Value.Date, "date", 0)
	}
}
