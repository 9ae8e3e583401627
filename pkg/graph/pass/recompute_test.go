package pass_test

import (
	"maps"
	"slices"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("recompute", rewritings{
		fires: []rewriting{
			{"values within a segment", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1, "b": 1})
				return b.derived(b.layer("a", b.layer("b", b.in(4, 3))))
			}},
			{"segments one after the other", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1, "b": 2})
				return b.derived(b.layer("a", b.layer("b", b.in(4, 3))))
			}},
			{"blocks of a layer", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a.0": 1, "a.1": 2})
				x := b.in(4, 3)
				for _, b.Block = range []string{"0", "1"} {
					x = b.layer("a", x)
				}
				b.Block = ""
				return b.derived(x)
			}},
			{"what dropout drops", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1})
				b.Scope = "a"
				y := op.Exp(b.Builder, op.Dropout(b.Builder, b.in(4, 3), b.Input("step", graph.Ints()), 0.5, 7, 9))
				return b.derived(b.layer("b", y))
			}},
		},
		stays: []rewriting{
			{"no segment", func(b *sketch) *graph.Value { return b.derived(b.layer("a", b.in(4, 3))) }},
			{"what the next layer reads is kept", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1})
				b.Scope = "a"
				return b.derived(b.layer("b", op.Exp(b.Builder, b.in(4, 3))))
			}},
			{"what is kept in another shape", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1})
				b.Scope = "a"
				y := op.Exp(b.Builder, b.in(4, 3))
				z := op.Reshape(b.Builder, y, 12)
				b.Scope, b.Stage = "b", graph.Backward
				dy := op.Exp(b.Builder, y)
				b.Stage = graph.Forward
				return b.both(op.Exp(b.Builder, z), dy)
			}},
			{"an output", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1})
				b.Scope = "a"
				y := op.Exp(b.Builder, b.in(4, 3))
				b.SetOutput("kept", y)
				return b.derived(y)
			}},
			{"what the update reads", func(b *sketch) *graph.Value {
				b.Recompute(map[string]int{"a": 1})
				b.Scope = "a"
				y := op.Exp(b.Builder, b.in(4, 3))
				z := b.derived(y)
				b.Stage = graph.Update
				return b.both(z, op.Exp(b.Builder, y))
			}},
		},
	})
}

// layer is one of two ops, so that there is a value within it.
func (b *sketch) layer(name string, x *graph.Value) *graph.Value {
	b.Scope = name
	return b.act(op.Exp(b.Builder, x), vec.ActTanh)
}

// derived is what a backward pass makes of v and of all that v is computed from, the last first.
func (b *sketch) derived(v *graph.Value) *graph.Value {
	b.Stage = graph.Backward
	total := op.Exp(b.Builder, v)
	for n := v.Node; n.Op != nil; n = n.Inputs[0].Node {
		b.Scope = n.Scope
		total = op.Mul(b.Builder, total, n.Inputs[0])
	}
	return total
}

// TestRecomputeSavesMemory: of nets of several blocks, a step keeps less, takes less, and computes nothing more than the forward pass.
func TestRecomputeSavesMemory(t *testing.T) {
	deep := net{file: "gpt", sets: []string{"layers=[{type: embedding, size: 32}, {type: transformer_encoder, blocks: 8, heads: 2, causal: true}, {type: dense, units: vocabulary}]"}}
	wide := net{file: "resnet", sets: append(small(32, 8), "layers=[{type: conv2d, filters: 8, kernel: 3, padding: same}, "+
		"{type: repeat, times: 9, layers: [{type: residual, layers: [{type: conv2d, filters: 8, kernel: 3, padding: same}, batch_norm, {type: activation, function: relu}, "+
		"{type: conv2d, filters: 8, kernel: 3, padding: same}, batch_norm]}]}, global_avg_pool2d, {type: dense, units: classes}]")}
	for _, c := range []struct {
		net
		how          string
		values, kept float64 // at most, of those without
	}{{deep, "auto", 0.4, 0.4}, {deep, "transformer_*", 0.45, 0.3}, {wide, "auto", 0.4, 0.4}, {wide, "[repeat_1]", 0.45, 0.3}} {
		whole := c.step(t, nil)
		c.sets = append(slices.Clone(c.sets), "train.recompute="+c.how)
		again := c.step(t, nil)
		m, w := memoryOf(t, again), memoryOf(t, whole)
		if float64(m.Values) > c.values*float64(w.Values) || float64(m.Kept) > c.kept*float64(w.Kept) {
			t.Errorf("%s, %s: the values take %d bytes, of %d; %d are kept, of %d", c.file, c.how, m.Values, w.Values, m.Kept, w.Kept)
		}
		if got, want := opsOf(again, graph.Forward), opsOf(whole, graph.Forward); !maps.Equal(got, want) {
			t.Errorf("%s, %s: the forward pass has %v, want %v", c.file, c.how, got, want)
		}
		if got, want := opsOf(again, graph.Update), opsOf(whole, graph.Update); !maps.Equal(got, want) {
			t.Errorf("%s, %s: the update has %v, want %v", c.file, c.how, got, want)
		}
		if off := c.step(t, []string{"recompute"}); len(off.Nodes) != len(whole.Nodes) {
			t.Errorf("%s, %s: switched off, a step has %d nodes, want %d", c.file, c.how, len(off.Nodes), len(whole.Nodes))
		}
	}
}

// opsOf counts the ops of a stage.
func opsOf(g *graph.Graph, s graph.Stage) map[string]int {
	count := map[string]int{}
	for _, n := range g.Nodes {
		if n.Op != nil && n.Stage == s {
			count[n.Op.Name]++
		}
	}
	return count
}
