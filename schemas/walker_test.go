package schemas_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Our walker is why the schemas keep to few keywords. Whatever is done to a
// sound file, it and a JSON Schema engine must agree on whether it still is one:
// an editor may not bless what validate refuses.
func TestOurWalkerAgreesWithAnEngine(t *testing.T) {
	compiled := compile(t)
	root := os.DirFS("../testdata/e2e/record")
	var names []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	verdicts := map[bool]int{}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom(names).Draw(rt, "file")
		kind, ok := recordfile.KindAt(name)
		if !ok {
			rt.Fatalf("%s is no record file", name)
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			rt.Fatal(err)
		}
		doc := decode(t, name, src)
		for range rapid.IntRange(0, 2).Draw(rt, "changes") {
			disturb(rt, doc)
		}
		whole, err := json.Marshal(doc)
		if err != nil {
			rt.Fatal(err)
		}
		plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(whole))
		if err != nil {
			rt.Fatal(err)
		}
		text := write(rt, doc)
		engine := compiled[string(kind)].Validate(plain)
		_, findings, err := recordfile.Parse(name, kind, text)
		refused := err != nil || diag.Worst(findings) == diag.Error
		verdicts[refused]++
		if refused != (engine != nil) {
			rt.Fatalf("%s\nengine: %v\nours: %v %+v\n%s", name, engine, err, findings, text)
		}
	})
	if verdicts[true] == 0 || verdicts[false] == 0 {
		t.Errorf("refused %d and accepted %d: no test of agreement", verdicts[true], verdicts[false])
	}
}

// write gives the document as YAML: the format first, then each key with its
// value as JSON, which is YAML with all text in quotes.
func write(rt *rapid.T, doc object) []byte {
	text := []byte("format: " + doc["format"].(string) + "\n")
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		if key == "format" {
			continue
		}
		value, err := json.Marshal(doc[key])
		if err != nil {
			rt.Fatal(err)
		}
		text = append(text, key+": "+string(value)+"\n"...)
	}
	return text
}

// disturb makes one change somewhere in a document.
func disturb(rt *rapid.T, doc object) {
	type place struct {
		in  object
		key string
	}
	var places []place
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case object:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				places = append(places, place{v, k})
				collect(v[k])
			}
		case []any:
			for _, c := range v {
				collect(c)
			}
		}
	}
	collect(doc)
	p := rapid.SampledFrom(places).Draw(rt, "place")
	if p.key == "format" {
		return // the version is read before the shape, in words of its own
	}
	switch rapid.SampledFrom([]string{"drop", "rename", "replace", "empty", "double"}).Draw(rt, "change") {
	case "drop":
		delete(p.in, p.key)
	case "rename":
		p.in[p.key+"x"] = p.in[p.key]
		delete(p.in, p.key)
	case "replace":
		p.in[p.key] = rapid.SampledFrom([]any{
			"", "words of several kinds", "eyre", "t1", "p2", "K", "k4f7", "bk7m2xqt", "2025-11-21", "2025-02-30", "0", "more",
			-3, 0, 1, 17, 1.5, true, false, []any{}, []any{"t1"}, []any{"t1", "t1"}, object{},
		}).Draw(rt, "value")
	case "empty":
		if _, list := p.in[p.key].([]any); list {
			p.in[p.key] = []any{}
		}
	case "double":
		if list, ok := p.in[p.key].([]any); ok && len(list) > 0 {
			p.in[p.key] = append(slices.Clone(list), list[0])
		}
	}
}
