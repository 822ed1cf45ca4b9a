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

// Assign puts text (or, for a list, items) at path below out, a pointer to a
// value of pkg/learner, making groups and list entries on the way. A step [t1]
// finds the entry whose first key is t1, or adds it. An error names the path.
func Assign(out any, path string, text string, items []string) error {
	p, err := yamldoc.ParsePath(path)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(out).Elem()
	for _, step := range p {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		if v, err = descend(v, step); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := put(v, text, items); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func descend(v reflect.Value, step yamldoc.Step) (reflect.Value, error) {
	if step.Key != "" {
		if v.Kind() != reflect.Struct {
			return v, fmt.Errorf("there is no %q here", step.Key)
		}
		var keys []string
		for i := range v.NumField() {
			key, _ := tag(v.Type().Field(i))
			if key == step.Key {
				return v.Field(i), nil
			}
			keys = append(keys, key)
		}
		return v, fmt.Errorf("there is no %q here%s", step.Key, diag.DidYouMean(step.Key, keys))
	}
	if v.Kind() != reflect.Slice {
		return v, fmt.Errorf("this is not a list")
	}
	if step.ID != "" {
		entry := v.Type().Elem()
		if entry.Kind() != reflect.Struct || entry.Field(0).Type.Kind() != reflect.String {
			return v, fmt.Errorf("the entries of this list have no ids; count them from [0]")
		}
		for i := range v.Len() {
			if first := v.Index(i).Field(0); first.String() == step.ID {
				return v.Index(i), nil
			}
		}
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		added := v.Index(v.Len() - 1)
		added.Field(0).SetString(step.ID)
		return added, nil
	}
	if step.Index > v.Len() {
		return v, fmt.Errorf("entry %d is missing", v.Len())
	}
	if step.Index == v.Len() {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	}
	return v.Index(step.Index), nil
}

func put(v reflect.Value, text string, items []string) error {
	if _, ok := v.Interface().(date.Date); ok {
		d, err := date.Parse(text)
		if err == nil {
			v.Set(reflect.ValueOf(d))
		}
		return err
	}
	switch v.Kind() {
	case reflect.Pointer: // a value of which it is known whether it was given
		v.Set(reflect.New(v.Type().Elem()))
		return put(v.Elem(), text, items)
	case reflect.String:
		text = strings.TrimSpace(text)
		if _, number := v.Interface().(learner.Number); number && !canonicalNumber(text) {
			return fmt.Errorf("this must be a plain number")
		}
		v.SetString(text)
	case reflect.Bool:
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "yes", "y":
			v.SetBool(true)
		case "false", "no", "n":
			v.SetBool(false)
		default:
			return fmt.Errorf("write true or false")
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.String {
			return fmt.Errorf("this is a list of groups, not of values")
		}
		s := reflect.MakeSlice(v.Type(), len(items), len(items))
		for i, item := range items {
			s.Index(i).SetString(strings.TrimSpace(item))
		}
		v.Set(s)
	default:
		return fmt.Errorf("this is a group, not a value")
	}
	return nil
}
