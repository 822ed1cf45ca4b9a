package cli

import (
	"fmt"
	"runtime"
	"sync"
)

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// each runs do for 0 … n-1 on all cores and stops at the first error.
func (e *Env) each(n int, step func(done, of int), do func(int) error) error {
	var mu sync.Mutex
	var first error
	next, done := 0, 0
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				stop := first != nil || i >= n
				mu.Unlock()
				if stop {
					return
				}
				err := do(i)
				mu.Lock()
				if err != nil && first == nil {
					first = err
				}
				done++
				step(done, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return first
}
