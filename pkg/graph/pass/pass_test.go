package pass_test

import (
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
)

// TestTable: each pass runs once, after all that it names, and one runs last.
func TestTable(t *testing.T) {
	registrytest.Check(t, pass.Registry, nil)
	var before []string
	for i, p := range pass.Table() {
		if p.Run == nil || p.Last != (i == len(pass.Table())-1) {
			t.Errorf("%s has nothing to run or has the wrong place", p.Name)
		}
		for _, name := range p.After {
			if !slices.Contains(before, name) {
				t.Errorf("%s runs before %s", p.Name, name)
			}
		}
		before = append(before, p.Name)
	}
	if !slices.Equal(before[:1], []string{"lower"}) || len(before) != len(pass.Registry.Keys()) {
		t.Errorf("the passes run as %v", before)
	}
}

func TestOff(t *testing.T) {
	for _, k := range pass.Registry.Kinds() {
		for _, name := range append([]string{k.Key}, k.Former...) {
			if err := pass.Check(name); (err != nil) != k.Value.Always {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := pass.Run(&graph.Graph{}, []string{"dead_cod"}); err == nil || !strings.Contains(err.Error(), "did you mean dead_code?") {
		t.Errorf("got %v", err)
	}
}
