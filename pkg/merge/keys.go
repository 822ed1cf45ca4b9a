package merge

import (
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// entryKey says by which of its values an entry of a list is known to be the same
// on both sides. Lists that are not here are known by id where every entry has one,
// and else by the whole value of each entry. The longest name that fits counts:
// "request evidence" before "evidence".
func entryKey(k recordfile.Kind, list string) []string {
	switch string(k) + " " + list {
	case "request evidence":
		return []string{"number"}
	case "impact outcomes":
		return []string{"outcome"}
	case "request costs":
		return []string{"cycle", "provision", "what"}
	case "decision scores":
		return []string{"criterion"}
	case "advice scores":
		return []string{"what"}
	case "cycle review.targets":
		return []string{"target"}
	case "cycle review.provision":
		return []string{"provision"}
	}
	switch last(list) {
	case "sen_provision", "enrolment", "top_up", "sen_unit", "resourced_provision", "year_exceptions":
		return []string{"from"}
	case "needs":
		return []string{"rank", "type", "from"}
	case "keys":
		return []string{"public"}
	case "rates":
		return []string{"role", "from"}
	case "consents":
		return []string{"to", "given_by", "date"}
	case "holds":
		return []string{"from", "by"}
	case "readings":
		return []string{"document", "version", "who"}
	case "remotes":
		return []string{"url"}
	case "other_explanations":
		return []string{"cause"}
	case "gate":
		return []string{"check"}
	case "knowledge_and_agreement":
		return []string{"who"}
	case "readiness":
		return []string{"item"}
	}
	return nil
}

// drawn reports whether the ids of a list are given without looking: counted (t1)
// or drawn (c8rt). The same id given on both sides then means two things. The id of
// a person or a term is a name, and means the same on both sides.
func drawn(k recordfile.Kind, list string) bool {
	switch string(k) + " " + last(list) {
	case "contacts contacts", "cycle targets", "cycle provision", "cycle evidence", "learner adjustments", "learner outcomes", "advice recommendations":
		return true
	}
	return false
}

// namedBy are the keys under which files name an entry of a list by its id; elsewhere
// says that files other than the entry's own do so too.
func namedBy(list string) (keys []string, elsewhere bool) {
	switch last(list) {
	case "targets":
		return []string{"for", "target"}, false
	case "provision":
		return []string{"provision"}, true
	case "contacts":
		return []string{"cites", "told"}, true
	}
	return nil, false
}

// inOnePiece reports whether a list is one value, such as the first and last day of
// a holiday: two of them do not make a third.
func inOnePiece(list string) bool { return last(list) == "half_term" }

// order are the keys that put a list in order, the first that its entries have.
func order() []string { return []string{"date", "from", "since", "rank", "number"} }

func last(list string) string { return list[strings.LastIndexByte(list, '.')+1:] }

// known is what an entry is known by within one list of one side.
type known string

// knownBy gives what each entry of a list is known by, side by side. Where one side
// has several that would be known by the same, their whole value counts too, so that
// their order does not.
func knownBy(k recordfile.Kind, list string, sides ...*yamldoc.Node) [][]known {
	keys := entryKey(k, list)
	if keys == nil && haveIDs(sides...) {
		keys = []string{"id"}
	}
	out := make([][]known, len(sides))
	double := map[known]bool{}
	for i, side := range sides {
		n := map[known]int{}
		for _, it := range itemsOf(side) {
			key := keyOfEntry(it, keys)
			out[i] = append(out[i], key)
			n[key]++
			double[key] = double[key] || n[key] > 1
		}
	}
	for i, side := range sides {
		turn := map[known]int{}
		for j, it := range itemsOf(side) {
			key := out[i][j]
			if double[key] {
				key += known("\x01" + text(it))
			}
			turn[key]++
			if n := turn[key]; n > 1 {
				key += known("\x02" + strconv.Itoa(n))
			}
			out[i][j] = key
		}
	}
	return out
}

func keyOfEntry(it *yamldoc.Node, keys []string) known {
	if it.Kind != yamldoc.Map {
		keys = nil
	}
	var b strings.Builder
	some := false
	for _, name := range keys {
		v := it.Get(name)
		some = some || something(v) != nil
		b.WriteString("\x00" + text(v))
	}
	if !some {
		return known("=" + text(it))
	}
	return known(b.String())
}

func itemsOf(list *yamldoc.Node) []*yamldoc.Node {
	if list == nil || list.Kind != yamldoc.List {
		return nil
	}
	return list.Items
}

// haveIDs reports whether every entry of these lists is a group with an id.
func haveIDs(lists ...*yamldoc.Node) bool {
	n := 0
	for _, l := range lists {
		if l == nil || l.Kind != yamldoc.List {
			continue
		}
		for _, it := range l.Items {
			if it.Kind != yamldoc.Map || it.Get("id") == nil {
				return false
			}
			n++
		}
	}
	return n > 0
}
