package explain

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/model"
)

const writes = `
dataset: {path: %s, inputs: [{column: word, type: text, tokenizer: char}], target: {column: said, type: text, tokenizer: shared}, split: {validation: 0, test: 0}}
layers:
  - {name: source, type: embedding, inputs: [word], size: 8, positions: sinusoidal}
  - {name: memory, type: transformer_encoder, inputs: [source], heads: 2, hidden: 12}
  - {name: prefix, type: embedding, inputs: [said], size: 8, positions: sinusoidal}
  - {name: decoded, type: transformer_decoder, inputs: [prefix, memory], blocks: 2, heads: 2, hidden: 12}
  - {name: again, type: attention, causal: true, inputs: [decoded]}
  - {name: mixed, type: attention, kind: additive, inputs: [again, memory]}
  - {name: out, type: copy_output, inputs: [mixed, memory, word]}
`

// The attentions of a net that writes are found by name, know whose steps look at whose, and by default the last one that
// looks from what is written at the input is meant.
func TestAttentionsOfWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "words.csv")
	if err := os.WriteFile(path, []byte("word,said\nwalking,walk it\nas,is\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	job, _, e := untrained(t, fmt.Sprintf(writes, path))
	x := job.Schema.NewBatch(1)
	if err := job.Data.Train.Fill(x, []int{0}); err != nil {
		t.Fatal(err)
	}
	var none *NoAttentionError
	if _, err := e.Attention(x, 0, "decode"); !errors.As(err, &none) {
		t.Fatalf("no error of its own: %v", err)
	}
	want := []string{"memory.0.self_attention", "decoded.0.self_attention", "decoded.0.cross_attention", "decoded.1.self_attention", "decoded.1.cross_attention", "again", "mixed", "out"}
	if !slices.Equal(none.Names, want) {
		t.Errorf("attentions %q, want %q", none.Names, want)
	}
	word, said := Axis{0, 7}, Axis{job.Prefix(0), 8} // "walk it" and its end
	for name, want := range map[string]struct {
		name          string
		queries, keys Axis
		heads         int
	}{
		"":                         {"out", said, word, 1},
		"mixed":                    {"mixed", said, word, 1},
		"again":                    {"again", said, said, 1},
		"memory":                   {"memory.0.self_attention", word, word, 2},
		"decoded":                  {"decoded.1.cross_attention", said, word, 2},
		"decoded.0":                {"decoded.0.cross_attention", said, word, 2},
		"decoded.0.self_attention": {"decoded.0.self_attention", said, said, 2},
	} {
		a, err := e.Attention(x, 0, name)
		if err != nil {
			t.Fatal(err)
		}
		if a.Name != want.name || a.Queries != want.queries || a.Keys != want.keys || a.Heads != want.heads {
			t.Errorf("%q: %s %+v %+v with %d heads", name, a.Name, a.Queries, a.Keys, a.Heads)
		}
		m, n := a.Queries.Steps, a.Keys.Steps
		if len(a.Weights) != a.Heads*m*n {
			t.Fatalf("%q: %d weights", name, len(a.Weights))
		}
		for q := range a.Heads * m {
			sum := 0.0
			for k, w := range a.Weights[q*n : (q+1)*n] {
				sum += w
				if name == "decoded.0.self_attention" && (w == 0) != (k > q%m) {
					t.Errorf("step %d gives %d %v", q%m, k, w)
				}
			}
			if math.Abs(sum-1) > 1e-5 {
				t.Errorf("%q: the weights of step %d add up to %v", name, q%m, sum)
			}
		}
		x.Steps[0] += 3 // padding
		x.Ints[0] = append(x.Ints[0][:7], make([]int32, 30)...)
		padded, err := e.Attention(x, 0, name)
		if x.Steps[0] -= 3; err != nil || !slices.Equal(padded.Weights, a.Weights) {
			t.Errorf("%q: padding changes the weights, %v", name, err)
		}
	}
}

// Of a net that attends by products of embeddings, the weights are those written out.
func TestAttentionWeights(t *testing.T) {
	job, state, e := untrained(t, fmt.Sprintf(wordsFrom, data(t, "words.csv"), "{column: language, type: category}")+`
layers: [{type: embedding, size: 5}, attention, {type: attention_pool, name: pool}, {type: dense, units: classes}]
`)
	x, _ := rowOf(t, job, 3)
	a, err := e.Attention(x, 0, "attention_1")
	if err != nil {
		t.Fatal(err)
	}
	p := state.Params(model.VarWeights)
	at := slices.IndexFunc(p, func(p graph.Param) bool { return p.Name == "embedding_1.table" })
	table := state.Data(model.VarWeights)[p[at].Offset:]
	n := int(x.Lengths[0][0])
	if a.Keys != (Axis{0, n}) || a.Queries != a.Keys {
		t.Fatalf("%+v looks at %+v", a.Queries, a.Keys)
	}
	for i := range n {
		scores, sum := make([]float64, n), 0.0
		for j := range n {
			for k := range 5 {
				scores[j] += float64(table[5*int(x.Ints[0][i])+k]) * float64(table[5*int(x.Ints[0][j])+k])
			}
			scores[j] = math.Exp(scores[j] / math.Sqrt(5))
			sum += scores[j]
		}
		for j, s := range scores {
			if !near(a.Weights[i*n+j], s/sum, 1e-5) {
				t.Errorf("step %d gives %d %v, want %v", i, j, a.Weights[i*n+j], s/sum)
			}
		}
	}
	pooled, err := e.Attention(x, 0, "")
	if err != nil || pooled.Name != "pool" || pooled.Queries != (Axis{-1, 1}) || pooled.Keys != (Axis{0, n}) || len(pooled.Weights) != n {
		t.Errorf("by default %+v, %v", pooled, err)
	}
	_, _, e = untrained(t, fmt.Sprintf(wordsFrom, data(t, "words.csv"), "{column: language, type: category}")+`
layers: [{type: embedding, size: 5}, {type: dense, units: 3, activation: softmax}, global_avg_pool1d, {type: dense, units: classes}]
`)
	var none *NoAttentionError
	if _, err := e.Attention(x, 0, ""); !errors.As(err, &none) || len(none.Names) > 0 {
		t.Errorf("a net without attention: %v", err)
	}
}
