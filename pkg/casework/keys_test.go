package casework_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// makeKey makes an SSH key under scratch/keys, its public half beside it.
func makeKey(t *testing.T, name string) (private ed25519.PrivateKey, public string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(scratch, "keys")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	public = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	for file, b := range map[string][]byte{name: pem.EncodeToMemory(block), name + ".pub": []byte(public + "\n")} {
		if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return private, public
}

func keygen(t *testing.T) string {
	t.Helper()
	p, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed: what it says of our signatures is not checked here")
	}
	return p
}

// TestGitAgreesOnSignedCommits: where git is set up to sign commits, those of acts are
// signed too, and git itself finds them good by the file that allowed-signers prints.
func TestGitAgreesOnSignedCommits(t *testing.T) {
	keygen(t) // git verifies with it
	for _, way := range []string{"file", "agent"} {
		t.Run(way, func(t *testing.T) {
			private, public := makeKey(t, "signer-"+way)
			b := fresh(t, "new")
			b.git("config", "gpg.format", "ssh")
			b.git("config", "commit.gpgsign", "true")
			if way == "file" {
				b.git("config", "user.signingkey", filepath.Join(scratch, "keys", "signer-file"))
			} else {
				b.git("config", "user.signingkey", "key::"+public)
				t.Setenv("SSH_AUTH_SOCK", serveAgent(t, private))
			}
			b.run("people", "add-key")
			answers := mustAbs(t, answers+"jude/create.yaml")
			b.run("--today", "2025-09-29", "create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--answers", answers)
			b.run("people", "add", "marr", "--name", "L. Marr", "--role", "panel-chair")
			allowed := filepath.Join(t.TempDir(), "allowed")
			if err := os.WriteFile(allowed, []byte(b.run("people", "allowed-signers")), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, rev := range []string{"HEAD~2", "HEAD~1", "HEAD"} {
				b.git("-c", "gpg.ssh.allowedSignersFile="+allowed, "verify-commit", rev)
			}
			said := b.git("-c", "gpg.ssh.allowedSignersFile="+allowed, "log", "-3", "--show-signature")
			if n := strings.Count(said, `Good "git" signature for grimes@thornelaw.example`); n != 3 {
				t.Errorf("git finds %d of 3 good:\n%s", n, said)
			}
			// The control: a key that does not count on that day, and one that is not there.
			for name, line := range map[string]string{"too old": "grimes@thornelaw.example valid-before=\"20200101\" " + public, "nobody's": ""} {
				if err := os.WriteFile(allowed, []byte(line+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := exec.Command("git", "-C", b.dir, "-c", "gpg.ssh.allowedSignersFile="+allowed, "verify-commit", "HEAD").Run(); err == nil {
					t.Errorf("%s: git finds it good all the same", name)
				}
			}
		})
	}
}

// serveAgent runs an agent that holds the key, and gives its socket.
func serveAgent(t *testing.T, private ed25519.PrivateKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: &private}); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "ag") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	sock := filepath.Join(dir, "s")
	l, err := net.Listen("unix", sock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); _ = agent.ServeAgent(ring, conn) }()
		}
	}()
	return sock
}

// TestAllowedSignersAgree asks ssh-keygen, by the file that we print, and ourselves
// about a signature on the first and last moments of every key.
func TestAllowedSignersAgree(t *testing.T) {
	keygen := keygen(t)
	f := &folder.Folder{People: recordfile.File[learner.People]{Path: "people.yaml"}}
	privates := map[string]ed25519.PrivateKey{}
	for _, k := range []struct{ person, name, from, until string }{
		{"grimes", "a1", "2025-09-01", "2026-02-28"}, {"grimes", "a2", "2026-03-01", ""}, {"eyre", "a3", "2026-01-10", "2026-01-10"},
		{"bell", "a4", "2026-01-10", "2026-01-09"}, // revoked before it ever counted
	} {
		private, public := makeKey(t, k.name)
		privates[k.name] = private
		key := learner.Key{Public: public, From: date.MustParse(k.from)}
		if k.until != "" {
			key.Until = date.MustParse(k.until)
		}
		people := &f.People.Value.People
		if n := len(*people); n > 0 && (*people)[n-1].ID == k.person {
			(*people)[n-1].Keys = append((*people)[n-1].Keys, key)
			continue
		}
		*people = append(*people, learner.Person{ID: k.person, Email: k.person + "@thornelaw.example", Keys: []learner.Key{key}})
	}
	dir := t.TempDir()
	allowed := filepath.Join(dir, "allowed")
	if err := os.WriteFile(allowed, []byte(casework.AllowedSigners(f)), 0o600); err != nil {
		t.Fatal(err)
	}
	good := 0
	for name, private := range privates {
		signer, err := ssh.NewSignerFromKey(private)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []string{"2025-08-31T23:59:59Z", "2025-09-01T00:00:00Z", "2026-01-09T12:00:00Z", "2026-01-10T00:00:00Z", "2026-01-10T23:59:59Z", "2026-01-11T00:00:00Z",
			"2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2030-01-01T00:00:00Z"} {
			when, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			s, err := seal.Seal{Learner: "bk7m2xqt", File: "k4f7", Path: "cycles/2025-09-29-initial-concerns-k4f7.yaml", SHA256: strings.Repeat("0", 64), Act: "review",
				Date: date.Of(when), Recorded: when, By: "grimes", Salt: strings.Repeat("0", 32)}.Signed(seal.NewSigner(signer))
			if err != nil {
				t.Fatal(err)
			}
			sig := filepath.Join(dir, "sig")
			if err := os.WriteFile(sig, s.Signature, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, who := range f.People.Value.People {
				for _, as := range []string{who.ID, who.Email} {
					cmd := exec.Command(keygen, "-Y", "verify", "-f", allowed, "-I", as, "-n", seal.Namespace, "-O", "verify-time="+when.Format("20060102150405"), "-s", sig)
					cmd.Env = append(os.Environ(), "TZ=UTC")
					cmd.Stdin = bytes.NewReader(s.Payload())
					out, err := cmd.CombinedOutput()
					ours := false
					for _, k := range who.Keys {
						ours = ours || seal.Verify(s, k.Public) == nil && k.CountsOn(date.Of(s.Recorded))
					}
					if theirs := err == nil; theirs != ours {
						t.Errorf("%s at %s as %s: ssh-keygen says %t (%s), we say %t", name, at, as, theirs, bytes.TrimSpace(out), ours)
					}
					if ours {
						good++
					}
				}
			}
		}
	}
	if good < 10 {
		t.Errorf("only %d were good", good)
	}
}

// TestRevocationCoversWhatWasThere: the record of a revocation names the latest seal of
// every learner for whom the key had signed, and of no other.
func TestRevocationCoversWhatWasThere(t *testing.T) {
	b := fresh(t, "keyed")
	today := time.Now().UTC().Format(time.DateOnly)
	create := func() string {
		out := b.run("--today", "2025-09-29", "create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--answers", mustAbs(t, answers+"jude/create.yaml"), "--json")
		_, id, _ := strings.Cut(out, `"learner": "`)
		return id[:8]
	}
	seals := map[string]string{}
	for range 2 {
		id := create()
		b.run("passport", id, "--date", today, "--with", "learner", "--know", "I draw.", "--hard-when", "long lists", "--help-me-by", "Read.", "--shared-with", "grimes", "--review-on", time.Now().AddDate(0, 6, 0).Format(time.DateOnly))
		b.run("passport", id, "agree", "--with", "learner", "--date", today)
		seals[id] = b.only("learners/" + id + "/seals/*.seal")
	}
	create() // nothing is signed here
	b.run("people", "revoke-key", "grimes", "--because", "A new laptop.")
	f, err := b.desk(nil).Folder()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range f.Keys {
		if k.Value.What == "revoke" {
			got = k.Value.Covers
		}
	}
	for id, p := range seals {
		if want := seal.Hash([]byte(b.read(p))); !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("%s: %s is not covered by %v", id, want, got)
		}
	}
	if len(got) != 3 { // and the setting's own, in which it signed two records
		t.Errorf("%d are covered", len(got))
	}
	b.sound()
}

func TestChooseKey(t *testing.T) {
	_, one := makeKey(t, "one")
	_, two := makeKey(t, "two")
	from := date.MustParse("2025-09-01")
	ended := learner.Person{ID: "grimes", Keys: []learner.Key{{Public: one, From: from, Until: date.MustParse("2026-01-01")}, {Public: two, From: from}}}
	both := learner.Person{ID: "grimes", Keys: []learner.Key{{Public: one, From: from}, {Public: two, From: from}}}
	tests := []struct {
		who   learner.Person
		typed string
		want  int // the place, or -1 for a *StateError, -2 for an *UnknownWordError
	}{
		{ended, "", 1}, {both, "", -2}, {learner.Person{ID: "bell"}, "", -1}, {learner.Person{ID: "bell"}, "1", -1},
		{both, "1", 0}, {both, "2", 1}, {both, "3", -2}, {both, "0", -2},
		{both, seal.Fingerprint(two), 1}, {both, seal.Fingerprint(two)[:16], 1}, {both, seal.Fingerprint(one)[7:20], 0},
		{both, "SHA256:", -2}, {both, one, 0}, {both, two + " a comment", 1},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d keys, %.20q", len(tt.who.Keys), tt.typed), func(t *testing.T) {
			_, i, err := casework.ChooseKey(tt.who, tt.typed)
			var st *casework.StateError
			var un *casework.UnknownWordError
			switch {
			case err == nil:
			case errors.As(err, &st):
				i = -1
			case errors.As(err, &un):
				i = -2
			}
			if i != tt.want {
				t.Errorf("%d, %v, want %d", i, err, tt.want)
			}
		})
	}
}
