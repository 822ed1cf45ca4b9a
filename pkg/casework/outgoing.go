package casework

import (
	"maps"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/merge"
)

// outgoing tells what is wrong with what goes out and was right over there: a sealed
// file that was changed past sendctl, which nobody will take in, and errors that git
// makes when it replays acts on a history they were not made for, as a rebase does.
func (d *Desk) outgoing(theirs, head string, out *Synced) error {
	if theirs == "" {
		return nil
	}
	diff, err := d.Repo.Differences(theirs, head)
	if err != nil {
		return err
	}
	var paths []string
	whose := map[string]bool{}
	for _, x := range diff {
		if x.Outside {
			continue
		}
		whose[learnerOf(x.Path)] = true
		if !x.From.IsZero() {
			paths = append(paths, x.Path)
		}
	}
	there, err := d.Repo.CommitFS(theirs)
	if err != nil {
		return err
	}
	here, err := d.Repo.CommitFS(head)
	if err != nil {
		return err
	}
	if len(paths) > 0 {
		res, err := merge.Trees(there, there, here, merge.Options{Paths: paths})
		if err != nil {
			return err
		}
		for _, n := range res.Notes {
			if n.Rule == merge.RuleLate || n.Rule == merge.RuleSealed {
				out.Warnings = append(out.Warnings, n.Path+" was changed past sendctl after it was sealed, and goes out like that: sendctl audit verify says how to put it back.")
			}
		}
		out.Warnings = once(out.Warnings)
	}
	today := date.Of(d.Now())
	for _, id := range slices.Sorted(maps.Keys(whose)) {
		after, err := faultsAt(here, id, today)
		if err != nil {
			return err
		}
		if diag.Worst(after) != diag.Error {
			continue
		}
		before, err := faultsAt(there, id, today)
		if err != nil {
			return err
		}
		for _, x := range newErrors(before, after) {
			if x.Rule != "sealed" && !slices.ContainsFunc(out.Findings, func(y diag.Finding) bool { return y.File == x.File && y.Path == x.Path && y.Rule == x.Rule }) {
				out.Findings = append(out.Findings, x)
			}
		}
	}
	return nil
}
