package layers

import (
	"slices"
	"testing"

	"dnn/pkg/graph"
)

var twoHeads = []Head{{"species", Sizes{Classes: 3, Known: true}}, {"mass", Sizes{Targets: 1, Known: true}}}

func TestHeads(t *testing.T) {
	n := build(t, `
layers:
  - {name: body, type: dense, units: 5}
  - {type: dense, inputs: [body], units: targets, head: mass}
  - {name: scores, type: dense, inputs: [body], units: classes, head: species}
`, false, Spec{Heads: twoHeads, Sizes: Sizes{Classes: 3, Targets: 1, Known: true}})
	if n.err != nil || !n.outs[0].Value.Shape.Equal(graph.Shape{4, 3}) || !n.outs[1].Value.Shape.Equal(graph.Shape{4, 1}) {
		t.Fatal(n.err, n.outs)
	}
	if last := n.infos[len(n.infos)-1].Name; last != "scores" {
		t.Errorf("the last layer is %s", last)
	}
}

// A head may feed other layers, and a block may be one.
func TestHeadFeedsAnother(t *testing.T) {
	n := build(t, `
layers:
  - {name: first, type: dense, units: classes, head: species}
  - {type: repeat, times: 2, layers: [{type: dense, units: targets}], head: mass}
`, false, Spec{Heads: twoHeads, Sizes: Sizes{Classes: 3, Targets: 1, Known: true}})
	if n.err != nil || n.outs[0].Value.Shape.Last() != 3 || n.outs[1].Value.Shape.Last() != 1 {
		t.Fatal(n.err, n.outs)
	}
}

func TestMistakesInHeads(t *testing.T) {
	several := []Head{{"a", Sizes{Classes: 3, Known: true}}, {"b", Sizes{Classes: 2, Known: true}}}
	for _, c := range []struct {
		heads []Head
		sizes Sizes
		text  string
		want  []string
	}{
		{twoHeads, Sizes{}, "[{type: dense, units: 3, head: specie}, {type: dense, units: 1, head: mass}]", []string{`layers[0].head: no target is called "specie" (did you mean species?)`}},
		{twoHeads, Sizes{}, "[{type: dense, units: 3, head: species}]", []string{"layers: no layer gives the target mass: say head: mass in the layer whose output is for it"}},
		{twoHeads, Sizes{}, "[{type: dense, units: 3, head: species}, {type: dense, units: 3, head: species}, {type: dense, units: 1, head: mass}]",
			[]string{`layers[1].head: "species" is the head of layers[0] too; a target has one layer`}},
		{twoHeads, Sizes{}, "[{type: dense, units: 3, head: species}, {type: dense, units: 1, head: mass}, {type: dense, units: 1}]",
			[]string{"layers[2]: nothing takes its output: name it in the inputs of another layer, or leave it out, or say which target it is for (head: NAME)"}},
		{twoHeads, Sizes{}, "[{type: residual, layers: [{type: dense, units: 6, head: species}]}, {type: dense, units: 1, head: mass}, {type: dense, units: 3, head: species}]",
			[]string{"layers[0].layers[0].head: is for layers that stand in the list of the net itself; the block around it can say it"}},
		{several, Sizes{Known: true, Several: true}, "[{type: dense, units: classes}, {type: dense, units: 3, head: a}, {type: dense, units: classes, head: b}]",
			[]string{"layers[0].units: the data's target has no classes; the targets differ in it, so the word is for a layer that says which one it is for (head: NAME)"}},
		{[]Head{{"", Sizes{}}}, Sizes{}, "[{type: dense, units: 3, head: species}]", nil}, // the targets are not known
	} {
		if got := build(t, "layers: "+c.text, false, Spec{Heads: c.heads, Sizes: c.sizes}).lines(); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}
