package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestPagesSayTheSeverity: a rule whose findings are now an error and now a warning says on
// its page when; and no example and no bad folder shows one of another severity than the
// rule has.
func TestPagesSayTheSeverity(t *testing.T) {
	t.Parallel()
	may := map[string][]diag.Severity{}
	for _, r := range rules.All() {
		may[r.Name] = append([]diag.Severity{r.Severity}, r.Also...)
		p, err := r.Page()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Also {
			if s == r.Severity || !strings.Contains(p.Why, s.String()) {
				t.Errorf("%s: a finding may be %s too, and the page does not say when", r.Name, s)
			}
		}
		if elsewhere()[r.Name] != "" {
			continue
		}
		for _, x := range judgeSample(t, r, p.Bad) {
			if !slices.Contains(may[x.Rule], x.Severity) {
				t.Errorf("%s is a rule of %s: %s", x.Rule, may[x.Rule], inWords(x))
			}
		}
	}
	outs, err := filepath.Glob("../../testdata/bad/*.out")
	if err != nil || len(outs) == 0 {
		t.Fatal("no bad folders", err)
	}
	line := regexp.MustCompile(`(?m): (error|warning|advice): .* \[([a-z0-9-]+)\]$`)
	for _, name := range outs {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(b), -1) {
			if !slices.ContainsFunc(may[m[2]], func(s diag.Severity) bool { return s.String() == m[1] }) {
				t.Errorf("%s: %s is a rule of %s", name, m[2], may[m[2]])
			}
		}
	}
}

// TestSeveritiesAreDeclared: where the source of a rule gives a finding a severity of its
// own, the rule says so.
func TestSeveritiesAreDeclared(t *testing.T) {
	t.Parallel()
	helps := map[string][]string{ // files without a rule, by the rules they work for
		"signature.go": {"sealed"}, "references_journey.go": {"references"}, "keys.go": {"keys"}, "trail.go": {"sealed", "keys"}, "missing.go": {"references", "sealed"}, "folder.go": {"pathway"},
	}
	named := map[string]rules.Rule{}
	for _, r := range rules.All() {
		named[r.Name] = r
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "rules.go" || name == "format.go" || name == "asked.go" || name == "word_rules.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]bool{}
		of := helps[name]
		ast.Inspect(file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.KeyValueExpr:
				switch key, _ := x.Key.(*ast.Ident); {
				case key == nil:
				case key.Name == "Severity" || key.Name == "Also":
					return false
				case key.Name == "Name":
					if v, ok := x.Value.(*ast.BasicLit); ok {
						of = append(of, strings.Trim(v.Value, `"`))
					} else {
						of = append(of, strings.TrimSuffix(name, ".go"))
					}
				}
			case *ast.SelectorExpr:
				if p, ok := x.X.(*ast.Ident); ok && p.Name == "diag" && slices.Contains([]string{"Error", "Warning", "Advice"}, x.Sel.Name) {
					told[strings.ToLower(x.Sel.Name)] = true
				}
			}
			return true
		})
		for s := range told {
			if !slices.ContainsFunc(of, func(rule string) bool {
				r := named[rule]
				return slices.ContainsFunc(append([]diag.Severity{r.Severity}, r.Also...), func(x diag.Severity) bool { return r.Name != "" && x.String() == s })
			}) {
				t.Errorf("%s gives findings of %s, and none of its rules (%v) says so with Also", name, s, of)
			}
		}
	}
}
