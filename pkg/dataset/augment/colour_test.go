package augment

import (
	"math"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got []float32, want ...float32) {
	t.Helper()
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-3 {
			t.Errorf("%s gives %v, want %v", what, got, want)
			return
		}
	}
}

// TestFactors: with max 1 the factors lie evenly between 0 and 2.
func TestFactors(t *testing.T) {
	for what, a := range map[string]Changer{"brightness": &Brightness{Max: 1, Probability: 1}, "contrast": &Contrast{Max: 1, Probability: 1}} {
		sum := 0.0
		for row := range 2000 {
			p := &Image{Height: 1, Width: 2, Channels: 1, Values: []float32{20, 60}}
			r := NewRandom(1, 0, row, 0)
			a.Apply(p, &r)
			sum += float64(p.Values[1]-p.Values[0]) / 40
			if what == "contrast" {
				near(t, what, []float32{p.Values[0] + p.Values[1]}, 80)
			}
		}
		if math.Abs(sum/2000-1) > 0.05 {
			t.Errorf("%s: the mean factor is %v", what, sum/2000)
		}
	}
}

func TestColoursTurn(t *testing.T) {
	for row := range 50 {
		p := &Image{Height: 1, Width: 2, Channels: 3, Values: []float32{100, 100, 100, 90, 120, 100}}
		r := NewRandom(1, 0, row, 0)
		(&Hue{Degrees: 180, Probability: 1}).Apply(p, &r)
		near(t, "hue of grey", p.Values[:3], 100, 100, 100)
		near(t, "the sum of the channels", []float32{p.Values[3] + p.Values[4] + p.Values[5]}, 310)
		p = &Image{Height: 1, Width: 2, Channels: 3, Values: []float32{100, 100, 100, 90, 120, 100}}
		(&Saturation{Max: 1, Probability: 1}).Apply(p, &r)
		near(t, "saturation of grey", p.Values[:3], 100, 100, 100)
		near(t, "the lightness", []float32{0.299*p.Values[3] + 0.587*p.Values[4] + 0.114*p.Values[5]}, 0.299*90+0.587*120+0.114*100)
	}
}

func TestNoiseIsNormal(t *testing.T) {
	p := NewImage([]int{100, 100, 1})
	for i := range p.Values {
		p.Values[i] = 128
	}
	r := NewRandom(1, 0, 0, 0)
	(&Noise{Deviation: 10, Probability: 1}).Apply(p, &r)
	sum, squares, beyond := 0.0, 0.0, 0.0
	for _, v := range p.Values {
		d := float64(v) - 128
		sum, squares = sum+d, squares+d*d
		if math.Abs(d) > 20 {
			beyond++
		}
	}
	if math.Abs(sum/1e4) > 0.3 || math.Abs(math.Sqrt(squares/1e4)-10) > 0.2 || math.Abs(beyond/1e4-0.0455) > 0.008 {
		t.Errorf("mean %.3f, deviation %.3f, %.4f beyond two deviations", sum/1e4, math.Sqrt(squares/1e4), beyond/1e4)
	}
}

func TestEraseCoversARectangle(t *testing.T) {
	e := &Erase{Area: []float64{0.1, 0.3}, Aspect: []float64{0.5, 2}, Fill: Paint{Value: 255}, Probability: 1}
	total := 0
	for row := range 500 {
		p := NewImage([]int{20, 20, 1})
		r := NewRandom(1, 0, row, 0)
		e.Apply(p, &r)
		top, left, bottom, right, count := 20, 20, -1, -1, 0
		for i, v := range p.Values {
			if v == 255 {
				top, bottom, left, right = min(top, i/20), max(bottom, i/20), min(left, i%20), max(right, i%20)
				count++
			}
		}
		if count != (bottom-top+1)*(right-left+1) || count < 30 || count > 130 {
			t.Fatalf("row %d: %d pixels are covered", row, count)
		}
		total += count
	}
	if mean := float64(total) / 500; math.Abs(mean-80) > 4 {
		t.Errorf("%v of 400 pixels are covered, want 80", mean)
	}
}

func TestMixingKinds(t *testing.T) {
	shape := []int{8, 8, 2}
	for row := range 200 {
		own, other := make([]float32, 128), slices.Repeat([]float32{1}, 128)
		r := NewRandom(1, 0, row, 0)
		share := (&Mixup{Alpha: 1, Probability: 1}).Mix(own, other, shape, &r)
		near(t, "mixup", own, slices.Repeat([]float32{1 - share}, 128)...)
		clear(own)
		share = (&Cutmix{Alpha: 1, Probability: 1}).Mix(own, other, shape, &r)
		sum := float32(0)
		for _, v := range own {
			sum += v
		}
		if sum != 128*(1-share) {
			t.Errorf("cutmix: %v of 128 values are the other's, but the share is %v", sum, share)
		}
	}
}

func BenchmarkCIFAR(b *testing.B) {
	p := sample([]int{32, 32, 3})
	list := []Changer{&FlipHorizontal{Probability: 0.5}, &Shift{Max: 4, Fill: Fill{Border: "edge"}, Probability: 1}}
	for row := range b.N {
		for place, a := range list {
			r := NewRandom(1, 0, row, place)
			a.Apply(p, &r)
		}
	}
}

func BenchmarkRotate(b *testing.B) {
	p := sample([]int{32, 32, 3})
	for row := range b.N {
		r := NewRandom(1, 0, row, 0)
		(&Rotate{Degrees: 10, Fill: Fill{Border: "edge"}, Probability: 1}).Apply(p, &r)
	}
}
