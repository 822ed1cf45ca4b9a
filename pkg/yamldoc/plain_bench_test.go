package yamldoc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkParse compares the quick way with the library's on the file every
// command reads and on all files of one school.
func BenchmarkParse(b *testing.B) {
	pathway, err := os.ReadFile(filepath.Join("..", "..", "schemas", "pathways", "northumberland.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	var school [][]byte
	for name, src := range repositoryFiles(b) {
		if strings.HasPrefix(name, "examples/thornelaw/learners/") {
			school = append(school, src)
		}
	}
	for _, set := range []struct {
		name  string
		files [][]byte
	}{{"pathway", [][]byte{pathway}}, {"learners", school}} {
		b.Run(set.name+"/plain", func(b *testing.B) {
			read(b, set.files, func(src []byte) bool { return readPlain(src, newPlaces(src)) != nil })
		})
		b.Run(set.name+"/library", func(b *testing.B) {
			read(b, set.files, func(src []byte) bool {
				doc, _ := judge("x", src, newPlaces(src))
				return doc != nil
			})
		})
	}
}

func read(b *testing.B, files [][]byte, parse func([]byte) bool) {
	size := 0
	for _, src := range files {
		size += len(src)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			if !parse(src) {
				b.Fatal("no tree")
			}
		}
	}
}
