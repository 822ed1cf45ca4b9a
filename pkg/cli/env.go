package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/sshkey"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/trail"
)

// lockWait is how long an act waits for another writer before it gives up.
const lockWait = 20 * time.Second

// softLimit is the memory, in bytes, from which on Go clears up more often.
const softLimit = 256 << 20

// bulkLimit is the same where a whole folder is read once, file after file: with the
// program itself it stays below 128 MB, however many learners there are.
const bulkLimit = 80 << 20

// rollBytes is what is kept of one learner on roll, in bytes, with room to work in.
const rollBytes = 1200

// Env is everything a command takes from outside. A test or a demonstration
// makes its own; nothing else in the house reads the environment.
type Env struct {
	*term.Streams
	Args     []string // without the program's name
	Getenv   func(string) string
	Dir      string // the working directory
	Now      func() time.Time
	Random   io.Reader
	Version  string
	LockWait time.Duration
	// Author overrides who acts; nil takes git's configuration.
	Author func(now time.Time) (trail.Ident, error)

	forBulk       func(limit int64) // see bulk; may be nil
	demonstration date.Date         // the day a folder made by init is pinned to; zero but in demo

	altered []diag.Finding // what the learner's seals say against the record that is shown
	draft   string         // the draft that the act under way is kept in; "" while there is none
	flags   globals
	desk    *casework.Desk // opened when first needed
}

// globals are the flags every command has.
type globals struct {
	dir        string
	json       bool
	noInput    bool
	noColor    bool
	accessible bool
	today      string
	withEdits  bool
	questions  bool
}

// OS is the environment of this process. A command lives for some milliseconds and
// needs a few megabytes; at Go's own pace a quarter of that time went into clearing
// up after it. Where much is read, the limit keeps the memory down. GOGC in the
// environment still has the last word.
func OS(version string) *Env {
	bulk := func(int64) {}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(800)
		debug.SetMemoryLimit(softLimit)
		bulk = func(limit int64) {
			debug.SetGCPercent(1000)
			debug.SetMemoryLimit(limit)
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return &Env{
		Streams: term.OS(os.Getenv), Args: os.Args[1:], Getenv: os.Getenv, Dir: dir,
		Now: time.Now, Random: rand.Reader, Version: version, LockWait: lockWait,
		forBulk: bulk,
	}
}

// bulk says that from here on a whole folder is read.
func (e *Env) bulk() {
	if e.forBulk != nil {
		e.forBulk(bulkLimit)
	}
}

// rolls says of how many learners something is kept until the end, in bulk: of very many
// that alone comes near the limit, and Go would clear up all the time.
func (e *Env) rolls(learners int) {
	if more := int64(learners) * rollBytes; e.forBulk != nil && more > bulkLimit/4 {
		e.forBulk(bulkLimit + more)
	}
}

// dir is where the command works: -C, taken from the working directory.
func (e *Env) dir() string {
	if e.flags.dir == "" {
		return e.Dir
	}
	if filepath.IsAbs(e.flags.dir) {
		return e.flags.dir
	}
	return filepath.Join(e.Dir, e.flags.dir)
}

// root finds the record folder at or above the working directory.
func (e *Env) root() (string, error) {
	at := e.dir()
	if _, err := os.Stat(at); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no folder %s", at)
	} else if err != nil {
		return "", fmt.Errorf("open %s: %w", at, err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "sendctl.yaml")); err == nil {
			return at, nil
		}
		up := filepath.Dir(at)
		if up == at {
			if repo, err := trail.Open(e.dir()); err == nil {
				return "", unshown(repo, folder.ErrNotFolder)
			}
			return "", folder.ErrNotFolder
		}
		at = up
	}
}

// work opens the record folder with its history, for acting or reading, and puts
// right an act that was cut off.
func (e *Env) work(ctx context.Context) (*casework.Desk, *folder.Folder, error) {
	if e.desk == nil {
		root, err := e.root()
		if err != nil {
			return nil, nil, err
		}
		repo, err := trail.Open(root)
		if err != nil {
			return nil, nil, err
		}
		if e.desk, err = e.newDesk(root, repo); err != nil {
			return nil, nil, err
		}
	}
	if err := e.desk.Recover(ctx); err != nil {
		return nil, nil, err
	}
	f, err := e.desk.Folder()
	return e.desk, f, err
}

// look opens the record folder for reading alone; a folder without a history
// will do.
func (e *Env) look(ctx context.Context) (*folder.Folder, error) {
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	if _, f, err := e.work(ctx); err == nil || !errors.Is(err, trail.ErrNotRepository) {
		return f, err
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("open the record folder: %w", err)
	}
	return folder.Open(r.FS())
}

func (e *Env) newDesk(root string, repo *trail.Repo) (*casework.Desk, error) {
	s, err := store.Open(root, repo.PrivateDir())
	if err != nil {
		return nil, err
	}
	d := &casework.Desk{
		Store: s, Repo: repo, Now: e.Now, Random: e.Random, Author: e.Author, LockWait: e.LockWait,
		Signer:  func() (seal.Signer, error) { return sshkey.Find(repo.Config, e.Getenv) },
		Waiting: func(holder string) { e.say("Waiting for someone else who is writing in this folder (%s).", holder) },
		Said:    func(sentence string) { e.say("%s", sentence) },
	}
	d.HandEdits = func(paths []string) (bool, error) {
		if e.flags.withEdits {
			return true, nil
		}
		if !e.asks() {
			return false, nil
		}
		e.say("Changed by hand and not yet recorded: %s.", list(paths))
		return e.prompter(date.Of(e.Now())).Confirm(context.Background(), "Record that first, as an edit of its own?", true)
	}
	return d, nil
}

// today is the day reports and defaults count from: --today, else the folder's.
func (e *Env) today(f *folder.Folder) (date.Date, error) {
	if e.flags.today != "" {
		d, err := date.Parse(e.flags.today)
		if err != nil {
			return d, usage("--today: %w", err)
		}
		return d, nil
	}
	if demo := f.Setting.Value.Demonstration; demo != nil {
		return demo.Today, nil
	}
	return date.Of(e.Now()), nil
}

// asks reports whether there is somebody to ask.
func (e *Env) asks() bool { return e.InTTY && e.ErrTTY && !e.flags.noInput }

func (e *Env) prompter(today date.Date) *term.Prompter {
	p := term.NewPrompter(e.Streams, e.editor())
	p.Today = today
	return p
}

// editor is the person's editor: git's core.editor, else as the environment says.
func (e *Env) editor() term.Editor {
	return term.SystemEditor(func(key string) string {
		if key == "GIT_EDITOR" && e.Getenv(key) == "" && e.desk != nil {
			v, _ := e.desk.Repo.Config("core.editor")
			return v
		}
		return e.Getenv(key)
	}, e.Streams)
}

// find gives the id of the learner that was typed. A name counts only at a terminal.
func (e *Env) find(f *folder.Folder, typed string) (string, error) {
	return f.Find(typed, e.asks() || e.InTTY && e.OutTTY)
}

// one opens the folder and loads one learner, for acting.
func (e *Env) one(ctx context.Context, typed string) (*casework.Desk, casework.Case, error) {
	var c casework.Case
	desk, f, err := e.work(ctx)
	if err != nil {
		return nil, c, err
	}
	if err := desk.Stopped(); err != nil {
		return nil, c, err // first: a file that git left in the middle of a merge may not be readable
	}
	if err := casework.Usable(f); err != nil {
		return nil, c, err
	}
	c.Folder, c.Nameless = f, !e.asks()
	if c.Today, err = e.today(f); err != nil {
		return nil, c, err
	}
	id, err := e.find(f, typed)
	if err != nil {
		return nil, c, err
	}
	if c.Record, err = desk.Load(f, id); err != nil {
		return nil, c, err
	}
	c.Me, err = desk.MeIn(f, c.Record)
	return desk, c, err
}

// seen opens the folder and loads one learner, for reading.
func (e *Env) seen(ctx context.Context, typed string) (*folder.Folder, *folder.Record, date.Date, error) {
	f, err := e.look(ctx)
	if err != nil {
		return nil, nil, date.Date{}, err
	}
	today, err := e.today(f)
	if err != nil {
		return nil, nil, today, err
	}
	id, err := e.find(f, typed)
	if err != nil {
		return nil, nil, today, err
	}
	r, err := f.Load(id)
	if err == nil {
		e.altered = rules.Unsound(f, r)
	}
	return f, r, today, err
}

// alarm tells that a record is not as it was sealed, and gives the exit code that
// goes with it; nil where it is. What is written to a file or a pipe bears it too:
// whoever is handed that page must not take it for what was sealed.
func (e *Env) alarm() error {
	if len(e.altered) == 0 {
		return nil
	}
	for _, x := range e.altered {
		told := e.Wrap(term.Safe("NOT AS IT WAS SEALED: "+x.File+": "+x.Message+"."), "")
		fmt.Fprintln(e.Err, e.Warn(told))
		if !e.OutTTY && !e.flags.json {
			fmt.Fprintln(e.Out, told)
		}
	}
	return codeError(exitFindings)
}

// say tells something on stderr, wrapped, made safe for a terminal.
func (e *Env) say(format string, args ...any) {
	fmt.Fprintln(e.Err, e.Wrap(term.SafeLines(fmt.Sprintf(format, args...)), ""))
}

// page prints lines, wrapped and toned. What could not be written is an error: a
// reader must not take half a record for the whole.
func (e *Env) page(w io.Writer, lines []render.Line) error {
	var out strings.Builder
	for _, l := range lines {
		indent := strings.Repeat(" ", l.Indent)
		text := e.Wrap(term.SafeLines(l.Text), indent)
		if item, ok := strings.CutPrefix(l.Text, "- "); ok { // what continues an item stands under its words
			text = indent + "- " + strings.TrimLeft(e.Wrap(term.SafeLines(item), indent+"  "), " ")
		}
		switch l.Tone {
		case render.Heading:
			text = e.Bold(text)
		case render.Quiet:
			text = e.Dim(text)
		case render.Alarm:
			text = e.Warn(text)
		}
		out.WriteString(text + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// at is where a file lies that was named: as if the command was started in -C.
func (e *Env) at(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.dir(), name)
}

// readFile reads a small file that was named.
func (e *Env) readFile(name string) ([]byte, error) {
	name = e.at(name)
	info, err := os.Stat(name)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > folder.MaxFile) {
		return nil, usage("%s is no plain file of at most 1 MB", filepath.Base(name))
	}
	b, err := os.ReadFile(name)
	var perr *fs.PathError
	if errors.As(err, &perr) {
		return nil, fmt.Errorf("read %s: %w", filepath.Base(name), perr.Err)
	}
	return b, err
}
