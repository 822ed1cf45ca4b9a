package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/store"
)

// MaxAttachment is the largest file that is taken as an attachment, in bytes: a
// history keeps every one of them for good.
const MaxAttachment = 20 << 20

// Citation is what somebody cites for an item of evidence, or the reason why the
// item does not apply.
type Citation struct {
	Item    string
	Cites   string // an id, learner, passport …, or sha256:…; "" where None
	Pages   string
	None    bool
	Because learner.Words
	file    attachment
}

// attachment is a file that is cited by its hash.
type attachment struct {
	path string // in the record folder; "" for one that is still to be copied into it
	ext  string // of its name, with the dot
	data []byte
}

// Item finds an item of evidence of a kind of request; the error is an *UnknownWordError.
func Item(l gate.Life, typed string) (string, error) {
	for _, id := range l.Kind.Evidence {
		if strings.EqualFold(id, typed) {
			return id, nil
		}
	}
	return "", &UnknownWordError{What: "item of evidence of " + string(l.Kind.Words), Typed: typed, Known: l.Kind.Evidence, Flag: "ITEM"}
}

// Cite finds what typed names: one of the learner's own pages, a file or contact by
// its id, or a file on disk, seen from dir. root is where the record folder lies.
// What cannot be cited is an *UnknownWordError, a *SupplyError or an error of reading.
func Cite(c Case, root, dir, typed string) (Citation, error) {
	r := c.Record
	pages := []struct {
		name  string
		there bool
	}{{"learner", true}, {"passport", r.Passport.Doc != nil}, {"profile", r.Profile.Doc != nil}, {"contacts", r.Contacts.Doc != nil}, {"readings", r.Readings.Doc != nil}}
	var known []string
	for _, p := range pages {
		if p.there {
			known = append(known, p.name)
		} else if p.name == typed {
			return Citation{}, state("%s has no %s yet, so it cannot be cited", r.ID, typed)
		}
	}
	known = append(known, citable(r)...)
	if slices.Contains(known, typed) {
		return Citation{Cites: typed}, nil
	}
	found, err := onDisk(root, dir, r.Dir, typed)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(typed, `./\`) {
		return Citation{}, &UnknownWordError{What: "file or contact of " + r.ID + ", and no file lies here under that name", Typed: typed, Known: known, Flag: "FILE"}
	}
	if err != nil {
		return Citation{}, err
	}
	sum := sha256.Sum256(found.data)
	if found.path == "" {
		if found.path, err = sameBytes(c, found.data); err != nil {
			return Citation{}, err
		}
	}
	return Citation{Cites: "sha256:" + hex.EncodeToString(sum[:]), file: found}, nil
}

// Pages reports whether text is a page or a span of pages: 3, or 3-5.
func Pages(text string) bool {
	first, last, span := strings.Cut(text, "-")
	page := func(s string) bool { return s != "" && len(s) <= 4 && strings.Trim(s, "0123456789") == "" }
	return page(first) && (!span || page(last))
}

// citable are the ids of a learner's files and contacts.
func citable(r *folder.Record) []string {
	a := act{Record: r}
	var out []string
	for id := range a.taken() {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// onDisk reads the file that was named, from where the person stands or from the
// learner's folder. Neither links nor folders are followed.
func onDisk(root, dir, learnerDir, typed string) (attachment, error) {
	places := []string{typed}
	if !filepath.IsAbs(typed) {
		places = []string{filepath.Join(dir, typed), filepath.Join(root, filepath.FromSlash(learnerDir), typed), filepath.Join(root, typed)}
	}
	refuse := func(why string) (attachment, error) {
		return attachment{}, &SupplyError{From: "FILE", Message: why}
	}
	for _, p := range places {
		info, err := os.Lstat(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		switch {
		case err != nil:
			return attachment{}, fmt.Errorf("read FILE: %w", bare(err))
		case info.Mode()&fs.ModeSymlink != 0:
			return refuse("this is a symbolic link; give the file itself")
		case info.IsDir():
			return refuse("this is a folder; give one file")
		case !info.Mode().IsRegular():
			return refuse("this is no plain file")
		case info.Size() > MaxAttachment:
			return refuse("this file is larger than 20 MB, too large to be kept with the record for good; cite a smaller copy")
		}
		data, err := readAtMost(p, MaxAttachment)
		if err != nil {
			return attachment{}, fmt.Errorf("read FILE: %w", bare(err))
		}
		if len(data) == 0 {
			return refuse("this file is empty")
		}
		return attachment{path: inside(root, learnerDir, p), ext: plainExt(p), data: data}, nil
	}
	return attachment{}, fmt.Errorf("FILE: there is no such file: %w", fs.ErrNotExist)
}

// bare is an error of reading without the file's name, which may hold a child's.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func readAtMost(p string, most int64) ([]byte, error) {
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		return nil, errors.New("it grew beyond 20 MB while it was read")
	}
	return b, err
}

// inside is the record path of a file that lies among the learner's attachments
// already, "" for any other.
func inside(root, learnerDir, p string) string {
	real := func(p string) string {
		if q, err := filepath.EvalSymlinks(p); err == nil {
			return q
		}
		return p
	}
	home := filepath.Join(real(root), filepath.FromSlash(learnerDir), "attachments")
	rel, err := filepath.Rel(home, filepath.Join(real(filepath.Dir(p)), filepath.Base(p)))
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return ""
	}
	return path.Join(learnerDir, "attachments", filepath.ToSlash(rel))
}

// plainExt is the ending of a file's name where it says no more than the kind of file.
func plainExt(p string) string {
	ext := strings.ToLower(filepath.Ext(p))
	if len(ext) < 2 || len(ext) > 5 || strings.Trim(ext[1:], "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ""
	}
	return ext
}

// sameBytes is the learner's attachment that holds these bytes already, "" where
// none does: a report that is cited twice is kept once.
func sameBytes(c Case, data []byte) (string, error) {
	for _, at := range c.Record.Attachments {
		p := path.Join(c.Record.Dir, at)
		info, err := fs.Lstat(c.Folder.FS(), p)
		if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(data)) {
			continue
		}
		b, err := fs.ReadFile(c.Folder.FS(), p)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", p, bare(err))
		}
		if bytes.Equal(b, data) {
			return p, nil
		}
	}
	return "", nil
}

// CiteEvidence puts a citation into a draft. A file from elsewhere is copied among
// the learner's attachments, under a name that says nothing; one that git does not
// have yet is committed with the act. name is the record path of the attachment.
func (d *Desk) CiteEvidence(ctx context.Context, id, request string, x Citation, on date.Date) (done Done, name string, err error) {
	done, err = d.do(ctx, "request", id, func(a *act) error {
		file, err := a.draftOf(request)
		if err != nil {
			return err
		}
		q := file.Value
		q.Evidence, q.Readiness = slices.Clone(q.Evidence), slices.Clone(q.Readiness)
		q.Readiness = slices.DeleteFunc(q.Readiness, func(o learner.Readiness) bool { return o.Item == x.Item })
		if x.None {
			q.Readiness = append(q.Readiness, learner.Readiness{Item: x.Item, State: string(gate.NotApplicable), Words: x.Because})
		} else {
			if name, err = a.attach(x.file, on); err != nil {
				return err
			}
			q.Evidence = cited(q.Evidence, x)
		}
		before := q.Readiness
		q.Evidence = indexed(report.ReadinessOf(a.Folder, a.Record, q, on), q.Evidence)
		q.Readiness = judged(report.ReadinessOf(a.Folder, a.Record, q, on), before)
		edits := requestEdits(file.Value, q)
		if len(edits) == 0 {
			return &NothingError{}
		}
		a.date, a.stage, a.about = on, a.Record.Learner.Value.Stage, q.Kind
		next, err := file.Edited(recordfile.Request, edits...)
		if err != nil {
			return err
		}
		return a.write(file.Path, next.Doc.Bytes())
	})
	done.File = request
	return done, name, err
}

// cited adds a citation, or other pages of one that is there.
func cited(were []learner.RequestEvidence, x Citation) []learner.RequestEvidence {
	for i, e := range were {
		if e.Shows == x.Item && e.Cites == x.Cites {
			if x.Pages != "" {
				were[i].Pages = x.Pages
			}
			return were
		}
	}
	return append(were, learner.RequestEvidence{N: learner.Count(len(were) + 1), Shows: x.Item, Cites: x.Cites, Pages: x.Pages})
}

// attach brings an attachment into the act, where git does not have it yet.
func (a *act) attach(f attachment, on date.Date) (string, error) {
	if f.data == nil {
		return "", nil
	}
	if f.path == "" {
		id, err := a.desk.newFileID(a.taken())
		if err != nil {
			return "", err
		}
		f.path = path.Join(a.Record.Dir, "attachments", on.String()+"-"+id+f.ext)
		a.put(store.Change{Path: f.path, New: f.data})
		return f.path, nil
	}
	had, err := a.desk.Repo.HeadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a.put(store.Change{Path: f.path, Old: f.data, New: f.data})
	case err != nil:
		return "", err
	case !bytes.Equal(had, f.data):
		return "", state("%s has changed since it was recorded, and what cites it would find other bytes; give the new one another name", f.path)
	}
	return f.path, nil
}
