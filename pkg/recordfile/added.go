package recordfile

import (
	"fmt"
	"reflect"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/wording"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Assigned is what one place of a file shall say: several texts for a list.
type Assigned struct {
	Path  string
	Texts []string
}

// Added gives the edits by which doc, a file of kind k, comes to hold values at
// places that are not there yet. Values of the same new group or list entry are
// written together, in the order and style of a file made by the program. An
// error names the path.
func Added(doc *yamldoc.Doc, k Kind, values []Assigned) ([]yamldoc.Edit, error) {
	out := blank(k)
	decode(doc.Root(), out)
	var roots []yamldoc.Path
	seen := map[string]bool{}
	for _, x := range values {
		p, err := yamldoc.ParsePath(x.Path)
		if err != nil {
			return nil, err
		}
		if err := Assign(out, x.Path, x.Texts[len(x.Texts)-1], x.Texts); err != nil {
			return nil, err
		}
		if v, err := reach(reflect.ValueOf(out).Elem(), p); err == nil && len(x.Texts) > 1 && v.Kind() != reflect.Slice {
			return nil, fmt.Errorf("%s: this is given twice, and holds one value", x.Path)
		}
		n := 1
		for n < len(p) && doc.Find(p[:n]) != nil {
			n++
		}
		if root := p[:n]; !seen[root.String()] {
			seen[root.String()] = true
			roots = append(roots, root)
		}
	}
	var edits []yamldoc.Edit
	for _, root := range roots {
		above, last := root[:len(root)-1], root[len(root)-1]
		v, err := reach(reflect.ValueOf(out).Elem(), above)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", root, err)
		}
		entry, err := descend(v, last)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", root, err)
		}
		if last.IsKey() {
			edits = append(edits, Put(above, last.Key, v.Type(), entry.Interface()))
		} else {
			edits = append(edits, yamldoc.Append(above, Value(entry.Interface())))
		}
	}
	return edits, nil
}

// reach goes down to the value at p, which is there.
func reach(v reflect.Value, p yamldoc.Path) (reflect.Value, error) {
	var err error
	for i := 0; ; i++ {
		for v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		if i == len(p) {
			return v, nil
		}
		if v, err = descend(v, p[i]); err != nil {
			return v, err
		}
	}
}

// blank is a pointer to an empty value of the type that files of kind k hold.
func blank(k Kind) any {
	switch k {
	case Setting:
		return &learner.Setting{}
	case People:
		return &learner.People{}
	case Pathway:
		return &pathway.Pathway{}
	case Identity:
		return &learner.Identity{}
	case Learner:
		return &learner.Learner{}
	case Contacts:
		return &learner.Contacts{}
	case Cycle:
		return &learner.Cycle{}
	case Move:
		return &learner.Move{}
	case Request:
		return &learner.Request{}
	case Decision:
		return &learner.Decision{}
	case Letter:
		return &learner.Letter{}
	case Impact:
		return &learner.Impact{}
	case Advice:
		return &learner.Advice{}
	case Correction:
		return &learner.Correction{}
	case Passport:
		return &learner.Passport{}
	case Profile:
		return &learner.Profile{}
	case Readings:
		return &learner.Readings{}
	case Key:
		return &learner.KeyChange{}
	case Removal:
		return &learner.Removal{}
	case Handover:
		return &learner.Handover{}
	case Receipt:
		return &learner.Receipt{}
	case Arrival:
		return &learner.Arrival{}
	case Codes:
		return &pathway.CodeList{}
	case Limits:
		return &pathway.Limits{}
	case CensusRules:
		return &pathway.CensusRules{}
	case Words:
		return &wording.WordLists{}
	}
	panic("recordfile: no type for kind " + string(k))
}
