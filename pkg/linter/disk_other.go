//go:build !linux

package linter

import (
	"fmt"
	"os"
)

// Disk is the record folder on disk. Close it when done.
func Disk(dir string) (FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the record folder: %w", err)
	}
	return plain{root.FS(), root}, nil
}
