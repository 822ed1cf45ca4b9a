package archtest

// floors are the floors of the house, lowest first. A package imports only from
// floors below its own. Planned packages may stand here before they are built;
// a built package that does not stand here fails the test.
func floors() [][]string {
	return [][]string{
		{"pkg/date", "pkg/ids", "pkg/diag", "pkg/cores", "schemas"},
		{"pkg/form", "pkg/learner", "pkg/yamldoc", "pkg/diagfmt"},
		{"pkg/pathway", "pkg/seal", "pkg/sheet", "pkg/cost", "pkg/wording"},
		{"pkg/recordfile"},
		{"pkg/folder", "pkg/exchange"},
		{"pkg/gate"},
		{"pkg/rules", "pkg/census", "pkg/report", "pkg/merge", "examples"},
		{"pkg/objects", "pkg/sshkey", "pkg/store", "pkg/trail", "pkg/term", "pkg/term/termtest", "pkg/parcel", "pkg/render"},
		{"pkg/casework", "pkg/audit", "pkg/linter"},
		{"pkg/cli"},
		{"cmd/sendctl", "cmd/gendocs", "cmd/genrecords", "pkg/archtest"},
	}
}

// pureFloors is how many floors, from the lowest, take bytes or an fs.FS and
// build for a browser: no disk, no process, no network, no clock of their own.
const pureFloors = 7

// neighbours are the imports allowed on one floor, each with its reason.
func neighbours() map[[2]string]string {
	return map[[2]string]string{
		{"pkg/trail", "pkg/objects"}: "trail writes history beside git, objects reads git's store for it; neither knows a record",
	}
}

// owners are the foreign libraries and the only packages that may import them,
// so that each can be exchanged in one place. Tests are free to use any.
func owners() map[string][]string {
	return map[string][]string{
		"gopkg.in/yaml.v3":                         {"pkg/yamldoc"},
		"go.yaml.in/yaml/v4":                       {"pkg/yamldoc"},
		"github.com/go-git/go-git/v5":              {"pkg/trail"},
		"github.com/go-git/go-billy/v5":            {"pkg/trail"},
		"github.com/olekukonko/tablewriter":        {"pkg/term"},
		"golang.org/x/term":                        {"pkg/term"},
		"github.com/hiddeco/sshsig":                {"pkg/seal"},
		"golang.org/x/crypto/ssh":                  {"pkg/seal", "pkg/sshkey", "pkg/trail"},
		"github.com/spf13/cobra":                   {"pkg/cli", "cmd/gendocs"},
		"github.com/spf13/pflag":                   {"pkg/cli", "cmd/gendocs"},
		"filippo.io/age":                           {"pkg/parcel"},
		"github.com/boombuler/barcode":             {"pkg/render"},
		"github.com/gofrs/flock":                   {"pkg/store"},
		"golang.org/x/sys":                         {"pkg/linter", "pkg/objects", "pkg/store", "pkg/term", "pkg/term/termtest"}, // mapped packs, the console
		"github.com/google/go-cmp":                 nil,                                                                         // nil: tests only
		"pgregory.net/rapid":                       nil,
		"github.com/rogpeppe/go-internal":          nil,
		"github.com/santhosh-tekuri/jsonschema/v6": nil, // the published schemas are checked by it, the record by our own walker
		"github.com/xuri/excelize/v2":              nil, // reads back the workbooks that we write ourselves
	}
}
