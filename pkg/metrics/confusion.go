package metrics

import (
	"math"
	"slices"

	"dnn/pkg/task"
)

// Confusion counts rows by true and predicted class, each row with its weight. For multi_label tasks it keeps a 2×2
// table per label. Predicted is the most probable class, or what reaches the threshold.
type Confusion struct {
	task    task.Head
	labels  []string
	cells   grid      // true and predicted classes
	tables  []float64 // multi_label: [label,true,predicted]
	present []bool    // classes that occur among the labels or among the predictions, whatever their weight
	exact   float64   // weight of the rows predicted right (multi_label: in all labels)
	weight  float64
	rows    int
	invalid bool // a prediction was not a number
}

// NewConfusion returns empty counts for a task of classes or labels.
func NewConfusion(t task.Head) *Confusion {
	c := &Confusion{task: t, labels: labels(t)}
	n := len(c.labels)
	c.present = make([]bool, n)
	if t.Kind == task.Labels {
		c.tables = make([]float64, n*4)
		for i := range c.present { // a label is a column of its own, even when it never applies
			c.present[i] = true
		}
	} else {
		c.cells = newGrid(n)
	}
	return c
}

// Add counts the rows of a batch.
func (c *Confusion) Add(b Batch) {
	checkBatch(c.task, b)
	c.rows += b.Rows
	n := len(c.labels)
	for i := range b.Rows {
		w := b.weight(i)
		c.weight += w
		if c.task.Kind == task.Labels {
			c.addLabels(b.Pred[i*n:(i+1)*n], b.Labels[i*n:(i+1)*n], w)
			continue
		}
		truth, pred := b.Class[i], 0
		if c.task.Kind == task.Binary {
			pred = c.decide(b.Pred[i])
		} else if pred = Argmax(b.Pred[i*n : (i+1)*n]); pred < 0 {
			c.invalid = true
			continue
		}
		c.present[truth], c.present[pred] = true, true
		c.cells.add(truth, pred, w)
		if truth == pred {
			c.exact += w
		}
	}
}

func (c *Confusion) addLabels(pred, truth []float64, w float64) {
	exact := true
	for j, p := range pred {
		t, d := 0, c.decide(p)
		if truth[j] != 0 {
			t = 1
		}
		c.tables[j*4+t*2+d] += w
		exact = exact && t == d
	}
	if exact {
		c.exact += w
	}
}

// decide returns 1 for a positive prediction, else 0.
func (c *Confusion) decide(p float64) int {
	if p != p {
		c.invalid = true
	}
	if Positive(c.task, p) {
		return 1
	}
	return 0
}

// Labels names the classes in the order of rows and columns.
func (c *Confusion) Labels() []string { return c.labels }

// Rows is the number of rows counted.
func (c *Confusion) Rows() int { return c.rows }

// Defined reports whether there were rows, and all predictions were numbers.
func (c *Confusion) Defined() bool { return c.rows > 0 && !c.invalid }

// Matrix returns the counts as [true][predicted]; nil for multi_label. A prediction that is not a number spoils it: all
// cells are then NaN.
func (c *Confusion) Matrix() [][]float64 {
	if c.task.Kind == task.Labels {
		return nil
	}
	m := make([][]float64, len(c.labels))
	for i := range m {
		m[i] = c.valid(c.cells.row(i, nil))
	}
	return m
}

// Tables returns [[TN FP] [FN TP]] per label of a multi_label task, else nil.
func (c *Confusion) Tables() [][][]float64 {
	if c.task.Kind != task.Labels {
		return nil
	}
	out := make([][][]float64, len(c.labels))
	for i := range out {
		t := c.tables[i*4:]
		out[i] = [][]float64{c.valid(t[:2]), c.valid(t[2:4])}
	}
	return out
}

// Result is the matrix, or the tables, as the result of a metric.
func (c *Confusion) Result() Result {
	return Result{Value: math.NaN(), Matrix: c.Matrix(), Tables: c.Tables(), Labels: c.Labels()}
}

// valid copies counts; they are NaN after a prediction that is not a number.
func (c *Confusion) valid(counts []float64) []float64 {
	row := slices.Clone(counts)
	for j := range row {
		if c.invalid {
			row[j] = math.NaN()
		}
	}
	return row
}

// Counts are the outcomes of one class against all others.
type Counts struct{ TP, FP, FN, TN float64 }

// Support is the weight of the rows that are of the class, Predicted of those that were taken for it.
func (k Counts) Support() float64   { return k.TP + k.FN }
func (k Counts) Predicted() float64 { return k.TP + k.FP }

// OneVsRest returns the counts of each class. They are sums of cells, or of a row less one of its cells, so that a count
// that should be 0 is exactly 0 also with odd weights.
func (c *Confusion) OneVsRest() []Counts {
	n := len(c.labels)
	out := make([]Counts, n)
	if c.task.Kind == task.Labels {
		for k := range out {
			t := c.tables[k*4:]
			out[k] = Counts{TN: t[0], FP: t[1], FN: t[2], TP: t[3]}
		}
		return out
	}
	var row []float64
	for i := range n {
		row = c.cells.row(i, row)
		whole := 0.0
		for _, w := range row {
			whole += w
		}
		for k, w := range row {
			if k == i {
				out[k].TP = w
				continue
			}
			out[i].FN += w
			out[k].FP += w
			out[k].TN += whole - w
		}
	}
	return out
}

// fromConfusion makes the accumulator of a metric with one value that is read off the confusion counts.
func fromConfusion(t task.Head, value func(c *Confusion) float64) Accumulator {
	return &view[*Confusion]{NewConfusion(t), func(c *Confusion) Result {
		if !c.Defined() {
			return number(math.NaN())
		}
		return number(value(c))
	}}
}
