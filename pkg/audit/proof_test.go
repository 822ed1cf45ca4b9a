package audit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/seal"
)

// prove makes a proof and gives its bytes.
func (b *box) prove(learner, file string, more ...string) []byte {
	b.Helper()
	out := filepath.Join(b.TempDir(), "proof")
	b.sendctl(append([]string{"audit", "prove", learner, file, "--output", out}, more...)...)
	text, err := os.ReadFile(out)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// kept makes a checkpoint and gives the file it is in, and itself.
func (b *box) kept(more ...string) (string, audit.Named) {
	b.Helper()
	out := filepath.Join(b.TempDir(), "checkpoint.txt")
	b.sendctl(append([]string{"audit", "checkpoint", "--output", out}, more...)...)
	text, err := os.ReadFile(out)
	if err != nil {
		b.Fatal(err)
	}
	c, err := audit.ParseCheckpoint(text)
	if err != nil {
		b.Fatal(err)
	}
	return out, audit.Named{Name: "parent.txt", Checkpoint: c}
}

func opened(t testing.TB, b []byte) parcel.Parcel {
	t.Helper()
	p, err := parcel.Read(bytes.NewReader(b), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProofProvesWhatWasRecorded(t *testing.T) {
	for _, kind := range []string{"plain", "signed"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := school(t, kind)
			_, held := b.kept()
			p := opened(t, b.prove(b.jude, b.first))
			proof, err := audit.CheckProof(p, []audit.Named{held}, "")
			if err != nil {
				t.Fatal(err)
			}
			if proof.Verdict != audit.Proven || !proof.Outside || len(proof.Files) != 2 {
				t.Fatalf("%+v", proof)
			}
			f, fix := proof.Files[0], proof.Files[1]
			if f.ID != b.first || f.By.ID != "grimes" || f.By.Name != "P. Grimes" || !f.Unchanged || f.Act != "review" || fix.ID != b.fix || !fix.Correction {
				t.Errorf("%+v", proof.Files)
			}
			if text := b.read(b.cycle(b.jude, b.first)); string(f.Bytes) != text {
				t.Error("the bytes are not the file's")
			}
			if signed := kind == "signed"; signed != (f.Key != "") || signed != (p.Signature != nil) {
				t.Errorf("signed %t with %q", p.Signature != nil, f.Key)
			}
			if proof.Demonstration != "" {
				t.Errorf("demonstration %q", proof.Demonstration)
			}
			for _, f := range p.Files {
				if bytes.Contains(f.Bytes, []byte("Ashworth")) || bytes.Contains(f.Bytes, []byte(b.mo)) || bytes.Contains(f.Bytes, []byte("example")) {
					t.Errorf("%s tells of the child's name, of another learner or of somebody's address", f.Path)
				}
			}
			named := opened(t, b.prove(b.jude, b.first, "--with-name"))
			if id, ok := named.File("identity.yaml"); !ok || !bytes.Contains(id, []byte("Ashworth")) {
				t.Error("--with-name brings no name")
			}
		})
	}
}

// Whatever somebody without a key changes in a proof, and however well they pack it
// again, it is not proven any more: with what one has from elsewhere, and where the
// setting signs even without.
func TestWhatIsChangedInAProofIsNotProven(t *testing.T) {
	b := school(t, "signed")
	_, held := b.kept()
	whole := opened(t, b.prove(b.jude, b.first))
	for _, given := range [][]audit.Named{nil, {held}} {
		if proof, err := audit.CheckProof(whole, given, ""); err != nil || proof.Verdict != audit.Proven {
			t.Fatalf("%v, %+v", err, proof) // the control
		}
		rapid.Check(t, func(t *rapid.T) {
			p := whole
			p.Files = slices.Clone(whole.Files)
			i := rapid.IntRange(0, len(p.Files)-1).Draw(t, "file")
			name := p.Files[i].Path
			switch how := rapid.IntRange(0, 3).Draw(t, "how"); how {
			case 0:
				p.Files = slices.Delete(p.Files, i, i+1)
			case 1, 2:
				text := bytes.Clone(p.Files[i].Bytes)
				bit := rapid.IntRange(0, len(text)*8-1).Draw(t, "bit")
				text[bit/8] ^= 1 << (bit % 8)
				p.Files[i].Bytes = text
			case 3:
				p.Files[i].Bytes = whole.Files[(i+1)%len(whole.Files)].Bytes
			}
			var again bytes.Buffer
			if _, err := parcel.Write(&again, p, nil, nil); err != nil {
				t.Fatal(err)
			}
			repacked, err := parcel.Read(&again, nil)
			if err != nil {
				t.Fatal(err)
			}
			proof, err := audit.CheckProof(repacked, given, "")
			if err == nil && proof.Verdict == audit.Proven {
				t.Fatalf("%s was changed, and it is told as proven: %v", name, proof.Findings)
			}
			// The signature of the parcel itself does not outlive the change either.
			p.Signature = whole.Signature
			if key, _ := whole.SignedBy(); p.Verify(key) == nil {
				t.Fatalf("%s was changed, and the parcel's signature holds", name)
			}
		})
	}
}

func TestAnyFlippedBitBreaksAProof(t *testing.T) {
	b := school(t, "signed")
	whole := b.prove(b.jude, b.first)
	file := filepath.Join(t.TempDir(), "proof")
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Clone(whole)
		bit := rapid.IntRange(0, len(text)*8-1).Draw(t, "bit")
		text[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, said := b.main("audit", "check", file); code != 1 || !strings.HasPrefix(out, "Broken") {
			t.Fatalf("bit %d: exit code %d\n%s%s", bit, code, out, said)
		}
	})
}

func TestAForgedProof(t *testing.T) {
	b := school(t, "signed")
	_, held := b.kept()
	whole := opened(t, b.prove(b.jude, b.first))
	sealName := "seals/" + b.first + "-review.seal"
	sealed := "sealed/" + b.first + "-review.yaml"
	edit := func(change func(files map[string][]byte)) parcel.Parcel {
		files := map[string][]byte{}
		for _, f := range whole.Files {
			files[f.Path] = f.Bytes
		}
		change(files)
		p := whole
		p.Files, p.Signature = nil, nil
		for name, b := range files {
			p.Files = append(p.Files, parcel.File{Path: name, Bytes: b})
		}
		return p
	}
	// resealed changes the record and seals it anew, with a key or without.
	resealed := func(files map[string][]byte, k seal.Signer) {
		files[sealed] = bytes.Replace(files[sealed], []byte("result: 17"), []byte("result: 27"), 1)
		s, err := seal.Parse(files[sealName])
		if err != nil {
			t.Fatal(err)
		}
		s.SHA256 = strings.TrimPrefix(seal.Hash(files[sealed]), "sha256:")
		s.Signature = nil
		if k != nil {
			if s, err = s.Signed(k); err != nil {
				t.Fatal(err)
			}
		}
		files[sealName] = s.Bytes()
	}
	malory := func() seal.Signer {
		raw, err := os.ReadFile(keyFile(t, "malory"))
		if err != nil {
			t.Fatal(err)
		}
		k, err := ssh.ParsePrivateKey(raw)
		if err != nil {
			t.Fatal(err)
		}
		return seal.NewSigner(k)
	}()
	key, _ := whole.SignedBy()
	for name, tt := range map[string]struct {
		p       parcel.Parcel
		given   []audit.Named
		key     string
		verdict audit.Verdict
		kind    string
	}{
		"as it was made, and the key is known": {whole, nil, seal.Fingerprint(key), audit.Proven, ""},
		"as it was made, and another key":      {whole, nil, seal.Fingerprint(malory.Public()), audit.CannotTell, "key-unknown"},
		"the record changed":                   {edit(func(f map[string][]byte) { f[sealed] = append(f[sealed], '\n') }), nil, "", audit.Broken, "sealed-changed"},
		"the record changed and sealed anew":   {edit(func(f map[string][]byte) { resealed(f, nil) }), nil, "", audit.Broken, "chain-gap"},
		"by another's key":                     {edit(func(f map[string][]byte) { resealed(f, malory) }), nil, "", audit.Broken, "seal-key"},
		"the roster says that key is theirs": {edit(func(f map[string][]byte) {
			resealed(f, malory)
			f["people.yaml"] = bytes.ReplaceAll(f["people.yaml"], []byte(key), []byte(malory.Public()))
		}), nil, "", audit.Broken, "seal-key"},
		"a seal left out": {edit(func(f map[string][]byte) { delete(f, "seals/"+b.fix+"-correct.seal") }), []audit.Named{held}, "", audit.Broken, "proof-shape"},
	} {
		t.Run(name, func(t *testing.T) {
			proof, err := audit.CheckProof(tt.p, tt.given, tt.key)
			if err != nil {
				t.Fatal(err)
			}
			if proof.Verdict != tt.verdict || tt.kind != "" && !slices.ContainsFunc(proof.Findings, func(f audit.Finding) bool { return f.Kind == tt.kind && f.Weight == tt.verdict }) {
				t.Errorf("%s: %+v", proof.Verdict, proof.Findings)
			}
		})
	}
	if _, err := audit.CheckProof(parcel.Parcel{Kind: "handover"}, nil, ""); err == nil || !strings.Contains(err.Error(), "no proof") {
		t.Errorf("a handover: %v", err)
	}
}

// A checkpoint that was handed out long ago still holds a proof that is made today,
// where the proof is made for it or the checkpoint lists what it speaks of.
func TestAProofForAnOlderCheckpoint(t *testing.T) {
	b := school(t, "plain")
	short, named := b.kept()
	_, full := b.kept("--full")
	b.at("2026-02-11 09:00").correct(b.jude, b.second, "23")
	plain := opened(t, b.prove(b.jude, b.first))
	for _, tt := range []struct {
		name  string
		p     parcel.Parcel
		given audit.Named
		want  audit.Verdict
	}{
		{"the short form alone", plain, named, audit.CannotTell},
		{"the full form", plain, full, audit.Proven},
		{"made for the short form", opened(t, b.prove(b.jude, b.first, "--checkpoint", short)), named, audit.Proven},
	} {
		proof, err := audit.CheckProof(tt.p, []audit.Named{tt.given}, "")
		if err != nil || proof.Verdict != tt.want || proof.Outside != (tt.want == audit.Proven) {
			t.Errorf("%s: %v, %+v", tt.name, err, proof)
		}
	}
	// A later act is in no earlier checkpoint: that is said, and is no fault.
	third := b.at("2026-02-12 09:00").correct(b.jude, b.first, "19")
	later := opened(t, b.prove(b.jude, third, "--checkpoint", short))
	proof, err := audit.CheckProof(later, []audit.Named{named}, "")
	if err != nil || proof.Verdict != audit.Proven || proof.Outside {
		t.Errorf("%v, %+v", err, proof)
	}
	// A proof out of a folder that dropped an act is not what the checkpoint holds.
	rolled := school(t, "plain")
	other := audit.Named{Name: "parent.txt", Checkpoint: full.Checkpoint}
	proof, err = audit.CheckProof(opened(t, rolled.at("2026-02-12 09:00").prove(rolled.jude, rolled.first)), []audit.Named{other}, "")
	if err != nil || proof.Verdict != audit.Proven {
		t.Errorf("the same school before the last act: %v, %+v", err, proof) // the control
	}
	rolled.git("reset", "-q", "--hard", "HEAD~2")
	rolled.remove(".git/sendctl")
	rolled.remove(".git/logs")
	proof, err = audit.CheckProof(opened(t, rolled.prove(rolled.jude, rolled.first)), []audit.Named{other}, "")
	if err != nil || proof.Verdict != audit.Broken {
		t.Errorf("rolled back: %v, %+v", err, proof)
	}
}

func TestTheAgreedVersionOfALivingDocumentIsProved(t *testing.T) {
	b := school(t, "demo")
	agreed := b.only("learners/jv6fpqgg/seals/dpsj-agree.seal")
	s, err := seal.Parse([]byte(b.read(agreed)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"dpsj", s.Path} {
		proof, err := audit.CheckProof(opened(t, b.prove("jv6fpqgg", file)), nil, "")
		if err != nil || proof.Verdict != audit.Proven || len(proof.Files) != 1 || !proof.Files[0].Unchanged || proof.Demonstration == "" {
			t.Errorf("%s: %v, %+v", file, err, proof)
		}
	}
}

func TestNoCheckpointOfABrokenTrail(t *testing.T) {
	b := school(t, "plain")
	fakeResult(b)
	b.commit("a small change")
	for _, args := range [][]string{{"audit", "checkpoint"}, {"audit", "prove", b.jude, b.second, "-o", filepath.Join(t.TempDir(), "p")}} {
		code, out, said := b.main(args...)
		if code != 1 || out != "" || !strings.Contains(said, "broken") {
			t.Errorf("%v: exit code %d\n%s%s", args, code, out, said)
		}
	}
}

// What sendctl signs, ssh-keygen verifies: a checkpoint, and the manifest of a parcel.
func TestKeygenVerifiesCheckpointsAndParcels(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("no ssh-keygen here: what it makes of our signatures is not checked")
	}
	b := school(t, "signed")
	_, c := b.kept("--full")
	p := opened(t, b.prove(b.jude, b.first))
	dir := t.TempDir()
	key, err := c.Checkpoint.SignedBy()
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	allowed := write("allowed", []byte("grimes "+key+"\n"))
	for _, tt := range []struct {
		namespace string
		payload   []byte
		sig       []byte
	}{
		{audit.CheckpointNamespace, c.Checkpoint.Payload(), c.Checkpoint.Signature},
		{parcel.Namespace, p.Manifest(), p.Signature},
	} {
		sig := write("sig", tt.sig)
		verify := func(payload []byte, namespace string) error {
			cmd := exec.Command(keygen, "-Y", "verify", "-f", allowed, "-I", "grimes", "-n", namespace, "-s", sig)
			cmd.Stdin = bytes.NewReader(payload)
			return cmd.Run()
		}
		if err := verify(tt.payload, tt.namespace); err != nil {
			t.Errorf("%s: ssh-keygen refuses what sendctl signed: %v", tt.namespace, err)
		}
		if verify(tt.payload, "git") == nil || verify(append(tt.payload, '\n'), tt.namespace) == nil {
			t.Errorf("%s: ssh-keygen takes another purpose or another text", tt.namespace)
		}
	}
}

func TestTheShapeOfACheckInJSON(t *testing.T) {
	b := school(t, "plain")
	file := filepath.Join(t.TempDir(), "proof")
	if err := os.WriteFile(file, b.prove(b.jude, b.first), 0o600); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(b.sendctl("--json", "audit", "check", file, "--show")), &got); err != nil {
		t.Fatal(err)
	}
	first := got["files"].([]any)[0].(map[string]any)
	if got["format"] != "sendctl-check/1" || got["verdict"] != "proven" || got["outside"] != false || first["unchanged"] != true ||
		!strings.Contains(first["text"].(string), "format: cycle/v1") {
		t.Errorf("%v", got)
	}
}
