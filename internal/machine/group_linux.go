package machine

import (
	"math"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

const unlimited = math.MaxInt

// groupLimit is how much memory the control groups leave that the process is in, of either version: the least of its own and those
// above it. Files are read under root.
func groupLimit(root string) int {
	text, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return unlimited
	}
	limit := unlimited
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3) // hierarchy, controllers, group
		if len(fields) < 3 {
			continue
		}
		mount, file := "sys/fs/cgroup", "memory.max"
		switch {
		case fields[0] != "0" && !strings.Contains(","+fields[1]+",", ",memory,"):
			continue
		case fields[0] != "0":
			mount, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		}
		// A container may see its own group as the root, under another name than the one it is told.
		for group := path.Join("/", fields[2]); ; group = path.Dir(group) {
			limit = min(limit, readLimit(filepath.Join(root, mount, group, file)))
			if group == "/" {
				break
			}
		}
	}
	return limit
}

// readLimit is the number in a file; "max", or no file, is no limit.
func readLimit(file string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return unlimited
	}
	if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && n > 0 {
		return n
	}
	return unlimited
}
