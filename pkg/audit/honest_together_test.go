package audit_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// Two people.
func TestHonestTogether(t *testing.T) {
	// pair gives two laptops of one school and the url they share.
	pair := func(b *box) *box {
		c := b.cloneOf(b.server())
		c.as("eyre")
		return c
	}
	meet := func(b, c *box) {
		c.git("push", "-q", "origin", "main")
		b.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
		b.git("push", "-q", "origin", "main")
		c.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
	}
	runHonest(t, []honest{
		{name: "two learners, text merge", school: "each", first: true, do: here(func(b *box) {
			c := pair(b)
			c.proven()
			c.at("2026-02-11 09:00").correct(c.mo, c.moFirst, "15")
			b.at("2026-02-11 10:00").correct(b.jude, b.first, "15")
			meet(b, c)
			c.proven()
		})},
		{name: "one learner, text merge", school: "each", first: true, do: here(func(b *box) {
			c := pair(b)
			c.at("2026-02-11 09:00").correct(c.jude, c.second, "15")
			b.at("2026-02-11 10:00").correct(b.jude, b.first, "15")
			b.correct(b.jude, b.first, "14")
			meet(b, c)
			c.proven()
			c.at("2026-02-12 09:00").correct(c.jude, c.second, "16")
			b.at("2026-02-12 10:00").correct(b.jude, b.first, "17")
			meet(b, c)
			c.proven()
		})},
		{name: "laptops whose clocks differ by two hours", school: "each", first: true, do: here(func(b *box) {
			c := pair(b)
			c.at("2026-02-11 11:00").correct(c.jude, c.second, "15")
			meet(b, c)
			// It is 11:05 there and 9:05 here.
			b.at("2026-02-11 09:05").forged(forgery{learner: b.jude, by: "grimes", key: b.key("grimes")})
			b.proven()
			c.at("2026-02-11 11:20").correct(c.mo, c.moFirst, "15")
			meet(b, c)
			c.proven()
		})},
		{name: "a laptop whose battery was flat: the clock a day behind, put right later", do: here(func(b *box) {
			c := pair(b)
			c.at("2026-02-12 11:00").correct(c.jude, c.second, "15")
			b.at("2026-02-11 12:00").correct(b.jude, b.first, "15")
			meet(b, c)
			b.at("2026-02-13 09:00").correct(b.jude, b.first, "16")
			b.proven()
		})},
		{name: "one person, two laptops, the one behind verified first", school: "each", first: true, do: here(func(b *box) {
			c := pair(b)
			c.as("grimes").at("2026-02-11 09:00").correct(c.jude, c.second, "15")
			id := c.newLearnerSealed("2026-02-11 09:30")
			c.git("push", "-q", "origin", "main")
			b.as("grimes").at("2026-02-11 12:00").proven()
			b.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
			b.proven()
			if r, _ := b.verify(); r.Checked.Learners != 3 {
				b.Errorf("%d learners, and %s is one", r.Checked.Learners, id)
			}
		})},
		{name: "one person, two laptops, both acted, the other pulled after verifying", first: true, do: here(func(b *box) {
			c := pair(b)
			c.as("grimes").at("2026-02-11 09:00").correct(c.mo, c.moFirst, "15")
			c.git("push", "-q", "origin", "main")
			b.as("grimes").at("2026-02-11 12:00").correct(b.jude, b.first, "11")
			b.proven()
			b.git("pull", "-q", "--rebase", "origin", "main")
		})},
		{name: "one person, two laptops, no server, the one behind verified first", first: true, do: here(func(b *box) {
			c := b.clone()
			c.as("grimes").at("2026-02-11 09:00").correct(c.jude, c.second, "15")
			b.as("grimes").at("2026-02-11 12:00").proven()
			b.git("pull", "-q", "--no-rebase", "--no-edit", "file://"+c.dir, "main")
		})},
		{name: "three laptops, a merge of a merge", do: here(func(b *box) {
			c := pair(b)
			d := c.cloneOf(b.git("config", "remote.origin.url"))
			d.as("bell").at("2026-02-11 12:00").correct(d.mo, d.moFirst, "11")
			c.at("2026-02-11 09:00").correct(c.mo, c.moFirst, "15")
			b.at("2026-02-11 10:00").correct(b.jude, b.first, "15")
			meet(b, c)
			d.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
			d.git("push", "-q", "origin", "main")
			d.proven()
			b.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
		})},
		{name: "criss-cross merges", do: here(func(b *box) {
			c := pair(b)
			c.at("2026-02-11 09:00").correct(c.mo, c.moFirst, "15")
			b.at("2026-02-11 10:00").correct(b.jude, b.first, "15")
			was := b.head()
			b.git("fetch", "-q", "file://"+c.dir, "main")
			b.git("merge", "-q", "--no-edit", "--no-ff", "FETCH_HEAD")
			c.git("fetch", "-q", "file://"+b.dir, "main")
			c.git("merge", "-q", "--no-edit", "--no-ff", was)
			b.git("pull", "-q", "--no-rebase", "--no-edit", "file://"+c.dir, "main")
		})},
		{name: "people added, the setting edited, by hand and by sendctl", do: here(func(b *box) {
			c := pair(b)
			b.sendctl("people", "add", "sato", "--name", "L. Sato", "--role", "teacher", "--email", "sato@thornelaw.example")
			b.sendctl("edit", "sendctl.yaml", "--set", "policies.review_within_days=21")
			b.swap("sendctl.yaml", "Thornelaw Academy", "Thornelaw School")
			b.commit("edit: our new name")
			c.at("2026-02-11 09:00").correct(c.mo, c.moFirst, "15")
			meet(b, c)
		})},
		{name: "hand edits of what is not sealed", school: "each", do: here(func(b *box) {
			b.swap("learners/"+b.jude+"/learner.yaml", "language: English", "language: Polish")
			b.commit("The language at home")
			b.swap("learners/"+b.jude+"/identity.yaml", "Ashworth", "Ashworth-Hall")
			b.commit("A name")
			b.git("revert", "--no-edit", "HEAD")
		})},
		{name: "revert of an act that seals nothing", do: here(func(b *box) {
			acts, _ := filepath.Abs(answers + "jude")
			b.act("plan", b.mo, "--answers", acts+"/plan-2.yaml", "--set", "plan.date=2026-02-10", "--set", "plan.starts=2026-02-10", "--set", "plan.review_on=2026-03-20")
			b.git("revert", "--no-edit", "HEAD")
		})},
		{name: "demand turned on, and off again", school: "signed", do: here(func(b *box) {
			demand(b)
			b.proven()
			b.correct(b.jude, b.first, "15")
			b.sendctl("edit", "sendctl.yaml", "--set", "require_signatures=false")
		})},
	})
	t.Run("demand turned on in a school that began unsigned", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.git("config", "gpg.format", "ssh")
		b.as("grimes").sendctl("people", "add-key", "grimes", "--key", public(t, "grimes"))
		b.sendctl("people", "add-key", "eyre", "--key", public(t, "eyre"))
		demand(b)
		b.proven()
		b.correct(b.jude, b.first, "15")
		b.proven()
	})
	for _, how := range []string{"merges cleanly", "conflicts, and somebody keeps both"} {
		t.Run("text merge into a sealed file that "+how+": sync puts it right", func(t *testing.T) {
			t.Parallel()
			b := school(t, "plain")
			acts, _ := filepath.Abs(answers + "jude")
			b.act("plan", b.mo, "--answers", acts+"/plan-2.yaml", "--set", "plan.date=2026-02-10", "--set", "plan.starts=2026-02-10", "--set", "plan.review_on=2026-03-20")
			c := pair(b)
			b.sendctl("sync", "allow", "origin", "--because", "The school's own server.")
			b.git("config", "--remove-section", "merge.sendctl")
			p := b.only("learners/" + b.mo + "/cycles/2026-02-10-*.yaml")
			c.at("2026-03-20 10:00")
			if how == "merges cleanly" {
				c.swap(p, "word bank on the desk", "a word bank on the desk")
				c.commit("edit: the plan in better words")
			} else {
				c.act("note", c.mo, "--provision", "p1", "--delivered", "9", "Quicker.")
			}
			b.at("2026-03-20 11:00").act("review", b.mo, "--answers", acts+"/review-2.yaml", "--set", "date=2026-03-20",
				"--set", "learner_says[0].date=2026-03-19", "--set", "present=learner,mum,dad,grimes,eyre")
			sealed := b.read(p)
			c.git("push", "-q", "origin", "main")
			if _, err := b.try("pull", "-q", "--no-rebase", "--no-edit", "origin", "main"); err != nil {
				b.sh("sed -i -e '/^<<<<<<</d' -e '/^=======/d' -e '/^>>>>>>>/d' " + p)
				b.commit("Merge branch 'main'")
			}
			if b.read(p) == sealed {
				t.Fatal("the sealed file was not merged into")
			}
			b.cannotTell(b.mo, "sendctl sync")
			b.sendctl("sync")
			b.proven()
			if b.read(p) != sealed {
				t.Error("the sealed bytes are not back")
			}
		})
	}
	t.Run("sync", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"plain", "signed"} {
			b := school(t, name)
			b.server()
			b.sendctl("sync", "allow", "origin", "--because", "The school's own server.")
			b.git("push", "-q", "origin", "main")
			c := b.cloneOf(b.git("config", "remote.origin.url"))
			c.as("eyre")
			for i := range 3 {
				c.at("2026-02-1"+string(rune('1'+i))+" 09:00").correct(c.jude, c.second, "1"+string(rune('1'+i)))
				b.at("2026-02-1"+string(rune('1'+i))+" 10:00").correct(b.jude, b.first, "1"+string(rune('2'+i)))
				b.proven()
				b.sendctl("sync")
				c.sendctl("sync")
				b.sendctl("sync")
				b.proven()
				c.proven()
			}
		}
	})
	t.Run("undo", func(t *testing.T) {
		t.Parallel()
		b := school(t, "plain")
		b.act("contact", b.jude, "--with", "mum", "--how", "call", "--about", "plan", "--told", "how it goes")
		b.proven()
		b.sendctl("undo", "--yes")
		b.proven()
	})
}

// key is the name of the person's key where the school signs, else "".
func (b *box) key(person string) string {
	b.Helper()
	if v, err := b.try("config", "gpg.format"); err == nil && strings.TrimSpace(v) == "ssh" {
		return person
	}
	return ""
}
