package main

import (
	"encoding/json"

	"dnn/bench/worker"
	"dnn/pkg/infer"
)

// checkTokens is how many tokens all who generate are to agree on; the window holds them.
const checkTokens = 40

// firstToken is what a text begins with.
const firstToken = 2

// Text of a language model, a token a time, each the most probable one: what `dnn generate --temperature 0` does.
func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		a, err := worker.Args[gptArgs](raw)
		if err != nil {
			return nil, err
		}
		text, err := a.spec()
		if err != nil {
			return nil, err
		}
		s, job, err := newStep(text, a.rows(), threads)
		if err != nil {
			return nil, err
		}
		a.fill(s, job.Schema.Blocks[0].Name)
		d, err := infer.NewDecoder(&job.Network, s.state, s.pool, 0, 0)
		if err != nil {
			return nil, err
		}
		c, err := d.Continue(firstToken, infer.Sampling{TopP: 1, Repetition: 1})
		if err != nil {
			return nil, err
		}
		w := &worker.Work{Run: func(n int) {
			for range n {
				if _, err := c.Next(); err != nil {
					panic(err)
				}
			}
		}}
		for i := range checkTokens {
			token, err := c.Next()
			if err != nil {
				return nil, err
			}
			w.Check += float64((i + 1) * int(token))
		}
		return w, nil
	})
}
