package trail

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The benchmarks compare whole processes: a test binary that records two
// files, as `sendctl review` does, and `git add && git commit` of the same.
// go test -bench 'Whole' -benchtime 20x ./pkg/trail

var learnersSizes = []int{300, 3000, 10000}

// school makes a committed folder of so many learners with eight files each.
func school(b *testing.B, learners int) string {
	b.Helper()
	isolate(b)
	dir := b.TempDir()
	git := func(args ...string) {
		b.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main")
	git("config", "user.name", "M. Eyre")
	git("config", "user.email", "eyre@thornelaw.example")
	git("config", "gc.auto", "0")
	for i := range learners {
		base := filepath.Join(dir, "learners", learnerName(i))
		for _, f := range []string{"identity.yaml", "learner.yaml", "contacts.yaml", "profile.yaml", "cycles/2025-09-29-initial-concerns-k4f7.yaml",
			"cycles/2025-11-21-initial-concerns-m3xt.yaml", "moves/2026-02-12-passport-q2hd.yaml", "seals/k4f7-review.seal"} {
			p := filepath.Join(base, filepath.FromSlash(f))
			if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(p, fmt.Appendf(nil, "format: x/v1\nlearner: %d\nfile: %s\n", i, f), 0o666); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".gitattributes"), []byte("* -text\n*.yaml merge=sendctl\n"), 0o666); err != nil {
		b.Fatal(err)
	}
	git("add", "-A")
	git("commit", "-qm", "start")
	git("repack", "-adq")
	git("prune-packed", "-q")
	time.Sleep(1100 * time.Millisecond) // past the second in which the index was written
	git("status")
	return dir
}

func learnerName(i int) string {
	const letters = "bcdfghjkmnpqrstvwxz23456789"
	name := []byte("b0000000")
	n := uint32(i) * 2654435761
	for k := 1; k < 8; k++ {
		name[k] = letters[n%27]
		n = n/27 + uint32(i*k)
	}
	return string(name)
}

func edit(b *testing.B, dir string, n, learners int) []string {
	b.Helper()
	base := "learners/" + learnerName(n*37%learners)
	paths := []string{base + "/cycles/2025-11-21-initial-concerns-m3xt.yaml", base + fmt.Sprintf("/seals/m3xt-%d.seal", n)}
	for _, p := range paths {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(p)), fmt.Appendf(nil, "%d %d\n", n, time.Now().UnixNano()), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	return paths
}

// TestBenchRecord is the process that BenchmarkWhole times.
func TestBenchRecord(t *testing.T) {
	dir := os.Getenv("TRAIL_BENCH_DIR")
	if dir == "" {
		t.Skip("run by BenchmarkWhole")
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	who, err := r.Author(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c := Commit{Message: "review: bk7m2xqt 2025-11-21 initial-concerns", Author: who, Committer: who}
	for _, p := range filepath.SplitList(os.Getenv("TRAIL_BENCH_PATHS")) {
		data, err := os.ReadFile(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		c.Files = append(c.Files, File{Path: p, Data: data})
	}
	if _, err := r.Record(context.Background(), c, nil); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkWhole(b *testing.B) {
	for _, learners := range learnersSizes {
		dir := school(b, learners)
		b.Run(fmt.Sprintf("%d/ours", learners), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				paths := edit(b, dir, i, learners)
				cmd := exec.Command(os.Args[0], "-test.run=^TestBenchRecord$")
				cmd.Env = append(os.Environ(), "TRAIL_BENCH_DIR="+dir, "TRAIL_BENCH_PATHS="+paths[0]+":"+paths[1])
				b.StartTimer()
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("%v %s", err, out)
				}
			}
		})
		b.Run(fmt.Sprintf("%d/git", learners), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				paths := edit(b, dir, i+100000, learners)
				b.StartTimer()
				for _, args := range [][]string{{"add", paths[0], paths[1]}, {"commit", "-q", "-m", "review: bk7m2xqt 2025-11-21 initial-concerns"}} {
					cmd := exec.Command("git", args...)
					cmd.Dir = dir
					if out, err := cmd.CombinedOutput(); err != nil {
						b.Fatalf("%v %s", err, out)
					}
				}
			}
		})
	}
}

// BenchmarkRecord is Record alone, in one process.
func BenchmarkRecord(b *testing.B) {
	for _, learners := range learnersSizes {
		b.Run(fmt.Sprint(learners), func(b *testing.B) {
			dir := school(b, learners)
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				paths := edit(b, dir, i, learners)
				b.StartTimer()
				r, err := Open(dir)
				if err != nil {
					b.Fatal(err)
				}
				who, err := r.Author(time.Now())
				if err != nil {
					b.Fatal(err)
				}
				c := Commit{Message: "review", Author: who, Committer: who}
				for _, p := range paths {
					data, err := os.ReadFile(filepath.Join(dir, p))
					if err != nil {
						b.Fatal(err)
					}
					c.Files = append(c.Files, File{Path: p, Data: data})
				}
				if _, err := r.Record(context.Background(), c, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
