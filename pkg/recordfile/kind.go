package recordfile

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/schemas"
)

// Kind is a kind of record file: cycle, learner, contacts …
type Kind string

// The kinds of file in a record folder.
const (
	Setting    Kind = "setting"
	People     Kind = "people"
	Pathway    Kind = "pathway"
	Identity   Kind = "identity"
	Learner    Kind = "learner"
	Contacts   Kind = "contacts"
	Cycle      Kind = "cycle"
	Move       Kind = "move"
	Request    Kind = "request"
	Decision   Kind = "decision"
	Impact     Kind = "impact"
	Advice     Kind = "advice"
	Correction Kind = "correction"
	Passport   Kind = "passport"
	Profile    Kind = "profile"
	Readings   Kind = "readings"
	Letter     Kind = "letter"
	Key        Kind = "key"
	Removal    Kind = "removal"
	Handover   Kind = "handover"
	Receipt    Kind = "receipt"
	Arrival    Kind = "arrival"

	// Codes are the dated code lists that come with the program; no folder holds one.
	Codes Kind = "codes"
	// Limits are the numbers that rules go by; no folder holds a file of them.
	Limits Kind = "limits"
	// CensusRules are what the DfE refuses or queries of a census; no folder holds any.
	CensusRules Kind = "census-rules"
	// Words are the word lists that advice on wording goes by; no folder holds one.
	Words Kind = "words"
)

// version is the format version this build reads and writes, the same for every kind so far.
const version = 1

// Format is the first line's value in a file of kind k, such as "cycle/v1".
func (k Kind) Format() string { return fmt.Sprintf("%s/v%d", k, version) }

// KindAt says which kind of file belongs at a slash path of the record folder;
// ok is false for a path that is none of the record's.
func KindAt(p string) (k Kind, ok bool) {
	switch p {
	case "sendctl.yaml":
		return Setting, true
	case "people.yaml":
		return People, true
	case "pathway.yaml":
		return Pathway, true
	}
	home, rest, below := strings.Cut(p, "/")
	if !below || path.Ext(p) != ".yaml" {
		return "", false
	}
	switch {
	case home == "keys" && !strings.Contains(rest, "/"):
		return Key, true
	case home == "removals" && !strings.Contains(rest, "/"):
		return Removal, true
	case home != "learners":
		return "", false
	}
	_, rest, below = strings.Cut(rest, "/") // the learner
	if !below {
		return "", false
	}
	dir, name, below := strings.Cut(rest, "/")
	if !below {
		k = Kind(strings.TrimSuffix(rest, ".yaml"))
		switch k {
		case Identity, Learner, Contacts, Passport, Profile, Readings, People:
			return k, true
		}
		return k, false
	}
	if strings.Contains(name, "/") {
		return "", false
	}
	switch dir {
	case "cycles":
		return Cycle, true
	case "moves":
		return Move, true
	case "advice":
		return Advice, true
	case "corrections":
		return Correction, true
	case "requests":
		return requestKind(name), true
	case "handovers":
		if afterwards(name) == Receipt {
			return Receipt, true
		}
		return Handover, true
	case "arrivals":
		return Arrival, true
	}
	return "", false
}

// requestKind tells the files of requests/ apart.
func requestKind(name string) Kind {
	if k := afterwards(name); k == Decision || k == Impact || k == Letter {
		return k
	}
	return Request
}

// afterwards is what follows on another file, which it is named for: decision of
// 2026-10-14-cosa-m3xt-decision-w3xk.yaml.
func afterwards(name string) Kind {
	if strings.Count(name, "-") < 5 {
		return ""
	}
	before, _ := cutLast(strings.TrimSuffix(name, ".yaml"))
	_, word := cutLast(before)
	return Kind(word)
}

// Beside reads the name of a file that a merge put beside the one it could not go
// into: 2025-09-29-passport-k4f7-late-m2xq.yaml is what somebody wrote into k4f7
// when it was sealed elsewhere (late), or a second sealed one of it (second). of
// is the path of the file it lies beside. The like holds of a seal,
// seals/k4f7-review-second-m2xq.seal.
func Beside(p string) (of, word, id string, ok bool) {
	ext := path.Ext(p)
	stem := strings.TrimSuffix(p, ext)
	if ext != ".yaml" && ext != ".seal" || strings.Count(path.Base(stem), "-") < 3 {
		return "", "", "", false
	}
	stem, id = cutLast(stem)
	stem, word = cutLast(stem)
	if !ids.ValidFile(id) || word != Late && word != Second {
		return "", "", "", false
	}
	return stem + ext, word, id, true
}

// cutLast cuts a name at its last dash.
func cutLast(name string) (before, after string) {
	i := strings.LastIndexByte(name, '-')
	return name[:max(i, 0)], name[i+1:]
}

// The words in the names of files that lie beside another; see Beside.
const (
	Late   = "late"
	Second = "second"
)

// VersionError says that a file's format is too old or too new for this build.
type VersionError struct {
	File   string
	Format string
	Newer  bool
}

func (e *VersionError) Error() string {
	if e.Newer {
		return fmt.Sprintf("%s has format %s, newer than this sendctl reads: update sendctl", e.File, e.Format)
	}
	return fmt.Sprintf("%s has format %s, older than this sendctl reads: use the sendctl release that wrote it", e.File, e.Format)
}

// Finding is the error as something found in the file.
func (e *VersionError) Finding() diag.Finding {
	f := diag.Finding{Rule: "format", Severity: diag.Error, File: e.File, Path: "format",
		Message: "this format is older than this sendctl reads, so the file was not checked", Hint: "open the folder with the sendctl release that wrote it; or correct the number after the v, if it is a slip"}
	if e.Newer {
		f.Message, f.Hint = "this format is newer than this sendctl reads, so the file was not checked", "update sendctl; or correct the number after the v, if it is a slip"
	}
	return f
}

// checkFormat reads the `format:` line before anything else is decoded.
func checkFormat(file, format string, want Kind) (*diag.Finding, error) {
	name, v, found := strings.Cut(format, "/v")
	n, err := strconv.Atoi(v)
	if !found || err != nil || n < 0 {
		return &diag.Finding{Rule: "format", Severity: diag.Error, File: file, Path: "format",
			Message: "the format line is missing or not understood", Hint: "write as the first line: format: " + want.Format()}, nil
	}
	if name != string(want) {
		return &diag.Finding{Rule: "format", Severity: diag.Error, File: file, Path: "format",
			Message: fmt.Sprintf("a file at this place must have format %s%s", want.Format(), diag.DidYouMean(name, schemas.Kinds())),
			Hint:    "write as the first line: format: " + want.Format()}, nil
	}
	if n != version {
		return nil, &VersionError{File: file, Format: format, Newer: n > version}
	}
	return nil, nil
}
