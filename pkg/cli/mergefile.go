package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/merge"
)

// newMergeFileCmd is the driver that git calls while it merges. It opens no record
// folder and takes no lock: git is in the midst of changing both.
func newMergeFileCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "merge-file BASE OURS THEIRS PATH", Hidden: true, Short: "merge one file by meaning, for git",
		Long: `Git calls this while it merges, once for each file of the record that was
changed on both sides; init sets it up. It writes the merged file over OURS.
Where a person must answer, or another file is needed to tell, OURS is left as
it is, without marks in it, and git is told of a conflict: sendctl sync
finishes the merge.`,
		Example: `  git config merge.sendctl.driver "sendctl merge-file %O %A %B %P"`,
		Args:    takes(4, 4, "the three versions of a file, and its path"),
		RunE: func(c *cobra.Command, args []string) error {
			var side [3][]byte
			for i := range side {
				b, err := os.ReadFile(e.mergeSide(args[i]))
				if err != nil {
					return fmt.Errorf("read a version of %s: %w", args[3], err)
				}
				side[i] = b
			}
			p := filepath.ToSlash(args[3])
			merged, questions, more, err := merge.File(p, side[0], side[1], side[2])
			if err != nil {
				return err
			}
			if string(merged) != string(side[1]) {
				if err := os.WriteFile(e.mergeSide(args[1]), merged, 0o666); err != nil {
					return fmt.Errorf("write the merged %s: %w", p, err)
				}
			}
			switch {
			case len(questions) > 0:
				fmt.Fprintf(e.Err, "%s: changed on both sides, and a person has to say what stands; %s\n", p, e.mergeEnd())
			case more:
				fmt.Fprintf(e.Err, "%s: sealed on one side, or tied to another file; %s\n", p, e.mergeEnd())
			default:
				return nil
			}
			return codeError(exitFindings)
		},
	}
}

// mergeSide is the file of one version: git names it from where it calls.
func (e *Env) mergeSide(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// mergeEnd says how to finish what git stops in. A rebase has no two parents that
// sync could finish it from.
func (e *Env) mergeEnd() string {
	at := e.Getenv("GIT_DIR")
	if at == "" {
		at = ".git"
	}
	if !filepath.IsAbs(at) {
		at = filepath.Join(e.dir(), at)
	}
	for _, name := range []string{"rebase-merge", "rebase-apply"} {
		if _, err := os.Lstat(filepath.Join(at, name)); err == nil {
			return "take the rebase back with git rebase --abort, and then: sendctl sync"
		}
	}
	return "finish with: sendctl sync"
}
