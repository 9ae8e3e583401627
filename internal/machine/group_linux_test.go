package machine

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

func TestGroupLimit(t *testing.T) {
	const v2, v1 = "sys/fs/cgroup/", "sys/fs/cgroup/memory/"
	for name, c := range map[string]struct {
		files map[string]string
		want  int
	}{
		"no groups":          {nil, unlimited},
		"v2":                 {map[string]string{"proc/self/cgroup": "0::/a/b\n", v2 + "a/b/memory.max": "5000\n"}, 5000},
		"v2, no limit":       {map[string]string{"proc/self/cgroup": "0::/a\n", v2 + "a/memory.max": "max\n"}, unlimited},
		"v2, limit above":    {map[string]string{"proc/self/cgroup": "0::/a/b\n", v2 + "a/b/memory.max": "9000", v2 + "a/memory.max": "7000"}, 7000},
		"v2, in a container": {map[string]string{"proc/self/cgroup": "0::/../other\n", v2 + "memory.max": "300"}, 300},
		"v1":                 {map[string]string{"proc/self/cgroup": "5:cpu:/x\n4:hugetlb,memory:/d/e\n", v1 + "d/e/memory.limit_in_bytes": "4096\n"}, 4096},
		"v1, in a container": {map[string]string{"proc/self/cgroup": "4:memory:/docker/77\n", v1 + "memory.limit_in_bytes": "512"}, 512},
		"v1, no limit":       {map[string]string{"proc/self/cgroup": "4:memory:/\n", v1 + "memory.limit_in_bytes": strconv.Itoa(unlimited &^ 4095)}, unlimited &^ 4095},
		"both":               {map[string]string{"proc/self/cgroup": "4:memory:/\n0::/\n", v1 + "memory.limit_in_bytes": "600", v2 + "memory.max": "400"}, 400},
		"not a number":       {map[string]string{"proc/self/cgroup": "0::/\nx\n", v2 + "memory.max": "-1"}, unlimited},
	} {
		root := t.TempDir()
		for file, text := range c.files {
			file = filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got := groupLimit(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
