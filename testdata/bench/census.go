//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"gopkg.in/yaml.v3"
)

// censuses exports and checks the census of whole folders, beside a program that merely
// reads and decodes the same files once, on as many cores. Of a hundred thousand learners
// it is asked with -most 100000.
func (b *bench) censuses() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, n := range []int{3000, 10000, 100000} {
		if n > b.most {
			continue
		}
		dir, err := b.made(n, 10)
		if err != nil {
			return err
		}
		pairs := min(b.pairs, 7)
		if n > 10000 {
			pairs = min(b.pairs, 3)
		}
		decode := func(int) ([]command, error) { return []command{{program: self, args: []string{"-decode", dir}}}, nil }
		out := func(i int, f string) (string, error) {
			name := filepath.Join(b.work, fmt.Sprintf("census-%d.%s", i, f))
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			return name, nil
		}
		for _, f := range []string{"xml", "json", "csv", "xlsx"} {
			r, err := b.pair(pairs, func(i int) ([]command, error) {
				name, err := out(i, f)
				return []command{b.sendctl("-C", dir, "census", "export", "--date", "2027-01-21", "--anyway", "-o", name)}, err
			}, decode)
			if err != nil {
				return err
			}
			r.print(fmt.Sprintf("census export %s, %d learners; decode", f, n), 2)
			fmt.Printf("%-44s %9s %9s   peak %d MB (≤ 300)\n", "", "", "", r.peak>>20)
		}
		r, err := b.pair(pairs, func(i int) ([]command, error) {
			name, err := out(i, "again.json")
			return []command{b.sendctl("-C", dir, "census", "export", "--date", "2027-01-21", "--anyway", "--as-recorded", "2040-01-01", "-o", name)}, err
		}, decode)
		if err != nil {
			return err
		}
		r.print("  as recorded, json; decode", 2)
		// The made records hold what the DfE refuses: the exit code 1 is that.
		check := command{program: "sh", args: []string{"-c", `"$0" -C "$1" census preflight --date 2027-01-21 --output json:/dev/null; test $? -le 1`, filepath.Join(b.tools, "sendctl"), dir}}
		if r, err = b.pair(pairs, func(int) ([]command, error) { return []command{check}, nil }, decode); err != nil {
			return err
		}
		r.print("  preflight; decode", 2)
		fmt.Printf("%-44s %9s %9s   peak %d MB (≤ 300)\n", "", "", "", r.peak>>20)
	}
	return nil
}

// decode reads what a census is made of and decodes it as YAML, and no more.
func decode(dir string) error {
	entries, err := os.ReadDir(filepath.Join(dir, "learners"))
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var first error
	var wg sync.WaitGroup
	work := make(chan string)
	for range runtime.NumCPU() {
		wg.Go(func() {
			for at := range work {
				if err := decodeOne(at); err != nil {
					mu.Lock()
					first = errors.Join(first, err)
					mu.Unlock()
				}
			}
		})
	}
	for _, e := range entries {
		work <- filepath.Join(dir, "learners", e.Name())
	}
	close(work)
	wg.Wait()
	return first
}

func decodeOne(at string) error {
	files := []string{filepath.Join(at, "identity.yaml"), filepath.Join(at, "learner.yaml")}
	for _, sub := range []string{"moves", "corrections"} {
		found, err := os.ReadDir(filepath.Join(at, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, f := range found {
			files = append(files, filepath.Join(at, sub, f.Name()))
		}
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var v any
		if err := yaml.Unmarshal(src, &v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
