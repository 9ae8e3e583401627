package layers

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/plan"
)

// chunkRun goes through sequences of tokens w, whole or in chunks, next to whole sequences z [4, 3] of different lengths.
type chunkRun struct {
	t     *testing.T
	pool  *parallel.Pool
	text  string
	state *exec.State
	rows  int
}

const chunkSteps = 9 // of a whole sequence

// program is the net for so many steps of w, after at others.
func (r *chunkRun) program(at, steps int, carry *Carry) *exec.Program {
	r.t.Helper()
	words := indices("w", 7, steps)
	words.MaxSteps = chunkSteps
	n := buildRows(r.t, r.text, r.rows, false, Spec{Inputs: []Input{words, sequences("z", 4, 3)}, Carry: carry})
	if n.err != nil {
		r.t.Fatal(n.err)
	}
	n.b.SetOutput("y", n.out.Value)
	g, err := n.b.Finish()
	if err != nil {
		r.t.Fatal(err)
	}
	if pl, err := plan.Make(g, plan.Options{}); err != nil || carry != nil && len(pl.Copies) > 0 && strings.Contains(r.text, "transformer") {
		r.t.Fatalf("%d variables are copied; %v", len(pl.Copies), err)
	}
	p, err := exec.Compile(g, r.state, r.pool, exec.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	for i := range r.state.Data("weights") {
		r.state.Data("weights")[i] = float32(math.Sin(float64(i))) / 2
	}
	if g.Input("input.z") != nil {
		for i := range p.Feed("input.z").F {
			p.Feed("input.z").F[i] = float32(math.Cos(float64(3 * i)))
		}
		copy(p.Feed("lengths.z").I, []int32{4, 2, 0})
	}
	if g.Input(FeedPosition) != nil {
		for row := range r.rows {
			p.Feed(FeedPosition).I[row] = int32(at)
		}
	}
	return p
}

// feed feeds steps [from, to) of all rows, runs, and returns the output [rows, to-from, width].
func (r *chunkRun) feed(p *exec.Program, from, to int) []float32 {
	for row := range r.rows {
		for i := from; i < to; i++ {
			p.Feed("input.w").I[row*(to-from)+i-from] = int32((i*i + 3*row + i) % 7)
		}
	}
	p.Run()
	return slices.Clone(p.Output("y").F)
}

// TestChunksAreTheWhole: what causal layers give of a sequence that comes in chunks, step by step or in larger ones, is to the
// bit what they give of the whole of it.
func TestChunksAreTheWhole(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	for _, layers := range []string{
		"{type: embedding, size: 4, positions: learned, inputs: [w]}, {type: transformer_encoder, blocks: 2, heads: 2, causal: true}",
		"{type: embedding, size: 6, positions: sinusoidal, inputs: [w], name: e}, {type: transformer_decoder, heads: 2, inputs: [e, z], norm: before}",
		"{type: embedding, size: 6, inputs: [w]}, {type: multi_head_attention, heads: 3, key_heads: 1, causal: true, window: 3, positions: alibi}",
		"{type: embedding, size: 6, inputs: [w]}, {type: attention, causal: true}",
		"{type: embedding, size: 8, inputs: [w]}, {type: transformer_encoder, heads: 2, causal: true, positions: rotary, activation: swiglu, norm_type: rms_norm}",
		"{type: embedding, size: 6, inputs: [w], name: e}, {type: lstm, units: 5, sequences: true, name: q}, {type: attention, inputs: [q, z]}",
		"{type: lstm, units: 2, bidirectional: true, inputs: [z], name: m}, {type: embedding, size: 3, inputs: [w], name: e}, {type: lstm, units: 4, sequences: true, inputs: [e, m]}",
		"{type: gru, units: 4, inputs: [z], name: m}, {type: embedding, size: 3, inputs: [w], name: e}, {type: gru, units: 4, sequences: true, inputs: [e, m.h]}",
	} {
		r := chunkRun{t: t, pool: pool, text: "layers: [" + layers + "]", rows: 3}
		r.state = exec.NewState()
		want := r.feed(r.program(0, chunkSteps, nil), 0, chunkSteps)
		width := len(want) / r.rows / chunkSteps
		for _, chunks := range [][]int{{1, 1, 1, 1, 1, 1, 1, 1, 1}, {4, 1, 1, 1, 1, 1}, {3, 6}} {
			r.state = exec.NewState()
			at := 0
			for _, n := range chunks {
				p := r.program(at, n, &Carry{Rows: r.rows, MaxSteps: chunkSteps, Inputs: []string{"input.w"}})
				if at == 0 { // a sequence begins
					for _, name := range r.state.Names() {
						if name != "weights" {
							clear(r.state.Data(name))
						}
					}
				}
				got := r.feed(p, at, at+n)
				for row := range r.rows {
					for i := range n * width {
						a, b := got[row*n*width+i], want[(row*chunkSteps+at)*width+i]
						if math.Float32bits(a) != math.Float32bits(b) {
							t.Fatalf("%s in chunks of %v: row %d gives %v at step %d, want %v", layers, chunks, row, a, at+i/width, b)
						}
					}
				}
				at += n
			}
		}
	}
}

// TestChunkMistakes: attention is not to be had of a chunk alone.
func TestChunkMistakes(t *testing.T) {
	for layers, want := range map[string]string{
		"{type: multi_head_attention, heads: 2, causal: true}": "layers[0]: train.stateful goes through sequences in chunks, and attention does not look back",
		"attention": "layers[0]: looks at all steps of a sequence that comes in chunks",
		"positions": "layers[0]: train.stateful goes through sequences in chunks, and positions would begin anew",
		"{type: lstm, units: 4, bidirectional: true}":                           "layers[0].bidirectional: train.stateful goes through",
		"{type: transformer_encoder, heads: 2, causal: true, trainable: false}": "layers[0]: train.stateful goes through sequences in chunks, and attention does not look back",
		"{type: gru, name: g, units: 4}, {type: gru, units: 4, inputs: [x, g]}": "layers[1].inputs: train.stateful begins",
	} {
		got := build(t, "layers: ["+layers+"]", true, Spec{Inputs: []Input{sequences("x", 5, 4)}, Carry: &Carry{Rows: 4}}).lines()
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", layers, got, want)
		}
	}
	carry := &Carry{Rows: 4, MaxSteps: 8}
	got := build(t, "layers: [{type: attention, kind: additive, causal: true}]", true, Spec{Inputs: []Input{sequences("x", 5, 4)}, Carry: carry}).lines()
	if len(got) != 1 || !strings.HasPrefix(got[0], "layers[0].kind: additive attention does not look back") {
		t.Errorf("got %q", got)
	}
	if n := build(t, "layers: [attention, {type: embedding, size: 2, inputs: [w]}]", true, Spec{Inputs: []Input{sequences("x", 5, 4), indices("w", 3, 2)}, Carry: carry}); n.err == nil || carry.Used {
		t.Error("attention without causal: true is built of chunks, or unused chunks carry something")
	}
}
