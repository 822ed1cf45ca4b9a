package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/sendctl/sendctl"

// source is one Go file.
type source struct {
	name  string // slash path from the root
	dir   string // of its package
	test  bool
	lines int
	ast   *ast.File
	fset  *token.FileSet
}

// house is the source of every package of the module.
type house struct {
	files []source
	dirs  []string
}

// read parses every Go file below root, for all systems and with all build tags.
func read(t *testing.T, root fs.FS) house {
	t.Helper()
	var h house
	fset := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			// Go itself ignores these too.
			if b := path.Base(name); name != "." && (b == "testdata" || b == "node_modules" || strings.HasPrefix(b, ".") || strings.HasPrefix(b, "_")) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, name, b, parser.ParseComments)
		if err != nil {
			return err
		}
		s := source{name: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), lines: bytes.Count(b, []byte("\n")), ast: f, fset: fset}
		h.files = append(h.files, s)
		if !slices.Contains(h.dirs, s.dir) {
			h.dirs = append(h.dirs, s.dir)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// imports are the paths a file imports, with the name each has in the file.
func (s source) imports() map[string]string {
	out := map[string]string{}
	for _, i := range s.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value) // the parser has seen to the quotes
		name := path.Base(p)
		if strings.HasPrefix(name, "v") && strings.Trim(name[1:], "0123456789") == "" {
			name = path.Base(path.Dir(p))
		}
		if i.Name != nil {
			name = i.Name.Name
		}
		out[p] = name
	}
	return out
}

func (s source) at(n ast.Node) string { return s.fset.Position(n.Pos()).String() }

// library is the foreign library of owners that p belongs to, or "".
func library(p string) string {
	for l := range owners() {
		if p == l || strings.HasPrefix(p, l+"/") {
			return l
		}
	}
	return ""
}

// floorOf is the floor dir stands on, from 0; -1 when it stands on none.
func floorOf(dir string) int {
	return slices.IndexFunc(floors(), func(f []string) bool { return slices.Contains(f, dir) })
}

func pure(dir string) bool {
	f := floorOf(dir)
	return f >= 0 && f < pureFloors
}
