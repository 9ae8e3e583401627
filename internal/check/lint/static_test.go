package lint

import (
	"slices"
	"strings"
	"testing"
)

// TestStatic: cmd/dnn is a static program. What loads libraries when it runs is linked into cmd/dnn-accel alone.
func TestStatic(t *testing.T) {
	imports := map[string][]string{}
	for _, s := range files(t, program) {
		for p := range s.imports() {
			imports[s.room] = append(imports[s.room], p)
		}
	}
	loads := func(from string) (path []string) {
		seen := map[string]bool{}
		var walk func(room string) []string
		walk = func(room string) []string {
			if seen[room] {
				return nil
			}
			seen[room] = true
			for _, p := range imports[room] {
				if strings.HasPrefix(p, "github.com/ebitengine/purego") {
					return []string{room, p}
				}
				if own, ok := strings.CutPrefix(p, module+"/"); ok {
					if rest := walk(own); rest != nil {
						return append([]string{room}, rest...)
					}
				}
			}
			return nil
		}
		return walk(from)
	}
	if path := loads("cmd/dnn"); path != nil {
		t.Errorf("cmd/dnn is no longer static: %s", strings.Join(path, " imports "))
	}
	for _, engine := range []string{"pkg/xla", "pkg/cluster/mpi"} {
		if !slices.Contains(imports["cmd/dnn-accel"], module+"/"+engine) || loads(engine) == nil {
			t.Errorf("cmd/dnn-accel has no %s", engine)
		}
	}
}
