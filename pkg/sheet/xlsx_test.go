package sheet

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sample() Table {
	return Table{
		Name: "Learners",
		Columns: []Column{
			{Title: "UPN", About: "Unique pupil number."},
			{Title: "Name"},
			{Title: "Born", Kind: Date},
			{Title: "Rank", Kind: Number},
			{Title: "SEN unit", Kind: YesNo},
		},
		Notes: []string{"Made up."},
		Rows: slices.Values([][]string{
			{"V929000026001", "=1+1", "2016-02-29", "12", "true"},
			{"001", " two  blanks ", "not known", "-0.5", ""},
			{"1234567899", "a_x0041_b\rc\n<&>", "", "1e5", "false"},
		}),
	}
}

func TestReadXLSXGivesBackWhatWriteXLSXWrote(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, sample()); err != nil {
		t.Fatal(err)
	}
	got, err := ReadXLSX(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := []Grid{
		{Name: "Learners", Rows: [][]string{
			{"Made up."},
			{"UPN", "Name", "Born", "Rank", "SEN unit"},
			{"V929000026001", "=1+1", "2016-02-29", "12", "true"},
			{"001", " two  blanks ", "not known", "-0.5"},
			{"1234567899", "a_x0041_b\rc\n<&>", "", "1e5", "false"},
		}},
		{Name: Dictionary, Rows: [][]string{
			{"Sheet", "Column", "What it holds"},
			{"Learners", "UPN", "Unique pupil number."},
			{"Learners", "Name"}, {"Learners", "Born"}, {"Learners", "Rank"}, {"Learners", "SEN unit"},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
