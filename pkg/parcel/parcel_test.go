package parcel

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

func signer(t testing.TB) seal.Signer {
	t.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return seal.NewSigner(s)
}

func identity(t testing.TB) ([]Identity, Recipient) {
	t.Helper()
	file, public, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	ids, err := ParseIdentities(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	to, err := ParseRecipient(public)
	if err != nil {
		t.Fatal(err)
	}
	return ids, to
}

func sample() Parcel {
	return Parcel{
		Kind: "proof", Made: time.Date(2025, 11, 21, 16, 20, 5, 0, time.UTC), From: "Thornelaw First School", By: "grimes",
		Learner: "bk7m2xqt", Demonstration: date.New(2026, 6, 1),
		Files: []File{
			{"cycles/2025-09-29-initial-concerns-k4f7.yaml", []byte("format: cycle/v1\n")},
			{"attachments/report of the visit é.pdf", []byte{0, 1, 2, '\n', '\r', 255}},
			{"empty.yaml", nil},
		},
	}
}

func written(t testing.TB, p Parcel, k seal.Signer, to ...Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	hash, err := Write(&b, p, k, to)
	if err != nil {
		t.Fatal(err)
	}
	if !validHash(hash) {
		t.Fatalf("Write gives the hash %q", hash)
	}
	return b.Bytes()
}

func TestAParcelComesBackAsItWasWritten(t *testing.T) {
	k, other := signer(t), signer(t)
	ids, to := identity(t)
	for _, tt := range []struct {
		name string
		key  seal.Signer
		to   []Recipient
	}{
		{"plain", nil, nil}, {"signed", k, nil}, {"encrypted", nil, []Recipient{to}}, {"signed and encrypted", k, []Recipient{to}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			hash, err := Write(&b, sample(), tt.key, tt.to)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Read(&b, ids)
			if err != nil {
				t.Fatal(err)
			}
			want := sample()
			want.Files = want.sorted()
			want.Files[2].Bytes = []byte{}
			want.Signature, want.Hash, want.Encrypted = got.Signature, hash, tt.to != nil
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(date.Date{})); diff != "" {
				t.Error(diff)
			}
			if tt.key == nil {
				if err := got.Verify(k.Public()); !errors.Is(err, ErrUnsigned) {
					t.Errorf("Verify = %v", err)
				}
				return
			}
			if err := got.Verify(k.Public()); err != nil {
				t.Errorf("Verify = %v", err)
			}
			if err := got.Verify(other.Public()); !errors.Is(err, seal.ErrOtherKey) {
				t.Errorf("Verify with another key = %v", err)
			}
			if by, err := got.SignedBy(); err != nil || by != k.Public() {
				t.Errorf("SignedBy = %q, %v", by, err)
			}
			got.Files[1].Bytes = []byte("format: cycle/v1 \n")
			if err := got.Verify(k.Public()); !errors.Is(err, seal.ErrSignature) {
				t.Errorf("Verify of other bytes = %v", err)
			}
		})
	}
}

func TestTheTextOfAParcel(t *testing.T) {
	const want = `sendctl-parcel/1
kind: proof
made: 2025-11-21T16:20:05Z
from: Thornelaw First School
by: grimes
learner: bk7m2xqt
demonstration: 2026-06-01
files: 1
file: sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 5 a b/c.txt

hellosha256: `
	p := sample()
	p.Files = []File{{"a b/c.txt", []byte("hello")}}
	got := string(written(t, p, nil))
	if got[:len(want)] != want || len(got) != len(want)+65 {
		t.Errorf("got\n%s", got)
	}
}

// Any flipped bit, and any end cut off or added, is found: by Read, or, where the
// bit made another parcel of it, by the signature.
func TestAnyFlippedBitBreaksIt(t *testing.T) {
	k := signer(t)
	ids, to := identity(t)
	forms := map[string][]byte{
		"plain": written(t, sample(), nil), "signed": written(t, sample(), k),
		"encrypted": written(t, sample(), nil, to), "both": written(t, sample(), k, to),
	}
	for name, whole := range forms {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(bytes.NewReader(whole), ids); err != nil {
				t.Fatal(err) // the control
			}
			for bit := range len(whole) * 8 {
				b := bytes.Clone(whole)
				b[bit/8] ^= 1 << (bit % 8)
				if _, err := Read(bytes.NewReader(b), ids); err == nil {
					t.Fatalf("bit %d of byte %d flipped, and nothing said", bit%8, bit/8)
				}
			}
			for n := range len(whole) {
				if _, err := Read(bytes.NewReader(whole[:n]), ids); err == nil {
					t.Fatalf("cut to %d bytes, and nothing said", n)
				}
			}
			for _, more := range []string{"\x00", "\n", " ", string(whole)} {
				if _, err := Read(strings.NewReader(string(whole)+more), ids); err == nil {
					t.Fatalf("%d bytes added, and nothing said", len(more))
				}
			}
		})
	}
}

func TestAnyParcelComesBackOrIsRefused(t *testing.T) {
	k := signer(t)
	rapid.Check(t, func(t *rapid.T) {
		p := sample()
		p.Files = nil
		seen := map[string]bool{}
		for range rapid.IntRange(0, 6).Draw(t, "files") {
			path := rapid.OneOf(rapid.StringMatching(`[a-z]{1,3}(/[a-zA-Z é]{1,3}){0,2}`), rapid.String()).Draw(t, "path")
			if !seen[path] {
				p.Files = append(p.Files, File{path, rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")})
			}
			seen[path] = true
		}
		var key seal.Signer
		if rapid.Bool().Draw(t, "signed") {
			key = k
		}
		var b bytes.Buffer
		hash, err := Write(&b, p, key, nil)
		var invalid *InvalidError
		if errors.As(err, &invalid) && b.Len() == 0 {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		whole := bytes.Clone(b.Bytes())
		got, err := Read(&b, nil)
		if err != nil || got.Hash != hash || len(got.Files) != len(p.Files) {
			t.Fatalf("Read = %v, %v", got, err)
		}
		for _, f := range p.Files {
			if b, ok := got.File(f.Path); !ok || !bytes.Equal(b, f.Bytes) {
				t.Fatalf("%q did not come back", f.Path)
			}
		}
		i := rapid.IntRange(0, len(whole)*8-1).Draw(t, "bit")
		whole[i/8] ^= 1 << (i % 8)
		if _, err := Read(bytes.NewReader(whole), nil); err == nil {
			t.Fatalf("bit %d flipped, and nothing said", i)
		}
	})
}

func TestWhatReadSays(t *testing.T) {
	ids, to := identity(t)
	others, _ := identity(t)
	sealed := written(t, sample(), nil, to)
	whole := string(written(t, sample(), signer(t)))
	swap := func(old, new string) []byte { return []byte(strings.Replace(whole, old, new, 1)) }
	later := swap("parcel/1", "parcel/2")
	later = later[:len(later)-len(closing(seal.Hash(nil)))]
	later = append(later, closing(seal.Hash(later))...)
	var damaged *DamagedError
	var tooNew *TooNewError
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	harmed := func(err error) bool { return errors.As(err, &damaged) }
	for _, tt := range []struct {
		name string
		b    []byte
		ids  []Identity
		want func(error) bool
	}{
		{"nothing", nil, nil, is(ErrNotParcel)},
		{"a picture", []byte("\x89PNG\r\n"), nil, is(ErrNotParcel)},
		{"another tool's version", swap("parcel/1", "parcel/x"), nil, is(ErrNotParcel)},
		{"a later version that is damaged", swap("parcel/1", "parcel/2"), nil, harmed},
		{"a later version", later, nil, func(err error) bool { return errors.As(err, &tooNew) && tooNew.Version == 2 }},
		{"no identity", sealed, nil, is(ErrEncrypted)},
		{"another's identity", sealed, others, is(ErrOtherIdentity)},
		{"the right one among others", sealed, append(others, ids...), func(err error) bool { return err == nil }},
		{"CRLF", swap("\n", "\r\n"), nil, is(ErrNotParcel)},
		{"an unknown line", swap("by: grimes", "by: grimes\nnote: x"), nil, harmed},
		{"a size spelt otherwise", swap(" 17 cycles", " 017 cycles"), nil, harmed},
		{"a size beyond all bounds", swap(" 17 cycles", " 99999999999999 cycles"), nil, harmed},
		{"more promised than there is", swap(" 17 cycles", " 500000000 cycles"), nil, harmed},
		{"a way out", swap("cycles/2025", "../2025"), nil, harmed},
		{"an endless line", append([]byte("sendctl-parcel/1\nkind: "), bytes.Repeat([]byte("a"), 1<<20)...), nil, harmed},
		{"no empty line", swap("-----END SSH SIGNATURE-----\n\n", "-----END SSH SIGNATURE-----\n"), nil, harmed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Read(bytes.NewReader(tt.b), tt.ids); !tt.want(err) {
				t.Errorf("Read = %v", err)
			}
		})
	}
}

func TestPathsThatLeadElsewhereAreRefused(t *testing.T) {
	for _, p := range []string{"", "/etc/passwd", "../a", "a/../b", "./a", "a//b", "a/", `a\b`, "C:/a", "c:a", "a/.git/config", ".hidden",
		"a\x00b", "a\nb", "a\u202eb", "a.", "a /b", "NUL", "com1.txt", "sub/aux", "a\xffb", strings.Repeat("a", 256), "x:stream"} {
		var b bytes.Buffer
		bad := sample()
		bad.Files = []File{{p, nil}}
		var invalid *InvalidError
		if _, err := Write(&b, bad, nil, nil); !errors.As(err, &invalid) || b.Len() > 0 {
			t.Errorf("%q was written: %v", p, err)
		}
	}
	for _, pair := range [][2]string{{"a", "a"}, {"a", "A"}, {"a", "a/b"}, {"A/c", "a"}} {
		bad := sample()
		bad.Files = []File{{pair[0], nil}, {pair[1], nil}}
		var invalid *InvalidError
		if _, err := Write(new(bytes.Buffer), bad, nil, nil); !errors.As(err, &invalid) {
			t.Errorf("%v were written: %v", pair, err)
		}
	}
	for _, p := range []string{"learner.yaml", "attachments/Übung 1 (final).pdf", "seals/k4f7-review.seal", "commander.txt", "console"} {
		if !ValidPath(p) {
			t.Errorf("%q is refused", p)
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	for name, spoil := range map[string]func(*Parcel){
		"no kind":      func(p *Parcel) { p.Kind = "" },
		"no time":      func(p *Parcel) { p.Made = time.Time{} },
		"two lines":    func(p *Parcel) { p.From = "a\nby: b" },
		"no setting":   func(p *Parcel) { p.From = "" },
		"nobody":       func(p *Parcel) { p.By = "" },
		"no learner":   func(p *Parcel) { p.Learner = "Lily" },
		"turned words": func(p *Parcel) { p.From = "a\u202eb" },
	} {
		p := sample()
		spoil(&p)
		var b bytes.Buffer
		var invalid *InvalidError
		if _, err := Write(&b, p, nil, nil); !errors.As(err, &invalid) || b.Len() > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := sample()
	p.Files = make([]File, MaxFiles+1)
	for i := range p.Files {
		p.Files[i].Path = fmt.Sprint(i)
	}
	if _, err := Write(new(bytes.Buffer), p, nil, nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many files: %v", err)
	}
}

func TestKeysOfAge(t *testing.T) {
	file, public, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.Split(file, "\n")[1]
	for _, s := range []string{"", "age1", "ssh-ed25519 AAAA", secret, public + "\n" + public} {
		if _, err := ParseRecipient(s); !errors.Is(err, ErrRecipient) || strings.Contains(err.Error(), "SECRET-KEY-1") {
			t.Errorf("ParseRecipient = %v", err)
		}
	}
	if rs, err := ParseRecipients(strings.NewReader("# the academy\n" + public + "\n\n")); err != nil || len(rs) != 1 {
		t.Errorf("ParseRecipients = %v, %v", rs, err)
	}
	if _, err := ParseIdentities(strings.NewReader(public)); !errors.Is(err, ErrIdentity) {
		t.Errorf("ParseIdentities of a recipient = %v", err)
	}
}

func FuzzRead(f *testing.F) {
	ids, to := identity(f)
	f.Add(written(f, sample(), nil))
	f.Add(written(f, sample(), signer(f)))
	f.Add(written(f, sample(), nil, to))
	f.Add([]byte("sendctl-parcel/1\nkind: proof\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Read(bytes.NewReader(b), ids)
		if err != nil || p.Encrypted {
			return
		}
		var again bytes.Buffer
		hash, err := Write(&again, p, held{p.Signature}.orNil(), nil)
		if err != nil || hash != p.Hash || !bytes.Equal(again.Bytes(), b) {
			t.Fatalf("read, and written otherwise: %v", err)
		}
	})
}

// held is a signer that gives a signature which is there already.
type held struct{ sig []byte }

func (h held) Sign([]byte, string) ([]byte, error) { return h.sig, nil }
func (h held) Public() string                      { return "" }
func (h held) orNil() seal.Signer {
	if h.sig == nil {
		return nil
	}
	return h
}
