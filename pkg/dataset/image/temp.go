package image

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dnn/internal/machine"
)

// A cache that is being written has a name that says whose it is: dnn-HOST-PROCESS-NUMBER.tmp.
const tempAge = 24 * time.Hour // after that, no process is assumed to write it any more

// tempName matches such names, and those of earlier versions, which are a number.
var tempName = regexp.MustCompile(`^(?:dnn-(.*)-(\d+)-)?\d+\.tmp$`)

// tempPattern returns this process's name for os.CreateTemp.
func tempPattern() string { return fmt.Sprintf("dnn-%s-%d-*.tmp", Host(), os.Getpid()) }

func Host() string {
	name, _ := os.Hostname()
	return strings.NewReplacer("/", "_", "\\", "_", "*", "_").Replace(name)
}

// removeLeft removes what killed processes left half-written in a cache folder: files older than a day, or whose
// process on this machine has ended.
func removeLeft(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		match := tempName.FindStringSubmatch(e.Name())
		if match == nil {
			continue
		}
		info, err := e.Info()
		old := err == nil && time.Since(info.ModTime()) > tempAge
		process, err := strconv.Atoi(match[2])
		if old || err == nil && match[1] == Host() && !machine.Runs(process) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
