package merge

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// asking gathers the questions and notes about one file.
type asking struct {
	learner, path string
	answers       map[string]Choice
	questions     []Question
	notes         []Note
	answered      []string // ids of the questions that had their answer already
	cited         citing
}

func (a *asking) note(rule, beside, says string) {
	a.notes = append(a.notes, Note{Rule: rule, Learner: a.learner, Path: a.path, Beside: beside, Says: says})
}

// ask gives the answer to a question, "" where there is none yet; then the question
// is kept.
func (a *asking) ask(rule string, at place, b, o, t *yamldoc.Node, choices ...Choice) Choice {
	q := Question{Rule: rule, At: at.path.String(), Base: shown(b), Ours: shown(o), Theirs: shown(t), Choices: choices}
	q.ID = a.id(rule, q.At, text(b), text(o), text(t))
	q.Ask = inWords(rule, q.At, q.Ours == "")
	return a.put(q)
}

// askWhole asks about a whole file, by its bytes.
func (a *asking) askWhole(rule, ask string, base, ours, theirs []byte, choices ...Choice) Choice {
	return a.put(Question{Rule: rule, ID: a.id(rule, "", string(base), string(ours), string(theirs)),
		Base: readable(base), Ours: readable(ours), Theirs: readable(theirs), Ask: ask, Choices: choices})
}

func (a *asking) put(q Question) Choice {
	if c, ok := a.answers[q.ID]; ok && slices.Contains(q.Choices, c) {
		a.answered = append(a.answered, q.ID)
		return c
	}
	q.Learner, q.Path = a.learner, a.path
	a.questions = append(a.questions, q)
	return ""
}

const questionID = 6 // characters

func (a *asking) id(parts ...string) string {
	return letters([]byte(a.path+"\x00"+strings.Join(parts, "\x00")), questionID, 0)
}

// letters derives n characters of the alphabet of ids from b, the first a letter: the
// same in every clone. try gives others where those are taken.
func letters(b []byte, n int, try byte) string {
	sum := sha256.Sum256(append(slices.Clip(b), try))
	const firsts = 19 // an id begins with one of the letters
	out := []byte{ids.Alphabet[int(sum[0])%firsts]}
	for i := 1; i < n; i++ {
		out = append(out, ids.Alphabet[int(sum[i])%len(ids.Alphabet)])
	}
	return string(out)
}

// readable is the text of a file for a question, "" of one that is no text.
func readable(b []byte) string {
	if len(b) > 64<<10 || strings.ContainsRune(string(b), 0) {
		return ""
	}
	return strings.ToValidUTF8(strings.TrimRight(string(b), "\n"), "?")
}

func inWords(rule, at string, goneHere bool) string {
	switch rule {
	case RuleStage:
		return "Two people moved this learner on from one stage, to two different stages. Which one is the learner at now?"
	case RuleDeleted:
		if goneHere {
			return at + " was taken out here and changed in the other copy. Shall it stay out (ours), or stay as it was changed (theirs)?"
		}
		return at + " was changed here and taken out in the other copy. Shall it stay as it was changed (ours), or go (theirs)?"
	}
	return at + " was changed here and in the other copy, to two different values. Which one stands?"
}
