package initializer

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func fill(i Initializer, t Target) []float32 {
	dst := make([]float32, t.Shape.Size())
	for k := range dst {
		dst[k] = float32(math.NaN())
	}
	i.Fill(dst, t)
	return dst
}

func TestKinds(t *testing.T) {
	registrytest.Check(t, Registry, func(i Initializer) int { return len(i.Cases()) })
	target := Target{Shape: graph.Shape{400, 600}, FanIn: 600, FanOut: 400, Seed: 3, Stream: 9}
	other := target
	other.Stream++
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			settings, err := decode(t, c.Spec)
			if err != nil {
				t.Fatal(err)
			}
			x := fill(settings, target)
			mean, std, most := moments(x)
			if math.Abs(mean-c.Mean) > 0.005*max(std, 1e-9) || math.Abs(std-c.Std) > 0.005*c.Std || most > c.Most*1.000001 {
				t.Errorf("%s: mean %g, deviation %g, largest %g; want %g, %g, at most %g", c.Spec, mean, std, most, c.Mean, c.Std, c.Most)
			}
			if spec.KeyOf(settings) != k.Key || !slices.Equal(x, fill(settings, target)) {
				t.Errorf("%s is another kind, or gives other values the second time", c.Spec)
			}
			if c.Std > 0 && slices.Equal(x, fill(settings, other)) {
				t.Errorf("%s gives the same values on another stream", c.Spec)
			}
		}
	}
}

// decode reads an initializer as the value of a key.
func decode(t *testing.T, value string) (Initializer, error) {
	t.Helper()
	doc, err := spec.Parse("t.yaml", []byte("init: "+value), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Init Initializer }
	var p spec.Problems
	doc.Decode(&got, &p)
	return got.Init, p.Err(doc)
}

func moments(x []float32) (mean, std, most float64) {
	var s, ss float64
	for _, v := range x {
		s += float64(v)
		most = max(most, math.Abs(float64(v)))
	}
	mean = s / float64(len(x))
	for _, v := range x {
		ss += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, math.Sqrt(ss / float64(len(x))), most
}

func TestOrthogonal(t *testing.T) {
	for _, shape := range []graph.Shape{{5, 5}, {3, 7}, {7, 3}, {4, 3, 3, 2}, {1, 9}, {9, 1}, {6}} {
		x := fill(&Orthogonal{Gain: 3}, Target{Shape: shape, Seed: 1, Stream: 2})
		rows := 1
		if len(shape) > 1 {
			rows = shape[0]
		}
		cols := len(x) / rows
		at := func(v, k int) float64 { return float64(x[v*cols+k]) }
		n, length := rows, cols
		if rows > cols {
			n, length, at = cols, rows, func(v, k int) float64 { return float64(x[k*cols+v]) }
		}
		for i := range n {
			for j := range n {
				var s, want float64
				for k := range length {
					s += at(i, k) * at(j, k)
				}
				if i == j {
					want = 9
				}
				if math.Abs(s-want) > 1e-5 {
					t.Errorf("%v: product of vectors %d and %d is %g, want %g", shape, i, j, s, want)
				}
			}
		}
	}
}

// TestLargeOrthogonal: matrices that are made block by block are orthogonal, too, and have the same bits with all kernels.
func TestLargeOrthogonal(t *testing.T) {
	for _, shape := range []graph.Shape{{700, 660}} {
		target := Target{Shape: shape, Seed: 1, Stream: 2}
		x := fill(&Orthogonal{Gain: 1}, target)
		rows, cols := shape[0], shape[1]
		worst := 0.0
		for i := range cols {
			for j := range i + 1 {
				if i-j > 3 && (i+j)%17 != 0 { // some of all pairs
					continue
				}
				s := 0.0
				for k := range rows {
					s += float64(x[k*cols+i]) * float64(x[k*cols+j])
				}
				if i == j {
					s--
				}
				worst = max(worst, math.Abs(s))
			}
		}
		if worst > 2e-6 {
			t.Errorf("%v: the product of two vectors is %g off", shape, worst)
		}
		before := cpu.Variant()
		for _, variant := range cpu.Variants() {
			if err := cpu.Use(variant); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(x, fill(&Orthogonal{Gain: 1}, target)) {
				t.Errorf("%v: the kernels %s give other bits than %s", shape, variant, before)
			}
		}
		if err := cpu.Use(before); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInSpecs(t *testing.T) {
	for text, want := range map[string]Initializer{
		"he_normal":                &HeNormal{},
		"0.5":                      &Constant{Value: 0.5},
		"1e-3":                     &Constant{Value: 1e-3},
		"{type: normal, std: 2}":   &Normal{Std: 2},
		"{type: uniform, min: -1}": &Uniform{Min: -1, Max: 0.05},
	} {
		if got, err := decode(t, text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"{type: uniform, min: 1}": "t.yaml:1:7: init: min 1 is above max 0.05",
		"he_norml":                `t.yaml:1:7: init: unknown initializer "he_norml" (did you mean he_normal?)`,
	} {
		if _, err := decode(t, text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
