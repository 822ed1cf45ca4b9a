package trail

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Moment is a commit and when it was committed.
type Moment struct {
	ID   string
	When time.Time // to the second, UTC
	// Skewed says, of what AsOf gives, that a commit which it builds on bears a time after
	// the moment asked for: a clock was wrong, and whether this one was there is uncertain.
	Skewed bool
	// Elsewhere is, of what AsOf gives, how many commits there were by then that came into
	// the present branch later, with a merge: somebody had recorded them in another copy.
	Elsewhere int
}

// TooEarlyError says that at a moment nothing had been recorded yet.
type TooEarlyError struct {
	Asked time.Time
	First time.Time // when the oldest commit that is here was committed; zero where there is none
	// Cut says that the history here is a part: a shallow clone left older commits behind.
	Cut bool
}

// Error names the first moment there is.
func (e *TooEarlyError) Error() string {
	asked := e.Asked.Format("2006-01-02 15:04:05 -07:00")
	if e.First.IsZero() {
		return fmt.Sprintf("nothing was recorded by %s: the folder has no history yet", asked)
	}
	first := e.First.In(e.Asked.Location()).Format("2006-01-02 15:04:05 -07:00")
	if e.Cut {
		return fmt.Sprintf("this copy of the history begins at %s, after %s: fetch the rest with git fetch --unshallow", first, asked)
	}
	return fmt.Sprintf("nothing was recorded by %s: the history begins at %s", asked, first)
}

// AsOf gives the newest commit on the first-parent line of HEAD, the present branch as it
// grew, that was committed no later than a moment. The line decides what is newest, not the
// clocks of those who committed. None that old is a *TooEarlyError. The times are those
// that the commits themselves say; who must not be lied to has audit verify them.
func (r *Repo) AsOf(ctx context.Context, moment time.Time) (Moment, error) {
	m, err := r.asOf(ctx, moment)
	if err != nil && !errors.As(err, new(*TooEarlyError)) {
		err = fmt.Errorf("find what was recorded at %s: %w", moment.Format(time.RFC3339), err)
	}
	return m, err
}

func (r *Repo) asOf(ctx context.Context, moment time.Time) (Moment, error) {
	store, err := r.openStore()
	if err != nil {
		return Moment{}, err
	}
	h, err := r.head()
	if err != nil {
		return Moment{}, err
	}
	if h.id.IsZero() {
		return Moment{}, &TooEarlyError{Asked: moment}
	}
	past := &past{store: store}
	if past.shallow, err = r.shallow(); err != nil {
		return Moment{}, err
	}
	id := objects.ID(h.id)
	var found Moment
	merged := false
	for n := 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return Moment{}, ctx.Err()
		}
		var c objects.Header
		if err := past.header(id, &c); err != nil {
			return Moment{}, fmt.Errorf("commit %s: %w", id, err)
		}
		when := time.Unix(c.Time, 0).UTC()
		switch late := when.After(moment); {
		case !late && found.ID == "":
			found = Moment{ID: id.String(), When: when}
			if merged {
				if found.Elsewhere, err = r.elsewhere(ctx, found.ID, moment); err != nil {
					return Moment{}, err
				}
			}
		case late && found.ID != "":
			found.Skewed = true
			return found, nil
		}
		merged = merged || len(c.Parents) > 1
		if len(c.Parents) == 0 {
			if found.ID == "" {
				return Moment{}, &TooEarlyError{Asked: moment, First: when, Cut: past.shallow[id]}
			}
			return found, nil
		}
		id = c.Parents[0]
	}
}

// elsewhere counts the commits of HEAD that are not in a commit and no later than a moment.
func (r *Repo) elsewhere(ctx context.Context, not string, moment time.Time) (int, error) {
	out, err := r.gitContext(ctx, nil, nil, "--no-replace-objects", "rev-list", "--count", "--before="+strconv.FormatInt(moment.Unix(), 10), "HEAD", "^"+not)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// Recorded is a folder as a commit holds it, by the ids of what lies in it: for comparing
// without reading a file of it. Its methods may be called from several goroutines.
type Recorded struct {
	Moment
	store   *objects.Store
	entries map[string]place
}

// RecordedAt opens the record folder as it is in a commit. rev is a revision as Resolve
// knows it; a branch without a commit is a *RevisionError.
func (r *Repo) RecordedAt(rev string) (*Recorded, error) {
	x, err := r.recordedAt(rev)
	if err != nil {
		return nil, fmt.Errorf("read what is recorded at %s: %w", rev, err)
	}
	return x, nil
}

func (r *Repo) recordedAt(rev string) (*Recorded, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, err
	}
	id, err := r.resolve(store, rev)
	if err != nil {
		return nil, err
	}
	var h objects.Header
	if err := (&past{store: store}).header(id, &h); err != nil {
		return nil, err
	}
	top := place{objects.ModeTree, h.Tree}
	if r.prefix != "" {
		found, err := newPathTree(store, []string{strings.TrimSuffix(r.prefix, "/")}).places(h.Tree)
		if err != nil {
			return nil, err
		}
		top = found[0]
	}
	x := &Recorded{Moment: Moment{ID: id.String(), When: time.Unix(h.Time, 0).UTC()}, store: store}
	return x, x.read(top)
}

func (x *Recorded) read(at place) error {
	x.entries = map[string]place{}
	if at.mode != objects.ModeTree {
		return nil
	}
	raw, err := x.store.Of(objects.Tree, at.id)
	if err != nil {
		return err
	}
	for e, err := range objects.Entries(raw) {
		if err != nil {
			return &objects.DamagedError{Where: "git object " + at.id.String(), What: err.Error()}
		}
		x.entries[string(e.Name)] = place{objects.CanonMode(e.Mode), e.ID}
	}
	return nil
}

// Sub is a folder in this one; without entries where there is none of that name.
func (x *Recorded) Sub(name string) (*Recorded, error) {
	sub := &Recorded{Moment: x.Moment, store: x.store}
	return sub, sub.read(x.entries[name])
}

// Names are the entries of the folder, in no order.
func (x *Recorded) Names() iter.Seq[string] { return maps.Keys(x.entries) }

// Has reports whether an entry of that name is there.
func (x *Recorded) Has(name string) bool { return x.entries[name] != place{} }

// Is reports whether the folder holds a plain file of that name with these very bytes.
func (x *Recorded) Is(name string, data []byte) bool {
	at := x.entries[name]
	if at.mode != objects.ModeFile && at.mode != objects.ModeExec {
		return false
	}
	h := sha1.New()
	h.Write(objectHeader(plumbing.BlobObject, len(data)))
	h.Write(data)
	return objects.ID(h.Sum(nil)) == at.id
}
