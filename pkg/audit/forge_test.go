package audit_test

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

// forgery is a seal as somebody makes it who knows the format and is not bound by
// sendctl: every field is free, what is left empty is made as sendctl would make it.
type forgery struct {
	learner   string // whose folder it goes into
	path      string // of the sealed file, from the learner's folder; its bytes are read from disk
	file, act string // "" for the id at the end of the path; "correct"
	by        string // "grimes"
	date      string // the day of recorded
	recorded  string // "2026-02-06 15:58"; the box's clock
	key       string // of the keyring; "" for no signature
	namespace string // seal.Namespace
	previous  []string
	says      string // the learner the seal names, if not the one it lies with
	demo      string
	change    func(*seal.Seal) // last, before it is signed
	name      string           // of the seal's file, if not its own
}

// forge writes a seal and gives its path.
func (b *box) forge(f forgery) string {
	b.Helper()
	dir, whose := "learners/"+f.learner+"/", f.learner
	if f.learner == "" {
		dir, whose = "", seal.Setting
	}
	or := func(s, other string) string {
		if s != "" {
			return s
		}
		return other
	}
	stem := strings.TrimSuffix(f.path[strings.LastIndex(f.path, "/")+1:], ".yaml")
	at := b.now
	if f.recorded != "" {
		t, err := time.Parse("2006-01-02 15:04", f.recorded)
		if err != nil {
			b.Fatal(err)
		}
		at = t
	}
	on, err := date.Parse(or(f.date, at.Format("2006-01-02")))
	if err != nil {
		b.Fatal(err)
	}
	s := seal.Seal{
		Learner: or(f.says, whose), File: or(f.file, stem[strings.LastIndex(stem, "-")+1:]), Path: f.path,
		SHA256: strings.TrimPrefix(seal.Hash([]byte(b.read(dir+f.path))), "sha256:"),
		Act:    or(f.act, "correct"), Date: on, Recorded: at, By: or(f.by, "grimes"),
		Previous: f.previous, Salt: strings.Repeat("5e", 16),
	}
	if s.Previous == nil {
		s.Previous = seal.Tips(b.seals(f.learner))
	}
	if f.demo != "" {
		if s.Demonstration, err = date.Parse(f.demo); err != nil {
			b.Fatal(err)
		}
	}
	if f.change != nil {
		f.change(&s)
	}
	if f.key != "" {
		sig, err := signer(b.T, f.key).Sign(s.Payload(), or(f.namespace, seal.Namespace))
		if err != nil {
			b.Fatal(err)
		}
		s.Signature = sig
	}
	if err := s.Valid(); err != nil {
		b.Fatalf("the forged seal is none: %v", err)
	}
	p := dir + "seals/" + or(f.name, s.Name())
	b.write(p, string(s.Bytes()))
	return p
}

// seals reads a learner's seals, or the setting's for "".
func (b *box) seals(learner string) map[string][]byte {
	b.Helper()
	dir := "seals"
	if learner != "" {
		dir = "learners/" + learner + "/seals"
	}
	out := map[string][]byte{}
	names, _ := filepath.Glob(b.path(dir + "/*.seal"))
	for _, p := range names {
		text, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		out[filepath.Base(p)] = text
	}
	return out
}

func (b *box) parsed(path string) seal.Seal {
	b.Helper()
	s, err := seal.Parse([]byte(b.read(path)))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func (b *box) hash(path string) string { b.Helper(); return seal.Hash([]byte(b.read(path))) }

// typedCorrection writes a correction as sendctl would write it, with an id of its
// own, and gives its path from the learner's folder. Nothing seals it.
func (b *box) typedCorrection(learner, id string, more ...string) string {
	b.Helper()
	day := b.now.Format("2006-01-02")
	from, like := b.correction(b.jude, b.fix), b.fix
	corrected := b.first
	if learner == b.mo {
		from, like, corrected = b.correction(b.mo, b.moFix), b.moFix, b.moFirst
	}
	_ = corrected
	text := b.read(from)
	text = strings.Replace(text, "id: "+like, "id: "+id, 1)
	var out strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "date: ") {
			line = "date: " + day + "\n"
		}
		out.WriteString(line)
	}
	for _, m := range more {
		out.WriteString(m)
	}
	p := "corrections/" + day + "-" + id + ".yaml"
	b.write("learners/"+learner+"/"+p, out.String())
	return p
}

// resealed seals the bytes that now lie there, in the place and under the name of
// the seal that was there, and everything that follows it again, so that the chain
// holds in itself: what somebody does who knows how seals are made.
func (b *box) resealed(learner string, names ...string) {
	b.Helper()
	dir := "learners/" + learner + "/seals/"
	renamed := map[string]string{}
	for _, name := range names {
		s := b.parsed(dir + name)
		old := b.hash(dir + name)
		for i, p := range s.Previous {
			if next, ok := renamed[p]; ok {
				s.Previous[i] = next
			}
		}
		s.SHA256 = strings.TrimPrefix(seal.Hash([]byte(b.read("learners/"+learner+"/"+s.Path))), "sha256:")
		b.write(dir+name, string(s.Bytes()))
		renamed[old] = b.hash(dir + name)
	}
}

// actMessage is the message of an act as sendctl writes it.
func (b *box) actMessage(act, learner, day string, paths ...string) string {
	b.Helper()
	out := act + ": " + learner + " " + day + " initial-concerns\n\nSendctl-Action: " + act + "\nSendctl-Learner: " + learner + "\nSendctl-Date: " + day + "\nSendctl-Stage: initial-concerns\n"
	for _, p := range paths {
		out += "Sendctl-Seals: " + p + " " + b.hash(p) + "\n"
	}
	return out + "Sendctl-Format: 1\n"
}
