package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/linter"
	"github.com/sendctl/sendctl/pkg/term"
)

// knownFaults are the flags of validate by which a folder that was begun long ago is
// checked from here on: what was found then does not count, until it is put right.
// How validate uses it:
//
//	o.known.flags(f)                         // once, where flags are declared
//	o.known.ready(e, …) error                // before the work
//	o.known.compare(e, …) (…, error)         // after it, of what no waiver covers
type knownFaults struct {
	file   string
	update bool
	begin  string

	base linter.Baseline
}

func (k *knownFaults) flags(f *pflag.FlagSet) {
	f.StringVar(&k.file, "baseline", "", "do not count findings listed in `FILE`; exit with code 1 if any of them is no longer found")
	f.BoolVar(&k.update, "update-baseline", false, "take out of the --baseline what is no longer found; never adds anything")
	f.StringVar(&k.begin, "write-baseline", "", "start a baseline of what is found now, in `FILE`")
}

// ready reports what is wrong with the flags, and reads the baseline. part says that
// only what is staged, or has changed, is looked at.
func (k *knownFaults) ready(e *Env, part bool) error {
	switch {
	case k.begin != "" && part:
		return usage("--write-baseline begins a baseline of files as they lie in the folder; it does not go with --staged or --changed")
	case k.update && k.file == "":
		return usage("--update-baseline goes with --baseline FILE")
	case k.begin != "" && k.file != "":
		return usage("--write-baseline begins a baseline, and --baseline goes by one; give one of the two")
	case k.begin != "":
		at := filepath.Clean(e.at(k.begin))
		if new(outputs).ofRecord(e, at) {
			return usage("--write-baseline: %s would be a file of the record; name another place", k.begin)
		}
		if _, err := os.Lstat(at); err == nil {
			return usage("%s is there already; a baseline is begun once, and from then on only made shorter: --baseline %s --update-baseline", k.begin, k.begin)
		}
		if _, err := os.Stat(filepath.Dir(at)); errors.Is(err, fs.ErrNotExist) {
			return usage("--write-baseline: there is no folder %s", filepath.Dir(k.begin))
		}
	case k.file != "":
		b, err := os.ReadFile(e.at(k.file))
		var perr *fs.PathError
		if errors.As(err, &perr) {
			return fmt.Errorf("read the baseline %s: %w", k.file, perr.Err)
		}
		if err != nil {
			return err
		}
		if k.base, err = linter.ReadBaseline(k.file, b); err != nil {
			return &usageError{err}
		}
	}
	return nil
}

// compare takes the findings that the baseline holds out of those that count, and has
// what it holds and is found no more among them. It gives what is to be said at the end.
func (k *knownFaults) compare(e *Env, r *linter.Result, source func(string) []byte, judged func(rule, file string) bool) (said []string, err error) {
	if k.begin != "" {
		b, refused := linter.NewBaseline(r.Findings, source)
		if err := replaceFile(e.at(k.begin), b.Bytes()); err != nil {
			return nil, fmt.Errorf("write the baseline %s: %w", k.begin, err)
		}
		k.base = b
		said = append(said, fmt.Sprintf("Began a baseline of %s in %s. Check with --baseline %s from now on.", plural(b.Len(), "finding", "findings"), k.begin, k.begin))
		if len(refused) > 0 {
			said = append(said, fmt.Sprintf("Left out %s: a fault of a file's own form, a seal that does not fit and a file that is missing are put right and not lived with.", plural(len(refused), "error", "errors")))
		}
	}
	if k.begin == "" && k.file == "" {
		return nil, nil
	}
	c := k.base.Compare(r.Findings, r.Suppressed, source, judged)
	r.Findings, r.Suppressed = c.Left, append(r.Suppressed, c.Suppressed...)
	if k.file == "" {
		return said, nil
	}
	if len(c.Suppressed) > 0 {
		said = append(said, fmt.Sprintf("%s of the baseline %s not count.", plural(len(c.Suppressed), "finding", "findings"), either(len(c.Suppressed), "does", "do")))
	}
	switch n := len(c.Stale); {
	case n == 0 && k.update:
		said = append(said, "Everything the baseline holds is still found, so it stays as it is.")
	case n == 0:
	case k.update:
		left := k.base.Without(c.Stale)
		if err := replaceFile(e.at(k.file), left.Bytes()); err != nil {
			return nil, fmt.Errorf("write the baseline %s: %w", k.file, err)
		}
		said = append(said, fmt.Sprintf("Took %s out of the baseline, which %s left.", plural(n, "finding", "findings"), either(left.Len(), "has 1", fmt.Sprintf("has %d", left.Len()))))
	default:
		r.Findings = diag.Sort(append(r.Findings, c.Told("sendctl validate --baseline "+k.file+" --update-baseline")...))
		said = append(said, fmt.Sprintf("%s of the baseline %s no longer found.", plural(n, "finding", "findings"), either(n, "is", "are")))
	}
	return said, nil
}

// tell says lines on stderr, a sentence each; those of a list, which are indented, stay
// whole.
func (e *Env) tell(lines []string) {
	for _, l := range lines {
		if strings.HasPrefix(l, "  ") {
			fmt.Fprintln(e.Err, term.Safe(l))
		} else {
			e.say("%s", l)
		}
	}
}

func either(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
