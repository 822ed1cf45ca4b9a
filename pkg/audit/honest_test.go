package audit_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

// honest is what people do to a folder in good faith. Verify says proven before and
// after, and once more after the next act.
type honest struct {
	name   string
	school string // "plain" where empty; both where "each"
	first  bool   // verify runs before, so that the clone remembers
	do     func(*box) *box
	last   bool // no act follows
}

func runHonest(t *testing.T, all []honest) {
	t.Helper()
	for _, h := range all {
		names := []string{h.school}
		switch h.school {
		case "":
			names = []string{"plain"}
		case "each":
			names = []string{"plain", "signed"}
		}
		for _, name := range names {
			t.Run(h.name+" "+name, func(t *testing.T) {
				t.Parallel()
				b := school(t, name)
				if h.first {
					b.proven()
				}
				c := h.do(b)
				if c == nil {
					c = b
				}
				c.proven()
				if h.last {
					return
				}
				c.as("eyre").at("2026-02-20 09:00")
				c.correct(c.jude, c.first, "12")
				c.proven()
			})
		}
	}
}

// here is for what leaves the folder where it is.
func here(do func(*box)) func(*box) *box {
	return func(b *box) *box { do(b); return b }
}

func (b *box) root() string {
	b.Helper()
	return strings.Fields(b.git("rev-list", "--max-parents=0", "HEAD"))[0]
}

// History made anew with every seal in it.
func TestHonestRewriting(t *testing.T) {
	runHonest(t, []honest{
		{name: "everything squashed into one commit", school: "each", first: true, do: here(func(b *box) {
			b.git("reset", "-q", "--soft", b.root())
			b.git("commit", "-q", "--no-verify", "--amend", "-m", "All of it")
		})},
		{name: "the last four squashed", do: here(func(b *box) {
			b.git("reset", "-q", "--soft", "HEAD~4")
			b.commit("Squash")
		})},
		{name: "squash merge of a branch, as a host does it", first: true, do: here(func(b *box) {
			b.git("checkout", "-q", "-b", "work")
			b.correct(b.jude, b.first, "15")
			b.correct(b.mo, b.moFirst, "16")
			b.proven()
			b.git("checkout", "-q", "main")
			b.git("merge", "-q", "--squash", "work")
			b.commit("Work (#12)")
			b.git("branch", "-q", "-D", "work")
		})},
		{name: "rebase onto what others did", first: true, do: here(func(b *box) {
			b.server()
			c := b.cloneOf(b.git("config", "remote.origin.url"))
			c.as("eyre").at("2026-02-11 09:00")
			c.correct(b.mo, b.moFirst, "16")
			c.git("push", "-q", "origin", "main")
			b.correct(b.jude, b.first, "15")
			b.proven()
			b.git("pull", "-q", "--rebase", "origin", "main")
		})},
		{name: "rebase -i that puts the acts of two learners in another order", first: true, do: here(func(b *box) {
			b.gitWith([]string{"GIT_SEQUENCE_EDITOR=sed -i -e '/correct: " + b.mo + "/{h;d}' -e '$ G'"}, "rebase", "-q", "-i", "--root")
		})},
		{name: "rebase -i that rewords and squashes", first: true, do: here(func(b *box) {
			b.gitWith([]string{"GIT_SEQUENCE_EDITOR=sed -i -e '3,5s/^pick/squash/' -e '$s/^pick/fixup/'"}, "rebase", "-q", "-i", "--root")
		})},
		{name: "rebase that makes every commit anew, another committer", school: "each", first: true, do: here(func(b *box) {
			b.as("eyre").at("2026-02-19 09:00")
			b.git("rebase", "-q", "--force-rebase", "--root")
		})},
		{name: "cherry-pick onto a new branch", first: true, do: here(func(b *box) {
			b.git("checkout", "-q", "-b", "other", "HEAD~2")
			b.git("cherry-pick", "main~1", "main")
		})},
		{name: "cherry-picked twice, kept although it is empty", do: here(func(b *box) {
			b.git("cherry-pick", "--keep-redundant-commits", "--allow-empty", "HEAD")
		})},
		{name: "amend of the message", first: true, do: here(func(b *box) {
			b.git("commit", "-q", "--no-verify", "--amend", "-m", "Put a figure right")
		})},
		{name: "amend of the author", first: true, do: here(func(b *box) {
			b.git("commit", "-q", "--no-verify", "--amend", "--no-edit", "--reset-author")
		})},
		{name: "amend with a foreign file", first: true, do: here(func(b *box) {
			b.write("notes/todo.txt", "ring the EP\n")
			b.git("add", "-A")
			b.git("commit", "-q", "--no-verify", "--amend", "--no-edit")
		})},
		{name: "amend of one's own last act before anybody saw it", do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.git("reset", "-q", "--hard", "HEAD~1")
			b.correct(b.jude, b.first, "16")
		})},
		{name: "filter-branch that takes a foreign file out", school: "each", first: true, do: here(func(b *box) {
			b.write("scan.pdf", strings.Repeat("%PDF", 1000))
			b.commit("A scan")
			b.correct(b.jude, b.first, "15")
			b.proven()
			b.git("filter-branch", "-f", "--index-filter", "git rm -q --cached --ignore-unmatch scan.pdf", "HEAD")
			b.git("update-ref", "-d", "refs/original/refs/heads/main")
		})},
		{name: "fast-export into a new repository", school: "each", do: func(b *box) *box {
			c := &box{b.T, filepath.Join(b.TempDir(), "new"), b.now, b.ids}
			b.git("init", "-q", c.dir)
			b.sh("git fast-export --all | (cd " + c.dir + " && git fast-import --quiet)")
			c.git("reset", "-q", "--hard", "main")
			if b.git("config", "--get", "--default", "", "gpg.format") == "ssh" {
				c.git("config", "gpg.format", "ssh")
			}
			return c
		}},
		{name: "mailmap, notes, tags, a signed tag", school: "signed", do: here(func(b *box) {
			b.write(".mailmap", "Pat Grimes <grimes@thornelaw.example>\n")
			b.commit("A mailmap")
			b.git("notes", "add", "-m", "checked")
			b.git("tag", "autumn", "HEAD~3")
			b.git("tag", "-a", "-m", "spring", "spring")
			b.git("-c", "user.signingkey="+keyFile(b.T, "grimes"), "tag", "-s", "-m", "signed", "signed")
		})},
		{name: "files of the record made executable", do: here(func(b *box) {
			b.sh("chmod +x " + b.cycle(b.jude, b.first) + " " + b.seal(b.jude, b.first, "review"))
			b.commit("A copy from a stick")
		})},
		{name: "the record folder moved into a sub-folder", school: "each", first: true, do: func(b *box) *box {
			b.sh("mkdir records; git mv .gitattributes .sendctl .vscode learners pathway.yaml people.yaml sendctl.yaml records/")
			b.commit("The records get a folder of their own")
			return &box{b.T, filepath.Join(b.dir, "records"), b.now, b.ids}
		}},
		{name: "revert of a revert of a sealed act", do: here(func(b *box) {
			b.git("revert", "--no-edit", "HEAD")
			b.git("revert", "--no-edit", "HEAD")
		})},
	})
}

// One's own act taken back before it was shared.
func TestHonestReset(t *testing.T) {
	runHonest(t, []honest{
		{name: "no remote", school: "each", do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.git("reset", "-q", "--hard", "HEAD~1")
		})},
		{name: "no remote, remembered from before the act", school: "each", first: true, do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.git("reset", "-q", "--hard", "HEAD~1")
		})},
		{name: "no remote, two acts of two learners", first: true, do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.correct(b.mo, b.moFirst, "15")
			b.git("reset", "-q", "--hard", "HEAD~2")
		})},
		{name: "no remote, then another act", first: true, do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.git("reset", "-q", "--hard", "HEAD~1")
			b.correct(b.mo, b.moFirst, "15")
			b.git("reset", "-q", "--hard", "HEAD~1")
			b.correct(b.jude, b.first, "16")
		})},
		{name: "no remote, mixed", first: true, do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.git("reset", "-q", "HEAD~1")
			b.sh("git clean -fdq && git checkout -q .")
		})},
		{name: "a remote, verified in between", school: "each", do: here(func(b *box) {
			b.server()
			b.correct(b.jude, b.first, "15")
			b.proven()
			b.git("reset", "-q", "--hard", "HEAD~1")
		})},
		{name: "a remote, back to what it holds", do: here(func(b *box) {
			b.server()
			b.correct(b.jude, b.first, "15")
			b.correct(b.jude, b.first, "16")
			b.proven()
			b.git("reset", "-q", "--hard", "origin/main")
		})},
		{name: "a remote, back, and another act in its place", do: here(func(b *box) {
			b.server()
			b.correct(b.jude, b.first, "15")
			b.proven()
			b.git("reset", "-q", "--hard", "HEAD~1")
			b.correct(b.jude, b.first, "16")
			b.proven()
			b.git("push", "-q", "origin", "main")
		})},
		{name: "taken back and got back again", do: here(func(b *box) {
			b.correct(b.jude, b.first, "15")
			b.git("reset", "-q", "--hard", "HEAD~1")
			b.proven()
			b.git("reset", "-q", "--hard", "HEAD@{1}")
		})},
		{name: "an act that seals nothing", first: true, do: here(func(b *box) {
			b.act("contact", b.jude, "--with", "mum", "--how", "call", "--about", "plan", "--told", "how it goes")
			b.proven()
			b.git("reset", "-q", "--hard", "HEAD~1")
		})},
	})
	t.Run("it is told", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.correct(b.jude, b.first, "15")
		b.git("reset", "-q", "--hard", "HEAD~1")
		b.notes("taken back|reset")
	})
	t.Run("what was shared cannot be taken back so", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.server()
		b.correct(b.jude, b.first, "15")
		b.git("push", "-q", "origin", "main")
		b.proven()
		b.git("reset", "-q", "--hard", "HEAD~1")
		b.want(unproven, nil, []string{b.jude})
	})
	t.Run("nor what somebody else recorded, by the reflog alone", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.as("grimes").git("reset", "-q", "--hard", "HEAD~1") // it is eyre's
		b.want(unproven, nil, []string{b.jude})
	})
	t.Run("a pull taken back, the server holds it still", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		c := b.cloneOf(b.server())
		c.as("eyre").at("2026-02-11 09:00").correct(c.mo, c.moFirst, "15")
		c.git("push", "-q", "origin", "main")
		b.as("grimes").git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
		b.git("reset", "-q", "--hard", "HEAD@{1}")
		b.proven()
		b.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
		b.proven()
	})
	t.Run("nor what somebody else recorded", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.as("grimes").proven()
		b.git("reset", "-q", "--hard", "HEAD~1") // it is eyre's
		b.broken(b.jude, "git branch|get back")
	})
}

// What git does to a repository without touching what is in it.
func TestHonestHousekeeping(t *testing.T) {
	for _, first := range []bool{true, false} {
		suffix := ""
		if first {
			suffix = ", remembered"
		}
		runHonest(t, []honest{
			{name: "gc" + suffix, school: "each", first: first, do: here(func(b *box) { b.git("gc", "-q", "--aggressive", "--prune=now") })},
			{name: "repack, bitmaps, multi-pack-index, commit-graph" + suffix, first: first, do: here(func(b *box) {
				b.git("repack", "-q", "-a", "-d", "--write-bitmap-index")
				b.git("commit-graph", "write", "--reachable", "--changed-paths")
				b.correct(b.mo, b.moFirst, "15")
				b.git("repack", "-q", "-d")
				b.git("multi-pack-index", "write")
				b.git("commit-graph", "write", "--reachable", "--split")
			})},
			{name: "reflog expired and unreachable objects pruned" + suffix, first: first, do: here(func(b *box) {
				b.correct(b.jude, b.first, "15")
				b.git("reset", "-q", "--hard", "HEAD~1")
				b.git("reflog", "expire", "--expire=now", "--all")
				b.git("gc", "-q", "--prune=now")
			})},
			{name: "the objects of what was taken back pruned, the reflog kept" + suffix, first: first, do: here(func(b *box) {
				b.correct(b.jude, b.first, "15")
				lost := b.head()
				b.git("reset", "-q", "--hard", "HEAD~1")
				b.remove(".git/objects/" + lost[:2] + "/" + lost[2:]) // the act's own are loose
			})},
		})
	}
	runHonest(t, []honest{
		{name: "packed refs", first: true, do: here(func(b *box) { b.git("pack-refs", "--all") })},
		{name: "no reflog", do: here(func(b *box) { b.remove(".git/logs") })},
		{name: "a linked worktree", first: true, do: func(b *box) *box {
			c := &box{b.T, filepath.Join(b.TempDir(), "linked"), b.now, b.ids}
			b.git("worktree", "add", "-q", "-b", "linked", c.dir)
			c.correct(c.mo, c.moFirst, "15")
			c.proven()
			b.git("merge", "-q", "--no-edit", "linked")
			b.proven()
			return c
		}},
		{name: "a branch switched and merged", first: true, do: here(func(b *box) {
			b.git("checkout", "-q", "-b", "trial")
			b.correct(b.jude, b.first, "15")
			b.git("checkout", "-q", "main")
			b.proven()
			b.correct(b.mo, b.moFirst, "15")
			b.git("merge", "-q", "--no-edit", "trial")
		})},
		{name: "a branch begun and thrown away", do: here(func(b *box) {
			b.git("checkout", "-q", "-b", "trial")
			b.correct(b.jude, b.first, "15")
			b.git("checkout", "-q", "main")
			b.git("branch", "-q", "-D", "trial")
		})},
		{name: "a renamed branch", first: true, do: here(func(b *box) {
			b.git("branch", "-m", "main", "trunk")
			b.correct(b.mo, b.moFirst, "15")
		})},
		{name: "an old state looked at and left again", do: here(func(b *box) {
			b.git("checkout", "-q", "HEAD~4")
			b.proven()
			b.git("checkout", "-q", "main")
		})},
		{name: "detached HEAD", first: true, do: here(func(b *box) {
			b.git("checkout", "-q", "--detach")
			b.proven()
			b.git("checkout", "-q", "main")
		})},
		{name: "stash", first: true, do: here(func(b *box) {
			b.swap("learners/"+b.jude+"/learner.yaml", "language: English", "language: Polish")
			b.git("stash", "-q")
			b.proven()
			b.correct(b.mo, b.moFirst, "15")
			b.git("stash", "pop", "-q")
			b.proven()
			b.git("checkout", "-q", ".")
		})},
		{name: "an untracked file, a dirty one, a staged one", do: here(func(b *box) {
			b.write("todo.txt", "ring\n")
			b.swap("learners/"+b.jude+"/learner.yaml", "language: English", "language: Polish")
			b.swap("learners/"+b.mo+"/learner.yaml", "language: English", "language: Polish")
			b.git("add", "learners/"+b.mo)
		})},
		{name: "empty commits, foreign files, a README, an attachment", school: "each", do: here(func(b *box) {
			b.commit("nothing")
			b.write("README.md", "Our records.\n")
			b.write("attachments/scan.txt", "a scan\n")
			b.write(".github/workflows/verify.yml", "on: push\n")
			b.write("docs/review: how we do it.txt", "x\n")
			b.commit("A README")
			b.git("rm", "-rq", "docs", ".github")
			b.commit("Not needed")
		})},
		{name: "git config that a host likes", do: here(func(b *box) {
			b.git("config", "core.autocrlf", "true")
			b.git("config", "core.fsmonitor", "false")
			b.git("config", "core.untrackedCache", "true")
			b.git("config", "index.version", "4")
			b.git("update-index", "--index-version", "4")
			b.git("checkout", "-q", "-f", ".")
		})},
		{name: "commits of git signed with SSH", school: "signed", do: here(func(b *box) {
			b.git("config", "commit.gpgsign", "true")
			b.git("config", "gpg.ssh.allowedSignersFile", "/dev/null")
			b.correct(b.jude, b.first, "15")
			b.write("README.md", "x\n")
			b.commit("A README")
		})},
		{name: "split index, commits of every kind", do: here(func(b *box) {
			b.git("update-index", "--split-index")
			b.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--no-verify", "--allow-empty", "-m", "caf\xe9")
			b.git("commit", "-q", "--no-verify", "--allow-empty", "--allow-empty-message", "-m", "")
			b.git("checkout", "-q", "-b", "side", "HEAD~1")
			b.commit("nothing")
			b.git("-c", "gpg.format=ssh", "-c", "user.signingkey="+keyFile(b.T, "grimes"), "tag", "-s", "-m", "a tag", "tagged")
			b.git("checkout", "-q", "main")
			b.git("merge", "-q", "--no-ff", "--no-edit", "tagged")
			if !strings.Contains(b.git("cat-file", "commit", "HEAD"), "mergetag") {
				b.Fatal("no mergetag")
			}
			b.proven()
			b.git("update-index", "--no-split-index") // sendctl refuses to write a split one
		})},
		{name: "what systems and editors leave lying", do: here(func(b *box) {
			for _, p := range []string{"learners/.DS_Store", "learners/" + b.jude + "/.DS_Store", "learners/" + b.jude + "/cycles/.DS_Store",
				"learners/" + b.jude + "/seals/.DS_Store", "Thumbs.db", "learners/" + b.jude + "/learner.yaml~", ".idea/x.xml"} {
				b.write(p, "\x00\x01")
			}
			b.proven()
			b.commit("all of it")
		})},
		{name: "a submodule elsewhere", do: here(func(b *box) {
			other := filepath.Join(b.TempDir(), "other")
			b.sh("git init -q " + other + " && cd " + other + " && echo x > y && git add y && git commit -q -m y")
			b.git("submodule", "--quiet", "add", "file://"+other, "vendor/other")
			b.commit("A submodule")
		})},
		{name: "line ends of two kinds, sealed as they are", do: here(func(b *box) {
			p := b.typedCorrection(b.jude, "wkbn")
			b.swap("learners/"+b.jude+"/"+p, "\n", "\r\n")
			b.forge(forgery{learner: b.jude, path: p, by: "grimes"})
			b.commit(b.actMessage("correct", b.jude, "2026-02-10"))
		})},
		{name: "what git keeps of old heads", first: true, do: here(func(b *box) {
			b.git("update-ref", "refs/original/refs/heads/main", "HEAD~3")
			b.git("update-ref", "ORIG_HEAD", "HEAD~2")
			b.git("bisect", "start", "HEAD", "HEAD~5")
			b.git("bisect", "reset")
		})},
	})
	t.Run("sparse checkout", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("sparse-checkout", "set", "learners/"+b.jude)
		if r, text := b.verify(); r.Verdict == audit.Broken {
			t.Errorf("%s\n%s", told(r), text)
		}
		b.git("sparse-checkout", "disable")
		b.proven()
	})
}

// Copies of the folder.
func TestHonestCopies(t *testing.T) {
	runHonest(t, []honest{
		{name: "clone", school: "each", do: func(b *box) *box { return b.clone() }},
		{name: "clone with a shared store", do: func(b *box) *box { return b.cloneOf(b.dir, "--shared") }},
		{name: "clone with hard links", do: func(b *box) *box { return b.cloneOf(b.dir) }},
		{name: "clone of one branch", do: func(b *box) *box {
			b.git("branch", "old", "HEAD~4")
			return b.clone("--single-branch", "--branch", "main")
		}},
		{name: "clone with reference", do: func(b *box) *box { return b.clone("--reference", b.dir) }},
		{name: "clone with a git directory of its own", do: func(b *box) *box {
			return b.clone("--separate-git-dir", filepath.Join(b.TempDir(), "apart.git"))
		}},
		{name: "bundle", school: "each", do: func(b *box) *box {
			p := filepath.Join(b.TempDir(), "school.bundle")
			b.git("bundle", "create", "-q", p, "HEAD", "main")
			return b.cloneOf(p)
		}},
		{name: "cp -r", first: true, do: func(b *box) *box { return b.copy() }},
		{name: "clone on Windows", do: func(b *box) *box { return b.clone("-c", "core.autocrlf=true", "-c", "core.fileMode=false") }},
		{name: "a worktree of a bare clone", do: func(b *box) *box {
			bare := filepath.Join(b.TempDir(), "bare.git")
			b.git("clone", "-q", "--bare", "file://"+b.dir, bare)
			c := &box{b.T, filepath.Join(b.TempDir(), "tree"), b.now, b.ids}
			b.git("-C", bare, "worktree", "add", "-q", c.dir, "main")
			return c
		}},
		{name: "clone of a server after gc there", do: func(b *box) *box {
			url := b.server()
			b.sh("cd " + strings.TrimPrefix(url, "file://") + " && git gc -q --aggressive --prune=now")
			return b.cloneOf(url)
		}},
		{name: "behind its server", first: true, do: here(func(b *box) {
			c := b.cloneOf(b.server())
			c.as("eyre").at("2026-02-11 09:00")
			c.correct(c.mo, c.moFirst, "15")
			c.git("push", "-q", "origin", "main")
			b.git("fetch", "-q", "origin")
		})},
		{name: "behind its server and ahead of it", first: true, do: here(func(b *box) {
			c := b.cloneOf(b.server())
			c.as("eyre").at("2026-02-11 09:00")
			c.correct(c.mo, c.moFirst, "15")
			c.git("push", "-q", "origin", "main")
			b.correct(b.jude, b.first, "15")
			b.git("fetch", "-q", "origin")
		})},
		{name: "another school's records as a remote", do: here(func(b *box) {
			b.git("remote", "add", "other", "file://"+school(b.T, "signed").dir)
			b.git("fetch", "-q", "other")
		})},
		{name: "a learner's folder in a sub-folder of a repository", school: "each", do: func(b *box) *box {
			c := &box{b.T, filepath.Join(b.TempDir(), "all", "office", "records"), b.now, b.ids}
			b.sh("mkdir -p " + c.dir + " && git -C " + c.dir + "/../.. init -q")
			if b.git("config", "--get", "--default", "", "gpg.format") == "ssh" {
				c.git("config", "gpg.format", "ssh")
			}
			c.write("../budget.txt", "100\n")
			c.commit("review: the budget")
			c.at("2025-09-01 09:00").as("grimes")
			c.sendctl("init", ".", "--name", "Thornelaw Academy", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "grimes", "--role", "teacher")
			c.sendctl("people", "add", "eyre", "--name", "M. Eyre", "--role", "senco", "--email", "eyre@thornelaw.example")
			c.sendctl("people", "add", "bell", "--name", "K. Bell", "--role", "teaching-assistant", "--email", "bell@thornelaw.example")
			c.story()
			c.write("../budget.txt", "90\n")
			c.commit("review: the budget")
			c.write("../learners/x/seals/y.seal", "nothing of ours\n")
			c.commit("correct: the budget")
			c.sh("git rm -rq ../learners")
			c.commit("Not needed")
			return c
		}},
	})
	t.Run("the made-up school", func(t *testing.T) {
		t.Parallel()
		b := school(t, "demo")
		r := b.proven()
		if r.Checked.Seals < 20 || r.Demonstration == "" {
			t.Errorf("%+v", r)
		}
		b.clone().proven()
	})
}
