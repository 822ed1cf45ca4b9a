package casework

import (
	"cmp"
	"context"
	"path"
	"reflect"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Advance records a move: its file, sealed with the gate as it stood; the stage,
// the census code and the needs in learner.yaml; and the entry of the contact log
// by which the family was told. shown is the gate table that the person saw:
// where the record changed in the meantime so that it would read otherwise, the
// act is refused (a *StateError), since what was shown is what is sealed.
func (d *Desk) Advance(ctx context.Context, p *Advancing, s Step, shown []gate.Line) (Done, error) {
	return d.do(ctx, "advance", p.ID(), func(a *act) error {
		if a.Record == nil {
			return &folder.NoLearnerError{Typed: p.ID()}
		}
		now := *p
		now.Folder, now.Record = a.Folder, a.Record
		if err := now.whole(); err != nil {
			return err
		}
		if a.Record.Learner.Value.Stage != p.From {
			return state("%s was moved by someone else in the meantime: sendctl show %s", p.ID(), p.ID())
		}
		if to, ok := a.Folder.Pathway.Value.Stage(p.To.ID); !ok || !reflect.DeepEqual(gate.Of(&a.Folder.Pathway.Value, p.From, to.ID), p.Gate) || !same(now.Table(s), shown) {
			return state("the record changed in the meantime, and what the pathway looks for reads otherwise now; look again with: sendctl advance %s --to %s --check", p.ID(), p.To.ID)
		}
		if err := now.fits(s); err != nil {
			return err
		}
		if len(gate.Unmet(shown)) > 0 && s.Because == "" {
			return state("this move wants a reason, and none was given")
		}
		return now.write(a, s)
	})
}

// same reports whether two tables say the same of each check.
func same(a, b []gate.Line) bool {
	return slices.EqualFunc(a, b, func(x, y gate.Line) bool {
		return x.State == y.State && x.Found == y.Found && reflect.DeepEqual(gate.Checks([]gate.Line{x}), gate.Checks([]gate.Line{y}))
	})
}

// write puts the files of a move into the act.
func (p *Advancing) write(a *act, s Step) error {
	id, err := a.desk.newFileID(a.taken())
	if err != nil {
		return err
	}
	m := p.move(s, id)
	telling := ""
	if s.Telling != nil {
		e := *s.Telling
		e.Cites = append(slices.Clone(e.Cites), id)
		for telling == "" || telling == id { // the log does not know the move's id yet
			if telling, err = a.log(e); err != nil {
				return err
			}
		}
		m.Told = append(m.Told, telling)
	}
	m.Gate = sealable(gate.Checks(p.table(s, id, telling)))
	a.date, a.stage = m.Date, m.To
	at := path.Join(a.Record.Dir, "moves", m.Date.String()+"-"+m.To+"-"+m.ID+".yaml")
	if err := a.make(at, recordfile.Move, m); err != nil {
		return err
	}
	next, err := a.Record.Learner.Edited(recordfile.Learner, p.edits(s)...)
	if err != nil {
		return err
	}
	if err := a.write(a.Record.Learner.Path, next.Doc.Bytes()); err != nil {
		return err
	}
	a.seal(m.ID, at, "advance", m.Date)
	return nil
}

// sealable makes the lines of a gate fit for a file: a check that the pathway
// names and does not describe is no duty, and nothing is cited twice.
func sealable(lines []learner.GateCheck) []learner.GateCheck {
	for i := range lines {
		if lines[i].Kind == "" {
			lines[i].Kind = "evidence"
		}
		var cites []string
		for _, id := range lines[i].Cites {
			if id != "" && !slices.Contains(cites, id) {
				cites = append(cites, id)
			}
		}
		lines[i].Cites = cites
	}
	return lines
}

// edits are what the move changes in learner.yaml; every other line of it stays.
func (p *Advancing) edits(s Step) []yamldoc.Edit {
	is := p.Record.Learner.Value
	edits := []yamldoc.Edit{yamldoc.Set(yamldoc.Path{}.Key("stage"), recordfile.Value(p.To.ID))}
	before := p.code(s.Date)
	if s.SENProvision != before {
		edits = append(edits, yamldoc.AppendAfter(yamldoc.Path{}.Key("sen_provision"), onOneLine("from", s.Date, "code", s.SENProvision), recordfile.Before(is, "sen_provision")...))
	}
	switch {
	case s.SENProvision == "N" && before != "N":
		edits = append(edits, ended(is.Needs, s.Date)...)
	case s.MainNeed != "":
		edits = append(edits, ranked(is, s)...)
	}
	return edits
}

// onOneLine is a group of codes and dates as the lists of learner.yaml are laid
// out: keys and values in turn.
func onOneLine(pairs ...any) yamldoc.Value {
	var out []yamldoc.KV
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, yamldoc.KV{Key: pairs[i].(string), Value: recordfile.Value(pairs[i+1])})
	}
	return yamldoc.FlowMap(out...)
}

func need(i int, key string) yamldoc.Path { return yamldoc.Path{}.Key("needs").Index(i).Key(key) }

// ended gives every need that holds its last day.
func ended(needs []learner.Need, day date.Date) []yamldoc.Edit {
	var edits []yamldoc.Edit
	for i, n := range needs {
		if !holds(n, day) {
			continue
		}
		last := day
		if n.From.After(last) {
			last = n.From
		}
		edits = append(edits, yamldoc.SetAfter(need(i, "until"), recordfile.Value(last), recordfile.Before(n, "until")...))
	}
	return edits
}

// ranked makes the step's main need the first, and counts the others on from
// there: first those that hold, in their order, then those that have ended.
func ranked(is learner.Learner, s Step) []yamldoc.Edit {
	main := slices.IndexFunc(is.Needs, func(n learner.Need) bool { return n.Type == s.MainNeed && holds(n, s.Date) })
	if main >= 0 && is.Needs[main].Rank == "1" {
		return nil
	}
	order := make([]int, len(is.Needs))
	for i := range order {
		order[i] = i
	}
	place := func(i int) int {
		switch {
		case i == main:
			return 0
		case holds(is.Needs[i], s.Date):
			return 1
		}
		return 2
	}
	rank := func(i int) int { n, _ := is.Needs[i].Rank.Int(); return n }
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Or(place(i)-place(j), rank(i)-rank(j)) })
	first := 1
	if main < 0 {
		first = 2
	}
	var edits []yamldoc.Edit
	for k, i := range order {
		if r := learner.Count(first + k); r != is.Needs[i].Rank {
			edits = append(edits, yamldoc.Set(need(i, "rank"), recordfile.Value(r)))
		}
	}
	if main < 0 {
		n := onOneLine("rank", learner.Number("1"), "type", s.MainNeed, "from", s.Date)
		if s.NeedWords != "" {
			n = recordfile.Value(learner.Need{Rank: "1", Type: s.MainNeed, From: s.Date, Words: s.NeedWords})
		}
		edits = append(edits, yamldoc.AppendAfter(yamldoc.Path{}.Key("needs"), n, recordfile.Before(is, "needs")...))
	}
	return edits
}
