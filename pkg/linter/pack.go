package linter

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
)

// What a record brought is kept packed: findings and facts as a few bytes each, with no
// word that would hold on to the file it was read from. Packed and unpacked is what
// every run works with, whether it was read today or kept from yesterday.

// pack appends a value: strings, numbers, truths, dates, and structs and lists of them.
func pack(to []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		to = binary.AppendUvarint(to, uint64(v.Len()))
		return append(to, v.String()...)
	case reflect.Bool:
		if v.Bool() {
			return append(to, 1)
		}
		return append(to, 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(to, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(to, v.Uint())
	case reflect.Slice:
		to = binary.AppendUvarint(to, uint64(v.Len()))
		for i := range v.Len() {
			to = pack(to, v.Index(i))
		}
		return to
	case reflect.Pointer:
		if v.IsNil() {
			return append(to, 0)
		}
		return pack(append(to, 1), v.Elem())
	case reflect.Struct:
		if v.Type() == dateType() {
			return packDate(to, v.Interface().(date.Date))
		}
		if v.IsZero() { // as most marks and places of a learner's facts are
			return append(to, 0)
		}
		to = append(to, 1)
		for i := range v.NumField() {
			to = pack(to, v.Field(i))
		}
		return to
	}
	panic(fmt.Sprintf("%s cannot be kept", v.Type())) // a fault of the program: the tests pack every type there is
}

func dateType() reflect.Type { return reflect.TypeFor[date.Date]() }

func packDate(to []byte, d date.Date) []byte { return binary.AppendUvarint(to, uint64(numberOf(d))) }

// dayNumber is a date as a number: later ones are greater, and that of no date is zero.
type dayNumber uint64

func numberOf(d date.Date) dayNumber {
	return dayNumber(d.Year())<<9 | dayNumber(d.Month())<<5 | dayNumber(d.Day())
}

// unpacking reads what pack wrote. Strings are parts of the text it reads from.
type unpacking struct {
	rest string
	torn bool
}

func (u *unpacking) byte() byte {
	if u.rest == "" {
		u.torn = true
		return 0
	}
	b := u.rest[0]
	u.rest = u.rest[1:]
	return b
}

func (u *unpacking) uint() uint64 {
	var x uint64
	for shift := 0; shift < 64; shift += 7 {
		b := u.byte()
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return x
		}
	}
	u.torn = true
	return 0
}

func (u *unpacking) int() int64 {
	x := u.uint()
	if x&1 != 0 {
		return ^int64(x >> 1)
	}
	return int64(x >> 1)
}

// text reads n bytes.
func (u *unpacking) text(n uint64) string {
	if n > uint64(len(u.rest)) {
		u.torn, u.rest = true, ""
		return ""
	}
	s := u.rest[:n]
	u.rest = u.rest[n:]
	return s
}

func (u *unpacking) date() date.Date {
	x := u.uint()
	if x == 0 {
		return date.Date{}
	}
	return date.New(int(x>>9), time.Month(x>>5&15), int(x&31))
}

// value fills v, which is zero or has room for a list. A count that the text cannot hold is torn before anything is made for it.
func (u *unpacking) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(u.text(u.uint()))
	case reflect.Bool:
		v.SetBool(u.byte() == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(u.int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(u.uint())
	case reflect.Slice:
		n := u.uint()
		if n > uint64(len(u.rest)) {
			u.torn = true
		}
		if n == 0 || u.torn {
			return
		}
		if v.Cap() >= int(n) { // there is room for it already
			v.SetLen(int(n))
		} else {
			v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		}
		for i := range int(n) {
			if u.torn {
				return
			}
			u.value(v.Index(i))
		}
	case reflect.Pointer:
		if u.byte() == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			u.value(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == dateType() {
			*(v.Addr().Interface().(*date.Date)) = u.date()
			return
		}
		if u.byte() != 1 {
			return
		}
		for i := range v.NumField() {
			if u.torn {
				return
			}
			u.value(v.Field(i))
		}
	}
}

// shape describes a type to the last field: what was packed of another shape is not read.
func shape(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		return t.Kind().String() + " " + shape(t.Elem())
	case reflect.Struct:
		if t == dateType() {
			return "date"
		}
		var b strings.Builder
		for f := range t.Fields() {
			b.WriteString(f.Name + " " + shape(f.Type) + ";")
		}
		return "{" + b.String() + "}"
	}
	return t.Kind().String()
}
