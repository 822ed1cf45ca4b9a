package trail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// AsOf is the first commit of git's own first-parent line that is old enough, also where
// clocks went back and histories were merged.
func TestAsOf(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := &histRepo{fatal: rt.Fatal, dir: t.TempDir()}
		r.git("init", "-q", "-b", "main")
		commits := drawHistory(rt)
		r.build(commits)
		repo, err := Open(r.dir)
		if err != nil {
			rt.Fatal(err)
		}
		defer repo.Close()
		line := strings.Split(strings.TrimSpace(r.git("log", "--first-parent", "--format=%H %ct", "main")), "\n")
		for range 4 {
			moment := int64(1700000000 + rapid.IntRange(-30, len(commits)*10+10).Draw(rt, "moment"))
			var want string
			var at, last int64
			skewed := false
			for _, l := range line {
				id, seconds, _ := strings.Cut(l, " ")
				if last, err = strconv.ParseInt(seconds, 10, 64); err != nil {
					rt.Fatal(err)
				}
				if last <= moment && want == "" {
					want, at = id, last
				}
				skewed = skewed || want != "" && last > moment
			}
			elsewhere := 0
			if want != "" {
				for _, l := range strings.Fields(r.git("log", "--format=%ct", "main", "^"+want)) {
					if seconds, err := strconv.ParseInt(l, 10, 64); err == nil && seconds <= moment {
						elsewhere++
					}
				}
			}
			got, err := repo.AsOf(t.Context(), time.Unix(moment, 0))
			var early *TooEarlyError
			switch {
			case want == "" && (!errors.As(err, &early) || early.First.Unix() != last || early.Cut):
				rt.Fatalf("at %d: %v, want the first at %d", moment, err, last)
			case want != "" && (err != nil || got.ID != want || got.When.Unix() != at || got.Skewed != skewed || got.Elsewhere != elsewhere):
				rt.Fatalf("at %d: %+v (%v), want %s of %d, %t, %d", moment, got, err, want, at, skewed, elsewhere)
			}
		}
	})
}

// To the second: a commit of the very moment counts, one of the next second does not.
func TestAsOfSecond(t *testing.T) {
	r := newHistRepo(t)
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	var early *TooEarlyError
	if _, err := repo.AsOf(t.Context(), time.Now()); !errors.As(err, &early) || !early.First.IsZero() || !strings.Contains(err.Error(), "no history yet") {
		t.Errorf("no commit: %v", err)
	}
	r.build(manyCommits(10))
	for _, c := range []struct {
		at   time.Time
		want int
	}{
		{time.Unix(1700000004, 0), 4},
		{time.Unix(1700000004, 999_999_999), 4},
		{time.Unix(1700000004, 0).In(time.FixedZone("", -7*3600)), 4},
		{time.Unix(1800000000, 0), 9},
	} {
		got, err := repo.AsOf(t.Context(), c.at)
		if want := strings.TrimSpace(r.git("rev-parse", "c"+strconv.Itoa(c.want))); err != nil || got.ID != want {
			t.Errorf("%s: %v %v, want %s", c.at, got, err, want)
		}
	}
	_, err = repo.AsOf(t.Context(), time.Unix(1699999999, 0).UTC())
	if !errors.As(err, &early) || early.First.Unix() != 1700000000 || !strings.Contains(err.Error(), "begins at 2023-11-14 22:13:20 +00:00") {
		t.Errorf("too early: %v", err)
	}

	shallow := &histRepo{fatal: t.Fatal, dir: filepath.Join(t.TempDir(), "s")}
	r.git("clone", "-q", "--depth", "3", "file://"+r.dir, shallow.dir)
	cut, err := Open(shallow.dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = cut.AsOf(t.Context(), time.Unix(1700000002, 0))
	if !errors.As(err, &early) || !early.Cut || early.First.Unix() != 1700000007 || !strings.Contains(err.Error(), "--unshallow") {
		t.Errorf("a shallow clone: %v", err)
	}
	if got, err := cut.AsOf(t.Context(), time.Unix(1700000008, 0)); err != nil || got.When.Unix() != 1700000008 {
		t.Errorf("within a shallow clone: %v %v", got, err)
	}
}

// RecordedAt knows the bytes of a commit, of the record folder alone, and follows no link.
func TestRecordedAt(t *testing.T) {
	r := newHistRepo(t)
	if repo, err := Open(r.dir); err != nil {
		t.Fatal(err)
	} else if _, err := repo.RecordedAt("HEAD"); !errors.As(err, new(*RevisionError)) {
		t.Errorf("no commit: %v", err)
	}
	r.write("sendctl.yaml", "above")
	r.write("school/sendctl.yaml", "within")
	r.write("school/learners/a/identity.yaml", "a\n")
	r.write("school/learners/b/identity.yaml", "")
	if err := os.Symlink("a", filepath.Join(r.dir, "school/learners/c")); err != nil {
		t.Fatal(err)
	}
	r.git("add", ".")
	r.git("update-index", "--chmod=+x", "school/learners/a/identity.yaml")
	r.git("commit", "-q", "-m", "one")
	for at, own := range map[string]string{".": "above", "school": "within"} {
		repo, err := Open(filepath.Join(r.dir, at))
		if err != nil {
			t.Fatal(err)
		}
		x, err := repo.RecordedAt("HEAD")
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSpace(r.git("rev-parse", "HEAD")); x.ID != want {
			t.Errorf("%s: commit %s, want %s", at, x.ID, want)
		}
		if !x.Is("sendctl.yaml", []byte(own)) || x.Is("sendctl.yaml", []byte("other")) || x.Is("nothing", nil) {
			t.Errorf("%s: sendctl.yaml", at)
		}
		if at == "." {
			continue
		}
		learners, err := x.Sub("learners")
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for n := range learners.Names() {
			names[n] = true
		}
		if fmt.Sprint(names) != "map[a:true b:true c:true]" || !learners.Has("a") || learners.Has("d") {
			t.Errorf("learners: %v", names)
		}
		for dir, want := range map[string]string{"a": "a\n", "b": ""} {
			sub, err := learners.Sub(dir)
			if err != nil || !sub.Is("identity.yaml", []byte(want)) || sub.Is("identity.yaml", []byte("x")) {
				t.Errorf("%s: %v", dir, err)
			}
		}
		for _, none := range []string{"c", "d"} {
			sub, err := learners.Sub(none)
			if err != nil || sub.Has("identity.yaml") {
				t.Errorf("%s: %v", none, err)
			}
		}
		if learners.Is("c", []byte("a")) {
			t.Error("a link passes for a file")
		}
	}
}

// BenchmarkAsOf walks ten thousand commits, to the first.
func BenchmarkAsOf(b *testing.B) {
	for _, packed := range []bool{true, false} {
		b.Run(fmt.Sprintf("packed=%t", packed), func(b *testing.B) {
			r := newHistRepo(b)
			if !packed {
				r.git("config", "fastimport.unpackLimit", "100000")
			}
			r.build(manyCommits(10000))
			for b.Loop() {
				repo, err := Open(r.dir)
				if err != nil {
					b.Fatal(err)
				}
				if m, err := repo.AsOf(b.Context(), time.Unix(1700000000, 0)); err != nil || m.When.Unix() != 1700000000 {
					b.Fatal(m, err)
				}
				_ = repo.Close()
			}
		})
	}
}
