package casework

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// cut is what a removal takes out of the history. It is kept in the journal of one
// that was cut off, so it holds ids, paths and hashes alone.
type cut struct {
	Learner string       `json:"learner"`
	Files   []string     `json:"files,omitempty"` // ids; with Paths empty too, everything of the learner goes
	Paths   []string     `json:"paths,omitempty"` // in the learner's folder
	Blobs   []objects.ID `json:"blobs,omitempty"` // attachments, under whatever name
}

// whole reports whether everything of the learner goes.
func (c cut) whole() bool { return len(c.Files) == 0 && len(c.Paths) == 0 }

// withinPlace begins the place of a folder that lies in the learner's own.
const withinPlace = "+"

// Entry is that of trail.Cut. A learner's id is drawn from so many that nothing else
// bears it: wherever it is part of a name, that is this learner's.
func (c cut) Entry(place string, e objects.TreeEntry) (goes bool, below string) {
	if c.whole() {
		return bytes.Contains(e.Name, []byte(c.Learner)), ""
	}
	if place == "" {
		if e.IsTree() && string(e.Name) == c.Learner {
			return false, withinPlace
		}
		return false, ""
	}
	at := place + "/" + string(e.Name)
	if e.IsTree() {
		return false, at
	}
	return c.takes(strings.TrimPrefix(at, withinPlace+"/"), e.ID), ""
}

// takes judges one file of the learner's by its path in the learner's folder.
func (c cut) takes(p string, id objects.ID) bool {
	if slices.Contains(c.Paths, p) || strings.HasPrefix(p, "attachments/") && slices.Contains(c.Blobs, id) {
		return true
	}
	return slices.ContainsFunc(idsIn(p), func(id string) bool { return slices.Contains(c.Files, id) })
}

// idsIn lists the ids that a file of the record bears in its name, its own last: a
// letter is named for its request, what came late for the file it lies beside. The
// last one that a removal names is enough, since the rest follows on that.
func idsIn(p string) []string {
	dir, name := path.Split(p)
	ext := path.Ext(name)
	words := strings.Split(strings.TrimSuffix(name, ext), "-")
	var out []string
	switch {
	case strings.HasPrefix(p, "attachments/") || dir == "":
		return nil
	case ext == ".seal":
		out = append(out, words[0])
		if _, _, id, ok := recordfile.Beside(p); ok {
			out = append(out, id)
		}
		return out
	case ext != ".yaml":
		return nil
	}
	for n := len(words); n > 3 && ids.ValidFile(words[n-1]); n -= 2 { // a date is three words
		out = append(out, words[n-1])
		if n < 3 || !follows(words[n-2]) {
			break
		}
	}
	slices.Reverse(out)
	return out
}

// follows are the words by which a file is named for another.
func follows(word string) bool {
	return slices.Contains([]string{recordfile.Late, recordfile.Second, string(recordfile.Decision), string(recordfile.Impact), string(recordfile.Letter), string(recordfile.Receipt)}, word)
}

// below is the path of a file in the learner's folder, from a path that leads through it.
func (c cut) below(p string) (string, bool) {
	if rest, ok := strings.CutPrefix(p, c.Learner+"/"); ok {
		return rest, true
	}
	_, rest, ok := strings.Cut(p, "/"+c.Learner+"/")
	return rest, ok
}

// names reports whether a line of a message names something that goes.
func (c cut) names(line string) bool {
	if !strings.Contains(line, c.Learner) {
		return false
	}
	if c.whole() {
		return true
	}
	return slices.ContainsFunc(strings.Fields(line), func(word string) bool {
		p, ok := c.below(strings.Trim(word, `"'(),;:`))
		return ok && c.takes(p, objects.ID{})
	})
}

// removedAct stands in a message for an act that sealed what was removed, and that
// changed something else besides.
const removedAct = "removed"

// Message is that of trail.Cut: lines that name what goes are taken out. A commit that
// sealed it, and stays for what else it changed, says no longer that it did.
func (c cut) Message(text []byte, lost bool) []byte {
	if !bytes.Contains(text, []byte(c.Learner)) {
		return text
	}
	var out []string
	unsealed, sealed := false, false
	for i, line := range strings.Split(string(text), "\n") {
		is := strings.HasPrefix(line, "Sendctl-Seals: ")
		switch {
		case c.names(line) && i == 0:
			out = append(out, removedAct+": what this commit told was removed")
		case c.names(line):
			unsealed = unsealed || is
		default:
			sealed = sealed || is
			out = append(out, line)
		}
	}
	if lost && unsealed && !sealed {
		for i, line := range out {
			if act, rest, ok := strings.Cut(line, ": "); ok && (i == 0 && !strings.Contains(act, " ") || act == "Sendctl-Action") {
				if i == 0 {
					out[i] = removedAct + ": " + rest
				} else {
					out[i] = act + ": " + removedAct
				}
			}
		}
	}
	return []byte(strings.Join(out, "\n"))
}
