package model

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

// deep is a net of many blocks.
const deep = `
dataset: {format: synthetic, generator: blobs, features: 32, rows: 200}
layers:
  - {type: repeat, name: blocks, times: 16, layers: [{type: residual, layers: [{type: dense, units: 64, activation: gelu}, {type: dense, units: 32}]}]}
  - {type: dense, units: classes}
train: {batch_size: 128}
`

func opening(t *testing.T, text string, sets ...string) (*Job, error) {
	t.Helper()
	d, err := spec.Parse("s.yaml", []byte(text), sets)
	if err != nil {
		t.Fatal(err)
	}
	return Open(d)
}

func footprint(t *testing.T, sets ...string) Footprint {
	t.Helper()
	j, err := opening(t, deep, sets...)
	if err != nil {
		t.Fatal(err)
	}
	f, err := FootprintOf(&j.Network, 128)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestAutoTakesWhatTheBudgetNeeds: nothing where all fits, more the smaller the budget is.
func TestAutoTakesWhatTheBudgetNeeds(t *testing.T) {
	least := footprint(t, "train.recompute=auto")
	all := least.KeptAll.Total()
	if 2*least.Values > least.KeptAll.Values || least.Total() > footprint(t, "train.recompute=blocks").Total() {
		t.Fatalf("auto needs %d bytes, of %d", least.Total(), all)
	}
	if least := footprint(t, "layers[0]={type: residual, layers: [{type: repeat, times: 16, layers: [{type: dense, units: 64, activation: gelu}, {type: dense, units: 32}]}]}", "train.recompute=auto"); least.KeptAll == nil || 2*least.Values > least.KeptAll.Values {
		t.Errorf("a net within a block needs %+v, of %+v", least.Memory, least.KeptAll)
	}
	before := 0
	for _, share := range []float64{0, 0.3, 0.6, 1} {
		budget := least.Total() + int(share*float64(all-least.Total()))
		j, err := opening(t, deep, "train.recompute=auto", fmt.Sprintf("train.memory=%dB", budget))
		if err != nil {
			t.Fatal(err)
		}
		m, err := stepMemory(&j.Network, 128)
		if err != nil || m.Total() > budget {
			t.Errorf("a budget of %d: %d bytes, %v", budget, m.Total(), err)
		}
		n := len(j.segments)
		if before > 0 && n >= before || (share == 1) != (n == 0) {
			t.Errorf("a budget of %d: %d units are computed again, with a smaller one %d", budget, n, before)
		}
		before = n
	}
}

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		sets []string
		want string
	}{
		{[]string{"train.memory=1MB"}, "train.memory: a training step with 128 rows needs 2.4 MB, "},
		{[]string{"train.memory=1MB"}, "more than 1MB; most are the values of a step, "},
		{[]string{"train.memory=1MB"}, "What helps: recompute: auto (1."},
		{[]string{"train.memory=1MB"}, "a batch_size below 128, precision: bf16, a smaller net"},
		{[]string{"train.memory=1MB", "train.recompute=auto", "train.precision=bf16"}, "What helps: a batch_size below 128, a smaller net"},
		{[]string{"train.memory=300kB", "train.batch_size=1", "optimizer=adam"}, "most are what the optimizer keeps, "},
		{[]string{"train.memory=4"}, `train.memory: "4" is no size: give a number and a unit`},
		{[]string{"train.recompute=[block]"}, `train.recompute[0]: no layer is called "block" (did you mean blocks?)`},
		{[]string{"train.recompute=atuo"}, `train.recompute[0]: no layer is called "atuo" (did you mean auto?)`},
		{[]string{"train.recompute={layers: 3}"}, "train.recompute: "},
		{[]string{"train.recompute=['!blocks']"}, `train.recompute: names only layers whose values are to be kept; ["*", "!blocks"] computes all others again`},
	} {
		if _, err := opening(t, deep, c.sets...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.sets, err, c.want)
		}
	}
}

// TestRecomputeThatSavesNothing is told: by a warning where the spec names layers, by a note where the choice is free.
func TestRecomputeThatSavesNothing(t *testing.T) {
	const shallow = "dataset: {format: synthetic, generator: moons, rows: 200}\nlayers: [{type: dense, units: 4, activation: tanh}, {type: dense, units: classes}]\n"
	for set, want := range map[string]string{
		"train.recompute=dense_1": "saves no memory; auto finds the layers that save some",
		"train.recompute=auto":    "nothing is computed again, because that saves no memory in this net",
		"train.memory=1GB":        "",
	} {
		j, err := opening(t, shallow, set)
		if err != nil {
			t.Fatal(err)
		}
		told, begun := strings.Join(j.Notes.Texts(), "\n"), strings.Join(j.Beginning.Texts(), "\n")
		if want == "" {
			if strings.Contains(told, "memory") {
				t.Errorf("%s: %s", set, told)
			}
		} else if !strings.Contains(told, want) || !strings.Contains(begun, want) {
			t.Errorf("%s: %q and %q, want %s", set, told, begun, want)
		}
		if warned := len(j.Notes.Warnings()) > 0; warned != strings.Contains(set, "dense") {
			t.Errorf("%s: warns: %v", set, warned)
		}
	}
	if j, err := opening(t, deep, "train.recompute=blocks"); err != nil || strings.Contains(strings.Join(j.Notes.Texts(), "\n"), "memory") {
		t.Errorf("a deep net: %v", err)
	}
}
