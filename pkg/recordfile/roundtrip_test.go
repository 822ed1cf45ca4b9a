package recordfile

import (
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// every kind of file with an empty value of what it holds.
var every = map[Kind]any{
	Setting: learner.Setting{}, People: learner.People{}, Identity: learner.Identity{}, Learner: learner.Learner{}, Contacts: learner.Contacts{},
	Cycle: learner.Cycle{}, Move: learner.Move{}, Request: learner.Request{}, Decision: learner.Decision{}, Impact: learner.Impact{},
	Advice: learner.Advice{}, Correction: learner.Correction{}, Passport: learner.Passport{}, Profile: learner.Profile{},
}

var dates = cmp.Comparer(func(a, b date.Date) bool { return a == b })

// anything draws a value of any type of a record: what a person might type.
func anything(t *rapid.T, v reflect.Value, name string) {
	given := rapid.Bool().Draw(t, "given "+name)
	switch v.Interface().(type) {
	case date.Date:
		if given {
			day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 20000).Draw(t, name))
			v.Set(reflect.ValueOf(date.New(day.Year(), day.Month(), day.Day())))
		}
		return
	case learner.Words, learner.Scalar:
		if given {
			v.SetString(someWords().Draw(t, name))
		}
		return
	case learner.Number:
		if given {
			v.SetString(rapid.StringMatching(`-?(0|[1-9][0-9]{0,6})(\.[0-9]{1,3})?`).Draw(t, name))
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if given {
			v.SetString(someCode().Draw(t, name))
		}
	case reflect.Bool:
		v.SetBool(given)
	case reflect.Pointer:
		if given {
			v.Set(reflect.New(v.Type().Elem()))
			anything(t, v.Elem(), name)
			if v.Elem().IsZero() {
				v.SetZero() // a group with nothing in it is not written
			}
		}
	case reflect.Slice:
		for i := range rapid.IntRange(0, 3).Draw(t, name) {
			item := reflect.New(v.Type().Elem()).Elem()
			anything(t, item, fmt.Sprintf("%s[%d]", name, i))
			if !item.IsZero() {
				v.Set(reflect.Append(v, item))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			anything(t, v.Field(i), v.Type().Field(i).Name)
		}
	default:
		t.Fatalf("%s is a %s", name, v.Type())
	}
}

// someWords are texts as people type and paste them, hard ones among them.
func someWords() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"no", "2025-11-21", "0123", "1_000", "-", "# not a comment", "he said: \"no\"", "it's", "a: b", "[x]", "{y}", "*z", "&z", "!z", "%a", "@a", "`a`",
			"line one\nline two", "line\n\nafter a gap", "  indented", "tab\there", "ends with colon:", "null", "~", "true", "1e3", "…", "naïve", "👍", "a\u00a0b", "\u2028x", "x\u0085y", "|", ">", "? x", "'", "\"", "\\"}),
		rapid.StringN(1, 60, 120),
		rapid.StringMatching(`[a-zA-Z ,.:#'"-]{1,200}`),
	).Filter(func(s string) bool {
		return s != "" && s == strings.TrimSpace(s) && !strings.Contains(s, "\r") && checkable(s)
	})
}

// checkable leaves out what no record may hold: control characters. A carriage
// return is read as the end of a line, as Words says.
func checkable(s string) bool {
	_, err := yamldoc.Encode(yamldoc.MapOf(yamldoc.KV{Key: "k", Value: yamldoc.Words(s)}))
	return err == nil
}

func someCode() *rapid.Generator[string] {
	return rapid.OneOf(rapid.StringMatching(`[a-z][a-z0-9-]{0,20}`), rapid.SampledFrom([]string{"1:4", "no", "929", "0000", "2021", "cycle/v1", "a@b.example", "+44 1670", "null", "y", "6y10m"}))
}

// TestRoundTrip: whatever a record holds, written and read it is the same.
func TestRoundTrip(t *testing.T) {
	for k, zero := range every {
		t.Run(string(k), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				v := reflect.New(reflect.TypeOf(zero))
				anything(t, v.Elem(), string(k))
				if v.Elem().IsZero() {
					return
				}
				b, err := yamldoc.Encode(Value(v.Elem().Interface()))
				if err != nil {
					t.Fatalf("write: %v", err)
				}
				doc, findings := yamldoc.Parse("x.yaml", b)
				if diag.Worst(findings) == diag.Error {
					t.Fatalf("written and not readable: %v\n%s", findings, b)
				}
				back := reflect.New(reflect.TypeOf(zero))
				decode(doc.Root(), back.Interface())
				if diff := cmp.Diff(v.Elem().Interface(), back.Elem().Interface(), dates); diff != "" {
					t.Fatalf("(-given +read)\n%s\n%s", diff, b)
				}
			})
		})
	}
}

// TestExamplesAreCanonical: the made-up school's files, read and written anew, are
// valid and say the same; what is sealed among them is the very bytes that Bytes makes.
func TestExamplesAreCanonical(t *testing.T) {
	fsys := os.DirFS("../../examples/thornelaw")
	seen := 0
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		k, ok := KindAt(p)
		if err != nil || d.IsDir() || !ok || every[k] == nil {
			return err
		}
		src, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		doc, findings, err := Parse(p, k, src)
		if err != nil || len(findings) > 0 {
			t.Errorf("%s: %v %v", p, findings, err)
			return nil
		}
		one, two := reflect.New(reflect.TypeOf(every[k])), reflect.New(reflect.TypeOf(every[k]))
		decode(doc.Root(), one.Interface())
		again, err := Bytes(p, k, one.Elem().Interface())
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return nil
		}
		doc, _, err = Parse(p, k, again)
		if err != nil {
			return err
		}
		decode(doc.Root(), two.Interface())
		if diff := cmp.Diff(one.Elem().Interface(), two.Elem().Interface(), dates); diff != "" {
			t.Errorf("%s: %s", p, diff)
		}
		seen++
		return nil
	})
	if err != nil || seen < 5 {
		t.Errorf("%d files, %v", seen, err)
	}
}

// TestBytesRefusesInvalid: a value that makes no valid file is not written.
func TestBytesRefusesInvalid(t *testing.T) {
	_, err := Bytes("people.yaml", People, learner.People{Format: "people/v1", People: []learner.Person{{ID: "Not An Id"}}})
	faults, ok := err.(*FaultsError)
	if !ok || len(faults.Findings) == 0 || faults.Findings[0].Path == "" || faults.Findings[0].Span.Start.Line == 0 {
		t.Errorf("got %v", err)
	}
	if strings.Contains(fmt.Sprint(err), "Not An Id") {
		t.Errorf("the error holds a value of the record: %v", err)
	}
}
