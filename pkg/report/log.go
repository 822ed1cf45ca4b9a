package report

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Commit is what the history holds of one act: what the log is made from.
type Commit struct {
	ID       string
	Author   string
	Recorded time.Time
	Action   string // Sendctl-Action, "" for a commit made past sendctl
	Date     date.Date
	Stage    string
	Paths    []string // files of the learner it changed, from the folder's root
	// Read gives a file as this commit left it, Before as it was until then. Before
	// is nil where nobody knows.
	Read, Before func(path string) ([]byte, error)
	// Joins says that it brings two histories together.
	Joins bool
	// Undone is the act that this one took back; nil where it is none, or not known.
	Undone *Commit
}

// Event is one act in a sentence, with both clocks.
type Event struct {
	Commit   string    `json:"commit"`
	Action   string    `json:"action"` // "" for a change made past sendctl
	Happened date.Date `json:"happened"`
	Recorded time.Time `json:"recorded"`
	By       string    `json:"recorded_by_name"`    // as git has it
	Late     int       `json:"late_days,omitempty"` // from happened to recorded, where more than a week
	Sentence string    `json:"sentence"`
	More     []string  `json:"more,omitempty"`
	File     string    `json:"file,omitempty"` // id of the file it made or changed
}

// lateAfter is how many days may pass before an entry is called late.
const lateAfter = 7

// EventOf tells one commit of a learner's history. Corrections made since are
// laid over what it says, and both values are shown.
func EventOf(f *folder.Folder, r *folder.Record, c Commit) Event {
	s := speaker{f, r}
	e := Event{Commit: c.ID, Action: c.Action, Happened: c.Date, Recorded: c.Recorded, By: c.Author}
	if !c.Date.IsZero() {
		if n := c.Date.DaysUntil(date.Of(c.Recorded)); n > lateAfter {
			e.Late = n
		}
	}
	if !bears(c) {
		e.Action = ""
		e.Sentence = fmt.Sprintf("Changed with git, past sendctl, under a message that claims the act %s: %s.", c.Action, names(c.Paths))
		return e
	}
	if s.journeyed(&e, c) {
		return e
	}
	switch c.Action {
	case "create":
		e.Sentence = fmt.Sprintf("A record was opened for %s, at the stage %s.", s.name(), s.stage(c.Stage))
		s.created(&e, c)
	case "import":
		e.Sentence = s.imported(c)
	case "plan":
		s.planned(&e, c)
	case "note":
		s.noted(&e, c)
	case "contact":
		s.contacted(&e, c)
	case "review":
		s.reviewed(&e, c)
	case "correct":
		s.corrected(&e, c)
	case "edit":
		e.Sentence = "Edited by hand: " + edited(c) + "."
	case "fix":
		e.Sentence = "The way it is written was put right, and not what it says, by sendctl validate --fix: " + edited(c) + "."
	case "sync":
		e.Sentence = "Two copies of the folder were brought together: " + names(c.Paths) + "."
		if !c.Joins {
			e.Sentence = "Put right what was lost or doubled where two copies of the folder were brought together past sendctl: " + names(c.Paths) + "."
		}
	case "repair":
		e.Sentence = "Recorded once more, since a git commit made in the same moment had taken it out of the history: " + names(c.Paths) + "."
	case "removed":
		e.Sentence = "What was recorded here was removed for good later on. What else this changed: " + names(c.Paths) + "."
	case "purge":
		s.removed(&e, c)
	case "":
		e.Sentence = "Changed with git, past sendctl: " + edited(c) + "."
		if c.Joins {
			e.Sentence = "Two copies of the folder were brought together with git, past sendctl: " + edited(c) + "."
		}
	default:
		e.Sentence = "Recorded: " + c.Action + " (" + names(c.Paths) + ")."
	}
	return e
}

// removed tells of a file of the learner that was taken out of the whole history.
func (s speaker) removed(e *Event, c Commit) {
	e.Sentence = "Something of this record was removed for good."
	for _, f := range s.folder.Removals {
		if f.Doc == nil || !slices.Contains(c.Paths, f.Path) {
			continue
		}
		v := f.Value
		e.File = v.ID
		e.Sentence = fmt.Sprintf("Removed for good, from the whole history: %s, as %s and %s decided.", Plural(max(len(v.Files), 1), "file of this record", "files of this record"), s.person(v.By), s.person(v.With))
		if v.What == "learner" {
			e.Sentence = fmt.Sprintf("Everything recorded until then was removed for good, as %s and %s decided.", s.person(v.By), s.person(v.With))
		}
		e.more("Why: %s", Quoted(string(v.Because)))
	}
}

func names(paths []string) string {
	var out []string
	for _, p := range paths {
		out = append(out, path.Base(p))
	}
	if len(out) == 0 {
		return "nothing of this learner"
	}
	return and(out)
}

// edited names the files of a commit, and of each the parts that changed, without
// a value: "learner.yaml (aspirations, consents)".
func edited(c Commit) string {
	var out []string
	for _, p := range c.Paths {
		name := path.Base(p)
		if parts := changedParts(c, p); len(parts) > 0 {
			name += " (" + strings.Join(parts, ", ") + ")"
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		return names(nil)
	}
	return and(out)
}

// changedParts are the top-level keys of a file that a commit changed, in words;
// none where nobody knows what the file was before.
func changedParts(c Commit, p string) []string {
	root := func(from func(string) ([]byte, error)) *yamldoc.Node {
		if from == nil || path.Ext(p) != ".yaml" {
			return nil
		}
		src, err := from(p)
		if err != nil {
			return nil
		}
		doc, faults := yamldoc.Parse(p, src)
		if doc == nil || len(faults) > 0 || doc.Root().Kind != yamldoc.Map {
			return nil
		}
		return doc.Root()
	}
	was, now := root(c.Before), root(c.Read)
	if was == nil || now == nil {
		return nil
	}
	var out []string
	say := func(key string) {
		if w := partWords(key); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, x := range now.Pairs {
		if old := was.Get(x.Key.Value); old == nil || !yamldoc.Same(old, x.Value) {
			say(x.Key.Value)
		}
	}
	for _, x := range was.Pairs {
		if now.Get(x.Key.Value) == nil {
			say(x.Key.Value)
		}
	}
	return out
}

// partWords says a top-level key of a file in words.
func partWords(key string) string {
	switch key {
	case "sen_provision":
		return "census code"
	case "sen_unit":
		return "SEN unit"
	case "resourced_provision":
		return "resourced provision"
	case "outcomes":
		return "outcomes in the long term"
	case "needs":
		return "areas of need"
	case "cohort":
		return "year group"
	case "year_exceptions":
		return "exceptions to the year group"
	case "from_setting":
		return "setting before"
	}
	return strings.ReplaceAll(key, "_", " ")
}

// cycleIn finds the cycle file that a commit changed, in the record as it is now.
func (s speaker) cycleIn(c Commit) (recordfile.File[learner.Cycle], bool) {
	for _, p := range c.Paths {
		for _, f := range s.record.Cycles {
			if f.Path == p {
				return f, true
			}
		}
	}
	return recordfile.File[learner.Cycle]{}, false
}

func (s speaker) created(e *Event, c Commit) {
	f, ok := s.cycleIn(c)
	if !ok || f.Value.Assess == nil {
		return
	}
	fixed, _ := s.record.Corrected(f)
	e.File = f.Value.ID
	for _, x := range fixed.Assess.Concerns {
		e.More = append(e.More, fmt.Sprintf("The concern, from %s: %s", s.anyone(x.By), Quoted(string(x.Words))))
		break
	}
	s.putRight(e, fixed, func(path string) bool { return !within(path, "plan", "do", "review") })
}

// imported tells what an import took over of this learner, beside others.
func (s speaker) imported(c Commit) string {
	out := "A record was opened for " + s.name() + ", together with others, from a list or a file of the school's own system"
	for _, p := range c.Paths {
		if path.Base(p) != "learner.yaml" || c.Read == nil {
			continue
		}
		src, err := c.Read(p)
		if err != nil {
			continue
		}
		f, _, err := recordfile.Read[learner.Learner](p, recordfile.Learner, src)
		if err != nil || f.Doc == nil {
			continue
		}
		out += ", at the stage " + s.stage(f.Value.Stage)
		if codes := f.Value.SENProvision; len(codes) > 0 {
			out += fmt.Sprintf(", with the census code %s since %s", codes[len(codes)-1].Code, codes[len(codes)-1].From.Long())
		}
	}
	return out + "."
}

// putRight adds a line for every correction of a cycle file whose path is told here.
func (s speaker) putRight(e *Event, c learner.Cycle, tell func(path string) bool) {
	for _, fix := range s.record.CorrectionsOf(c.ID) {
		if tell(fix.Path) {
			e.More = append(e.More, fmt.Sprintf("Put right since: %s: it said %s, and should say %s (%s, %s).",
				strings.TrimPrefix(PathWords(c, fix.Path), "the "), OrNothing(string(fix.Was)), string(fix.Is), s.person(fix.By), fix.Date.Long()))
		}
	}
}

// within reports whether a path lies in one of the parts of a cycle.
func within(path string, parts ...string) bool {
	for _, p := range parts {
		if rest, ok := strings.CutPrefix(path, p); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

func (s speaker) planned(e *Event, c Commit) {
	f, ok := s.cycleIn(c)
	if !ok || f.Value.Plan == nil {
		e.Sentence = "A plan was agreed."
		return
	}
	fixed, _ := s.record.Corrected(f)
	p := fixed.Plan
	e.File = f.Value.ID
	e.Sentence = fmt.Sprintf("A plan was agreed with %s: %s, review by %s.", s.everyone(p.AgreedWith), Plural(len(p.Targets), "target", "targets"), p.ReviewOn.Long())
	for _, t := range p.Targets {
		e.More = append(e.More, s.name()+" "+Sentence(string(t.Outcome)))
	}
	s.putRight(e, fixed, func(path string) bool { return within(path, "plan") })
}

func (s speaker) noted(e *Event, c Commit) {
	e.Sentence = "A note was added."
	for _, p := range c.Paths {
		if k, _ := recordfile.KindAt(p); k != recordfile.Cycle {
			continue
		}
		src, err := c.Read(p)
		if err != nil {
			continue
		}
		then, _, err := recordfile.Read[learner.Cycle](p, recordfile.Cycle, src)
		if err != nil || len(then.Value.Do) == 0 {
			continue
		}
		n := s.note(then.Value, then.Value.Do[len(then.Value.Do)-1])
		e.File = then.Value.ID
		e.Sentence = fmt.Sprintf("A note by %s: %s", n.ByName, Quoted(n.Words))
		if n.Facts != "" {
			e.More = append(e.More, Sentence(n.Facts))
		}
		// What is told is what the note said then.
		this := fmt.Sprintf("do[%d]", len(then.Value.Do)-1)
		s.putRight(e, then.Value, func(path string) bool { return within(path, this) })
	}
}

func (s speaker) contacted(e *Event, c Commit) {
	e.Sentence = "A contact was logged."
	for _, p := range c.Paths {
		if k, _ := recordfile.KindAt(p); k != recordfile.Contacts {
			continue
		}
		src, err := c.Read(p)
		if err != nil {
			continue
		}
		then, _, err := recordfile.Read[learner.Contacts](p, recordfile.Contacts, src)
		if err != nil || len(then.Value.Contacts) == 0 {
			continue
		}
		x := s.contact(then.Value.Contacts[len(then.Value.Contacts)-1])
		e.File = x.ID
		about := ""
		if w := x.Subject(); w != "" {
			about = ", about " + w
		}
		e.Sentence = fmt.Sprintf("%s%s: %s with %s.", Capital(x.HowWords), about, x.ByName, x.WithWords)
		e.More = append(e.More, x.Lines()...)
	}
}

func (s speaker) reviewed(e *Event, c Commit) {
	f, ok := s.cycleIn(c)
	if !ok || f.Value.Review == nil {
		e.Sentence = "A review was recorded."
		return
	}
	v := CycleOf(s.folder, s.record, f)
	e.File = v.ID
	e.Sentence = fmt.Sprintf("The plan of %s was reviewed: progress %s; %s.", v.Planned.Long(), v.Review.ProgressWords, v.Review.DecisionWords)
	for _, t := range v.Targets {
		e.More = append(e.More, TargetSentence(s.name(), t))
	}
	s.putRight(e, f.Value, func(string) bool { return true })
}

func (s speaker) corrected(e *Event, c Commit) {
	e.Sentence = "A correction was recorded."
	for _, fix := range s.record.Corrections {
		for _, p := range c.Paths {
			if fix.Path != p {
				continue
			}
			v := fix.Value
			e.File = v.ID
			in := learner.Cycle{}
			for _, f := range s.record.Cycles {
				if f.Value.ID == v.Corrects {
					in = f.Value
				}
			}
			what := v.Corrects
			if w := s.paperWords(what); w != what {
				what = w + ", " + what
			}
			where := strings.TrimPrefix(PathWords(in, v.Path), "the ")
			e.Sentence = fmt.Sprintf("Put right in %s (%s): it says %s, and should say %s: %s", what, where, OrNothing(string(v.Was)), string(v.Is), Quoted(string(v.Because)))
		}
	}
}

// TargetSentence says what became of a target: "Jude will read …: 19 of 30, less
// than expected (aimed at 24). Next: carry on, done differently."
func TargetSentence(name string, t Target) string {
	s := name + " " + strings.TrimSuffix(t.Outcome, ".") + ": "
	of := ""
	if t.Of != "" {
		of = " of " + t.Of
	}
	switch {
	case t.NotMeasured != "":
		s += "not measured (" + Quoted(t.NotMeasured) + ")"
	case t.Now == "":
		s += "begins at " + t.Figure(t.Baseline) + of + ", aims at " + t.Figure(t.Target)
		return Sentence(s)
	case t.Baseline == t.Now:
		s += "still at " + t.Figure(t.Now) + of + " (aim " + t.Target + ")"
	default:
		s += "from " + t.Figure(t.Baseline) + " to " + t.Figure(t.Now) + of + " (aim " + t.Target + ")"
	}
	if t.NotMeasured == "" {
		if t.Was != "" {
			s += " [put right; it said " + t.Was + "]"
		}
		if t.ScoreWords != "" {
			s += ", " + t.ScoreWords
		}
	}
	if t.NextWords != "" {
		s += ". Next: " + t.NextWords
	}
	return Sentence(s)
}
