package gate

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Life is one request with everything that followed on it, oldest first.
type Life struct {
	Request   recordfile.File[learner.Request]
	Kind      pathway.Request // its kind, as the pathway has it
	Letters   []recordfile.File[learner.Letter]
	Decisions []recordfile.File[learner.Decision]
	Impacts   []recordfile.File[learner.Impact]
}

// Lives are a learner's requests, oldest first.
func Lives(f *folder.Folder, r *folder.Record) []Life {
	var out []Life
	for _, q := range r.Requests {
		l := Life{Request: q}
		l.Kind, _ = f.Pathway.Value.Request(q.Value.Kind)
		for _, x := range r.Letters {
			if x.Value.Request == q.Value.ID {
				l.Letters = append(l.Letters, x)
			}
		}
		for _, x := range r.Decisions {
			if x.Value.Request == q.Value.ID {
				l.Decisions = append(l.Decisions, x)
			}
		}
		for _, x := range r.Impacts {
			if x.Value.Request == q.Value.ID {
				l.Impacts = append(l.Impacts, x)
			}
		}
		out = append(out, l)
	}
	return out
}

// Sent reports whether the request has been sent.
func (l Life) Sent() bool { return !l.Request.Value.Sent.IsZero() }

// Result is the code of the latest decision, "" while there is none.
func (l Life) Result() string {
	if n := len(l.Decisions); n > 0 {
		return l.Decisions[n-1].Value.Result
	}
	return ""
}

// Grant is what was granted, or nil.
func (l Life) Grant() *learner.Grant {
	for _, d := range l.Decisions {
		if d.Value.Grants != nil {
			return d.Value.Grants
		}
	}
	return nil
}

// Limit is one time limit of a request.
type Limit struct {
	Clock pathway.Clock
	Event string    // what it is counted from
	From  date.Date // the day of that
	// Assumed says that From is the day of sending, since the first of the events
	// that the clock names is not known yet.
	Assumed bool
	Due     date.Date
	Met     date.Date // the day it ended; zero while it runs
}
