package yamldoc

import (
	"os"
	"testing"
)

func readCycle(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("testdata/cycle.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestCycleHasNoFault(t *testing.T) {
	if _, found := Parse("cycle.yaml", readCycle(t)); len(found) > 0 {
		t.Errorf("findings: %+v", found)
	}
}
