package casework

import (
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// Desk is where acts are done: one record folder with its history, and the
// clock, the randomness and the person they are done with. Nothing here is read
// from the environment; a demonstration gives its own.
type Desk struct {
	Store *store.Store
	Repo  *trail.Repo

	Now    func() time.Time
	Random io.Reader
	// Author says who acts; nil takes git's own configuration.
	Author func(now time.Time) (trail.Ident, error)
	// Signer gives the key to sign with, or nil where git is not set up for signing.
	Signer func() (seal.Signer, error)
	// LockWait is how long to wait for another writer; Waiting hears who it is.
	LockWait time.Duration
	Waiting  func(holder string)
	// HandEdits is asked before hand edits of the named files are committed on
	// their own, ahead of the act; nil means no.
	HandEdits func(paths []string) (bool, error)
	// Said hears what is worth telling beside the result, a sentence at a time.
	Said func(sentence string)

	// The folder and the learner as they were last read: the same act reads them
	// again once it holds the lock, and what has not changed is not parsed again.
	lastFolder *folder.Folder
	lastRecord *folder.Record
}

// Folder opens the record folder as it lies on disk now.
func (d *Desk) Folder() (*folder.Folder, error) { return d.open(d.Store.FS()) }

// open opens the record folder that fsys shows.
func (d *Desk) open(fsys fs.FS) (f *folder.Folder, err error) {
	if d.lastFolder == nil {
		f, err = folder.Open(fsys)
	} else {
		f, err = d.lastFolder.Again(fsys, d.lastRecord)
	}
	if err == nil {
		d.lastFolder = f
	}
	return f, err
}

// Load loads one learner of f, for an act on that learner.
func (d *Desk) Load(f *folder.Folder, id string) (*folder.Record, error) {
	r, err := f.Load(id)
	if err == nil {
		d.lastRecord = r
	}
	return r, err
}

// Today is the day that reports and defaults count from: the folder's own where
// it is a demonstration, else the clock's. It never says when something was recorded.
func (d *Desk) Today(f *folder.Folder) date.Date {
	if demo := f.Setting.Value.Demonstration; demo != nil {
		return demo.Today
	}
	return date.Of(d.Now())
}

// UnknownPersonError says that git knows who acts, and people.yaml does not.
type UnknownPersonError struct{ Name, Email string }

func (e *UnknownPersonError) Error() string {
	return fmt.Sprintf("git says you are %s <%s>, and nobody in people.yaml has that e-mail address; add yourself with:\n  sendctl people add ID --name \"%s\" --role ROLE --email %s",
		e.Name, e.Email, e.Name, e.Email)
}

// Who is who acts, by git's configuration, and when.
func (d *Desk) Who() (trail.Ident, error) {
	if d.Author != nil {
		return d.Author(d.Now())
	}
	return d.Repo.Author(d.Now())
}

// Me is the person of people.yaml who acts: the one with the author's e-mail.
func (d *Desk) Me(f *folder.Folder) (learner.Person, error) {
	who, err := d.Who()
	if err != nil {
		return learner.Person{}, err
	}
	if p, ok := f.PersonByEmail(who.Email); ok {
		return p, nil
	}
	if err := Usable(f); err != nil {
		return learner.Person{}, err // whoever it is may stand in a file that cannot be read
	}
	return learner.Person{}, &UnknownPersonError{Name: who.Name, Email: who.Email}
}

// Usable refuses a folder whose pathway, people or settings hold an error (a
// *recordfile.FaultsError): every act does, and whoever asks before it should.
func Usable(f *folder.Folder) error { return usable(f.Findings) }
