package augment

import (
	"math"
	"slices"
	"testing"
)

// grid is an image of one channel.
func grid(rows ...[]float32) *Image {
	p := NewImage([]int{len(rows), len(rows[0]), 1})
	for y, row := range rows {
		copy(p.row(p.Values, y), row)
	}
	return p
}

func expect(t *testing.T, what string, p *Image, want ...float32) {
	t.Helper()
	if !slices.Equal(p.Values, want) {
		t.Errorf("%s gives %v, want %v", what, p.Values, want)
	}
}

func TestFlips(t *testing.T) {
	r := NewRandom(0, 0, 0, 0)
	p := &Image{Height: 1, Width: 3, Channels: 2, Values: []float32{1, 2, 3, 4, 5, 6}, spare: make([]float32, 6)}
	(&FlipHorizontal{Probability: 1}).Apply(p, &r)
	expect(t, "flip_horizontal", p, 5, 6, 3, 4, 1, 2)
	p = grid([]float32{1, 2}, []float32{3, 4}, []float32{5, 6})
	(&FlipVertical{Probability: 1}).Apply(p, &r)
	expect(t, "flip_vertical", p, 5, 6, 3, 4, 1, 2)
	(&FlipVertical{Probability: 0}).Apply(p, &r)
	expect(t, "flip_vertical with probability 0", p, 5, 6, 3, 4, 1, 2)
}

func TestMove(t *testing.T) {
	for what, c := range map[string]struct {
		dx, dy int
		fill   Fill
		want   []float32
	}{
		"edge":    {1, 1, Fill{Border: "edge"}, []float32{1, 1, 2, 1, 1, 2, 4, 4, 5}},
		"reflect": {-2, 0, Fill{Border: "reflect"}, []float32{3, 2, 1, 6, 5, 4, 9, 8, 7}},
		"zero":    {0, -1, Fill{}, []float32{4, 5, 6, 7, 8, 9, 0, 0, 0}},
		"number":  {2, 2, Fill{Value: 100}, []float32{100, 100, 100, 100, 100, 100, 100, 100, 1}},
		"nothing": {0, 0, Fill{}, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}},
	} {
		p := grid([]float32{1, 2, 3}, []float32{4, 5, 6}, []float32{7, 8, 9})
		p.move(c.dx, c.dy, &c.fill)
		expect(t, what, p, c.want...)
	}
}

// TestShiftReachesEveryPlace: all shifts from -max to max occur, about equally often.
func TestShiftReachesEveryPlace(t *testing.T) {
	seen := map[[2]int]int{}
	s := &Shift{Max: 2, Probability: 1}
	const n = 5000
	for row := range n {
		p := NewImage([]int{9, 9, 1})
		p.Values[4*9+4] = 1
		r := NewRandom(1, 0, row, 0)
		s.Apply(p, &r)
		at := slices.Index(p.Values, 1)
		seen[[2]int{at%9 - 4, at/9 - 4}]++
	}
	for dx := -2; dx <= 2; dx++ {
		for dy := -2; dy <= 2; dy++ {
			if c := seen[[2]int{dx, dy}]; c < n/25*7/10 || c > n/25*13/10 {
				t.Errorf("a shift by %d, %d comes %d times of %d", dx, dy, c, n)
			}
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d different shifts, want 25", len(seen))
	}
}

// oracle is warp in float64, from its definition.
func oracle(p *Image, m affine, fill Fill) []float64 {
	at := func(y, x, k int) float64 {
		y, x = fill.inside(y, p.Height), fill.inside(x, p.Width)
		return float64(p.at(y, x, k, &fill))
	}
	var out []float64
	for i := range p.Height {
		for j := range p.Width {
			x, y := m.xx*float64(j)+m.xy*float64(i)+m.x0, m.yx*float64(j)+m.yy*float64(i)+m.y0
			x0, y0 := math.Floor(x), math.Floor(y)
			wx, wy := x-x0, y-y0
			for k := range p.Channels {
				left, top := int(x0), int(y0)
				upper := at(top, left, k)*(1-wx) + at(top, left+1, k)*wx
				lower := at(top+1, left, k)*(1-wx) + at(top+1, left+1, k)*wx
				out = append(out, upper*(1-wy)+lower*wy)
			}
		}
	}
	return out
}

func TestWarp(t *testing.T) {
	for _, fill := range []Fill{{Border: "edge"}, {Border: "reflect"}, {}, {Value: 200}} {
		for _, m := range []affine{{xx: 1, yy: 1}, {xx: 0.8, xy: 0.3, yx: -0.3, yy: 0.9, x0: -1.3, y0: 2.7}, {xx: 0.25, yy: 4, x0: 30, y0: -30}} {
			p := sample([]int{7, 9, 3})
			want := oracle(p, m, fill)
			p.warp(m, &fill)
			for i := range want {
				if math.Abs(float64(p.Values[i])-want[i]) > 1e-3 {
					t.Fatalf("%+v with %+v: value %d is %v, want %v", m, fill, i, p.Values[i], want[i])
				}
			}
		}
	}
}

// TestRightAngles: a quarter turn about the centre moves pixels onto pixels.
func TestRightAngles(t *testing.T) {
	p := grid([]float32{1, 2, 3}, []float32{4, 5, 6}, []float32{7, 8, 9})
	p.warp(affine{xy: 1, yx: -1}.about(p), &Fill{})
	expect(t, "a quarter turn", p, 7, 4, 1, 8, 5, 2, 9, 6, 3)
	p.warp(affine{xx: 1, yy: 1}.about(p), &Fill{})
	expect(t, "no turn", p, 7, 4, 1, 8, 5, 2, 9, 6, 3)
}

// TestCropShowsWhatItCuts: a crop of a quarter of the area in the middle is the image enlarged twice.
func TestCropShowsWhatItCuts(t *testing.T) {
	for row := range 50 {
		p := NewImage([]int{16, 16, 1})
		for y := range 16 {
			for x := range 16 {
				p.Values[y*16+x] = float32(10 * x)
			}
		}
		r := NewRandom(1, 0, row, 0)
		(&Crop{Area: []float64{0.25, 0.25}, Aspect: []float64{1, 1}, Fill: Fill{Border: "edge"}, Probability: 1}).Apply(p, &r)
		if step := p.Values[9] - p.Values[8]; math.Abs(float64(step-5)) > 1e-3 {
			t.Errorf("neighbours differ by %v, want half of 10", step)
		}
		if p.Values[15]-p.Values[0] < 70 {
			t.Errorf("the crop spans %v, want about 75", p.Values[15]-p.Values[0])
		}
	}
}

func TestPaddedCropIsAShift(t *testing.T) {
	a, err := decode(t, "{type: crop, padding: 2, fill: zero}")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for row := range 500 {
		p := NewImage([]int{9, 9, 1})
		p.Values[4*9+4] = 1
		r := NewRandom(1, 0, row, 0)
		a.(Changer).Apply(p, &r)
		seen[slices.Index(p.Values, 1)] = true
	}
	if len(seen) != 25 || seen[-1] {
		t.Errorf("%d different places, want 25", len(seen))
	}
}
