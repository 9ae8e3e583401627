package compress

import (
	"math"
	"os"
	"time"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// Figures are what a model costs, and what it achieves.
type Figures struct {
	Size            int64         `json:"size_bytes"` // of the file
	Parameters      int           `json:"parameters"`
	NonZeros        int           `json:"non_zeros"`       // of the parameters
	Multiplications float64       `json:"multiplications"` // in products, for a row, with zeros counted
	Latency1        time.Duration `json:"latency_1_ns"`    // of the prediction of a row
	Latency64       time.Duration `json:"latency_64_ns"`   // of the predictions of 64
	Memory          int           `json:"memory_bytes"`    // that predictions of 64 rows take at most
	Split           string        `json:"split"`           // that was scored
	Scores          []Score       `json:"scores"`
}

// batch is how many rows are predicted together, where not one alone is.
const batch = 64

// Throughput is how many rows are predicted in a second, in batches.
func (f *Figures) Throughput() float64 { return batch / f.Latency64.Seconds() }

// Score is a figure of a split: loss, accuracy. It is nil where it is undefined.
type Score struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value"`
}

// Of is a figure of the split, NaN where there is none of that name.
func (f *Figures) Of(name string) float64 { return valueOf(f.Scores, name) }

func valueOf(list []Score, name string) float64 {
	for _, s := range list {
		if s.Name == name && s.Value != nil {
			return *s.Value
		}
	}
	return math.NaN()
}

// measure measures a model.
func (r *runner) measure(f *model.File) (m Figures, err error) {
	info, err := os.Stat(f.Path)
	if err != nil {
		return m, err
	}
	m.Size = info.Size()
	if m.Parameters, m.NonZeros, err = count(f); err != nil {
		return m, err
	}
	_, total, err := f.Net.Summarize(1)
	if err != nil {
		return m, err
	}
	m.Multiplications = total.Products
	data, err := r.splits(f)
	if err != nil {
		return m, err
	}
	part := data.Train
	if m.Split = "train"; data.Validation != nil && data.Validation.Rows() > 0 {
		m.Split, part = "validation", data.Validation
	}
	if m.Scores, err = r.score(f, part); err != nil {
		return m, err
	}
	one, err := train.TimePredictions(f, part, 1, r.o.Threads)
	if err != nil {
		return m, err
	}
	many, err := train.TimePredictions(f, part, batch, r.o.Threads)
	if err != nil {
		return m, err
	}
	m.Latency1, m.Latency64, m.Memory = one.Step, many.Step, many.Memory.Total()
	return m, nil
}

// count counts the parameters of a model, and those that are not zero.
func count(f *model.File) (parameters, nonZeros int, err error) {
	all, err := f.Parameters()
	for _, p := range all {
		parameters += len(p.Values)
		for _, x := range p.Values {
			if x != 0 {
				nonZeros++
			}
		}
	}
	return parameters, nonZeros, err
}

// score scores a model on a split, in a trial on a few of its rows.
func (r *runner) score(f *model.File, part *dataset.Part) ([]Score, error) {
	pool := parallel.New(r.o.Threads)
	defer pool.Close()
	part = dataset.Covering(part, 0)
	if r.o.Fast {
		part = part.Sample(2*f.Net.Config.Train.BatchSize, f.Net.Config.Seed)
	}
	got, err := infer.Score(infer.NewRunner(f.Net, f.State, pool, true), part, infer.Scoring{Stop: r.ctx.Err})
	if err != nil && r.ctx.Err() != nil {
		return nil, train.ErrInterrupted
	}
	if err != nil {
		return nil, err
	}
	var list []Score
	add := func(name string, x float64) {
		s := Score{Name: name}
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			s.Value = &x
		}
		list = append(list, s)
	}
	add("loss", got.Loss)
	for i := range got.Heads {
		h := &got.Heads[i]
		if len(got.Heads) > 1 {
			add(h.Figure("loss"), h.Loss)
		}
		for _, m := range h.Metrics {
			if m.Result.Single() {
				add(h.Figure(m.Name), m.Result.Value)
			}
		}
	}
	return list, nil
}
