package model

import (
	"strings"
	"testing"
)

func TestQuantizationMistakes(t *testing.T) {
	for settings, want := range map[string]string{
		"{weights: int3}":                    `train.quantize.weights: "int3"`,
		"{weights: int4, activations: int8}": "train.quantize.activations: does not go with weights of int4",
		"{begin: 1}":                         "train.quantize.begin: 1 is out of range",
		"{keep: [hiden]}":                    `train.quantize.keep[0]: no layer is called "hiden" (did you mean hidden?)`,
		`{keep: ["*"]}`:                      "train.quantize: there is nothing to quantize",
	} {
		if _, err := openPeople(t, peopleSpec, basePeople, "train.quantize="+settings); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
}

// Activations follow the weights, and a training rounds both; predictions are rounded only where that is asked for.
func TestAsQuantized(t *testing.T) {
	for settings, want := range map[string]struct{ activations, rounded string }{
		"{}":                                  {"int8", "{to:int8 rows}"},
		"{weights: int4}":                     {"none", "{to:int4}"},
		"{activations: none, keep: [hidden]}": {"none", "{to:int8}"},
	} {
		job, err := openPeople(t, peopleSpec, basePeople, "train.quantize="+settings)
		if err != nil {
			t.Fatal(err)
		}
		if got := job.Config.Train.Quantize.Activations; got != want.activations {
			t.Errorf("%s: activations: %s, want %s", settings, got, want.activations)
		}
		for _, c := range []struct {
			net      *Network
			training bool
			want     string
		}{
			{&job.Network, true, want.rounded}, {Unrounded(&job.Network), true, ""},
			{&job.Network, false, ""}, {AsQuantized(&job.Network), false, want.rounded},
		} {
			g, err := c.net.PredictGraph(Rows(2))
			if c.training {
				g, err = c.net.TrainGraph(Rows(2), Alone)
			}
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			if err := g.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			if c.want == "" && strings.Contains(text.String(), "fake_quantize") || !strings.Contains(text.String(), c.want) {
				t.Errorf("%s, training %t: want %q\n%s", settings, c.training, c.want, &text)
			}
		}
	}
}
