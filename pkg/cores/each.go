package cores

import (
	"runtime"
	"sync"
)

// Each calls do for 0 … n-1, on all cores. It gives the first error that there was, and
// begins nothing more after it. step hears after each how many are done, one call at a
// time; it may be nil.
func Each(n int, step func(done, of int), do func(i int) error) error {
	var mu sync.Mutex
	var first error
	next, done := 0, 0
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			mu.Lock()
			for next < n && first == nil {
				i := next
				next++
				mu.Unlock()
				err := do(i)
				mu.Lock()
				if err != nil && first == nil {
					first = err
				}
				done++
				if step != nil {
					step(done, n)
				}
			}
			mu.Unlock()
		})
	}
	wg.Wait()
	return first
}
