package trail

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// diverged is a folder whose main and other have each gone on from one commit.
func diverged(t *testing.T) (b *box, base, main, other string) {
	b = newBox(t)
	b.write("sendctl.yaml", "name: x\n")
	b.write("learners/a/learner.yaml", "1\n")
	b.write("learners/a/gone.yaml", "1\n")
	b.git("add", "-A")
	b.git("commit", "-q", "-m", "base")
	base = b.git("rev-parse", "HEAD")
	b.git("checkout", "-q", "-b", "other")
	b.write("learners/b/learner.yaml", "theirs\n")
	b.write("learners/a/learner.yaml", "theirs\n")
	b.write("run.sh", "true\n")
	if err := os.Chmod(filepath.Join(b.dir, "run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	b.git("rm", "-q", "learners/a/gone.yaml")
	b.git("add", "-A")
	b.git("commit", "-q", "-m", "other")
	other = b.git("rev-parse", "HEAD")
	b.git("checkout", "-q", "main")
	b.write("learners/c/learner.yaml", "ours\n")
	b.git("add", "-A")
	b.git("commit", "-q", "-m", "ours")
	return b, base, b.git("rev-parse", "HEAD"), other
}

func TestRecordMerge(t *testing.T) {
	b, base, head, other := diverged(t)
	r := b.open()
	ctx := context.Background()
	bases, err := r.MergeBases(ctx, head, other)
	if err != nil || len(bases) != 1 || bases[0] != base {
		t.Fatalf("merge bases: %v, %v", bases, err)
	}
	b.write("staged elsewhere", "x\n")
	b.git("add", "staged elsewhere")
	b.write("learners/a/learner.yaml", "both\n")
	b.write("learners/b/learner.yaml", "theirs\n")
	b.write("run.sh", "true\n")
	b.remove("learners/a/gone.yaml")
	c := b.act(r, "sync: main", map[string]string{"learners/a/learner.yaml": "both\n", "learners/b/learner.yaml": "theirs\n"}, "learners/a/gone.yaml")
	c.Files = append(c.Files, File{Path: "run.sh", Data: []byte("true\n"), Exec: true})
	c.Parents, c.Base = []string{other}, head
	res, err := r.Record(ctx, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.clean(`A  "staged elsewhere"`)
	b.verifyCacheTree()
	if got := b.git("log", "-1", "--format=%P"); got != head+" "+other {
		t.Errorf("parents %s", got)
	}
	if got := b.git("log", "-g", "-1", "--format=%gs"); got != "commit (merge): sync: main" {
		t.Errorf("reflog %q", got)
	}
	want := "100644 learners/a/learner.yaml\n100644 learners/b/learner.yaml\n100644 learners/c/learner.yaml\n100755 run.sh\n100644 sendctl.yaml"
	var got []string
	for line := range strings.Lines(b.git("ls-tree", "-r", res.ID)) {
		f := strings.Fields(line)
		got = append(got, f[0]+" "+f[3])
	}
	if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
		t.Error(diff)
	}

	// A merge that changes nothing here is a commit all the same; one worked out on
	// another head is none.
	c = b.act(r, "sync: main", nil)
	c.Parents, c.Base = []string{other}, head
	var moved *MovedError
	if _, err := r.Record(ctx, c, nil); !errors.As(err, &moved) {
		t.Errorf("on another head: %v", err)
	}
	c.Base = res.ID
	if _, err := r.Record(ctx, c, nil); err != nil {
		t.Errorf("without a change: %v", err)
	}
	b.clean(`A  "staged elsewhere"`)
}

func TestMergeWithHooksAndSigning(t *testing.T) {
	b, _, head, other := diverged(t)
	hook := func(name, text string) {
		p := filepath.Join(b.dir, ".git", "hooks", name)
		if err := os.WriteFile(p, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	merge := func() error {
		r := b.open()
		c := b.act(r, "sync: main", nil)
		c.Parents, c.Base = []string{other}, head
		_, err := r.Record(context.Background(), c, nil)
		return err
	}
	hook("pre-merge-commit", "echo not today; exit 1")
	var refused *RefusedError
	if err := merge(); !errors.As(err, &refused) || !strings.Contains(err.Error(), "not today") {
		t.Errorf("pre-merge-commit: %v", err)
	}
	b.clean("")
	hook("pre-merge-commit", "git ls-files >\"$GIT_DIR/seen\"")
	hook("commit-msg", "echo added >>\"$1\"")
	hook("reference-transaction", "exit 0")
	if err := merge(); !errors.As(err, &refused) {
		t.Errorf("reference-transaction: %v", err)
	}
	os.Remove(filepath.Join(b.dir, ".git", "hooks", "reference-transaction"))
	key := filepath.Join(b.dir, ".git", "key")
	if out, err := b.tryGit(b.dir, "config", "gpg.format", "ssh"); err != nil {
		t.Fatal(out)
	}
	signed := keygen(t, key)
	if signed {
		b.git("config", "user.signingkey", key+".pub")
		b.git("config", "commit.gpgsign", "true")
	}
	if err := merge(); err != nil {
		t.Fatal(err)
	}
	b.clean("")
	if got := b.git("log", "-1", "--format=%B"); got != "sync: main\nadded" {
		t.Errorf("message %q", got)
	}
	if signed && !strings.Contains(b.git("cat-file", "-p", "HEAD"), "BEGIN SSH SIGNATURE") {
		t.Error("the merge is not signed")
	}
}

// keygen makes a key, where there is ssh-keygen.
func keygen(t *testing.T, name string) bool {
	t.Helper()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		return false
	}
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	return true
}

func TestForward(t *testing.T) {
	b, base, head, other := diverged(t)
	r := b.open()
	ctx := context.Background()
	by, err := r.Author(someTime)
	if err != nil {
		t.Fatal(err)
	}
	var moved *MovedError
	if _, err := r.Forward(ctx, base, other, by, "main"); !errors.As(err, &moved) {
		t.Errorf("from another head: %v", err)
	}
	b.git("reset", "-q", "--hard", base)
	b.write("learners/b/learner.yaml", "theirs\n")
	b.write("learners/a/learner.yaml", "theirs\n")
	b.write("run.sh", "true\n")
	b.remove("learners/a/gone.yaml")
	if _, err := r.Forward(ctx, base, other, by, "main"); err != nil {
		t.Fatal(err)
	}
	b.clean("")
	b.verifyCacheTree()
	if got := b.git("rev-parse", "main"); got != other {
		t.Errorf("main is %s", got)
	}
	if got := b.git("log", "-g", "-1", "--format=%gs"); got != "sendctl sync: main" {
		t.Errorf("reflog %q", got)
	}
	beyond, err := r.Beyond(ctx, head, other)
	if err != nil || len(beyond) != 1 {
		t.Errorf("beyond: %v, %v", beyond, err)
	}
}

func TestPlace(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://eyre:secret@Git.School.Example/records.git/", "https://git.school.example/records"},
		{"git@git.school.example:sen/records.git", "ssh://git.school.example/sen/records"},
		{"ssh://git@git.school.example:22/sen/records", "ssh://git.school.example/sen/records"},
		{"/srv/records.git", "/srv/records"},
		{"/srv/records/.git", "/srv/records/.git"},
		{"file:///srv/records.git", "/srv/records"},
		{`C:\records`, `C:\records`},
		{"../other", "../other"},
		{"http://x.example:80/a", "http://x.example/a"},
	} {
		if got := Place(tt.in); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
	for in, want := range map[string]bool{"https://a:b@x.example/y": true, "https://token@x.example/y": true, "ssh://git@x.example/y": false,
		"git@x.example:y": false, "https://x.example/y?access_token=1": true, "/srv/x": false} {
		if Secret(in) != want {
			t.Errorf("%s: a secret is %v", in, !want)
		}
	}
}

func TestRemotes(t *testing.T) {
	b, _, head, other := diverged(t)
	ctx := context.Background()
	if list, err := b.open().Remotes(ctx); err != nil || len(list) > 0 {
		t.Fatalf("%v, %v", list, err)
	}
	bare := filepath.Join(t.TempDir(), "shared.git")
	b.git("init", "-q", "--bare", "-b", "main", bare)
	b.git("remote", "add", "origin", "short:shared.git")
	b.git("config", "url."+filepath.Dir(bare)+"/.insteadOf", "short:")
	b.git("config", "url.ssh://elsewhere/.pushInsteadOf", "never:")
	r := b.open()
	list, err := r.Remotes(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Remote{{Name: "origin", Fetch: []string{bare}, Push: []string{bare}}}, list); diff != "" {
		t.Error(diff)
	}
	var none *NoBranchError
	if _, err := r.Fetch(ctx, "origin", "main", false, nil); !errors.As(err, &none) {
		t.Errorf("an empty place: %v", err)
	}
	if err := r.Push(ctx, "origin", "main", false, nil); err != nil {
		t.Fatal(err)
	}
	// Somebody else is first.
	b.git("push", "-q", "-f", bare, other+":refs/heads/main")
	var behind *BehindError
	if err := r.Push(ctx, "origin", "main", false, nil); !errors.As(err, &behind) {
		t.Errorf("behind: %v", err)
	}
	if got, err := r.Fetch(ctx, "origin", "main", false, nil); err != nil || got != other {
		t.Errorf("fetched %s, %v", got, err)
	}
	if got, err := r.Tracked("origin", "main"); err != nil || got != other {
		t.Errorf("tracked %s, %v", got, err)
	}
	b.git("config", "remote.origin.url", filepath.Join(t.TempDir(), "nothing"))
	var reach *ReachError
	if _, err := b.open().Fetch(ctx, "origin", "main", false, nil); !errors.As(err, &reach) || strings.Contains(err.Error(), "fatal") {
		t.Errorf("nobody there: %v", err)
	}
	if got := b.git("rev-parse", "main"); got != head {
		t.Error("main moved")
	}
}

func TestDriver(t *testing.T) {
	b := newBox(t)
	b.write(".git/info/attributes", "*.pdf binary")
	d := Driver{Name: "sendctl", Words: "by meaning", Command: "sendctl merge-file %O %A %B %P", Patterns: []string{"*.seal", "learners/**/*.yaml"}}
	r := b.open()
	if ok, err := r.HasDriver(d); ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 2 {
		if err := r.InstallDriver(context.Background(), d); err != nil {
			t.Fatal(err)
		}
	}
	if ok, err := r.HasDriver(d); !ok || err != nil {
		t.Fatal(ok, err)
	}
	got, _ := os.ReadFile(filepath.Join(b.dir, ".git", "info", "attributes"))
	if diff := cmp.Diff("*.pdf binary\n*.seal merge=sendctl\nlearners/**/*.yaml merge=sendctl\n", string(got)); diff != "" {
		t.Error(diff)
	}
	if got := b.git("check-attr", "merge", "learners/x/seals/k4f7-review.seal", "learners/x/cycles/y.yaml"); strings.Count(got, "merge: sendctl") != 2 {
		t.Error(got)
	}
}

func TestSafe(t *testing.T) {
	for _, p := range []string{".git/hooks/pre-commit", "a/.GIT/config", "git~1/config", ".git./config", ".git /x", ".g\u200cit/config", ".git::$INDEX_ALLOCATION/x", "a//b", "../x", `a\.git\x`, ""} {
		if Safe(p) {
			t.Errorf("%q is taken for safe", p)
		}
	}
	for _, p := range []string{".gitattributes", ".vscode/settings.json", "learners/bk7m2xqt/cycles/x.yaml", "a.git/b"} {
		if !Safe(p) {
			t.Errorf("%q is taken for unsafe", p)
		}
	}
}
