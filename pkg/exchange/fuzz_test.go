package exchange_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// FuzzReadList: whatever a table holds, every fault has a row that is there, a heading of
// the list and something to do, and what is in no faulty cell of an identifier or a code
// was taken.
func FuzzReadList(f *testing.F) {
	pupils, needs, _, _ := junkCensus(3)
	f.Add(pupils[:900], needs[:300])
	f.Add("UPN;Surname;DOB;SEN\nV929400126001;Example;01/02/2017;K - SEN Support\n;;;\n", "")
	f.Add("a list\n\nUPN\tYear Group\tSEN need 1\nv929400126001\tNursery\tASD, SLCN\textra\n", "UPN\tsentype\trank\nV929400126001\tASD\t1.0")
	f.Add("dob\n2025-Jan-31 00:00:00\n31/01/25\n01/31/2025\n-1/1/2025\n31 sept 2020", "dob,sentype,rank,rank")
	f.Fuzz(func(t *testing.T, text, second string) {
		g, err := sheet.ReadCSV([]byte(text))
		if err != nil {
			return
		}
		c, err := exchange.Locate(g, nil)
		if err != nil {
			return
		}
		l := exchange.ReadList(g, c)
		if n, err := sheet.ReadCSV([]byte(second)); err == nil && len(c.Headings) > 0 {
			_ = exchange.AddNeeds(&l, n, c.Headings[0])
		}
		for _, x := range slices.Concat(l.Faults, l.Notes) {
			if x.Message == "" || x.Table == "" && (x.Row <= c.Row+1 || x.Row > len(g.Rows)) {
				t.Errorf("%+v", x)
			}
			if x.Table == "" && x.Column != "" && !slices.Contains(c.Headings, x.Column) {
				t.Errorf("%+v is under no heading", x)
			}
		}
		for _, p := range l.Pupils {
			if p.Row <= c.Row+1 || p.Row > len(g.Rows) {
				t.Errorf("pupil in row %d of %d", p.Row, len(g.Rows))
			}
			faulty := func(f exchange.Field) bool {
				return slices.ContainsFunc(p.Faults, func(x exchange.Fault) bool { return x.Field == f })
			}
			for _, sound := range []struct {
				field exchange.Field
				ok    bool
			}{
				{exchange.Provision, slices.Contains([]string{"", "N", "K", "E"}, p.Provision())},
				{exchange.Sex, slices.Contains([]string{"", "M", "F"}, p.Sex)},
				{exchange.UPN, p.UPN == "" || len(p.UPN) == 13 && strings.ToUpper(p.UPN) == p.UPN},
				{exchange.BirthDate, p.Born.IsZero() || p.Born.Year() >= 1900},
			} {
				if !sound.ok && !faulty(sound.field) {
					t.Errorf("row %d: %s was taken: %+v", p.Row, sound.field, p)
				}
			}
		}
	})
}

// A day is the same in every way of writing it that is taken, and none is read month
// first.
func TestEveryWayToWriteADay(t *testing.T) {
	layouts := []string{"2006-01-02", "02/01/2006", "2/1/2006", "02-01-2006", "02.01.2006", "2 Jan 2006", "02-Jan-2006", "2 January 2006", "2006-Jan-02 15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "02/01/2006 15:04"}
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 73000).Draw(t, "day"))
		text := day.Format(rapid.SampledFrom(layouts).Draw(t, "layout"))
		if rapid.Bool().Draw(t, "capitals") {
			text = strings.ToUpper(text)
		}
		g := sheet.Grid{Rows: [][]string{{"UPN", "DOB"}, {"", " " + text + " "}}}
		c, err := exchange.Locate(g, nil)
		if err != nil {
			t.Fatal(err)
		}
		l := exchange.ReadList(g, c)
		if len(l.Faults) > 0 || l.Pupils[0].Born != date.Of(day) {
			t.Fatalf("%s was read as %s, faults %+v", text, l.Pupils[0].Born, l.Faults)
		}
	})
}
