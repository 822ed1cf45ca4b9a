package seal

import (
	"bytes"
	"crypto/dsa" //lint:ignore SA1019 the test shows that such a weak key is refused
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

func sshSigner(t *testing.T, key any) ssh.Signer {
	t.Helper()
	k, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func ed(t *testing.T) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sshSigner(t, key)
}

func signed(t *testing.T, s Seal, k Signer) Seal {
	t.Helper()
	s, err := s.Signed(k)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Valid(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignAndVerify(t *testing.T) {
	keys := map[string]func() (any, error){
		"ed25519": func() (any, error) { _, k, err := ed25519.GenerateKey(rand.Reader); return k, err },
		"p256":    func() (any, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) },
		"p384":    func() (any, error) { return ecdsa.GenerateKey(elliptic.P384(), rand.Reader) },
		"rsa2048": func() (any, error) { return rsa.GenerateKey(rand.Reader, 2048) },
	}
	other := NewSigner(ed(t))
	for name, generate := range keys {
		t.Run(name, func(t *testing.T) {
			key, err := generate()
			if err != nil {
				t.Fatal(err)
			}
			k := NewSigner(sshSigner(t, key))
			s := signed(t, example(), k)
			if err := Verify(s, k.Public()); err != nil {
				t.Error(err)
			}
			if err := Verify(s, k.Public()+" grimes@thornelaw.example\n"); err != nil {
				t.Errorf("with a comment: %v", err)
			}
			if got, err := SignedBy(s); err != nil || got != k.Public() {
				t.Errorf("SignedBy() = %q, %v", got, err)
			}
			if err := Verify(s, other.Public()); !errors.Is(err, ErrOtherKey) {
				t.Errorf("against another key: %v", err)
			}
			altered := s
			altered.By = "eyre"
			if err := Verify(altered, k.Public()); !errors.Is(err, ErrSignature) {
				t.Errorf("altered: %v", err)
			}
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	key := ed(t)
	k := NewSigner(key)
	s := signed(t, example(), k)

	login, err := k.Sign(example().Payload(), "git")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := unarmour(s.Signature)
	if err != nil {
		t.Fatal(err)
	}
	with := func(sig []byte) Seal { s := example(); s.Signature = sig; return s }
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	old := sshSigner(t, rsaKey)

	tests := []struct {
		name   string
		seal   Seal
		public string
		want   error
	}{
		{"unsigned", example(), k.Public(), ErrUnsigned},
		{"signed for git", with(login), k.Public(), ErrNamespace},
		{"RSA with SHA-1", with(sha1Signature(t, old, example().Payload())), authorized(old.PublicKey()), ErrWeak},
		{"bytes after the signature", with(armour(append(bytes.Clone(raw), 0))), k.Public(), ErrSignature},
		{"something in the reserved field", with(reserved(t, raw)), k.Public(), ErrSignature},
		{"signature cut short", with(armour(raw[:len(raw)-1])), k.Public(), ErrSignature},
		{"last bit turned", with(armour(append(bytes.Clone(raw[:len(raw)-1]), raw[len(raw)-1]^1))), k.Public(), ErrSignature},
		{"no signature at all", with(armour([]byte("SSHSIG"))), k.Public(), ErrSignature},
		{"no key", s, "", ErrKey},
		{"nonsense for a key", s, "ssh-ed25519 AAAA", ErrKey},
		{"a key with options", s, `command="true" ` + k.Public(), ErrKey},
		{"two keys", s, k.Public() + "\n" + k.Public(), ErrKey},
		{"a DSA key", s, dsaPublic(t), ErrWeak},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := Verify(tt.seal, tt.public); !errors.Is(err, tt.want) {
				t.Errorf("Verify() = %v, want %v", err, tt.want)
			}
		})
	}
}

// sha1Signature makes what ssh-keygen no longer does.
func sha1Signature(t *testing.T, k ssh.Signer, payload []byte) []byte {
	t.Helper()
	type signedData struct{ Namespace, Reserved, Hash, Sum string }
	sum := sha512.Sum512(payload)
	data := append([]byte("SSHSIG"), ssh.Marshal(signedData{Namespace, "", "sha512", string(sum[:])})...)
	sig, err := k.(ssh.AlgorithmSigner).SignWithAlgorithm(rand.Reader, data, ssh.KeyAlgoRSA)
	if err != nil {
		t.Fatal(err)
	}
	blob := struct {
		Magic                               [6]byte
		Version                             uint32
		Key, Namespace, Reserved, Hash, Sig string
	}{[6]byte{'S', 'S', 'H', 'S', 'I', 'G'}, 1, string(k.PublicKey().Marshal()), Namespace, "", "sha512", string(ssh.Marshal(sig))}
	return armour(ssh.Marshal(blob))
}

// reserved puts text into the field of a signature that readers have to ignore:
// it still fits, and would be a second spelling of the same seal.
func reserved(t *testing.T, raw []byte) []byte {
	t.Helper()
	var blob struct {
		Magic                               [6]byte
		Version                             uint32
		Key, Namespace, Reserved, Hash, Sig string
	}
	if err := ssh.Unmarshal(raw, &blob); err != nil {
		t.Fatal(err)
	}
	blob.Reserved = "more"
	return armour(ssh.Marshal(blob))
}

func dsaPublic(t *testing.T) string {
	t.Helper()
	big1 := func(bits uint) *big.Int { return new(big.Int).SetBit(big.NewInt(1), int(bits-1), 1) }
	pub, err := ssh.NewPublicKey(&dsa.PublicKey{Parameters: dsa.Parameters{P: big1(1024), Q: big1(160), G: big.NewInt(2)}, Y: big.NewInt(3)})
	if err != nil {
		t.Fatal(err)
	}
	return authorized(pub)
}

// The vectors were made by ssh-keygen 9.2, so this holds where there is none.
func TestVectors(t *testing.T) {
	want := map[string]error{
		"ed25519": nil, "ecdsa256": nil, "ecdsa521": nil, "rsa2048": nil,
		"rsa1024": ErrWeak, "namespace": ErrNamespace,
	}
	for name, want := range want {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", "vectors", name+".seal"))
			if err != nil {
				t.Fatal(err)
			}
			public, err := os.ReadFile(filepath.Join("testdata", "vectors", name+".pub"))
			if err != nil {
				t.Fatal(err)
			}
			s, err := Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			if err := Verify(s, string(public)); !errors.Is(err, want) {
				t.Errorf("Verify() = %v, want %v", err, want)
			}
			if err := Verify(s, dsaPublic(t)); !errors.Is(err, ErrWeak) {
				t.Errorf("against a weak key: %v", err)
			}
		})
	}
}

func keygen(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed: what it says of our seals is not checked here")
	}
	return path
}

func write(t *testing.T, dir, name string, b []byte) string {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestKeygenAcceptsOurSeals(t *testing.T) {
	keygen := keygen(t)
	dir := t.TempDir()
	k := NewSigner(ed(t))
	s := signed(t, example(), k)
	allowed := write(t, dir, "allowed", []byte("grimes "+k.Public()+"\n"))

	verify := func(file []byte, namespace string) error {
		// What doc.go tells people to do: the file in two, at the signature's first line.
		at := bytes.Index(file, []byte("-----BEGIN"))
		sig := write(t, dir, "sig", file[at:])
		cmd := exec.Command(keygen, "-Y", "verify", "-f", allowed, "-I", "grimes", "-n", namespace, "-s", sig)
		cmd.Stdin = bytes.NewReader(file[:at])
		out, err := cmd.CombinedOutput()
		t.Logf("%s", out)
		return err
	}
	if err := verify(s.Bytes(), Namespace); err != nil {
		t.Errorf("ssh-keygen refuses our seal: %v", err)
	}
	// The control: it does look.
	if verify(bytes.Replace(s.Bytes(), []byte("by: grimes"), []byte("by: grimez"), 1), Namespace) == nil {
		t.Error("ssh-keygen accepts an altered seal")
	}
	if verify(s.Bytes(), "git") == nil {
		t.Error("ssh-keygen accepts a seal as a git signature")
	}
}

func TestWeAcceptKeygensSeals(t *testing.T) {
	keygen := keygen(t)
	dir := t.TempDir()
	for _, kind := range [][]string{{"ed25519"}, {"ecdsa", "-b", "384"}, {"rsa", "-b", "2048"}} {
		t.Run(kind[0], func(t *testing.T) {
			key := filepath.Join(dir, kind[0])
			if out, err := exec.Command(keygen, append([]string{"-q", "-N", "", "-f", key, "-t"}, kind...)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			s := example()
			payload := write(t, dir, "payload-"+kind[0], s.Payload())
			if out, err := exec.Command(keygen, "-Y", "sign", "-n", Namespace, "-f", key, payload).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			sig, err := os.ReadFile(payload + ".sig")
			if err != nil {
				t.Fatal(err)
			}
			public, err := os.ReadFile(key + ".pub")
			if err != nil {
				t.Fatal(err)
			}
			s.Signature = sig
			if err := s.Valid(); err != nil {
				t.Errorf("ssh-keygen's armour is not ours: %v", err)
			}
			if err := Verify(s, string(public)); err != nil {
				t.Error(err)
			}
			if s.Date = s.Date.AddDays(-1); !errors.Is(Verify(s, string(public)), ErrSignature) {
				t.Error("an altered seal verifies")
			}
		})
	}
}

func TestSignRefusesAWeakKey(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := example().Signed(NewSigner(sshSigner(t, key))); !errors.Is(err, ErrWeak) {
		t.Errorf("Signed() = %v, want %v", err, ErrWeak)
	}
}

func TestSignedHasOneSpelling(t *testing.T) {
	k := NewSigner(ed(t))
	s, err := example().Signed(rewrap{k})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Valid(); err != nil {
		t.Error(err)
	}
	if err := Verify(s, k.Public()); err != nil {
		t.Error(err)
	}
}

// rewrap signs as Go's PEM writer would have it: 64 characters a line, and CRLF.
type rewrap struct{ Signer }

func (r rewrap) Sign(p []byte, n string) ([]byte, error) {
	b, err := r.Signer.Sign(p, n)
	lines := strings.Split(string(b), "\n")
	body := strings.Join(lines[1:len(lines)-2], "")
	out := lines[0] + "\r\n"
	for len(body) > 0 {
		w := min(64, len(body))
		out, body = out+body[:w]+"\r\n", body[w:]
	}
	return []byte(out + lines[len(lines)-2] + "\r\n"), err
}
