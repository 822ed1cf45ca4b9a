package form

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
)

// Given makes an answer to q of values that were not typed at its prompt: from a
// file or a flag. It applies the rules the prompt applies, and says what is wrong.
func (q Question) Given(values []string) (Answer, error) {
	var a Answer
	switch q.Kind {
	case List:
		a.Items = values
	case Many:
		for _, v := range values {
			a.Items = append(a.Items, strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })...)
		}
	default:
		if len(values) != 1 {
			return a, fmt.Errorf("one value is wanted here, and %d were given", len(values))
		}
		a.Text = strings.TrimSpace(values[0])
	}
	if a.Empty() {
		return a, errors.New("the value is empty")
	}
	if err := q.fits(&a); err != nil {
		return a, err
	}
	if q.Check != nil {
		return a, q.Check(a)
	}
	return a, nil
}

func (q Question) fits(a *Answer) error {
	switch q.Kind {
	case Line, Words:
		return visible(a.Text)
	case List:
		for _, x := range a.Items {
			if err := visible(x); err != nil {
				return err
			}
		}
	case Number:
		if !plainNumber(a.Text) {
			return errors.New("this is not a plain number")
		}
	case Date:
		if _, err := date.Parse(a.Text); err != nil {
			return err
		}
	case YesNo:
		switch strings.ToLower(a.Text) {
		case "true", "yes", "y":
			a.Text = "true"
		case "false", "no", "n":
			a.Text = "false"
		default:
			return errors.New("write yes or no")
		}
	case Choice:
		return q.known(a.Text)
	case Many:
		for _, x := range a.Items {
			if err := q.known(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// visible refuses what no file of the record may hold: bytes that are no text, and
// control characters other than tabs and the ends of lines.
func visible(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("this is not text: it is not UTF-8")
	}
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f {
			return fmt.Errorf("this holds a control character nobody can see, U+%04X; delete it", r)
		}
	}
	return nil
}

// known reports whether code is one of the options. The word that was given is
// not repeated: it may stand in a script's log.
func (q Question) known(code string) error {
	var codes []string
	for _, o := range q.Options {
		if o.Value == code {
			return nil
		}
		codes = append(codes, o.Value)
	}
	if near := diag.Suggest(code, codes); near != "" {
		return fmt.Errorf("this is not one of the answers; did you mean %q? There are: %s", near, strings.Join(codes, ", "))
	}
	return fmt.Errorf("this is not one of the answers; there are: %s", strings.Join(codes, ", "))
}

// mostDigits is the longest number that every reader of the files keeps exact.
const mostDigits = 15

func plainNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, part, dotted := strings.Cut(s, ".")
	digits := func(s string) bool {
		return s != "" && strings.Trim(s, "0123456789") == ""
	}
	return len(whole)+len(part) <= mostDigits && digits(whole) && (whole == "0" || whole[0] != '0') && (!dotted || digits(part))
}
