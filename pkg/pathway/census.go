package pathway

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// CensusRules are what the DfE refuses or queries of a school census from a day on
// (format census-rules/v1, in schemas/census).
type CensusRules struct {
	Format string        `yaml:"format"`
	ID     string        `yaml:"id"` // 2018-19
	Title  learner.Words `yaml:"title"`
	Source learner.Words `yaml:"source"`
	From   date.Date     `yaml:"from"`
	To     date.Date     `yaml:"to"` // the last day; zero: no newer set has taken its place
	Rules  []CensusRule  `yaml:"rules"`
}

// CensusRule is one of them: the DfE's number and severity, our words, and the mechanism
// that judges it or the reason why none does.
type CensusRule struct {
	Number     string         `yaml:"number"`   // 2120, TonT5B
	Severity   string         `yaml:"severity"` // error or query
	Told       string         `yaml:"told"`     // query where what is known here may be behind; else as Severity
	Terms      []string       `yaml:"terms"`    // autumn, spring, summer; none: all
	Phases     []string       `yaml:"phases"`   // as in sendctl.yaml; none: all of whom the census is asked
	About      learner.Words  `yaml:"about"`    // what is wrong, half a sentence
	Why        learner.Words  `yaml:"why"`
	Do         learner.Words  `yaml:"do"`   // half a sentence
	Note       learner.Words  `yaml:"note"` // to paste, where it is right as it is
	Test       string         `yaml:"test"` // the mechanism; "" where NotChecked says why
	NotChecked learner.Words  `yaml:"not_checked"`
	Numbers    []CensusNumber `yaml:"numbers"`
	Ranges     []CensusRange  `yaml:"ranges"`
}

// CensusNumber is a number that a rule goes by.
type CensusNumber struct {
	ID     string         `yaml:"id"`
	Value  learner.Number `yaml:"value"`
	Words  learner.Words  `yaml:"words"`
	Source learner.Words  `yaml:"source"`
}

// CensusRange is what is usual in a phase, as ages or as year groups, both ends included.
type CensusRange struct {
	Phase string `yaml:"phase"`
	From  string `yaml:"from"`
	To    string `yaml:"to"`
}

// Limit is a number that the rule goes by, 0 where it has none of that id.
func (r CensusRule) Limit(id string) int {
	for _, n := range r.Numbers {
		if n.ID == id {
			v, _ := n.Value.Int()
			return v
		}
	}
	return 0
}

// Year is the census year as people write it: 2018/19.
func (r CensusRules) Year() string { return strings.Replace(r.ID, "-", "/", 1) }

// Rule is the rule of a number, in any case.
func (r CensusRules) Rule(number string) (CensusRule, bool) {
	i := slices.IndexFunc(r.Rules, func(x CensusRule) bool { return strings.EqualFold(x.Number, number) })
	if i < 0 {
		return CensusRule{}, false
	}
	return r.Rules[i], true
}
