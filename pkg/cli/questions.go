package cli

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/term"
)

// printQuestions lists the questions that a form would ask now, with the path of
// each in an answers file. More may come up, depending on the answers.
func (e *Env) printQuestions(qs []form.Question) error {
	if e.flags.json {
		type choice struct {
			Value string `json:"value"`
			Words string `json:"words"`
		}
		type question struct {
			Path     string   `json:"path"`
			Flag     string   `json:"flag,omitempty"`
			Ask      string   `json:"ask"`
			Kind     string   `json:"kind"`
			Options  []choice `json:"options,omitempty"`
			Default  string   `json:"default,omitempty"`
			Optional bool     `json:"optional"`
		}
		out := []question{}
		for _, q := range qs {
			x := question{Path: q.Path, Flag: q.Flag, Ask: q.Ask, Kind: kindWords(q.Kind), Default: q.Default, Optional: q.Optional}
			for _, o := range q.Options {
				x.Options = append(x.Options, choice{o.Value, o.Words})
			}
			out = append(out, x)
		}
		if err := e.printJSON(struct {
			Format    string     `json:"format"`
			Questions []question `json:"questions"`
		}{"sendctl-questions/1", out}); err != nil {
			return err
		}
		return errSaid
	}
	for _, q := range qs {
		need := "needed"
		switch {
		case q.Default != "" && q.Follows:
			need = "else " + q.Default
		case q.Optional:
			need = "may be left out"
		case q.Default != "":
			need = "needed; often " + q.Default
		}
		fmt.Fprintf(e.Out, "%s  (%s; %s)\n%s\n", q.Path, kindWords(q.Kind), need, e.Wrap(term.Safe(q.Ask), "    "))
		if len(q.Options) > 0 {
			var codes []string
			for _, o := range q.Options {
				codes = append(codes, option(o, len(q.Options)))
			}
			fmt.Fprintln(e.Out, e.Wrap("one of: "+term.Safe(strings.Join(codes, ", ")), "    "))
		}
	}
	fmt.Fprintln(e.Out, e.Wrap("Some answers open further questions: give them, and ask again with --questions.", ""))
	return errSaid
}

// option is a code to choose, with its words where the list is short enough to
// read and the code does not say it by itself.
func option(o form.Option, of int) string {
	if of > 12 || o.Words == "" || strings.EqualFold(strings.ReplaceAll(o.Value, "-", " "), o.Words) {
		return o.Value
	}
	return o.Value + " (" + o.Words + ")"
}

func kindWords(k form.Kind) string {
	switch k {
	case form.List:
		return "list of texts"
	case form.Number:
		return "number"
	case form.Date:
		return "date"
	case form.Choice:
		return "choice"
	case form.Many:
		return "list of choices"
	case form.YesNo:
		return "true or false"
	}
	return "text"
}
