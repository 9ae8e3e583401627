package spec

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestNotes(t *testing.T) {
	var n, m Notes
	n.Add("dataset.inputs[0]", "%s: number", "age")
	n.Warn("", "the target is constant")
	m.Warn("", "the target is constant")
	m.Warn("train", "the rate is high")
	n.Merge(m)
	if got := n.Texts(); !slices.Equal(got, []string{"age: number", "warning: the target is constant", "warning: the rate is high"}) {
		t.Errorf("texts: %q", got)
	}
	if got := n.Warnings(); len(got) != 2 || got[1].Path != "train" {
		t.Errorf("warnings: %v", got)
	}
	text, err := json.Marshal(n[1])
	if want := `{"severity":"warning","text":"the target is constant"}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
}
