package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/schemas"
)

// made is one file of the finished folder.
type made struct {
	path string
	data []byte
}

// pupil is an invented learner, with the cycle that is open.
type pupil struct {
	id, cycle string
	words     *strings.Replacer // the learner's own values for the {words} of a form
	notes     []string
	first     string            // id of the first cycle, which is corrected again and again
	spelt     string            // its result as the last correction has it
	seals     map[string][]byte // by name
}

type school struct {
	files    []made
	learners []*pupil
	source   *rand.ChaCha8 // of ids and salts
	signer   seal.Signer
}

// newSchool invents n learners and all their files but the notes.
func newSchool(n int, seed uint64, signer seal.Signer) (*school, error) {
	pathway, ok := schemas.Pathway("northumberland")
	if !ok {
		return nil, errors.New("the program carries no pathway northumberland")
	}
	s := &school{files: []made{
		{".gitattributes", []byte("* -text\n")},
		{"sendctl.yaml", []byte(settingForm)},
		{"people.yaml", []byte(people(signer))},
		{"pathway.yaml", pathway},
	}}
	var key [32]byte
	copy(key[:], "genrecords "+strconv.FormatUint(seed, 10))
	source := rand.NewChaCha8(key)
	s.source, s.signer = source, signer
	draw := rand.New(source)
	taken := map[string]bool{}
	for i := range n {
		id, err := ids.NewLearner(source)
		if err != nil {
			return nil, err
		}
		if taken[id] {
			continue // one in ten thousand millions: the folder is a learner short
		}
		taken[id] = true
		l, files, err := s.newPupil(draw, id, i)
		if err != nil {
			return nil, fmt.Errorf("learner %s: %w", id, err)
		}
		s.learners = append(s.learners, l)
		s.files = append(s.files, files...)
	}
	return s, nil
}

func (s *school) newPupil(draw *rand.Rand, id string, serial int) (*pupil, []made, error) {
	var file [5]string // ids of two reviewed cycles, the open one, a contact and a correction
	for i := 0; i < len(file); {
		next, err := ids.NewFile(s.source)
		if err != nil {
			return nil, nil, err
		}
		if !slices.Contains(file[:], next) {
			file[i] = next
			i++
		}
	}
	pick := func(from ...string) string { return from[draw.IntN(len(from))] }
	number := func(least, most int) string { return strconv.Itoa(least + draw.IntN(most-least+1)) }
	born := 2012 + draw.IntN(6)
	family := pick("Ashworth", "Birch", "Carr", "Dodds", "Errington", "Forster", "Gibson", "Hedley", "Iveson", "Jobling", "Kell", "Laidler")
	w := strings.NewReplacer(
		"{id}", id, "{first}", file[0], "{second}", file[1], "{open}", file[2], "{contact}", file[3], "{correction}", file[4],
		"{name}", pick("Ada", "Ben", "Cleo", "Dev", "Edie", "Finn", "Gwen", "Hal", "Iris", "Jude", "Kit", "Lena", "Milo", "Nell"),
		"{family}", family, "{born}", fmt.Sprintf("%d-%02d-%02d", born, 1+draw.IntN(8), 1+draw.IntN(28)), "{sex}", pick("F", "M"),
		"{upn}", upn(serial), "{joined}", strconv.Itoa(born+4)+"-09-06", "{cohort}", strconv.Itoa(born+4),
		"{teacher}", pick("grimes", "sato"), "{before}", number(8, 12), "{between}", number(13, 18), "{after}", number(19, 29),
		"{strength}", pick("number patterns", "drawing", "building things", "looking after the rabbits", "telling stories aloud"),
		"{concern}", pick("Reads single words slowly and guesses from the first letter.", "Loses the thread when there are more than two steps.",
			"Finds a noisy room hard and leaves it.", "Writes far less than is said aloud."),
		"{voice}", pick("I like beating my own score.", "It goes too fast.", "I know it in my head.", "Better with the word bank."),
	)
	l := &pupil{id: id, cycle: file[2], words: w, first: file[0], spelt: "9", seals: map[string][]byte{}}
	dir := path.Join("learners", id)
	fill := func(name, form string) made { return made{path.Join(dir, w.Replace(name)), []byte(w.Replace(form))} }
	files := []made{fill("identity.yaml", identityForm), fill("learner.yaml", learnerForm), fill("contacts.yaml", contactsForm)}

	sealed := func(f made, id, act, day string) error {
		on, err := date.Parse(day)
		if err != nil {
			return err
		}
		put, err := s.seal(l, f, id, act, on, on.At(16, 5))
		files = append(files, f, put)
		return err
	}
	first := fill("cycles/2026-01-12-initial-concerns-{first}.yaml", firstForm+reviewForm)
	if err := sealed(first, file[0], "review", "2026-03-20"); err != nil {
		return nil, nil, err
	}
	if serial%5 == 0 {
		put := fill("corrections/2026-03-25-{correction}.yaml", correctionForm)
		if err := sealed(put, file[4], "correct", "2026-03-25"); err != nil {
			return nil, nil, err
		}
		l.spelt = "11"
	}
	later := strings.NewReplacer("2026-03-20", "2026-07-10", "2026-03-19", "2026-07-09", "{between}", "{after}").Replace(reviewForm)
	second := fill("cycles/2026-04-20-initial-concerns-{second}.yaml", secondForm+later)
	if err := sealed(second, file[1], "review", "2026-07-10"); err != nil {
		return nil, nil, err
	}
	return l, append(files, made{l.openPath(), l.open()}), nil
}

// today is the day the folder stands on, so that what is due does not depend on when it is measured.
func today() date.Date { return date.New(2026, time.November, 20) }

// upn numbers an invented pupil of a school that does not exist (LA 929, 0000).
func upn(serial int) string {
	rest := fmt.Sprintf("9290000%05d", serial%100000)
	for c := 'A'; c <= 'Z'; c++ {
		if n := string(c) + rest; ids.CheckUPN(n) == nil {
			return n
		}
	}
	return "" // never: one of the letters is right
}

func (l *pupil) openPath() string {
	return "learners/" + l.id + "/cycles/2026-09-07-initial-concerns-" + l.cycle + ".yaml"
}

// open is the open cycle's file with the notes there are now.
func (l *pupil) open() []byte {
	text := l.words.Replace(openForm)
	if len(l.notes) > 0 {
		text += "do:\n" + strings.Join(l.notes, "")
	} else { // a plan that has run for weeks with nothing noted is told of by validate
		text += "do:\n  - {date: 2026-10-16, by: bell, provision: p1, delivered: 20, attended: 19, words: reads along with a finger}\n"
	}
	return []byte(text)
}

// note adds a note of the given day to the open cycle.
func (l *pupil) note(draw *rand.Rand, on date.Date) {
	if len(l.notes) == notesKept {
		l.notes = l.notes[1:]
	}
	l.notes = append(l.notes, fmt.Sprintf("  - date: %s\n    by: bell\n    provision: p1\n    delivered: %d\n    words: Read %d of the words; %s\n",
		on, 1+draw.IntN(5), 8+draw.IntN(20), []string{"quicker after lunch.", "tired today.", "asked to go first.", "helped a friend with two of them."}[draw.IntN(4)]))
}

// seal makes the seal of a file, the latest of the learner's chain.
func (s *school) seal(l *pupil, f made, id, act string, on date.Date, at time.Time) (made, error) {
	salt, err := seal.NewSalt(s.source)
	if err != nil {
		return made{}, err
	}
	dir := path.Join("learners", l.id)
	x := seal.Seal{Learner: l.id, File: id, Path: strings.TrimPrefix(f.path, dir+"/"), SHA256: strings.TrimPrefix(seal.Hash(f.data), "sha256:"),
		Act: act, Date: on, Recorded: at, By: "grimes", Previous: seal.Tips(l.seals), Salt: salt, Demonstration: today()}
	if s.signer != nil {
		if x, err = x.Signed(s.signer); err != nil {
			return made{}, err
		}
	}
	if err := x.Valid(); err != nil {
		return made{}, err
	}
	l.seals[x.Name()] = x.Bytes()
	return made{path.Join(dir, "seals", x.Name()), x.Bytes()}, nil
}

// correct corrects the first cycle once more: the correction and its seal.
func (s *school) correct(l *pupil, at time.Time) ([]made, error) {
	id, err := ids.NewFile(s.source)
	for err == nil && l.seals[id+"-correct.seal"] != nil {
		id, err = ids.NewFile(s.source)
	}
	if err != nil {
		return nil, err
	}
	was, _ := strconv.Atoi(l.spelt) // our own figure
	is := strconv.Itoa(5 + (was-4)%15)
	day := date.Of(at)
	w := strings.NewReplacer("{id}", l.id, "{correction}", id, "{first}", l.first, "2026-03-25", day.String(), "was: 9", "was: "+l.spelt, "is: 11", "is: "+is)
	f := made{path.Join("learners", l.id, "corrections", day.String()+"-"+id+".yaml"), []byte(w.Replace(correctionForm))}
	l.spelt = is
	put, err := s.seal(l, f, id, "correct", day, at)
	return []made{f, put}, err
}
