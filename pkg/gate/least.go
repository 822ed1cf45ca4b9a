package gate

import (
	"cmp"
	"slices"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// Least is the threshold of that name, written with hyphens: what the setting
// decided for itself, or else the pathway's. ok is false where neither says.
func Least(f *folder.Folder, name string) (n learner.Number, ok bool) {
	own, _ := policies(&f.Setting.Value.Policies).of(name)
	shipped, _ := thresholds(&f.Pathway.Value.Thresholds).of(name)
	n = cmp.Or(own, shipped)
	return n, n != ""
}

// Thresholds are the names that Least knows, sorted.
func Thresholds() []string {
	var out []string
	for _, x := range thresholds(&pathway.Thresholds{}) {
		out = append(out, x.name)
	}
	slices.Sort(out)
	return out
}

// numbers are what is decided, each under its name.
type numbers []struct {
	name string
	learner.Number
}

func (all numbers) of(name string) (n learner.Number, named bool) {
	for _, x := range all {
		if x.name == name {
			return x.Number, true
		}
	}
	return "", false
}

func policies(p *learner.Policies) numbers {
	return numbers{
		{"cycles-before-register", p.CyclesBeforeRegister},
		{"review-within-days", p.ReviewWithinDays},
		{"parent-meetings-a-year", p.ParentMeetingsAYear},
		{"element-2-threshold", p.Element2Threshold},
		{"small-number-floor", p.SmallNumberFloor},
		{"retention-years-from-birth", p.RetentionYearsFromBirth},
	}
}

func thresholds(t *pathway.Thresholds) numbers {
	return numbers{
		{"cycles-before-register", t.CyclesBeforeRegister},
		{"cycles-before-request", t.CyclesBeforeRequest},
		{"review-within-weeks", t.ReviewWithinWeeks},
		{"review-within-days", t.ReviewWithinDays},
		{"parent-meetings-a-year", t.ParentMeetingsAYear},
		{"element-2-threshold", t.Element2Threshold},
		{"small-number-floor", t.SmallNumberFloor},
		{"retention-years-from-birth", t.RetentionYearsFromBirth},
		{"weeks-a-year", t.WeeksAYear},
		{"monitor-weeks", t.MonitorWeeks},
		{"document-weeks", t.DocumentWeeks},
		{"advice-within-months", t.AdviceWithinMonths},
	}
}
