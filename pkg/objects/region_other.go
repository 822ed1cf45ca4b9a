//go:build !unix

package objects

import "os"

// A mapping on Windows would keep git from deleting packs it has replaced.
func mapFile(*os.File, int64) ([]byte, error) { return nil, nil }

func unmapFile([]byte) error { return nil }
