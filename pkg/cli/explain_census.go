package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
)

// dfeRuleJSON is a rule of the DfE. The json tags are the stable shape.
type dfeRuleJSON struct {
	Name       string   `json:"name"`
	Number     string   `json:"number"`
	Set        string   `json:"set"` // the census year, as 2018/19
	Severity   string   `json:"severity"`
	About      string   `json:"about"`
	Source     string   `json:"source"`
	Why        string   `json:"why,omitempty"`
	Right      string   `json:"put_right,omitempty"`
	Note       string   `json:"note,omitempty"`
	Terms      []string `json:"terms,omitempty"`  // none: all
	Phases     []string `json:"phases,omitempty"` // none: all of whom the census is asked
	NotChecked string   `json:"not_checked,omitempty"`
	Validate   []string `json:"validate,omitempty"` // rules of validate that rest on it
}

func dfeRuleAsJSON(r pathway.CensusRule, set pathway.CensusRules) dfeRuleJSON {
	out := dfeRuleJSON{Name: census.RuleName(r), Number: r.Number, Set: set.Year(), Severity: r.Severity, About: string(r.About), Source: censusSource(r, set),
		Why: string(r.Why), Right: string(r.Do), Note: string(r.Note), Terms: r.Terms, Phases: r.Phases, NotChecked: string(r.NotChecked)}
	for _, own := range rules.All() {
		if slices.Contains(strings.FieldsFunc(own.Source, func(c rune) bool { return strings.ContainsRune(" ,;.", c) }), r.Number) {
			out.Validate = append(out.Validate, own.Name)
		}
	}
	return out
}

// explainDfE prints the page of a rule of the DfE, by its number or its name in findings;
// done is false where nothing of that name is one.
func (e *Env) explainDfE(typed string) (done bool, err error) {
	r, set, ok := census.FindRule(typed)
	if !ok {
		return false, nil
	}
	x := dfeRuleAsJSON(r, set)
	if e.flags.json {
		return true, e.printJSON(struct {
			Format string      `json:"format"`
			Rule   dfeRuleJSON `json:"rule"`
		}{"sendctl-census-rule/1", x})
	}
	var l lines
	l.head(fmt.Sprintf("%s (a DfE %s)", x.Name, x.Severity))
	l.add(0, "%s.", capital(x.About))
	l.gap()
	l.add(0, "Based on: %s. A later set may have other numbers and limits.", x.Source)
	if x.Severity == "error" {
		l.add(0, "An error: with it the DfE does not take the return. sendctl census preflight ends with exit code 1.")
	} else {
		l.add(0, "A query: the DfE takes the return, and wants a note on why it is right.")
	}
	if r.Told == "query" {
		l.add(0, "Told as a query here where what is known here may be older than the record.")
	}
	if len(x.Terms) > 0 {
		l.add(0, "Asked in the %s census only.", strings.Join(x.Terms, " and the "))
	}
	if len(x.Phases) > 0 {
		l.add(0, "Asked of these phases only: %s.", strings.ReplaceAll(strings.Join(x.Phases, ", "), "-", " "))
	}
	for _, n := range r.Numbers {
		l.add(0, "%s: %s (%s).", capital(string(n.Words)), n.Value, n.Source)
	}
	l.part("Why it matters")
	l.add(2, "%s", x.Why)
	if x.NotChecked != "" {
		l.part("Not checked")
		l.add(2, "No record here can show it: %s.", x.NotChecked)
	}
	l.part("Put it right")
	l.add(2, "%s.", capital(x.Right))
	if x.Note != "" {
		l.add(2, "Where it is right as it is, note to paste: %q", x.Note)
	}
	if len(x.Validate) > 0 {
		l.gap()
		l.add(0, "What validate looks for of it the year round: %s.", strings.Join(x.Validate, ", "))
	}
	return true, e.page(e.Out, l)
}

// listDfE lists the DfE's rules below the group of our own on the census.
func (e *Env) listDfE() error {
	if e.flags.json {
		return nil // one document: sendctl --json explain census-2120 has a rule by itself
	}
	sets := recordfile.ShippedCensusRules()
	set := sets[len(sets)-1]
	var l lines
	l.gap()
	l.head("DfE census rules")
	l.add(0, "What census preflight looks for, by the DfE's own numbers as of %s.", set.Year())
	l.gap()
	for _, r := range set.Rules {
		about := string(r.About)
		if r.NotChecked != "" {
			about += " (not checked)"
		}
		l.add(2, "%s, %s: %s", r.Number, r.Severity, about)
	}
	l.gap()
	l.add(0, "One of them: sendctl explain %s", census.RuleName(set.Rules[0]))
	return e.page(e.Out, l)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
