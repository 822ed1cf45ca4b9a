package linter

import (
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// BearOn are the slash paths to judge where others changed, such as git names them: the
// whole record that a changed file belongs to. nil is all of the folder, since people and
// their keys, the setting and the pathway bear on every record; none is none.
func BearOn(changed []string) []string {
	want := []string{}
	for _, p := range changed {
		parts := strings.SplitN(p, "/", 3)
		switch {
		case len(parts) == 3 && parts[0] == "learners":
			p = path.Join(parts[0], parts[1])
		case len(parts) == 2 && parts[0] == "learners": // a link or a lost file
		case len(parts) == 1 && path.Ext(p) == ".yaml", slices.Contains([]string{"keys", "removals", "seals"}, parts[0]):
			return nil
		default:
			continue
		}
		if !slices.Contains(want, p) {
			want = append(want, p)
		}
	}
	return want
}

// Wants reports whether a slash path is one of those asked for, or lies below one.
func (o Options) Wants(p string) bool { return !o.unwanted(p) }

// WithGone has each file that was taken away told once: of a whole folder by what is told
// of the folder, of a file by the rule that missed it, where one did. gone are findings of
// taken-away.
func WithGone(found, gone []diag.Finding) (rest, still []diag.Finding) {
	misses := func(x diag.Finding, file string) bool { // x is told because file, or what lies in it, is not there
		return x.Severity == diag.Error && (x.File == file || x.Lost != "" && below(x.Lost, file))
	}
	rest = found
	for _, g := range gone {
		if path.Ext(g.File) == "" {
			rest = slices.DeleteFunc(slices.Clone(rest), func(x diag.Finding) bool { return misses(x, g.File) })
		} else if slices.ContainsFunc(rest, func(x diag.Finding) bool { return misses(x, g.File) }) {
			continue
		}
		still = append(still, g)
	}
	return rest, still
}
