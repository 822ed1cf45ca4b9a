package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

func needTypes(c Case) []form.Option {
	list, err := recordfile.CodeList("sen-type")
	if err != nil {
		return nil
	}
	var out []form.Option
	for _, t := range list.On(c.Today) {
		out = append(out, form.Option{Value: t.Code, Words: string(t.Words)})
	}
	return out
}

// Create makes a new learner's folder of what was answered: the front sheet,
// where the learner is, and, with a first concern, an open cycle that holds it.
func (d *Desk) Create(ctx context.Context, c Case, n Newcomer) (Done, error) {
	id, err := d.newLearnerID(c)
	if err != nil {
		return Done{}, err
	}
	return d.do(ctx, "create", id, func(a *act) error {
		if a.Record != nil {
			return fmt.Errorf("the id %s is taken", id)
		}
		a.date, a.stage = c.Today, n.Stage
		dir := path.Join("learners", id)
		who, is := n.files(id)
		if n.Concern == nil || n.Concern.Words == "" {
			is.KeptSince = newSince(is.Joined, c.Today)
		}
		if err := a.make(path.Join(dir, "identity.yaml"), recordfile.Identity, who); err != nil {
			return err
		}
		if err := a.make(path.Join(dir, "learner.yaml"), recordfile.Learner, is); err != nil {
			return err
		}
		if n.Concern == nil || n.Concern.Words == "" {
			return nil
		}
		cycle, err := d.concernCycle(c, n, id)
		if err != nil {
			return err
		}
		a.date = cycle.Opened
		return a.make(cyclePath(cycle), recordfile.Cycle, cycle)
	})
}

func (d *Desk) newLearnerID(c Case) (string, error) {
	for range 100 {
		id, err := ids.NewLearner(d.Random)
		if err != nil {
			return "", err
		}
		if _, err := fs.Stat(c.Folder.FS(), path.Join("learners", id)); errors.Is(err, fs.ErrNotExist) {
			return id, nil
		}
	}
	return "", errors.New("no free learner id was found")
}

// newFileID draws an id that no file of the record bears.
func (d *Desk) newFileID(taken map[string]bool) (string, error) {
	for range 1000 {
		id, err := ids.NewFile(d.Random)
		if err != nil || !taken[id] {
			return id, err
		}
	}
	return "", errors.New("no free file id was found")
}

// taken are the ids in use in the act's record, by the names of its files and
// seals, so that a file which cannot be read keeps its id too; and those of contacts.
func (a *act) taken() map[string]bool {
	out := map[string]bool{}
	for _, p := range a.Record.Files {
		name := strings.TrimSuffix(path.Base(p), path.Ext(p))
		if path.Ext(p) == seal.Extension { // an agreed version bears its id in its seal alone
			name, _, _ = strings.Cut(name, "-")
		}
		out[name[strings.LastIndexByte(name, '-')+1:]] = true
	}
	for _, e := range a.Record.Contacts.Value.Contacts {
		out[e.ID] = true
	}
	if a.Folder == nil { // what may be cited is asked of the record alone
		return out
	}
	for _, r := range a.Folder.Removals { // what was removed is still named by what stayed
		for _, id := range r.Value.Files {
			out[id] = true
		}
	}
	return out
}

// newSince is the day from which a record is kept that says nothing but who somebody is
// who joined before: the record holds no other sign of how young it is.
func newSince(joined, today date.Date) date.Date {
	if !joined.Before(today) {
		return date.Date{}
	}
	return today
}

func (n Newcomer) files(id string) (learner.Identity, learner.Learner) {
	given := n.Given
	if given == "" {
		given = n.Name
	}
	who := learner.Identity{
		Format: recordfile.Identity.Format(), Learner: id, Name: n.Name,
		LegalName: learner.LegalName{Given: given, Family: n.FamilyName},
		Born:      n.Born, Sex: n.Sex, Ethnicity: n.Ethnicity, UPN: n.UPN, FormerUPN: n.FormerUPN, ULN: n.ULN,
	}
	is := learner.Learner{
		Format: recordfile.Learner.Format(), Learner: id, Stage: n.Stage, Joined: n.Joined, FromSetting: n.FromSetting,
		Cohort: fmt.Sprint(n.Born.Reception()),
		Team:   learner.Team{ResponsibleTeacher: n.Teacher, SENCo: n.SENCo},
		Needs:  n.Needs, SENUnit: n.SENUnit, Resourced: n.Resourced, TopUp: n.TopUp,
	}
	if n.Status != "" {
		is.Enrolment = []learner.Enrolment{{From: n.Joined, Status: n.Status}}
	}
	if len(n.Codes) > 0 {
		is.SENProvision = n.Codes
	} else if n.SEN == "" {
		is.SENProvision = []learner.ProvisionCode{{From: n.Joined, Code: "N"}}
	} else {
		is.SENProvision = []learner.ProvisionCode{{From: n.Since, Code: n.SEN}}
		if n.Since.After(n.Joined) {
			is.SENProvision = append([]learner.ProvisionCode{{From: n.Joined, Code: "N"}}, is.SENProvision...)
		}
	}
	if n.MainNeed != "" && len(n.Needs) == 0 {
		is.Needs = []learner.Need{{Rank: "1", Type: n.MainNeed, From: n.Since}}
	}
	for _, f := range n.Family {
		is.Family = append(is.Family, learner.FamilyMember{ID: f.ID, Relation: f.Relation, ParentalResponsibility: f.ParentalResponsibility, Documents: f.Documents, Language: f.Language})
		who.Family = append(who.Family, learner.Contact{ID: f.ID, Name: f.Name, Contact: learner.ContactDetails{Phone: f.Phone, Email: f.Email, Best: f.Best}})
	}
	return who, is
}

func (d *Desk) concernCycle(c Case, n Newcomer, id string) (learner.Cycle, error) {
	file, err := d.newFileID(nil)
	if err != nil {
		return learner.Cycle{}, err
	}
	raised := n.Raised
	if raised.IsZero() {
		raised = c.Today
	}
	return learner.Cycle{
		Format: recordfile.Cycle.Format(), Learner: id, ID: file, Opened: raised, Stage: n.Stage,
		Pathway: c.Folder.Pathway.Value.Ref(), ResponsibleTeacher: n.Teacher,
		Assess: &learner.Assess{Date: raised, Noticed: n.Noticed, Strengths: n.Strengths, Concerns: []learner.Concern{*n.Concern}},
	}, nil
}

func cyclePath(c learner.Cycle) string {
	return path.Join("learners", c.Learner, "cycles", c.Opened.String()+"-"+c.Stage+"-"+c.ID+".yaml")
}
