package linter

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/folder"
)

// One learner's record is read over the last one's. Whatever a verdict, a fact or
// anything of the program held on to would be nothing by then, or another child's: so
// verdicts come out the same at a desk of one's own and at one that all before have used.
func TestNothingOfOneLearnerIsLeftForTheNext(t *testing.T) {
	dir := school(t)
	spoil(t, dir)
	disk, err := Disk(dir)
	must(t, err)
	defer disk.Close()
	f, err := folder.Open(disk)
	must(t, err)
	all, err := f.Learners()
	must(t, err)
	verdicts := func(all []string, at func() *desk) map[string]string {
		out := map[string]string{}
		for _, id := range all {
			var j judgement
			must(t, j.judge(f, id, 0, Options{Day: schoolDay, Values: true, List: true}, nil, at()))
			out[id] = fmt.Sprint(j.verdict, "\n", strings.Join(j.files, "\n"), "\n", j.until)
		}
		return out
	}
	alone := verdicts(all, func() *desk { return &desk{} })
	shared := &desk{}
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	for _, order := range [][]string{all, backwards} {
		if diff := cmp.Diff(alone, verdicts(order, func() *desk { return shared })); diff != "" {
			t.Error(diff)
		}
	}
	found := 0
	for _, v := range alone {
		found += len(v)
	}
	if found < 20*len(all) {
		t.Error("there is too little to find")
	}
}

// spoil makes faults of every sort in the records of a school: a line is lost, doubled or
// another, here and there.
func spoil(t *testing.T, dir string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "learners", "*", "*", "*.yaml"))
	must(t, err)
	front, err := filepath.Glob(filepath.Join(dir, "learners", "*", "*.yaml"))
	must(t, err)
	for i, name := range append(names, front...) {
		b, err := os.ReadFile(name)
		must(t, err)
		lines := bytes.SplitAfter(b, []byte("\n"))
		n := len(lines) * (i % 11) / 11
		switch i % 7 {
		case 0:
			lines = slices.Delete(lines, n, n+1)
		case 1:
			lines = slices.Insert(lines, n, lines[n])
		case 2:
			lines[n] = bytes.Replace(lines[n], []byte(": "), []byte(": yes # "), 1)
		case 3:
			lines[n] = bytes.Replace(lines[n], []byte("20"), []byte("19"), 1)
		case 4:
			lines[n] = append([]byte("\t"), lines[n]...)
		}
		if path.Base(filepath.ToSlash(filepath.Dir(name))) == "corrections" {
			lines = append(lines, []byte("path: plan.targets[9].due\n"))
		}
		must(t, os.WriteFile(name, bytes.Join(lines, nil), 0o666))
	}
}
