//go:build bench

package trail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Run with: go test -tags bench -run TestHistoryCost -v ./pkg/trail
//
// SENDCTL_BENCH_COMMITS is a list of sizes (10000,100000 when not set), SENDCTL_BENCH_DIR a
// folder that keeps the repositories between runs.
func TestHistoryCost(t *testing.T) {
	sizes := "10000,100000"
	if s := os.Getenv("SENDCTL_BENCH_COMMITS"); s != "" {
		sizes = s
	}
	for _, s := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(s, func(t *testing.T) { historyCost(t, n) })
	}
}

func historyCost(t *testing.T, n int) {
	r := benchRepo(t, n)
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	const folder = "learners/lrn00042"
	var want []string
	gitTime := func(config ...string) time.Duration {
		args := append(config, "log", "--format=%H", "--", folder)
		return best(func() { want = words(r.git(args...)) })
	}
	check := func(got []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Fatalf("%d commits, git has %d", len(got), len(want))
		}
	}
	ours := func(q Query, index bool) time.Duration {
		q.Paths = []string{folder}
		var got []string
		d := best(func() {
			if index || q.Proof {
				got = idsOf(t, repo.HistoryOf(context.Background(), q))
				return
			}
			got = walkNoIndex(t, repo, q)
		})
		check(got)
		return d
	}
	away := filepath.Join(r.dir, "graph-away")
	graph := filepath.Join(r.dir, ".git/objects/info/commit-graph")
	bare := gitTime("-c", "core.commitGraph=false")
	filters := gitTime()
	t.Logf("%d commits, %d of them in %s", n, len(want), folder)
	t.Logf("git log               no commit-graph %v, commit-graph with filters %v", bare, filters)
	say := func(what string, d time.Duration) {
		t.Logf("%-22s%10v   %.2f of git without, %.2f of git with commit-graph and filters", what, d.Round(time.Microsecond), float64(d)/float64(bare), float64(d)/float64(filters))
	}
	say("walk, proof", ours(Query{Proof: true}, false))
	say("walk, no graph", ours(Query{From: "main"}, false))
	say("walk, graph+filters", ours(Query{}, false))
	cold := func() time.Duration {
		return best(func() {
			if err := os.RemoveAll(filepath.Dir(repo.touchedPath())); err != nil {
				t.Fatal(err)
			}
			check(idsOf(t, repo.History(context.Background(), folder)))
		})
	}
	say("index cold, graph", cold())
	say("index warm", ours(Query{}, true))
	if err := os.Rename(graph, away); err != nil {
		t.Fatal(err)
	}
	defer os.Rename(away, graph)
	say("index cold, no graph", cold())
	say("index warm, no graph", ours(Query{}, true))
	info, err := os.Stat(repo.touchedPath())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the index has %d bytes", info.Size())
}

func walkNoIndex(t *testing.T, repo *Repo, q Query) []string {
	graph := q.From != "main" // a sign for the caller: without
	p, err := repo.openPast(context.Background(), Query{Paths: q.Paths, Proof: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	p.store.Verify = false
	if graph {
		p.graph = p.store.Graph()
	}
	var ids []string
	if err := p.ids(context.Background(), func(id objects.ID) error {
		e, err := p.entry(id)
		ids = append(ids, e.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}

func best(f func()) time.Duration {
	least := time.Duration(1 << 62)
	for range 3 {
		start := time.Now()
		f()
		least = min(least, time.Since(start))
	}
	return least
}

// benchRepo makes 300 learners of eight files, then n acts on one file each, packed by git.
func benchRepo(t *testing.T, n int) *histRepo {
	dir := t.TempDir()
	if keep := os.Getenv("SENDCTL_BENCH_DIR"); keep != "" {
		dir = filepath.Join(keep, strconv.Itoa(n))
		if _, err := os.Stat(filepath.Join(dir, ".git/objects/info/commit-graph")); err == nil {
			return &histRepo{fatal: t.Fatal, dir: dir}
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	r := &histRepo{fatal: t.Fatal, dir: dir}
	r.git("init", "-q", "-b", "main")
	var in strings.Builder
	names := []string{"identity", "learner", "contacts", "profile", "passport", "cycles/2025-09-29-a", "cycles/2026-01-10-b", "advice/2026-02-10-t9wc"}
	file := func(learner, which, version int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "format: x/v1\nlearner: lrn%05d\n", learner)
		for i := range 25 {
			fmt.Fprintf(&b, "- {id: n%d, words: \"line %d of file %d, as of %d\"}\n", i, i, which, (version+i)/25)
		}
		return b.String()
	}
	put := func(learner, which, version int) {
		text := file(learner, which, version)
		fmt.Fprintf(&in, "M 100644 inline learners/lrn%05d/%s.yaml\ndata %d\n%s\n", learner, names[which], len(text), text)
	}
	head := func(i int) {
		msg := fmt.Sprintf("note: lrn%05d act %d\n\nSendctl-Action: note\nSendctl-Learner: lrn%05d\n", i*7919%300, i, i*7919%300)
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter C <c@example.org> %d +0000\ndata %d\n%s", 1700000000+i*60, len(msg), msg)
	}
	head(0)
	for learner := range 300 {
		for which := range names {
			put(learner, which, 0)
		}
	}
	in.WriteString("M 100644 inline sendctl.yaml\ndata 2\nx\n\n")
	for i := 1; i < n; i++ {
		head(i)
		put(i*7919%300, i/300%len(names), i)
	}
	r.feed(in.String(), "fast-import", "--quiet", "--date-format=raw")
	r.git("repack", "-adfq")
	r.git("commit-graph", "write", "--reachable", "--changed-paths")
	return r
}
