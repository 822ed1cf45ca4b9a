package trail

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Entry is one commit of a History.
type Entry struct {
	ID        string
	Parents   []string // all of them, as the commit says
	Author    Ident
	Committer Ident
	Subject   string // the first paragraph on one line, as git's %s
	Body      string // what follows it, trailers included, without line breaks at its ends
	Trailers  []Trailer
	Signature []byte   // the armoured signature in the commit, nil when it has none
	Changed   []string // what Repo.Changed lists for it and the paths, when the Query asks for Files
}

// Query says which history is wanted.
type Query struct {
	From  string   // a revision as Resolve knows it; "" is HEAD
	Paths []string // slash paths of the record folder; none is all of it
	Files bool     // fill Entry.Changed
	Proof bool     // read and hash the commits and trees themselves, no cache of git's or ours: for who must prove something
}

// History gives the commits that changed anything at or under the paths, newest
// first: exactly those, in that order, that `git log -- PATH…` lists with git's
// default simplification (a merge that is the same as one parent in these paths
// follows that parent only; renames are not followed). Without paths it is every
// commit that touched the record folder. On a branch without a commit it is empty.
//
// Paths are names, never patterns. Replace refs and grafts are not followed. A
// commit that is missing ends it with a *objects.MissingError, wrapped, except
// at the border of a shallow clone, where git ends too. After an error nothing follows.
func (r *Repo) History(ctx context.Context, paths ...string) iter.Seq2[Entry, error] {
	return r.HistoryOf(ctx, Query{Paths: paths})
}

// HistoryOf is History with a starting point and a choice of what to trust.
func (r *Repo) HistoryOf(ctx context.Context, q Query) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		fail := func(err error) {
			if errors.As(err, new(*objects.MissingError)) && r.promised() {
				err = fmt.Errorf("%w: this is a partial clone; `git fetch --refetch --no-filter` brings everything", err)
			}
			yield(Entry{}, fmt.Errorf("read the history: %w", err))
		}
		p, err := r.openPast(ctx, q)
		if err != nil {
			fail(err)
			return
		}
		defer p.close()
		err = p.ids(ctx, func(id objects.ID) error {
			e, err := p.entry(id)
			if err == nil && q.Files {
				e.Changed, err = p.changed(id)
			}
			if err != nil {
				return err
			}
			if !yield(e, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			fail(err)
		}
	}
}

// errEnough says that the reader has enough.
var errEnough = errors.New("enough")

// past is one reading of history: the open stores and what is asked.
type past struct {
	store   *objects.Store
	own     bool           // the store is this reading's own
	graph   *objects.Graph // nil when there is none or none may be used
	shallow map[objects.ID]bool
	index   *touched // nil when there is none
	from    objects.ID
	prefix  string   // of the record folder in the work tree, as Repo has it
	paths   []string // of the work tree, without slashes at the ends; none is no pruning
}

func (r *Repo) openPast(ctx context.Context, q Query) (_ *past, err error) {
	if err := r.supported(); err != nil {
		return nil, err
	}
	p := &past{prefix: r.prefix}
	if p.paths, err = r.pathsOf(q.Paths); err != nil {
		return nil, err
	}
	if q.Proof {
		p.own = true
		if p.store, err = r.ownStore(); err == nil {
			p.store.Verify = true
		}
	} else {
		p.store, err = r.openStore()
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.shallow, err = r.shallow(); err != nil {
		return nil, err
	}
	if q.From == "" {
		h, err := r.head()
		if err != nil {
			return nil, err
		}
		p.from = objects.ID(h.id)
	} else if p.from, err = r.resolve(p.store, q.From); err != nil {
		return nil, err
	}
	if q.Proof || len(p.shallow) > 0 || p.from.IsZero() {
		return p, nil
	}
	if r.local.truth("core.commitgraph", true) {
		p.graph = p.store.Graph()
	}
	if len(p.paths) > 0 {
		p.index = r.openTouched(ctx, p)
	}
	return p, nil
}

func (p *past) close() {
	if p.graph != nil {
		p.graph.Close()
	}
	if p.own && p.store != nil {
		p.store.Close()
	}
}

// pathsOf turns paths of the record folder into those of the work tree. The
// record folder itself is "." or "": no pruning at all when it is the top, as a
// commit that changes nothing belongs to nobody else.
func (r *Repo) pathsOf(paths []string) ([]string, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	full := make([]string, 0, len(paths))
	for _, name := range paths {
		if name = path.Clean(name); name == "." {
			if r.prefix == "" {
				return nil, nil
			}
			full = append(full, strings.TrimSuffix(r.prefix, "/"))
			continue
		}
		one, err := r.full(name)
		if err != nil {
			return nil, err
		}
		full = append(full, one)
	}
	return full, nil
}

// ids visits the ids of the history in order.
func (p *past) ids(ctx context.Context, visit func(objects.ID) error) error {
	if p.from.IsZero() {
		return nil
	}
	if p.index != nil {
		return p.index.walk(ctx, p, visit)
	}
	return newPastWalk(p).run(ctx, visit)
}

func (p *past) entry(id objects.ID) (Entry, error) {
	raw, err := p.store.Of(objects.Commit, id)
	if err != nil {
		return Entry{}, err
	}
	c, err := objects.ParseCommit(raw)
	if err != nil {
		return Entry{}, fmt.Errorf("commit %s: %w", id, err)
	}
	message := messageText(c.Message, c.Encoding)
	e := Entry{
		ID:        id.String(),
		Author:    identOf(c.Author, c.Encoding),
		Committer: identOf(c.Committer, c.Encoding),
		Trailers:  Trailers(message),
		Signature: c.Signature,
	}
	for _, parent := range c.Parents {
		e.Parents = append(e.Parents, parent.String())
	}
	e.Subject, e.Body = subjectBody(message)
	return e, nil
}

func identOf(i objects.Ident, encoding string) Ident {
	return Ident{Name: messageText([]byte(i.Name), encoding), Email: messageText([]byte(i.Email), encoding), When: i.When()}
}

// messageText is a commit's bytes as UTF-8. Of other encodings only Latin-1 is known,
// the one that git's own documents tell people to set; elsewhere what is not
// UTF-8 becomes U+FFFD.
func messageText(b []byte, encoding string) string {
	switch strings.ToLower(encoding) {
	case "iso-8859-1", "iso8859-1", "latin1", "latin-1":
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes)
	}
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// subjectBody splits a message as git's %s and %b do.
func subjectBody(message string) (subject, body string) {
	message = strings.TrimLeft(message, "\n")
	var lines []string
	for message != "" {
		line, rest, _ := strings.Cut(message, "\n")
		line = strings.TrimRight(line, " \t\r\v\f")
		if line == "" && len(lines) > 0 {
			break
		}
		if line != "" {
			lines = append(lines, line)
		}
		message = rest
	}
	return strings.Join(lines, " "), strings.Trim(message, "\n")
}
