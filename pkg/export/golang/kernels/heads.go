package kernels

import "errors"

// errNotFinite is the error of a prediction that is not a number.
var errNotFinite = errors.New("the prediction is not a number")

// finite is errNotFinite unless all numbers are finite.
func finite(x []float32) error {
	for _, v := range x {
		if v-v != 0 {
			return errNotFinite
		}
	}
	return nil
}

// Class is one of several classes that is predicted, with the probabilities of all.
type Class struct {
	Name          string
	Index         int
	Probabilities []float64
}

func classOf(x []float32, classes []string) (c Class, err error) {
	for i, v := range x {
		c.Probabilities = append(c.Probabilities, float64(v))
		if v > x[c.Index] {
			c.Index = i
		}
	}
	c.Name = classes[c.Index]
	return c, finite(x)
}

// binaryOf is the second of two classes from a threshold on.
func binaryOf(x []float32, classes []string, threshold float64) (c Class, err error) {
	p := float64(x[0])
	if p >= threshold {
		c.Index = 1
	}
	c.Name, c.Probabilities = classes[c.Index], []float64{1 - p, p}
	return c, finite(x)
}

// Labels are those labels that hold, with the probabilities of all.
type Labels struct {
	Names         []string
	Probabilities []float64
}

func labelsOf(x []float32, labels []string, threshold float64) (l Labels, err error) {
	for i, v := range x {
		p := float64(v)
		l.Probabilities = append(l.Probabilities, p)
		if p >= threshold {
			l.Names = append(l.Names, labels[i])
		}
	}
	return l, finite(x)
}

// Number is a number that is predicted, in its unit, with intervals around it if the model has some.
type Number struct {
	Value     float64
	Intervals []Interval
}

// Interval holds a share of the numbers.
type Interval struct{ Coverage, Low, High float64 }

// numbersOf brings numbers into their units; widths are those of intervals, one for each number.
func numbersOf(x []float32, scalings []scaling, coverages []float64, widths [][]float64) (list []Number, err error) {
	for i, v := range x {
		n := Number{Value: float64(v)}
		if scalings != nil {
			n.Value = scalings[i].undo(n.Value)
		}
		if n.Value-n.Value != 0 {
			return list, errNotFinite
		}
		for k, coverage := range coverages {
			n.Intervals = append(n.Intervals, Interval{coverage, n.Value - widths[k][i], n.Value + widths[k][i]})
		}
		list = append(list, n)
	}
	return list, finite(x)
}
