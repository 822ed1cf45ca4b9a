package audit

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/trail"
)

// commit is what is kept of every commit: as little as will do, there may be a
// hundred thousand.
type commit struct {
	id      objects.ID
	parents []int32 // into walk.commits; those beyond where the walk ends are left out
	record  objects.ID
	claim   *claim
	seconds int64 // of its author, since 1970
	author  int32 // into walk.names: the e-mail address in small letters
	key     int32 // into walk.keys, or one of the values below
	cut     bool  // parents are there that were not walked: the border of a shallow clone, or of --since
	seals   bool  // it brought a seal
}

const (
	keyNone  int32 = -1 // not signed
	keyBad   int32 = -2 // signed, and the signature does not hold
	keyOther int32 = -3 // signed by something else than SSH
)

// claim is what a commit's message says of a sealing act.
type claim struct {
	act, learner string
	sealed       bool // it names what it sealed
}

// walk reads every commit that HEAD rests on, by its raw objects.
type walk struct {
	store  *objects.Store
	folder []string // the record folder's place in the trees
	border map[objects.ID]bool

	commits []commit
	at      map[objects.ID]int32
	names   words
	keys    words

	signatures chan signature // while commits are read

	children map[int32][]bool // see restsOn
	missing  []lost
	history  history
}

// lost is an object that could not be read.
type lost struct {
	err    error
	commit objects.ID
}

// signature is that of a commit, to be checked on whichever core is free.
type signature struct {
	commit       int32
	raw, armored []byte
}

// words numbers strings, each kept once.
type words struct {
	list []string
	at   map[string]int32
}

func (w *words) number(s string) int32 {
	if n, ok := w.at[s]; ok {
		return n
	}
	if w.at == nil {
		w.at = map[string]int32{}
	}
	n := int32(len(w.list))
	w.list = append(w.list, s)
	w.at[s] = n
	return n
}

func newWalk(store *objects.Store, repo *trail.Repo) (*walk, error) {
	w := &walk{store: store, border: map[objects.ID]bool{}, at: map[objects.ID]int32{}}
	if p := strings.TrimSuffix(repo.Prefix(), "/"); p != "" {
		w.folder = strings.Split(p, "/")
	}
	border, err := repo.Border()
	if err != nil {
		return nil, err
	}
	for _, id := range border {
		w.border[id] = true
	}
	return w, nil
}

// cut says where a walk ends: stop is asked of every commit before its trees are
// looked at, and one for which it is true is not gone beyond.
type cut func(id objects.ID, seconds int64) bool

// run reads the commits from head on, along first parents first, so that trees
// that differ little are read one after the other, then looks at what each changed.
func (w *walk) run(ctx context.Context, head objects.ID, stop cut, step func(done, of int)) error {
	if err := w.commitsFrom(ctx, head, stop); err != nil {
		return err
	}
	return w.compare(ctx, step)
}

// commitsFrom reads the commits. Each names the next, so that is one core's work;
// their signatures, which take far longer, are checked beside it.
func (w *walk) commitsFrom(ctx context.Context, head objects.ID, stop cut) error {
	w.signatures = make(chan signature, 64) // more would hold their bytes in memory
	var mu sync.Mutex
	var wg sync.WaitGroup
	signers := map[int32]string{} // "" where the signature does not hold
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for s := range w.signatures {
				key := signer(s.raw, s.armored)
				mu.Lock()
				signers[s.commit] = key
				mu.Unlock()
			}
		})
	}
	err := w.chase(ctx, head, stop)
	close(w.signatures)
	wg.Wait()
	for n, key := range signers {
		w.commits[n].key = keyBad
		if key != "" {
			w.commits[n].key = w.keys.number(key)
		}
	}
	return err
}

func (w *walk) chase(ctx context.Context, head objects.ID, stop cut) error {
	stack := []objects.ID{head}
	for n := 0; len(stack) > 0; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if _, ok := w.at[id]; ok {
			continue
		}
		parents, err := w.read(id, stop)
		if err != nil {
			if fatal(err) {
				return err
			}
			w.missing = append(w.missing, lost{err, id})
			continue
		}
		for i := len(parents) - 1; i >= 0; i-- {
			if _, ok := w.at[parents[i]]; !ok {
				stack = append(stack, parents[i])
			}
		}
	}
	return nil
}

// fatal reports whether an error is none of the history's own.
func fatal(err error) bool {
	var missing *objects.MissingError
	var damaged *objects.DamagedError
	var kind *objects.KindError
	var large *objects.TooLargeError
	return !errors.As(err, &missing) && !errors.As(err, &damaged) && !errors.As(err, &kind) && !errors.As(err, &large)
}

// of reads an object of one kind, hashed.
func of(store *objects.Store, want objects.Kind, id objects.ID) ([]byte, error) {
	kind, data, err := store.Verified(id)
	if err != nil {
		return nil, err
	}
	if kind != want {
		return nil, &objects.KindError{ID: id, Got: kind, Want: want}
	}
	return data, nil
}

// read takes one commit in, and gives its parents as far as they are to be read.
func (w *walk) read(id objects.ID, stop cut) ([]objects.ID, error) {
	raw, err := of(w.store, objects.Commit, id)
	if err != nil {
		return nil, err
	}
	info, err := objects.ParseCommit(raw)
	if err != nil {
		return nil, &objects.DamagedError{Where: "git object " + id.String(), What: err.Error()}
	}
	c := commit{id: id, seconds: info.Author.Seconds, key: keyNone, claim: claimOf(info.Message)}
	c.author = w.names.number(strings.ToLower(info.Author.Email))
	if c.record, err = w.below(info.Tree); err != nil {
		return nil, err
	}
	parents := info.Parents
	switch {
	case w.border[id]:
		c.cut, parents = true, nil
	case stop != nil && stop(id, info.Time):
		c.cut, parents = true, nil
	}
	c.parents = make([]int32, 0, len(parents))
	n := int32(len(w.commits))
	switch {
	case info.Signature == nil:
	case strings.HasPrefix(string(info.Signature), "-----BEGIN SSH SIGNATURE-----"):
		c.key = keyBad // until it is known to hold
		w.signatures <- signature{n, raw, info.Signature}
	default:
		c.key = keyOther
	}
	w.at[id] = n
	w.commits = append(w.commits, c)
	// Numbers of parents are filled in once all are read.
	w.history.later = append(w.history.later, parents...)
	w.history.ends = append(w.history.ends, len(w.history.later))
	return parents, nil
}

// below finds the record folder's own tree; zero where the commit has none.
func (w *walk) below(tree objects.ID) (objects.ID, error) {
	for _, name := range w.folder {
		raw, err := of(w.store, objects.Tree, tree)
		if err != nil {
			return objects.ID{}, err
		}
		e, ok, err := objects.FindEntry(raw, name)
		if err != nil {
			return objects.ID{}, &objects.DamagedError{Where: "git object " + tree.String(), What: err.Error()}
		}
		if !ok || !e.IsTree() {
			return objects.ID{}, nil
		}
		tree = e.ID
	}
	return tree, nil
}

// link turns the parents' ids into numbers.
func (w *walk) link() {
	from := 0
	for i, end := range w.history.ends {
		for _, id := range w.history.later[from:end] {
			if n, ok := w.at[id]; ok {
				w.commits[i].parents = append(w.commits[i].parents, n)
			} else {
				w.commits[i].cut = true // missing, and told of as that
			}
		}
		from = end
	}
	w.history.later, w.history.ends = nil, nil
}

// signer checks a commit's signature against the key that it names itself, and gives
// that key; whose it is, the roster says later. It is "" where the signature does not
// hold.
func signer(raw, armored []byte) string {
	if len(armored) > 0 && armored[len(armored)-1] != '\n' {
		armored = append(append([]byte(nil), armored...), '\n')
	}
	key, err := seal.KeyOf(armored)
	if err != nil || seal.VerifySignature(unsigned(raw), armored, "git", key) != nil {
		return ""
	}
	return key
}

// unsigned is a commit as it was signed: without its signatures.
func unsigned(raw []byte) []byte {
	head, message, found := strings.Cut(string(raw), "\n\n")
	var out strings.Builder
	skip := false
	for line := range strings.Lines(head + "\n") {
		if strings.HasPrefix(line, " ") && skip {
			continue
		}
		skip = strings.HasPrefix(line, "gpgsig ") || strings.HasPrefix(line, "gpgsig-sha256 ")
		if !skip {
			out.WriteString(line)
		}
	}
	if found {
		out.WriteString("\n" + message)
	}
	return []byte(out.String())
}

// sealing are the acts that always seal something of a learner's, as the first word
// of a commit's subject names them.
func sealing(act string) bool {
	switch act {
	case "review", "advance", "correct", "letter", "decide", "impact", "send", "agree", "handover", "receive":
		return true
	}
	return false
}

// claimOf reads from a commit's message which sealing act it says it is: by its
// subject, or by the lines that sendctl writes below it.
func claimOf(message []byte) *claim {
	text := "\n" + strings.TrimLeft(string(message[:min(len(message), 4096)]), "\n")
	line := func(start string) (string, bool) {
		_, after, found := strings.Cut(text, "\n"+start)
		value, _, _ := strings.Cut(after, "\n")
		return strings.TrimSpace(value), found
	}
	subject, _ := line("")
	act, rest, _ := strings.Cut(subject, ":")
	_, sealed := line("Sendctl-Seals: ")
	if !sealing(act) {
		named, _ := line("Sendctl-Action: ")
		if !sealing(named) && !sealed {
			return nil
		}
		if act = named; act == "" {
			act = "seal"
		}
		rest, _ = line("Sendctl-Learner: ")
	}
	c := &claim{act: act, sealed: sealed}
	for word := range strings.FieldsSeq(rest) {
		if ids.ValidLearner(word) {
			c.learner = word
			break
		}
	}
	return c
}

// ancestors gives, for every commit walked, whether from rests on it; from itself
// counts.
func (w *walk) ancestors(from int32) []bool {
	seen := make([]bool, len(w.commits))
	stack := []int32{from}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		stack = append(stack, w.commits[n].parents...)
	}
	return seen
}

// oldestFirst gives the numbers of the commits so that each comes after its parents.
func (w *walk) oldestFirst() []int32 {
	waiting := make([]int32, len(w.commits))
	children := make([][]int32, len(w.commits))
	var ready, out []int32
	for i := range w.commits {
		waiting[i] = int32(len(w.commits[i].parents))
		for _, p := range w.commits[i].parents {
			children[p] = append(children[p], int32(i))
		}
		if waiting[i] == 0 {
			ready = append(ready, int32(i))
		}
	}
	for len(ready) > 0 {
		n := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		out = append(out, n)
		for _, c := range children[n] {
			if waiting[c]--; waiting[c] == 0 {
				ready = append(ready, c)
			}
		}
	}
	return out
}

func (c *commit) when() time.Time { return time.Unix(c.seconds, 0).UTC() }

func (w *walk) idOf(n int32) string {
	if n < 0 {
		return ""
	}
	return w.commits[n].id.String()
}

func (l lost) String() string { return fmt.Sprintf("%s: %v", l.commit, l.err) }
