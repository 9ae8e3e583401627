package layers

import (
	"math"
	"strings"
	"testing"

	"dnn/pkg/graph"
)

func TestSinusoids(t *testing.T) {
	const steps, n = 300, 7
	for k, got := range sinusoids(steps, n) {
		place, i := k/n, k%n
		want := math.Sin(float64(place) / math.Pow(10000, float64(i)/n))
		if i%2 == 1 {
			want = math.Cos(float64(place) / math.Pow(10000, float64(i-1)/n))
		}
		if math.Abs(float64(got)-want) > 1e-7 {
			t.Fatalf("element %d of place %d is %v, want %v", i, place, got, want)
		}
	}
}

// TestPositionsOfAllBatches: the table of learned positions has as many places as the data has steps, however many this batch
// has; waves need no table.
func TestPositionsOfAllBatches(t *testing.T) {
	for kind, most := range map[string]int{"learned": 7, "sinusoidal": 1000} {
		for _, text := range []string{
			"[{type: embedding, name: l, size: 3, positions: " + kind + "}]",
			"[{type: embedding, size: 3}, {type: dense, units: 4}, {type: positions, name: l, kind: " + kind + "}]",
			"[{type: embedding, size: 3}, {type: conv1d, filters: 4, kernel: 3, padding: same}, {type: positions, name: l, kind: " + kind + "}]",
		} {
			for _, steps := range []int{1, 4, 7, 12} {
				words := indices("words", 9, steps)
				words.Lengths, words.MaxSteps = "lengths.words", 7
				n := build(t, "layers: "+text, true, Spec{Inputs: []Input{words}})
				if steps > most {
					if got := strings.Join(n.lines(), "\n"); !strings.HasSuffix(got, ": its learned positions end with step 7; sinusoidal ones go on") {
						t.Errorf("%s of %d steps: %s", text, steps, got)
					}
					continue
				}
				if n.err != nil || n.out.Lengths == nil {
					t.Fatal(n.err)
				}
				if got := n.params()["l.positions"].Shape; kind == "learned" && got[0] != 7 {
					t.Errorf("%s of %d steps has positions %v, want 7", text, steps, got)
				}
			}
		}
	}
}

// TestBoundOfOtherSteps: what makes another number of steps forgets how many the data has.
func TestBoundOfOtherSteps(t *testing.T) {
	words := indices("words", 9, 6)
	words.MaxSteps = 8
	n := build(t, "layers: [{type: embedding, size: 3}, {type: conv1d, filters: 4, kernel: 2}, {type: positions, kind: learned, name: l}]", true, Spec{Inputs: []Input{words}})
	if got := n.params()["l.positions"].Shape; n.err != nil || !got.Equal(graph.Shape{5, 4}) {
		t.Errorf("positions are %v, want 5; %v", got, n.err)
	}
}

func TestPositionMistakes(t *testing.T) {
	for layers, want := range map[string]string{
		"{type: embedding, size: 3, positions: sinusoidal, inputs: [w]}":  "layers[0].positions: its input is a single category for each row",
		"{type: embedding, size: 3, positions: learnd, inputs: [ws]}":     `layers[0].positions: "learnd" is not one of none, sinusoidal, learned`,
		"{type: positions, inputs: [x]}":                                  "layers[0]: takes sequences, rows of shape [steps, features], its input has rows of shape [6]",
		"{type: positions, inputs: [ws]}":                                 "layers[0]: its input holds category indices",
		"{type: positions, inputs: [xs]}, {type: positions, kind: learn}": `layers[1].kind: "learn" is not one of sinusoidal, learned`,
	} {
		in := []Input{floats("x", 6), floats("xs", 4, 2), indices("w", 5), indices("ws", 5, 4)}
		if got := build(t, "layers: ["+layers+"]", true, Spec{Inputs: in}).lines(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", layers, got, want)
		}
	}
}
