package report_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/report"
)

// Unacted lists what waits, oldest advice first; what is decided waits still, what
// is in place or turned down does not.
func TestUnacted(t *testing.T) {
	disk := fstest.MapFS{}
	put := func(name, text string) { disk[name] = &fstest.MapFile{Data: []byte(text)} }
	put("sendctl.yaml", "format: setting/v1\nname: Thornelaw Academy\nla: \"929\"\nestab: \"0000\"\nphase: primary\npathway: small\n")
	put("people.yaml", "format: people/v1\npeople:\n  - id: ep-osei\n    name: T. Osei\n    role: educational-psychologist\n    organisation: LA psychological services\n")
	put("pathway.yaml", "format: pathway/v1\nid: small\nversion: 1\ntitle: Small\nstages:\n  - id: universal\n    words: Everyone\n    cycles: false\nlists: []\n")
	const dir = "learners/bk7m2xqt/"
	put(dir+"learner.yaml", "format: learner/v1\nlearner: bk7m2xqt\nstage: universal\nfamily:\n  - {id: mum, relation: mother, parental_responsibility: true}\n")
	put(dir+"identity.yaml", "format: identity/v1\nlearner: bk7m2xqt\nname: Ada\nfamily:\n  - id: mum\n    name: H. Marsh\n")
	put(dir+"advice/2026-03-02-t3t3.yaml", "format: advice/v1\nlearner: bk7m2xqt\nid: t3t3\nby: ep-osei\ndate: 2026-03-02\nrecommendations:\n  - id: r1\n    words: A card.\n")
	put(dir+"advice/2026-02-10-t2t2.yaml", "format: advice/v1\nlearner: bk7m2xqt\nid: t2t2\nby: ep-osei\ndate: 2026-02-10\nconsent: mum\nrecommendations:\n  - id: r1\n    words: A key adult.\n    action: Found.\n    done: 2026-02-23\n  - id: r2\n    words: A room.\n    not_followed: There is none.\n  - id: r3\n    words: Shorter tasks.\n    action: From Easter.\n")
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("bk7m2xqt")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range report.Unacted(f, r) {
		got = append(got, strings.Join([]string{x.Advice, x.ID, x.Since.String(), x.ByName, x.Words, x.Action}, "|"))
	}
	if s := strings.Join(got, "\n"); s != "t2t2|r3|2026-02-10|T. Osei|Shorter tasks.|From Easter.\nt3t3|r1|2026-03-02|T. Osei|A card.|" {
		t.Error(s)
	}
	v := report.AdvisedOf(f, r)
	if v.Open != 2 || len(v.Advice) != 2 || v.Advice[0].Open != 1 || !strings.HasPrefix(v.Advice[0].ConsentName, "H. Marsh") || v.Advice[1].ConsentName != "" || v.Advice[0].Organisation != "LA psychological services" {
		t.Errorf("%+v", v)
	}
}
