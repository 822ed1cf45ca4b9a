//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// validates judges whole folders, beside what else checks YAML by a schema: ajv with
// js-yaml, and kubeconform. They check the shape alone; sendctl checks that, and every
// rule. Then the second run of an unchanged folder beside git, and one learner.
func (b *bench) validates() error {
	for _, n := range []int{300, 3000, 10000} {
		if n > b.most {
			continue
		}
		dir, err := b.made(n, 10)
		if err != nil {
			return err
		}
		files, err := yamlFiles(filepath.Join(dir, "learners"))
		if err != nil {
			return err
		}
		pairs := min(b.pairs, 7)
		afresh := func(int) ([]command, error) { return []command{b.sendctl("-C", dir, "validate", "--no-cache")}, nil }
		if b.modules != "" {
			theirs := command{program: "node", args: []string{filepath.Join(b.here, "ajv.mjs"), b.modules, b.schemas(), filepath.Join(dir, "learners")}}
			r, err := b.pair(pairs, afresh, func(int) ([]command, error) { return []command{theirs}, nil })
			if err != nil {
				return err
			}
			r.print(fmt.Sprintf("validate %d learners; ajv with js-yaml", n), 1)
			r.rate(files)
		}
		if b.kubeconform != "" {
			theirs, err := b.kube(dir)
			if err != nil {
				return err
			}
			r, err := b.pair(pairs, afresh, func(int) ([]command, error) { return []command{theirs}, nil })
			if err != nil {
				return err
			}
			r.print(fmt.Sprintf("validate %d learners; kubeconform", n), 1)
			r.rate(files)
		}
		// Nothing that was written this very moment is kept: one run more, to have it settle.
		if _, err := b.sendctl("-C", dir, "validate").run(); err != nil {
			return err
		}
		for _, format := range []string{"json", "text"} {
			r, err := b.pair(pairs, func(int) ([]command, error) {
				return []command{b.sendctl("-C", dir, "validate", "--output", format+":/dev/null")}, nil
			}, func(int) ([]command, error) { return []command{git("-C", dir, "status", "-uno")}, nil })
			if err != nil {
				return err
			}
			r.print(fmt.Sprintf("  again, nothing changed, %s; git status -uno", format), 2)
			fmt.Printf("%-44s %9s %9s   peak %d MB\n", "", "", "", r.peak>>20)
		}
		who, err := learners(dir)
		if err != nil {
			return err
		}
		r, err := b.pair(2*pairs, func(i int) ([]command, error) { return []command{b.sendctl("-C", dir, "validate", who[i])}, nil },
			func(int) ([]command, error) { return []command{git("--version")}, nil })
		if err != nil {
			return err
		}
		r.print("  one learner; git --version", 0)
	}
	if b.most < 10000 {
		return nil
	}
	dir, err := b.made(12000, 10)
	if err != nil {
		return err
	}
	r, err := b.pair(1, func(int) ([]command, error) { return []command{b.sendctl("-C", dir, "validate", "--no-cache")}, nil },
		func(int) ([]command, error) { return []command{git("-C", dir, "status", "-uno")}, nil })
	if err != nil {
		return err
	}
	fmt.Printf("%-44s %9.0f %9s   peak %d MB (≤ 128)\n", "validate 12000 learners, 100,000 files", median(r.ours), "", r.peak>>20)
	return nil
}

func (r result) rate(files int) {
	fmt.Printf("%-44s %9.0f %9.0f   peak %d MB\n", "  files a second", float64(files)/median(r.ours)*1000, float64(files)/median(r.theirs)*1000, r.peak>>20)
}

func (b *bench) schemas() string { return filepath.Join(b.here, "..", "..", "schemas") }

func yamlFiles(dir string) (n int, err error) {
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(p) == ".yaml" {
			n++
		}
		return err
	})
	return n, err
}

// kube makes a copy of the records that kubeconform reads: it takes only files that name
// an apiVersion and a kind, so each has these two lines more, and the schemas allow them.
func (b *bench) kube(dir string) (command, error) {
	to := filepath.Join(b.work, "kube", filepath.Base(dir))
	schemas := filepath.Join(b.work, "kube", "schemas")
	if err := os.MkdirAll(schemas, 0o777); err != nil {
		return command{}, err
	}
	found, err := filepath.Glob(filepath.Join(b.schemas(), "*.schema.json"))
	if err != nil {
		return command{}, err
	}
	for _, name := range found {
		raw, err := os.ReadFile(name)
		if err != nil {
			return command{}, err
		}
		var schema map[string]any
		if err := json.Unmarshal(raw, &schema); err != nil {
			return command{}, err
		}
		properties, _ := schema["properties"].(map[string]any)
		if properties == nil {
			continue
		}
		properties["apiVersion"], properties["kind"] = true, true
		if raw, err = json.Marshal(schema); err != nil {
			return command{}, err
		}
		if err := os.WriteFile(filepath.Join(schemas, strings.TrimSuffix(filepath.Base(name), ".schema.json")+".json"), raw, 0o666); err != nil {
			return command{}, err
		}
	}
	from := filepath.Join(dir, "learners")
	err = filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".yaml" {
			return err
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		line, _, _ := bytes.Cut(src, []byte("\n"))
		kind, _, _ := strings.Cut(strings.TrimPrefix(string(line), "format: "), "/")
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		name := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		return os.WriteFile(name, append([]byte("apiVersion: v1\nkind: "+kind+"\n"), src...), 0o666)
	})
	return command{program: b.kubeconform, args: []string{"-n", fmt.Sprint(runtime.NumCPU()), "-schema-location", filepath.Join(schemas, "{{.ResourceKind}}.json"), to}}, err
}
