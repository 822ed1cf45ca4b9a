package audit_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// otherhay is the school that records go to: another place, where eyre is somebody else.
func (b *box) otherhay() *box {
	b.Helper()
	c := &box{b.T, filepath.Join(b.TempDir(), "otherhay"), b.now, b.ids}
	b.git("init", "-q", c.dir)
	c.git("config", "user.name", "R. Eyre")
	c.git("config", "user.email", "reyre@otherhay.example")
	c.at("2026-01-05 09:00").sendctl("init", ".", "--name", "Otherhay Middle", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "marsh", "--role", "senco")
	return c
}

// pass hands Jude's record over and takes it in.
func (b *box) pass(c *box) {
	b.Helper()
	parcel := filepath.Join(b.TempDir(), "jude.parcel")
	b.as("eyre").at("2026-02-20 09:00").sendctl("handover", b.jude, "--to-name", "Otherhay Middle", "--to-la", "929", "--to-estab", "0000", "--output", parcel)
	c.at("2026-02-21 09:00").sendctl("receive", parcel)
}

// A record that came from another school is as provable as one that was made here.
func TestRecordsThatCame(t *testing.T) {
	for _, name := range []string{"plain", "signed"} {
		passed := func(t *testing.T) (*box, *box) {
			b := school(t, name)
			c := b.otherhay()
			b.pass(c)
			return b, c
		}
		try := func(what string, damage func(b *box), words ...string) {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				b, c := passed(t)
				c.copy().proven()
				damage(c)
				c.want(unproven, nil, b.named(words))
			})
		}
		t.Run(name+", honest: both schools are proven", func(t *testing.T) {
			t.Parallel()
			b, c := passed(t)
			b.proven()
			c.proven()
			c.at("2026-02-22 09:00").correct(c.jude, c.first, "13")
			c.proven()
			c.clone().proven()
		})
		p := func(b *box) string { return b.cycle(b.jude, b.first) }
		try("a sealed file that came is altered", func(b *box) { fakeResult(b); b.commit("edit: tidy") }, "{jude}", "{first}")
		try("a seal that came is taken away", func(b *box) {
			b.git("rm", "-q", b.seal(b.jude, b.first, "review"), p(b))
			b.commit("edit: tidy")
		}, "{jude}", "{first}")
		try("the record of the arrival is taken away", func(b *box) {
			b.git("rm", "-rq", "learners/"+b.jude+"/arrivals")
			b.commit("edit: tidy")
		}, "{jude}", "arrival")
		try("a review is put under what came", func(b *box) {
			b.forged(forgery{learner: b.jude, by: "grimes", recorded: "2026-02-10 10:00"})
		}, "{jude}", "wkbn")
		if name == "signed" {
			try("a key is added to the people who came", func(b *box) {
				file := "learners/" + b.jude + "/people.yaml"
				text := b.read(file)
				b.write(file, strings.Replace(text, public(b.T, "grimes"), public(b.T, "malory"), 1))
				b.commit("edit: tidy")
			}, "{jude}")
			try("a seal in the name of somebody who came", func(b *box) {
				b.forged(forgery{learner: b.jude, by: "grimes", key: "malory"})
			}, "{jude}", "grimes")
			try("an unsigned seal in the name of somebody who came", func(b *box) {
				b.forged(forgery{learner: b.jude, by: "grimes"})
			}, "{jude}", "grimes")
		}
	}
}
