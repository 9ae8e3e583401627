package explain

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// pathRows is how many places of the path are computed at once, unless the row is so long that these take more memory than
// rows may in prediction.
const pathRows = 16

// ErrTooLong is what IntegratedGradients says of a row that takes more memory than it may even by itself.
var ErrTooLong = errors.New("too many steps to be explained")

// Attribution says how much each number that the net was given adds to a prediction, compared to a baseline.
type Attribution struct {
	// Values holds a share for each number of the row: parallel to the blocks of the Schema, each as long as the block's row in
	// the batch (Batch.RowSize). The share of a whole number, a token of a text, is that of the vector which an embedding has
	// for it.
	Values [][]float64
	// Score is the prediction for the row, Baseline that for the baseline.
	Score, Baseline float64
	Steps           int
}

// Sum adds up all shares. But for the error of the integral it is the score minus that of the baseline.
func (a *Attribution) Sum() float64 {
	sum := 0.0
	for _, block := range a.Values {
		for _, v := range block {
			sum += v
		}
	}
	return sum
}

// ConvergenceDelta is how far the sum is from what it should be, relative to the latter; where shares cancel each other out,
// relative to a hundredth of their sizes.
func (a *Attribution) ConvergenceDelta() float64 {
	size := 0.0
	for _, block := range a.Values {
		for _, v := range block {
			size += math.Abs(v)
		}
	}
	want := a.Score - a.Baseline
	delta := math.Abs(a.Sum() - want)
	if delta == 0 {
		return 0
	}
	return delta / max(math.Abs(want), size/100)
}

// IntegratedGradients follows the prediction's gradient on the straight path from the baseline x' to the row x:
//
//	share_i = (x_i − x'_i) · ∫₀¹ ∂s(x' + α(x − x'))/∂x_i dα
//
// with the integral as the mean at the middles of equal steps. x and baseline hold one row each. An embedding's vector is
// what is followed in place of the whole number it stands for, from nothing but zeros: vectors are drawn around zero, so that
// is one which says nothing. The vector that an embedding has for the padding would not do: layers pass over it, so it is
// never learned and stays as it was drawn. A text is compared with one of as many tokens that say nothing, a series with one
// of as many steps that are all 0 on the scale that they are learned on.
//
// The error is ErrTooLong for a row whose steps do not fit into the memory that a row gets.
//
// Source: Sundararajan, Taly & Yan 2017, Axiomatic attribution for deep networks, equation 1.
func (e *Explainer) IntegratedGradients(x, baseline *dataset.Batch, a Prediction, steps int) (*Attribution, error) {
	w, err := e.newPath(x, baseline, a)
	if err != nil {
		return nil, err
	}
	alphas := []float64{1, 0} // the ends, whose predictions are to be compared
	for k := range steps {
		alphas = append(alphas, (float64(k)+0.5)/float64(steps))
	}
	res := &Attribution{Steps: steps}
	var scores []float64
	for part := range slices.Chunk(alphas, w.rows) {
		scores = append(scores, w.run(part, max(0, 2-len(scores)))...)
	}
	res.Score, res.Baseline = float64(scores[0]*a.scale)+a.shift, float64(scores[1]*a.scale)+a.shift
	for i := range e.net.Schema.Blocks {
		res.Values = append(res.Values, make([]float64, x.RowSize(i)))
	}
	for _, s := range w.stages {
		s.share(res.Values[s.block], steps)
	}
	return res, nil
}

// stage is a value that is followed from the baseline to the row.
type stage struct {
	block    int
	feed     string
	gradient string // the output's name, "" where the prediction does not depend on it
	from, to []float64
	sums     []float64 // of gradients
}

// share adds what the stage's numbers share, several for one number of the block where it is a vector.
func (s *stage) share(dst []float64, steps int) {
	each := len(s.sums) / len(dst)
	for i, sum := range s.sums {
		at := 0
		if each > 0 && each*len(dst) == len(s.sums) {
			at = i / each
		}
		dst[at] += float64((s.to[i] - s.from[i]) * (sum / float64(steps)))
	}
}

// path is a net compiled for places between a baseline and a row.
type path struct {
	rows    int // places at once
	stages  []*stage
	program *model.Program
	at, row int // of the prediction in the net's output
}

// newPath compiles the net with the gradients of a prediction by all that it is given, for as many places at once as a row's memory
// is enough for.
func (e *Explainer) newPath(x, baseline *dataset.Batch, a Prediction) (*path, error) {
	embedded, err := e.embedded(x, a.head)
	if err != nil {
		return nil, err
	}
	for rows := pathRows; ; rows /= 2 {
		w := &path{rows: rows}
		g, err := e.build(model.BatchShapeFor(rows, x.Steps), a.head, func(b *graph.Builder, out *graph.Value, _ []layers.Info) error {
			w.at, w.row = a.place(out.Shape)
			b.SetOutput(outScores, out)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if g, err = e.along(g, w, a, x, baseline, embedded); err != nil {
			return nil, err
		}
		if g, err = model.Optimize(e.net, g); err != nil {
			return nil, err
		}
		if need := model.FloatsOf(g); need > e.most && rows > 1 {
			continue
		} else if need > e.most {
			return nil, fmt.Errorf("%d steps are %w: they need %d MB of memory, and a row gets %d MB", slices.Max(x.Steps), ErrTooLong, 4*need>>20, 4*e.most>>20)
		}
		if w.program, err = e.program(g); err != nil {
			return nil, err
		}
		w.program.FeedBatch(e.repeat(x, rows))
		return w, nil
	}
}

// along cuts embeddings off a net and adds gradients by them and by the blocks of floats.
func (e *Explainer) along(g *graph.Graph, w *path, a Prediction, x, baseline *dataset.Batch, embedded [][]float32) (*graph.Graph, error) {
	at := map[*graph.Value]string{} // what is cut off, and as what it is fed
	var from []*graph.Value         // by stage: where its gradient is taken
	for i, l := range e.lookUps(g) {
		at[l.value], from = feedName(i), append(from, l.value)
		w.stages = append(w.stages, &stage{block: l.block, feed: at[l.value], from: make([]float64, len(embedded[i])), to: widen(embedded[i])})
	}
	for i := range e.net.Schema.Blocks {
		bl := &e.net.Schema.Blocks[i]
		if v := g.Input(model.FeedBlock + bl.Name); v != nil && !bl.Ints {
			from = append(from, v)
			w.stages = append(w.stages, &stage{block: i, feed: model.FeedBlock + bl.Name, from: widen(firstRow(baseline, i, x.RowSize(i))), to: widen(firstRow(x, i, x.RowSize(i)))})
		}
	}
	for _, s := range w.stages {
		s.sums = make([]float64, len(s.to))
	}
	cut := func(r *graph.Rewriter, n *graph.Node, _ []*graph.Value) []*graph.Value {
		if name, ok := at[n.Outputs[0]]; ok {
			return []*graph.Value{r.Input(name, n.Outputs[0].Type)}
		}
		return nil
	}
	return graph.Rewrite(g, cut, func(r *graph.Rewriter) error {
		var wrt []*graph.Value
		for i := range w.stages {
			wrt = append(wrt, r.To(from[i]))
		}
		return differentiable(func() error {
			out := r.To(g.Output(outScores))
			for i, d := range grad.Build(r.Builder, out, seed(r.Builder, out, a), wrt) {
				if d != nil {
					w.stages[i].gradient = "gradient." + w.stages[i].feed
					r.SetOutput(w.stages[i].gradient, d)
				}
			}
			return nil
		})
	})
}

// run computes the net at the places alphas of the path, adds up the gradients there, but for the first few, which are ends, and
// returns the raw scores.
func (w *path) run(alphas []float64, ends int) []float64 {
	for _, s := range w.stages {
		if s.gradient == "" {
			continue
		}
		feed := w.program.Feed(s.feed).F
		for row, alpha := range alphas {
			for i, to := range s.to {
				feed[row*len(s.to)+i] = float32(s.from[i] + float64(alpha*(to-s.from[i])))
			}
		}
	}
	w.program.Run()
	for _, s := range w.stages {
		if s.gradient == "" {
			continue
		}
		d := w.program.Output(s.gradient).F
		for row := range alphas {
			if row < ends {
				continue
			}
			for i := range s.sums {
				s.sums[i] += float64(d[row*len(s.sums)+i])
			}
		}
	}
	out := w.program.Output(outScores).F
	scores := make([]float64, len(alphas))
	for row := range scores {
		scores[row] = float64(out[row*w.row+w.at])
	}
	return scores
}
