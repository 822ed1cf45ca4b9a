package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// vector is one signature that ssh-keygen and we are both asked about.
type vector struct {
	name    string
	payload []byte
	sig     []byte
	public  string // the key that is allowed
	// stricter: we refuse what ssh-keygen takes, and mean to.
	stricter bool
}

// TestKeygenAgrees holds our answer against that of ssh-keygen -Y verify for every
// kind of key and everything that can be wrong with a signature.
func TestKeygenAgrees(t *testing.T) {
	keygen := keygen(t)
	good := 0
	for _, v := range vectors(t, keygen) {
		t.Run(v.name, func(t *testing.T) {
			dir := t.TempDir()
			allowed := write(t, dir, "allowed", []byte("grimes "+v.public+"\n"))
			cmd := exec.Command(keygen, "-Y", "verify", "-f", allowed, "-I", "grimes", "-n", Namespace, "-s", write(t, dir, "sig", v.sig))
			cmd.Stdin = bytes.NewReader(v.payload)
			out, err := cmd.CombinedOutput()
			theirs, ourErr := err == nil, VerifySignature(v.payload, v.sig, Namespace, v.public)
			switch {
			case v.stricter && ourErr == nil:
				t.Error("we take it")
			case !v.stricter && theirs != (ourErr == nil):
				t.Errorf("ssh-keygen says %t (%s), we say %v", theirs, bytes.TrimSpace(out), ourErr)
			}
			if theirs && ourErr == nil {
				good++
			}
		})
	}
	if good < 15 { // or nothing was compared
		t.Errorf("only %d were found good by both", good)
	}
}

func vectors(t *testing.T, keygen string) []vector {
	var out []vector
	payload := example().Payload()
	tampered := bytes.Replace(payload, []byte("by: grimes"), []byte("by: grimez"), 1)
	of := func(kind, public, other string, sign func(payload []byte, namespace string) []byte, stricter bool) {
		sig := sign(payload, Namespace)
		add := func(name string, payload, sig []byte, public string, stricter bool) {
			out = append(out, vector{kind + "/" + name, payload, sig, public, stricter})
		}
		add("good", payload, sig, public, stricter)
		add("payload tampered with", tampered, sig, public, false)
		add("payload empty", nil, sig, public, false)
		add("for git", payload, sign(payload, "git"), public, false)
		add("for nearly the same", payload, sign(payload, Namespace+"s"), public, false)
		if other != "" {
			add("another key", payload, sig, other, false)
		}
		raw, err := unarmour(sig)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, 9, len(raw) / 3, len(raw) / 2, len(raw) - 1} {
			b := bytes.Clone(raw)
			b[at] ^= 4
			add("signature tampered with", payload, armour(b), public, false)
		}
		add("signature cut short", payload, armour(raw[:len(raw)-2]), public, false)
		add("no signature", payload, []byte(armourBegin+armourEnd), public, false)
	}
	dir := t.TempDir()
	kinds := [][]string{{"ed25519"}, {"ecdsa", "-b", "256"}, {"ecdsa", "-b", "384"}, {"ecdsa", "-b", "521"},
		{"rsa", "-b", "1024"}, {"rsa", "-b", "2048"}, {"rsa", "-b", "3072"}} // 4096 takes seconds to make: testdata/e2e/71-signatures.sh
	for _, kind := range kinds {
		name := kind[0] + kind[len(kind)-1]
		public, sign := keygenKey(t, keygen, dir, name, kind)
		other := ""
		if kind[0] != "rsa" || kind[2] == "2048" {
			other, _ = keygenKey(t, keygen, dir, name+"-other", kind)
		}
		of(name, public, other, func(p []byte, n string) []byte { return sign(p, n, "sha512") }, name == "rsa1024")
		out = append(out, vector{name + "/SHA-256", payload, sign(payload, Namespace, "sha256"), public, name == "rsa1024"})
	}
	public, sign := keygenKey(t, keygen, dir, "ed", []string{"ed25519"})
	sig := sign(payload, Namespace, "sha512")
	for name, b := range map[string][]byte{
		"text after it": append(bytes.Clone(sig), "more\n"...), "text before it": append([]byte("more\n"), sig...),
		"other line ends": bytes.ReplaceAll(sig, []byte("\n"), []byte("\r\n")), "one long line": []byte(armourBegin + strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(string(sig), armourBegin), armourEnd), "\n", "") + "\n" + armourEnd),
	} {
		out = append(out, vector{"armour/" + name, payload, b, public, name == "text after it"})
	}
	// What ssh-keygen takes, although a second text could be hidden in it.
	out = append(out, vector{"reserved/not empty", payload, reservedField(t, sig), public, true})

	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	old := sshSigner(t, rsaKey)
	out = append(out, vector{"rsa/SHA-1", payload, sha1Signature(t, old, payload), authorized(old.PublicKey()), false})

	for _, k := range []*softToken{newSoftEd25519(t), newSoftECDSA(t)} {
		sign := func(flags byte) func([]byte, string) []byte {
			return func(p []byte, n string) []byte {
				k.flags = flags
				b, err := NewSigner(k).Sign(p, n)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
		}
		of(k.PublicKey().Type(), authorized(k.PublicKey()), "", sign(1), false)
		out = append(out, vector{k.PublicKey().Type() + "/touched and asked for a PIN", payload, sign(5)(payload, Namespace), authorized(k.PublicKey()), false},
			vector{k.PublicKey().Type() + "/not touched", payload, sign(0)(payload, Namespace), authorized(k.PublicKey()), true})
	}
	return out
}

func reservedField(t *testing.T, sig []byte) []byte {
	raw, err := unarmour(sig)
	if err != nil {
		t.Fatal(err)
	}
	return reserved(t, raw)
}

// keygenKey has ssh-keygen make a key, and gives what signs with it there.
func keygenKey(t *testing.T, keygen, dir, name string, kind []string) (public string, sign func(payload []byte, namespace, hash string) []byte) {
	key := filepath.Join(dir, name)
	if out, err := exec.Command(keygen, append([]string{"-q", "-N", "", "-C", "", "-f", key, "-t"}, kind...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b)), func(payload []byte, namespace, hash string) []byte {
		cmd := exec.Command(keygen, "-q", "-Y", "sign", "-n", namespace, "-O", "hashalg="+hash, "-f", key)
		cmd.Stdin = bytes.NewReader(payload)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// softToken is a security key made of software: it signs what one would, in the form
// of PROTOCOL.u2f, and says of itself whether it was touched.
type softToken struct {
	public ssh.PublicKey
	flags  byte
	sign   func(data []byte) []byte
}

const application = "ssh:"

func (k *softToken) PublicKey() ssh.PublicKey { return k.public }

func (k *softToken) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	app, message := sha256.Sum256([]byte(application)), sha256.Sum256(data)
	rest := []byte{k.flags, 0, 0, 0, 7} // and the counter
	return &ssh.Signature{Format: k.public.Type(), Blob: k.sign(slices.Concat(app[:], rest, message[:])), Rest: rest}, nil
}

func newSoftEd25519(t *testing.T) *softToken {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &softToken{
		public: parsed(t, struct{ Type, Key, Application string }{ssh.KeyAlgoSKED25519, string(public), application}),
		sign:   func(data []byte) []byte { return ed25519.Sign(private, data) },
	}
}

func newSoftECDSA(t *testing.T) *softToken {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	return &softToken{
		public: parsed(t, struct{ Type, Curve, Key, Application string }{ssh.KeyAlgoSKECDSA256, "nistp256", string(point.Bytes()), application}),
		sign: func(data []byte) []byte {
			sum := sha256.Sum256(data)
			r, s, err := ecdsa.Sign(rand.Reader, private, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return ssh.Marshal(struct{ R, S *big.Int }{r, s})
		},
	}
}

func parsed(t *testing.T, wire any) ssh.PublicKey {
	k, err := ssh.ParsePublicKey(ssh.Marshal(wire))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestASecurityKeyCounts holds where there is no ssh-keygen.
func TestASecurityKeyCounts(t *testing.T) {
	for _, k := range []*softToken{newSoftEd25519(t), newSoftECDSA(t)} {
		k.flags = 1
		s := signed(t, example(), NewSigner(k))
		if err := Verify(s, authorized(k.PublicKey())); err != nil {
			t.Errorf("%s: %v", k.PublicKey().Type(), err)
		}
		k.flags = 0
		if s, err := example().Signed(NewSigner(k)); err == nil && Verify(s, authorized(k.PublicKey())) == nil {
			t.Errorf("%s: a key that nobody touched counts", k.PublicKey().Type())
		}
	}
}

func TestPublicHasOneSpelling(t *testing.T) {
	k := authorized(ed(t).PublicKey())
	other := authorized(ed(t).PublicKey())
	if got, err := Public(k + " grimes@a-laptop\n"); err != nil || got != k {
		t.Errorf("Public() = %q, %v", got, err)
	}
	for _, line := range []string{"", "ssh-ed25519", "ssh-ed25519 AAAA", "no-pty " + k, k + "\n" + k, string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY"})), dsaPublic(t)} {
		if got, err := Public(line); err == nil {
			t.Errorf("Public(%q) = %q", line, got)
		}
		if SameKey(line, k) || SameKey(k, line) {
			t.Errorf("%q is the same key as another", line)
		}
	}
	if !SameKey(k, k+" comment") || SameKey(k, other) {
		t.Error("SameKey tells keys apart wrongly")
	}
	if Fingerprint(k) == "" || Fingerprint(k) != Fingerprint(k+" comment") || Fingerprint(k) == Fingerprint(other) || Fingerprint("none") != "" {
		t.Error("Fingerprint names keys wrongly")
	}
}
