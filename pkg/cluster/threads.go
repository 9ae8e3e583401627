package cluster

import (
	"os"
	"regexp"
	"runtime"
	"slices"
)

// allowed is the line of /proc/self/status that lists the processors of this process.
var allowed = regexp.MustCompile(`(?m)^Cpus_allowed_list:.*$`)

// Threads is how many threads a rank should run: its part of the processors that it has in common with others of its machine. What a
// launcher binds to processors of its own has them alone.
func Threads(c Comm) (int, error) {
	host, _ := os.Hostname()
	status, _ := os.ReadFile("/proc/self/status") // not on all systems
	place := append([]byte(host+" "), allowed.Find(status)...)
	all, err := Gather(c, place)
	if err != nil {
		return 0, err
	}
	same := 0
	for _, other := range all {
		if slices.Equal(other, place) {
			same++
		}
	}
	return max(1, runtime.GOMAXPROCS(0)/same), nil
}
