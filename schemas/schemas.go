package schemas

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// FS holds every file of this folder that the program carries: KIND.schema.json,
// pathways/ID.yaml, codes/NAME.yaml, census/YEAR.yaml, words/NAME.yaml,
// limits.yaml, columns.yaml and phrases.txt.
//
//go:embed *.schema.json limits.yaml columns.yaml phrases.txt pathways/*.yaml codes/*.yaml census/*.yaml words/*.yaml
var FS embed.FS

const (
	schemaExt = ".schema.json"
	yamlExt   = ".yaml"
)

// Schema is the JSON Schema (draft 2020-12) of one kind of file in its newest
// version; ok is false for a kind that is not in Kinds.
func Schema(kind string) (b []byte, ok bool) { return read(kind + schemaExt) }

// Kinds are the kinds of file that have a schema, in alphabetical order: the
// part of `format:` before the slash.
func Kinds() []string { return names(".", schemaExt) }

// Pathway is the file of one pathway; ok is false for an id that is not in Pathways.
func Pathway(id string) (b []byte, ok bool) { return read("pathways/" + id + yamlExt) }

// Pathways are the ids of the pathways that ship with the program.
func Pathways() []string { return names("pathways", yamlExt) }

// Codes is one dated list of census codes (format codes/v1), such as sen-type;
// ok is false for a name that is not in CodeLists.
func Codes(name string) (b []byte, ok bool) { return read("codes/" + name + yamlExt) }

// CodeLists are the names of the code lists.
func CodeLists() []string { return names("codes", yamlExt) }

// CensusRules is the set of census rules (format census-rules/v1) of one census year,
// such as 2018-19; ok is false for a year that is not in CensusYears.
func CensusRules(year string) (b []byte, ok bool) { return read("census/" + year + yamlExt) }

// CensusYears are the census years whose rules there are, oldest first.
func CensusYears() []string { return names("census", yamlExt) }

// Words is one file of word lists (format words/v1), such as verbs; ok is false for a
// name that is not in WordLists.
func Words(name string) (b []byte, ok bool) { return read("words/" + name + yamlExt) }

// WordLists are the names of the files of word lists.
func WordLists() []string { return names("words", yamlExt) }

// Limits is the file of the numbers that rules go by (format limits/v1).
func Limits() []byte { b, _ := read("limits.yaml"); return b }

// Columns is the file of what other systems call what they list of a pupil (format
// columns/v1).
func Columns() []byte { b, _ := read("columns.yaml"); return b }

// Phrases is the file of the words by which rules know what a text is about: lists, each
// after its name in brackets.
func Phrases() []byte { b, _ := read("phrases.txt"); return b }

func read(name string) ([]byte, bool) {
	b, err := FS.ReadFile(name)
	return b, err == nil
}

func names(dir, ext string) []string {
	found, _ := fs.Glob(FS, path.Join(dir, "*"+ext)) // the pattern is ours and well formed
	for i, name := range found {
		found[i] = strings.TrimSuffix(path.Base(name), ext)
	}
	return found
}
