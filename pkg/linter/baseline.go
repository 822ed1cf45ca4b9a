package linter

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// BaselineFormat is the first line of a baseline, as {"format":"sendctl-baseline/1"}.
const BaselineFormat = "sendctl-baseline/1"

// Baseline is what was found when a folder began to be checked, and is left for later.
// It can only become shorter.
type Baseline struct{ entries []Entry }

// Entry is one finding of a baseline. It holds no line, so that it stays the same when
// lines move, and no value.
type Entry struct {
	Rule    string `json:"rule"`
	Learner string `json:"learner,omitempty"` // "" for a file of the folder itself
	File    string `json:"file"`              // below the learner's folder, or the folder itself
	Path    string `json:"path,omitempty"`    // with an entry's id in place of its number, where it has one
	Hash    string `json:"hash"`              // of the value there, salted with the rule and the place
}

// InFolder is the path of the entry's file from the root of the record folder.
func (e Entry) InFolder() string {
	if e.Learner == "" {
		return e.File
	}
	return "learners/" + e.Learner + "/" + e.File
}

func (e Entry) compare(o Entry) int {
	return cmp.Or(strings.Compare(e.Learner, o.Learner), strings.Compare(e.File, o.File), strings.Compare(e.Path, o.Path),
		strings.Compare(e.Rule, o.Rule), strings.Compare(e.Hash, o.Hash))
}

// BaselineError says that a file is no baseline, and in which line.
type BaselineError struct {
	Name    string
	Line    int
	Message string
}

func (e *BaselineError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Message)
}

// ReadBaseline reads a baseline strictly; the error is a *BaselineError. name is what it
// is called in that.
func ReadBaseline(name string, b []byte) (Baseline, error) {
	var out Baseline
	bad := func(line int, format string, args ...any) (Baseline, error) {
		return Baseline{}, &BaselineError{Name: name, Line: line, Message: fmt.Sprintf(format, args...)}
	}
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n"), "\n")
	var head struct {
		Format string `json:"format"`
	}
	if err := strict(lines[0], &head); err != nil || head.Format != BaselineFormat {
		if strings.HasPrefix(head.Format, "sendctl-baseline/") {
			return bad(1, "this baseline was written by another version of sendctl; this one reads %s", BaselineFormat)
		}
		return bad(1, `a baseline begins with the line {"format":%q}`, BaselineFormat)
	}
	for i, l := range lines[1:] {
		var e Entry
		if err := strict(l, &e); err != nil {
			return bad(i+2, "this line is no finding of a baseline; each is an object with rule, learner, file, path and hash")
		}
		if e.Rule == "" || e.File == "" || len(e.Hash) < 2 || strings.Trim(e.Hash, "0123456789abcdef") != "" || e.Learner != "" && !ids.ValidLearner(e.Learner) {
			return bad(i+2, "this finding of the baseline lacks its rule, file or hash, or has one that is none")
		}
		out.entries = append(out.entries, e)
	}
	slices.SortStableFunc(out.entries, Entry.compare)
	return out, nil
}

// strict reads one JSON object that has no keys but those known, and nothing behind it.
func strict(line string, v any) error {
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more behind the object")
	}
	return nil
}

// Bytes is the baseline as a file: the same entries are the same bytes.
func (b Baseline) Bytes() []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(map[string]string{"format": BaselineFormat}) // neither can fail: text into memory
	for _, e := range b.entries {
		_ = enc.Encode(e)
	}
	return out.Bytes()
}

// Len is how many findings the baseline holds.
func (b Baseline) Len() int { return len(b.entries) }

// NewBaseline is the baseline of what was found. refused are the findings that none may
// hold: a file that cannot be read to the last word, and a seal that does not fit.
func NewBaseline(found []diag.Finding, source func(file string) []byte) (b Baseline, refused []diag.Finding) {
	keys := newKeys(source)
	for _, x := range found {
		if !baselines(x) {
			refused = append(refused, x)
			continue
		}
		b.entries = append(b.entries, keys.of(x))
	}
	slices.SortFunc(b.entries, Entry.compare)
	return b, refused
}

// Compared is what a baseline says of findings.
type Compared struct {
	Left       []diag.Finding    // what it does not hold: these count
	Suppressed []diag.Suppressed // what it holds
	Stale      []Entry           // what it holds and nothing finds any more
}

// Compare holds findings against the baseline. Of two equal findings each needs an
// entry of its own. waived are findings that do not count anyway, but whose entries are
// not stale either. judged says whether this run would have found what a rule finds in
// a file; see Options.Judged.
func (b Baseline) Compare(found []diag.Finding, waived []diag.Suppressed, source func(file string) []byte, judged func(rule, file string) bool) Compared {
	keys := newKeys(source)
	open := map[Entry]int{}
	for _, e := range b.entries {
		open[e]++
	}
	var out Compared
	for _, x := range found {
		e := keys.of(x)
		if !baselines(x) || open[e] == 0 {
			out.Left = append(out.Left, x)
			continue
		}
		open[e]--
		out.Suppressed = append(out.Suppressed, diag.Suppressed{Finding: x, How: diag.Baseline})
	}
	for _, x := range waived {
		if e := keys.of(x.Finding); open[e] > 0 {
			open[e]--
		}
	}
	for i := len(b.entries) - 1; i >= 0; i-- {
		if e := b.entries[i]; open[e] > 0 && judged(e.Rule, e.InFolder()) {
			open[e]--
			out.Stale = append(out.Stale, e)
		}
	}
	slices.Reverse(out.Stale)
	return out
}

// Told are the stale entries as findings. update is the command that takes them out.
func (c Compared) Told(update string) []diag.Finding {
	var out []diag.Finding
	for _, e := range c.Stale {
		out = append(out, diag.Finding{Rule: "baseline-stale", Severity: diag.Error, File: e.InFolder(), Path: e.Path,
			Message: "the baseline has a finding of " + e.Rule + " here, which is no longer found",
			Hint:    "take it out, so that it does not come back unseen: " + update})
	}
	return out
}

// Judged says of a run by o, that came to r, whether it would have found what a rule
// finds in a file.
func (o Options) Judged(r Result) func(rule, file string) bool {
	return func(rule, file string) bool {
		known, _ := ruleNamed(rule)
		lost := slices.ContainsFunc(r.Lost, func(id string) bool { return below(file, "learners/"+id) }) ||
			slices.ContainsFunc(r.Unread, func(p string) bool { return !strings.HasPrefix(p, "learners/") }) // which bears on all
		return !o.unwanted(file) && !lost && (r.Whole || !known.Whole)
	}
}

// Without is the baseline less some of its entries, each taken out once.
func (b Baseline) Without(stale []Entry) Baseline {
	gone := map[Entry]int{}
	for _, e := range stale {
		gone[e]++
	}
	var out Baseline
	for _, e := range b.entries {
		if gone[e] > 0 {
			gone[e]--
			continue
		}
		out.entries = append(out.entries, e)
	}
	return out
}

// baselines reports whether a finding may stand in a baseline. An error of the format
// hides what else is wrong with its file, and a broken seal is no fault of long ago to
// be lived with: nobody knows what was there.
func baselines(x diag.Finding) bool {
	if x.Severity != diag.Error {
		return true
	}
	rule, known := ruleNamed(x.Rule)
	if !known || rule.Group().Name == "format" {
		return false
	}
	return !slices.Contains([]string{"sealed", "keys", "correction", "taken-away"}, x.Rule)
}

// keys makes entries of findings. A file is parsed once for a run of findings in it.
type keys struct {
	source func(string) []byte
	file   string
	doc    *yamldoc.Doc
}

func newKeys(source func(string) []byte) *keys { return &keys{source: source} }

func (k *keys) of(x diag.Finding) Entry {
	if k.file != x.File || k.doc == nil {
		k.file, k.doc = x.File, nil
		if b := k.source(x.File); b != nil {
			k.doc, _ = yamldoc.Parse(x.File, b)
		}
	}
	e := Entry{Rule: x.Rule, File: x.File, Path: x.Path}
	if parts := strings.SplitN(x.File, "/", 3); len(parts) == 3 && parts[0] == "learners" && ids.ValidLearner(parts[1]) {
		e.Learner, e.File = parts[1], parts[2]
	}
	value := "-"
	if p, err := yamldoc.ParsePath(x.Path); err == nil && k.doc != nil && x.Path != "" {
		e.Path = byIDs(k.doc, p).String()
		if n := k.doc.Find(p); n != nil {
			value = meaning(n)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{BaselineFormat, e.Rule, e.Learner, e.File, e.Path, value}, "\x00")))
	e.Hash = hex.EncodeToString(sum[:])[:hashLength(e)]
	return e
}

// hashLength is how many figures of a hash are kept. Whoever has a file of hashes can try
// values: a birthday is one of some thousand, a UPN one of some million. So of what is
// about who the child is only so little is kept that very many values fit; a change there
// goes unseen once in 256 times.
func hashLength(e Entry) int {
	if e.Learner != "" && e.File == "identity.yaml" {
		return 2
	}
	return 32
}

// Places gives the paths of findings with an entry's id in place of its number, where it
// has one: see diagfmt.Options. It holds no value. source gives a file's bytes, nil where
// it cannot be had.
func Places(source func(file string) []byte) func(diag.Finding) string {
	k := newKeys(source)
	return func(x diag.Finding) string { return k.of(x).Path }
}

// byIDs gives a path with the id of a list's entry in place of its number, so that an
// entry put in before it does not make another of it.
func byIDs(doc *yamldoc.Doc, p yamldoc.Path) yamldoc.Path {
	out := slices.Clone(p)
	for i, step := range p {
		if !step.IsIndex() {
			continue
		}
		n := doc.Find(p[:i+1])
		id := n.Get("id")
		if id == nil || id.Kind != yamldoc.Scalar || !isID(id.Value) {
			continue
		}
		out[i] = yamldoc.IDStep(id.Value)
		if back, ok := doc.Canonical(out[:i+1]); !ok || back[i] != step {
			out[i] = step // another entry bears the same id
		}
	}
	return out
}

// isID reports whether a word can be an id that the record made: anything else may be
// somebody's name.
func isID(s string) bool {
	if ids.ValidFile(s) {
		return true
	}
	return len(s) >= 2 && len(s) <= 4 && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s[1:], "0123456789") == ""
}

// meaning is what a value says, without how it is written and in what order its keys
// stand.
func meaning(n *yamldoc.Node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

func write(b *strings.Builder, n *yamldoc.Node) {
	text := func(s string) {
		b.WriteString(strconv.Itoa(len(s)))
		b.WriteByte(':')
		b.WriteString(s)
	}
	switch n.Kind {
	case yamldoc.Scalar:
		b.WriteByte('s')
		text(n.Value)
	case yamldoc.List:
		b.WriteByte('[')
		for _, it := range n.Items {
			write(b, it)
		}
		b.WriteByte(']')
	case yamldoc.Map:
		b.WriteByte('{')
		pairs := slices.Clone(n.Pairs)
		slices.SortStableFunc(pairs, func(a, c yamldoc.Pair) int { return strings.Compare(a.Key.Value, c.Key.Value) })
		for _, p := range pairs {
			text(p.Key.Value)
			write(b, p.Value)
		}
		b.WriteByte('}')
	}
}
