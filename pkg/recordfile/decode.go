package recordfile

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// decode fills the struct behind out from n by its yaml tags. What does not fit
// is left at zero: the shape check has already said so.
func decode(n *yamldoc.Node, out any) {
	v := reflect.ValueOf(out).Elem()
	decoders().of(v.Type()).into(n, v)
}

// decoder knows how a node becomes a value of one type. It is made once of a type:
// looking at tags for every value of every file was a fifth of reading it.
type decoder struct {
	kind   reflect.Kind
	date   bool
	fields []decodedField // of a struct
	elem   *decoder       // what a pointer leads to, or a list holds
}

type decodedField struct {
	key   string
	index int
	*decoder
}

// maxFields is how many fields decoder.group can tell apart.
const maxFields = 64

type decoderSet struct {
	mu  sync.RWMutex
	all map[reflect.Type]*decoder
}

var decoders = sync.OnceValue(func() *decoderSet { return &decoderSet{all: map[reflect.Type]*decoder{}} })

func (s *decoderSet) of(t reflect.Type) *decoder {
	s.mu.RLock()
	d := s.all[t]
	s.mu.RUnlock()
	if d == nil {
		d = decoderOf(t)
		s.mu.Lock()
		s.all[t] = d
		s.mu.Unlock()
	}
	return d
}

// decoderOf makes the decoder of a type; none of ours holds itself.
func decoderOf(t reflect.Type) *decoder {
	d := &decoder{kind: t.Kind(), date: t == reflect.TypeFor[date.Date]()}
	switch {
	case d.date:
	case d.kind == reflect.Pointer, d.kind == reflect.Slice:
		d.elem = decoderOf(t.Elem())
	case d.kind == reflect.Struct:
		for i := range t.NumField() {
			if key, _ := tag(t.Field(i)); key != "" {
				d.fields = append(d.fields, decodedField{key, i, decoderOf(t.Field(i).Type)})
			}
		}
		if len(d.fields) > maxFields {
			panic(fmt.Sprintf("recordfile: %s has more fields than a decoder counts", t))
		}
	}
	return d
}

// into fills v, which is zero, from n.
func (d *decoder) into(n *yamldoc.Node, v reflect.Value) {
	if n == nil || n.Kind == yamldoc.Scalar && n.Tag == yamldoc.Null {
		return
	}
	if d.date {
		if day, err := date.Parse(n.Value); err == nil {
			*v.Addr().Interface().(*date.Date) = day
		}
		return
	}
	switch d.kind {
	case reflect.Pointer:
		if n.Kind == yamldoc.Map || d.elem.kind != reflect.Struct {
			v.Set(reflect.New(v.Type().Elem()))
			d.elem.into(n, v.Elem())
		}
	case reflect.Struct:
		d.group(n, v)
	case reflect.Slice:
		if n.Kind != yamldoc.List {
			return
		}
		if len(n.Items) == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0)) // said to be empty, not left out
			return
		}
		v.Grow(len(n.Items)) // as MakeSlice does, without a header to throw away
		v.SetLen(len(n.Items))
		for i, item := range n.Items {
			d.elem.into(item, v.Index(i))
		}
	case reflect.Bool:
		v.SetBool(n.Kind == yamldoc.Scalar && n.Value == "true")
	case reflect.String:
		if n.Kind == yamldoc.Scalar {
			v.SetString(n.Value)
		}
	}
}

// group fills the struct v from the map n. Keys mostly stand in the order of the fields,
// so that each is looked for behind the last one found. Of a key given twice the first
// counts.
func (d *decoder) group(n *yamldoc.Node, v reflect.Value) {
	if n.Kind != yamldoc.Map {
		return
	}
	var given uint64
	next := 0
	for i := range n.Pairs {
		p := &n.Pairs[i]
		if p.Key.Kind != yamldoc.Scalar {
			continue
		}
		for range d.fields {
			f := &d.fields[next]
			at := next
			if next++; next == len(d.fields) {
				next = 0
			}
			if f.key == p.Key.Value {
				if given&(1<<at) == 0 {
					given |= 1 << at
					f.into(p.Value, v.Field(f.index))
				}
				break
			}
		}
	}
}

// tag gives the key of a struct field and whether a zero value is written.
func tag(f reflect.StructField) (key string, always bool) {
	key, opt, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key, opt == "always"
}
