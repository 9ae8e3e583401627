package layers

import (
	"math"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
)

// runBits gives the output, in float32, of a compiled layer for a batch of sequences of 2 channels. Without lengths, all
// steps count.
func runBits(t *testing.T, pool *parallel.Pool, layer string, rows, steps int, lengths []int32, fill func(x []float32)) []float32 {
	t.Helper()
	x := sequences("x", steps, 2)
	if lengths == nil {
		x.Lengths = ""
	}
	n := buildRows(t, "layers: ["+layer+"]", rows, false, Spec{Inputs: []Input{x}})
	if n.err != nil {
		t.Fatal(n.err)
	}
	n.b.SetOutput("y", n.out.Value)
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	p, err := exec.Compile(g, exec.NewState(), pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fill(p.Feed("input.x").F)
	if lengths != nil {
		copy(p.Feed("lengths.x").I, lengths)
	}
	p.Run()
	return append([]float32{}, p.Output("y").F...)
}

// TestCompanyChangesNoBit: windows give a row the very bits in a batch of longer ones, of any extent, that they give it
// alone.
func TestCompanyChangesNoBit(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	lengths := []int32{9, 5, 4, 7, 8, 6, 3}
	stride := map[string]int32{
		"{type: conv1d, filters: 3, kernel: 3, stride: 2, padding: same}":                                                           2,
		"{type: conv1d, filters: 3, kernel: 6, stride: 3, padding: same}":                                                           3,
		"{type: conv1d, filters: 3, kernel: 3, dilation: 2, stride: 2, padding: same}":                                              2,
		"{type: conv1d, filters: 3, kernel: 1, stride: 2, padding: same}":                                                           2,
		"{type: conv1d, filters: 3, kernel: 4, padding: same}":                                                                      1,
		"{type: depthwise_conv1d, kernel: 5, stride: 2, padding: same}":                                                             2,
		"{type: conv_transpose1d, filters: 3, kernel: 5, stride: 2, padding: same}":                                                 -2,
		"{type: reshape, shape: [-1, 1, 2]}, {type: separable_conv2d, filters: 3, kernel: 4, stride: 3, padding: same}":             3,
		"{type: max_pool1d, size: 3, stride: 2, padding: same}":                                                                     2,
		"{type: max_pool1d, size: 2, stride: 3, padding: same}":                                                                     3,
		"{type: avg_pool1d, size: 4, stride: 3, padding: same}":                                                                     3,
		"{type: avg_pool1d, size: 7, stride: 2, padding: same, count_padding: false}":                                               2,
		"{type: avg_pool1d, size: 3, stride: 2, padding: 1, ceil: true, count_padding: false}":                                      0,
		"{type: reshape, shape: [-1, 2, 1]}, {type: avg_pool2d, size: 2, stride: 2, ceil: true}":                                    0,
		"{type: reshape, shape: [-1, 2, 1]}, {type: avg_pool2d, size: [6, 2], stride: [3, 1], padding: same, count_padding: false}": 3,
	}
	for layer, stride := range stride {
		run := func(rows []int32, steps int, first int) []float32 {
			return runBits(t, pool, layer, len(rows), steps, rows, func(x []float32) {
				for row, n := range rows {
					for i := range 2 * steps {
						x[row*2*steps+i] = 1e30 // beyond the end
						if i < 2*int(n) {
							x[row*2*steps+i] = float32(sequence(first + row)[i])
						}
					}
				}
			})
		}
		for _, steps := range []int{9, 10, 11, 14} {
			together := run(lengths, steps, 0)
			each := len(together) / len(lengths)
			for row, n := range lengths {
				alone := run(lengths[row:row+1], int(n), row)
				out := len(alone) // numbers for the steps of the row
				for i, v := range together[row*each:][:out] {
					if math.Float32bits(v) != math.Float32bits(alone[i]) {
						t.Fatalf("%s: row %d of %d steps, of %d in the batch, gives %v at %d, alone %v", layer, row, n, steps, v, i, alone[i])
					}
				}
				if want := (n + stride - 1) / max(1, stride); stride > 0 && out%int(want) != 0 {
					t.Errorf("%s: %d steps become %d numbers, want %d steps", layer, n, out, want)
				}
			}
		}
	}
}
