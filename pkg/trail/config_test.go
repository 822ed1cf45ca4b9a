package trail

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const awkwardConfig = "\ufeff# comment\n[core] bare = false ; note\n[User]\n\tName = \"M. # Eyre\"  \n\temail=a\\tb \" c ;\" d # end\n" +
	"[section \"Sub \\\"q\\\" .x\"]\r\n\tKey-1 = one\r\n\tKey-1 = two\r\n[old.STYLE]\n\tflag\n\tempty =\n\tlong = a\\\n  b\n[x]y=1\n\tz = 10k\n"

// TestConfigAsGit reads a file full of corners as git does.
func TestConfigAsGit(t *testing.T) {
	b := newBox(t)
	b.write(".git/config", awkwardConfig)
	r := b.open()
	theirs, err := r.askConfig()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := r.effective()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Error(diff)
	}
	if v, ok := r.Config("SECTION.Sub \"q\" .x.KEY-1"); !ok || v != "two" {
		t.Errorf("%q %v", v, ok)
	}
	if len(theirs) < 8 {
		t.Errorf("git read only %d keys", len(theirs))
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(awkwardConfig))
	f.Add([]byte("[a \"b"))
	f.Add([]byte("[a]\nb = \"c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := parseConfig(b); err == nil {
			for key := range s {
				if !strings.Contains(key, ".") {
					t.Errorf("key %q", key)
				}
			}
		}
	})
}

func TestConfigPlaces(t *testing.T) {
	b := newBox(t)
	home := os.Getenv("HOME")
	put := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(home, ".config/git/config"), "[a]\nxdg = 1\nboth = xdg\n")
	put(filepath.Join(home, ".gitconfig"), "[a]\nhome = 1\nboth = home\n[user]\nname = From Home\n")
	put(filepath.Join(b.dir, ".git/config.worktree"), "[a]\ntree = 1\n")
	for key, want := range map[string]string{"a.xdg": "1", "a.both": "home", "a.home": "1", "user.name": "M. Eyre"} {
		if v, _ := b.open().Config(key); v != want {
			t.Errorf("%s is %q", key, v)
		}
	}
	if _, ok := b.open().Config("a.tree"); ok {
		t.Error("config.worktree is read without the extension")
	}
	b.git("config", "extensions.worktreeConfig", "true")
	if _, ok := b.open().Config("a.tree"); !ok {
		t.Error("config.worktree is not read with the extension")
	}
	// Includes need git.
	put(filepath.Join(home, "work.inc"), "[user]\nemail = included@thornelaw.example\n")
	b.git("config", "includeIf.gitdir:"+b.dir+"/.path", filepath.Join(home, "work.inc"))
	if v, _ := b.open().Config("user.email"); v != "included@thornelaw.example" {
		t.Errorf("user.email is %q", v)
	}
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "a.env")
	t.Setenv("GIT_CONFIG_VALUE_0", "2")
	if v, _ := b.open().Config("a.env"); v != "2" {
		t.Errorf("a.env is %q", v)
	}
	t.Setenv("GIT_CONFIG_COUNT", "")
	t.Setenv("PATH", t.TempDir())
	var refused *RefusedError
	if _, err := b.open().Author(someTime); !errors.As(err, &refused) {
		t.Errorf("without git: %v", err)
	}
}

func TestIdentity(t *testing.T) {
	b := newBox(t)
	b.git("config", "author.email", "author@thornelaw.example")
	b.git("config", "committer.name", "C. Mitter")
	r := b.open()
	author, err := r.Author(someTime)
	if err != nil {
		t.Fatal(err)
	}
	committer, err := r.Committer(someTime)
	if err != nil {
		t.Fatal(err)
	}
	if author.String() != "M. Eyre <author@thornelaw.example> 1763730309 +0100" || committer.String() != "C. Mitter <eyre@thornelaw.example> 1763730309 +0100" {
		t.Errorf("%s, %s", author, committer)
	}
	t.Setenv("GIT_AUTHOR_NAME", " <E>nv\nName. ")
	t.Setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z")
	if author, _ := b.open().Author(someTime); author.String() != "EnvName <author@thornelaw.example> 1763730309 +0100" {
		t.Errorf("%s", author)
	}
	b.git("config", "--unset", "user.email")
	b.git("config", "--unset", "author.email")
	_, err = b.open().Author(someTime)
	var missing *NoIdentityError
	if !errors.As(err, &missing) || !cmp.Equal(missing.Missing, []string{"user.email"}) {
		t.Fatalf("got %v", err)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || lines[1] != `  git config --global user.name "Your Name"` || lines[2] != "  git config --global user.email you@school.example" {
		t.Errorf("%q", lines)
	}
}
