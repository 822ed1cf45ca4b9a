package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
	"github.com/sendctl/sendctl/schemas"
)

// Setup is what init asks: the setting, and the first adult who acts.
type Setup struct {
	Name    learner.Words `yaml:"name"`
	URN     string        `yaml:"urn"`
	LA      string        `yaml:"la"`
	Estab   string        `yaml:"estab"`
	Phase   string        `yaml:"phase"`
	Pathway string        `yaml:"pathway"`
	Me      learner.Words `yaml:"me"`
	ID      string        `yaml:"id"`
	Role    string        `yaml:"role"`
	Email   string        `yaml:"-"`
	// Demonstration is the day a made-up folder is pinned to; zero elsewhere.
	Demonstration date.Date `yaml:"-"`
}

// digits demands a number of so many digits, zeros in front counted.
func digits(n int, what string) func(form.Answer) error {
	return func(x form.Answer) error {
		if v, ok := learner.Number(x.Text).Int(); !ok || v < 0 || len(x.Text) != n {
			return fmt.Errorf("%s has %d digits", what, n)
		}
		return nil
	}
}

// SetupForm asks for a new record folder. who is git's idea of who is at the keyboard.
func SetupForm(who trail.Ident) form.Script {
	phases := []form.Option{
		{Value: "nursery", Words: "nursery school"}, {Value: "early-years", Words: "other early years"}, {Value: "primary", Words: "primary"},
		{Value: "middle-deemed-primary", Words: "middle, deemed primary"}, {Value: "middle-deemed-secondary", Words: "middle, deemed secondary"},
		{Value: "secondary", Words: "secondary"}, {Value: "all-through", Words: "all-through"}, {Value: "special", Words: "special school"},
		{Value: "pupil-referral-unit", Words: "pupil referral unit"}, {Value: "post-16", Words: "college or other post-16"},
	}
	return func(form.Answers) []form.Question {
		const setting, you = "The setting", "You"
		return []form.Question{
			{Path: "name", Flag: "--name", Heading: setting, Kind: form.Line, Ask: "The name of the setting?", Why: "It stands at the top of every plan and report."},
			{Path: "phase", Flag: "--phase", Heading: setting, Kind: form.Choice, Options: phases, Ask: "What kind of setting is it?", Why: "Some duties and census rules depend on it."},
			{Path: "la", Flag: "--la", Heading: setting, Kind: form.Line, Ask: "The local authority number, three digits?", Why: "The first half of the DfE number; 929 is Northumberland.", Check: digits(3, "a local authority number")},
			{Path: "estab", Flag: "--estab", Heading: setting, Kind: form.Line, Ask: "The establishment number, four digits?", Why: "The second half of the DfE number.", Check: digits(4, "an establishment number")},
			{Path: "urn", Flag: "--urn", Heading: setting, Kind: form.Line, Optional: true, Ask: "The URN, six digits? (s if not at hand)", Why: "The number on the register of establishments.", Check: digits(6, "a URN")},
			{Path: "me", Flag: "--me", Heading: you, Kind: form.Line, Default: who.Name, Follows: true, Ask: "Your name, as it should stand on a plan?", Why: "Every act says who recorded it."},
			{Path: "id", Flag: "--id", Heading: you, Kind: form.Line, Default: idFrom(who.Name), Follows: true, Ask: "A short word to name you by?", Why: "Files name people by this word, and people.yaml says who it is.",
				Check: func(x form.Answer) error {
					if !plainID(x.Text) || x.Text == "learner" {
						return errors.New("use one word in small letters, such as eyre")
					}
					return nil
				}},
			{Path: "role", Flag: "--role", Heading: you, Kind: form.Line, Default: "senco", Follows: true, Ask: "Your role? For example senco, teacher, headteacher.", Why: "Roles say who may supply what.",
				Check: func(x form.Answer) error {
					if !plainID(x.Text) {
						return errors.New("use small letters and hyphens, such as teaching-assistant")
					}
					return nil
				}},
		}
	}
}

// idFrom makes a short id of the last word of a name.
func idFrom(name string) string {
	var last, word []rune
	for _, c := range name {
		switch {
		case c >= 'a' && c <= 'z', c == '-' && len(word) > 0:
			word = append(word, c)
		case c >= 'A' && c <= 'Z':
			word = append(word, c+'a'-'A')
		case c == ' ':
			last, word = append(last[:0], word...), nil
		}
	}
	if len(word) == 0 {
		word = last
	}
	if id := string(word); plainID(id) {
		return id
	}
	return "me"
}

// Setup writes the files of a new record folder and records them.
func (d *Desk) Setup(ctx context.Context, s Setup) (Done, error) {
	release, err := d.Store.Lock(ctx, "init", d.LockWait, d.Waiting)
	if err != nil {
		return Done{}, err
	}
	defer release()
	if err := d.recoverLocked(ctx, d.LockWait); err != nil {
		return Done{}, err
	}
	if _, err := d.Folder(); !errors.Is(err, folder.ErrNotFolder) {
		if err == nil {
			err = state("this is a record folder already")
		}
		return Done{}, err
	}
	who, err := d.Who()
	if err != nil {
		return Done{}, err
	}
	s.Email = who.Email
	changes, err := s.files(d.Store.FS())
	if err != nil {
		return Done{}, err
	}
	a := &act{desk: d, name: "init", about: "record folder", changes: changes, who: who}
	done := Done{Act: "init"}
	return done, a.apply(ctx, &done)
}

func (s Setup) files(fsys fs.FS) ([]store.Change, error) {
	id := s.Pathway
	if id == "" {
		id = "northumberland"
	}
	way, ok := schemas.Pathway(id)
	if !ok {
		return nil, &UnknownWordError{What: "pathway", Typed: id, Known: schemas.Pathways(), Flag: "--pathway"}
	}
	read, _, err := recordfile.Read[pathway.Pathway]("pathway.yaml", recordfile.Pathway, way)
	if err != nil {
		return nil, err
	}
	t := read.Value.Thresholds
	setting := learner.Setting{
		Format: recordfile.Setting.Format(), Name: s.Name, URN: s.URN, LA: s.LA, Estab: s.Estab, Phase: s.Phase, Pathway: id,
		Policies: learner.Policies{
			CyclesBeforeRegister: t.CyclesBeforeRegister, ReviewWithinDays: t.ReviewWithinDays, ParentMeetingsAYear: t.ParentMeetingsAYear,
			Element2Threshold: t.Element2Threshold, SmallNumberFloor: t.SmallNumberFloor, RetentionYearsFromBirth: t.RetentionYearsFromBirth,
		},
	}
	if !s.Demonstration.IsZero() {
		setting.Demonstration = &learner.Demonstration{Today: s.Demonstration}
	}
	first := learner.Person{ID: s.ID, Name: s.Me, Role: s.Role, Email: s.Email}
	out := []store.Change{{Path: "pathway.yaml", New: way}}
	for _, f := range []struct {
		path string
		kind recordfile.Kind
		v    any
	}{
		{"sendctl.yaml", recordfile.Setting, setting},
		{"people.yaml", recordfile.People, learner.People{Format: recordfile.People.Format(), People: []learner.Person{first}}},
	} {
		b, err := recordfile.Bytes(f.path, f.kind, f.v)
		if err != nil {
			return nil, err
		}
		out = append(out, store.Change{Path: f.path, New: b})
	}
	extra, err := furniture()
	if err != nil {
		return nil, err
	}
	for _, c := range append(out, extra...) {
		if _, err := fs.Stat(fsys, c.Path); err == nil {
			return nil, state("%s is here already; init makes a record folder only where it overwrites nothing", c.Path)
		}
	}
	return append(out, extra...), nil
}

// hook is what git runs before a commit made past sendctl. Its first two lines
// mark it as ours: sendctl itself has checked already and does not run it.
const hook = `#!/bin/sh
# sendctl pre-commit hook
if ! command -v sendctl >/dev/null 2>&1; then
  echo "sendctl is not installed here, so these records were NOT checked" >&2
  exit 0
fi
exec sendctl --no-input validate --staged
`

// InstallHook writes the pre-commit hook where there is none. It gives the path
// of the hook, and whether it is ours: somebody else's is left as it is.
func (d *Desk) InstallHook() (p string, ours bool, err error) {
	dir := d.Repo.HooksDir()
	p = filepath.Join(dir, "pre-commit")
	b, err := os.ReadFile(p)
	if err == nil {
		return p, string(b) == hook, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return p, false, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return p, false, fmt.Errorf("write the pre-commit hook: %w", err)
	}
	if err := os.WriteFile(p, []byte(hook), 0o755); err != nil {
		return p, false, fmt.Errorf("write the pre-commit hook: %w", err)
	}
	return p, true, nil
}
