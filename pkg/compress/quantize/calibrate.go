package quantize

import (
	"math"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/weights"
)

// observedRows is how many rows go through the net at once while values are looked at.
const observedRows = 32

// calibrate finds the scales of what meets the parameters.
func (q *quantizer) calibrate() error {
	names := map[string]bool{}
	for _, l := range q.layers {
		for _, name := range l.fit {
			names[name] = q.sparse[name] == nil
		}
	}
	o := &observer{net: q.base.Net, state: q.base.State, pool: q.pool, names: names, programs: map[model.BatchShape]*observing{}}
	if o.net.Config.Train.Stateful { // sequences in one piece
		whole, config := *o.net, *o.net.Config
		config.Train.Stateful = false
		whole.Config, o.net = &config, &whole
	}
	largest, magnitudes := map[string]float32{}, map[string]*sizes{}
	err := o.each(q.data.Calibration, func(name string, x []float32) {
		if magnitudes[name] == nil {
			magnitudes[name] = &sizes{}
		}
		for _, v := range x {
			largest[name] = max(largest[name], v, -v)
		}
		magnitudes[name].add(x)
	})
	if err != nil {
		return err
	}
	seen := map[string]*Histogram{}
	for name, top := range largest {
		if v := float64(top); math.IsNaN(v) || math.IsInf(v, 0) {
			return q.notFinite("what meets "+name, q.data.Calibration)
		}
		seen[name] = &Histogram{Top: float64(top), Counts: make([]float64, bins)}
	}
	if err := o.each(q.data.Calibration, func(name string, x []float32) { seen[name].add(x) }); err != nil {
		return err
	}
	for name, h := range seen {
		q.scales[name] = float32(h.clipped(q.Method) / weights.Most)
	}
	for _, l := range q.layers {
		for _, name := range l.fit {
			if s := magnitudes[name]; q.farOut == nil && s != nil && s.lost(q.scales[name]) >= mostLost {
				q.farOut = &FarOut{Parameter: name, Largest: float64(largest[name]), Input: q.farthest(q.data.Calibration)}
			}
		}
	}
	return nil
}

// observer runs a net and looks at what meets its parameters.
type observer struct {
	net      *model.Network
	state    *exec.State
	pool     *exec.Pool
	names    map[string]bool
	programs map[model.BatchShape]*observing
}

type observing struct {
	*model.Program
	outputs map[string][]string // by parameter
}

// each calls see with the values that meet each of the parameters, batch by batch.
func (o *observer) each(rows Rows, see func(name string, x []float32)) error {
	b := o.net.Schema.NewBatch(observedRows)
	return rows.Each(b, min(observedRows, o.net.ScoreRows()), func() error {
		p, err := o.program(b)
		if err != nil {
			return err
		}
		p.FeedBatch(b)
		p.Run()
		for name, outputs := range p.outputs {
			for _, out := range outputs {
				see(name, p.Output(out).F)
			}
		}
		return nil
	})
}

// program is the one for batches such as b.
func (o *observer) program(b *dataset.Batch) (*observing, error) {
	shape := model.BatchShapeOf(b)
	if p := o.programs[shape]; p != nil {
		return p, nil
	}
	g, outputs, err := model.Observed(o.net, shape, o.names)
	if err != nil {
		return nil, err
	}
	p, err := o.net.Compile(g, o.state, o.pool, model.Evaluation(o.state))
	if err != nil {
		return nil, err
	}
	o.programs[shape] = &observing{p, outputs}
	return o.programs[shape], nil
}

// bins is how many bins a histogram has.
const bins = 2048

// Histogram counts how large values are.
type Histogram struct {
	Top    float64   // the largest
	Counts []float64 // of values whose size is in each of equal parts of [0, Top]
}

func (h *Histogram) add(x []float32) {
	if h.Top == 0 {
		return
	}
	for _, v := range x {
		i := int(max(float64(v), -float64(v)) / h.Top * bins)
		h.Counts[min(i, bins-1)]++
	}
}

// clipped is the size at which values are cut off; 0 where all values are.
func (h *Histogram) clipped(m Method) float64 {
	if h.Top == 0 {
		return 0
	}
	last := slices.IndexFunc(h.Counts, func(n float64) bool { return n > 0 })
	if last < 0 {
		return 0
	}
	return m.Clip(h)
}

// edge is the upper end of bin i.
func (h *Histogram) edge(i int) float64 { return h.Top * float64(i+1) / bins }
