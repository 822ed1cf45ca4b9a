package audit_test

import (
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/sendctl/sendctl/pkg/audit"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

// forged writes a correction of the learner's, seals it as f says and commits it as
// the act it pretends to be.
func (b *box) forged(f forgery) {
	b.Helper()
	if f.path == "" {
		f.path = b.typedCorrection(f.learner, "wkbn")
		if f.by != "" {
			b.sh("sed -i 's/^by: .*/by: " + f.by + "/' learners/" + f.learner + "/" + f.path)
		}
		if f.recorded != "" && f.date == "" {
			day := f.recorded[:10]
			p := "corrections/" + day + "-wkbn.yaml"
			b.sh("cd learners/" + f.learner + " && sed -i 's/^date: .*/date: " + day + "/' " + f.path + " && if test " + f.path + " != " + p + "; then mv " + f.path + " " + p + "; fi")
			f.path = p
		}
	}
	b.forge(f)
	b.commit(b.actMessage("correct", f.learner, "2026-02-10", "learners/"+f.learner+"/"+f.path))
}

// A forgery with nothing wrong is what the person would have made: it is the control
// of everything below.
func TestSealMadeByHand(t *testing.T) {
	for _, name := range []string{"plain", "signed"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := school(t, name)
			f := forgery{learner: b.jude, by: "eyre"}
			if name == "signed" {
				f.key = "eyre"
			}
			b.forged(f)
			b.proven()
		})
	}
}

// Row 4: backdated.
func TestBackdated(t *testing.T) {
	is := []string{"{jude}", "wkbn|backdated"}
	runAttacks(t, []attack{
		{name: "by hand, before the seal it follows", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre", recorded: "2026-02-01 10:00"})
		}, words: is},
		{name: "by hand, an hour before it", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre", recorded: "2026-02-09 07:00"})
		}, words: is},
		{name: "by hand, signed", school: "signed", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre", key: "eyre", recorded: "2026-02-01 10:00"})
		}, words: is},
		{name: "another clock, three days", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "grimes", recorded: "2026-02-05 10:00"})
		}, words: is},
		{name: "the clock of the laptop set back", damage: func(b *box) {
			b.as("eyre").at("2026-02-07 09:00").correctAnyhow(b.jude, "eyre", "")
		}, words: []string{"{jude}", "eyre"}},
		{name: "the clock set back by months, signed", school: "signed", damage: func(b *box) {
			b.as("eyre").at("2025-12-01 09:00").correctAnyhow(b.jude, "eyre", "eyre")
		}, words: []string{"{jude}", "eyre"}},
	})
	runAttacks(t, []attack{
		{name: "a first seal dated before a checkpoint that lacks it", flags: checkpoint(), damage: func(b *box) {
			b.newLearnerSealed("2025-12-10 10:00")
		}, words: []string{"checkpoint"}},
		{name: "into the middle of a chain, before a checkpoint", flags: checkpoint(), damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "grimes", recorded: "2025-12-01 10:00", previous: []string{b.hash(b.seal(b.jude, b.fix, "correct"))}})
		}, words: []string{"checkpoint", "{jude}"}},
		{name: "a first seal of a learner's, follows nothing although others are there", flags: checkpoint(), damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "grimes", recorded: "2025-10-01 10:00", previous: []string{}})
		}, words: []string{"{jude}"}},
		{name: "a first seal before a checkpoint, remembered", remembered: true, damage: func(b *box) {
			b.newLearnerSealed("2025-12-10 10:00")
		}, flags: checkpoint(), words: []string{"checkpoint"}},
	})
	runAttacks(t, []attack{
		{name: "a first seal dated before what this clone remembers, made here", remembered: true, damage: func(b *box) {
			b.newLearnerSealed("2025-12-10 10:00")
		}, words: []string{"grimes"}},
	})
	t.Run("clocks that differ a little", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.as("eyre").at("2026-02-09 08:07").forged(forgery{learner: b.jude, by: "eyre"}) // the same person, eight minutes
		b.proven()
		b.as("grimes").at("2026-02-08 10:00") // another laptop, a day behind
		b.forge(forgery{learner: b.jude, path: b.typedCorrection(b.jude, "wkbm"), by: "grimes"})
		b.commit(b.actMessage("correct", b.jude, "2026-02-08"))
		b.proven()
	})
}

// correctAnyhow corrects with sendctl, or by hand where that refuses this clock.
func (b *box) correctAnyhow(learner, by, key string) {
	b.Helper()
	if code, _, _ := b.main("correct", learner, b.first, "review.targets[t1].result", "--is", "15", "--because", "y"); code != 0 {
		b.forged(forgery{learner: learner, by: by, key: key})
	}
}

// newLearnerSealed opens a record and seals a first review of it, all on one clock.
func (b *box) newLearnerSealed(at string) string {
	b.Helper()
	dir := b.TempDir()
	create, err := os.ReadFile(answers + "jude/create.yaml")
	if err != nil {
		b.Fatal(err)
	}
	write(b.T, dir+"/create.yaml", strings.ReplaceAll(string(create), "upn: C929000021114\n", ""))
	plan, err := os.ReadFile(answers + "jude/plan-1.yaml")
	if err != nil {
		b.Fatal(err)
	}
	write(b.T, dir+"/plan.yaml", string(plan))
	b.at(at)
	id := b.act("--today", "2025-09-29", "create", "--name", "Ada", "--family-name", "Crake", "--born", "2017-05-02", "--teacher", "grimes", "--answers", dir+"/create.yaml")
	b.act("plan", id, "--answers", dir+"/plan.yaml")
	review, err := os.ReadFile(answers + "jude/review-1.yaml")
	if err != nil {
		b.Fatal(err)
	}
	write(b.T, dir+"/review.yaml", string(review))
	b.act("review", id, "--answers", dir+"/review.yaml")
	return id
}

// Row 5: late but honest.
func TestLateEntryIsHonest(t *testing.T) {
	t.Parallel()
	b := school(t, "plain")
	b.as("grimes").at("2026-01-03 10:00")
	plain := b.newLearnerSealed("2026-01-03 10:00") // the review was held on 21 November
	b.notes(plain, "43 days")
}

// Row 6: forged author.
func TestForgedAuthor(t *testing.T) {
	who := []string{"{jude}", "eyre"}
	runAttacks(t, []attack{
		{name: "signed by another's key", school: "signed", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre", key: "grimes"})
		}, words: who},
		{name: "signed by a key that nobody knows", school: "signed", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre", key: "malory"})
		}, words: who},
		{name: "unsigned, by somebody with a key", school: "signed", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre"})
		}, verdict: audit.CannotTell, words: who},
		{name: "sendctl under another's name, without a key", school: "signed", damage: func(b *box) {
			b.git("config", "--unset", "gpg.format")
			b.git("config", "user.email", "eyre@thornelaw.example")
			b.correct(b.jude, b.first, "15")
		}, verdict: audit.CannotTell, words: who},
		{name: "sendctl under another's name, with one's own key", school: "signed", damage: func(b *box) {
			b.git("config", "user.email", "eyre@thornelaw.example")
			if code, _, _ := b.main("correct", b.jude, b.first, "review.targets[t1].result", "--is", "15", "--because", "y"); code != 0 {
				// sendctl itself refuses; somebody with another tool does not.
				b.forged(forgery{learner: b.jude, by: "eyre", key: "grimes"})
			}
		}, words: who},
		{name: "unsigned where signatures are demanded", school: "signed", before: demand, damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre"})
		}, words: who},
		{name: "unsigned where signatures are demanded, by somebody without a key", school: "signed", before: demand, damage: func(b *box) {
			b.sendctl("people", "add", "sato", "--name", "L. Sato", "--role", "teacher")
			b.forged(forgery{learner: b.jude, by: "sato"})
		}, words: []string{"{jude}", "sato"}},
		{name: "unsigned, and the demand dropped in the same commit", school: "signed", before: demand, damage: func(b *box) {
			b.swap("sendctl.yaml", "require_signatures: true", "require_signatures: false")
			b.forged(forgery{learner: b.jude, by: "eyre"})
		}, verdict: unproven, words: who},
		{name: "unsigned by a person whose keys were taken out of people.yaml", school: "signed", damage: func(b *box) {
			text := b.read("people.yaml")
			at := strings.Index(text, "    keys:\n      - public: "+public(b.T, "eyre"))
			end := at + strings.Index(text[at:], "  - id: bell")
			b.write("people.yaml", text[:at]+text[end:])
			b.commit("edit: tidy")
			b.forged(forgery{learner: b.jude, by: "eyre"})
		}, verdict: unproven, words: []string{"eyre"}},
		{name: "by nobody", school: "signed", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "nobody", key: "malory"})
		}, words: []string{"{jude}", "nobody"}},
		{name: "by nobody, unsigned", school: "signed", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "nobody"})
		}, verdict: unproven, words: []string{"{jude}", "nobody"}},
		{name: "by a look-alike", school: "signed", damage: func(b *box) {
			b.write("people.yaml", b.read("people.yaml")+"  - id: eyrre\n    name: M. Eyre\n    role: senco\n    keys:\n      - public: "+public(b.T, "malory")+"\n        from: 2025-09-01\n")
			b.forged(forgery{learner: b.jude, by: "eyrre", key: "malory"})
		}, words: []string{"eyrre"}},
		{name: "a review recorded by one and sealed by another", school: "signed", damage: func(b *box) {
			p := b.openCycleReviewed(b.jude, "eyre")
			b.forge(forgery{learner: b.jude, path: p, act: "review", by: "grimes", key: "grimes"})
			b.commit(b.actMessage("review", b.jude, "2026-02-10", "learners/"+b.jude+"/"+p))
		}, words: []string{"{jude}", "wkbn", "grimes"}},
		{name: "a review recorded by one and sealed by another, unsigned", damage: func(b *box) {
			p := b.openCycleReviewed(b.jude, "eyre")
			b.forge(forgery{learner: b.jude, path: p, act: "review", by: "grimes"})
			b.commit(b.actMessage("review", b.jude, "2026-02-10", "learners/"+b.jude+"/"+p))
		}, words: []string{"{jude}", "wkbn", "grimes"}},
		{name: "a signature taken from another seal", school: "signed", damage: func(b *box) {
			other := b.parsed(b.seal(b.jude, b.fix2, "correct")).Signature
			p := b.typedCorrection(b.jude, "wkbn")
			b.swap("learners/"+b.jude+"/"+p, "by: grimes", "by: eyre")
			seal := b.forge(forgery{learner: b.jude, path: p, by: "eyre"})
			b.write(seal, b.read(seal)+string(other))
			b.commit(b.actMessage("correct", b.jude, "2026-02-10", "learners/"+b.jude+"/"+p))
		}, words: []string{"{jude}", "wkbn|eyre"}},
		{name: "the signature taken off a signed seal", school: "signed", damage: func(b *box) {
			p := b.seal(b.jude, b.fix2, "correct")
			b.write(p, string(b.parsed(p).Payload()))
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{fix2}"}},
		{name: "the signature taken off a signed seal in all history", school: "signed", damage: func(b *box) {
			p := b.seal(b.jude, b.fix2, "correct")
			b.write(p, string(b.parsed(p).Payload()))
			b.git("add", "-A")
			b.git("commit", "-q", "--no-verify", "--amend", "--no-edit")
			b.remove(".git/logs")
		}, verdict: unproven, words: []string{"{jude}", "eyre"}},
		{name: "before the key counts", school: "signed", before: laterKey("2026-03-01", ""), damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "sato", key: "sato"})
		}, words: []string{"sato"}},
		{name: "after the key counts", school: "signed", before: laterKey("2026-01-01", "2026-01-31"), damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "sato", key: "sato"})
		}, words: []string{"sato"}},
	})
	t.Run("signed on a day on which the key counts", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		laterKey("2026-01-01", "2026-02-28")(b)
		b.forged(forgery{learner: b.jude, by: "sato", key: "sato"})
		b.proven()
	})
}

// demand makes the setting demand signatures, by an honest edit.
func demand(b *box) {
	b.Helper()
	b.sendctl("edit", "sendctl.yaml", "--set", "require_signatures=true")
}

// laterKey adds a person with a key, the change signed by somebody with a key.
func laterKey(from, until string) func(*box) {
	return func(b *box) {
		b.Helper()
		b.sendctl("people", "add", "sato", "--name", "L. Sato", "--role", "teacher")
		b.giveKey("sato", "sato", from, until)
		b.signedCommit("eyre", "edit: a key for sato")
	}
}

// signedCommit commits everything by plain git, signed with a key.
func (b *box) signedCommit(key, message string) {
	b.Helper()
	b.git("add", "-A")
	b.git("-c", "gpg.format=ssh", "-c", "user.signingkey="+keyFile(b.T, key), "commit", "-q", "--no-verify", "-S", "-m", message)
}

// openCycleReviewed types a review into a new cycle's file, recorded by who, and
// gives the path from the learner's folder.
func (b *box) openCycleReviewed(learner, who string) string {
	b.Helper()
	text := b.read(b.cycle(b.jude, b.second))
	text = strings.ReplaceAll(text, b.second, "wkbn")
	text = strings.Replace(text, "previous: "+b.first, "previous: "+b.second, 1)
	text = strings.ReplaceAll(text, b.jude, learner)
	text = strings.Replace(text, "recorded_by: eyre", "recorded_by: "+who, 1)
	text = strings.ReplaceAll(text, "2025-11-28", "2026-02-09")
	text = strings.ReplaceAll(text, "2026-02-06", "2026-02-10")
	p := "cycles/2026-02-09-initial-concerns-wkbn.yaml"
	b.write("learners/"+learner+"/"+p, text)
	return p
}

// Row 7: weak signature, wrong namespace.
func TestWeakSignature(t *testing.T) {
	// keygen signs with the real ssh-keygen, in place of seal, which refuses.
	byKeygen := func(key, namespace string) func(*box) {
		return func(b *box) {
			p := b.typedCorrection(b.jude, "wkbn")
			b.swap("learners/"+b.jude+"/"+p, "by: grimes", "by: eyre")
			s := b.forge(forgery{learner: b.jude, path: p, by: "eyre"})
			cmd := exec.Command("ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", keyFile(b.T, key))
			cmd.Stdin = strings.NewReader(b.read(s))
			sig, err := cmd.Output()
			if err != nil {
				b.Fatal(err)
			}
			b.write(s, b.read(s)+respelt(string(sig)))
			b.commit(b.actMessage("correct", b.jude, "2026-02-10", "learners/"+b.jude+"/"+p))
		}
	}
	with := func(key string) func(*box) {
		return func(b *box) {
			b.giveKey("eyre", key, "2026-01-01", "")
			b.signedCommit("grimes", "edit: a key for eyre")
		}
	}
	runAttacks(t, []attack{
		{name: "RSA of 1024 bits", school: "signed", damage: func(b *box) { with("rsa1024")(b); byKeygen("rsa1024", seal.Namespace)(b) }, words: []string{"eyre"}},
		{name: "RSA with SHA-1", school: "signed", before: with("rsa2048"), damage: func(b *box) {
			p := b.typedCorrection(b.jude, "wkbn")
			b.swap("learners/"+b.jude+"/"+p, "by: grimes", "by: eyre")
			s := b.forge(forgery{learner: b.jude, path: p, by: "eyre"})
			b.write(s, b.read(s)+sha1Signature(b, "rsa2048", []byte(b.read(s))))
			b.commit(b.actMessage("correct", b.jude, "2026-02-10", "learners/"+b.jude+"/"+p))
		}, words: []string{"{jude}", "wkbn|eyre"}},
		{name: "signed for git", school: "signed", damage: byKeygen("eyre", "git"), words: []string{"{jude}", "wkbn|eyre"}},
		{name: "signed as a checkpoint", school: "signed", damage: byKeygen("eyre", "sendctl-checkpoint"), words: []string{"{jude}", "wkbn|eyre"}},
		{name: "signed for a file", school: "signed", damage: byKeygen("eyre", "file"), words: []string{"{jude}", "wkbn|eyre"}},
	})
	// The same way of signing, and nothing wrong with it.
	for _, key := range []string{"eyre", "rsa2048", "ecdsa256"} {
		t.Run("control "+key, func(t *testing.T) {
			t.Parallel()
			b := school(t, "signed")
			if key != "eyre" {
				with(key)(b)
			}
			byKeygen(key, seal.Namespace)(b)
			b.proven()
		})
	}
}

// respelt wraps an armoured signature as a seal has it: 70 letters a line.
func respelt(armored string) string {
	lines := strings.Split(strings.TrimSpace(armored), "\n")
	raw := strings.Join(lines[1:len(lines)-1], "")
	var out strings.Builder
	out.WriteString("-----BEGIN SSH SIGNATURE-----\n")
	for len(raw) > 70 {
		out.WriteString(raw[:70] + "\n")
		raw = raw[70:]
	}
	out.WriteString(raw + "\n-----END SSH SIGNATURE-----\n")
	return out.String()
}

// sha1Signature signs by hand with RSA and SHA-1, which no ssh-keygen does any more.
func sha1Signature(b *box, key string, payload []byte) string {
	b.Helper()
	pem, err := os.ReadFile(keyFile(b.T, key))
	if err != nil {
		b.Fatal(err)
	}
	k, err := ssh.ParsePrivateKey(pem)
	if err != nil {
		b.Fatal(err)
	}
	sum := sha512.Sum512(payload)
	signed := append([]byte("SSHSIG"), ssh.Marshal(struct{ Namespace, Reserved, Hash, Sum string }{seal.Namespace, "", "sha512", string(sum[:])})...)
	sig, err := k.(ssh.AlgorithmSigner).SignWithAlgorithm(rand.Reader, signed, ssh.KeyAlgoRSA)
	if err != nil {
		b.Fatal(err)
	}
	blob := append([]byte("SSHSIG"), ssh.Marshal(struct {
		Version                                   uint32
		Key, Namespace, Reserved, Hash, Signature string
	}{1, string(k.PublicKey().Marshal()), seal.Namespace, "", "sha512", string(ssh.Marshal(*sig))})...)
	return respelt("-\n" + base64.StdEncoding.EncodeToString(blob) + "\n-")
}

// Row 15: a review on another child, a seal in another's place.
func TestPastedAndSwapped(t *testing.T) {
	runAttacks(t, []attack{
		{name: "review and seal copied to another learner", damage: func(b *box) {
			b.sh("cp " + b.cycle(b.jude, b.second) + " learners/" + b.mo + "/cycles/; cp " + b.seal(b.jude, b.second, "review") + " learners/" + b.mo + "/seals/")
			b.commit("edit: tidy")
		}, remembered: true, words: []string{"{mo}", "{second}"}, never: "is gone from the history"},
		{name: "review copied to another learner and sealed there, the file untouched", damage: func(b *box) {
			b.sh("cp " + b.cycle(b.jude, b.second) + " learners/" + b.mo + "/cycles/")
			b.forge(forgery{learner: b.mo, path: "cycles/2025-11-28-initial-concerns-" + b.second + ".yaml", act: "review", by: "eyre"})
			b.commit(b.actMessage("review", b.mo, "2026-02-06"))
		}, words: []string{"{mo}", "{second}"}},
		{name: "review copied to another learner, signed by its author", school: "signed", damage: func(b *box) {
			b.sh("cp " + b.cycle(b.jude, b.second) + " learners/" + b.mo + "/cycles/")
			b.forge(forgery{learner: b.mo, path: "cycles/2025-11-28-initial-concerns-" + b.second + ".yaml", act: "review", by: "eyre", key: "eyre"})
			b.commit(b.actMessage("review", b.mo, "2026-02-06"))
		}, words: []string{"{mo}", "{second}"}},
		{name: "the file says the other learner, the seal does not", damage: func(b *box) {
			p := "learners/" + b.mo + "/cycles/2025-11-28-initial-concerns-" + b.second + ".yaml"
			b.write(p, strings.ReplaceAll(b.read(b.cycle(b.jude, b.second)), b.jude, b.mo))
			b.forge(forgery{learner: b.mo, says: b.jude, path: "cycles/2025-11-28-initial-concerns-" + b.second + ".yaml", act: "review", by: "eyre"})
			b.commit(b.actMessage("review", b.mo, "2026-02-06"))
		}, words: []string{"{mo}", "{second}"}},
		{name: "two seals of one learner swapped", damage: func(b *box) {
			x, y := b.seal(b.jude, b.fix, "correct"), b.seal(b.jude, b.fix2, "correct")
			b.sh("mv " + x + " t; mv " + y + " " + x + "; mv t " + y)
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{fix}|{fix2}"}},
		{name: "two seals of two learners swapped", damage: func(b *box) {
			x, y := b.seal(b.jude, b.first, "review"), b.seal(b.mo, b.moFirst, "review")
			b.sh("mv " + x + " t; mv " + y + " " + x + "; mv t " + y)
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{first}|{moFirst}"}},
		{name: "two sealed files swapped", damage: func(b *box) {
			x, y := b.correction(b.jude, b.fix), b.correction(b.jude, b.fix2)
			b.sh("mv " + x + " t; mv " + y + " " + x + "; mv t " + y)
			b.commit("edit: tidy")
		}, words: []string{"{jude}", "{fix}"}},
		{name: "two learners' folders swapped", damage: func(b *box) {
			b.sh("mv learners/" + b.jude + " t; mv learners/" + b.mo + " learners/" + b.jude + "; mv t learners/" + b.mo)
			b.commit("edit: tidy")
		}, words: []string{"{jude}|{mo}"}},
		{name: "a file of one id sealed as another", damage: func(b *box) {
			b.forge(forgery{learner: b.jude, path: b.typedCorrection(b.jude, "wkbn"), file: "wkbm", name: "wkbm-correct.seal"})
			b.commit(b.actMessage("correct", b.jude, "2026-02-10"))
		}, words: []string{"{jude}", "wkbm|wkbn"}},
		{name: "the id within the file is another", damage: func(b *box) {
			p := b.typedCorrection(b.jude, "wkbn")
			b.swap("learners/"+b.jude+"/"+p, "id: wkbn", "id: wkbm")
			b.forge(forgery{learner: b.jude, path: p})
			b.commit(b.actMessage("correct", b.jude, "2026-02-10"))
		}, words: []string{"{jude}", "wkbm|wkbn"}},
		{name: "the learner within the file is another", damage: func(b *box) {
			p := b.typedCorrection(b.jude, "wkbn")
			b.swap("learners/"+b.jude+"/"+p, "learner: "+b.jude, "learner: "+b.mo)
			b.forge(forgery{learner: b.jude, path: p})
			b.commit(b.actMessage("correct", b.jude, "2026-02-10"))
		}, words: []string{"{jude}", "wkbn"}},
		{name: "sealed twice for one act", damage: func(b *box) {
			p := b.typedCorrection(b.jude, "wkbn")
			b.forge(forgery{learner: b.jude, path: p})
			b.forge(forgery{learner: b.jude, path: p, file: "wkbn", act: "review"})
			b.forge(forgery{learner: b.jude, path: p, name: "wkbn-correct-2.seal", change: func(s *seal.Seal) { s.Recorded = s.Recorded.Add(time.Minute) }})
			b.commit(b.actMessage("correct", b.jude, "2026-02-10"))
		}, words: []string{"{jude}", "wkbn"}},
		{name: "a second seal over the one that stands", damage: func(b *box) {
			fakeResult(b)
			b.forge(forgery{learner: b.jude, path: "cycles/2025-09-29-initial-concerns-" + b.first + ".yaml", act: "recount"})
			b.commit(b.actMessage("review", b.jude, "2026-02-10"))
		}, words: []string{"{jude}", "{first}"}},
		{name: "a second review said to be of a merge, with other words", damage: func(b *box) {
			// Only the bytes of the second count; the first must still stand.
			p := "cycles/2025-09-29-initial-concerns-" + b.first
			text := strings.Replace(b.read(b.cycle(b.jude, b.first)), result1, "result: 24", 1)
			b.write("learners/"+b.jude+"/"+p+"-second-m2xq.yaml", text)
			b.git("rm", "-q", "--cached", b.cycle(b.jude, b.first))
			b.remove(b.cycle(b.jude, b.first))
			b.forge(forgery{learner: b.jude, path: p + "-second-m2xq.yaml", file: b.first, act: "review", name: b.first + "-review-second-m2xq.seal",
				change: func(s *seal.Seal) { s.Path = p + ".yaml" }})
			b.commit(b.actMessage("review", b.jude, "2026-02-10"))
		}, words: []string{"{jude}", "{first}"}},
		{name: "a seal that follows what was never here", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, change: func(s *seal.Seal) {
				s.Previous = append(s.Previous, "sha256:"+strings.Repeat("ab", 32))
				slices.Sort(s.Previous)
			}})
		}, words: []string{"{jude}", "abababab"}},
		{name: "recorded before it happened", damage: func(b *box) {
			b.forged(forgery{learner: b.jude, by: "eyre", change: func(s *seal.Seal) { s.Date = date.MustParse("2027-06-01") }})
		}, verdict: unproven, words: []string{"{jude}", "wkbn"}},
	})
}
