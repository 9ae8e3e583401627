package layers

import (
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

// parse reads a spec that holds nothing but layers.
func parse(t *testing.T, text string, p *spec.Problems) ([]Entry, *spec.Document) {
	t.Helper()
	doc, err := spec.Parse("t.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var s struct{ Layers []Entry }
	doc.Decode(&s, p)
	return s.Layers, doc
}

// built is a net and all that is known of it.
type built struct {
	b     *graph.Builder
	out   Signal   // of the first head
	outs  []Signal // of all heads
	infos []Info
	err   error
}

// lines are the noted mistakes without file and place.
func (n built) lines() []string {
	if n.err == nil {
		return nil
	}
	var lines []string
	for _, l := range strings.Split(n.err.Error(), "\n") {
		_, text, _ := strings.Cut(l, ": ")
		lines = append(lines, text)
	}
	return lines
}

// params are the parameters by name.
func (n built) params() map[string]graph.Param {
	m := map[string]graph.Param{}
	g, err := n.b.Finish()
	if err != nil {
		panic(err)
	}
	for _, v := range g.Vars {
		for _, p := range v.Params {
			m[p.Name] = p
		}
	}
	return m
}

// build makes the net of a spec for a batch of 4 rows. The inputs are those of s; by default one of 6 floats.
func build(t *testing.T, text string, training bool, s Spec) built {
	t.Helper()
	return buildRows(t, text, 4, training, s)
}

func buildRows(t *testing.T, text string, rows int, training bool, s Spec) built {
	t.Helper()
	var p spec.Problems
	var doc *spec.Document
	s.Layers, doc = parse(t, text, &p)
	if s.Inputs == nil {
		s.Inputs = []Input{floats("x", 6)}
	}
	if s.Sizes == (Sizes{}) {
		s.Sizes = Sizes{Classes: 3, Known: true}
	}
	n := built{b: graph.NewBuilder()}
	n.outs, n.infos = Build(n.b, s, rows, training, &p)
	n.out = n.outs[0]
	n.err = p.Err(doc)
	return n
}

// column is an input that is a part of a block of 7 columns.
func column(name string, lo, hi int) Input {
	return Input{Name: name, Block: "input.features", BlockShape: graph.Shape{7}, Shape: graph.Shape{hi - lo}, Lo: lo, Hi: hi}
}

// weightedSum is Σ weighting·x: an objective that no part of x can hide from.
func weightedSum(b *graph.Builder, x *graph.Value, weighting []float32) *graph.Value {
	axes := make([]int, x.Shape.Rank())
	for i := range axes {
		axes[i] = i
	}
	return op.Sum(b, op.Mul(b, x, b.Const(x.Shape, weighting)), axes, false)
}
