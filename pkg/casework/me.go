package casework

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// MeIn is who acts on one learner: the person of people.yaml with the author's e-mail
// whose id means nobody else in that record. Whoever came along with a record from
// another setting keeps their id in it; a namesake here acts on that learner under
// another id. r may be nil.
func (d *Desk) MeIn(f *folder.Folder, r *folder.Record) (learner.Person, error) {
	if r == nil {
		return d.Me(f)
	}
	return d.meAmong(f, r.ID, r.People.Value.People)
}

// meAmong is MeIn of a learner with these adults of other settings.
func (d *Desk) meAmong(f *folder.Folder, id string, came []learner.Person) (learner.Person, error) {
	me, err := d.Me(f)
	if err != nil || !means(me, came) {
		return me, err
	}
	for _, p := range f.People.Value.People {
		if strings.EqualFold(p.Email, me.Email) && !means(p, came) {
			return p, nil
		}
	}
	free := me.ID
	for n := 2; ; n++ {
		free = me.ID + strconv.Itoa(n)
		_, taken := f.Person(free)
		if !taken && !slices.ContainsFunc(came, func(c learner.Person) bool { return c.ID == free }) {
			break
		}
	}
	return me, state("your id %s means somebody else in the record of %s, who came with it from another setting; act on it under an id of your own:\n  sendctl people add %s --name \"%s\" --role %s --email %s",
		me.ID, id, free, me.Name, me.Role, me.Email)
}

// means reports whether the id of an adult here means somebody else among those who
// came with a record.
func means(p learner.Person, came []learner.Person) bool {
	return slices.ContainsFunc(came, func(c learner.Person) bool { return c.ID == p.ID && !samePerson(p, c) })
}

// samePerson reports whether two entries under one id are one person: the same e-mail
// address, and no key of either that the other lacks. A name may be written in two ways.
func samePerson(a, b learner.Person) bool {
	return a.ID == b.ID && a.Email != "" && strings.EqualFold(a.Email, b.Email) && keysWithin(a.Keys, b.Keys) && keysWithin(b.Keys, a.Keys)
}

// keysWithin reports whether every key of a is one of b too.
func keysWithin(a, b []learner.Key) bool {
	return !slices.ContainsFunc(a, func(k learner.Key) bool {
		return !slices.ContainsFunc(b, func(o learner.Key) bool { return seal.SameKey(o.Public, k.Public) })
	})
}

// me is who acts, among the adults of the act's learner as the act leaves them.
func (a *act) me() (learner.Person, error) {
	if a.learner == "" {
		return a.desk.Me(a.Folder)
	}
	p := "learners/" + a.learner + "/people.yaml"
	if b := a.bytesOf(p); b != nil {
		f, _, err := recordfile.Read[learner.People](p, recordfile.People, b)
		if err != nil {
			return learner.Person{}, err
		}
		return a.desk.meAmong(a.Folder, a.learner, f.Value.People)
	}
	return a.desk.MeIn(a.Folder, a.Record)
}
