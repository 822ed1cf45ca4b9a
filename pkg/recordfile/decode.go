package recordfile

import (
	"reflect"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// decode fills the struct behind out from n by its yaml tags. What does not fit
// is left at zero: the shape check has already said so.
func decode(n *yamldoc.Node, out any) { decodeInto(n, reflect.ValueOf(out).Elem()) }

func decodeInto(n *yamldoc.Node, v reflect.Value) {
	if n == nil || n.Kind == yamldoc.Scalar && n.Tag == yamldoc.Null {
		return
	}
	if _, isDate := v.Interface().(date.Date); isDate {
		if d, err := date.Parse(n.Value); err == nil {
			v.Set(reflect.ValueOf(d))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if n.Kind == yamldoc.Map || v.Type().Elem().Kind() != reflect.Struct {
			v.Set(reflect.New(v.Type().Elem()))
			decodeInto(n, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if key, _ := tag(v.Type().Field(i)); key != "" {
				decodeInto(n.Get(key), v.Field(i))
			}
		}
	case reflect.Slice:
		if n.Kind != yamldoc.List {
			return
		}
		s := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
		for i, item := range n.Items {
			decodeInto(item, s.Index(i))
		}
		v.Set(s)
	case reflect.Bool:
		v.SetBool(n.Kind == yamldoc.Scalar && n.Value == "true")
	case reflect.String:
		if n.Kind == yamldoc.Scalar {
			v.SetString(n.Value)
		}
	}
}

// tag gives the key of a struct field and whether a zero value is written.
func tag(f reflect.StructField) (key string, always bool) {
	key, opt, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key, opt == "always"
}
