package census

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// Layout is how a return is laid out as CSV.
type Layout string

// The layouts.
const (
	LayoutPupils  Layout = "pupils"  // one file, one row a pupil, for people
	LayoutCollect Layout = "collect" // two files, as COLLECT shows its tables; see Collect
)

// WriteCSV writes the return as one table with a row for each pupil, see Tables, without
// its notes; raw as sheet.WriteCSV has it. A return that is Marked says so in two more
// columns, the last ones.
func (r Return) WriteCSV(w io.Writer, raw bool) error {
	t, err := r.pupils()
	if err != nil {
		return err
	}
	return sheet.WriteCSV(w, t, raw)
}

// WriteCollect writes the return as the two tables that COLLECT shows: the pupils on roll
// and their needs, which pupilonrolltableid joins. Where COLLECT has numbers of its own,
// that key is the learner's id, and NativeId is the number of the setting. All columns of
// COLLECT are there, and those of which the record knows nothing are empty. The needs of a
// term that does not ask for them are a heading alone.
func (r Return) WriteCollect(pupils, needs io.Writer, raw bool) error {
	if err := sheet.WriteCSV(pupils, r.collectPupils(), raw); err != nil {
		return fmt.Errorf("pupils on roll: %w", err)
	}
	if err := sheet.WriteCSV(needs, r.collectNeeds(), raw); err != nil {
		return fmt.Errorf("needs: %w", err)
	}
	return nil
}

// collectColumns are the columns of COLLECT's pupils on roll, as in spring 2025.
func collectColumns() []string {
	return []string{"pupilonrolltableid", "NativeId", "dob", "surname", "forename", "middlenames", "preferredsurname", "formersurname", "upn", "formerupn",
		"uniquelearnernumber", "sex", "entrydate", "pupilonrollorderseqcolumn", "sourceid", "schoolcensustableid", "hoursatsetting", "schoollunchtaken",
		"parttime", "topupfunding", "unitcontacttime", "termlysessionspossible", "senunitindicator", "resourcedprovisionindicator", "moveoffrollflag",
		"fundedhours", "missingaddress", "duplicatenotfunded", "extendedhours", "eligibilitycode", "dafindicator", "ethnicity", "yssa", "servicechild",
		"language", "classtype", "enrolstatus", "boarder", "plaa", "senprovision", "ncyearactual", "eyppr", "eyppbf", "youngcarer"}
}

func (r Return) collectPupils() sheet.Table {
	t := sheet.Table{Name: "pupilonroll"}
	for _, title := range collectColumns() {
		t.Columns = append(t.Columns, sheet.Column{Title: title})
	}
	marks := r.collectMarks(&t)
	t.Rows = func(yield func([]string) bool) {
		at, titles := map[string]string{}, collectColumns()
		row := make([]string, 0, len(t.Columns))
		for i, p := range r.Pupils {
			clear(at)
			at["pupilonrolltableid"], at["NativeId"], at["pupilonrollorderseqcolumn"] = p.Learner, r.native(), strconv.Itoa(i+1)
			at["dob"], at["entrydate"] = collectDay(p.Born), collectDay(p.Entry)
			at["surname"], at["forename"], at["sex"], at["ethnicity"] = p.Surname, p.Forename, p.Sex, p.Ethnicity
			at["upn"], at["formerupn"], at["uniquelearnernumber"] = p.UPN, p.FormerUPN, p.ULN
			at["enrolstatus"], at["ncyearactual"], at["senprovision"], at["topupfunding"] = p.Status, p.Year, p.Provision, collectBool(p.TopUp)
			if unit, resourced, asked := r.Indicators(p); asked {
				at["senunitindicator"], at["resourcedprovisionindicator"] = collectBool(unit), collectBool(resourced)
			}
			row = row[:0]
			for _, title := range titles {
				row = append(row, at[title])
			}
			if !yield(append(row, marks(p)...)) {
				return
			}
		}
	}
	return t
}

func (r Return) collectNeeds() sheet.Table {
	t := sheet.Table{Name: "senneeds"}
	for _, title := range []string{"pupilonrolltableid", "NativeId", "senneedstableid", "senneedsorderseqcolumn", "sourceid", "sentyperank", "sentype"} {
		t.Columns = append(t.Columns, sheet.Column{Title: title})
	}
	t.Columns[5].Kind = sheet.Number
	marks := r.collectMarks(&t)
	t.Rows = func(yield func([]string) bool) {
		n := 0
		for _, p := range r.Pupils {
			for i, need := range p.Taken(r.Term) {
				n++
				rank := rankOf(need)
				if rank != "" {
					rank += ".0"
				}
				row := []string{p.Learner, r.native(), p.Learner + "-" + strconv.Itoa(i+1), strconv.Itoa(n), "", rank, need.Type}
				if !yield(append(row, marks(p)...)) {
					return
				}
			}
		}
	}
	return t
}

// collectMarks adds to a table the columns that say what is not well with the return, and
// gives their cells.
func (r Return) collectMarks(t *sheet.Table) func(Pupil) []string {
	if !r.Marked() {
		return func(Pupil) []string { return nil }
	}
	columns := r.markColumns("madeinspiteoferrors", "filewitherrors")
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	return func(p Pupil) []string {
		var out []string
		for _, c := range columns {
			out = append(out, c.of(p))
		}
		return out
	}
}

func (r Return) native() string { return r.Setting.LA + r.Setting.Estab }

// collectDay is a date as COLLECT writes it: 2025-Jan-31 00:00:00.
func collectDay(d date.Date) string {
	if d.IsZero() {
		return ""
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).Format("2006-Jan-02 15:04:05")
}

func collectBool(b bool) string {
	if b {
		return "True"
	}
	return "False"
}
