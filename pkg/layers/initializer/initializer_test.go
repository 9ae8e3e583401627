package initializer

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// cases says of each kind what values it gives a parameter of 400 outputs and 600 inputs: mean, standard deviation, and
// bounds of the absolute value where there are any.
var cases = map[string]struct {
	settings        Initializer
	mean, std, most float64
}{
	"glorot_uniform":   {&GlorotUniform{}, 0, math.Sqrt(2. / 1000), math.Sqrt(6. / 1000)},
	"glorot_normal":    {&GlorotNormal{}, 0, math.Sqrt(2. / 1000), 1},
	"he_uniform":       {&HeUniform{}, 0, math.Sqrt(2. / 600), math.Sqrt(6. / 600)},
	"he_normal":        {&HeNormal{}, 0, math.Sqrt(2. / 600), 1},
	"lecun_uniform":    {&LecunUniform{}, 0, math.Sqrt(1. / 600), math.Sqrt(3. / 600)},
	"fan_in_uniform":   {&FanInUniform{}, 0, math.Sqrt(1. / 1800), math.Sqrt(1. / 600)},
	"lecun_normal":     {&LecunNormal{}, 0, math.Sqrt(1. / 600), 1},
	"uniform":          {&Uniform{Min: -1, Max: 3}, 1, 4 / math.Sqrt(12), 3},
	"normal":           {&Normal{Mean: 2, Std: 0.5}, 2, 0.5, 5},
	"truncated_normal": {&TruncatedNormal{Mean: 1, Std: 0.5}, 1, 0.5 * 0.87962566103423978, 2},
	"orthogonal":       {&Orthogonal{Gain: 2}, 0, 2 / math.Sqrt(600), 2},
	"zeros":            {&Zeros{}, 0, 0, 0},
	"ones":             {&Ones{}, 1, 0, 1},
	"constant":         {&Constant{Value: 0.25}, 0.25, 0, 0.25},
}

func fill(i Initializer, t Target) []float32 {
	dst := make([]float32, t.Shape.Size())
	for k := range dst {
		dst[k] = float32(math.NaN())
	}
	i.Fill(dst, t)
	return dst
}

func TestKinds(t *testing.T) {
	registrytest.Check(t, Registry, nil)
	target := Target{Shape: graph.Shape{400, 600}, FanIn: 600, FanOut: 400, Seed: 3, Stream: 9}
	for _, k := range Registry.Kinds() {
		c, ok := cases[k.Key]
		if !ok || k.Summary == "" {
			t.Errorf("%s has no case or no summary", k.Key)
			continue
		}
		x := fill(c.settings, target)
		mean, std, most := moments(x)
		if math.Abs(mean-c.mean) > 0.005*max(std, 1e-9) || math.Abs(std-c.std) > 0.005*c.std || most > c.most*1.000001 {
			t.Errorf("%s: mean %g, deviation %g, largest %g; want %g, %g, at most %g", k.Key, mean, std, most, c.mean, c.std, c.most)
		}
		if !slices.Equal(x, fill(c.settings, target)) {
			t.Errorf("%s gives other values the second time", k.Key)
		}
		other := target
		other.Stream++
		if c.std > 0 && slices.Equal(x, fill(c.settings, other)) {
			t.Errorf("%s gives the same values on another stream", k.Key)
		}
	}
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

func TestInSpecs(t *testing.T) {
	for text, want := range map[string]Initializer{
		"init: he_normal":                &HeNormal{},
		"init: 0.5":                      &Constant{Value: 0.5},
		"init: 1e-3":                     &Constant{Value: 1e-3},
		"init: {type: normal, std: 2}":   &Normal{Std: 2},
		"init: {type: uniform, min: -1}": &Uniform{Min: -1, Max: 0.05},
	} {
		var got struct{ Init Initializer }
		doc, err := spec.Parse("t.yaml", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var p spec.Problems
		doc.Decode(&got, &p)
		if err := p.Err(doc); err != nil || !reflect.DeepEqual(got.Init, want) {
			t.Errorf("%s: %#v, %v", text, got.Init, err)
		}
	}
	for text, want := range map[string]string{
		"init: {type: uniform, min: 1}": "t.yaml:1:7: init: min 1 is above max 0.05",
		"init: he_norml":                `t.yaml:1:7: init: unknown initializer "he_norml" (did you mean he_normal?)`,
	} {
		var got struct{ Init Initializer }
		doc, _ := spec.Parse("t.yaml", []byte(text), nil)
		var p spec.Problems
		doc.Decode(&got, &p)
		if err := p.Err(doc); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
