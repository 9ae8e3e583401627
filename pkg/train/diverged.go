package train

import (
	"fmt"
	"math"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Diverged ends a training whose loss is no longer a number.
type Diverged struct {
	Step   int
	Layer  string // where the first NaN or infinity arose
	What   string // of which value there
	Loss   float64
	Rows   []string // places of the rows of the batch
	Target float64  // the batch's largest number to predict, when numbers are learned as they are; 0 else
}

// maxPlaces is how many rows of the batch are named.
const maxPlaces = 8

func (d *Diverged) Error() string {
	return fmt.Sprintf("diverged in step %d: the loss is %v; the first value that is not finite is %s of layer %s; rows of the batch: %s", d.Step, d.Loss, d.What, d.Layer, places(d.Rows))
}

// places lists the first rows of a batch, each file's name once: "a.csv:7, 9, b.csv:3, … (32 rows)".
func places(rows []string) string {
	var b strings.Builder
	file := ""
	for i, row := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == maxPlaces {
			fmt.Fprintf(&b, "… (%d rows)", len(rows))
			break
		}
		if name := strings.TrimRight(row, "0123456789"); i == 0 || name != file {
			file = name
			b.WriteString(row)
		} else {
			b.WriteString(row[len(name):])
		}
	}
	return b.String()
}

// diverged finds out where the first value that is not finite arose, by running the step again with nothing overwritten. feed fills
// the inputs that are not data.
func (t *Trainer) diverged(k key, batch *dataset.Batch, rows []int, loss float64, feed func(p *model.Program)) *Diverged {
	d := &Diverged{Step: t.pos.Step + 1, Loss: loss, Layer: "?", What: "a value"}
	for _, r := range rows {
		d.Rows = append(d.Rows, t.job.Data.Train.Place(r))
	}
	for k, h := range t.job.Heads {
		if h.Kind != task.Number || h.Scaling != nil {
			continue
		}
		for _, y := range batch.Labels(k).Floats[:len(rows)*batch.MaxLabels(k)*h.Width] {
			d.Target = max(d.Target, math.Abs(float64(y)))
		}
	}
	g, err := k.graph(t.job)
	if err != nil {
		return d
	}
	p, err := t.job.Compile(g, t.state, t.pool, exec.Options{Plan: plan.Options{KeepAll: true}})
	if err != nil {
		return d
	}
	p.FeedBatch(batch)
	feed(p)
	p.Forward()
	n, v := p.FirstNotFinite()
	if n == nil {
		return d
	}
	d.Layer, d.What = n.Scope, "the output of "+n.Label()
	switch n.Leaf {
	case graph.Input:
		d.Layer, d.What = "(data)", "the input "+n.Name
	case graph.Variable:
		d.Layer, d.What = blame(t.state.Params(n.Name), n.Name, p.Value(v).Floats()), "a weight, after the update of the step before,"
	}
	return d
}

// blame names the layer whose parameter is not finite.
func blame(params []graph.Param, name string, data []float32) string {
	for _, p := range params {
		for _, x := range data[p.Offset : p.Offset+p.Shape.Size()] {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				return p.Layer
			}
		}
	}
	return name
}
