package term

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// steps does n steps of total, one each pause, and gives what was shown.
func steps(s *Streams, n, total int, pause time.Duration) string {
	var out bytes.Buffer
	s.Err = &out
	now := time.Date(2025, 11, 21, 9, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	p := s.Progress("checked")
	for i := 1; i <= n; i++ {
		now = now.Add(pause)
		p.Step(i*1000, total*1000)
	}
	p.Done()
	return out.String()
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name  string
		s     Streams
		n     int
		total int
		pause time.Duration
		want  string
	}{
		{"short work says nothing", Streams{ErrTTY: true}, 9, 9, 100 * time.Millisecond, ""},
		{"piped says nothing", Streams{}, 9, 9, time.Minute, ""},
		{"one line", Streams{ErrTTY: true}, 3, 3, 600 * time.Millisecond,
			"\rchecked 2,000 of 3,000\rchecked 3,000 of 3,000\r                      \r"},
		{"not too often", Streams{ErrTTY: true}, 24, 30, 50 * time.Millisecond,
			"\rchecked 20,000 of 30,000\rchecked 22,000 of 30,000\rchecked 24,000 of 30,000\r                        \r"},
		{"no total", Streams{ErrTTY: true}, 1, 0, 2 * time.Second, "\rchecked 1,000\r             \r"},
		{"heartbeat", Streams{ErrTTY: true, Accessible: true}, 6, 30, 2 * time.Second,
			"checked 3,000 of 30,000\nchecked 6,000 of 30,000\n"},
	} {
		if diff := cmp.Diff(c.want, steps(&c.s, c.n, c.total, c.pause)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
