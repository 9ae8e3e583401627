package main

import (
	"encoding/json"

	"dnn/bench/worker"
	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
)

type attentionArgs struct {
	Heads, Width, Length int
	Causal               bool
}

// Attention of one row and its gradient, given that of the result.
func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		a, err := worker.Args[attentionArgs](raw)
		if err != nil {
			return nil, err
		}
		b := graph.NewBuilder()
		in := make([]*graph.Value, 4)
		for i, name := range []string{"q", "k", "v", "dy"} {
			in[i] = b.Input(name, graph.Floats(1, a.Length, a.Heads*a.Width))
		}
		attrs := op.AttentionAttrs{Heads: a.Heads, KeyHeads: a.Heads, Causal: a.Causal}
		forward, _ := graph.Ops.Get("attention")
		backward, _ := graph.Ops.Get("attention_grad")
		y := b.Add(forward, attrs, in[:3]...)
		d := b.Add(backward, attrs, in[3], y[0], y[1], in[0], in[1], in[2])
		for i, name := range []string{"dq", "dk", "dv"} {
			b.SetOutput(name, d[i])
		}
		g, err := b.Finish()
		if err != nil {
			return nil, err
		}
		p, err := exec.Compile(g, exec.NewState(), parallel.New(threads), exec.Options{})
		if err != nil {
			return nil, err
		}
		for i, name := range []string{"q", "k", "v", "dy"} {
			copy(p.Feed(name).F, worker.Uniform(a.Length*a.Heads*a.Width, uint32(1+i), -1.7, 1.7))
		}
		w := &worker.Work{Run: func(n int) {
			for range n {
				p.Run()
			}
		}}
		w.Run(1)
		for _, name := range []string{"dq", "dk", "dv"} {
			w.Check += worker.MeanSquare(p.Output(name).F)
		}
		return w, nil
	})
}
