package schemas_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/wording"
	"github.com/sendctl/sendctl/schemas"
)

// shapes are the Go types whose struct tags the schemas must equal.
func shapes() map[string]reflect.Type {
	return map[string]reflect.Type{
		"setting":    reflect.TypeFor[learner.Setting](),
		"people":     reflect.TypeFor[learner.People](),
		"pathway":    reflect.TypeFor[pathway.Pathway](),
		"identity":   reflect.TypeFor[learner.Identity](),
		"learner":    reflect.TypeFor[learner.Learner](),
		"contacts":   reflect.TypeFor[learner.Contacts](),
		"cycle":      reflect.TypeFor[learner.Cycle](),
		"move":       reflect.TypeFor[learner.Move](),
		"request":    reflect.TypeFor[learner.Request](),
		"decision":   reflect.TypeFor[learner.Decision](),
		"impact":     reflect.TypeFor[learner.Impact](),
		"advice":     reflect.TypeFor[learner.Advice](),
		"correction": reflect.TypeFor[learner.Correction](),
		"passport":   reflect.TypeFor[learner.Passport](),
		"profile":    reflect.TypeFor[learner.Profile](),
		"readings":   reflect.TypeFor[learner.Readings](),
		"letter":     reflect.TypeFor[learner.Letter](),
		"key":        reflect.TypeFor[learner.KeyChange](),
		"removal":    reflect.TypeFor[learner.Removal](),
		"handover":   reflect.TypeFor[learner.Handover](),
		"receipt":    reflect.TypeFor[learner.Receipt](),
		"arrival":    reflect.TypeFor[learner.Arrival](),
		"codes":      reflect.TypeFor[pathway.CodeList](),
		"limits":     reflect.TypeFor[pathway.Limits](),

		"census-rules": reflect.TypeFor[pathway.CensusRules](),
		"columns":      reflect.TypeFor[exchange.Headings](),
		"words":        reflect.TypeFor[wording.WordLists](),
	}
}

type object = map[string]any

func TestEveryKindHasASchemaAndAType(t *testing.T) {
	var typed []string
	for kind := range shapes() {
		typed = append(typed, kind)
	}
	slices.Sort(typed)
	if diff := cmp.Diff(typed, schemas.Kinds()); diff != "" {
		t.Errorf("kinds with a Go type (-) and with a schema (+):\n%s", diff)
	}
}

func TestNothingByAnUnknownName(t *testing.T) {
	for _, name := range []string{"", "nothing", "../schemas", "cycle.schema.json"} {
		if _, ok := schemas.Schema(name); ok {
			t.Errorf("Schema(%q) found something", name)
		}
		if _, ok := schemas.Pathway(name); ok {
			t.Errorf("Pathway(%q) found something", name)
		}
		if _, ok := schemas.Codes(name); ok {
			t.Errorf("Codes(%q) found something", name)
		}
	}
}

// The checker walks YAML nodes by these keywords and knows no others.
func TestOnlyTheKeywordsOurCheckerKnows(t *testing.T) {
	allowed := strings.Fields(`$schema $id $defs $ref title description type properties required
		additionalProperties items enum const pattern minLength maxLength minItems maxItems
		uniqueItems minimum maximum format examples default`)
	each(t, func(t *testing.T, kind string, root object) {
		walk("", root, func(at string, s object) {
			for k := range s {
				if !slices.Contains(allowed, k) {
					t.Errorf("%s: keyword %q", at, k)
				}
			}
			if f, ok := s["format"]; ok && f != "date" {
				t.Errorf("%s: format %v", at, f)
			}
			if p, ok := s["pattern"].(string); ok {
				if _, err := regexp.Compile(p); err != nil {
					t.Errorf("%s: %v", at, err)
				}
				if !strings.HasPrefix(p, "^") || !strings.HasSuffix(p, "$") {
					t.Errorf("%s: pattern %s holds only a part of the text", at, p)
				}
			}
			if ref, ok := s["$ref"].(string); ok {
				name, local := strings.CutPrefix(ref, "#/$defs/")
				if _, found := root["$defs"].(object)[name]; !local || !found {
					t.Errorf("%s: $ref %s leads nowhere", at, ref)
				}
			}
			_, hasType := s["type"]
			_, hasRef := s["$ref"]
			if hasType == hasRef {
				t.Errorf("%s: wants a type or a $ref, and not both", at)
			}
			if s["type"] != "object" {
				return
			}
			if s["additionalProperties"] != false {
				t.Errorf("%s: lets unknown keys in", at)
			}
			props := s["properties"].(object)
			required, _ := s["required"].([]any)
			for _, r := range required {
				if _, ok := props[r.(string)]; !ok {
					t.Errorf("%s: requires %v, which it does not have", at, r)
				}
			}
		})
	})
}

// An editor shows these on hover; they are the first documentation people meet.
func TestEveryPropertyIsDescribed(t *testing.T) {
	each(t, func(t *testing.T, kind string, root object) {
		if want := "urn:sendctl:schema:" + kind + ":v1"; root["$id"] != want {
			t.Errorf("$id is %v, want %s", root["$id"], want)
		}
		if root["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("$schema is %v", root["$schema"])
		}
		if title, _ := root["title"].(string); title == "" {
			t.Error("no title")
		}
		described := func(at string, s object) {
			d, _ := s["description"].(string)
			if d == "" || !strings.HasSuffix(d, ".") && !strings.HasSuffix(d, "…") {
				t.Errorf("%s: %q is not a description", at, d)
			}
		}
		described("", root)
		for name, d := range root["$defs"].(object) {
			described("$defs."+name, d.(object))
		}
		walk("", root, func(at string, s object) {
			props, _ := s["properties"].(object)
			for name, p := range props {
				described(at+"."+name, p.(object))
			}
		})
		format := root["properties"].(object)["format"].(object)
		if want := kind + "/v1"; format["const"] != want {
			t.Errorf("format is %v, want %s", format["const"], want)
		}
	})
}

// YAML 1.1 reads these as yes or no: as a key they would have to be quoted by
// hand, every time.
func TestNoKeyIsReadAsYesOrNo(t *testing.T) {
	each(t, func(t *testing.T, kind string, root object) {
		walk("", root, func(at string, s object) {
			props, _ := s["properties"].(object)
			for name := range props {
				if slices.Contains(strings.Fields("y n yes no on off true false null"), name) {
					t.Errorf("%s has a key %s", at, name)
				}
			}
		})
	})
}

// Every key of every struct is in its schema with the matching kind, and the reverse.
func TestSchemasEqualTheGoTypes(t *testing.T) {
	each(t, func(t *testing.T, kind string, root object) {
		same(t, root, "", shapes()[kind], root)
	})
}

func same(t *testing.T, root object, at string, typ reflect.Type, s object) {
	t.Helper()
	ref, _ := s["$ref"].(string)
	s = resolve(root, s)
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	want := func(ok bool, kind string) {
		t.Helper()
		if !ok {
			t.Errorf("%s: Go has %s, the schema %v %s", at, kind, s["type"], ref)
		}
	}
	switch typ {
	case reflect.TypeFor[date.Date]():
		want(ref == "#/$defs/date", "a date")
		return
	case reflect.TypeFor[learner.Words]():
		want(ref == "#/$defs/words", "words")
		return
	case reflect.TypeFor[learner.Number]():
		want(s["type"] == "number" || s["type"] == "integer", "a number")
		return
	case reflect.TypeFor[learner.Scalar]():
		want(cmp.Equal(s["type"], []any{"string", "number", "boolean"}), "a single value of any kind")
		return
	}
	switch typ.Kind() {
	case reflect.Bool:
		want(s["type"] == "boolean", "a yes or no")
	case reflect.String:
		want(s["type"] == "string" && ref != "#/$defs/words" && ref != "#/$defs/date", "a code")
		_, pattern := s["pattern"]
		_, enum := s["enum"]
		_, fixed := s["const"]
		if !pattern && !enum && !fixed {
			t.Errorf("%s: a code that may be anything", at)
		}
	case reflect.Slice:
		want(s["type"] == "array", "a list")
		items, ok := s["items"].(object)
		if !ok {
			t.Errorf("%s: a list of anything", at)
			return
		}
		same(t, root, at+"[]", typ.Elem(), items)
	case reflect.Struct:
		want(s["type"] == "object", "a group")
		props, _ := s["properties"].(object)
		tagged := map[string]bool{}
		for i := range typ.NumField() {
			key, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ",")
			tagged[key] = true
			p, ok := props[key].(object)
			if !ok {
				t.Errorf("%s.%s is in Go and not in the schema", at, key)
				continue
			}
			same(t, root, at+"."+key, typ.Field(i).Type, p)
		}
		for key := range props {
			if !tagged[key] {
				t.Errorf("%s.%s is in the schema and not in Go", at, key)
			}
		}
	default:
		t.Errorf("%s: no rule for Go's %s", at, typ)
	}
}

// The closed lists are written twice, in the schemas for editors and in the
// pathway for words: they must be the same codes in the same order.
func TestEnumsEqualTheListsOfThePathway(t *testing.T) {
	lists := map[string][]string{}
	for _, l := range document(t, "pathways/northumberland.yaml")["lists"].([]any) {
		for _, term := range l.(object)["terms"].([]any) {
			id := l.(object)["id"].(string)
			lists[id] = append(lists[id], term.(object)["code"].(string))
		}
	}
	for _, c := range []struct{ list, kind, path string }{
		{pathway.Areas, "cycle", "assess.concerns[].area"},
		{pathway.Areas, "cycle", "plan.targets[].area"},
		{pathway.Areas, "codes", "codes[].area"},
		{pathway.EvidenceKinds, "cycle", "assess.evidence[].kind"},
		{pathway.Layers, "cycle", "plan.provision[].layer"},
		{pathway.Where, "cycle", "plan.provision[].where"},
		{pathway.Next, "cycle", "review.targets[].next"},
		{pathway.Progress, "cycle", "review.progress"},
		{pathway.Decisions, "cycle", "review.decision"},
		{pathway.Impact, "cycle", "review.provision[].impact"},
		{pathway.ContactHow, "contacts", "contacts[].how"},
		{pathway.ContactAbout, "contacts", "contacts[].about"},
		{pathway.AdjustmentKinds, "learner", "adjustments[].kind"},
		{pathway.Documents, "learner", "family[].documents"},
	} {
		if diff := cmp.Diff(lists[c.list], enum(t, c.kind, c.path)); diff != "" {
			t.Errorf("list %s (-) and %s of %s (+):\n%s", c.list, c.path, c.kind, diff)
		}
	}
	score := at(t, "cycle", "review.targets[].score")
	var scores []string
	for n := score["minimum"].(float64); n <= score["maximum"].(float64); n++ {
		scores = append(scores, strconv.Itoa(int(n)))
	}
	if diff := cmp.Diff(scores, lists[pathway.Scores]); diff != "" {
		t.Errorf("scores of a cycle (-) and of the pathway (+):\n%s", diff)
	}
	for _, open := range []string{pathway.Explanations, pathway.Heads, pathway.Roles} {
		if len(lists[open]) == 0 {
			t.Errorf("the pathway has no list %s", open)
		}
	}
}

func TestEnumsEqualTheCensusCodes(t *testing.T) {
	for _, c := range []struct{ list, kind, path string }{
		{"sen-provision", "learner", "sen_provision[].code"},
		{"sen-provision", "move", "sen_provision"},
		{"sen-provision", "pathway", "stages[].sen_provision"},
		{"sen-type", "learner", "needs[].type"},
		{"sen-type", "move", "main_need"},
		{"nc-year", "learner", "year_exceptions[].year"},
		{"enrolment-status", "learner", "enrolment[].status"},
		{"sex", "identity", "sex"},
	} {
		var codes []string
		for _, code := range document(t, "codes/"+c.list+".yaml")["codes"].([]any) {
			if code.(object)["use"] != "transfer" {
				codes = append(codes, code.(object)["code"].(string))
			}
		}
		listed := enum(t, c.kind, c.path)
		slices.Sort(codes)
		slices.Sort(listed)
		if diff := cmp.Diff(codes, listed); diff != "" {
			t.Errorf("codes %s (-) and %s of %s (+):\n%s", c.list, c.path, c.kind, diff)
		}
	}
}

// The engine that judges here is not ours: it says whether our schemas are
// JSON Schema at all, and our own data files valid by them.
func TestOurDataIsValid(t *testing.T) {
	compiled := compile(t)
	err := fs.WalkDir(schemas.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		doc := document(t, name)
		kind, _, _ := strings.Cut(doc["format"].(string), "/")
		if err := compiled[kind].Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if id, ok := doc["id"].(string); ok && !strings.HasSuffix(name, "/"+id+".yaml") {
			t.Errorf("%s holds %s", name, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The sample holds every kind of record file, most of them with every group of
// keys; other readers and another engine judge it in testdata/e2e.
func TestTheSampleIsValid(t *testing.T) {
	compiled := compile(t)
	root := os.DirFS("../testdata/e2e/record")
	seen := map[string]bool{"pathway": true, "codes": true, "limits": true, "columns": true, "census-rules": true, "words": true} // our own data, judged above
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		doc := decode(t, name, b)
		kind, _, _ := strings.Cut(doc["format"].(string), "/")
		seen[kind] = true
		if err := compiled[kind].Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range schemas.Kinds() {
		if !seen[kind] {
			t.Errorf("the sample has no file of kind %s", kind)
		}
	}
}

func TestSchemasRefuse(t *testing.T) {
	compiled := compile(t)
	good := `{"format": "cycle/v1", "learner": "bk7m2xqt", "id": "k4f7", "opened": "2025-09-29",
		"stage": "initial-concerns", "pathway": "northumberland/1", "responsible_teacher": "grimes",
		"plan": {"date": "2025-10-02", "review_on": "2025-11-21", "targets": [{"id": "t1", "outcome": "will read"}]},
		"review": {"date": "2025-11-21", "recorded_by": "grimes", "progress": "less", "decision": "another-cycle",
			"targets": [{"target": "t1", "result": 17, "score": -1, "next": "adapt"}]}}`
	cases := []struct{ name, old, new string }{
		{"nothing wrong", "", ""},
		{"a learner id with a vowel", "bk7m2xqt", "bk7m2aqt"},
		{"a learner id that begins with a digit", "bk7m2xqt", "2k7m2xqt"},
		{"a file id that is too long", "k4f7", "k4f77"},
		{"a day that is not in the calendar", "2025-09-29", "2025-09-31"},
		{"a day the British way", "2025-09-29", "29/09/2025"},
		{"a person's name for an id", "grimes", "P. Grimes"},
		{"a misspelt key", "responsible_teacher", "responsible_teachers"},
		{"a plan without targets", `[{"id": "t1", "outcome": "will read"}]`, `[]`},
		{"a target without an outcome", `, "outcome": "will read"`, ``},
		{"empty words", "will read", ""},
		{"a control character", "will read", `\u0007`},
		{"a score off the scale", `"score": -1`, `"score": -3`},
		{"a score between", `"score": -1`, `"score": -0.5`},
		{"a number as text", `"result": 17`, `"result": "17"`},
		{"a word that is not on the list", "another-cycle", "again"},
		{"a version of another format", "cycle/v1", "cycle/v2"},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(good, c.old, c.new, 1)
			if i > 0 && text == good {
				t.Fatal("the case changes nothing")
			}
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled["cycle"].Validate(doc); (err == nil) != (i == 0) {
				t.Errorf("Validate gave %v", err)
			}
		})
	}
}

// The embedded files are those of the folder: a new one cannot be forgotten.
func TestEverythingIsEmbedded(t *testing.T) {
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && name == "testdata" { // where rapid leaves what failed
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".go") {
			return err
		}
		onDisk, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		embedded, err := schemas.FS.ReadFile(name)
		if err != nil || !bytes.Equal(onDisk, embedded) {
			t.Errorf("%s is not embedded as it is", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, check func(t *testing.T, kind string, root object)) {
	t.Helper()
	if len(schemas.Kinds()) == 0 {
		t.Fatal("no schemas")
	}
	for _, kind := range schemas.Kinds() {
		t.Run(kind, func(t *testing.T) { check(t, kind, schema(t, kind)) })
	}
}

func schema(t *testing.T, kind string) object {
	t.Helper()
	b, ok := schemas.Schema(kind)
	if !ok {
		t.Fatalf("no schema for %s", kind)
	}
	var root object
	if err := json.Unmarshal(b, &root); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return root
}

func compile(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	out := map[string]*jsonschema.Schema{}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, kind := range schemas.Kinds() {
		b, _ := schemas.Schema(kind)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		id := doc.(object)["$id"].(string)
		if err := c.AddResource(id, doc); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if out[kind], err = c.Compile(id); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
	}
	return out
}

// document is one of our YAML files.
func document(t *testing.T, name string) object {
	t.Helper()
	b, err := schemas.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, name, b)
}

// decode reads YAML into plain values; a bare date stays text.
func decode(t *testing.T, name string, b []byte) object {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal(b, &n); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var untime func(n *yaml.Node)
	untime = func(n *yaml.Node) {
		if n.Tag == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, c := range n.Content {
			untime(c)
		}
	}
	untime(&n)
	var out object
	if err := n.Decode(&out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// walk calls visit for every schema below s, with where it is.
func walk(at string, s object, visit func(at string, s object)) {
	visit(at, s)
	for _, group := range []string{"properties", "$defs"} {
		children, _ := s[group].(object)
		for name, c := range children {
			walk(at+"."+name, c.(object), visit)
		}
	}
	if items, ok := s["items"].(object); ok {
		walk(at+"[]", items, visit)
	}
}

func resolve(root, s object) object {
	ref, ok := s["$ref"].(string)
	if !ok {
		return s
	}
	found, _ := root["$defs"].(object)[strings.TrimPrefix(ref, "#/$defs/")].(object)
	return found
}

// at is the schema at a path such as "assess.concerns[].area".
func at(t *testing.T, kind, path string) object {
	t.Helper()
	root := schema(t, kind)
	s := root
	for key := range strings.SplitSeq(path, ".") {
		name, list := strings.CutSuffix(key, "[]")
		next, ok := resolve(root, s)["properties"].(object)[name].(object)
		if !ok {
			t.Fatalf("%s has no %s", kind, path)
		}
		if s = next; list {
			s = resolve(root, s)["items"].(object)
		}
	}
	return resolve(root, s)
}

func enum(t *testing.T, kind, path string) []string {
	t.Helper()
	var codes []string
	listed, _ := at(t, kind, path)["enum"].([]any)
	for _, v := range listed {
		codes = append(codes, fmt.Sprint(v))
	}
	return codes
}
