package seal

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/ids"
)

// Kind says what is wrong between a learner's seals and files.
type Kind string

// The kinds of fault that are visible in one state of the folder, without its history.
const (
	Unreadable  Kind = "unreadable"   // the seal is no seal
	TooNew      Kind = "too-new"      // the seal is of a later version: nothing can be said about it
	Misnamed    Kind = "misnamed"     // the seal's name is not the one its content gives
	Elsewhere   Kind = "elsewhere"    // learner, id or path in seal, file and folder disagree
	FileMissing Kind = "file-missing" // the sealed file is not there
	Changed     Kind = "changed"      // its bytes are not the sealed ones
	Gap         Kind = "gap"          // the seal follows one that is not there
	Backdated   Kind = "backdated"    // recorded before a seal it follows
	Double      Kind = "double"       // one file sealed twice for one act
)

// Fault is one thing wrong. Its message names ids, paths and hashes only.
type Fault struct {
	Kind    Kind
	File    string // path of the sealed file within the learner's folder, "" when not known
	Seal    string // name of the seal, within the seals folder
	Missing string // Gap only: the hash of the seal that is not there
	Message string
}

// Check compares one learner's seals (name to bytes) with the files of that
// learner's folder (path below it to bytes; more files than the sealed ones may
// be given). It gives every fault it can see, by seal and kind. Signatures,
// removal records and history are audit's.
//
// A living document may differ from its seals: they hold its agreed versions.
func Check(learner string, files map[string][]byte, seals map[string][]byte) []Fault {
	return ChainOf(seals).Check(learner, files)
}

// Check is the function of that name for seals that were read already.
func (all Chain) Check(learner string, files map[string][]byte) []Fault {
	c := checker{learner: learner, files: files, byHash: make(map[string]*Seal, len(all)), first: make(map[act]string, 2*len(all))}
	for i := range all {
		l := &all[i]
		c.byHash[l.Hash] = &l.Seal // one that cannot be read is there, though nothing can be compared with it
		if l.Err != nil {
			kind := Unreadable
			if _, ok := l.Err.(*TooNewError); ok {
				kind = TooNew
			}
			c.add(kind, "", l.Name, "%s", l.Err)
		}
	}
	for l := range all.Sound {
		c.place(l.Name, &l.Seal)
		c.bytes(l.Name, &l.Seal)
		c.chain(l.Name, &l.Seal)
	}
	slices.SortFunc(c.faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.Seal, b.Seal), strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(c.faults)
}

type checker struct {
	learner string
	files   map[string][]byte
	byHash  map[string]*Seal
	first   map[act]string // what was sealed, to the name of the first seal of it
	faults  []Fault
}

// act is what a file, by its id or its path, was sealed for.
type act struct{ id, path, act string }

func (c *checker) add(k Kind, file, seal, format string, args ...any) {
	c.faults = append(c.faults, Fault{Kind: k, File: file, Seal: seal, Message: fmt.Sprintf(format, args...)})
}

// place checks that the seal lies where it says it belongs.
func (c *checker) place(name string, s *Seal) {
	_, second := secondOf(name, s)
	if name != s.Name() && !second {
		c.add(Misnamed, s.Path, name, "the seal is named %s and says it is %s", name, s.Name())
	}
	if s.Learner != c.learner {
		c.add(Elsewhere, s.Path, name, "the seal is learner %s's and lies with learner %s", s.Learner, c.learner)
	}
	if !s.Living() && !names(stem(s.Path), s.File) {
		c.add(Elsewhere, s.Path, name, "the seal is of file %s, which its path does not name", s.File)
	}
	if second {
		return // it lies beside the first of them, and says that there are two
	}
	keys := []act{{id: s.File, act: s.Act}, {path: s.Path, act: s.Act}}
	if s.Living() { // each agreed version of a living document has a seal of its own
		keys = keys[:1]
	}
	for _, key := range keys {
		if other, ok := c.first[key]; ok {
			c.add(Double, s.Path, name, "the same file was sealed for the same act by %s", other)
			return
		}
	}
	for _, key := range keys {
		c.first[key] = name
	}
}

// secondOf gives the path of the file that a second seal of one act covers:
// k4f7-review-second-m2xq.seal that of cycles/…-k4f7-second-m2xq.yaml. A merge
// names them so where both sides had sealed one file.
func secondOf(name string, s *Seal) (p string, ok bool) {
	if !strings.Contains(name, Second) {
		return "", false
	}
	id, ok := strings.CutPrefix(strings.TrimSuffix(name, Extension), strings.TrimSuffix(s.Name(), Extension)+Second)
	if !ok || !ids.ValidFile(id) || path.Ext(name) != Extension {
		return "", false
	}
	ext := path.Ext(s.Path)
	return strings.TrimSuffix(s.Path, ext) + Second + id + ext, true
}

// Second stands before the id in the names of a second seal of one act, and of the
// file that it covers.
const Second = "-second-"

// Sealed is the path, within the learner's folder, of the file whose bytes the seal
// of that name covers: the seal's own path, but for a second seal of one act.
func (s Seal) Sealed(name string) string {
	if p, ok := secondOf(name, &s); ok {
		return p
	}
	return s.Path
}

func stem(p string) string {
	base := path.Base(p)
	return strings.TrimSuffix(base, path.Ext(base))
}

// names reports whether an id is one of the parts of a file's name.
func names(stem, id string) bool {
	for part := range strings.SplitSeq(stem, "-") {
		if part == id {
			return true
		}
	}
	return false
}

// bytes checks the sealed file against its seal.
func (c *checker) bytes(name string, s *Seal) {
	b, ok := c.files[s.Sealed(name)]
	if !ok {
		where := ""
		for _, p := range slices.Sorted(maps.Keys(c.files)) {
			if s.Covers(c.files[p]) {
				where = "; its bytes are now in " + p
				break
			}
		}
		c.add(FileMissing, s.Path, name, "the sealed file is not there%s", where)
		return
	}
	if !s.Living() && !s.Covers(b) {
		c.add(Changed, s.Path, name, "the file is not what was sealed")
	}
	if l := topLevel(b, "learner"); ids.ValidLearner(l) && l != s.Learner && s.Learner != Setting {
		c.add(Elsewhere, s.Path, name, "the file is learner %s's and the seal learner %s's", l, s.Learner)
	}
	if id := topLevel(b, "id"); ids.ValidFile(id) && id != s.File {
		c.add(Elsewhere, s.Path, name, "the file is %s and the seal is of %s", id, s.File)
	}
}

// topLevel reads a plain value at the left margin of a record file, "" if there
// is none. It is no YAML reader: it only has to recognise an id that is plainly
// another one, in files whose strict reading is recordfile's work.
func topLevel(b []byte, key string) string {
	for line := range bytes.Lines(b) {
		if v, ok := bytes.CutPrefix(line, []byte(key+":")); ok {
			v, _, _ = bytes.Cut(v, []byte(" #"))
			return strings.Trim(string(bytes.TrimSpace(v)), `"'`)
		}
	}
	return ""
}

// chain checks the seals that s follows.
func (c *checker) chain(name string, s *Seal) {
	for _, p := range s.Previous {
		before, ok := c.byHash[p]
		if !ok {
			c.faults = append(c.faults, Fault{Kind: Gap, File: s.Path, Seal: name, Missing: p,
				Message: "the seal follows " + p + ", which is not there"})
			continue
		}
		if !before.Recorded.IsZero() && s.Recorded.Before(before.Recorded) {
			c.add(Backdated, s.Path, name, "the seal was recorded before %s, which it follows", before.Name())
		}
	}
}
