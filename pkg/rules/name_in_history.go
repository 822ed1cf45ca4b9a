package rules

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// nameInHistory has no check: what git keeps beside the files, no state of the folder
// shows. Whoever has both calls Metadata.
var nameInHistory = Rule{
	Name: "name-in-history", ID: "SEN1506", Severity: diag.Warning, Whole: true,
	About:  "No commit message, branch or tag contains a learner's name or number.",
	Source: "UK GDPR, article 25; the audit trail",
}

// Spoken is a text that git keeps beside the files.
type Spoken struct {
	Of    string // commit, branch or tag
	ID    string // of the commit
	Words string
}

// longestName is how many words of a text one name may be: Smith-Jones is two.
const longestName = 3

// called are marks of the names on the front sheet and of the numbers, by which Metadata
// finds them; of one that is also a word there is none.
func (l *look) called() []string {
	var out []string
	for _, n := range l.names() {
		if !n.common && len(n.words) <= longestName {
			out = append(out, calledBy(l.folder, strings.ToLower(strings.Join(n.words, " "))))
		}
	}
	for _, n := range numbersOf(l.record) {
		out = append(out, calledBy(l.folder, strings.ToLower(n)))
	}
	return out
}

func calledBy(f *folder.Folder, words string) string {
	sum := salted(f, words)
	return hex.EncodeToString(sum[:12])
}

// Metadata finds the texts of git that name one of the learners whose facts are given. A
// finding says which commit it is, never what stands there.
func Metadata(f *folder.Folder, facts []Facts, said []Spoken) []diag.Finding {
	known := map[string]bool{}
	for _, of := range facts {
		for _, c := range of.Called {
			known[c] = true
		}
	}
	if len(known) == 0 {
		return nil
	}
	seen := map[string]bool{} // of each word or words, whether they name somebody
	var out []diag.Finding
	for _, s := range said {
		if !speaksOfOne(f, known, seen, s) {
			continue
		}
		short := s.ID[:min(len(s.ID), 10)]
		message, hint := "the message of commit "+short+" contains a learner's name or number", "leave names out of messages; if nobody has a copy of this one yet: git commit --amend"
		switch s.Of {
		case "branch":
			message, hint = "the name of the branch at commit "+short+" contains a learner's name or number", "rename it: git branch -m"
		case "tag":
			message, hint = "the name of the tag at commit "+short+" contains a learner's name or number", "make one with another name, and delete this one: git tag -d"
		}
		out = append(out, diag.Finding{Rule: nameInHistory.Name, Severity: nameInHistory.Severity, File: ".git", Message: message, Hint: hint})
	}
	return out
}

// speaksOfOne reports whether a text names somebody. In a message a name has a capital
// letter; lines that git or sendctl adds, as who signed it off, are passed over.
func speaksOfOne(f *folder.Folder, known, seen map[string]bool, s Spoken) bool {
	for line := range strings.Lines(s.Words) {
		if s.Of == "commit" && trailer(line) {
			continue
		}
		var last []string // the words of the line up to here
		var first []bool  // of each, whether a name may begin with it
		for w, ok := nextWord(line, 0); ok; w, ok = nextWord(line, w.end) {
			part := line[w.start:w.end]
			c, _ := utf8.DecodeRuneInString(part)
			last, first = append(last, strings.ToLower(part)), append(first, s.Of != "commit" || !unicode.IsLower(c))
			for n := range min(longestName, len(last)) {
				from := len(last) - 1 - n
				if !first[from] {
					continue
				}
				words := strings.Join(last[from:], " ")
				is, told := seen[words]
				if !told {
					is = known[calledBy(f, words)]
					seen[words] = is
				}
				if is {
					return true
				}
			}
		}
	}
	return false
}

// trailer reports whether a line of a message is one such as "Signed-off-by: …" or
// "Sendctl-Seals: …".
func trailer(line string) bool {
	key, _, ok := strings.Cut(line, ": ")
	return ok && strings.Contains(key, "-") && !strings.Contains(key, " ")
}
