package render_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

// TestDocumentGolden: what people read of a passport and a profile, in every state.
func TestDocumentGolden(t *testing.T) {
	day := date.MustParse
	lists := func(kind string, items ...[]string) []report.DocumentList {
		out := report.DocumentKindOf(kind).Lists
		for i := range items {
			out[i].Items = items[i]
		}
		return out
	}
	agreed := report.Document{Name: "Jude", Learner: "jv6fpqgg", Kind: "passport", KindWords: "passport", Version: "1", State: report.Agreed, AgreedLast: "1",
		Made: day("2026-02-26"), ReviewOn: day("2026-05-08"), With: []string{"learner"}, WithWords: "Jude and P. Grimes", Seals: 1, Together: true,
		Lists:    lists("passport", []string{"I think in pictures."}, []string{"copying from the board", "long instructions"}, []string{"Let me type."}, nil),
		Agreed:   []report.Signed{{Who: "learner", WhoName: "Jude", Date: day("2026-02-26")}, {Who: "mum", WhoName: "Helen Ashworth (mum)", Date: day("2026-02-26")}},
		Readings: []report.Signed{{Who: "grimes", WhoName: "P. Grimes", Date: day("2026-02-27")}, {Who: "eyre", WhoName: "M. Eyre", Date: day("2026-03-02")}},
		Unread:   []string{"bell"}, UnreadWords: "K. Bell"}
	draft := agreed
	draft.Version, draft.State, draft.Agreed, draft.Together, draft.Stale, draft.StaleSince = "2", report.Draft, nil, false, true, day("2026-05-08")
	changed := agreed
	changed.Changed, changed.Together, changed.Unread = true, false, nil
	byHand := report.Document{Name: "Mina", Learner: "mnbbbbbb", Kind: "profile", KindWords: "one-page profile", Version: "1", State: report.Agreed, AgreedLast: "1", Changed: true,
		Lists: lists("profile", []string{"gentle"}, nil, nil), Agreed: []report.Signed{{Who: "mum", WhoName: "mum"}}, Together: true, Stale: true, StaleSince: day("2026-05-28"),
		Faults: []report.FileFault{{File: "profile.yaml", Line: 3, Message: "made is missing"}}}
	first := byHand
	first.State, first.AgreedLast, first.Changed, first.Agreed, first.Stale, first.Faults, first.Made, first.WithWords = report.Draft, "", false, nil, false, nil, day("2026-02-26"), "Mina"
	var b strings.Builder
	for _, d := range []report.Document{agreed, draft, changed, byHand, first} {
		b.WriteString(text(render.Document(d)) + "=====\n")
	}
	p := filepath.Join("testdata", "document.golden")
	if *update {
		if err := os.WriteFile(p, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-have +made); if the change is meant: go test ./pkg/render -update\n%s", diff)
	}
	if strings.Contains(b.String(), "%!") {
		t.Error("a poor line")
	}
}
