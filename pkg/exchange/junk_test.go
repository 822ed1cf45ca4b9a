package exchange_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// junkRows is how many rows a public made-up census has.
const junkRows = 9000

// place is a cell of a table.
type place struct {
	row    int
	column string
}

// junkCensus is a census as somebody made one up to try programs on, in the two tables of
// COLLECT: random hex for identifiers and types of need, codes of long ago, ranks 1.0 to
// 10.0 with repeats, most cells blank. bad are the cells that cannot be taken.
func junkCensus(seed uint64) (pupils, needs string, bad map[place]bool, badNeeds map[place]bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	bad, badNeeds = map[place]bool{}, map[place]bool{}
	hex := func() string { return fmt.Sprintf("%08x-%03x", r.Uint32(), r.IntN(1<<12)) }
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var a, b strings.Builder
	a.WriteString("pupilonrolltableid,NativeId,dob,surname,forename,upn,formerupn,uniquelearnernumber,sex,entrydate,topupfunding,senunitindicator,resourcedprovisionindicator,ethnicity,enrolstatus,senprovision,ncyearactual,youngcarer\n")
	b.WriteString("pupilonrolltableid,NativeId,senneedstableid,senneedsorderseqcolumn,sourceid,sentyperank,sentype\n")
	n := 1
	for i := range junkRows {
		row := i + 2
		cell := func(column, value string, sound ...string) string {
			for _, s := range append(sound, "") {
				if s == value {
					return value
				}
			}
			bad[place{row, column}] = true
			return value
		}
		born := fmt.Sprintf("%d-%s-%02d 00:00:00", 2008+r.IntN(12), pick("Jan", "Feb", "Sep"), 1+r.IntN(28))
		fmt.Fprintf(&a, "%d,%d,%s,%s,%s,%s,,,%s,%s,%s,,%s,,%s,%s,%s,\n", i, i,
			cell("dob", pick(born, born, born, "31/02/2012", "1/5/12", "45000", hex()), born),
			"Sur"+hex(), "Fore"+hex(),
			cell("upn", pick(hex(), hex(), "V929400126001", ""), "V929400126001"),
			cell("sex", pick("M", "F", "", "U"), "M", "F"),
			cell("entrydate", pick("2020-Sep-01 00:00:00", "2020-Sep-01 23:00:00"), "2020-Sep-01 00:00:00"),
			cell("topupfunding", pick("True", "False", "", "9"), "True", "False"),
			cell("resourcedprovisionindicator", pick("", "1", "0"), "1", "0"),
			cell("enrolstatus", pick("C", "M", "S", "Z"), "C", "M", "S"),
			cell("senprovision", pick("", "A", "P", "S", "N", "K", "E"), "N", "K", "E"),
			cell("ncyearactual", pick("R", "4", "14", "15", "1/2", "X"), "R", "4", "14", "X"))
		for range r.IntN(13) {
			n++
			needed := func(column, value string, sound bool) string {
				if !sound {
					badNeeds[place{n, column}] = true
				}
				return value
			}
			rank, kind := fmt.Sprintf("%d.0", 1+r.IntN(10)), pick(hex(), "ASD", "")
			if r.IntN(20) == 0 {
				rank = "1.5"
			}
			fmt.Fprintf(&b, "%d,%d,%d,%d,,%s,%s\n", i, i, n, n, needed("sentyperank", rank, rank != "1.5"), needed("sentype", kind, kind == "ASD" || kind == ""))
		}
	}
	return a.String(), b.String(), bad, badNeeds
}

func parse(t testing.TB, text string) sheet.Grid {
	t.Helper()
	g, err := sheet.ReadCSV([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Every junk value is a fault where it stands, and nothing else is.
func TestJunkCensus(t *testing.T) {
	pupils, needs, bad, badNeeds := junkCensus(7)
	g := parse(t, pupils)
	c, err := exchange.Locate(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := exchange.ReadList(g, c)
	if len(l.Pupils) != junkRows {
		t.Fatalf("%d pupils", len(l.Pupils))
	}
	if err := exchange.AddNeeds(&l, parse(t, needs), "pupilonrolltableid"); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[place]bool{"": {}, "needs": {}}
	for _, f := range l.Faults {
		found[f.Table][place{f.Row, f.Column}] = true
	}
	if diff := cmp.Diff(bad, found[""], cmp.AllowUnexported(place{})); diff != "" {
		t.Errorf("faults of the pupils:\n%.2000s", diff)
	}
	if diff := cmp.Diff(badNeeds, found["needs"], cmp.AllowUnexported(place{})); diff != "" {
		t.Errorf("faults of the needs:\n%.2000s", diff)
	}
}

func BenchmarkJunkCensus(b *testing.B) {
	pupils, needs, _, _ := junkCensus(7)
	b.ReportAllocs()
	for b.Loop() {
		g := parse(b, pupils)
		c, err := exchange.Locate(g, nil)
		if err != nil {
			b.Fatal(err)
		}
		l := exchange.ReadList(g, c)
		if err := exchange.AddNeeds(&l, parse(b, needs), "pupilonrolltableid"); err != nil {
			b.Fatal(err)
		}
	}
}
