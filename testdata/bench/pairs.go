//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type command struct {
	program string
	args    []string
}

// run starts the command and waits; what it prints goes to nobody.
func (c command) run() (peak int64, err error) {
	cmd := exec.Command(c.program, c.args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s %s: %w\n%s", filepath.Base(c.program), strings.Join(c.args, " "), err, said.String())
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = int64(u.Maxrss)
		if runtime.GOOS != "darwin" {
			peak <<= 10 // kilobytes everywhere else
		}
	}
	return peak, nil
}

// result holds milliseconds and the ratio of each pair.
type result struct {
	ours, theirs, ratio []float64
	peak                int64 // bytes, the largest of ours
}

// pair runs n pairs after one that does not count. Getting a run's commands is
// not timed; running all of them is.
func (b *bench) pair(n int, ours, theirs func(i int) ([]command, error)) (r result, err error) {
	for i := range n + 1 {
		one, peak, err := timed(ours, i)
		if err != nil {
			return r, err
		}
		two, _, err := timed(theirs, i)
		if err != nil {
			return r, err
		}
		if i == 0 {
			continue
		}
		r.ours, r.theirs, r.ratio = append(r.ours, one), append(r.theirs, two), append(r.ratio, one/two)
		r.peak = max(r.peak, peak)
	}
	return r, nil
}

func timed(get func(i int) ([]command, error), i int) (ms float64, peak int64, err error) {
	commands, err := get(i)
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	for _, c := range commands {
		p, err := c.run()
		if err != nil {
			return 0, 0, err
		}
		peak = max(peak, p)
	}
	return float64(time.Since(start).Microseconds()) / 1000, peak, nil
}

func (r result) print(name string, aim float64) {
	said := ""
	if aim > 0 {
		said = fmt.Sprintf("≤ %.1f", aim)
		if median(r.ratio) > aim {
			said += "  missed"
		}
	}
	fmt.Printf("%-44s %9.1f %9.1f %7.2f %7.2f … %7.2f %s\n", name, median(r.ours), median(r.theirs), median(r.ratio), slices.Min(r.ratio), slices.Max(r.ratio), said)
}

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// weigh is the bytes of all files under .git.
func weigh(dir string) (sum int64) {
	_ = filepath.WalkDir(filepath.Join(dir, ".git"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				sum += info.Size()
			}
		}
		return nil // a file that git took away meanwhile counts as nothing
	})
	return sum
}
