package op

import "dnn/pkg/graph"

// attentionVariants are what the ops of attention are tried on.
var attentionVariants = []struct {
	name             string
	rows, m, n, d, e int
	a                AttentionAttrs
}{
	{"plain", 2, 3, 4, 3, 2, AttentionAttrs{Heads: 2, KeyHeads: 2}},
	{"one", 1, 1, 1, 1, 1, AttentionAttrs{Heads: 1, KeyHeads: 1, Scale: 0.7}},
	{"causal", 2, 6, 6, 4, 4, AttentionAttrs{Heads: 1, KeyHeads: 1, Causal: true}},
	{"window", 1, 7, 7, 3, 3, AttentionAttrs{Heads: 2, KeyHeads: 2, Window: 2}},
	{"causal window", 2, 7, 7, 3, 3, AttentionAttrs{Heads: 1, KeyHeads: 1, Causal: true, Window: 3}},
	{"lengths", 4, 5, 3, 2, 3, AttentionAttrs{Heads: 2, KeyHeads: 2, Lengths: true}},
	{"offset", 4, 6, 5, 3, 2, AttentionAttrs{Heads: 2, KeyHeads: 1, Causal: true, Offset: true}},
	{"groups", 2, 3, 5, 2, 2, AttentionAttrs{Heads: 6, KeyHeads: 2}},
	{"alibi", 2, 5, 6, 3, 3, AttentionAttrs{Heads: 3, KeyHeads: 3, ALiBi: true}},
	{"dropout", 2, 5, 6, 3, 3, AttentionAttrs{Heads: 2, KeyHeads: 2, Rate: 0.4, Seed: 3, Stream: 5, Step: true}},
	{"all", 5, 6, 7, 3, 2, AttentionAttrs{
		Heads: 4, KeyHeads: 2, Scale: 0.4, Causal: true, Window: 4, ALiBi: true, Rate: 0.3, Seed: 1, Stream: 2,
		Lengths: true, Offset: true, Step: true,
	}},
	{"blocks", 1, 53, 300, 33, 35, AttentionAttrs{Heads: 1, KeyHeads: 1}},
	{"causal blocks", 1, 290, 290, 8, 9, AttentionAttrs{Heads: 2, KeyHeads: 1, Causal: true, ALiBi: true}},
	{"many heads", 4, 50, 140, 5, 4, AttentionAttrs{
		Heads: 4, KeyHeads: 2, Window: 90, Rate: 0.5, Seed: 7, Lengths: true, Offset: true, Step: true,
	}},
	{"few queries", 3, 2, 270, 16, 16, AttentionAttrs{Heads: 2, KeyHeads: 1, Causal: true, Lengths: true, Offset: true}},
}

// attentionCases are the variants for the forward ops.
func attentionCases() []graph.Case {
	var cases []graph.Case
	for _, v := range attentionVariants {
		a := v.a
		in := append([]graph.Arg{
			graph.Normal(v.rows, v.m, a.Heads*v.d), graph.Normal(v.rows, v.n, a.KeyHeads*v.d), graph.Normal(v.rows, v.n, a.KeyHeads*v.e),
		}, a.sight(v.rows, v.n)...)
		cases = append(cases, graph.Case{Name: v.name, Attrs: a, In: in})
	}
	return cases
}

// sight are the optional inputs.
func (a AttentionAttrs) sight(rows, n int) []graph.Arg {
	return only([]graph.Arg{graph.Index(n+2, rows), graph.Index(n+2, rows), graph.Index(100)}, a.Lengths, a.Offset, a.Step)
}

// attentionGradCases are the variants for the gradient.
func attentionGradCases() []graph.Case {
	cases := attentionCases()
	for i, v := range attentionVariants {
		y := graph.Normal(v.rows, v.m, v.a.Heads*v.e)
		cases[i].In = append([]graph.Arg{y, y, graph.Uniform(2, 5, v.rows, v.a.Heads, v.m)}, cases[i].In...)
	}
	return cases
}
