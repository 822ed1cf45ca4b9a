package recordfile

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// flowWidth is the longest group written on one line, in characters.
const flowWidth = 88

// Bytes writes v, a value of pkg/learner, as a whole new file of kind k in the
// house style, and proves it by reading it back: an error means that v itself
// does not make a valid file, and holds the findings.
func Bytes(path string, k Kind, v any) ([]byte, error) {
	b, err := yamldoc.Encode(Value(v))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	_, findings, err := Parse(path, k, b)
	if err != nil {
		return nil, err
	}
	if diag.Worst(findings) == diag.Error {
		return nil, &FaultsError{Findings: findings}
	}
	return b, nil
}

// Value gives v as something yamldoc can write: words in block style, groups of
// codes, dates and numbers on one line.
func Value(v any) yamldoc.Value {
	out, _ := value(reflect.ValueOf(v), false)
	return out
}

// Put is the edit that writes v under key in the group at path, in the place the
// type t of that group gives it among its sisters.
func Put(at yamldoc.Path, key string, group reflect.Type, v any) yamldoc.Edit {
	p := append(append(yamldoc.Path{}, at...), yamldoc.Step{Key: key})
	return yamldoc.SetAfter(p, Value(v), before(group, key)...)
}

// Before lists the keys that stand before key in a group of v's type, in order.
func Before(v any, key string) []string { return before(reflect.TypeOf(v), key) }

func before(t reflect.Type, key string) []string {
	var keys []string
	for i := range t.NumField() {
		k, _ := tag(t.Field(i))
		if k == key {
			return keys
		}
		keys = append(keys, k)
	}
	return keys
}

// value gives v and whether it may stand on one line with others (no words in it).
func value(v reflect.Value, nested bool) (out yamldoc.Value, inline bool) {
	switch x := v.Interface().(type) {
	case date.Date:
		return yamldoc.Raw(x.String()), true
	case learner.Words:
		return yamldoc.Words(string(x)), false
	case learner.Number:
		return yamldoc.Raw(string(x)), true
	case learner.Scalar:
		return scalar(string(x)), false
	}
	switch v.Kind() {
	case reflect.Pointer:
		return value(v.Elem(), nested)
	case reflect.Bool:
		return yamldoc.Raw(fmt.Sprint(v.Bool())), true
	case reflect.String:
		return yamldoc.Code(v.String()), len(v.String()) <= flowWidth/2
	case reflect.Slice:
		return list(v)
	case reflect.Struct:
		return group(v, nested)
	}
	panic(fmt.Sprintf("recordfile: a %s cannot be written", v.Type()))
}

func list(v reflect.Value) (yamldoc.Value, bool) {
	items := make([]yamldoc.Value, v.Len())
	inline, width := v.Type().Elem().Kind() != reflect.Struct, 0
	for i := range items {
		item, in := value(v.Index(i), true)
		items[i] = item
		inline = inline && in
		width += 2 + scalarWidth(v.Index(i))
	}
	if inline && width <= flowWidth {
		return yamldoc.FlowList(items...), true
	}
	return yamldoc.ListOf(items...), false
}

func group(v reflect.Value, nested bool) (yamldoc.Value, bool) {
	var pairs []yamldoc.KV
	inline, width := nested, 0
	for i := range v.NumField() {
		key, always := tag(v.Type().Field(i))
		if key == "" || !always && empty(v.Field(i)) {
			continue
		}
		item, in := value(v.Field(i), true)
		if k := v.Field(i).Kind(); k == reflect.Struct && !isDate(v.Field(i)) || k == reflect.Pointer {
			in = false // one group on a line is readable, a group in a group is not
		}
		pairs = append(pairs, yamldoc.KV{Key: key, Value: item})
		inline = inline && in
		width += len(key) + 4 + scalarWidth(v.Field(i))
	}
	if inline && width <= flowWidth {
		return yamldoc.FlowMap(pairs...), true
	}
	return yamldoc.MapOf(pairs...), false
}

func isDate(v reflect.Value) bool {
	_, ok := v.Interface().(date.Date)
	return ok
}

// empty reports whether v is not given: zero, or a list or group with nothing in it.
func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
}

func scalarWidth(v reflect.Value) int {
	switch {
	case isDate(v):
		return 10
	case v.Kind() == reflect.String:
		return v.Len() + 2
	case v.Kind() == reflect.Slice:
		w := 2
		for i := range v.Len() {
			w += 2 + scalarWidth(v.Index(i))
		}
		return w
	}
	return 5
}

// scalar writes a value of any kind as the kind it reads as: a number, a day, true
// or false as they are, a word as a code, anything else as words.
func scalar(s string) yamldoc.Value {
	if _, err := date.Parse(s); err == nil {
		return yamldoc.Raw(s)
	}
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" && !canonicalNumber(s) && s != "true" && s != "false" {
		return yamldoc.Code(s)
	}
	if _, ok := learner.Number(s).Float(); ok && canonicalNumber(s) || s == "true" || s == "false" {
		return yamldoc.Raw(s)
	}
	return yamldoc.Words(s)
}

// canonicalNumber reports whether every YAML reads s as the same plain number.
func canonicalNumber(s string) bool {
	if len(s) > 0 && s[0] == '-' {
		s = s[1:]
	}
	if s == "" || s[0] == '0' && len(s) > 1 && s[1] != '.' {
		return false
	}
	dots := 0
	for i, c := range s {
		if c == '.' && i > 0 && i < len(s)-1 {
			dots++
		} else if c < '0' || c > '9' {
			return false
		}
	}
	return dots <= 1
}
