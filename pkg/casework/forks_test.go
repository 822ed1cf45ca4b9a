package casework_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestForksHaveAWayOut: two people move one learner on to two stages, and put one value
// right to two others. Once it is answered which stage holds, validate has no error, and
// what it advises to do leaves nothing.
func TestForksHaveAWayOut(t *testing.T) {
	t.Parallel()
	var cycle string
	advance := func(b *box, to, day string) {
		b.run("advance", b.id, "--to", to, "--date", day, "--sen", "K", "--main-need", "SPLD", "--because", "It is time.",
			"--set", "telling.with=learner", "--set", "telling.how=call", "--set", "telling.date="+day, "--set", "telling.told=Help begins.")
	}
	b := pair(t, together{"forks", func(b, other *box) {
		for _, x := range []*box{b} {
			x.run("review", b.id, "--answers", mustAbs(b.T, answers+"jude/review-1.yaml"))
			x.run("sync")
		}
		other.git("pull", "-q")
		_, cycle, _ = strings.Cut(b.only("learners/"+b.id+"/seals/*-review.seal"), "/seals/")
		cycle = strings.TrimSuffix(cycle, "-review.seal")
		advance(other, "sen-support-plan", "2026-11-02")
		other.run("correct", b.id, cycle, "review.targets[t1].result", "--is", "20", "--because", "Counted again.")
		other.run("sync")
		advance(b, "passport", "2026-10-30")
		b.run("correct", b.id, cycle, "review.targets[t1].result", "--is", "21", "--because", "Counted again here.")
	}})
	out, _ := b.command("sync").CombinedOutput()
	args := []string{"sync"}
	for _, m := range regexp.MustCompile(`--answer ([a-z0-9]+)=`).FindAllStringSubmatch(string(out), -1) {
		args = append(args, "--answer", m[1]+"=ours")
	}
	b.run(args...)
	if said := b.faults(); len(said) != 2 || strings.Count(strings.Join(said, "\n"), ": warning ") != 2 {
		t.Errorf("both forks are to be told of:\n%s", strings.Join(said, "\n"))
	}
	advance(b, "sen-support-plan", "2026-11-10")
	b.run("correct", b.id, cycle, "review.targets[t1].result", "--is", "22", "--because", "Looked at together.")
	if said := b.faults(); len(said) > 0 {
		t.Errorf("there is no way out:\n%s", strings.Join(said, "\n"))
	}
	b.run("audit", "verify")
}
