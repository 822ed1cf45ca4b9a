package sshkey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/sendctl/sendctl/pkg/seal"
)

func config(settings map[string]string) func(string) (string, bool) {
	return func(key string) (string, bool) { v, ok := settings[key]; return v, ok }
}

func env(vars map[string]string) func(string) string {
	return func(key string) string { return vars[key] }
}

// key is one key pair in all the forms it comes in.
type key struct {
	private any
	public  string // authorized_keys form
}

func newKey(t *testing.T, private any) key {
	t.Helper()
	k, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return key{private, strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k.PublicKey())))}
}

func edKey(t *testing.T) key {
	t.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newKey(t, k)
}

func (k key) pem(t *testing.T, passphrase string) []byte {
	t.Helper()
	var block *pem.Block
	var err error
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(k.private, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(k.private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}

func write(t *testing.T, path string, b []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// socketDir is a folder with a path short enough for a socket's.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ag")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// serve runs an agent that holds the keys, and gives its socket.
func serve(t *testing.T, keys ...key) string {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k.private}); err != nil {
			t.Fatal(err)
		}
	}
	sock := filepath.Join(socketDir(t), "s")
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

// signs checks that k signs seals that verify with the public key.
func signs(t *testing.T, k seal.Signer, public string) {
	t.Helper()
	if k == nil {
		t.Fatal("no key found")
	}
	if k.Public() != public {
		t.Errorf("Public() = %q, want %q", k.Public(), public)
	}
	s, err := seal.Seal{Learner: "bk7m2xqt"}.Signed(k)
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.Verify(s, public); err != nil {
		t.Error(err)
	}
}

func TestFind(t *testing.T) {
	home := t.TempDir()
	plain, locked, other := edKey(t), edKey(t), edKey(t)
	rsaPrivate, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecPrivate, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, ecKey := newKey(t, rsaPrivate), newKey(t, ecPrivate)
	in := func(name string) string { return filepath.Join(home, ".ssh", name) }
	write(t, in("plain"), plain.pem(t, ""))
	write(t, in("plain.pub"), []byte(plain.public+" grimes@thornelaw.example\n"))
	write(t, in("alone"), rsaKey.pem(t, ""))
	write(t, in("locked"), locked.pem(t, "secret"))
	write(t, in("locked.pub"), []byte(locked.public+"\n"))
	write(t, in("hardware.pub"), []byte(other.public+"\n"))
	write(t, in("public.txt"), []byte(other.public+"\n"))
	write(t, in("swapped"), plain.pem(t, ""))
	write(t, in("swapped.pub"), []byte(other.public+"\n"))

	tests := []struct {
		name, signingKey string
		agent            []key // nil: no agent
		want             key
	}{
		{"private key", in("plain"), nil, plain},
		{"public key beside its private one", in("plain.pub"), nil, plain},
		{"from the person's folder", "~/.ssh/plain.pub", nil, plain},
		{"private key without a public one, RSA", in("alone"), nil, rsaKey},
		{"with a passphrase, by its private half", in("locked"), []key{other, locked}, locked},
		{"with a passphrase, by its public half", in("locked.pub"), []key{locked}, locked},
		{"only the public half", in("hardware.pub"), []key{other}, other},
		{"the public half under another name", in("public.txt"), []key{other}, other},
		{"the public half counts, not what lies beside it", in("swapped.pub"), []key{plain, other}, other},
		{"the key itself", "key::" + other.public, []key{other}, other},
		{"the key itself with a comment", "key::" + other.public + " eyre@thornelaw.example", []key{other}, other},
		{"the key itself, git's older form", other.public, []key{other}, other},
		{"RSA in the agent", "key::" + rsaKey.public, []key{rsaKey}, rsaKey},
		{"ECDSA in the agent", "key::" + ecKey.public, []key{ecKey}, ecKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			vars := map[string]string{"HOME": home}
			if tt.agent != nil {
				vars["SSH_AUTH_SOCK"] = serve(t, tt.agent...)
			}
			k, err := Find(config(map[string]string{"gpg.format": "ssh", "user.signingkey": tt.signingKey}), env(vars))
			if err != nil {
				t.Fatal(err)
			}
			signs(t, k, tt.want.public)
		})
	}
}

func TestFindNothing(t *testing.T) {
	for _, settings := range []map[string]string{
		{},
		{"gpg.format": "openpgp", "user.signingkey": "0xABCDEF"},
		{"user.signingkey": "~/.ssh/id_ed25519.pub"}, // without gpg.format it is a PGP key's name
	} {
		k, err := Find(config(settings), env(nil))
		if k != nil || err != nil {
			t.Errorf("Find(%v) = %v, %v, want nothing", settings, k, err)
		}
	}
}

func TestFindSaysWhatToDo(t *testing.T) {
	home := t.TempDir()
	locked, other := edKey(t), edKey(t)
	lockedFile := write(t, filepath.Join(home, "locked"), locked.pem(t, "secret"))
	pubOnly := write(t, filepath.Join(home, "only.pub"), []byte(other.public+"\n"))
	nonsense := write(t, filepath.Join(home, "nonsense"), []byte("hello\n"))
	t.Setenv("GODEBUG", "rsa1024min=0")
	weakPrivate, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := write(t, filepath.Join(home, "weak"), newKey(t, weakPrivate).pem(t, ""))
	gone := filepath.Join(socketDir(t), "gone")

	tests := []struct {
		name     string
		settings map[string]string
		vars     map[string]string
		want     Reason
		says     string
	}{
		{"no key named", nil, nil, NotNamed, "user.signingkey"},
		{"a command would name it", map[string]string{"gpg.ssh.defaultkeycommand": "ssh-add -L"}, nil, ByCommand, "not run"},
		{"no such file", map[string]string{"user.signingkey": filepath.Join(home, "none")}, nil, Unreadable, "ssh-keygen -t ed25519"},
		{"a folder", map[string]string{"user.signingkey": home}, nil, Unreadable, "name a key file"},
		{"no such public key", map[string]string{"user.signingkey": filepath.Join(home, "none.pub")}, nil, Unreadable, "ssh-keygen -t ed25519"},
		{"another person's folder", map[string]string{"user.signingkey": "~eyre/.ssh/id"}, nil, Unreadable, "in full"},
		{"no HOME", map[string]string{"user.signingkey": "~/.ssh/id"}, nil, Unreadable, "in full"},
		{"no key", map[string]string{"user.signingkey": nonsense}, nil, NotAKey, "name an SSH key"},
		{"no key after key::", map[string]string{"user.signingkey": "key::nonsense"}, nil, NotAKey, "whole line"},
		{"a weak key", map[string]string{"user.signingkey": weak}, nil, Weak, "ssh-keygen -t ed25519"},
		{"a passphrase and no agent", map[string]string{"user.signingkey": lockedFile}, nil, NoAgent, "ssh-add"},
		{"an agent that is gone", map[string]string{"user.signingkey": pubOnly}, map[string]string{"SSH_AUTH_SOCK": gone}, NoAgent, "ssh-add"},
		{"an agent without it", map[string]string{"user.signingkey": lockedFile}, map[string]string{"SSH_AUTH_SOCK": serve(t, other)}, NotInAgent, "ssh-add"},
		{"a key another program holds", map[string]string{"user.signingkey": pubOnly, "gpg.ssh.program": "/opt/keeper/op-ssh-sign"},
			map[string]string{"SSH_AUTH_SOCK": serve(t)}, NotInAgent, "gpg.ssh.program is not run"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			settings := map[string]string{"gpg.format": "ssh"}
			for k, v := range tt.settings {
				settings[k] = v
			}
			k, err := Find(config(settings), env(tt.vars))
			var e *Error
			if k != nil || !errors.As(err, &e) || e.Reason != tt.want {
				t.Fatalf("Find() = %v, %v, want an *Error of reason %d", k, err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q does not say %q", err, tt.says)
			}
		})
	}
}

func tool(t *testing.T, name string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: what it makes of this is not checked here", name)
	}
	return p
}

func TestRealAgent(t *testing.T) {
	sshAgent, sshAdd := tool(t, "ssh-agent"), tool(t, "ssh-add")
	dir := socketDir(t)
	sock := filepath.Join(dir, "s")
	cmd := exec.Command(sshAgent, "-D", "-a", sock)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if _, err := out.Read(make([]byte, 64)); err != nil { // it says where it listens once it does
		t.Fatal(err)
	}
	k := edKey(t)
	file := write(t, filepath.Join(dir, "k"), k.pem(t, ""))
	add := exec.Command(sshAdd, file)
	add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+sock)
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, err := Find(config(map[string]string{"gpg.format": "ssh", "user.signingkey": "key::" + k.public}),
		env(map[string]string{"SSH_AUTH_SOCK": sock}))
	if err != nil {
		t.Fatal(err)
	}
	signs(t, found, k.public)
}

func TestGitAcceptsOurCommits(t *testing.T) {
	gitPath := tool(t, "git")
	tool(t, "ssh-keygen") // git verifies with it
	dir := t.TempDir()
	git := func(stdin []byte, args ...string) (string, error) {
		cmd := exec.Command(gitPath, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
			"GIT_AUTHOR_NAME=M. Eyre", "GIT_AUTHOR_EMAIL=eyre@thornelaw.example",
			"GIT_COMMITTER_NAME=M. Eyre", "GIT_COMMITTER_EMAIL=eyre@thornelaw.example")
		cmd.Stdin = bytes.NewReader(stdin)
		out, err := cmd.CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	must := func(stdin []byte, args ...string) string {
		t.Helper()
		out, err := git(stdin, args...)
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
		return out
	}
	k := edKey(t)
	file := write(t, filepath.Join(dir, "keys", "id"), k.pem(t, ""))
	allowed := write(t, filepath.Join(dir, "keys", "allowed"), []byte("eyre@thornelaw.example "+k.public+"\n"))
	must(nil, "init", "-q")
	must(nil, "config", "gpg.format", "ssh")
	must(nil, "config", "user.signingkey", file)
	must(nil, "config", "gpg.ssh.allowedSignersFile", allowed)

	signer, err := Find(func(key string) (string, bool) { v, err := git(nil, "config", "--get", key); return v, err == nil }, os.Getenv)
	if err != nil || signer == nil {
		t.Fatalf("Find() = %v, %v", signer, err)
	}
	tree := must(nil, "write-tree")
	plain := must([]byte("review: bk7m2xqt\n"), "commit-tree", tree)
	payload := must(nil, "cat-file", "commit", plain) + "\n"
	sig, err := CommitSign(signer)([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	commit := func(payload string) string {
		head, message, _ := strings.Cut(payload, "\n\n")
		header := "gpgsig " + strings.ReplaceAll(strings.TrimSuffix(string(sig), "\n"), "\n", "\n ")
		return must([]byte(head+"\n"+header+"\n\n"+message), "hash-object", "-t", "commit", "-w", "--stdin")
	}
	good := commit(payload)
	if out, err := git(nil, "verify-commit", good); err != nil {
		t.Errorf("git refuses our signature: %v\n%s", err, out)
	}
	if out := must(nil, "log", "-1", "--show-signature", good); !strings.Contains(out, `Good "git" signature for eyre@thornelaw.example`) {
		t.Errorf("git log --show-signature says\n%s", out)
	}
	bad := commit(strings.Replace(payload, "bk7m2xqt", "bk7m2xqz", 1)) // the control
	if out, err := git(nil, "verify-commit", bad); err == nil {
		t.Errorf("git accepts an altered commit:\n%s", out)
	}
}

func TestCommitSignOfNobody(t *testing.T) {
	if CommitSign(nil) != nil {
		t.Error("a commit would be signed by nobody")
	}
}
