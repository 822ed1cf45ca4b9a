package cli

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs every script of testdata/script, each in a folder of its own
// on a clock of its own: 22 November 2026 at ten, unless it sets SCRIPT_NOW.
//
//	go test ./pkg/cli -run 'Scripts/NAME' -v
func TestScripts(t *testing.T) {
	demo := theDemo(t)
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("..", "..", "testdata", "script"),
		RequireUniqueNames: true,
		UpdateScripts:      *update,
		Setup: func(env *testscript.Env) error {
			vars, err := scriptSetup(env.WorkDir)
			env.Vars = append(env.Vars, vars...)
			return err
		},
		Condition: scriptCondition,
		Cmds:      scriptCommands(demo, buildSchool(t)),
	})
}
