package audit_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/sendctl/sendctl/pkg/seal"
)

// keyring makes each key once, with the real ssh-keygen.
var keyring = struct {
	sync.Mutex
	made map[string]string
}{made: map[string]string{}}

// keyFile is the private key of a person ("eyre") or of another name ("eyre-2",
// "rsa1024"); its public half lies beside it.
func keyFile(t *testing.T, name string) string {
	t.Helper()
	keyring.Lock()
	defer keyring.Unlock()
	if p, ok := keyring.made[name]; ok {
		return p
	}
	p := filepath.Join(scratch, "key-"+name)
	args := []string{"-q", "-t", "ed25519"}
	switch {
	case strings.HasPrefix(name, "rsa"):
		args = []string{"-q", "-t", "rsa", "-b", name[3:]}
	case strings.HasPrefix(name, "ecdsa"):
		args = []string{"-q", "-t", "ecdsa", "-b", name[5:]}
	}
	if out, err := exec.Command("ssh-keygen", append(args, "-N", "", "-C", "", "-f", p)...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, out)
	}
	keyring.made[name] = p
	return p
}

// public is the public key as people.yaml holds it.
func public(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(keyFile(t, name) + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(b))[:2], " ")
}

// signer signs with a key of the keyring, as seal would.
func signer(t *testing.T, name string) seal.Signer {
	t.Helper()
	b, err := os.ReadFile(keyFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	k, err := ssh.ParsePrivateKey(b)
	if err != nil {
		t.Fatal(err)
	}
	return seal.NewSigner(k)
}

// keys puts everybody's first key into people.yaml, as a school begins to sign.
func (b *box) keys() {
	b.Helper()
	for _, who := range []string{"grimes", "eyre", "bell"} {
		b.giveKey(who, who, "2025-09-01", "")
	}
	b.commit("edit: the keys we begin with")
}

// giveKey writes a key into people.yaml by hand, at the end of the person's entry.
func (b *box) giveKey(who, key, from, until string) {
	b.Helper()
	lines := strings.SplitAfter(b.read("people.yaml"), "\n")
	var out strings.Builder
	here, had := false, false
	put := func() {
		if !here {
			return
		}
		if !had {
			out.WriteString("    keys:\n")
		}
		out.WriteString("      - public: " + public(b.T, key) + "\n        from: " + from + "\n")
		if until != "" {
			out.WriteString("        until: " + until + "\n")
		}
		here = false
	}
	for _, l := range lines {
		if strings.HasPrefix(l, "  - ") || l == "" {
			put()
			here, had = strings.TrimSpace(l) == "- id: "+who, false
		}
		had = had || here && strings.HasPrefix(l, "    keys:")
		out.WriteString(l)
	}
	put()
	b.write("people.yaml", out.String())
}
