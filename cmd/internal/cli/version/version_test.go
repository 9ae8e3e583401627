package version

import (
	"runtime/debug"
	"testing"
)

func TestNumber(t *testing.T) {
	commit := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{
			{Key: "vcs", Value: "git"},
			{Key: "vcs.revision", Value: "a8cbdf47eb9a03e8c99bdc42535d1c9a6b8d2cde"},
			{Key: "vcs.modified", Value: modified},
		}
	}
	for _, c := range []struct {
		name, main string
		settings   []debug.BuildSetting
		want       string
	}{
		{"a tag", "v0.1.0", commit("false"), "v0.1.0"},
		{"between tags", "v0.1.1-0.20261130064155-a8cbdf47eb9a+dirty", commit("true"), "v0.1.1-0.20261130064155-a8cbdf47eb9a+dirty"},
		{"a commit", "(devel)", commit("false"), "devel-a8cbdf47eb9a"},
		{"a changed commit", "(devel)", commit("true"), "devel-a8cbdf47eb9a+dirty"},
		{"a short revision", "", []debug.BuildSetting{{Key: "vcs.revision", Value: "a8cb"}}, "devel-a8cb"},
		{"no repository", "(devel)", nil, "devel"},
	} {
		if got := number(&debug.BuildInfo{Main: debug.Module{Version: c.main}, Settings: c.settings}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
