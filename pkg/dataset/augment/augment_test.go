package augment

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/spec"
)

// goldenBits is the hash of what all cases make of an image, on every machine.
const goldenBits = "48fee9b6444fa73f"

// decode reads one augmentation, or returns the mistakes.
func decode(t *testing.T, text string) (Augmentation, error) {
	t.Helper()
	doc, err := spec.Parse("t.yaml", []byte("a: "+text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ A Augmentation }
	var p spec.Problems
	doc.Decode(&got, &p)
	return got.A, p.Err(doc)
}

// sample is an image of a few colours with an edge.
func sample(shape []int) *Image {
	p := NewImage(shape)
	r := NewRandom(1, 2, 3, 4)
	for i := range p.Values {
		p.Values[i] = float32(r.Below(256))
	}
	return p
}

// apply runs an augmentation on a copy of the sample, with another as the partner of kinds that mix.
func apply(t *testing.T, a Augmentation, shape []int, row int) (values []float32, share float32) {
	t.Helper()
	p, r := sample(shape), NewRandom(7, 1, row, 0)
	switch a := a.(type) {
	case Changer:
		a.Apply(p, &r)
	case Mixer:
		other := slices.Clone(p.Values)
		slices.Reverse(other)
		share = a.Mix(p.Values, other, shape, &r)
	}
	return p.Values, share
}

func TestKinds(t *testing.T) {
	registrytest.Check(t, Registry, func(a Augmentation) int { return len(a.Cases()) })
	for _, k := range Registry.Kinds() {
		_, changes := k.Value.(Changer)
		_, mixes := k.Value.(Mixer)
		if changes == mixes {
			t.Errorf("%s must either change one image or mix two", k.Key)
		}
	}
}

func TestEveryKind(t *testing.T) {
	h := sha256.New()
	for _, k := range Registry.Kinds() {
		for _, text := range k.Value.Cases() {
			a, err := decode(t, text)
			if err != nil {
				t.Fatal(err)
			}
			shape := []int{9, 7, 3}
			if err := a.Fits(shape); err != nil {
				t.Errorf("%s: %v", text, err)
			}
			seen := map[string]bool{}
			for row := range 20 {
				values, share := apply(t, a, shape, row)
				again, _ := apply(t, a, shape, row)
				if !slices.Equal(values, again) {
					t.Errorf("%s: row %d comes out otherwise the second time", text, row)
				}
				for _, v := range values {
					if !(v >= 0 && v <= 255) {
						t.Fatalf("%s: row %d has the value %v", text, row, v)
					}
				}
				if !(share >= 0 && share <= 1) {
					t.Errorf("%s: row %d has the share %v", text, row, share)
				}
				seen[fmt.Sprint(values)] = true
				if err := binary.Write(h, binary.LittleEndian, append(values, share)); err != nil {
					t.Fatal(err)
				}
			}
			if len(seen) < 2 {
				t.Errorf("%s: all rows come out alike", text)
			}
		}
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != goldenBits {
		t.Errorf("the images' bits hash to %s here, elsewhere to %s", got, goldenBits)
	}
}

// TestNothingIsAllocated also tries images of one pixel, one row and one channel.
func TestNothingIsAllocated(t *testing.T) {
	for _, k := range Registry.Kinds() {
		for _, text := range k.Value.Cases() {
			a, err := decode(t, text)
			if err != nil {
				t.Fatal(err)
			}
			for _, shape := range [][]int{{1, 1, 1}, {1, 6, 3}, {6, 1, 2}, {8, 8, 1}, {5, 8, 3}} {
				if a.Fits(shape) != nil {
					continue
				}
				p := sample(shape)
				other := slices.Clone(p.Values)
				row, r := 0, new(Random)
				if n := testing.AllocsPerRun(30, func() {
					*r = NewRandom(3, 0, row, 1)
					row++
					switch a := a.(type) {
					case Changer:
						a.Apply(p, r)
					case Mixer:
						a.Mix(p.Values, other, shape, r)
					}
				}); n != 0 {
					t.Errorf("%s: %v allocations for an image of %v", text, n, shape)
				}
			}
		}
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"{type: shift}":                       "max is missing",
		"{type: shift, max: 2.5}":             "a.max: expected a share below 1 or a whole number of pixels, got 2.5",
		"{type: shift, max: 0}":               "0 is out of range",
		"{type: shift, max: 1, fill: edges}":  `a.fill: expected edge, reflect, zero or a number from 0 to 255, got the text "edges" (did you mean edge?)`,
		"{type: shift, max: 1, fill: 256}":    "256 is out of range: expected 0 to 255",
		"{type: shift, max: 1, fill: [1, 2]}": "expected edge, reflect, zero or a number from 0 to 255, got a list",
		"{type: erase, fill: edge}":           "expected noise, mean, zero or a number",
		"{type: erase, area: [0.5, 0.1]}":     "a.area: expected the smaller number first",
		"{type: crop, area: 0.5}":             "want",
		"{type: mixup, alpha: 0}":             "0 is out of range",
		"hflip":                               `unknown augmentation "hflip" (did you mean flip_horizontal?)`,
		"{type: shift, max: 1, padding: 2}":   "a.padding: unknown key",
		"{type: rotate, degrees: 181}":        "181 is out of range",
	} {
		if _, err := decode(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for text, shape := range map[string][]int{
		"{type: shift, max: 8}": {8, 20, 1}, "{type: shift, max: 0.01}": {20, 20, 1}, "hue": {8, 8, 1}, "saturation": {8, 8, 4}, "noise": {784}, "{type: crop, padding: 8}": {8, 9, 3},
	} {
		a, err := decode(t, text)
		if err != nil {
			t.Fatal(err)
		}
		if a.Fits(shape) == nil {
			t.Errorf("%s fits %v", text, shape)
		}
	}
}

func TestResolvedSettingsComeBack(t *testing.T) {
	for _, k := range Registry.Kinds() {
		for _, text := range k.Value.Cases() {
			a, err := decode(t, text)
			if err != nil {
				t.Fatal(err)
			}
			resolved := spec.Encode(struct{ A Augmentation }{a})
			b, err := decode(t, strings.TrimPrefix(string(resolved), "a:"))
			if err != nil || !reflect.DeepEqual(a, b) {
				t.Errorf("%s becomes %s (%v)", text, resolved, err)
			}
		}
	}
}

func TestMixingStandsLast(t *testing.T) {
	var p spec.Problems
	Check([]Augmentation{&FlipHorizontal{}, &Mixup{}, &Cutmix{}, nil, &Noise{}}, "dataset.augment", &p)
	if p.Len() != 1 || !p.Under("dataset.augment[4]") {
		t.Errorf("%d mistakes are noted, want the one of noise behind mixup", p.Len())
	}
}

func TestBeta(t *testing.T) {
	for _, alpha := range []float64{0.001, 0.2, 0.7, 1, 1.5, 4, 100} {
		sum, squares := 0.0, 0.0
		const n = 20000
		for i := range n {
			r := NewRandom(5, 0, i, 0)
			x := r.beta(alpha)
			sum += x
			squares += (x - 0.5) * (x - 0.5)
		}
		want := 1 / (4 * (2*alpha + 1))
		if math.Abs(sum/n-0.5) > 0.015 || math.Abs(squares/n-want) > 0.05*want {
			t.Errorf("Beta(%v, %v) has mean %.4f and variance %.5f, want 0.5 and %.5f", alpha, alpha, sum/n, squares/n, want)
		}
	}
}
