//go:build e2e

package trail

import "testing"

func TestBesideGitAtLength(t *testing.T) {
	for range 20 {
		race(t, 40, 40)
	}
}
