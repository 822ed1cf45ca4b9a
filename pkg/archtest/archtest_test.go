package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// longest is the most lines a file may have before it holds two ideas.
const longest = 700

// faults are everything wrong with a house, each with its place.
func faults(h house) []string {
	var out []string
	for _, dir := range h.dirs {
		out = append(out, faultsOfPackage(h, dir)...)
	}
	for _, s := range h.files {
		out = append(out, faultsOfFile(s)...)
		if s.test {
			continue
		}
		out = append(out, faultsOfImports(s)...)
		out = append(out, faultsOfPurity(s)...)
		out = append(out, faultsOfStart(h, s)...)
	}
	return out
}

func faultsOfPackage(h house, dir string) (out []string) {
	base := dir[strings.LastIndex(dir, "/")+1:]
	if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "misc"}, base) {
		out = append(out, dir+": name the thing the package holds")
	}
	if floorOf(dir) < 0 {
		out = append(out, dir+": stands on no floor; give it a line in floors_test.go")
	}
	for _, s := range h.files {
		if s.dir != dir || s.ast.Doc == nil || s.test {
			continue
		}
		says := s.ast.Doc.Text()
		if s.ast.Name.Name == "main" && strings.HasPrefix(says, "Command "+base+" ") {
			return out
		}
		if s.name == dir+"/doc.go" && strings.HasPrefix(says, "Package "+base+" ") {
			return out
		}
	}
	return append(out, dir+": no doc.go that begins \"Package "+base+" …\" (for a command: \"Command "+base+" …\")")
}

func faultsOfFile(s source) (out []string) {
	if s.lines > longest {
		out = append(out, fmt.Sprintf("%s: %d lines; split it by idea (at most %d)", s.name, s.lines, longest))
	}
	return out
}

func faultsOfImports(s source) (out []string) {
	own := floorOf(s.dir)
	for _, p := range slices.Sorted(maps.Keys(s.imports())) {
		if dir, ours := strings.CutPrefix(p, module+"/"); ours {
			other := floorOf(dir)
			_, allowed := neighbours()[[2]string{s.dir, dir}]
			if own >= 0 && other >= own && !(other == own && allowed) {
				out = append(out, fmt.Sprintf("%s: %s is on floor %d, this is on floor %d; import only what is below", s.name, dir, other, own))
			}
			continue
		}
		if first, _, _ := strings.Cut(p, "/"); !strings.Contains(first, ".") {
			continue // the standard library
		}
		l := library(p)
		if l == "" {
			out = append(out, fmt.Sprintf("%s: %s has no owner; name one in floors_test.go", s.name, p))
		} else if !slices.Contains(owners()[l], s.dir) {
			out = append(out, fmt.Sprintf("%s: %s belongs to %s", s.name, p, ownersInWords(l)))
		}
	}
	return out
}

func ownersInWords(l string) string {
	if len(owners()[l]) == 0 {
		return "tests only"
	}
	return strings.Join(owners()[l], ", ")
}

// faultsOfPurity holds the lower floors to what a browser has.
func faultsOfPurity(s source) (out []string) {
	if !pure(s.dir) {
		return nil
	}
	imports := s.imports()
	for _, p := range slices.Sorted(maps.Keys(imports)) {
		first, _, _ := strings.Cut(p, "/")
		if slices.Contains([]string{"os", "net", "syscall", "plugin", "log"}, first) || p == "path/filepath" || p == "crypto/rand" || p == "math/rand" || p == "math/rand/v2" {
			out = append(out, fmt.Sprintf("%s: imports %s, and is on a pure floor; take bytes, an fs.FS, a reader or a time from the caller", s.name, p))
		}
	}
	clock, hasTime := imports["time"]
	ast.Inspect(s.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !hasTime || !isName(sel.X, clock) {
			return true
		}
		if slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Local"}, sel.Sel.Name) {
			out = append(out, fmt.Sprintf("%s: time.%s on a pure floor; the caller passes the time in", s.at(sel), sel.Sel.Name))
		}
		return true
	})
	return out
}

// faultsOfStart: nothing happens before main, and nothing is shared that changes.
func faultsOfStart(h house, s source) (out []string) {
	for _, d := range s.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "init" && d.Recv == nil {
				out = append(out, s.at(d)+": an init function; start-up time is a feature")
			}
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				v := spec.(*ast.ValueSpec)
				out = append(out, faultsOfVariable(h, s, d, v)...)
			}
		}
	}
	return out
}

func faultsOfVariable(h house, s source, d *ast.GenDecl, v *ast.ValueSpec) (out []string) {
	for _, value := range v.Values {
		if call := workBeforeMain(value); call != nil {
			out = append(out, s.at(call)+": work done at every start; put it behind sync.OnceValue or in a function")
		}
	}
	if d.Doc != nil && slices.ContainsFunc(d.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
		return out
	}
	for i, name := range v.Names {
		var value ast.Expr
		if i < len(v.Values) {
			value = v.Values[i]
		}
		switch {
		case name.Name == "_" || isCall(value, "errors", "New") || isCall(value, "fmt", "Errorf"):
		case name.Name == "version" && s.ast.Name.Name == "main": // set by the linker
		case isCall(value, "sync", "OnceValue") || isCall(value, "sync", "OnceValues") || isCall(value, "sync", "OnceFunc"):
		case !name.IsExported() && isTable(value):
			if place := changed(h, s.dir, name.Name); place != "" {
				out = append(out, fmt.Sprintf("%s: %s is shared by the whole package and changed at %s", s.at(name), name.Name, place))
			}
		default:
			out = append(out, fmt.Sprintf("%s: variable %s is shared by the whole package; pass it in, or make it a function", s.at(name), name.Name))
		}
	}
	return out
}

// isTable reports whether e is a table written out: Go has no constant ones.
func isTable(e ast.Expr) bool {
	_, ok := e.(*ast.CompositeLit)
	return ok
}

// changed is a place where a package-level variable is written to, or "".
func changed(h house, dir, name string) (place string) {
	for _, s := range h.files {
		if s.dir != dir || s.test {
			continue
		}
		global := func(e ast.Expr) bool {
			for {
				switch x := e.(type) {
				case *ast.IndexExpr:
					e = x.X
				case *ast.SelectorExpr:
					e = x.X
				case *ast.StarExpr:
					e = x.X
				case *ast.ParenExpr:
					e = x.X
				case *ast.Ident:
					if x.Name != name || x.Obj == nil {
						return x.Name == name // declared in another file of the package
					}
					spec, ok := x.Obj.Decl.(*ast.ValueSpec)
					return ok && slices.Contains(packageSpecs(s.ast), spec)
				default:
					return false
				}
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			hit := false
			switch n := n.(type) {
			case *ast.AssignStmt:
				hit = n.Tok != token.DEFINE && slices.ContainsFunc(n.Lhs, global)
			case *ast.IncDecStmt:
				hit = global(n.X)
			case *ast.UnaryExpr:
				hit = n.Op == token.AND && global(n.X)
			case *ast.CallExpr:
				hit = (isName(n.Fun, "delete") || isName(n.Fun, "clear")) && global(n.Args[0])
			}
			if hit && place == "" {
				place = s.at(n)
			}
			return true
		})
	}
	return place
}

func packageSpecs(f *ast.File) (out []*ast.ValueSpec) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				out = append(out, spec.(*ast.ValueSpec))
			}
		}
	}
	return out
}

// workBeforeMain is a call in e that parses, compiles or reads something; calls
// inside a function literal run later and are left alone.
func workBeforeMain(e ast.Expr) (found ast.Node) {
	ast.Inspect(e, func(n ast.Node) bool {
		if _, later := n.(*ast.FuncLit); later {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			name := sel.Sel.Name
			work := isName(sel.X, "regexp") || isName(sel.X, "template") || isName(sel.X, "os") || isName(sel.X, "time") ||
				strings.HasPrefix(name, "Must") || strings.HasPrefix(name, "Parse") || strings.HasPrefix(name, "Compile") || strings.HasPrefix(name, "Read")
			if work && found == nil {
				found = call
			}
		}
		return true
	})
	return found
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func isCall(e ast.Expr, pkg, fn string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && isName(sel.X, pkg) && sel.Sel.Name == fn
}

func TestTheHouseStandsAsPlanned(t *testing.T) {
	h := read(t, os.DirFS("../.."))
	if !slices.Contains(h.dirs, "pkg/archtest") || !slices.Contains(h.dirs, "pkg/date") {
		t.Fatalf("found only %v; where is the house?", h.dirs)
	}
	for _, f := range faults(h) {
		t.Error(f)
	}
}

func TestTheTopLevelIsFixed(t *testing.T) {
	top := strings.Fields("cmd pkg schemas examples testdata go.mod go.sum Makefile README.md LICENSE CONTRIBUTING.md CHANGELOG.md bin demo dist")
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(top, e.Name()) {
			t.Errorf("%s does not belong at the top", e.Name())
		}
	}
}

// `make wasm` builds a list of its own; it must be the pure floors as built.
func TestMakeBuildsThePureFloors(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(makefile)) {
		if rest, ok := strings.CutPrefix(line, "PURE "); ok {
			_, names, _ := strings.Cut(rest, ":=")
			listed = strings.Fields(names)
		}
	}
	for _, dir := range read(t, os.DirFS("../..")).dirs {
		if pure(dir) != slices.Contains(listed, dir) {
			t.Errorf("%s: pure floor %t, in PURE of the Makefile %t", dir, pure(dir), !pure(dir))
		}
	}
}

// Each fault is planted in a house that is otherwise sound: the test above
// proves something only if these are found.
func TestFaultsAreFound(t *testing.T) {
	const lib, sys = "package date\n", "package store\n"
	cases := []struct{ name, file, text, want string }{
		{"nothing", "", "", ""},
		{"a package on no floor", "pkg/attic/doc.go", "// Package attic holds things.\npackage attic\n", "stands on no floor"},
		{"no doc.go", "pkg/diag/diag.go", "package diag\n", "no doc.go"},
		{"a doc.go about another", "pkg/diag/doc.go", "// Package other is elsewhere.\npackage diag\n", "no doc.go"},
		{"a room called helpers", "pkg/helpers/doc.go", "// Package helpers helps.\npackage helpers\n", "name the thing"},
		{"an import upward", "pkg/date/x.go", lib + "import _ \"github.com/sendctl/sendctl/pkg/store\"\n", "import only what is below"},
		{"an import on the same floor", "pkg/date/x.go", lib + "import _ \"github.com/sendctl/sendctl/pkg/ids\"\n", "import only what is below"},
		{"someone else's library", "pkg/store/x.go", sys + "import _ \"gopkg.in/yaml.v3\"\n", "belongs to pkg/yamldoc"},
		{"a part of someone else's library", "pkg/store/x.go", sys + "import _ \"github.com/go-git/go-git/v5/plumbing\"\n", "belongs to pkg/trail"},
		{"a library of tests", "pkg/store/x.go", sys + "import _ \"pgregory.net/rapid\"\n", "belongs to tests only"},
		{"a library without an owner", "pkg/store/x.go", sys + "import _ \"example.com/new\"\n", "has no owner"},
		{"a disk on a pure floor", "pkg/date/x.go", lib + "import _ \"os\"\n", "pure floor"},
		{"a process on a pure floor", "pkg/date/x.go", lib + "import _ \"os/exec\"\n", "pure floor"},
		{"a network on a pure floor", "pkg/date/x.go", lib + "import _ \"net/http\"\n", "pure floor"},
		{"a clock on a pure floor", "pkg/date/x.go", lib + "import \"time\"\n\nfunc f() { time.Now() }\n", "time.Now"},
		{"a clock by another name", "pkg/date/x.go", lib + "import c \"time\"\n\nvar _ = func() { c.Now() }\n", "time.Now"},
		{"a disk higher up", "pkg/store/x.go", sys + "import _ \"os\"\n", ""},
		{"an init", "pkg/store/x.go", sys + "func init() {}\n", "init function"},
		{"a method called init", "pkg/store/x.go", sys + "type T int\n\nfunc (T) init() {}\n", ""},
		{"a pattern at the start", "pkg/store/x.go", sys + "import \"regexp\"\n\nvar _ = regexp.MustCompile(`a`)\n", "every start"},
		{"a pattern in a table", "pkg/store/x.go", sys + "import \"regexp\"\n\nvar table = []any{regexp.MustCompile(`a`)}\n", "every start"},
		{"a pattern when asked for", "pkg/store/x.go", sys + "import (\n\"regexp\"\n\"sync\"\n)\n\nvar p = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`a`) })\n", ""},
		{"a shared variable", "pkg/store/x.go", sys + "var n int\n", "shared by the whole package"},
		{"an exported table", "pkg/store/x.go", sys + "var Table = []int{1}\n", "shared by the whole package"},
		{"a table", "pkg/store/x.go", sys + "var table = []int{1}\n\nfunc f() { table := table; table[0]++ }\n", ""},
		{"a table that is changed", "pkg/store/x.go", sys + "var table = []int{1}\n\nfunc f() { table[0] = 2 }\n", "changed at"},
		{"a table that is grown", "pkg/store/x.go", sys + "var table = []int{1}\n\nfunc f() { table = append(table, 2) }\n", "changed at"},
		{"an error", "pkg/store/x.go", sys + "import \"errors\"\n\nvar ErrBusy = errors.New(\"busy\")\n", ""},
		{"a version set by the linker", "cmd/sendctl/v.go", "package main\n\nvar version string\n", ""},
		{"an endless file", "pkg/store/x.go", sys + strings.Repeat("\n", longest), "split it"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tree := fstest.MapFS{
				"pkg/date/doc.go":     {Data: []byte("// Package date owns days.\npackage date\n")},
				"pkg/store/doc.go":    {Data: []byte("// Package store owns the disk.\npackage store\n\nimport _ \"github.com/sendctl/sendctl/pkg/date\"\n")},
				"cmd/sendctl/main.go": {Data: []byte("// Command sendctl runs.\npackage main\n")},
			}
			if c.file != "" {
				tree[c.file] = &fstest.MapFile{Data: []byte(c.text)}
			}
			found := strings.Join(faults(read(t, tree)), "\n")
			if c.want == "" && found != "" || !strings.Contains(found, c.want) {
				t.Errorf("want %q, found %q", c.want, found)
			}
		})
	}
}

func TestFloorsHoldEachPackageOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range floors() {
		for _, dir := range f {
			if seen[dir] {
				t.Errorf("%s stands on two floors", dir)
			}
			seen[dir] = true
		}
	}
	for pair, why := range neighbours() {
		if floorOf(pair[0]) != floorOf(pair[1]) || floorOf(pair[0]) < 0 || why == "" {
			t.Errorf("%v is no exception with a reason", pair)
		}
	}
	for l, by := range owners() {
		for _, dir := range by {
			if floorOf(dir) < 0 {
				t.Errorf("%s, owner of %s, stands on no floor", dir, l)
			}
		}
	}
}
