package cli

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/linter"
	"github.com/sendctl/sendctl/pkg/trail"
)

func newCensusCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "census", Short: "the school census: check it, make it, compare it",
		Long: `What a record folder gives to the school census: the special educational needs
of everyone on roll on a census day. preflight says what the Department for
Education would refuse or query. export makes the SEN block, for any day and as
it was recorded at any moment. diff compares two days, or the folder with a list
from the school's own system, which makes the return itself.`,
		Example: `  sendctl census preflight --date 2027-01-21
  sendctl census export --date 2027-01-21 -o ../sen-spring.xlsx
  sendctl census diff --against ../pupils.csv`,
		Args: takes(0, 0, "one of its commands"),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newCensusPreflightCmd(e), newCensusExportCmd(e), newCensusDiffCmd(e))
	return c
}

// censusAt says for which day the census is wanted, and as recorded when.
type censusAt struct {
	date       string // --date; "" is the usual census day that comes next
	asRecorded string // --as-recorded; "" is the folder as it lies there now

	// seen hears of every record while it is in memory, on roll or not; may be nil. It is
	// called from several goroutines at once, and keeps nothing of the record: there may be
	// a hundred thousand.
	seen func(f *folder.Folder, r *folder.Record, p census.Pupil, onRoll bool) error
}

// censusRoll is a folder as the census of a day has it.
type censusRoll struct {
	Folder   *folder.Folder // open until the command ends
	Day      date.Date
	Pupils   []census.Pupil // on roll that day, as census.Sort has them
	Learners int            // whose records were read, on roll or not
	// Faults are errors of the files that a census is made of, and of what lies where a
	// learner's folder should. None may pass for fine.
	Faults []diag.Finding
	// Recorded is when the commit was made that holds all of it; zero where something is
	// not recorded, or there is no history. Commit is its id, "" likewise.
	Recorded time.Time
	Commit   string
	said     []string
}

// say tells on stderr which day was taken, from which moment, and what is not recorded.
func (g censusRoll) say(e *Env) { e.tell(g.said) }

// censusFlags declares --date and --as-recorded.
func (e *Env) censusFlags(c *cobra.Command, at *censusAt) {
	f := c.Flags()
	f.StringVar(&at.date, "date", "", "the census `DAY`, such as 2027-01-21; if left out, the next usual one")
	f.StringVar(&at.asRecorded, "as-recorded", "", "use the folder as recorded by this `MOMENT`: 2026-10-02T17:00, or a day, meaning its end; or in this commit")
}

// gatherRoll reads what a census is made of: each learner's front sheet, learner.yaml, moves
// and corrections, on all cores. It says nothing itself: see censusRoll.say.
func (e *Env) gatherRoll(ctx context.Context, at censusAt) (censusRoll, error) {
	var g censusRoll
	e.bulk()
	f, err := e.look(ctx)
	if err != nil {
		return g, err
	}
	if g.Day, err = e.censusDay(f, at, &g.said); err != nil {
		return g, err
	}
	var now *trail.Recorded // what HEAD holds, to be compared with what is read
	if at.asRecorded != "" {
		now := f
		if f, err = e.folderAsOf(ctx, at.asRecorded, &g); err != nil {
			return g, err
		}
		g.tellPurged(now, f)
	} else {
		root, err := e.root()
		if err != nil {
			return g, err
		}
		disk, err := linter.Disk(root)
		if err != nil {
			return g, err
		}
		if f, err = f.Again(disk); err != nil {
			return g, errors.Join(err, disk.Close())
		}
		if now, err = e.recordedNow(); err != nil {
			return g, err
		}
	}
	g.Folder = f
	if err := e.gatherPupils(ctx, &g, at, now); err != nil {
		return g, err
	}
	if at.asRecorded == "" && e.desk == nil {
		g.said = append(g.said, "This folder has no history, so nothing says when what it holds was recorded.")
	}
	return g, nil
}

// censusDay is the day asked for, or the usual one that comes next.
func (e *Env) censusDay(f *folder.Folder, at censusAt, said *[]string) (date.Date, error) {
	today, err := e.today(f)
	if err != nil {
		return today, err
	}
	if at.date == "" {
		if at.asRecorded != "" {
			return today, usage("--as-recorded: say for which census day, as in --date %s", census.Before(today))
		}
		day := census.Next(today)
		*said = append(*said, fmt.Sprintf("For the census day that comes next, %s: --date DAY takes another.", day.Long()))
		return day, nil
	}
	day, err := date.Parse(at.date)
	if err != nil {
		return day, usage("--date: %w", err)
	}
	if !census.Usual(day) {
		*said = append(*said, fmt.Sprintf("%s is not the usual day of the %s census; the DfE can move one, so it is taken as it is. The usual one that comes next is %s.", day.Long(), census.TermOf(day).Words(), census.Next(day).Long()))
	}
	return day, nil
}

// moment reads what was typed for --as-recorded, in the time zone of this machine where
// nothing else is said.
func (e *Env) moment(typed string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, typed); err == nil {
		return t, nil
	}
	here := e.Now().Location()
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, typed, here); err == nil {
			return t, nil
		}
	}
	if d, err := date.Parse(typed); err == nil {
		next := d.AddDays(1)
		return time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, here).Add(-time.Nanosecond), nil
	}
	return time.Time{}, usage("--as-recorded: %q is no moment; write 2026-10-02T17:00, or a day such as 2026-10-02, which is its end", typed)
}

// folderAsOf opens the folder as the history had it at a moment.
func (e *Env) folderAsOf(ctx context.Context, typed string, g *censusRoll) (*folder.Folder, error) {
	if e.desk == nil {
		return nil, trail.ErrNotRepository
	}
	m, err := e.recordedBy(ctx, typed, g)
	if err != nil {
		return nil, err
	}
	fsys, err := e.desk.Repo.CommitFS(m.ID)
	if err != nil {
		return nil, err
	}
	f, err := folder.Open(fsys)
	if errors.Is(err, folder.ErrNotFolder) {
		return nil, fmt.Errorf("in commit %s of %s this was not a record folder yet: it held no sendctl.yaml", m.ID[:12], e.clock(m.When))
	}
	g.Recorded, g.Commit = m.When, m.ID
	return f, err
}

// recordedBy is the commit that --as-recorded means: a moment, or the id of one.
func (e *Env) recordedBy(ctx context.Context, typed string, g *censusRoll) (trail.Moment, error) {
	when, err := e.moment(typed)
	if err != nil {
		if len(typed) >= 4 && strings.Trim(strings.ToLower(typed), "0123456789abcdef") == "" {
			at, err := e.desk.Repo.RecordedAt(typed)
			if err != nil {
				return trail.Moment{}, err
			}
			g.said = append(g.said, fmt.Sprintf("As recorded in commit %s of %s.", at.ID[:12], e.clock(at.When)))
			return at.Moment, nil
		}
		return trail.Moment{}, err
	}
	m, err := e.desk.Repo.AsOf(ctx, when)
	if err != nil {
		return m, err
	}
	g.said = append(g.said, fmt.Sprintf("As recorded by %s: commit %s of %s.", e.clock(when), m.ID[:12], e.clock(m.When)))
	if m.Skewed {
		g.said = append(g.said, "A commit that this one builds on bears a later time than that: a clock was wrong, and whether this is what was there at that moment is uncertain. git log --first-parent --format='%h %ci %s' shows the times.")
	}
	if m.Elsewhere > 0 {
		g.said = append(g.said, fmt.Sprintf("By then %s been recorded in another copy of the folder and came in later: %s not in this. --as-recorded COMMIT takes the folder as one commit has it.",
			either(m.Elsewhere, "an act had", plural(m.Elsewhere, "", "acts had")), either(m.Elsewhere, "it is", "they are")))
	}
	return m, nil
}

// clock is a moment as this machine's clock has it.
func (e *Env) clock(t time.Time) string {
	return t.In(e.Now().Location()).Format("2006-01-02 15:04:05 -07:00")
}

// tellPurged says what was taken out of the history since then: that was there, and
// nobody can make it again.
func (g *censusRoll) tellPurged(now, then *folder.Folder) {
	known := map[string]bool{}
	for _, r := range then.Removals {
		known[r.Value.ID] = true
	}
	var gone []string
	for _, r := range now.Removals {
		if r.Doc != nil && !known[r.Value.ID] {
			gone = append(gone, r.Path)
		}
	}
	if len(gone) > 0 {
		g.said = append(g.said, fmt.Sprintf("What was purged since then is in no history any more, and so not in this: %s.", list(gone)))
	}
}

// recordedNow is what the last commit holds; nil where there is none.
func (e *Env) recordedNow() (*trail.Recorded, error) {
	if e.desk == nil {
		return nil, nil
	}
	now, err := e.desk.Repo.RecordedAt("HEAD")
	if is[*trail.RevisionError](err) {
		return nil, nil
	}
	return now, err
}

// fronts reads of every learner, on all cores, what says who and where they are. visit
// hears of each while it is in memory, from several goroutines at once; where it reads
// more it gives the faults of that. What comes back are the learners, and the errors of
// files that may hide somebody or something, what lies where a learner's folder should
// among them: none may pass for fine.
func (e *Env) fronts(ctx context.Context, f *folder.Folder, visit func(*folder.Record) ([]diag.Finding, error)) (all []string, faults []diag.Finding, err error) {
	if all, err = f.Learners(); err != nil {
		return nil, nil, err
	}
	e.rolls(len(all))
	for _, x := range append(slices.Clone(f.Findings), f.Strays()...) {
		if x.Severity == diag.Error && (slices.Contains(censusFiles(), x.File) || strings.HasPrefix(x.File, "learners")) {
			faults = append(faults, x)
		}
	}
	var mu sync.Mutex
	p := e.Progress("Reading records")
	defer p.Done()
	err = cores.Each(len(all), p.Step, func(i int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := f.LoadFront(all[i])
		if err == nil && ambiguous(r) { // what came first, the seals say
			r, err = f.Load(all[i])
		}
		if err != nil {
			return err
		}
		more, err := visit(r)
		mu.Lock()
		defer mu.Unlock()
		faults = append(append(faults, census.Faults(r)...), more...)
		return err
	})
	return all, diag.Sort(faults), err
}

// gatherPupils reads the learners. Where now is given it compares what was read with it.
func (e *Env) gatherPupils(ctx context.Context, g *censusRoll, at censusAt, now *trail.Recorded) error {
	f := g.Folder
	var within *trail.Recorded
	loose := 0 // learners with something that is not recorded
	var err error
	if now != nil {
		if within, err = now.Sub("learners"); err != nil {
			return err
		}
	}
	var mu sync.Mutex
	all, faults, err := e.fronts(ctx, f, func(r *folder.Record) ([]diag.Finding, error) {
		pupil, onRoll := census.PupilOf(f, r, g.Day)
		if at.seen != nil {
			if err := at.seen(f, r, pupil, onRoll); err != nil {
				return nil, err
			}
		}
		level := true
		if within != nil {
			var err error
			if level, err = recorded(f, r, within); err != nil {
				return nil, err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if onRoll {
			g.Pupils = append(g.Pupils, pupil.Detached())
		}
		if !level {
			loose++
		}
		return nil, nil
	})
	if err != nil {
		return err
	}
	g.Learners, g.Faults = len(all), faults
	census.Sort(g.Pupils)
	if now == nil {
		return nil
	}
	return g.judgeRecorded(now, within, all, loose)
}

// judgeRecorded says from when what was read is, or what of it is not recorded.
func (g *censusRoll) judgeRecorded(now, within *trail.Recorded, all []string, loose int) error {
	for name := range within.Names() {
		if _, here := slices.BinarySearch(all, name); !here && ids.ValidLearner(name) {
			loose++
		}
	}
	own := 0
	for _, name := range censusFiles() {
		b, _, err := g.Folder.ReadFile(name)
		if err != nil || !now.Is(name, b) {
			own++
		}
	}
	if loose+own == 0 {
		g.Recorded, g.Commit = now.When, now.ID
		return nil
	}
	var what []string
	if own > 0 {
		what = append(what, "the settings of the folder")
	}
	if loose > 0 {
		what = append(what, "the records of "+plural(loose, "learner", "learners"))
	}
	g.said = append(g.said, fmt.Sprintf("Not all of this is recorded: %s hold changes that are in no commit, so it can not be made again from the history. git status shows them.", strings.Join(what, " and ")))
	return nil
}

// censusFiles are the files of the folder itself that a census rests on.
func censusFiles() []string { return []string{"sendctl.yaml", "pathway.yaml"} }

// ambiguous reports whether the seals of a record, which LoadFront leaves unread, may
// decide in which order its moves or their corrections count.
func ambiguous(r *folder.Record) bool {
	if len(r.Moves) == 0 {
		return false
	}
	on, of := map[date.Date]bool{}, map[string]bool{}
	for _, m := range r.Moved() {
		if on[m.Fixed.Date] {
			return true
		}
		on[m.Fixed.Date], of[m.Value.ID] = true, true
	}
	put := map[string]bool{}
	for _, c := range r.Corrections {
		key := c.Value.Corrects + " " + c.Value.Date.String()
		if of[c.Value.Corrects] && put[key] {
			return true
		}
		put[key] = true
	}
	return false
}

// recorded reports whether a commit holds of a learner exactly what was read: within is
// its folder of learners.
func recorded(f *folder.Folder, r *folder.Record, within *trail.Recorded) (bool, error) {
	if !within.Has(r.ID) {
		return false, nil
	}
	at, err := within.Sub(r.ID)
	if err != nil {
		return false, err
	}
	read := map[string]int{} // files read in each folder
	subs := map[string]*trail.Recorded{"": at}
	is := func(file string, data []byte, parsed bool) (bool, error) {
		dir, name := path.Split(strings.TrimPrefix(file, r.Dir+"/"))
		dir = strings.TrimSuffix(dir, "/")
		read[dir]++
		if subs[dir] == nil {
			if subs[dir], err = at.Sub(dir); err != nil {
				return false, err
			}
		}
		if !parsed {
			if data, _, err = f.ReadFile(file); err != nil {
				return false, nil
			}
		}
		return subs[dir].Is(name, data), nil
	}
	files := []string{r.Identity.Path, r.Learner.Path} // LoadFront lists what is in folders alone
	for _, file := range r.Files {
		if census.Front(r, file) && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	for _, file := range files {
		data, parsed := bytesOf(r, file)
		if same, err := is(file, data, parsed); err != nil || !same {
			return false, err
		}
	}
	for _, dir := range []string{"moves", "corrections"} { // has one been taken away?
		if !at.Has(dir) {
			continue
		}
		sub := subs[dir]
		if sub == nil {
			if sub, err = at.Sub(dir); err != nil {
				return false, err
			}
		}
		n := 0
		for name := range sub.Names() {
			if path.Ext(name) == ".yaml" {
				n++
			}
		}
		if n != read[dir] {
			return false, nil
		}
	}
	return true, nil
}

// bytesOf gives the bytes of a file of the record as they were read, where it could be
// parsed.
func bytesOf(r *folder.Record, file string) ([]byte, bool) {
	switch {
	case r.Identity.Path == file && r.Identity.Doc != nil:
		return r.Identity.Doc.Bytes(), true
	case r.Learner.Path == file && r.Learner.Doc != nil:
		return r.Learner.Doc.Bytes(), true
	}
	for _, m := range r.Moves {
		if m.Path == file && m.Doc != nil {
			return m.Doc.Bytes(), true
		}
	}
	for _, c := range r.Corrections {
		if c.Path == file && c.Doc != nil {
			return c.Doc.Bytes(), true
		}
	}
	return nil, false
}
