package cores

import (
	"errors"
	"runtime"
	"slices"
	"testing"
)

// withCores has a test run with so many cores, however many the computer has.
func withCores(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

func TestEachDoesEverythingOnce(t *testing.T) {
	withCores(t, 4)
	for _, n := range []int{0, 1, 3, 1000} {
		times := make([]int, n)
		var steps []int
		err := Each(n, func(done, of int) {
			if of != n {
				t.Errorf("a step of %d where there are %d", of, n)
			}
			steps = append(steps, done)
		}, func(i int) error {
			times[i]++
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if slices.ContainsFunc(times, func(done int) bool { return done != 1 }) {
			t.Errorf("of %d things, not each was done once", n)
		}
		if len(steps) != n || !slices.IsSorted(steps) || n > 0 && steps[n-1] != n {
			t.Errorf("steps of %d things: %v", n, steps)
		}
	}
}

func TestEachStopsAtAnError(t *testing.T) {
	withCores(t, 4)
	broken := errors.New("broken")
	const n = 100_000
	began := make([]bool, n)
	err := Each(n, nil, func(i int) error {
		began[i] = true
		if i == 5 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if !slices.Contains(began, false) {
		t.Error("all of it was begun after the error")
	}
}

// TestEachUsesAllCores would hang where one had to end before the next could begin.
func TestEachUsesAllCores(t *testing.T) {
	withCores(t, 2)
	met := make(chan bool)
	if err := Each(2, nil, func(i int) error {
		if i == 0 {
			met <- true
		} else {
			<-met
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
