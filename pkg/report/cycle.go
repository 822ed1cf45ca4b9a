package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Cycle is one assess-plan-do-review cycle as people read it, corrections laid over it.
type Cycle struct {
	ID              string       `json:"id"`
	Path            string       `json:"path"`
	Stage           string       `json:"stage"`
	StageWords      string       `json:"stage_words"`
	Opened          date.Date    `json:"opened"`
	Planned         date.Date    `json:"planned"`
	ReviewOn        date.Date    `json:"review_on"`
	Reviewed        date.Date    `json:"reviewed"`
	Teacher         string       `json:"responsible_teacher"`
	TeacherName     string       `json:"responsible_teacher_name"`
	Strengths       []string     `json:"strengths,omitempty"`
	Concerns        []Said       `json:"concerns,omitempty"`
	Evidence        []Evidence   `json:"evidence,omitempty"`
	Looked          []string     `json:"other_explanations_words,omitempty"`
	History         []string     `json:"history,omitempty"`
	Universal       []string     `json:"universal,omitempty"`
	Targets         []Target     `json:"targets,omitempty"`
	Support         []Support    `json:"support,omitempty"`
	Home            []Said       `json:"home,omitempty"`
	Notes           []Note       `json:"notes,omitempty"`
	Voices          []Said       `json:"voices,omitempty"`
	AgreedWith      []string     `json:"agreed_with,omitempty"` // ids
	AgreedWithWords string       `json:"agreed_with_words,omitempty"`
	Review          *Review      `json:"review,omitempty"`
	Corrected       []Correction `json:"corrected,omitempty"`
}

// Said is someone's words.
type Said struct {
	Who     string    `json:"who"` // learner, or the id of a relative or adult
	WhoName string    `json:"who_name"`
	Words   string    `json:"words"`
	How     string    `json:"how,omitempty"`
	Date    date.Date `json:"date"`
	None    string    `json:"not_sought,omitempty"` // why there are no words
}

// Evidence is one finding, as it is recorded and in a line.
type Evidence struct {
	Date  date.Date `json:"date"`
	What  string    `json:"what"`
	Value string    `json:"value,omitempty"`
	Of    string    `json:"of,omitempty"`
	Unit  string    `json:"unit,omitempty"`
	Line  string    `json:"line_words"` // all that is known of it
}

// Target is one target and, after the review, what became of it.
type Target struct {
	ID          string `json:"id"`
	Outcome     string `json:"outcome"`
	Measure     string `json:"measure,omitempty"`
	Baseline    string `json:"baseline,omitempty"`
	Target      string `json:"target,omitempty"`
	Of          string `json:"of,omitempty"`
	Unit        string `json:"unit,omitempty"`
	Now         string `json:"now,omitempty"` // the latest figure: the review's, else a note's
	Was         string `json:"was,omitempty"` // what the sealed file says, where Now was put right
	Score       string `json:"score,omitempty"`
	ScoreWords  string `json:"score_words,omitempty"`
	Next        string `json:"next,omitempty"`
	NextWords   string `json:"next_words,omitempty"`
	NotMeasured string `json:"not_measured,omitempty"`
	Because     string `json:"because,omitempty"`
}

// Support is one provision: what was planned, given and attended.
type Support struct {
	ID          string `json:"id"`
	What        string `json:"what"`
	By          string `json:"by,omitempty"`
	ByName      string `json:"by_name,omitempty"`
	How         string `json:"how_words,omitempty"` // "5 times a week, 10 minutes, 1:1"
	Planned     string `json:"planned,omitempty"`
	Delivered   string `json:"delivered,omitempty"`
	Attended    string `json:"attended,omitempty"`
	Impact      string `json:"impact,omitempty"`
	ImpactWords string `json:"impact_words,omitempty"`
	Words       string `json:"words,omitempty"`
}

// Note is one dated note.
type Note struct {
	Date   date.Date `json:"date"`
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	Words  string    `json:"words"`
	Facts  string    `json:"facts_words,omitempty"` // "precision teaching: 10 given, 9 attended"
}

// Review is the review of a cycle.
type Review struct {
	Date           date.Date `json:"date"`
	Annual         *bool     `json:"annual,omitempty"`  // whether it was the annual review of an EHC plan; nil where nobody said
	Present        []string  `json:"present,omitempty"` // ids
	PresentWords   string    `json:"present_words"`
	RecordedBy     string    `json:"recorded_by"`
	RecordedByName string    `json:"recorded_by_name"`
	Observations   []string  `json:"observations,omitempty"`
	Voices         []Said    `json:"voices,omitempty"`
	Progress       string    `json:"progress"`
	ProgressWords  string    `json:"progress_words"`
	Decision       string    `json:"decision"`
	DecisionWords  string    `json:"decision_words"`
	Because        string    `json:"because,omitempty"`
	Changes        []string  `json:"changes,omitempty"`
}

// Correction is one value put right; both values are kept.
type Correction struct {
	ID      string    `json:"id"`
	Date    date.Date `json:"date"`
	Path    string    `json:"path"`
	Where   string    `json:"path_words"`
	Was     string    `json:"was"`
	Is      string    `json:"is"`
	Because string    `json:"because"`
	By      string    `json:"by"`
	ByName  string    `json:"by_name"`
}

// CycleOf makes the view of one cycle file, with what its corrections put right.
func CycleOf(f *folder.Folder, r *folder.Record, file recordfile.File[learner.Cycle]) Cycle {
	fixed, _ := r.Corrected(file)
	return View(f, r, file.Path, fixed)
}

// View makes the view of a cycle, be it recorded or about to be.
func View(f *folder.Folder, r *folder.Record, path string, c learner.Cycle) Cycle {
	s := speaker{f, r}
	v := Cycle{ID: c.ID, Path: path, Stage: c.Stage, StageWords: s.stage(c.Stage), Opened: c.Opened,
		Teacher: c.ResponsibleTeacher, TeacherName: s.person(c.ResponsibleTeacher)}
	for _, fix := range r.CorrectionsOf(c.ID) {
		v.Corrected = append(v.Corrected, s.correction(c, fix))
	}
	if a := c.Assess; a != nil {
		s.assess(&v, a)
	}
	if c.Plan != nil {
		s.plan(&v, c)
	}
	for _, n := range c.Do {
		v.Notes = append(v.Notes, s.note(c, n))
	}
	if c.Review != nil {
		s.review(&v, c)
	}
	return v
}

func (s speaker) assess(v *Cycle, a *learner.Assess) {
	v.Strengths = texts(a.Strengths)
	v.History = texts(a.History)
	for _, c := range a.Concerns {
		v.Concerns = append(v.Concerns, Said{Who: c.By, WhoName: s.anyone(c.By), Words: string(c.Words), Date: a.Date})
	}
	for _, e := range a.Evidence {
		line := string(e.What)
		if e.Value != "" {
			line += ": " + amount(e.Value, e.Of, "")
			if e.Unit != "" {
				line += " (" + string(e.Unit) + ")"
			}
		}
		if e.Peers != "" {
			line += ", others of that age " + string(e.Peers)
		}
		if e.AgeEquivalent != "" {
			line += ", as at " + e.AgeEquivalent
		}
		if e.Words != "" {
			line += "; " + string(e.Words)
		}
		v.Evidence = append(v.Evidence, Evidence{Date: e.Date, What: string(e.What), Value: string(e.Value), Of: string(e.Of), Unit: string(e.Unit), Line: line})
	}
	var not []string
	for _, o := range a.OtherExplanations {
		what := s.words("explanations", o.Cause)
		switch {
		case o.Applies:
			what += ": yes"
		case o.Words == "":
			not = append(not, what)
			continue
		default:
			what += ": no"
		}
		if o.Words != "" {
			what += " (" + string(o.Words) + ")"
		}
		v.Looked = append(v.Looked, what)
	}
	if len(not) > 0 {
		v.Looked = append(v.Looked, "looked at, and not the reason: "+strings.Join(not, "; "))
	}
	v.Voices = s.voices(a.LearnerSays, a.ParentsSay)
}

func (s speaker) voices(own []learner.LearnerVoice, family []learner.ParentVoice) []Said {
	var out []Said
	for _, x := range own {
		out = append(out, Said{Who: "learner", WhoName: s.name(), Words: string(x.Words), How: string(x.How), Date: x.Date, None: string(x.NotSought)})
	}
	for _, x := range family {
		out = append(out, Said{Who: x.Who, WhoName: s.relative(x.Who), Words: string(x.Words), Date: x.Date, None: string(x.NotSought)})
	}
	return out
}

func (s speaker) plan(v *Cycle, c learner.Cycle) {
	p := c.Plan
	v.Planned, v.ReviewOn, v.Universal = p.Date, p.ReviewOn, texts(p.Universal)
	v.AgreedWith, v.AgreedWithWords = p.AgreedWith, s.everyone(p.AgreedWith)
	for _, h := range p.Home {
		v.Home = append(v.Home, Said{Who: h.Who, WhoName: s.relative(h.Who), Words: string(h.Words), Date: p.Date})
	}
	for _, t := range p.Targets {
		v.Targets = append(v.Targets, s.target(*v, c, t))
	}
	for _, x := range p.Provision {
		v.Support = append(v.Support, s.support(c, x))
	}
}

func (s speaker) target(v Cycle, c learner.Cycle, t learner.Target) Target {
	out := Target{ID: t.ID, Outcome: string(t.Outcome)}
	if m := t.Measure; m != nil {
		out.Measure, out.Baseline, out.Target, out.Of, out.Unit = string(m.What), string(m.Baseline), string(m.Target), string(m.Of), string(m.Unit)
	}
	for _, n := range c.Do {
		if n.Target == t.ID && n.Value != "" {
			out.Now = string(n.Value)
		}
	}
	if c.Review == nil {
		return out
	}
	for i, r := range c.Review.Targets {
		if r.Target != t.ID {
			continue
		}
		out.Now, out.NotMeasured, out.Because = string(r.Result), string(r.NotMeasured), string(r.Because)
		out.Score, out.ScoreWords = string(r.Score), s.words("scores", string(r.Score))
		out.Next, out.NextWords = r.Next, s.words("next", r.Next)
		for _, fix := range v.Corrected {
			if fix.Path == fmt.Sprintf("review.targets[%d].result", i) && out.Was == "" {
				out.Was = fix.Was
			}
		}
	}
	return out
}

// Figure is a figure of the target in words: of a goal's own scale, which has steps
// below nothing, "level -1".
func (t Target) Figure(n string) string {
	below := slices.ContainsFunc([]string{t.Baseline, t.Target, t.Now}, func(x string) bool { return strings.HasPrefix(x, "-") })
	if n == "" || !below {
		return n
	}
	return "level " + n
}

// schedule says how often, how long and in what group: "5 times a week, 10 minutes,
// 1:1". What is given by the hour or bought has hours or pounds a year.
func schedule(p learner.Provision) string {
	var parts []string
	if x := p.Sessions; x != nil {
		if n, ok := x.PerWeek.Int(); ok {
			parts = append(parts, often(n)+" a week")
		} else if x.PerWeek != "" {
			parts = append(parts, string(x.PerWeek)+" times a week")
		}
		if x.Minutes != "" {
			parts = append(parts, string(x.Minutes)+" minutes")
		}
		if x.Weeks != "" {
			parts = append(parts, "for "+string(x.Weeks)+" weeks")
		}
	}
	if p.HoursAYear != "" {
		parts = append(parts, amount(p.HoursAYear, "", "hours a year"))
	}
	if p.Ratio != "" {
		parts = append(parts, p.Ratio)
	}
	if p.AnnualCost != "" {
		parts = append(parts, Pounds(p.AnnualCost)+" a year")
	}
	return strings.Join(parts, ", ")
}

// often says how many times.
func often(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func (s speaker) support(c learner.Cycle, p learner.Provision) Support {
	out := Support{ID: p.ID, What: string(p.What), By: p.By, ByName: s.person(p.By), How: schedule(p)}
	if n, ok := p.Sessions.Total(); ok {
		out.Planned = fmt.Sprint(n)
	}
	delivered := 0
	for _, n := range c.Do {
		if n.Provision == p.ID {
			d, _ := n.Delivered.Int()
			delivered += d
		}
	}
	if delivered > 0 {
		out.Delivered = fmt.Sprint(delivered)
	}
	if c.Review == nil {
		return out
	}
	for _, r := range c.Review.Provision {
		if r.Provision == p.ID {
			out.Delivered, out.Attended = string(r.Delivered), string(r.Attended)
			out.Impact, out.ImpactWords, out.Words = r.Impact, s.words("impact", r.Impact), string(r.Words)
		}
	}
	return out
}

func (s speaker) note(c learner.Cycle, n learner.Note) Note {
	out := Note{Date: n.Date, By: n.By, ByName: s.person(n.By), Words: string(n.Words)}
	var facts []string
	if n.Delivered != "" {
		facts = append(facts, string(n.Delivered)+" given")
	}
	if n.Attended != "" {
		facts = append(facts, string(n.Attended)+" attended")
	}
	if n.Value != "" {
		facts = append(facts, "target "+strings.TrimPrefix(n.Target, "t")+" now "+string(n.Value))
	}
	out.Facts = strings.Join(facts, ", ")
	if c.Plan == nil {
		return out
	}
	for _, p := range c.Plan.Provision {
		if p.ID == n.Provision {
			out.Facts = strings.TrimSuffix(string(p.What)+": "+out.Facts, ": ")
		}
	}
	return out
}

func (s speaker) review(v *Cycle, c learner.Cycle) {
	r := c.Review
	v.Reviewed = r.Date
	v.Review = &Review{
		Date: r.Date, Annual: r.Annual, Present: r.Present, PresentWords: s.everyone(r.Present), RecordedBy: r.RecordedBy, RecordedByName: s.person(r.RecordedBy),
		Observations: texts(r.Observations), Voices: s.voices(r.LearnerSays, r.ParentsSay), Progress: r.Progress, ProgressWords: s.words("progress", r.Progress),
		Decision: r.Decision, DecisionWords: s.words("decisions", r.Decision), Because: string(r.Because), Changes: texts(r.Changes),
	}
}

func (s speaker) correction(c learner.Cycle, fix learner.Correction) Correction {
	return Correction{ID: fix.ID, Date: fix.Date, Path: fix.Path, Where: PathWords(c, fix.Path), Was: string(fix.Was), Is: string(fix.Is),
		Because: string(fix.Because), By: fix.By, ByName: s.person(fix.By)}
}

// PathWords says a path of a cycle in words: "the review, target 1, result".
func PathWords(c learner.Cycle, path string) string {
	parts := strings.Split(path, ".")
	var out []string
	for i, p := range parts {
		key, index, list := strings.Cut(strings.TrimSuffix(p, "]"), "[")
		words := strings.ReplaceAll(key, "_", " ")
		switch {
		case i == 0 && !list:
			out = append(out, "the "+words)
		case list:
			n := 0
			if _, err := fmt.Sscan(index, &n); err == nil {
				out = append(out, fmt.Sprintf("%s %d", singular(words), n+1))
			}
		default:
			out = append(out, words)
		}
	}
	return strings.Join(out, ", ")
}

func singular(words string) string {
	switch words {
	case "do":
		return "note"
	case "learner says", "parents say", "readiness", "basis", "told":
		return words
	case "outcomes sought":
		return "outcome sought"
	case "evidence":
		return "piece of evidence"
	}
	return strings.TrimSuffix(words, "s")
}

func texts(ws []learner.Words) []string {
	var out []string
	for _, w := range ws {
		out = append(out, string(w))
	}
	return out
}
