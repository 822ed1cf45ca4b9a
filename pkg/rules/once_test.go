package rules_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
)

// TestOneSlipIsToldOnce: one slip of a hand in one file is one finding.
func TestOneSlipIsToldOnce(t *testing.T) {
	const (
		jude = "learners/jv6fpqgg/"
		mina = "learners/rq62bfzs/"
		plan = "sen-support-plan"
	)
	cycle := func(from, to string) func(fstest.MapFS) {
		return func(disk fstest.MapFS) {
			name := pageFiles()["cycle"]
			text := string(disk[name].Data)
			if !strings.Contains(text, from) {
				t.Fatalf("the example does not hold %q", from)
			}
			disk[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, from, to, 1))}
		}
	}
	gone := func(key, instead string) func(fstest.MapFS) {
		return func(disk fstest.MapFS) {
			name := pageFiles()["cycle"]
			var out []string
			skip := false
			for line := range strings.Lines(string(disk[name].Data)) {
				if strings.HasPrefix(line, "  "+key+":") {
					skip = true
					if instead != "none" {
						out = append(out, "  "+key+":"+instead+"\n")
					}
					continue
				}
				skip = skip && strings.HasPrefix(line, "    ")
				if !skip {
					out = append(out, line)
				}
			}
			disk[name] = &fstest.MapFile{Data: []byte(strings.Join(out, ""))}
		}
	}
	copied := func(from, to string, move bool) func(fstest.MapFS) {
		return func(disk fstest.MapFS) {
			disk[to] = disk[from]
			if move {
				delete(disk, from)
			}
		}
	}
	whole := func(from, to string, move bool) func(fstest.MapFS) {
		return func(disk fstest.MapFS) {
			for name, file := range maps.Clone(disk) {
				if rest, ok := strings.CutPrefix(name, from); ok {
					disk[to+rest] = file
					if move {
						delete(disk, name)
					}
				}
			}
		}
	}
	reviewed, move := pageFiles()["reviewed"], pageFiles()["move"]
	for _, c := range []struct {
		name string
		slip func(fstest.MapFS)
		want string
	}{
		{"no targets", gone("targets", "none"), "missing plan.targets"},
		{"targets without an entry", gone("targets", " []"), "shape plan.targets"},
		{"targets left empty", gone("targets", ""), "shape plan.targets"},
		{"provision left empty", gone("provision", ""), "shape plan.provision"},
		{"no provision", gone("provision", "none"), "plan-without-provision plan.targets"},
		{"strengths left empty", gone("strengths", ""), "shape assess.strengths"},
		{"a day in words", cycle("due: 2026-12-16", "due: before Christmas"), "shape plan.targets[0].due"},
		{"sessions in words", cycle("sessions: {per_week: 4, minutes: 30, weeks: 6}", "sessions: four times a week"), "shape plan.provision[0].sessions"},
		{"a figure in words", cycle("per_week: 4, minutes", "per_week: four, minutes"), "shape plan.provision[0].sessions.per_week"},
		{"a ratio in words", cycle(`ratio: "1:2"`, "ratio: one to two"), "shape plan.provision[0].ratio"},
		{"a copy of a sealed review", copied(reviewed, jude+"cycles/2026-11-20-"+plan+"-bcdf.yaml", false), "file-name id"},
		{"a copy of a move", copied(move, jude+"moves/copy.yaml", false), "file-name id"},
		{"a copy with another learner", copied(reviewed, mina+"cycles/2026-07-07-"+plan+"-xdzd.yaml", false), "file-owner learner"},
		{"a sealed review renamed", copied(reviewed, jude+"cycles/2026-07-07-"+plan+"-bcdf.yaml", true), "file-name id"},
		{"a passport as the profile", copied(jude+"passport.yaml", jude+"profile.yaml", false), "format format"},
		{"a profile as the passport", copied(mina+"profile.yaml", mina+"passport.yaml", false), "format format"},
		{"the front sheet as the contact log", copied(jude+"identity.yaml", jude+"contacts.yaml", false), "format format"},
		{"the contact log as the front sheet", copied(jude+"contacts.yaml", jude+"identity.yaml", false), "format format"},
		{"the readings as learner.yaml", copied(jude+"readings.yaml", jude+"learner.yaml", false), "format format"},
		{"a move as a cycle", copied(move, jude+"cycles/2026-07-07-"+plan+"-x297.yaml", false), "format format"},
		{"a cycle as a move", copied(pageFiles()["cycle"], jude+"moves/2026-11-02-"+plan+"-vnz9.yaml", false), "format format"},
		{"a folder copied", whole(jude, "learners/h2k4m6p8/", false), "file-owner learner"},
		{"a folder renamed", whole(jude, "learners/h2k4m6p8/", true), "file-owner learner"},
		{"a move renamed", copied(move, jude+"moves/old.yaml", true), "file-name id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := madeUp(t)
			c.slip(disk)
			var got []string
			for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
				got = append(got, x.Rule+" "+x.Path)
			}
			if diff := cmp.Diff([]string{c.want}, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestAChangedCopyIsNoRename: only the very bytes that a seal holds are a file renamed.
func TestAChangedCopyIsNoRename(t *testing.T) {
	disk := madeUp(t)
	from, to := pageFiles()["reviewed"], "learners/jv6fpqgg/cycles/2026-07-07-sen-support-plan-bcdf.yaml"
	disk[to] = &fstest.MapFile{Data: []byte(strings.Replace(string(disk[from].Data), "progress: ", "progress:  ", 1))}
	delete(disk, from)
	sealed := 0
	for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
		if x.Rule == "sealed" {
			sealed++
		}
	}
	if sealed != 2 {
		t.Errorf("%d findings of the seal, want 2: the file without one, and the seal without its file", sealed)
	}
}

// TestACopyHidesNothing: of a copied folder nothing is told twice, and what differs there
// is told; of a folder that was renamed everything else is.
func TestACopyHidesNothing(t *testing.T) {
	const jude, other = "learners/jv6fpqgg/", "learners/h2k4m6p8/"
	for _, c := range []struct {
		name  string
		moved bool
		late  bool // the slip is made in the copy alone
		want  []string
	}{
		{"a slip in both", false, false, []string{"file-owner " + other + "learner.yaml", "universal-first " + jude + "cycles/2026-11-02-sen-support-plan-vnz9.yaml"}},
		{"a slip in the copy", false, true, []string{"file-owner " + other + "learner.yaml", "universal-first " + other + "cycles/2026-11-02-sen-support-plan-vnz9.yaml"}},
		{"a slip, and renamed", true, false, []string{"file-owner " + other + "learner.yaml", "universal-first " + other + "cycles/2026-11-02-sen-support-plan-vnz9.yaml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := madeUp(t)
			slip := take("cycle", "plan.universal")
			if !c.late {
				lay(t, disk, slip)
			}
			for name, file := range maps.Clone(disk) {
				if rest, ok := strings.CutPrefix(name, jude); ok {
					disk[other+rest] = file
					if c.moved {
						delete(disk, name)
					}
				}
			}
			if c.late {
				slip.File = "/" + strings.Replace(pageFiles()["cycle"], jude, other, 1)
				lay(t, disk, slip)
			}
			var got []string
			for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
				got = append(got, x.Rule+" "+x.File)
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
