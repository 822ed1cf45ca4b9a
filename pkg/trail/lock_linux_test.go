package trail

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A killed sendctl whose parent has not taken notice holds nothing any more.
func TestAbandonedByAProcessNobodyReaped(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	f := strings.Fields(lockLine())
	line := fmt.Sprintf("%s%d %s %s %s\n", lockMark, pid, f[2], f[3], started(pid))
	if abandoned([]byte(line)) {
		t.Error("the lock of a living process counts as abandoned")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for !ended(pid) { // until the kernel is done with it; go test's own limit ends a wait in vain
		time.Sleep(time.Millisecond)
	}
	if !alive(pid) {
		t.Fatal("it was reaped already, so this shows nothing")
	}
	if !abandoned([]byte(line)) {
		t.Error("the lock of a process that ended and was not reaped counts as held")
	}
	_ = cmd.Wait()
}
