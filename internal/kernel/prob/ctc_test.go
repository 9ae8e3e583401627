package prob

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
)

// spread is the sum over all ways to spread labels over steps, each a product of probabilities. It tries every class at every
// step.
func spread(p [][]float64, labels []int32) (total float64) {
	path := make([]int, len(p))
	for {
		product := 1.0
		var said []int32
		for t, k := range path {
			product *= p[t][k]
			if k != 0 && (t == 0 || path[t-1] != k) {
				said = append(said, int32(k))
			}
		}
		same := len(said) == len(labels)
		for i := range said {
			same = same && said[i] == labels[i]
		}
		if same {
			total += product
		}
		t := 0
		for t < len(path) && path[t] == len(p[t])-1 {
			path[t] = 0
			t++
		}
		if t == len(path) {
			return total
		}
		path[t]++
	}
}

// all computes all rows, in place of x if asked to.
func (c CTC) all(x []float32, labels, lengths, counts []int32, inPlace bool) (loss, occupied []float32) {
	loss, occupied = guard.Floats(c.Rows), guard.Floats(len(x))
	if inPlace {
		occupied = guard.Copy(x)
		x = occupied
	}
	c.Run(loss, occupied, x, labels, lengths, counts, guard.Floats(c.Local()), 0, c.Rows)
	return loss, occupied
}

// TestCTCIsTheSumOverAllWays holds losses against that sum, and the classes' probabilities against sums without a class.
func TestCTCIsTheSumOverAllWays(t *testing.T) {
	c := CTC{Rows: 8, Steps: 5, Classes: 3, Labels: 3}
	labels := []int32{1, 2, 1, 1, 1, 2, 2, 2, 2, 1, 2, 0, 2, 0, 0, 0, 0, 0, 1, 1, 0, 1, 2, 1}
	lengths := []int32{5, 5, 5, 4, 1, 3, 3, 2}
	counts := []int32{3, 3, 3, 2, 1, 0, 2, 3}
	x := kerneltest.Normals(c.Rows*c.Steps*c.Classes, 5)
	loss, occupied := c.all(x, labels, lengths, counts, false)
	again, inPlace := c.all(x, labels, lengths, counts, true)
	kerneltest.WantSame(t, "loss in place", again, loss)
	kerneltest.WantSame(t, "occupied in place", inPlace, occupied)
	for i := range c.Rows {
		p := make([][]float64, lengths[i])
		for s := range p {
			for k := range c.Classes {
				p[s] = append(p[s], math.Exp(float64(x[(i*c.Steps+s)*c.Classes+k])))
			}
		}
		said := labels[i*c.Labels:][:counts[i]]
		total := spread(p, said)
		if want := -math.Log(total); !(math.Abs(float64(loss[i])-want) < 1e-6) && !(math.IsInf(want, 1) && loss[i] == scalar.Inf) {
			t.Errorf("row %d: the loss is %v, want %v", i, loss[i], want)
		}
		for s := range c.Steps {
			for k := range c.Classes {
				want := 0.0
				if s < len(p) && total > 0 { // the ways through class k are those that are lost without it
					was := p[s][k]
					p[s][k] = 0
					want = (total - spread(p, said)) / total
					p[s][k] = was
				}
				if got := float64(occupied[(i*c.Steps+s)*c.Classes+k]); math.Abs(got-want) > 1e-6 {
					t.Errorf("row %d, step %d, class %d: got %v, want %v", i, s, k, got, want)
				}
			}
		}
	}
}

// TestCTCExtremes: products of thousands of probabilities stay exact.
func TestCTCExtremes(t *testing.T) {
	steps := 4000
	c := CTC{Rows: 1, Steps: steps, Classes: 2, Labels: 1}
	x := guard.Floats(2 * steps)
	for i := range x {
		x[i] = -1000
	}
	loss, occupied := c.all(x, []int32{1}, []int32{int32(steps)}, []int32{1}, false)
	ways := float64(steps) * float64(steps+1) / 2 // by where the label begins and ends
	if want := 1000*float64(steps) - math.Log(ways); math.Abs(float64(loss[0])-want) > 1e-6*want {
		t.Errorf("the loss is %v, want %v", loss[0], want)
	}
	for s := range steps {
		if sum := occupied[2*s] + occupied[2*s+1]; scalar.Abs(sum-1) > 1e-5 {
			t.Fatalf("the probabilities of step %d add up to %v", s, sum)
		}
	}
	x = []float32{-1, scalar.NaN, -1, -1}
	if loss, _ := (CTC{Rows: 1, Steps: 2, Classes: 2, Labels: 1}).all(x, []int32{1}, []int32{2}, []int32{1}, false); loss[0] == loss[0] {
		t.Errorf("NaN gives the loss %v", loss[0])
	}
}

// TestCTCImpossible: rows that cannot be are infinite or left out, and have no gradient.
func TestCTCImpossible(t *testing.T) {
	x := []float32{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -scalar.Inf, -1, -1, -scalar.Inf, -1}
	for zero, want := range map[bool]float32{false: scalar.Inf, true: 0} {
		c := CTC{Rows: 3, Steps: 2, Classes: 3, Labels: 2, ZeroInfinity: zero}
		loss, occupied := c.all(x, []int32{1, 1, 1, 2, 1, 0}, []int32{2, 1, 2}, []int32{2, 2, 1}, false)
		kerneltest.WantSame(t, "loss", loss, []float32{want, want, want})
		kerneltest.WantSame(t, "occupied", occupied, make([]float32, len(x)))
	}
}

// TestCTCPadding: steps and labels that a row does not have change no bit of it.
func TestCTCPadding(t *testing.T) {
	small, large := CTC{Rows: 1, Steps: 6, Classes: 4, Labels: 2}, CTC{Rows: 1, Steps: 9, Classes: 4, Labels: 5}
	x := kerneltest.Normals(large.Steps*large.Classes, 8)
	a, p := small.all(x[:small.Steps*small.Classes], []int32{3, 1}, []int32{6}, []int32{2}, false)
	b, q := large.all(x, []int32{3, 1, 2, 2, 2}, []int32{6}, []int32{2}, false)
	kerneltest.WantSame(t, "loss", b, a)
	kerneltest.WantSame(t, "occupied", q[:len(p)], p)
}

// TestWide holds numbers of any size against float64 where that has them.
func TestWide(t *testing.T) {
	r := kerneltest.Rand(3)
	value := func(a wide) float64 { return math.Ldexp(a.m, a.e) }
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-15*math.Abs(want)) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	for range 2000 {
		x, y := float32(r.NormFloat64()*30), float32(r.NormFloat64()*30)
		a, b := wideExp(x), wideExp(y)
		if a.m < 1 || a.m >= 2 {
			t.Fatalf("e^%v has the mantissa %v", x, a.m)
		}
		near("exp", value(a), math.Exp(float64(x)))
		near("product", value(a.times(b)), value(a)*value(b))
		near("sum", value(a.plus(b)), value(a)+value(b))
		near("quotient", a.over(b), value(a)/value(b))
		if got := a.log(); math.Abs(got-float64(x)) > 2e-15*(1+math.Abs(float64(x))) {
			t.Errorf("ln e^%v is %v", x, got)
		}
		w, _ := widesIn(guard.Floats(6), 2)
		w.set(1, a)
		if got := w.at(1); got.e != a.e || math.Abs(got.m-a.m) > 0x1p-47 {
			t.Errorf("%v is kept as %v", a, got)
		}
	}
	zero, one := wide{}, wide{1, 0}
	if zero.plus(one) != one || one.plus(zero) != one || zero.times(one).m != 0 || zero.plus(zero).m != 0 || !math.IsInf(zero.log(), -1) {
		t.Error("zero is none")
	}
}
