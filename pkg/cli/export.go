package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/sheet"
)

func newExportCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "files for other systems and for inspection",
		Long: `Makes files for others from the record: a learner's SEN history for another
school's system, the lists that an inspection asks for, and what the authority's
SEN2 return will ask. They say who children are: each goes where you say,
outside the record folder, and nowhere else. The school census has a command of
its own: sendctl census export.`,
		Example: `  sendctl export ctf bk7m -o ../bk7m-ctf.xml
  sendctl export annex-a -o ../annex-a.xlsx
  sendctl export sen2`,
		Args: takes(0, 0, "one of its commands"),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newExportCTFCmd(e), newExportAnnexACmd(e), newExportSEN2Cmd(e))
	return c
}

// exportDay is the day that was typed, or today.
func (e *Env) exportDay(f *folder.Folder, typed string) (date.Date, error) {
	if typed == "" {
		return e.today(f)
	}
	day, err := date.Parse(typed)
	if err != nil {
		return day, usage("--date: %w", err)
	}
	return day, nil
}

// exportRead is fronts, with each learner as the census of a day has them.
func (e *Env) exportRead(ctx context.Context, f *folder.Folder, day date.Date,
	visit func(r *folder.Record, p census.Pupil, onRoll bool) ([]diag.Finding, error)) ([]diag.Finding, error) {
	_, faults, err := e.fronts(ctx, f, func(r *folder.Record) ([]diag.Finding, error) {
		pupil, onRoll := census.PupilOf(f, r, day)
		return visit(r, pupil.Detached(), onRoll)
	})
	return faults, err
}

// faultsBeside are the errors of a whole record's files beside those of its front, which
// fronts tells of itself.
func faultsBeside(r *folder.Record) (faults []diag.Finding) {
	for _, x := range r.Findings {
		if x.Severity == diag.Error && !census.Front(r, x.File) {
			faults = append(faults, x)
		}
	}
	return faults
}

// faultyFiles are the files that findings are about, each once, as a list for people.
func faultyFiles(faults []diag.Finding) (files []string) {
	for _, x := range faults {
		files = append(files, x.File)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// workbookReady judges where a workbook is to go, before anything is read: a file, or
// stdout where that is no terminal. to is nil for stdout.
func (e *Env) workbookReady(name string) (to *outFile, err error) {
	switch {
	case name == "-" && e.OutTTY:
		return nil, usage("-o -: a workbook with children's numbers in it is nothing for a terminal; name a file, such as -o ../list.xlsx")
	case name == "-":
		return nil, nil
	case strings.ToLower(filepath.Ext(name)) != ".xlsx":
		return nil, usage("-o: a workbook's name ends in .xlsx, such as %s.xlsx", strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)))
	}
	return e.exportFile(name)
}

// workbook writes tables to a file, whole or not at all, or to stdout.
func (e *Env) workbook(to *outFile, tables []sheet.Table) (size int64, err error) {
	if to == nil {
		return 0, sheet.WriteXLSX(e.Out, tables...)
	}
	return to.write(func(w io.Writer) error { return sheet.WriteXLSX(w, tables...) })
}

// unreadable refuses to make a list out of files that cannot be read as they are meant,
// unless --anyway.
func unreadable(files []string, anyway bool) error {
	if len(files) == 0 || anyway {
		return nil
	}
	return &casework.StateError{Message: fmt.Sprintf("%s %s an error, so that somebody or something may be missing; nothing was written. See them with: sendctl validate. To write all the same: --anyway, and the file will say so",
		plural(len(files), "file of the record", "files of the record"), either(len(files), "holds", "hold"))}
}
