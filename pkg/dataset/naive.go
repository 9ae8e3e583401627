package dataset

import (
	"math"

	"dnn/pkg/dataset/table"
)

// Past is what rows follow: the true values of the series that the target predicts, denormalized.
type Past struct {
	Values [][]float64 // of each target column, by row; NaN for a gap
	line   *table.TimeIndex
	Ahead  int
}

// PastOf reads the values of the target's columns from a table, nil when the target is no series. What is no number is noted
// elsewhere.
func (s *Schema) PastOf(t *table.Table) *Past {
	if s.Heads.Horizon() == 0 || t.Time == nil {
		return nil
	}
	p := &Past{line: t.Time, Ahead: s.Heads.Horizon()}
	for _, name := range s.LabelColumns.Sources() {
		values := make([]float64, t.Rows)
		c := t.Column(name)
		for row := range values {
			values[row] = math.NaN()
			if c == nil {
				continue
			}
			if x, ok := c.Number(int32(row)); ok {
				values[row] = x
			}
		}
		p.Values = append(p.Values, values)
	}
	return p
}

// Naive writes the seasonal naive forecast of a row's targets: the last known value of the same phase, or where there is none
// the last value.
func (p *Past) Naive(row int32, season int, dst []float64) {
	from, _ := p.line.Range(row)
	for k, values := range p.Values {
		for h := range p.Ahead {
			at := int(row) + h - season*(h/season+1)
			dst[k*p.Ahead+h] = lastKnown(values, int(from), at, season)
			if math.IsNaN(dst[k*p.Ahead+h]) {
				dst[k*p.Ahead+h] = lastKnown(values, int(from), int(row)-1, 1)
			}
		}
	}
}

// lastKnown goes back by steps to a value that is no gap.
func lastKnown(values []float64, from, at, step int) float64 {
	for ; at >= from; at -= step {
		if !math.IsNaN(values[at]) {
			return values[at]
		}
	}
	return math.NaN()
}

// errors are the mean absolute errors of the seasonal naive forecast within some rows, one for each target column.
func (p *Past) errors(rows []int32, season int) []float64 {
	inside := make([]bool, len(p.line.Group))
	for _, row := range rows {
		inside[row] = true
	}
	var means []float64
	for _, values := range p.Values {
		sum, n := 0.0, 0
		for _, row := range rows {
			from, _ := p.line.Range(row)
			before := int(row) - season
			if before < int(from) || !inside[before] {
				continue
			}
			if d := math.Abs(values[row] - values[before]); d == d {
				sum, n = sum+d, n+1
			}
		}
		mean := 0.0 // as for a constant: nothing can be compared with it
		if n > 0 {
			mean = sum / float64(n)
		}
		means = append(means, mean)
	}
	return means
}

// WithNaiveErrors is the data with a schema that holds the errors which seasonal naive forecasts have in the training split;
// d itself where the target is no series.
func (d *Data) WithNaiveErrors(seasons []int) *Data {
	if len(seasons) == 0 || d.Schema == nil || d.Train == nil || d.Train.Cells.past == nil || d.learned == nil {
		return d
	}
	schema := *d.Schema
	for _, season := range seasons {
		heads, err := schema.Heads.withNaiveErrors(season, d.Train.Cells.past.errors(d.learned, season))
		if err != nil {
			panic(err) // the series are its own
		}
		schema.Heads = heads
	}
	return d.WithSchema(&schema)
}

// Naive writes the naive forecast of the rows from, from+1, … as many as dst can hold, as many numbers as the head has columns each in the
// targets' own unit. A season of 1 takes the last value. It reports whether the target is a series.
func (p *Part) Naive(from, season int, dst []float64) bool {
	if p.Cells.past == nil {
		return false
	}
	width := p.Of.Heads[0].Width
	for i := range len(dst) / width {
		p.Cells.past.Naive(p.Stored.At(from+i), season, dst[i*width:(i+1)*width])
	}
	return true
}
