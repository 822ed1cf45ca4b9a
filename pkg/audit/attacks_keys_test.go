package audit_test

import (
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/audit"
)

// Row 8: a key added to the roster.
func TestKeyAddedPastTheRoster(t *testing.T) {
	for _, used := range []bool{false, true} {
		name := "unused: "
		sign := func(b *box, by, key string) {}
		if used {
			name = "used: "
			sign = func(b *box, by, key string) { b.forged(forgery{learner: b.jude, by: by, key: key}) }
		}
		runAttacks(t, []attack{
			{name: name + "a second key for somebody", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.commit("edit: tidy")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre", "people.yaml|key"}},
			{name: name + "a new person with a key", school: "signed", damage: func(b *box) {
				b.sendctl("people", "add", "malory", "--name", "X. Malory", "--role", "teacher", "--email", "malory@thornelaw.example")
				b.giveKey("malory", "malory", "2026-01-01", "")
				b.commit("edit: a key")
				sign(b, "malory", "malory")
			}, words: []string{"malory"}},
			{name: name + "in place of somebody's key", school: "signed", damage: func(b *box) {
				b.swap("people.yaml", public(b.T, "eyre"), public(b.T, "malory"))
				b.commit("edit: tidy")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "the commit signed with that very key", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.signedCommit("malory", "edit: a key")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "by one commit with something signed well", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.forged(forgery{learner: b.jude, by: "grimes", key: "grimes"})
				if used {
					b.forge(forgery{learner: b.mo, path: b.typedCorrection(b.mo, "wkbm", ""), by: "eyre", key: "malory"})
					b.sh("sed -i 's/^by: .*/by: eyre/' learners/" + b.mo + "/corrections/*-wkbm.yaml")
					b.forge(forgery{learner: b.mo, path: "corrections/2026-02-10-wkbm.yaml", by: "eyre", key: "malory"})
					b.commit(b.actMessage("correct", b.mo, "2026-02-10"))
				}
			}, words: []string{"eyre"}},
			{name: name + "hidden by a key taken out again", school: "signed", damage: func(b *box) {
				text := b.read("people.yaml")
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.commit("edit: tidy")
				b.forged(forgery{learner: b.jude, by: "eyre", key: "malory"})
				b.write("people.yaml", text)
				b.commit("edit: tidy")
			}, words: []string{"eyre"}},
			{name: name + "the days of a key made wider at the end", school: "signed", before: laterKey("2025-09-01", "2026-01-31"), damage: func(b *box) {
				b.swap("people.yaml", "        until: 2026-01-31\n", "")
				b.commit("edit: tidy")
				sign(b, "sato", "sato")
			}, words: []string{"sato"}},
			{name: name + "the days of a key made wider at the beginning", school: "signed", before: laterKey("2026-02-20", ""), damage: func(b *box) {
				b.swap("people.yaml", "2026-02-20", "2026-01-01")
				b.commit("edit: tidy")
				sign(b, "sato", "sato")
			}, words: []string{"sato"}},
			{name: name + "a key moved to another person", school: "signed", before: laterKey("2025-09-01", ""), damage: func(b *box) {
				b.swap("people.yaml", public(b.T, "sato"), "HERE")
				b.swap("people.yaml", public(b.T, "eyre"), public(b.T, "sato"))
				b.swap("people.yaml", "HERE", public(b.T, "eyre"))
				b.commit("edit: tidy")
				sign(b, "eyre", "sato")
			}, words: []string{"eyre|sato"}},
			{name: name + "by a merge", school: "signed", damage: func(b *box) {
				b.git("checkout", "-q", "-b", "side", "HEAD~3")
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.commit("edit: tidy")
				b.git("checkout", "-q", "main")
				b.git("merge", "-q", "--no-edit", "side")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "in the merge commit itself", school: "signed", damage: func(b *box) {
				b.git("checkout", "-q", "-b", "side", "HEAD~3")
				b.commit("edit: nothing")
				b.git("checkout", "-q", "main")
				b.git("merge", "-q", "--no-commit", "--no-ff", "side")
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.commit("Merge branch 'side'")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "with a key record that its own key signs", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2026-02-10", "")
				b.keyRecord("eyre", "malory", "2026-02-10", "eyre", "malory")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "with a key record that nobody signs", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2026-02-10", "")
				b.keyRecord("eyre", "malory", "2026-02-10", "grimes", "")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre|grimes"}},
			{name: name + "with a key record that has no seal", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2026-02-10", "")
				p := b.keyRecord("eyre", "malory", "2026-02-10", "grimes", "grimes")
				b.remove(p)
				b.git("add", "-A")
				b.git("commit", "-q", "--no-verify", "--amend", "--no-edit")
				b.remove(".git/logs")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre|keys/"}},
			{name: name + "with a key record of another key", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2026-02-10", "")
				b.keyRecord("eyre", "eyre-2", "2026-02-10", "grimes", "grimes")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "with a key record of another person", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2026-02-10", "")
				b.keyRecord("bell", "malory", "2026-02-10", "grimes", "grimes")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "with a key record of fewer days", school: "signed", damage: func(b *box) {
				b.giveKey("eyre", "malory", "2025-09-01", "")
				b.keyRecord("eyre", "malory", "2026-02-15", "grimes", "grimes")
				sign(b, "eyre", "malory")
			}, words: []string{"eyre"}},
			{name: name + "a first key beside others', the folder already signing", school: "signed", before: func(b *box) {
				b.sendctl("people", "add", "sato", "--name", "L. Sato", "--role", "teacher")
			}, damage: func(b *box) {
				b.giveKey("sato", "sato", "2026-02-10", "")
				b.commit("edit: a key for sato")
				sign(b, "sato", "sato")
			}, words: []string{"sato"}},
			{name: name + "to the roster of a learner who never arrived", school: "signed", damage: func(b *box) {
				b.write("learners/"+b.jude+"/people.yaml", "format: people/v1\npeople:\n  - id: eyre\n    name: M. Eyre\n    role: senco\n    keys:\n      - public: "+public(b.T, "malory")+"\n        from: 2025-09-01\n")
				b.commit("edit: tidy")
				sign(b, "eyre", "malory")
			}, verdict: unproven, words: []string{"{jude}"}},
		})
	}
	// The honest ways a key comes in.
	t.Run("honest: the commit signed by a key of the roster", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		b.giveKey("eyre", "eyre-2", "2026-02-10", "")
		b.signedCommit("grimes", "edit: a second key for eyre")
		b.forged(forgery{learner: b.jude, by: "eyre", key: "eyre-2"})
		b.proven()
	})
	t.Run("honest: a key record signed by a key of the roster", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		b.giveKey("eyre", "eyre-2", "2026-02-10", "")
		b.keyRecord("eyre", "eyre-2", "2026-02-10", "grimes", "grimes")
		b.forged(forgery{learner: b.jude, by: "eyre", key: "eyre-2"})
		b.proven()
	})
	t.Run("honest: add-key", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		b.sendctl("people", "add-key", "eyre", "--key", public(t, "eyre-2"))
		b.forged(forgery{learner: b.jude, by: "eyre", key: "eyre-2"})
		b.proven()
	})
	t.Run("honest: add-key by three people of an unsigned school", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("config", "gpg.format", "ssh")
		b.as("grimes")
		b.sendctl("people", "add-key", "grimes", "--key", public(t, "grimes"))
		b.proven()
		b.sendctl("people", "add-key", "eyre", "--key", public(t, "eyre"))
		b.as("eyre").at("2026-02-11 09:00")
		b.correct(b.jude, b.first, "15")
		b.sendctl("people", "add-key", "bell", "--key", public(t, "bell"))
		demand(b)
		b.as("bell").at("2026-02-12 09:00")
		b.correct(b.mo, b.moFirst, "15")
		b.proven()
	})
}

// keyRecord writes a record of a key that was added, sealed by somebody with a key,
// commits everything with it, and gives the path of its seal.
func (b *box) keyRecord(person, key, from, by, with string) string {
	b.Helper()
	day := b.now.Format("2006-01-02")
	b.write("keys/"+day+"-wkbk.yaml", "format: key/v1\nid: wkbk\ndate: "+day+"\nwhat: add\nperson: "+person+"\npublic: "+public(b.T, key)+"\nfrom: "+from+"\nby: "+by+"\n")
	p := b.forge(forgery{path: "keys/" + day + "-wkbk.yaml", act: "add-key", by: by, key: with})
	b.commit("add-key: " + person)
	return p
}

// Row 9: a stolen key, after it was revoked.
func TestRevokedKey(t *testing.T) {
	revoke := func(b *box) {
		b.as("eyre").at("2026-02-12 09:00")
		b.sendctl("people", "revoke-key", "grimes", "--key", public(b.T, "grimes"), "--because", "The laptop was stolen.")
	}
	runAttacks(t, []attack{
		{name: "an old date", school: "signed", before: revoke, damage: func(b *box) {
			b.at("2026-02-20 09:00").forged(forgery{learner: b.jude, by: "grimes", key: "grimes", recorded: "2026-02-10 11:00"})
		}, verdict: audit.CannotTell, words: []string{"{jude}", "grimes"}},
		{name: "a date after the revocation", school: "signed", before: revoke, damage: func(b *box) {
			b.at("2026-02-20 09:00").forged(forgery{learner: b.jude, by: "grimes", key: "grimes"})
		}, words: []string{"{jude}", "grimes"}},
		{name: "an old date, on a learner of somebody else's", school: "signed", before: revoke, damage: func(b *box) {
			b.forged(forgery{learner: b.mo, by: "grimes", key: "grimes", recorded: "2026-02-08 11:00"})
		}, verdict: audit.CannotTell, words: []string{"{mo}", "grimes"}},
		{name: "sendctl with a revoked key", school: "signed", before: revoke, damage: func(b *box) {
			b.as("grimes").at("2026-02-20 09:00")
			if code, _, said := b.main("correct", b.mo, b.moFirst, "review.targets[t1].result", "--is", "15", "--because", "y"); code == 0 {
				b.Errorf("sendctl signs with it: %s", said)
			}
			b.forged(forgery{learner: b.mo, by: "grimes", key: "grimes"})
		}, words: []string{"{mo}", "grimes"}},
		{name: "the revocation taken out of people.yaml", school: "signed", before: revoke, damage: func(b *box) {
			b.sh("sed -i '/^        until: /d' people.yaml")
			b.commit("edit: tidy")
		}, words: []string{"grimes"}},
		{name: "the record of the revocation taken away", school: "signed", before: revoke, damage: func(b *box) {
			b.git("rm", "-rq", "keys", "seals")
			b.sh("sed -i '/^        until: /d' people.yaml")
			b.commit("edit: tidy")
		}, words: []string{"revoke-key|keys/"}},
		{name: "the key put back under the same name by plain git", school: "signed", before: revoke, damage: func(b *box) {
			b.giveKey("grimes", "grimes", "2026-02-14", "")
			b.commit("edit: tidy")
			b.at("2026-02-20 09:00").forged(forgery{learner: b.jude, by: "grimes", key: "grimes"})
		}, words: []string{"grimes"}},
	})
	t.Run("what it signed before stays good", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		revoke(b)
		b.proven()
		b.at("2026-02-14 09:00")
		b.correct(b.jude, b.first, "15")
		b.proven()
		b.sendctl("people", "add-key", "grimes", "--key", public(t, "grimes-2"))
		b.at("2026-02-15 09:00")
		b.forged(forgery{learner: b.jude, by: "grimes", key: "grimes-2"})
		b.proven()
	})
	t.Run("an unshared act of another laptop, covered by a checkpoint from before", func(t *testing.T) {
		t.Parallel()
		b := school(t, "signed")
		b.server()
		other := b.clone()
		other.as("grimes").at("2026-02-10 10:00")
		other.correct(other.jude, other.first, "15")
		thiefs := other.checkpoint()
		kept := other.as("bell").checkpoint()
		full := other.checkpoint("--full")
		revoke(b)
		b.git("fetch", "-q", "file://"+other.dir, "main")
		b.git("merge", "-q", "--no-edit", "FETCH_HEAD")
		b.cannotTell(b.jude, "grimes")
		b.proven("--checkpoint", kept)
		b.proven("--checkpoint", full)
		b.want(unproven, []string{"--checkpoint", thiefs}, []string{b.jude, "grimes"}) // whoever stole the key can make one
	})
}

// A key that a clone or a checkpoint vouches for must not be put in by rewriting the
// commit that brought the first keys.
func TestFirstKeysRewritten(t *testing.T) {
	t.Parallel()
	b := school(t, "signed")
	b.proven()
	b.git("filter-branch", "-f", "--tree-filter", "sed -i 's#"+strings.Fields(public(t, "eyre"))[1]+"#"+strings.Fields(public(t, "malory"))[1]+"#' people.yaml", "HEAD")
	b.broken("eyre")
}
