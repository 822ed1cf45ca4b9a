package casework

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
)

// signedSeals is what one key has signed for one person, by chain: a learner's id or
// seal.Setting.
type signedSeals struct {
	days   []date.Date         // the day each was recorded
	chains map[string][]string // the latest seals of every chain that holds one
}

// signedWith reads every seal of the folder and finds those of one key. It parses no
// record: among thousands of learners the seals alone are soon read.
func signedWith(f *folder.Folder, public, person string) (signedSeals, error) {
	out := signedSeals{chains: map[string][]string{}}
	look := func(chain string, seals map[string][]byte) {
		found := false
		for _, b := range seals {
			s, err := seal.Parse(b)
			if err != nil || s.By != person {
				continue
			}
			if by, err := seal.SignedBy(s); err == nil && seal.SameKey(by, public) && seal.Verify(s, public) == nil {
				out.days, found = append(out.days, date.Of(s.Recorded)), true
			}
		}
		if found {
			out.chains[chain] = seal.Tips(seals)
		}
	}
	look(seal.Setting, f.Seals)
	all, err := f.Learners()
	if err != nil {
		return out, err
	}
	for _, id := range all {
		dir := path.Join("learners", id, seal.Dir)
		entries, err := fs.ReadDir(f.FS(), dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return out, fmt.Errorf("read %s: %w", dir, err)
		}
		seals := map[string][]byte{}
		for _, e := range entries {
			if path.Ext(e.Name()) != seal.Extension {
				continue
			}
			b, bad, err := f.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				return out, fmt.Errorf("read %s: %w", path.Join(dir, e.Name()), err)
			}
			if bad == nil {
				seals[e.Name()] = b
			}
		}
		look(id, seals)
	}
	return out, nil
}

// first is the first day on which the key signed.
func (s signedSeals) first() (date.Date, bool) {
	if len(s.days) == 0 {
		return date.Date{}, false
	}
	return slices.MinFunc(s.days, date.Date.Compare), true
}

func (s signedSeals) on(day date.Date) bool { return slices.Contains(s.days, day) }

// after counts the seals of later days than the given one.
func (s signedSeals) after(day date.Date) int {
	return s.count(func(d date.Date) bool { return d.After(day) })
}

// outside counts the seals of days on which the key does not count.
func (s signedSeals) outside(k learner.Key) int {
	return s.count(func(d date.Date) bool { return !k.CountsOn(d) })
}

func (s signedSeals) count(is func(date.Date) bool) int {
	n := 0
	for _, d := range s.days {
		if is(d) {
			n++
		}
	}
	return n
}

// tips are the latest seals of every chain in which the key signed, sorted.
func (s signedSeals) tips() []string {
	var out []string
	for _, chain := range slices.Sorted(maps.Keys(s.chains)) {
		out = append(out, s.chains[chain]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
