package infer

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

const writingSpec = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: said, type: text, tokenizer: TOKENIZER, max_length: 9}
layers:
LAYERS
train: {batch_size: 4}
`

const writingRows = "word,said\nwalking,walk it\nas,is\nhouses,house\ni,eyes now\nrun,runner\n"

// nets write in different ways. Those that look back by a convolution keep nothing from step to step.
var writingNets = map[string]string{
	"recurrent": `
  - {name: letters, type: embedding, inputs: [word], size: 5}
  - {name: memory, type: lstm, inputs: [letters], units: 4, bidirectional: true, sequences: true}
  - {name: prefix, type: embedding, inputs: [said], size: 5}
  - {name: state, type: gru, inputs: [prefix], units: 6, layers: 2, sequences: true}
  - {name: context, type: attention, inputs: [state, memory]}
  - {type: concat, inputs: [state, context]}
  - {type: dense, units: vocabulary}`,
	"transformer": `
  - {name: source, type: embedding, inputs: [word], size: 8, positions: sinusoidal}
  - {name: memory, type: transformer_encoder, inputs: [source], blocks: 1, heads: 2, hidden: 12}
  - {name: prefix, type: embedding, inputs: [said], size: 8, positions: learned}
  - {name: decoded, type: transformer_decoder, inputs: [prefix, memory], blocks: 2, heads: 2, hidden: 12}
  - {type: dense, units: vocabulary}`,
	"copy": `
  - {name: source, type: embedding, inputs: [word], size: 8, positions: sinusoidal}
  - {name: memory, type: transformer_encoder, inputs: [source], blocks: 1, heads: 2, hidden: 12}
  - {name: prefix, type: embedding, inputs: [said], size: 8, positions: sinusoidal, weights: source}
  - {name: decoded, type: transformer_decoder, inputs: [prefix, memory], blocks: 1, heads: 2, hidden: 12}
  - {type: copy_output, inputs: [decoded, memory, word], weights: source}`,
	"before and window": `
  - {name: source, type: embedding, inputs: [word], size: 8, positions: learned}
  - {name: memory, type: transformer_encoder, inputs: [source], blocks: 1, heads: 2, hidden: 12, norm: before}
  - {name: prefix, type: embedding, inputs: [said], size: 8}
  - {name: decoded, type: transformer_decoder, inputs: [prefix, memory], blocks: 1, heads: 4, key_heads: 2, hidden: 12, norm: before, positions: alibi, window: 3, activation: swiglu}
  - {type: dense, units: vocabulary}`,
}

// Writing step by step with what was kept equals computing all steps again; rows written together equal rows written alone;
// the most probable token at each step equals a beam of one. All to the bit.
func TestDecoderWays(t *testing.T) {
	for name, layers := range writingNets {
		t.Run(name, func(t *testing.T) {
			tokenizer := "char"
			if name == "copy" {
				tokenizer = "shared"
			}
			j := mustOpen(t, writingSpec, writingRows, "LAYERS => "+layers[1:], "TOKENIZER => "+tokenizer)
			state, pool := exec.NewState(), parallel.New(2)
			defer pool.Close()
			d, err := NewDecoder(&j.Network, state, pool, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !d.keeps {
				t.Error("nothing is kept from step to step")
			}
			b := j.Schema.NewBatch(5)
			if err := j.Data.Train.Fill(b, []int{0, 1, 2, 3, 4}); err != nil {
				t.Fatal(err)
			}
			write := func(how model.Predict, keeps bool, groups ...[]int) (all []string) {
				d.keeps = keeps
				for _, rows := range groups {
					list, err := d.Search(b, rows, how)
					if err != nil {
						t.Fatal(err)
					}
					for _, s := range list {
						all = append(all, fmt.Sprint(s.Tokens, math.Float64bits(s.Score)))
					}
				}
				return all
			}
			together, alone := []int{0, 1, 2, 3, 4}, [][]int{{0}, {1}, {2}, {3}, {4}}
			for _, how := range []model.Predict{{Beam: 1, LengthPenalty: 1}, {Beam: 3, LengthPenalty: 0.6}, {Beam: 4, LengthPenalty: 1, NoRepeat: 2}} {
				want := write(how, true, together)
				if got := write(how, false, together); !slices.Equal(got, want) {
					t.Errorf("%+v: kept %v, computed again %v", how, want, got)
				}
				if got := write(how, true, alone...); !slices.Equal(got, want) {
					t.Errorf("%+v: together %v, alone %v", how, want, got)
				}
				if how.Beam == 1 {
					list, err := d.Search(b, together, how)
					if err != nil {
						t.Fatal(err)
					}
					for i, tokens := range greedy(t, d, b, together) {
						if !slices.Equal(tokens, list[i].Tokens) {
							t.Errorf("row %d: beam of one %v, greedy %v", i, list[i].Tokens, tokens)
						}
					}
				}
			}
		})
	}
}

// greedy writes with the whole net at each step.
func greedy(t *testing.T, d *Decoder, b *dataset.Batch, rows []int) (all [][]int32) {
	r := NewRunner(d.net, d.state, d.pool, false)
	width, block := d.net.Heads[0].Width, d.net.Prefix(0)
	for _, row := range rows {
		var tokens []int32
		for len(tokens) <= d.max-1 {
			copyRow(r.Batch(), b, row, block, d.max)
			own := r.Batch()
			own.Lengths[block][0] = int32(len(tokens) + 1)
			own.Ints[block][0] = int32(width - 1)
			copy(own.Ints[block][1:], tokens)
			out, err := r.Run()
			if err != nil {
				t.Fatal(err)
			}
			_, to := r.Predictions(0, 0)
			probabilities := out[0].Prediction[(to-1)*width : to*width]
			best := 2
			for k := 3; k < width; k++ {
				if probabilities[k] > probabilities[best] {
					best = k
				}
			}
			if len(tokens) == d.max-1 {
				best = width - 1
			}
			if best == width-1 {
				break
			}
			tokens = append(tokens, int32(best))
		}
		all = append(all, tokens)
	}
	return all
}

// copyRow makes a batch of one row of another.
func copyRow(to, from *dataset.Batch, row, block, steps int) {
	to.Rows = 1
	copy(to.Steps, from.Steps)
	to.Steps[block] = steps
	to.Grow()
	for i := range from.Ints {
		size := from.RowSize(i)
		copy(to.Ints[i], from.Ints[i][row*size:(row+1)*size])
		to.Lengths[i][0] = from.Lengths[i][row]
	}
}
