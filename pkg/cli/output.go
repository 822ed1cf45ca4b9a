package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/rules"
)

// outputs is where findings go and in which format: the value of
//
//	--output FORMAT[:FILE]
//
// which may be given several times. Without FILE, or with "-", it is stdout, and one
// format at most goes there; none given is text on stdout, or JSON with --json. A link is
// written through. How a command uses it:
//
//	f.Var(&o.output, "output", outputUsage())    // once, where flags are declared
//	o.output.ready(e, o.showValues) error        // before the work: what cannot be is told at once
//	o.output.write(e, fs, sum, opt, said) error  // after it: every output, then said on stderr
//
// opt is as for diagfmt.Write; the caller fills in Files (every file that was checked)
// and FailOn, write fills in Within, Version and Rules. said is the closing sentence,
// left out when stdout is JSON. An error of write is about a file or stdout that could
// not be written, and comes before the exit code that the findings ask for.
type outputs struct{ list []output }

// output is one of them; file "" is stdout.
type output struct{ format, file string }

func outputUsage() string {
	return "write findings as `FORMAT[:FILE]`, to stdout if no file is named; can be given several times; " +
		"FORMAT is " + strings.Join(diagfmt.Formats(), ", ")
}

func (o *outputs) String() string {
	var words []string
	for _, x := range o.list {
		words = append(words, strings.TrimSuffix(x.format+":"+x.file, ":"))
	}
	return strings.Join(words, " ")
}

// Type is what pflag calls the value.
func (o *outputs) Type() string { return "FORMAT[:FILE]" }

// Set takes one FORMAT[:FILE]. Only the first colon parts them: a file on Windows has
// another.
func (o *outputs) Set(typed string) error {
	format, file, named := strings.Cut(typed, ":")
	if !slices.Contains(diagfmt.Formats(), format) {
		return &diagfmt.UnknownFormatError{Typed: format, Known: diagfmt.Formats()}
	}
	if named && file == "" {
		return fmt.Errorf(`there is no file after the colon of %q`, typed)
	}
	if file == "-" || file == "/dev/stdout" {
		file = ""
	}
	o.list = append(o.list, output{format, file})
	return nil
}

// all are the outputs with the one for stdout that nobody had to name.
func (o *outputs) all(e *Env) []output {
	switch {
	case e.flags.json && !slices.Contains(o.list, output{"json", ""}):
		return append([]output{{"json", ""}}, o.list...)
	case len(o.list) == 0:
		return []output{{"text", ""}}
	}
	return o.list
}

// ready reports what is wrong with the outputs before anything is checked.
func (o *outputs) ready(e *Env, showValues bool) error {
	seen := map[string]string{}
	for _, x := range o.all(e) {
		if showValues && diagfmt.Published(x.format) {
			return usage("--show-values does not go with --output %s: whoever can open the run would read what the record says", x.format)
		}
		where := "stdout"
		if x.file != "" {
			where = filepath.Clean(e.at(x.file))
		}
		if other, taken := seen[where]; taken {
			if x.file == "" {
				return usage("--output: %s and %s cannot both go to stdout; write one to a file, as in %s:FILE", other, x.format, x.format)
			}
			return usage("--output: %s and %s cannot both go to %s", other, x.format, x.file)
		}
		seen[where] = x.format
		if x.file == "" {
			continue
		}
		if o.ofRecord(e, where) || o.ofRecord(e, withoutLinks(where)) {
			return usage("--output: %s would be a file of the record; name another place", x.file)
		}
		if _, err := os.Stat(filepath.Dir(where)); errors.Is(err, fs.ErrNotExist) {
			return usage("--output: there is no folder %s to write %s in", filepath.Dir(x.file), filepath.Base(x.file))
		}
	}
	for _, x := range o.list { // should this run fail, nobody is to take the report of another for its own
		if info, err := os.Lstat(e.at(x.file)); x.file != "" && err == nil && info.Mode().IsRegular() {
			if err := os.Remove(e.at(x.file)); err != nil {
				return fmt.Errorf("write the findings: %w", err)
			}
		}
	}
	return nil
}

// ofRecord reports whether a place is one where files of the record lie, or git's own.
func (o *outputs) ofRecord(e *Env, at string) bool {
	root, err := e.root()
	if err != nil {
		return false // that is told by whoever opens the folder
	}
	rel, inside := within(withoutLinks(root), filepath.Join(withoutLinks(filepath.Dir(at)), filepath.Base(at)))
	if !inside {
		return false
	}
	first, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	return slices.Contains([]string{".git", "learners", "keys", "removals", "seals"}, first) || filepath.Ext(rel) == ".yaml" && first == rel
}

// withoutLinks is a folder's name without links in it, where that can be had.
func withoutLinks(dir string) string {
	if r, err := filepath.EvalSymlinks(dir); err == nil {
		return r
	}
	return dir
}

// write writes every output, a file whole or not at all. One that cannot be written
// keeps none of the others from being written.
func (o *outputs) write(e *Env, fs []diag.Finding, sum diagfmt.Summary, opt diagfmt.Options, said string) error {
	opt.Within = e.within()
	opt.Version = e.Version
	if opt.Rules == nil && slices.ContainsFunc(o.all(e), func(x output) bool { return x.format == "sarif" || x.format == "github" }) {
		opt.Rules = tellRules()
	}
	var failed []error
	for _, x := range o.all(e) {
		opt := opt
		if x.file != "" {
			opt.Color = nil
		}
		var b bytes.Buffer
		err := diagfmt.Write(&b, x.format, fs, sum, opt)
		if err == nil {
			err = o.put(e, x, b.Bytes())
		}
		if err != nil {
			failed = append(failed, err)
		}
		if x == (output{"json", ""}) {
			said = ""
		}
	}
	if said != "" {
		e.say("%s", said)
	}
	return errors.Join(failed...)
}

func (o *outputs) put(e *Env, x output, content []byte) error {
	if x.file == "" {
		_, err := e.Out.Write(content)
		return err
	}
	name := e.at(x.file)
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		// A pipe, a link or a device: nothing may be put in its place.
		if err := writeThrough(name, content); err != nil {
			return fmt.Errorf("write the findings as %s: %w", x.format, err)
		}
		return nil
	}
	if err := replaceFile(name, content); err != nil {
		return fmt.Errorf("write the findings as %s: %w", x.format, err)
	}
	return nil
}

// writeThrough writes into what is there, or behind a link.
func writeThrough(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// replaceFile puts a file in its place once it is whole, readable by its owner alone.
// Whatever was there stays when that fails. Of several that write one file at once, the
// last is what stays.
func replaceFile(name string, content []byte) error {
	before, after := "."+filepath.Base(name)+".", ".part"
	clearParts(filepath.Dir(name), before, after)
	f, err := os.CreateTemp(filepath.Dir(name), before+"*"+after)
	if err != nil {
		return err
	}
	_, err = putWhole(f, name, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	return err
}

// clearParts takes away what those left that were killed: no report takes an hour to write.
func clearParts(dir, before, after string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // whoever writes there will hear of it
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), before) || !strings.HasSuffix(e.Name(), after) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// tellRules is what formats say of the rules. A rule whose page cannot be read goes
// without it: a test holds every page to be there.
func tellRules() []diagfmt.Rule {
	var out []diagfmt.Rule
	for _, r := range rules.All() {
		told := diagfmt.Rule{Name: r.Name, ID: r.ID, Severity: r.Severity, About: r.About, Source: r.Source}
		if page, err := r.Page(); err == nil {
			told.Help = page.Why + "\n\nPut it right: " + page.Right
		}
		out = append(out, told)
	}
	return out
}

// within is where the record folder lies in the git repository around it, "" where it
// is the whole of it or there is none.
func (e *Env) within() string {
	root, err := e.root()
	if err != nil {
		return ""
	}
	below := ""
	for at := withoutLinks(root); ; {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return below
		}
		up := filepath.Dir(at)
		if up == at {
			return ""
		}
		below, at = path.Join(filepath.Base(at), below), up
	}
}
