package term

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/form"
)

// parse makes an answer of a clean, not empty line for the kinds that take one
// line; else it says why it can't.
func (a *asking) parse(text string) (form.Answer, bool) {
	switch a.q.Kind {
	case form.Number:
		if fault := numberFault(text); fault != "" {
			a.p.say("%s", fault)
			return form.Answer{}, false
		}
	case form.Date:
		d, ok := readDate(text, a.p.Today)
		if !ok {
			a.p.say("%s", dateFault(text, a.p.Today))
			return form.Answer{}, false
		}
		if !a.told {
			a.p.print(d.String() + " (" + d.Long() + ")")
		}
		return form.Answer{Text: d.String()}, true
	case form.YesNo:
		switch strings.ToLower(text) {
		case "y", "yes", "true":
			return form.Answer{Text: "true"}, true
		case "n", "no", "false":
			return form.Answer{Text: "false"}, true
		}
		a.p.say("please answer yes or no; y and n will do")
		return form.Answer{}, false
	case form.Choice:
		o, fault := a.choose(text)
		if fault != "" {
			a.p.say("%s", fault)
			return form.Answer{}, false
		}
		a.readBack(text, []form.Option{o})
		return form.Answer{Text: o.Value}, true
	case form.Many:
		os, fault := a.chooseMany(text)
		if fault != "" {
			a.p.say("%s", fault)
			return form.Answer{}, false
		}
		a.readBack(text, os)
		given := form.Answer{}
		for _, o := range os {
			given.Items = append(given.Items, o.Value)
		}
		return given, true
	}
	return form.Answer{Text: text}, true
}

// readBack says what was chosen, unless exactly those words were typed.
func (a *asking) readBack(text string, os []form.Option) {
	if a.told || len(os) == 1 && fold(text) == fold(optionWords(os[0])) {
		return
	}
	var words []string
	for _, o := range os {
		words = append(words, optionWords(o))
	}
	a.p.print(a.p.s.Wrap(Safe(strings.Join(words, "; ")), ""))
}

// optionWords is what a person reads of o. The code is for files: at the terminal
// it may be typed, and is not in the way of the words.
func optionWords(o form.Option) string {
	if o.Words == "" {
		return o.Value
	}
	return o.Words
}

// fold makes spellings equal that mean the same: case, "-", "_" and spaces.
func fold(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(text))), " ")
}

// numbered reports whether the options are numbered when listed. They are not
// where the codes are numbers themselves: two numbers for one thing mislead.
func numbered(os []form.Option) bool {
	for _, o := range os {
		if _, ok := figures(o.Value); ok {
			return false
		}
	}
	return true
}

// choose finds the option meant by text: its code or words, its number, or a
// beginning that fits one alone.
func (a *asking) choose(text string) (form.Option, string) {
	os, t := a.q.Options, fold(text)
	for _, o := range os {
		if o.Value == text {
			return o, ""
		}
	}
	for _, o := range os {
		if t == fold(o.Value) || t == fold(o.Words) || t == fold(optionWords(o)) {
			return o, ""
		}
	}
	if n, ok := figures(strings.TrimSuffix(text, ".")); ok && numbered(os) {
		if n < 1 || n > len(os) {
			return form.Option{}, "the list goes from 1 to " + thousands(len(os))
		}
		return os[n-1], ""
	}
	var fits []form.Option
	for _, o := range os {
		if t != "" && (strings.HasPrefix(fold(o.Value), t) || strings.HasPrefix(fold(o.Words), t)) {
			fits = append(fits, o)
		}
	}
	switch len(fits) {
	case 1:
		return fits[0], ""
	case 0:
		return form.Option{}, `"` + text + `" is none of these` + a.suggest(text)
	}
	var words []string
	for _, o := range fits {
		words = append(words, optionWords(o))
	}
	return form.Option{}, `"` + text + `" could be ` + orList(words) + `; please type more of it`
}

// suggest is the end of the sentence that refuses text.
func (a *asking) suggest(text string) string {
	var known []string
	for _, o := range a.q.Options {
		known = append(known, o.Value)
		if o.Words != "" {
			known = append(known, o.Words)
		}
	}
	if end := diag.DidYouMean(text, known); end != "" {
		return end
	}
	return "; ? shows the list again"
}

// chooseMany finds several options, between commas, or spaces where what stands
// between commas is no option as a whole.
func (a *asking) chooseMany(text string) ([]form.Option, string) {
	var os []form.Option
	add := func(o form.Option) {
		for _, had := range os {
			if had.Value == o.Value {
				return
			}
		}
		os = append(os, o)
	}
	for _, piece := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
		piece = strings.TrimSpace(piece)
		if piece == "" {
			continue
		}
		o, fault := a.choose(piece)
		if fault == "" {
			add(o)
			continue
		}
		words := strings.Fields(piece)
		if len(words) == 1 {
			return nil, fault
		}
		for _, w := range words {
			o, fault := a.choose(w)
			if fault != "" {
				return nil, fault
			}
			add(o)
		}
	}
	if len(os) == 0 {
		return nil, "that names none of these; ? shows the list again"
	}
	return os, ""
}

// orList is "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// numberFault says why text is no plain number, or "".
func numberFault(text string) string {
	body := strings.TrimLeft(text, "+-")
	if len(text)-len(body) > 1 {
		body = "" // two signs
	}
	whole, part, point := strings.Cut(body, ".")
	_, wholeOK := figures(whole)
	_, partOK := figures(part)
	if len(body) <= 18 && wholeOK && (!point || partOK) {
		return ""
	}
	if comma := strings.ReplaceAll(text, ",", ""); comma != text && numberFault(comma) == "" {
		if i := strings.IndexByte(text, ','); len(text)-i-1 != 3 && strings.Count(text, ",") == 1 {
			return "a number with a full stop is wanted, not a comma: " + strings.ReplaceAll(text, ",", ".")
		}
		return "please leave the comma out: " + comma
	}
	if bare := strings.Trim(text, "£% "); bare != text && numberFault(bare) == "" {
		return "the number alone, please: " + bare
	}
	return "that is not a number; 12 or 3.5 would be"
}

// dateFault says why text is no day.
func dateFault(text string, today date.Date) string {
	const forms = "2025-11-21, 21/11/2025 or 21 Nov 2025, today or yesterday"
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) == 3 {
		if _, swapped := readDate(parts[1]+"/"+parts[0]+"/"+parts[2], today); swapped {
			return "there is no such day: the day comes first, then the month"
		}
		return "there is no such day; it can be written as " + forms
	}
	return "that is not a day I can read; it can be written as " + forms
}
