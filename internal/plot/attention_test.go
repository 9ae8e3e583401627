package plot

import (
	"fmt"
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/plot/canvas"
)

// Each head has a map with a row for each query and a column for each key, side by side as long as there is space.
func TestAttentionMaps(t *testing.T) {
	weights := []float64{0, 1, 0.5, 0.25, 0.25, 0.5}
	a := Attention{Queries: []string{"q1", "q2"}, Keys: []string{"k1", "k2", "k3"}, Heads: slices.Repeat([][]float64{weights}, 14)}
	p := a.drawing()
	var maps []canvas.Bitmap
	for _, s := range p.Shapes {
		if b, ok := s.(canvas.Bitmap); ok && b.Image.Bounds().Dx() == 3 && b.Image.Bounds().Dy() == 2 {
			maps = append(maps, b)
		}
	}
	if len(maps) != 14 || maps[1].Y != maps[0].Y || maps[1].X <= maps[0].X+maps[0].W || maps[13].Y <= maps[0].Y+maps[0].H {
		t.Fatalf("%d maps, of which the first are at %v", len(maps), maps[:min(2, len(maps))])
	}
	for i, w := range weights {
		if got := color.NRGBAModel.Convert(maps[0].Image.At(i%3, i/3)); got != canvas.Blues.At(w) {
			t.Errorf("weight %v has the colour %v", w, got)
		}
	}
	lowest, lines := 0.0, 0
	for _, m := range maps {
		if m.X == maps[0].X {
			lines++
		}
		lowest = max(lowest, m.Y+m.H)
		if m.X+m.W > p.Width {
			t.Errorf("a map ends at %v of %v", m.X+m.W, p.Width)
		}
	}
	if lowest > p.Height {
		t.Errorf("maps end at %v of %v", lowest, p.Height)
	}
	svg := string(p.SVG())
	for name, times := range map[string]int{"k2": 14, "head 14": 1, "q2": lines} {
		if got := strings.Count(svg, ">"+name+"<"); got != times {
			t.Errorf("%s stands there %d times, want %d", name, got, times)
		}
	}
}

// Of a long sequence the first steps are drawn, and that is said.
func TestLongAttentionIsCut(t *testing.T) {
	names := make([]string, 200)
	for i := range names {
		names[i] = fmt.Sprintf("w%d", i)
	}
	a := Attention{Subtitle: "s", Queries: names[:2], Keys: names, Heads: [][]float64{make([]float64, 400)}}
	svg := string(a.drawing().SVG())
	if !strings.Contains(svg, ">w0<") || strings.Contains(svg, ">w128<") || !strings.Contains(svg, "s; the first 128 of 200") {
		t.Error("the steps beyond the first 128 are drawn, or it is not said that they are left out")
	}
}

func TestAttentionMistakes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.svg")
	for _, a := range []Attention{{}, {Queries: []string{"q"}, Keys: []string{"k"}, Heads: [][]float64{{1}, {}}}} {
		if DrawAttention(path, a) == nil {
			t.Errorf("%+v is drawn", a)
		}
	}
}
