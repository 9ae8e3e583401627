package op

import (
	"math"
	"slices"

	"dnn/internal/kernel/attention"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// attention64 computes an attention in float64, query by query.
type attention64 struct {
	*attention.Attention
	q, k, v         []float64
	lengths, offset []int32
	step            uint64
	first           int // row, as dropout counts
	scale           float64
}

func newAttention64(a AttentionAttrs, types []*graph.Value, in []graph.Ref) attention64 {
	w := attention64{q: in[0].F, k: in[1].F, v: in[2].F}
	w.Attention = a.shape(types[0].Shape, types[1].Shape, types[2].Shape)
	if w.scale = float64(a.Scale); w.scale == 0 { // not rounded as the kernel's
		w.scale = 1 / math.Sqrt(float64(w.D))
	}
	t := taker[graph.Ref]{in[3:]}
	w.lengths, w.offset = t.take(a.Lengths).I, t.take(a.Offset).I
	if a.Step {
		w.step, w.first = drawsAt(t.take(true).I)
	}
	return w
}

// eachQuery visits all queries of all heads and rows.
func (w *attention64) eachQuery(f func(row, head, i int)) {
	for row := range w.Rows {
		for head := range w.Heads {
			for i := range w.M {
				f(row, head, i)
			}
		}
	}
}

// keyHead is the head of the keys that a head uses.
func (w *attention64) keyHead(head int) int { return head / (w.Heads / w.KeyHeads) }

// at is the vector of a head at one of n places of a row.
func (w *attention64) at(x []float64, row, place, n, head, heads, width int) []float64 {
	return part64(x, (row*n+place)*heads+head, width)
}

// distance is how far key j lies before query i of a row.
func (w *attention64) distance(row, i, j int) int {
	if w.offset != nil {
		i += int(w.offset[row])
	}
	return i - j
}

// sees tells whether query i of a row sees key j.
func (w *attention64) sees(row, i, j int) bool {
	d := w.distance(row, i, j)
	if w.lengths != nil && j >= int(w.lengths[row]) || w.Causal && d < 0 {
		return false
	}
	return w.Window == 0 || max(d, -d) < w.Window
}

// scores are those of a query for all keys, -Inf where it does not see one.
func (w *attention64) scores(row, head, i int) []float64 {
	s := make([]float64, w.N)
	q := w.at(w.q, row, i, w.M, head, w.Heads, w.D)
	for j := range s {
		if s[j] = math.Inf(-1); !w.sees(row, i, j) {
			continue
		}
		s[j] = 0
		for c, x := range w.at(w.k, row, j, w.N, w.keyHead(head), w.KeyHeads, w.D) {
			s[j] += w.scale * q[c] * x
		}
		if w.Slopes != nil {
			s[j] -= float64(w.Slopes[head]) * math.Abs(float64(w.distance(row, i, j)))
		}
	}
	return s
}

// logSum is the logarithm of the sum of exponentials of scores, 0 if no key is seen.
func logSum(scores []float64) float64 {
	top, sum := slices.Max(scores), 0.0
	if math.IsInf(top, -1) {
		return 0
	}
	for _, s := range scores {
		sum += math.Exp(s - top)
	}
	return top + math.Log(sum)
}

// exponentials are those of scores minus lse.
func exponentials(scores []float64, lse float64) []float64 {
	p := make([]float64, len(scores))
	for j, s := range scores {
		p[j] = math.Exp(s - lse)
	}
	return p
}

// drop is dropout of what belongs to the weights of a query.
func (w *attention64) drop(p []float64, row, head, i int) []float64 {
	if w.Rate == 0 {
		return p
	}
	kept, out := make([]float32, len(p)), make([]float64, len(p))
	vec.Fill(kept, 1)
	w.Drop(kept, w.first+row, head, i, w.step)
	for j, v := range p {
		out[j] = choose(kept[j] != 0, v/(1-float64(w.Rate)), 0)
	}
	return out
}

func dot64(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}
