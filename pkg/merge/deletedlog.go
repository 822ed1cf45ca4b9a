package merge

import (
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// deletedLog is a log that one side took out and the other wrote into. A log taken out
// is one whose every entry was taken back, so what the other side added to it stays; ok
// is false where that side changed an entry too, which somebody has to be asked about.
func (w *whole) deletedLog(p string, base, there []byte, goneHere bool) (out []byte, ok bool) {
	k, _ := recordfile.KindAt(p)
	if k != recordfile.Contacts && k != recordfile.Readings {
		return nil, false
	}
	key := string(k) // the list of a log is called as its file is
	b, bOK := sound(p, k, base)
	t, tOK := sound(p, k, there)
	if !bOK || !tOK {
		return nil, false
	}
	before, now := b.Root().Get(key), t.Root().Get(key)
	known := knownBy(k, key, before, now)
	has := index(known[1], now)
	for i, id := range known[0] {
		if at := has[id]; at != nil && !same(before.Items[i], at) {
			return nil, false
		}
	}
	was := index(known[0], before)
	edits, left := []yamldoc.Edit{}, 0
	for i := len(known[1]) - 1; i >= 0; i-- { // from the end, so that places hold
		entry := was[known[1][i]]
		if id := now.Items[i].Get("id"); entry != nil && id != nil && w.cited.needed(id.Value, goneHere) {
			w.note(RuleDeleted, "", id.Value+" was taken out on one side, and something that was recorded on the other names it: so it stays")
			entry = nil
		}
		if entry == nil {
			left++
			continue
		}
		edits = append(edits, yamldoc.Delete(yamldoc.Path{yamldoc.KeyStep(key), yamldoc.IndexStep(i)}))
	}
	if left == 0 {
		return nil, true
	}
	doc, err := t.Edit(edits...)
	if err != nil {
		return nil, false
	}
	return doc.Bytes(), true
}
