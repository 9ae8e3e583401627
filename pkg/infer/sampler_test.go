package infer

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// continuing opens a net that continues texts.
func continuing(t *testing.T, layers string) *model.Job {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.txt"), []byte(strings.Repeat("she sells sea shells\nby the sea shore\n", 6)), 0o666); err != nil {
		t.Fatal(err)
	}
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte("dataset: {format: text, path: t.txt, tokenizer: char, window: 12}\nlayers:\n"+layers+"\n  - {type: dense, units: vocabulary}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	j, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A continuation gives the same whether the net keeps what it has seen or computes it again, is given tokens one by one or
// several at once; what it has no room for it forgets. The same seed draws the same tokens.
func TestContinuation(t *testing.T) {
	for name, layers := range map[string]string{
		"transformer": "  - {type: embedding, size: 8, positions: learned}\n  - {type: transformer_encoder, heads: 2, hidden: 12, causal: true}",
		"recurrent":   "  - {type: embedding, size: 5}\n  - {type: gru, units: 6, sequences: true}",
	} {
		t.Run(name, func(t *testing.T) {
			j := continuing(t, layers)
			state, pool := exec.NewState(), parallel.New(2)
			defer pool.Close()
			d, err := NewDecoder(&j.Network, state, pool, 0, 0)
			if err != nil || !d.keeps {
				t.Fatal(err, "nothing is kept from token to token")
			}
			text := j.Schema.LabelColumns[0].Generated()
			begin := int32(text.Prefix().Begin())
			write := func(keeps, count bool, how Sampling, prompt string, n int) (tokens []int32, next []float32) {
				d.keeps = keeps
				c, err := d.Continue(begin, how)
				if err == nil {
					err = c.Read(text.Tokens(prompt), count)
				}
				for range n {
					var token int32
					if err == nil {
						token, err = c.Next()
					}
					tokens = append(tokens, token)
				}
				if err != nil {
					t.Fatal(err)
				}
				return tokens, slices.Clone(c.next)
			}
			likeliest := Sampling{Repetition: 1, TopP: 1}
			want, next := write(true, false, likeliest, "sea sh", 4)
			if got, other := write(false, false, likeliest, "sea sh", 4); !slices.Equal(got, want) || !slices.Equal(other, next) {
				t.Errorf("kept %v, computed again %v", want, got)
			}
			if got, other := write(true, true, likeliest, "sea sh", 4); !slices.Equal(got, want) || !slices.Equal(other, next) {
				t.Errorf("the prompt at once gives %v, token by token %v", want, got)
			}
			if got, _ := write(true, false, Sampling{Temperature: 2, TopK: 1, TopP: 1, Repetition: 1}, "sea sh", 4); !slices.Equal(got, want) {
				t.Errorf("the most probable token %v, of one candidate %v", want, got)
			}
			drawn := Sampling{Temperature: 1, TopP: 0.9, Repetition: 1.2, Seed: 3}
			long, _ := write(true, false, drawn, "sea shells by the sea shore", 60)
			if got, _ := write(true, false, drawn, "sea shells by the sea shore", 60); !slices.Equal(got, long) {
				t.Error("the same seed draws other tokens")
			}
			drawn.Seed++
			if got, _ := write(true, false, drawn, "sea shells by the sea shore", 60); slices.Equal(got, long) {
				t.Error("another seed draws the same tokens")
			}
		})
	}
}

// The perplexity of a prompt that fits in a window is that of the loss.
func TestPerplexityOfPrompt(t *testing.T) {
	j := continuing(t, "  - {type: embedding, size: 5}\n  - {type: gru, units: 6, sequences: true}")
	state, pool := exec.NewState(), parallel.New(1)
	defer pool.Close()
	d, err := NewDecoder(&j.Network, state, pool, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := NewRunner(&j.Network, state, pool, true)
	if err := j.Data.Train.Fill(r.Batch(), []int{0}); err != nil {
		t.Fatal(err)
	}
	out, err := r.Run()
	if err != nil {
		t.Fatal(err)
	}
	first := r.Batch().Ints[0][0]
	c, err := d.Continue(first, Sampling{})
	if err != nil {
		t.Fatal(err)
	}
	var tokens []uint32
	for _, token := range r.Batch().Heads[0].Ints[:12] {
		tokens = append(tokens, uint32(token))
	}
	if err := c.Read(tokens, true); err != nil {
		t.Fatal(err)
	}
	if want := math.Exp(out[0].Loss / out[0].Weight); c.Count != 12 || math.Abs(c.Perplexity()-want) > 1e-5*want {
		t.Errorf("perplexity %v of %d tokens, by the loss %v", c.Perplexity(), c.Count, want)
	}
}
