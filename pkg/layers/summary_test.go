package layers

import (
	"fmt"
	"strings"
	"testing"
)

func TestSummarize(t *testing.T) {
	n := build(t, `
layers:
  - {type: dense, units: 5}
  - batch_norm
  - type: repeat
    name: blocks
    times: 2
    layers:
      - type: residual
        layers: [{type: dense, units: 5, trainable: false}, {type: activation, function: tanh}]
  - {type: reshape, shape: [5, 1]}
  - flatten
  - {type: dense, units: classes, bias: false}
`, true, Spec{})
	if n.err != nil {
		t.Fatal(n.err)
	}
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	rows, total := Summarize(g, n.infos)
	total.Name = "total"
	var got strings.Builder
	for _, r := range append(rows, total) {
		fmt.Fprintf(&got, "%d %s %s %v %d+%d+%d", r.Depth, r.Name, r.Kind, r.Out.Shape, r.Trained, r.Frozen, r.State)
		if r.Kind == "dense" || r.Kind == "reshape" {
			fmt.Fprintf(&got, " %v %d", r.Flops, r.Bytes)
		}
		got.WriteByte('\n')
	}
	// A dense layer of 6 by 5 takes 4·5·6·2 operations for the product, 20 for the bias.
	want := `0 dense_1 dense [4x5] 35+0+0 260 160
0 batch_norm_1 batch_norm [4x5] 10+0+10
0 blocks repeat [4x5] 0+60+0
1 blocks.0.residual_1 residual [4x5] 0+30+0
2 blocks.0.residual_1.dense_1 dense [4x5] 0+30+0 220 160
2 blocks.0.residual_1.activation_1 activation [4x5] 0+0+0
1 blocks.1.residual_1 residual [4x5] 0+30+0
2 blocks.1.residual_1.dense_1 dense [4x5] 0+30+0 220 160
2 blocks.1.residual_1.activation_1 activation [4x5] 0+0+0
0 reshape_1 reshape [4x5x1] 0+0+0 0 0
0 flatten_1 flatten [4x5] 0+0+0
0 dense_2 dense [4x3] 15+0+0 120 48
0 total  [] 60+60+10
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	sum := 0.0
	for _, r := range rows {
		if r.Depth == 0 {
			sum += r.Flops
		}
	}
	if sum != total.Flops || sum < 260+440+120 {
		t.Errorf("the layers take %v operations, the net %v", sum, total.Flops)
	}
}

// Products are multiply-adds of matrices and convolutions alone, of a batch of 4.
func TestProducts(t *testing.T) {
	for text, want := range map[string]float64{
		"{type: dense, units: 5, activation: tanh}": 4 * 6 * 5,
		"{type: activation, function: softmax}":     0,
		"{type: dropout, rate: 0.5}":                0,
		"batch_norm":                                0,
		"{type: reshape, shape: [6, 1]}\n  - {type: conv1d, filters: 2, kernel: 3}": 4 * 4 * 3 * 2,
		"{type: reshape, shape: [6, 1]}\n  - {type: lstm, units: 2}":                4 * 6 * (4*2*1 + 4*2*2),
		"{type: reshape, shape: [3, 2]}\n  - attention":                             4 * 3 * 3 * (2 + 2),
	} {
		n := build(t, "layers:\n  - "+text+"\n", true, Spec{})
		if n.err != nil {
			t.Fatal(text, n.err)
		}
		g, err := n.b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if _, total := Summarize(g, n.infos); total.Products != want {
			t.Errorf("%s: %v products, want %v", text, total.Products, want)
		}
	}
}
