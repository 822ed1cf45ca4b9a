package folder

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Holder is an adult of people.yaml with one of their keys.
type Holder struct {
	Person learner.Person
	Key    learner.Key
	Index  int // the key's place in people.yaml, from 0
}

// Holders lists the keys of people.yaml that count on a day; all of them where the
// day is zero.
func (f *Folder) Holders(day date.Date) []Holder {
	var out []Holder
	for _, p := range f.People.Value.People {
		for i, k := range p.Keys {
			if day.IsZero() || k.CountsOn(day) {
				out = append(out, Holder{Person: p, Key: k, Index: i})
			}
		}
	}
	return out
}

// Recorded reports whether a key record of the folder says that the key is the
// person's. It does not judge the record.
func (f *Folder) Recorded(person, public string) bool {
	for _, k := range f.Keys {
		if k.Doc != nil && k.Value.What == "add" && k.Value.Person == person && seal.SameKey(k.Value.Public, public) {
			return true
		}
	}
	return false
}

// Revoked gives the day on which a key record ended a key for good. It does not judge
// the record.
func (f *Folder) Revoked(public string) (on date.Date, ok bool) {
	for _, k := range f.Keys {
		if k.Doc != nil && k.Value.What == "revoke" && seal.SameKey(k.Value.Public, public) && (!ok || k.Value.Date.Before(on)) {
			on, ok = k.Value.Date, true
		}
	}
	return on, ok
}
