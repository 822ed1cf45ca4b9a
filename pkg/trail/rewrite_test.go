package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/objects"
)

const away = "kk4wfw4j"

// nameCut takes away whatever bears an id in its name.
type nameCut string

func (c nameCut) Entry(_ string, e objects.TreeEntry) (bool, string) {
	return bytes.Contains(e.Name, []byte(c)), ""
}

func (c nameCut) Message(text []byte, _ bool) []byte {
	var out []string
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case !strings.Contains(line, string(c)):
			out = append(out, line)
		case i == 0:
			out = append(out, "taken out")
		}
	}
	return []byte(strings.Join(out, "\n"))
}

// randomPast is a random history, as git fast-import takes it, and how it is stored.
type randomPast struct{ script, stored string }

// randomPasts are histories of commits, merges, deletions and empty commits.
func randomPasts(t *rapid.T) randomPast {
	n := rapid.IntRange(2, 14).Draw(t, "commits")
	var s strings.Builder
	branches := []string{"main", "side", "other"}
	tip := map[string]int{}
	for i := 1; i <= n; i++ {
		branch := branches[0]
		if i > 1 {
			branch = rapid.SampledFrom(branches).Draw(t, "branch")
		}
		message := rapid.SampledFrom([]string{"note: other", "note: " + away, "squash\n\n* a " + away + "\n* b"}).Draw(t, "message")
		fmt.Fprintf(&s, "commit refs/heads/%s\nmark :%d\nauthor A. B. <a@b> %d +0100\ncommitter C. D. <c@d> %d -0300\ndata %d\n%s\n",
			branch, i, 1000+i, 2000+i, len(message), message)
		from := tip[branch]
		if from == 0 {
			from = tip["main"]
		}
		if from > 0 {
			fmt.Fprintf(&s, "from :%d\n", from)
			if other := tip[rapid.SampledFrom(branches).Draw(t, "merge")]; other > 0 && other != from && rapid.Bool().Draw(t, "merges") {
				fmt.Fprintf(&s, "merge :%d\n", other)
			}
		} else {
			s.WriteString("M 644 inline sub/sendctl.yaml\ndata 1\nx\n")
			if rapid.Bool().Draw(t, "large") { // so that one version is judged by the last
				for k := range largeFolder + 2 {
					fmt.Fprintf(&s, "M 644 inline sub/learners/%c%03d/a.yaml\ndata 1\n%d\n", "bxk"[k%3], k, k%10)
				}
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "files") {
			p := rapid.SampledFrom([]string{"sub/learners/" + away + "/a.yaml", "sub/learners/" + away + "/cycles/b.yaml", "sub/learners/bk7m2xqt/a.yaml",
				"sub/export-" + away + ".pdf", "sub/people.yaml"}).Draw(t, "path")
			if rapid.IntRange(0, 4).Draw(t, "deletes") == 0 {
				fmt.Fprintf(&s, "D %s\n", p)
				continue
			}
			text := fmt.Sprintf("%s %d", p, rapid.IntRange(0, 3).Draw(t, "text"))
			fmt.Fprintf(&s, "M 644 inline %s\ndata %d\n%s\n", p, len(text), text)
		}
		s.WriteString("\n")
		tip[branch] = i
	}
	return randomPast{s.String(), rapid.SampledFrom([]string{"loose", "packed", "graph"}).Draw(t, "stored")}
}

// TestRewriteKeepsTheRest takes an id out of random histories and holds every commit
// against what it was.
func TestRewriteKeepsTheRest(t *testing.T) {
	isolate(t)
	n := 8
	if os.Getenv("TRAIL_MORE") != "" {
		n = 300
	}
	for seed := range n {
		past := rapid.Custom(randomPasts).Example(seed)
		b := &box{t, t.TempDir()}
		b.git("init", "-q", "-b", "main")
		b.git("config", "user.name", "M. Eyre")
		b.git("config", "user.email", "eyre@thornelaw.example")
		whole, err := Open(b.dir)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		if _, err := whole.gitContext(ctx, strings.NewReader(past.script), nil, "fast-import", "--quiet"); err != nil {
			t.Fatal(err)
		}
		b.git("reset", "-q", "--hard", "main")
		b.git("tag", "light", "main")
		b.git("tag", "-a", "-m", "annotated "+away+"\nx", "heavy", "main")
		b.git("notes", "add", "-m", "a note", "main")
		switch past.stored {
		case "packed":
			b.git("gc", "-q")
		case "graph":
			b.git("repack", "-q", "-a", "-d", "-b", "--write-midx")
			b.git("pack-refs", "--all")
			b.git("commit-graph", "write", "--reachable")
		}
		old := strings.Fields(b.git("rev-list", "--branches", "--topo-order", "--reverse"))
		was := map[string][]string{}
		for _, id := range old {
			was[id] = b.listing(id)
		}
		raw := map[string]string{}
		for _, id := range old {
			raw[id] = b.git("cat-file", "commit", id)
		}
		r, err := Open(filepath.Join(b.dir, "sub"))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Rewritable(ctx); err != nil {
			t.Fatal(err)
		}
		plan, err := r.Rewrite(ctx, nameCut(away))
		if err != nil {
			t.Fatal(err)
		}
		who := Ident{Name: "M. Eyre", Email: "eyre@thornelaw.example", When: time.Unix(9000, 0).UTC()}
		w, moves, err := r.Remove(ctx, nameCut(away), Commit{Message: "purge: x", Author: who, Committer: who,
			Files: []File{{Path: "removals/2026-01-01-w3xk.yaml", Data: []byte("format: removal/v1\n")}}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plan.Moves, w.Moves); diff != "" {
			t.Fatalf("what is done is not what was shown:\n%s", diff)
		}
		if err := r.MoveRefs(ctx, moves, who); err != nil {
			t.Fatal(err)
		}
		if left, err := r.ClearFiles(ctx, nameCut(away), []string{"removals/2026-01-01-w3xk.yaml"}); err != nil || len(left) > 0 {
			t.Fatal(left, err)
		}
		if err := r.Expire(ctx); err != nil {
			t.Fatal(err)
		}
		if n, left, err := r.Left(ctx, nameCut(away), w.Objects()); err != nil || len(left) > 0 || n == 0 {
			t.Fatal(n, left, err)
		}
		if out := b.git("status", "--porcelain"); out != "" {
			t.Fatalf("the work tree is not as recorded:\n%s", out)
		}
		if out, err := b.tryGit(b.dir, "fsck", "--full", "--strict", "--no-dangling"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if out := b.git("cat-file", "--batch-all-objects", "--batch", "--unordered"); strings.Contains(out, away) {
			t.Fatal("an object still holds the id")
		}
		clean := map[string]bool{} // commits that nothing of it came before
		for _, id := range old {
			lines := strings.Split(raw[id], "\n")
			clean[id] = !strings.Contains(raw[id], away) && !slices.ContainsFunc(was[id], func(f string) bool { return strings.Contains(f, away) })
			var parents []string
			for _, l := range lines {
				p, ok := strings.CutPrefix(l, "parent ")
				if !ok {
					continue
				}
				clean[id] = clean[id] && clean[p]
				if to := w.Of(objects.ID(parse(p))); !to.IsZero() && !slices.Contains(parents, to.String()) {
					parents = append(parents, to.String())
				}
			}
			to := w.Of(objects.ID(parse(id)))
			want := slices.DeleteFunc(slices.Clone(was[id]), func(f string) bool { return strings.Contains(f, away) })
			if to.IsZero() {
				if len(want) > 0 {
					t.Fatalf("commit %s went, and held more", id)
				}
				continue
			}
			if diff := cmp.Diff(want, b.listing(to.String())); diff != "" {
				t.Fatalf("commit %s (-want +got):\n%s", id, diff)
			}
			if clean[id] != (to.String() == id) {
				t.Fatalf("commit %s became %s; nothing of it came before: %t", id, to, clean[id])
			}
			if len(parents) == 1 && parents[0] == to.String() {
				continue // it vanished
			}
			now := b.git("cat-file", "commit", to.String())
			var got []string
			for _, l := range strings.Split(now, "\n") {
				if p, ok := strings.CutPrefix(l, "parent "); ok {
					got = append(got, p)
				}
			}
			if diff := cmp.Diff(parents, got); diff != "" {
				t.Fatalf("the parents of %s:\n%s", id, diff)
			}
			if identsOf(raw[id]) != identsOf(now) {
				t.Fatalf("commit %s: %q became %q", id, identsOf(raw[id]), identsOf(now))
			}
		}
	}
}

func parse(hex string) objects.ID {
	id, err := objects.ParseID(hex)
	if err != nil {
		panic(err)
	}
	return id
}

// identsOf is what a commit says of people and times.
func identsOf(raw string) string {
	var out []string
	for _, l := range strings.Split(raw, "\n") {
		if strings.HasPrefix(l, "author ") || strings.HasPrefix(l, "committer ") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func (b *box) listing(rev string) []string {
	out := b.git("ls-tree", "-r", rev)
	if out == "" {
		return []string{}
	}
	return strings.Split(out, "\n")
}

// TestRewritableRefuses holds that whatever would keep what goes is named before.
func TestRewritableRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, says string
		do         func(b *box)
	}{
		{"detached", "detached", func(b *box) { b.git("checkout", "-q", "--detach") }},
		{"shallow", "shallow", func(b *box) {
			b.git("clone", "-q", "--depth=1", "file://"+b.dir, b.dir+"-2")
			b.dir += "-2"
		}},
		{"partial", "partial", func(b *box) { b.git("config", "remote.origin.promisor", "true") }},
		{"borrowing", "borrows", func(b *box) {
			b.git("clone", "-q", "--shared", b.dir, b.dir+"-2")
			b.dir += "-2"
		}},
		{"another work tree", "linked", func(b *box) { b.git("worktree", "add", "-q", b.dir+"-2") }},
		{"in a linked work tree", "linked", func(b *box) {
			b.git("worktree", "add", "-q", b.dir+"-2")
			b.dir += "-2"
		}},
		{"merge", "merge is under way", func(b *box) {
			b.write(".git/MERGE_HEAD", b.git("rev-parse", "HEAD")+"\n")
		}},
		{"bisect", "bisect", func(b *box) { b.git("bisect", "start") }},
		{"replaced", "another history", func(b *box) { b.git("replace", "--graft", "HEAD") }},
		{"kept pack", "marked to be kept", func(b *box) {
			b.git("repack", "-q", "-a", "-d")
			packs, _ := filepath.Glob(filepath.Join(b.dir, ".git/objects/pack/*.pack"))
			if err := os.WriteFile(strings.TrimSuffix(packs[0], ".pack")+".keep", nil, 0o666); err != nil {
				b.Fatal(err)
			}
		}},
		{"submodule", "submodules", func(b *box) { b.write(".gitmodules", "") }},
		{"changed", "changed and not committed", func(b *box) { b.write("sendctl.yaml", "y") }},
		{"staged", "changed and not committed", func(b *box) { b.write("new", "y"); b.git("add", "new") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBox(t)
			b.write("sendctl.yaml", "x")
			b.git("add", "-A")
			b.git("commit", "-qm", "first")
			b.write("sendctl.yaml", "z")
			b.git("commit", "-qam", "second")
			tt.do(b)
			r, err := Open(b.dir)
			if err != nil {
				t.Fatal(err)
			}
			err = r.Rewritable(context.Background())
			var refused *RefusedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want a refusal that says %q", err, tt.says)
			}
		})
	}
}

// TestDeltas unpacks what deltaOf packed, with git's own reader of packs.
func TestDeltas(t *testing.T) {
	b := newBox(t)
	r, err := Open(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.newPacking()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	var tree []byte
	for i := range 3000 { // a folder of three thousand, of which one after the other changes
		tree = fmt.Appendf(tree, "40000 %08d\x00%020d", i, i)
	}
	for i := range 100 {
		next := bytes.Clone(tree)
		copy(next[(i*37%2900)*35+15:], fmt.Sprintf("%020d", 9999+i))
		if i%10 == 9 {
			next = append(next[:35*i], next[35*i+35:]...)
		}
		tree = next
		id := objects.Hash(objects.Tree, tree)
		if err := p.put(objects.Tree, id, "learners", tree); err != nil {
			t.Fatal(err)
		}
		want = append(want, id.String())
	}
	if err := p.finish(); err != nil {
		t.Fatal(err)
	}
	packs, _ := filepath.Glob(filepath.Join(b.dir, ".git/objects/pack/*.idx"))
	if len(packs) != 1 {
		t.Fatal(packs)
	}
	b.git("verify-pack", packs[0])
	info, err := os.Stat(strings.TrimSuffix(packs[0], ".idx") + ".pack")
	if err != nil {
		t.Fatal(err)
	}
	if whole := int64(len(tree)) * 100; info.Size() > whole/20 {
		t.Errorf("%d bytes for %d: the trees were not packed against each other", info.Size(), whole)
	}
	store, err := r.ownStore()
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, hex := range want {
		if _, _, err := store.Verified(parse(hex)); err != nil {
			t.Error(err)
		}
	}
}
