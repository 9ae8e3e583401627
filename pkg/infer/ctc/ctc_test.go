package ctc

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// draw makes the logarithms of the classes' probabilities for so many steps, the sharper the larger scale.
func draw(r *rand.Rand, steps, classes int, scale float64) []float32 {
	x := make([]float32, 0, steps*classes)
	for range steps {
		row, sum := make([]float64, classes), 0.0
		for k := range row {
			row[k] = r.NormFloat64() * scale
			sum += math.Exp(row[k])
		}
		for _, v := range row {
			x = append(x, float32(v-math.Log(sum)))
		}
	}
	return x
}

// collapse is what classes at each step write.
func collapse(path []int) (list []int32) {
	for t, class := range path {
		if class != 0 && (t == 0 || path[t-1] != class) {
			list = append(list, int32(class))
		}
	}
	return list
}

// everything is the probability of all labels that steps may say, by trying every class at every step.
func everything(x []float32, classes int) map[string]float64 {
	steps := len(x) / classes
	all := map[string]float64{}
	path := make([]int, steps)
	for {
		sum := 0.0
		for t, class := range path {
			sum += float64(x[t*classes+class])
		}
		all[fmt.Sprint(collapse(path))] += math.Exp(sum)
		t := 0
		for t < steps && path[t] == classes-1 {
			path[t] = 0
			t++
		}
		if t == steps {
			return all
		}
		path[t]++
	}
}

// TestBeamIsExact: a beam that is wide enough finds all labels with their probabilities, the most probable first.
func TestBeamIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		steps, classes := 1+r.IntN(6), 1+r.IntN(4)
		x := draw(r, steps, classes, 1+float64(i%5))
		all := everything(x, classes)
		got := Beam(x, classes, 1<<20)
		if len(got) != len(all) {
			t.Fatalf("%d labels, want %d", len(got), len(all))
		}
		for k, l := range got {
			want := all[fmt.Sprint(l.Classes)]
			if p := math.Exp(l.LogProbability); math.Abs(p-want) > 1e-12*want {
				t.Errorf("%v has the probability %v, want %v", l.Classes, p, want)
			}
			if k > 0 && l.LogProbability > got[k-1].LogProbability+1e-12 {
				t.Errorf("%v comes after %v", l, got[k-1])
			}
		}
	}
}

// TestNarrowBeams: a beam has no more than its width, each of which is at most as probable as it really is; and a beam of a
// few mostly finds the best.
func TestNarrowBeams(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	found := 0
	const rounds = 100
	for range rounds {
		x := draw(r, 6, 4, 2)
		all := everything(x, 4)
		best := Beam(x, 4, 1<<20)[0]
		for _, width := range []int{1, 2, 8} {
			got := Beam(x, 4, width)
			if len(got) != width {
				t.Errorf("a beam of %d has %d", width, len(got))
			}
			for _, l := range got {
				if math.Exp(l.LogProbability) > all[fmt.Sprint(l.Classes)]*(1+1e-12) {
					t.Errorf("%v is more probable than it is", l)
				}
			}
			if width == 8 && slices.Equal(got[0].Classes, best.Classes) {
				found++
			}
		}
	}
	if found < rounds*9/10 {
		t.Errorf("a beam of 8 finds the best labels %d times of %d", found, rounds)
	}
}

// TestGreedy: the best class of each step, without repetitions and blanks.
func TestGreedy(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		steps, classes := r.IntN(12), 1+r.IntN(5)
		x := draw(r, steps, classes, 2)
		path, want := make([]int, steps), 0.0
		for s := range path {
			row := x[s*classes : (s+1)*classes]
			path[s] = slices.Index(row, slices.Max(row))
			want += float64(slices.Max(row))
		}
		if got := Greedy(x, classes); !slices.Equal(got.Classes, collapse(path)) || got.LogProbability != want {
			t.Errorf("%v says %v", path, got)
		}
	}
}

// TestBeamSumsUp: labels that are probable in many ways win over those of the single best way (Graves 2012, figure 7.5).
func TestBeamSumsUp(t *testing.T) {
	x := []float32{float32(math.Log(0.6)), float32(math.Log(0.4)), float32(math.Log(0.6)), float32(math.Log(0.4))}
	if got := Greedy(x, 2); len(got.Classes) != 0 {
		t.Errorf("the best way says %v", got.Classes)
	}
	got := Beam(x, 2, 4)[0]
	if !slices.Equal(got.Classes, []int32{1}) || math.Abs(math.Exp(got.LogProbability)-0.64) > 1e-7 {
		t.Errorf("got %v", got)
	}
}

// TestExtremes: thousands of steps, impossible classes, and none at all.
func TestExtremes(t *testing.T) {
	x := draw(rand.New(rand.NewPCG(7, 8)), 3000, 5, 3)
	for i := range x {
		x[i] -= 500
	}
	if p := Beam(x, 5, 4)[0].LogProbability; !(p < -500*3000 && p >= Greedy(x, 5).LogProbability) {
		t.Errorf("the best of a long row has %v", p)
	}
	never := float32(math.Inf(-1))
	got := Beam([]float32{never, 0, never, never, 0, never, 0, never, never, never, 0, never}, 3, 3)
	if len(got) == 0 || !slices.Equal(got[0].Classes, []int32{1, 1}) || got[0].LogProbability != 0 {
		t.Errorf("got %v", got)
	}
	if got := Beam(nil, 3, 2); len(got) != 1 || got[0].Classes != nil || got[0].LogProbability != 0 {
		t.Errorf("no steps say %v", got)
	}
	if got := Beam([]float32{never, never}, 2, 2)[0]; !math.IsInf(got.LogProbability, -1) {
		t.Errorf("what is impossible has %v", got)
	}
}
