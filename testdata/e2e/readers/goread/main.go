// Command goread prints what sendctl's own YAML reader reads, as canonical JSON;
// see py-read.py for the form.
//
//	goread FILE|FOLDER
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: goread FILE|FOLDER"))
	}
	at := os.Args[1]
	info, err := os.Stat(at)
	if err != nil {
		fail(err)
	}
	if !info.IsDir() {
		fmt.Println(read(at))
		return
	}
	names := below(at)
	if len(names) == 0 {
		fail(fmt.Errorf("%s: no YAML files", at))
	}
	for _, name := range names {
		fmt.Printf("%s\t%s\n", name, read(filepath.Join(at, filepath.FromSlash(name))))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// below lists the YAML files below a folder, as slash paths in byte order.
func below(dir string) []string {
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case !d.IsDir() && (filepath.Ext(name) == ".yaml" || filepath.Ext(name) == ".yml"):
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		fail(err)
	}
	slices.Sort(names)
	return names
}

// read is one file as JSON. A file in which the reader finds an error has no values.
func read(path string) string {
	src, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	doc, findings := yamldoc.Parse(path, src)
	for _, f := range findings {
		if f.Severity == diag.Error {
			fail(fmt.Errorf("%s: %s", path, f.Message))
		}
	}
	v, err := plain(doc.Root())
	if err != nil {
		fail(fmt.Errorf("%s: %w", path, err))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b) // sorts the keys of maps
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		fail(err)
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	// Go writes these two escaped in any JSON; the others do not.
	out = bytes.ReplaceAll(out, []byte(`\u2028`), []byte("\u2028"))
	return string(bytes.ReplaceAll(out, []byte(`\u2029`), []byte("\u2029")))
}

func plain(n *yamldoc.Node) (any, error) {
	if n == nil {
		return nil, nil
	}
	switch n.Kind {
	case yamldoc.Map:
		out := map[string]any{}
		for _, p := range n.Pairs {
			v, err := plain(p.Value)
			if err != nil {
				return nil, err
			}
			out[p.Key.Value] = v
		}
		return out, nil
	case yamldoc.List:
		out := []any{}
		for _, item := range n.Items {
			v, err := plain(item)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	switch n.Tag {
	case yamldoc.Int:
		return strconv.ParseInt(n.Value, 0, 64)
	case yamldoc.Float:
		f, err := strconv.ParseFloat(n.Value, 64)
		return f, err
	case yamldoc.Bool:
		return n.Value == "true", nil
	case yamldoc.Null:
		return nil, nil
	}
	return n.Value, nil // text, and dates as ISO text
}
