package column

import (
	"math"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// numberWords are words by which others know the type, as an input and as a target.
var numberWords = []string{"numeric", "numerical", "continuous", "regression", "real", "float", "int", "integer"}

func init() {
	Types.Register("number", "numbers, normalized, a float per column", &Number{}).
		Also(numberWords...)
	TargetTypes.Register("number", "a number to predict (regression)", &NumberTarget{}).
		Also(numberWords...)
}

// Number is an input of one float per column, shape [columns], in the block "features". Gaps are filled and each column
// is normalized, both by the statistics of the training split. A field that is neither a finite number nor a gap is an
// error.
type Number struct {
	Normalize string   `default:"zscore" oneof:"auto|zscore|minmax|robust|log1p|log_zscore|log1p_zscore|quantile|none" doc:"auto: log1p_zscore for a column with a long tail (no number below 0, a skewness above 2, and less than half of it on a logarithmic scale), else zscore; zscore: mean 0, variance 1; minmax: 0 to 1; robust: median 0, quartiles 1 apart; log1p: log(1+x); log_zscore: zscore of log(x); log1p_zscore: zscore of log(1+x); quantile: as normally distributed, by the rank in the training split (up to 1000 quantiles, linear between them, later numbers beyond the ends are as the ends); none"`
	Missing   string   `default:"mean" oneof:"mean|median|mode|constant|drop_row|error" doc:"what fills a gap; constant: the value of fill; drop_row: the row is left out; error: a gap is a mistake"`
	Fill      *float64 `range:"(,)" doc:"the value for missing: constant, in the column's unit"`
}

// CheckSpec requires fill exactly where it is used.
func (n *Number) CheckSpec(path string, p *spec.Problems) {
	if (n.Missing == "constant") != (n.Fill != nil) {
		p.Add(path, "set missing: constant and fill together")
	}
}

// Numbers reports that all fields are numbers.
func (n *Number) Numbers() bool { return true }

func (n *Number) Drops() bool      { return n.Missing == "drop_row" }
func (n *Number) Flat() bool       { return true }
func (n *Number) Encoder() Encoder { return &NumberEncoder{} }

func (n *Number) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	e := &NumberEncoder{}
	var constants []string
	for i, c := range columns {
		numbers, gaps := ownNumbers(f, c)
		one := numberColumn{}
		if fill, ok := n.fill(numbers); ok {
			one.Fill = &fill
		}
		if len(numbers) == 0 {
			f.Problem("", "%s", f.noNumber(c))
			return nil
		}
		if gaps > 0 && one.Fill != nil {
			f.Note("%s: %s in the training split, filled with %s (%s)", c.Name, phrase.Count(gaps, "gap"), phrase.Number(*one.Fill), n.Missing)
		}
		low, high := slices.Min(numbers), slices.Max(numbers)
		var flat bool
		normalize := n.Normalize
		if normalize == "auto" {
			normalize = autoScale(f, c.Name, numbers)
		}
		one.Scaling, flat = fitScaling(normalize, numbers)
		if g, ok := givenEach(f, i, c.Name, scales(numbers)); ok {
			if one.Scaling, flat = g.Columns[0].Scaling, false; n.Missing != "constant" && g.Columns[0].Fill != nil {
				one.Fill = g.Columns[0].Fill
			}
		}
		if low == high && (n.Missing != "constant" || gaps == 0) {
			constants = append(constants, c.Name)
		} else if flat {
			f.Note("%s: too many rows have the same value for normalize: %s; it is only shifted", c.Name, normalize)
		}
		if n.Missing == "constant" && one.Fill != nil && !f.holdsFill("fill", *one.Fill, &one.Scaling) {
			return nil
		}
		e.Columns = append(e.Columns, one)
	}
	f.noteNumbers(constants, len(columns))
	return e
}

// scales reports whether the only column of an encoder takes all numbers: the logarithm of a model may not.
func scales(numbers []float64) func(e *NumberEncoder) bool {
	return func(e *NumberEncoder) bool {
		return !slices.ContainsFunc(numbers, func(x float64) bool {
			_, err := e.Columns[0].Scaling.Apply(x)
			return err != nil
		})
	}
}

// fill returns the value for gaps, from numbers in the order of the rows.
func (n *Number) fill(numbers []float64) (float64, bool) {
	switch n.Missing {
	case "mean":
		return mean(numbers), true
	case "median":
		sorted := slices.Clone(numbers)
		slices.Sort(sorted)
		return quantile(sorted, 0.5), true
	case "mode":
		return mode(numbers), true
	case "constant":
		if n.Fill != nil {
			return *n.Fill, true
		}
	}
	return 0, false
}

// mode is the most frequent number; if there are several, the smallest.
func mode(numbers []float64) float64 {
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	best, run, most := 0.0, 0, 0
	for i, x := range sorted {
		if i > 0 && x == sorted[i-1] {
			run++
		} else {
			run = 1
		}
		if run > most {
			best, most = x, run
		}
	}
	return best
}

// NumberTarget is a number to predict: one float. Metrics are in its unit, whatever the scale it is learned on.
type NumberTarget struct {
	Normalize string `default:"auto" oneof:"auto|zscore|minmax|robust|log1p|log_zscore|log1p_zscore|quantile|none" doc:"the scale on which it is learned; predictions and metrics are in the target's unit all the same. auto: zscore; quantile: predictions stay within the range of the training split"`
}

// Settle replaces auto.
func (n *NumberTarget) Settle() {
	if n.Normalize == "auto" {
		n.Normalize = "zscore"
	}
}

// Numbers reports that all fields are numbers.
func (n *NumberTarget) Numbers() bool { return true }

func (n *NumberTarget) Encoder() TargetEncoder { return &NumberTargetEncoder{} }

func (n *NumberTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	numbers, _ := ownNumbers(f, column)
	if len(numbers) == 0 {
		f.Problem("", "%s", f.noNumber(column))
		return nil
	}
	own := *n
	own.Settle()
	shape := shapeOf(numbers)
	s, _ := fitScaling(own.Normalize, numbers)
	if g, ok := givenTarget(f, column.Name, func(e *NumberTargetEncoder) bool {
		return scales(numbers)(&NumberEncoder{[]numberColumn{{Scaling: e.Scaling}}})
	}); ok {
		return g
	}
	warnScale(f, column.Name, own.Normalize, shape, &s)
	return &NumberTargetEncoder{s}
}

// NumberTargetEncoder is a fitted NumberTarget.
type NumberTargetEncoder struct {
	Scaling Scaling `json:"scaling"`
}

func (e *NumberTargetEncoder) Kind() string { return "number" }

func (e *NumberTargetEncoder) Encode(field string) (uint32, error) {
	x, ok := numeral.Parse(field)
	if !ok {
		return 0, Wrong(0, numeral.NotNumber(field))
	}
	y, err := e.Scaling.Apply(x)
	return math.Float32bits(y), err
}

// EncodeNumbers is Encode for a column.
func (e *NumberTargetEncoder) EncodeNumbers(_ int, numbers []float64, cells []uint32) bool {
	for i, x := range numbers {
		y, err := e.Scaling.Apply(x)
		if err != nil || x != x {
			return false
		}
		cells[i] = math.Float32bits(y)
	}
	return true
}

// Scale is the scale on which the number is learned.
func (e *NumberTargetEncoder) Scale() *Scaling { return &e.Scaling }
