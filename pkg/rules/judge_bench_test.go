package rules_test

import (
	"os"
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
)

// BenchmarkJudge judges all records of the example once; reading them is not counted.
func BenchmarkJudge(b *testing.B) {
	f, err := folder.Open(os.DirFS("../../examples/thornelaw"))
	if err != nil {
		b.Fatal(err)
	}
	ids, err := f.Learners()
	if err != nil || len(ids) == 0 {
		b.Fatalf("%d learners, %v", len(ids), err)
	}
	var records []*folder.Record
	for _, id := range ids {
		r, err := f.Load(id)
		if err != nil {
			b.Fatal(err)
		}
		records = append(records, r)
	}
	day := date.MustParse(pageDay)
	b.ReportAllocs()
	for b.Loop() {
		for _, r := range records {
			rules.Judge(f, r, day)
		}
	}
}
