package census

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/learner"
)

// saysOfUPN is what the rules of a UPN say of one: the numbers of errors, and of queries.
func saysOfUPN(upn string) (errors, queries []string) {
	j := NewJudge(PreflightInput{Return: Return{Day: date.MustParse("2027-01-21"), Setting: learner.Setting{Phase: "primary"}}})
	o := &one{Pupil: Pupil{UPN: upn}, judge: j}
	for _, c := range j.ofPupil {
		if strings.HasPrefix(c.rule.Test, "upn-") {
			o.rule = c.rule
			c.check(o)
		}
	}
	for _, p := range o.out {
		if p.Query {
			queries = append(queries, p.Rule)
		} else {
			errors = append(errors, p.Rule)
		}
	}
	return errors, queries
}

// The rules that look at a UPN place by place find a fault exactly where there is one.
func agree(t interface{ Fatalf(string, ...any) }, upn string) {
	errors, queries := saysOfUPN(upn)
	if sound := ids.CheckUPN(upn) == nil; sound != (len(errors) == 0) {
		t.Fatalf("sound: %t, and the errors are %v, the queries %v", sound, errors, queries)
	}
}

func TestUPNRulesAgree(t *testing.T) {
	digit := rapid.StringMatching(`[0-9]{11}`)
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.SampledFrom([]string{"A", "V", "I", "x"}).Draw(t, "first") + digit.Draw(t, "digits") + rapid.SampledFrom([]string{"0", "9", "A", "Z", "O", "a"}).Draw(t, "last"))
		if rapid.Bool().Draw(t, "right letter") {
			for _, c := range "ABCDEFGHJKLMNPQRTUVWXYZ" {
				b[0] = byte(c)
				if ids.CheckUPN(string(b)) == nil {
					break
				}
			}
		}
		if rapid.Bool().Draw(t, "slip") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.SampledFrom([]byte("0A9z -")).Draw(t, "for")
		}
		agree(t, string(b[:rapid.IntRange(1, len(b)).Draw(t, "length")]))
	})
}

func FuzzUPNRules(f *testing.F) {
	for _, s := range []string{"V929400126001", "F92940012600A", "21db2df8-fa0", "V", "V9294001260011", "é929400126001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, upn string) {
		if upn != "" {
			agree(t, upn)
		}
	})
}
