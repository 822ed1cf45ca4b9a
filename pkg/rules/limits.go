package rules

import (
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// limit is a number of schemas/limits.yaml by its id: the setting's own, else the
// pathway's, else the one that comes with the program.
func (l *look) limit(id string) int {
	for _, own := range [][]learner.Limit{l.folder.Setting.Value.Limits, l.folder.Pathway.Value.Limits} {
		for _, x := range own {
			if n, ok := x.Value.Int(); ok && x.ID == id {
				return n
			}
		}
	}
	for _, x := range recordfile.ShippedLimits() {
		if x.ID == id {
			n, _ := x.Value.Int()
			return n
		}
	}
	panic("no limit " + id) // a fault of the program: the test of every page finds it
}
