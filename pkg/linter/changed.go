package linter

import (
	"path"
	"slices"
	"strings"
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
