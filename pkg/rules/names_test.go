package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/rules"
)

// TestEveryFindingHasItsRule: whatever name a finding can bear is that of a rule, so
// that explain tells of it.
func TestEveryFindingHasItsRule(t *testing.T) {
	known := map[string]bool{"edit-refused": true} // stops an act, and is never printed as a finding
	ids := map[string]string{}
	for _, r := range rules.All() {
		if known[r.Name] {
			t.Errorf("two rules are named %s", r.Name)
		}
		if ids[r.ID] != "" {
			t.Errorf("%s is the id of %s and of %s", r.ID, ids[r.ID], r.Name)
		}
		known[r.Name], ids[r.ID] = true, r.Name
		if r.About == "" || r.Source == "" || r.Severity == 0 {
			t.Errorf("%s says nothing of what it demands, of its source or of how grave it is", r.Name)
		}
	}

	seen := 0
	hold := func(name, where string) {
		seen++
		if !known[name] {
			t.Errorf("%s: no rule is named %q", where, name)
		}
	}
	// In the code: Rule: "…" of a finding, and the names that yamldoc hands round.
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "../cli/") {
			continue
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			var lit ast.Expr
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
					lit = n.Value
				}
			case *ast.BasicLit:
				if strings.HasPrefix(n.Value, `"yaml-`) && strings.HasPrefix(file, "../yamldoc/") {
					lit = n
				}
			}
			if l, ok := lit.(*ast.BasicLit); ok && l.Kind == token.STRING {
				name, err := strconv.Unquote(l.Value)
				if err != nil {
					t.Fatal(err)
				}
				hold(name, fset.Position(l.Pos()).String())
			}
			return true
		})
	}
	// In what validate has printed: findings are published with their names.
	printed, err := filepath.Glob("../../testdata/bad/*.out")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`(?m)^\S.*: (?:error|warning|advice|info): .* \[([a-z-]+)\]$`)
	for _, file := range printed {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllSubmatch(b, -1) {
			hold(string(m[1]), file)
		}
	}
	if seen < 200 {
		t.Errorf("only %d names were seen: the test looks in the wrong places", seen)
	}
}

// TestWhereWordsStay: what is told of words that should not be there fits the file: of a
// passport a next version is made, whether the one before was agreed or not; nobody is
// sent to remove more than the one sealed file.
func TestWhereWordsStay(t *testing.T) {
	const passport = "passport"
	name := put(passport, "know[0]", "I am Jude.")
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   string // how the hint ends
	}{
		{"a draft after an agreed version", []rules.Block{name, put(passport, "version", "3"), take(passport, "agreed")}, "such as mum: sendctl passport jv6fpqgg"},
		{"an agreed version", []rules.Block{name}, "such as mum: sendctl passport jv6fpqgg"},
		{"a reviewed cycle", []rules.Block{put("reviewed", "do[0].words", "Quick today, said Jude.")}, "sendctl purge jv6fpqgg cycles/2026-07-07-sen-support-plan-xdzd.yaml"},
		{"the open cycle", []rules.Block{put("cycle", "do[0].words", "Quick today, said Jude.")}, "sendctl edit jv6fpqgg 2026-11-02-sen-support-plan-vnz9.yaml"},
	} {
		got := foundOf(t, laidOver(t, c.blocks...), "name-outside", "2026-11-22")
		if len(got) != 1 || !strings.HasSuffix(got[0].Hint, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
