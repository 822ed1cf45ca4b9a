package casework_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// second makes another learner, whose record must outlive the removal of the first.
func (b *box) second() (id string) {
	b.Helper()
	before, _ := filepath.Glob(filepath.Join(b.dir, "learners", "*"))
	b.run("create", "--name", "Zinnia", "--family-name", "Quillfeather", "--born", "2018-04-01", "--teacher", "bell", "--joined", "2022-09-05",
		"--by", "bell", "--concern", "Hides below the table when the bell rings.", "--area", "social-emotional-and-mental-health", "--noticed", "2025-09-15")
	after, _ := filepath.Glob(filepath.Join(b.dir, "learners", "*"))
	for _, p := range after {
		if !slices.Contains(before, p) {
			return filepath.Base(p)
		}
	}
	b.Fatal("no second learner")
	return ""
}

// objects are the bytes of every object of the repository, one after the other.
func (b *box) objects() string {
	b.Helper()
	cmd := exec.Command("git", "-C", b.dir, "cat-file", "--batch-all-objects", "--batch", "--unordered")
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	return string(out)
}

// told are the lines that only the files at the paths ever held: what must be nowhere
// once they are removed.
func (b *box) told(goes func(path string) bool) []string {
	b.Helper()
	own, others := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(b.git("rev-list", "--all", "--objects")) {
		id, p, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || b.git("cat-file", "-t", id) != "blob" {
			continue
		}
		into := others
		if goes(p) {
			into = own
		}
		for l := range strings.Lines(b.git("cat-file", "blob", id)) {
			if l = strings.TrimSpace(l); len(l) > 11 {
				into[l] = true
			}
		}
	}
	var out []string
	var rest strings.Builder
	for l := range others {
		rest.WriteString(l + "\n")
	}
	for l := range own {
		if !strings.Contains(rest.String(), l) && l != "format: seal/v1" && l != "learner: "+b.id && !strings.HasPrefix(l, "recorded: ") {
			out = append(out, l)
		}
	}
	if len(out) < 3 {
		b.Fatalf("only %d lines would be looked for", len(out))
	}
	return out
}

// ways to keep a repository, from which a removal sets out.
var keptWays = map[string]func(b *box){
	"loose": func(*box) {},
	"packed": func(b *box) {
		b.git("gc", "-q")
		b.git("commit-graph", "write", "--reachable")
		b.git("repack", "-q", "-a", "-d", "-b", "--write-midx")
	},
	"branches and tags": func(b *box) {
		b.git("tag", "light", "HEAD~1")
		b.git("tag", "-a", "-m", "as sent", "heavy")
		b.git("branch", "old", "HEAD~2")
		b.git("notes", "add", "-m", "a note of git's")
		b.git("update-ref", "refs/original/refs/heads/main", "HEAD~1")
		b.git("pack-refs", "--all")
	},
	"merged": func(b *box) {
		b.git("switch", "-q", "-c", "side", "HEAD~1")
		b.run("people", "add", "sato", "--name", "L. Sato", "--role", "teacher")
		b.git("switch", "-q", "main")
		b.git("merge", "-q", "--no-ff", "-m", "merge: sato", "side")
	},
	"remote": func(b *box) {
		b.git("clone", "-q", "--bare", b.dir, b.dir+"-remote")
		b.git("remote", "add", "origin", b.dir+"-remote")
		b.git("fetch", "-q")
		b.git("remote", "set-head", "origin", "-a")
	},
	"reset and amended": func(b *box) {
		b.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "other", "--said", "A word that was taken back.")
		b.git("reset", "-q", "--hard", "HEAD~1")
		b.git("config", "rerere.enabled", "true")
		if err := os.MkdirAll(filepath.Join(b.dir, ".git", "rr-cache", "x"), 0o777); err != nil {
			b.Fatal(err)
		}
		b.write(".git/rr-cache/x/preimage", b.read("learners/"+b.id+"/identity.yaml"))
		b.write(".git/MERGE_MSG", "about "+b.id)
	},
}

// TestPurgeLeavesNothing reads every object of the repository after a removal.
func TestPurgeLeavesNothing(t *testing.T) {
	for way, keep := range keptWays {
		for _, what := range []string{"learner", "review", "request"} {
			if what == "request" && way != "branches and tags" {
				continue
			}
			t.Run(way+"/"+what, func(t *testing.T) {
				t.Parallel()
				b := fresh(t, "sent")
				other := b.second()
				keep(b)
				if err := b.desk(nil).Store.KeepDraft("note-"+b.id, []byte(`{"words":"Half a sentence of `+b.id+`"}`)); err != nil {
					t.Fatal(err)
				}
				args := []string{"purge", b.id}
				file := ""
				switch what {
				case "review":
					file = idAtEnd(b.only("learners/" + b.id + "/cycles/*.yaml"))
				case "request":
					file = idAtEnd(b.only("learners/" + b.id + "/requests/*.yaml"))
				}
				if file != "" {
					args = append(args, file)
				}
				b.purged(args, file, other)
			})
		}
	}
}

func idAtEnd(p string) string {
	p = strings.TrimSuffix(filepath.Base(p), ".yaml")
	return p[strings.LastIndexByte(p, '-')+1:]
}

// purged removes and looks for what should be nowhere.
func (b *box) purged(args []string, file, other string) {
	b.Helper()
	goes := func(p string) bool {
		return strings.Contains(p, b.id) && (file == "" || strings.Contains(filepath.Base(p), file))
	}
	words := b.told(goes)
	shown := b.run(append(args, "--because", "It must go.", "--with", "eyre", "--dry-run")...)
	if !strings.Contains(shown, "What goes") {
		b.Fatalf("the dry run says:\n%s", shown)
	}
	b.run(append(args, "--because", "It must go.", "--with", "eyre", "--yes")...)
	b.gone(file, words, other)
}

// gone looks for what was removed: in every object, in every file of .git, on the disk.
func (b *box) gone(file string, words []string, other string) {
	b.Helper()
	all := b.objects()
	for _, w := range words {
		if strings.Contains(all, w) {
			b.Errorf("an object still holds the line %q", w)
		}
	}
	for line := range strings.Lines(b.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")) {
		kind, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		text := ""
		switch kind {
		case "tree":
			text = b.git("ls-tree", id)
		case "commit", "tag":
			text = b.git("cat-file", kind, id)
		}
		if file == "" && strings.Contains(text, b.id) || file != "" && kind == "tree" && strings.Contains(text, file) {
			b.Errorf("the %s %s still names it:\n%s", kind, id, text)
		}
	}
	err := filepath.WalkDir(b.dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(b.dir, p)
		if file == "" && bytes.Contains(text, []byte(b.id)) && !strings.HasPrefix(rel, "removals") {
			b.Errorf("%s still names the learner", rel)
		}
		for _, w := range words {
			if bytes.Contains(text, []byte(w)) {
				b.Errorf("%s still holds the line %q", rel, w)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if out := b.git("status", "--porcelain"); out != "" {
		b.Errorf("git status: %s", out)
	}
	if out := b.git("fsck", "--full", "--strict", "--unreachable"); out != "" {
		b.Errorf("git fsck: %s", out)
	}
	if out := b.git("reflog"); strings.Contains(out, b.id) {
		b.Errorf("the reflog:\n%s", out)
	}
	b.sealsHold()
	b.tidy()
	b.sound()
	if out := b.run("show", other); !strings.Contains(out, "Zinnia") {
		b.Errorf("the other learner shows as:\n%s", out)
	}
	if file == "" {
		if out, err := b.command("show", b.id).CombinedOutput(); err == nil {
			b.Errorf("the learner is still shown:\n%s", out)
		}
	}
}

// TestPurgeInASubfolder removes from a record folder that is part of a repository.
func TestPurgeInASubfolder(t *testing.T) {
	out := filepath.Join(t.TempDir(), "outer")
	b := &box{t, filepath.Join(out, "records", "send"), ""}
	if err := os.MkdirAll(b.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	b.git("init", "-q", out)
	for _, name := range []string{"new", "concern", "planned", "reviewed"} {
		templates[name].build(b)
	}
	other := b.second()
	b.write("../../timetable.txt", "Maths\n")
	b.git("add", "../../timetable.txt")
	b.git("commit", "-qm", "a timetable")
	b.purged([]string{"purge", b.id}, "", other)
	if b.read("../../timetable.txt") != "Maths\n" {
		t.Error("another folder was touched")
	}
}

// TestPurgeAnAttachment removes a report by its path, under every name it had, while a
// sealed request goes on citing it.
func TestPurgeAnAttachment(t *testing.T) {
	t.Parallel()
	b := fresh(t, "asked")
	other := b.second()
	report := filepath.Join(filepath.Dir(b.dir), "a report.pdf")
	if err := os.WriteFile(report, bytes.Repeat([]byte("as seen on another child\n"), 2000), 0o666); err != nil {
		t.Fatal(err)
	}
	b.run("request", b.id, "cite", "health", report, "--pages", "3-5")
	b.run("request", b.id, "send", "--date", "2025-12-02", "--declared", "eyre")
	at := b.only("learners/" + b.id + "/attachments/*")
	blob := b.git("rev-parse", "HEAD:"+at)
	name := filepath.Base(at)
	b.git("mv", at, filepath.ToSlash(filepath.Join(filepath.Dir(at), "renamed.pdf")))
	b.git("commit", "-q", "--no-verify", "-m", "another name")
	out := b.run("purge", b.id, "attachments/"+name, "--because", "Of another child.", "--with", "eyre", "--yes")
	if !strings.Contains(out, "attachments/renamed.pdf") {
		t.Errorf("the other name is not told:\n%s", out)
	}
	if err := exec.Command("git", "-C", b.dir, "cat-file", "-e", blob).Run(); err == nil {
		t.Error("the report is still there")
	}
	if strings.Contains(b.objects(), "another child\n") {
		t.Error("an object still holds it")
	}
	b.sound()
	b.run("show", other)
	b.sealsHold()
	b.tidy()
}
