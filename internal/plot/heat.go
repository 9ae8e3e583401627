package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"

	"dnn/internal/plot/canvas"
)

// Heat describes a map of how much each region of an image raises or lowers the score of a prediction.
type Heat struct {
	Title    string
	Subtitle string
	Image    image.Image // as the net sees it
	// Rows and Columns are the size of the map, which covers the whole image.
	Rows, Columns int
	Values        []float64 // Rows × Columns; the largest absolute value gets the deepest colour
	Signed        bool      // negative values are drawn too, in blue; otherwise they count as 0
	// Full is the value of the deepest colour. 0 means the largest absolute value.
	Full float64
}

var (
	// warm runs from yellow to a deep red.
	warm = canvas.Ramp{canvas.RGB(0xffeda0), canvas.RGB(0xfed976), canvas.RGB(0xfeb24c), canvas.RGB(0xfd8d3c), canvas.RGB(0xfc4e2a), canvas.RGB(0xe31a1c), canvas.RGB(0xc00022)}
	// signed runs from blue over white to red.
	signed = canvas.Ramp{canvas.RGB(0x2166ac), canvas.RGB(0x4393c3), canvas.RGB(0x92c5de), canvas.RGB(0xf7f7f7), canvas.RGB(0xf4a582), canvas.RGB(0xd6604d), canvas.RGB(0xb2182b)}
)

const heatSide = 372.0 // longest side of the image and of the map

var heatMark = canvas.Mark{Text: "dnn heat map", Noun: "heat map"}

// DrawHeat writes the image and, next to it, the same image in grey under the map, 900 wide. The extension of path is
// the format: .png or .svg. It is an error if the number of values is not that of the map, or if the file cannot be
// written. An existing file is replaced only if it is a heat map or an attribution; any other gives an error that wraps
// fs.ErrExist.
func DrawHeat(path string, h Heat) error {
	if h.Image == nil || h.Image.Bounds().Empty() || h.Rows < 1 || h.Columns < 1 || len(h.Values) != h.Rows*h.Columns {
		return fmt.Errorf("heat map: %d values for %d × %d", len(h.Values), h.Rows, h.Columns)
	}
	return heatMark.Write(path, h.drawing)
}

func (h *Heat) drawing() *canvas.Drawing {
	w, tall := heatSide, heatSide*aspect(h.Image)
	if tall > heatSide {
		w, tall = heatSide/aspect(h.Image), heatSide
	}
	p := &canvas.Drawing{Width: 900, Height: canvas.HeadingHeight + max(tall, 120) + 62}
	title := canvas.Clean(h.Title)
	if title == "" {
		title = "Heat map"
	}
	p.Heading(title, h.Subtitle, sideMargin)
	y := canvas.HeadingHeight + 22.0
	p.Text(sideMargin, y-8, "input", legendSize, canvas.Left, canvas.Soft)
	p.Add(canvas.Bitmap{X: sideMargin, Y: y, W: w, H: tall, Image: h.Image})
	x := sideMargin + heatSide + 20
	what := "raises the score"
	if h.Signed {
		what = "raises (red) or lowers (blue) the score"
	}
	p.Text(x, y-8, what, legendSize, canvas.Left, canvas.Soft)
	p.Add(canvas.Bitmap{X: x, Y: y, W: w, H: tall, Image: h.overlay(), Smooth: h.smooth()})
	r, ticks := warm, []tick{{0, "0"}, {1, "most"}}
	if h.Signed {
		r, ticks = signed, []tick{{0, "lowers"}, {0.5, "0"}, {1, "raises"}}
	}
	colorBar(p, r, x+w+18, y, max(min(tall, 320), 60), ticks, "")
	return p
}

// smooth reports whether the map is coarser than the image: then it is interpolated.
func (h *Heat) smooth() bool {
	b := h.Image.Bounds()
	return h.Rows < b.Dy() || h.Columns < b.Dx()
}

// full returns the value of the deepest colour.
func (h *Heat) full() float64 {
	if h.Full > 0 {
		return h.Full
	}
	full := 0.0
	for _, v := range h.Values {
		if v < 0 && !h.Signed || math.IsNaN(v) {
			continue
		}
		full = max(full, math.Abs(v))
	}
	return full
}

// overlay returns the image in grey under the map. Larger values are more opaque.
func (h *Heat) overlay() image.Image {
	b := h.Image.Bounds()
	w, tall := b.Dx(), b.Dy()
	if h.smooth() { // enough pixels for smooth slopes
		k := max(1, int(heatSide)/max(w, tall))
		w, tall = w*k, tall*k
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, tall))
	draw.NearestNeighbor.Scale(out, out.Bounds(), h.Image, b, draw.Src, nil)
	full := h.full()
	for y := range tall {
		for x := range w {
			t := 0.0
			if full > 0 {
				t = h.at((float64(x)+0.5)/float64(w), (float64(y)+0.5)/float64(tall)) / full
			}
			out.SetNRGBA(x, y, h.blend(out.NRGBAAt(x, y), t))
		}
	}
	return out
}

// blend mixes the colour of t, from -1 to 1, with the grey of c.
func (h *Heat) blend(c color.NRGBA, t float64) color.NRGBA {
	grey := 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
	t = min(max(t, -1), 1)
	over := warm.At(t)
	if h.Signed { // opaque enough to show the sign of small values
		over = signed.At(0.5 + math.Copysign(0.2+0.3*math.Abs(t), t))
	} else {
		t = max(t, 0)
	}
	a := 0.9 * math.Pow(math.Abs(t), 0.7)
	mix := func(v uint8) uint8 { return uint8(math.Round(grey*(1-a) + float64(v)*a)) }
	return color.NRGBA{mix(over.R), mix(over.G), mix(over.B), 255}
}

// at interpolates the map bilinearly at a place from 0 to 1.
func (h *Heat) at(u, v float64) float64 {
	x, y := u*float64(h.Columns)-0.5, v*float64(h.Rows)-0.5
	x, y = min(max(x, 0), float64(h.Columns-1)), min(max(y, 0), float64(h.Rows-1))
	i, j := int(x), int(y)
	fx, fy := x-float64(i), y-float64(j)
	cell := func(i, j int) float64 {
		value := h.Values[min(j, h.Rows-1)*h.Columns+min(i, h.Columns-1)]
		if math.IsNaN(value) || value < 0 && !h.Signed {
			return 0
		}
		return value
	}
	top := cell(i, j)*(1-fx) + cell(i+1, j)*fx
	bottom := cell(i, j+1)*(1-fx) + cell(i+1, j+1)*fx
	return top*(1-fy) + bottom*fy
}
