package trail

import (
	"io/fs"
	"syscall"
)

// fileStat is what git would keep of a file (fill_stat_data): 32 bits of each.
func fileStat(st fs.FileInfo) statData {
	s, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return statData{}
	}
	return statData{uint32(s.Ctimespec.Sec), uint32(s.Ctimespec.Nsec), uint32(s.Mtimespec.Sec), uint32(s.Mtimespec.Nsec),
		uint32(s.Dev), uint32(s.Ino), 0, s.Uid, s.Gid, uint32(s.Size)}
}
