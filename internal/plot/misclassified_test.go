package plot

import (
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dnn/internal/plot/canvas"
)

// misclassifiedOf makes images of rings, w×h and of c channels.
func misclassifiedOf(n, all, w, h, c int) Misclassified {
	m := Misclassified{Title: "rings, test split", Of: all}
	for i := range n {
		m.Items = append(m.Items, MisclassifiedImage{
			Image: canvas.Pixels([]int{h, w, c}, rings(w, h, c, float64(i+2))), Name: fmt.Sprintf("a folder/ring number %d.png", i),
			Label: fmt.Sprint("class ", i%10), Predicted: "another class with a long name", Probability: 1 - float64(i)/50,
		})
	}
	return m
}

func rings(w, h, c int, turns float64) []byte {
	data := make([]byte, 0, w*h*c)
	for y := range h {
		for x := range w {
			r := math.Hypot(float64(x)/float64(w)-0.5, float64(y)/float64(h)-0.5)
			for k := range c {
				data = append(data, byte(127.5+127*math.Cos(turns*6*r+2*float64(k))))
			}
		}
	}
	return data
}

func TestMisclassified(t *testing.T) {
	for _, c := range []struct {
		m    Misclassified
		want []string
	}{
		{misclassifiedOf(60, 900, 8, 8, 1), []string{"rings, test split: 900 misclassified, the 40 most confident", ">label: class 0<", "ring number 39.png: label class 9, predicted another class with a long name (22.0 %)"}},
		{misclassifiedOf(2, 0, 8, 8, 3), []string{"2 misclassified<"}},
		{misclassifiedOf(1, 0, 8, 8, 3), []string{"1 misclassified<"}},
		{Misclassified{}, []string{"Images: none misclassified"}},
	} {
		text := c.m.drawing().SVG()
		for _, want := range c.want {
			if !strings.Contains(string(text), want) {
				t.Errorf("no %q", want)
			}
		}
		if n := strings.Count(string(text), "<image"); n != min(len(c.m.Items), 40) {
			t.Errorf("%d images for %d items", n, len(c.m.Items))
		}
	}
	if err := DrawMisclassified(filepath.Join(t.TempDir(), "p"), Misclassified{Items: make([]MisclassifiedImage, 1)}); err == nil {
		t.Error("an item without an image was drawn")
	}
}

// TestBitmapKeepsItsPixels: what is embedded in the SVG is the image itself, and each of its pixels is a square in the PNG.
func TestBitmapKeepsItsPixels(t *testing.T) {
	data := []byte{0, 50, 100, 150, 200, 250}
	p := &canvas.Drawing{Width: 100, Height: 100}
	p.Add(canvas.Bitmap{X: 10, Y: 20, W: 30, H: 20, Image: canvas.Pixels([]int{2, 3, 1}, data)})
	match := regexp.MustCompile(`base64,([^"]*)"`).FindSubmatch(p.SVG())
	if match == nil {
		t.Fatal("no image in the SVG")
	}
	small, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(string(match[1]))))
	if err != nil || small.Bounds().Size() != image.Pt(3, 2) {
		t.Fatal(err, small)
	}
	file, err := p.PNG()
	if err != nil {
		t.Fatal(err)
	}
	large, err := png.Decode(strings.NewReader(string(file)))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range data {
		x, y := i%3, i/3
		a, _, _, _ := small.At(x, y).RGBA()
		b, _, _, _ := large.At(2*(10+10*x+5), 2*(20+10*y+5)).RGBA()
		if a>>8 != uint32(v) || b>>8 != uint32(v) {
			t.Errorf("pixel %d is %d in the SVG and %d in the PNG, want %d", i, a>>8, b>>8, v)
		}
	}
	if canvas.Pixels([]int{2, 3, 1}, data[:5]) != nil || canvas.Pixels([]int{6}, data) != nil {
		t.Error("an image was made of too few bytes")
	}
}

// TestHeat: the map's largest value is where the colour is deepest, in either form of file, and a map of nothing can be drawn.
func TestHeat(t *testing.T) {
	dir := t.TempDir()
	h := Heat{Title: "x.png: 7", Subtitle: "grad_cam", Image: canvas.Pixels([]int{20, 20, 1}, make([]byte, 400)), Rows: 2, Columns: 2, Values: []float64{0, 1, 0, 0}}
	m := h.overlay()
	size := m.Bounds().Size()
	red := func(x, y int) uint32 { r, _, _, _ := m.At(x, y).RGBA(); return r }
	if red(size.X-1, 0) < 0x4000 || red(0, size.Y-1) != 0 || red(size.X-1, 0) <= red(size.X/2, size.Y/2) {
		t.Errorf("red is %x at the top right, %x in the middle, %x at the lower left", red(size.X-1, 0), red(size.X/2, size.Y/2), red(0, size.Y-1))
	}
	signed := Heat{Image: canvas.Pixels([]int{2, 1, 3}, []byte{9, 9, 9, 9, 9, 9}), Rows: 2, Columns: 1, Values: []float64{-2, 2}, Signed: true}
	r0, _, b0, _ := signed.overlay().At(0, 0).RGBA()
	r1, _, b1, _ := signed.overlay().At(0, 1).RGBA()
	if b0 <= r0 || r1 <= b1 {
		t.Errorf("against is %x, %x and for %x, %x", r0, b0, r1, b1)
	}
	for _, c := range []Heat{h, signed, {Image: h.Image, Rows: 1, Columns: 1, Values: []float64{0}}, {Image: h.Image, Rows: 1, Columns: 2, Values: []float64{math.NaN(), -1}}} {
		if err := DrawHeat(filepath.Join(dir, "h.svg"), c); err != nil {
			t.Fatal(err)
		}
		svgSize(t, filepath.Join(dir, "h.svg"))
	}
	if err := DrawHeat(filepath.Join(dir, "h.PNG"), h); err != nil {
		t.Fatal(err)
	}
	if file, err := os.ReadFile(filepath.Join(dir, "h.PNG")); err != nil || !strings.HasPrefix(string(file), "\x89PNG") {
		t.Errorf("no PNG was drawn: %v", err)
	}
	h.Rows = 3
	if err := DrawHeat(filepath.Join(dir, "h.png"), h); err == nil {
		t.Error("a map of other extents was drawn")
	}
	if dir := os.Getenv("REPORT_LOOK"); dir != "" {
		h := Heat{Title: "ring.png: class 7 (93.2 %)", Subtitle: "gradcam", Image: canvas.Pixels([]int{48, 64, 3}, rings(64, 48, 3, 5)), Rows: 4, Columns: 5, Values: make([]float64, 20)}
		h.Values[7], h.Values[8], h.Values[13] = 1, 0.6, 0.3
		if err := DrawHeat(filepath.Join(dir, "heat.png"), h); err != nil {
			t.Fatal(err)
		}
	}
}
