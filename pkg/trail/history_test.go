package trail

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/objects"
)

// histRepo is a repository made by the real git, blind to the machine's configuration.
type histRepo struct {
	fatal func(args ...any)
	dir   string
}

func newHistRepo(t testing.TB) *histRepo {
	t.Helper()
	r := &histRepo{fatal: t.Fatal, dir: t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r *histRepo) git(args ...string) string { return r.feed("", args...) }

func (r *histRepo) feed(input string, args ...string) string {
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "GIT_") }),
		"HOME="+r.dir, "XDG_CONFIG_HOME="+r.dir, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C", "GIT_NO_REPLACE_OBJECTS=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		r.fatal("git ", args, ": ", err, "\n", errs.String())
	}
	return out.String()
}

func (r *histRepo) write(name, content string) {
	path := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		r.fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		r.fatal(err)
	}
}

// histCommit is one commit of a made-up history: parents are numbers of earlier
// ones, files the whole content.
type histCommit struct {
	parents []int
	date    int
	files   map[string]int // a path and one of few contents
}

// build makes the commits; c0, c1 … are branches, main is the last.
func (r *histRepo) build(commits []histCommit) {
	var in strings.Builder
	for i, c := range commits {
		fmt.Fprintf(&in, "commit refs/heads/c%d\nmark :%d\ncommitter C <c@example.org> %d +0000\ndata 2\nm\n", i, i+1, 1700000000+c.date)
		for k, p := range c.parents {
			fmt.Fprintf(&in, "%s :%d\n", []string{"from", "merge"}[min(k, 1)], p+1)
		}
		in.WriteString("deleteall\n")
		for path, v := range c.files {
			fmt.Fprintf(&in, "M 100644 inline %s\ndata 2\n%d\n\n", path, v)
		}
	}
	fmt.Fprintf(&in, "reset refs/heads/main\nfrom :%d\n", len(commits))
	r.feed(in.String(), "fast-import", "--quiet", "--date-format=raw")
}

// words is strings.Fields with nil for none.
func words(s string) []string { return append([]string(nil), strings.Fields(s)...) }

func idsOf(t interface{ Fatal(...any) }, seq iter.Seq2[Entry, error]) []string {
	var ids []string
	for e, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
	}
	return ids
}

var histPaths = []string{"learners/a/x", "learners/a/cycles/1", "learners/b/x", "learners/b/y", "learners/c", "top", "other/z", "sub/learners/a/x", "sub/learners/b/x", "sub/top"}

// drawHistory draws a graph with merges that take sides path by path, evil ones,
// octopuses, further roots, dates that go back, files that become folders.
func drawHistory(t *rapid.T) []histCommit {
	n := rapid.IntRange(1, 24).Draw(t, "commits")
	commits := make([]histCommit, n)
	for i := range commits {
		c := histCommit{date: i*10 + rapid.IntRange(-25, 5).Draw(t, "skew"), files: map[string]int{}}
		many := rapid.SampledFrom([]int{1, 1, 1, 1, 2, 2, 2, 3, 4, 0}).Draw(t, "parents")
		for range min(many, i) {
			p := i - 1 - rapid.IntRange(0, min(i-1, 5)).Draw(t, "back")
			if !slices.Contains(c.parents, p) {
				c.parents = append(c.parents, p)
			}
		}
		for _, path := range histPaths {
			if len(c.parents) > 0 {
				from := c.parents[rapid.IntRange(0, len(c.parents)-1).Draw(t, "side")]
				if v, ok := commits[from].files[path]; ok {
					c.files[path] = v
				}
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "edits") {
			path := rapid.SampledFrom(histPaths).Draw(t, "path")
			if v := rapid.IntRange(-1, 2).Draw(t, "content"); v < 0 {
				delete(c.files, path)
			} else {
				c.files[path] = v
			}
		}
		if rapid.IntRange(0, 9).Draw(t, "file for folder") == 0 {
			for path := range c.files {
				if strings.HasPrefix(path, "learners/a/") {
					delete(c.files, path)
				}
			}
			c.files["learners/a"] = 1
		} else if len(c.files) > 1 {
			delete(c.files, "learners/a")
		}
		commits[i] = c
	}
	return commits
}

func TestHistoryEqualsGitLog(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		commits := drawHistory(rt)
		r := newHistRepo(t)
		r.fatal = rt.Fatal
		r.build(commits)
		if err := os.MkdirAll(filepath.Join(r.dir, "sub"), 0o777); err != nil {
			rt.Fatal(err)
		}
		for _, root := range []string{"", "sub"} {
			repo, err := Open(filepath.Join(r.dir, root))
			if err != nil {
				rt.Fatal(err)
			}
			queries := [][]string{nil, {"learners/a"}, {"learners"}, {"top"}, {"learners/a/x"}, {"learners/b", "top"}}
			if root == "" {
				queries = append(queries, []string{"learners/c"}, []string{"other"}, []string{"other/z", "learners/a/cycles"}, []string{"absent"})
			}
			wants := map[int][]string{}
			for turn, how := range []string{"plain", "index in two steps", "commit-graph"} {
				switch how {
				case "index in two steps":
					// First the index of some earlier commit, then what is missing.
					half := fmt.Sprintf("c%d", len(commits)/2)
					idsOf(rt, repo.HistoryOf(context.Background(), Query{From: half, Paths: []string{"top"}}))
				case "commit-graph":
					r.git("commit-graph", "write", "--reachable", "--changed-paths")
				}
				for i, paths := range queries {
					var full []string
					for _, p := range paths {
						full = append(full, filepath.ToSlash(filepath.Join(root, p)))
					}
					if paths == nil && root != "" {
						full = []string{root}
					}
					if turn == 0 {
						wants[i] = words(r.git(append([]string{"log", "--format=%H", "main", "--"}, full...)...))
					}
					want := wants[i]
					got := idsOf(rt, repo.HistoryOf(context.Background(), Query{Paths: paths, Proof: turn == 0}))
					if diff := cmp.Diff(want, got); diff != "" {
						rt.Fatalf("%s, folder %q, paths %v:\n%s", how, root, paths, diff)
					}
					if how != "commit-graph" {
						continue
					}
					// The same without the index, so that the filters are asked.
					if diff := cmp.Diff(want, walkWithoutIndex(rt, repo, paths)); diff != "" {
						rt.Fatalf("%s and no index, folder %q, paths %v:\n%s", how, root, paths, diff)
					}
				}
			}
		}
	})
}

func walkWithoutIndex(t interface{ Fatal(...any) }, repo *Repo, paths []string) []string {
	p, err := repo.openPast(context.Background(), Query{Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	p.index = nil
	if p.graph == nil {
		t.Fatal("no commit-graph")
	}
	var ids []string
	if err := p.ids(context.Background(), func(id objects.ID) error { ids = append(ids, id.String()); return nil }); err != nil {
		t.Fatal(err)
	}
	return ids
}

// manyCommits is a line of n commits over a few learners.
func manyCommits(n int) []histCommit {
	commits := make([]histCommit, n)
	files := map[string]int{}
	for i := range commits {
		files[fmt.Sprintf("learners/l%d/x", i*7%5)] = i
		commits[i] = histCommit{date: i, files: map[string]int{}}
		for k, v := range files {
			commits[i].files[k] = v % 10
		}
		if i > 0 {
			commits[i].parents = []int{i - 1}
		}
	}
	return commits
}

func TestHistoryIndexIsOnlyACache(t *testing.T) {
	r := newHistRepo(t)
	r.build(manyCommits(200))
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string) {
		t.Helper()
		for _, path := range []string{"learners/l1", "learners/l4/x"} {
			want := words(r.git("log", "--format=%H", "--", path))
			if diff := cmp.Diff(want, idsOf(t, repo.History(t.Context(), path))); diff != "" || len(want) == 0 {
				t.Fatalf("%s: %s", what, diff)
			}
		}
	}
	check("none")
	good, err := os.ReadFile(repo.touchedPath())
	if err != nil {
		t.Fatal("no index was written: ", err)
	}
	info, _ := os.Stat(filepath.Dir(repo.touchedPath()))
	if info.Mode().Perm() != 0o700 {
		t.Errorf("its folder has mode %v", info.Mode())
	}
	check("whole")
	for at := 0; at < len(good); at += 97 {
		bad := bytes.Clone(good)
		bad[at] ^= 0x40
		if err := os.WriteFile(repo.touchedPath(), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("byte %d changed", at))
		if now, err := os.ReadFile(repo.touchedPath()); err != nil || !bytes.Equal(now, good) {
			t.Fatalf("byte %d changed: it was not made anew", at)
		}
	}
	for _, cut := range []int{0, 10, indexHeadSize, len(good) - 1} {
		if err := os.WriteFile(repo.touchedPath(), good[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("cut to %d", cut))
	}
	r.git("checkout", "-q", "-f", "main")
	for i := range 3 {
		r.write("learners/l1/x", fmt.Sprint("more", i))
		r.git("add", ".")
		r.git("commit", "-q", "-m", "more")
		check("a few commits more")
	}
	if now, _ := os.ReadFile(repo.touchedPath()); !bytes.Equal(now, good) {
		t.Error("it was written again for a few commits")
	}
	r.git("checkout", "-q", "-f", "--orphan", "fresh")
	r.git("commit", "-q", "-m", "another root")
	check("another history")
	r.git("checkout", "-q", "-f", "main~50")
	check("an older commit")
	if err := os.RemoveAll(filepath.Dir(repo.touchedPath())); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(repo.touchedPath()), nil, 0o666); err != nil { // in the way of the folder
		t.Fatal(err)
	}
	check("nowhere to write")
}

// The file is written again from what it held and what is new, on top of merges.
func TestHistoryIndexGrows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	commits := manyCommits(300)
	for i := range commits {
		for i > 8 && random.IntN(3) == 0 && len(commits[i].parents) < 3 {
			p := i - 2 - random.IntN(6)
			if !slices.Contains(commits[i].parents, p) {
				commits[i].parents = append(commits[i].parents, p)
			}
			side := fmt.Sprintf("learners/l%d/x", random.IntN(5))
			commits[i].files[side] = commits[p].files[side]
		}
		commits[i].date += random.IntN(9)
	}
	r := newHistRepo(t)
	r.build(commits)
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for _, at := range []int{90, 80, 180, 200, 299} {
		from := fmt.Sprint("c", at)
		for learner := range 5 {
			path := fmt.Sprintf("learners/l%d", learner)
			want := words(r.git("log", "--format=%H", from, "--", path))
			got := idsOf(t, repo.HistoryOf(t.Context(), Query{From: from, Paths: []string{path}}))
			if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
				t.Fatalf("%s %s: %s", from, path, diff)
			}
		}
		info, err := os.Stat(repo.touchedPath())
		if err != nil {
			t.Fatal(err)
		}
		grew := info.Size() > size
		if want := at != 80 && at != 200; grew != want {
			t.Errorf("at %s the file grew: %v", from, grew)
		}
		size = info.Size()
	}
}

func TestHistoryPlaces(t *testing.T) {
	r := newHistRepo(t)
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := idsOf(t, repo.History(t.Context(), "learners")); got != nil {
		t.Errorf("unborn: %v", got)
	}
	r.build(manyCommits(30))
	r.git("checkout", "-q", "-f", "--detach", "main~3")
	same := func(repo *Repo, dir string) {
		t.Helper()
		want := words(r.git("-C", dir, "log", "--format=%H", "--", "learners/l2"))
		if diff := cmp.Diff(want, idsOf(t, repo.History(t.Context(), "learners/l2"))); diff != "" || len(want) == 0 {
			t.Fatal(diff)
		}
	}
	same(repo, r.dir)
	tree := filepath.Join(t.TempDir(), "linked")
	r.git("worktree", "add", "-q", tree, "main~7")
	linked, err := Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	same(linked, tree)
	clone := filepath.Join(t.TempDir(), "shallow")
	r.git("clone", "-q", "--depth=9", "-b", "main", "file://"+r.dir, clone)
	cut, err := Open(clone)
	if err != nil {
		t.Fatal(err)
	}
	same(cut, clone)
	if _, err := os.Stat(cut.touchedPath()); err == nil {
		t.Error("a shallow clone has an index: it would be wrong once deepened")
	}
	// A commit that is gone.
	broken := newHistRepo(t)
	broken.build(manyCommits(5))
	id := strings.TrimSpace(broken.git("rev-parse", "main~2"))
	if err := os.Remove(filepath.Join(broken.dir, ".git/objects", id[:2], id[2:])); err != nil {
		t.Fatal(err) // so few objects are loose by fast-import's own default
	}
	damaged, err := Open(broken.dir)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range damaged.History(t.Context(), "learners") {
		last = err
	}
	if !errors.As(last, new(*objects.MissingError)) {
		t.Errorf("a missing commit: %v", last)
	}
}

func TestHistoryStopsWhenAsked(t *testing.T) {
	r := newHistRepo(t)
	r.build(manyCommits(20))
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range repo.History(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var last error
	for _, err := range repo.History(ctx, "learners") {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("got %v", last)
	}
	for _, bad := range []string{"..", "../x", "/x", "a/../../b", ".git/x"} {
		last = nil
		for _, err := range repo.History(t.Context(), bad) {
			last = err
		}
		if last == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestEntry(t *testing.T) {
	r := newHistRepo(t)
	messages := []string{
		"one line", "  \n\nsubject\nover two lines  \n\nbody\n\nmore\n", "s\n\nKey: v\n", "\n", "s\n\n\n\nlate body\n\n\n",
		"act: x\n\nwords\n\nSendctl-Action: review\nSendctl-Learner: bk7m2xqt\n",
	}
	for _, m := range messages {
		r.feed(m, "commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "-F", "-", "--date=2024-05-01T10:11:12+0530")
	}
	repo, err := Open(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for e, err := range repo.History(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s|%s|%s|%s|%s|%s|%s|%s|%s\x01", e.ID, strings.Join(e.Parents, " "), e.Author.Name, e.Author.Email,
			e.Author.When.Format("2006-01-02T15:04:05-07:00"), e.Committer.Name, e.Committer.Email, e.Subject, e.Body)
	}
	want := r.git("log", "--format=tformat:%H|%P|%an|%ae|%aI|%cn|%ce|%s|%b%x01")
	var trimmed strings.Builder
	for _, one := range strings.Split(strings.TrimSuffix(want, "\x01\n"), "\x01\n") {
		trimmed.WriteString(strings.TrimRight(one, "\n") + "\x01")
	}
	if diff := cmp.Diff(trimmed.String(), got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTrailersEqualGit(t *testing.T) {
	r := newHistRepo(t)
	for _, m := range []string{
		"s\n\nSendctl-Action: review\nSendctl-Seals: a/b.yaml sha256:00\n", "s\nKey: v\n", "Key: v\n", "s\n\nKey: v\n\nKey2: w\n", "s\n\nwords\nKey: v\n",
		"s\n\nKey: one\n two\n\tthree\nOther: x\n", "s\n\nKey : spaced\n", "s\n\nKey:\nB:c\n", "s\n\nwords here\nSigned-off-by: A <a@example.org>\n",
		"s\n\na\nb\nc\nd\nSigned-off-by: A <a@example.org>\n", "s\n\nKey: v\n\n\n", "s\n\n continued\nKey: v\n", "s\n\nKey: v\n(cherry picked from commit 00)\n", "", "\n\n",
		"s\n\nno colon\n", "s\n\n: no key\n", "s\n\nSendctl-Note: a: b: c\nX-1: ü\n", "s\n\nwords\n\nA: 1\nA: 2",
	} {
		var got strings.Builder
		for _, one := range Trailers(m) {
			fmt.Fprintf(&got, "%s: %s\n", one.Key, one.Value)
		}
		want := r.feed(m, "interpret-trailers", "--parse", "--no-divider")
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("%q:\n%s", m, diff)
		}
	}
}

func FuzzTrailers(f *testing.F) {
	f.Add("s\n\nKey: v\n more\n")
	f.Add("s\n\nSigned-off-by: x\nwords\n\n")
	f.Add("#\n: \n\t")
	f.Fuzz(func(t *testing.T, m string) {
		for _, one := range Trailers(m) {
			if one.Key == "" || strings.ContainsAny(one.Key+one.Value, "\n") {
				t.Fatalf("%q", one)
			}
		}
		subjectBody(m)
	})
}

func TestChanged(t *testing.T) {
	r := newHistRepo(t)
	r.build([]histCommit{
		{files: map[string]int{"learners/a/x": 1, "learners/a/c/1": 1, "learners/b/x": 1, "top": 1, "sub/y": 1}},
		{parents: []int{0}, date: 1, files: map[string]int{"learners/a/x": 2, "learners/a/c/2": 1, "learners/b": 1, "top": 1, "sub/y": 2, "sub/z.d": 1, "sub/z/q": 1}},
		{parents: []int{1}, date: 2, files: map[string]int{"learners/a/x": 2, "learners/a/c": 1, "sub/z": 1}},
		{parents: []int{2, 0}, date: 3, files: map[string]int{"learners/b/x": 1}},
	})
	if err := os.MkdirAll(filepath.Join(r.dir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{"", "sub"} {
		repo, err := Open(filepath.Join(r.dir, root))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			id := strings.TrimSpace(r.git("rev-parse", fmt.Sprint("c", i)))
			for _, paths := range [][]string{nil, {"learners/a"}, {"learners/a/x", "top"}} {
				if root != "" && paths != nil {
					continue
				}
				args := []string{"-C", filepath.Join(r.dir, root), "diff-tree", "--root", "-r", "--no-commit-id", "--name-only", "--relative", id, "--"}
				if i > 0 {
					args = slices.Replace(args, 8, 9, id+"^1", id)
				}
				want := words(r.git(append(args, paths...)...))
				sort.Strings(want)
				got, err := repo.Changed(id, paths...)
				if err != nil {
					t.Fatal(err)
				}
				for e, err := range repo.HistoryOf(t.Context(), Query{From: id, Paths: paths, Files: true}) {
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, e.Changed); e.ID == id && diff != "" {
						t.Errorf("c%d in %q under %v, in its entry:\n%s", i, root, paths, diff)
					}
					break
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("c%d in %q under %v:\n%s", i, root, paths, diff)
				}
			}
		}
	}
}

// FuzzHistoryIndex: an index that is damaged and yet has the right checksum may
// give a wrong answer, but no panic and no hang.
func FuzzHistoryIndex(f *testing.F) {
	r := newHistRepo(f)
	commits := manyCommits(40)
	commits[20].parents = []int{19, 10}
	commits[30].parents = []int{29, 5, 7}
	r.build(commits)
	repo, err := Open(r.dir)
	if err != nil {
		f.Fatal(err)
	}
	idsOf(f, repo.History(f.Context(), "learners"))
	good, err := os.ReadFile(repo.touchedPath())
	if err != nil {
		f.Fatal(err)
	}
	for at := range 80 {
		f.Add(uint16(28+at*23), uint32(0x01)<<(at%32))
		f.Add(uint16(indexHeadSize+12*40+at*4), uint32(1)<<31) // what commits touch
		f.Add(uint16(indexHeadSize+8*40+at*4), uint32(1)<<31)  // their parents
	}
	p, err := repo.openPast(f.Context(), Query{Paths: []string{"learners/l1", "learners/l2/x"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(p.close)
	f.Fuzz(func(t *testing.T, at uint16, xor uint32) {
		bad := bytes.Clone(good)
		place := 28 + int(at)%(len(bad)-32)
		binary.LittleEndian.PutUint32(bad[place:], binary.LittleEndian.Uint32(bad[place:])^xor)
		binary.LittleEndian.PutUint32(bad[24:], crc32.Checksum(bad[28:], crc32.MakeTable(crc32.Castagnoli)))
		x := &touched{late: map[objects.ID]uint32{}}
		if !x.base.read(bad) || !x.readKeys() {
			return
		}
		if _, ok := x.number(p.from); ok {
			x.walk(t.Context(), p, func(objects.ID) error { return nil })
		}
	})
}
