package registrytest

import (
	"slices"
	"testing"

	"dnn/internal/registry"
)

func TestMistakes(t *testing.T) {
	empty := registry.New[int]("toy")
	if got := mistakes(empty); !slices.Equal(got, []string{"no toy is registered"}) {
		t.Errorf("got %q", got)
	}
	good := registry.New[int]("toy")
	good.Register("check_test", "in its own file", 1).Also("test").Formerly("old")
	Check(t, good, func(n int) int { return n })
	bad := registry.New[int]("toy")
	bad.Register("check_test", "", 1).Also("test", "same").Formerly("ape")
	bad.Register("ape", "clever", 2).Also("same")
	want := []string{
		"toy ape is in check_test.go, not in ape.go",
		"toy check_test has no summary",
		"toy check_test has the alias ape, which is a key",
		"toy ape and check_test both have the alias same",
	}
	if got := mistakes(bad); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
