package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"

	"dnn/internal/plot/canvas"
)

// Heat describes a map of what in an image speaks for an answer, and against it.
type Heat struct {
	Title    string
	Subtitle string
	Picture  image.Image // as the model sees it
	// Rows and Columns are the extents of the map, which lies over the whole image.
	Rows, Columns int
	Values        []float64 // Rows × Columns; the largest absolute value gets the deepest colour
	Signed        bool      // values below 0 speak against the answer; else they count as 0
	// Full is the value of the deepest colour; 0: the largest absolute value.
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

// DrawHeat writes the image and, beside it, the same in grey under the map, 900 wide. The ending of path tells the form:
// .png or .svg. It is an error if the map has other extents than told, or if the file cannot be written. A file that is there
// is replaced only if it is a heat map: another one is an error that wraps fs.ErrExist.
func DrawHeat(path string, h Heat) error {
	if h.Picture == nil || h.Picture.Bounds().Empty() || h.Rows < 1 || h.Columns < 1 || len(h.Values) != h.Rows*h.Columns {
		return fmt.Errorf("heat map: %d values for %d × %d", len(h.Values), h.Rows, h.Columns)
	}
	return heatMark.Write(path, h.picture)
}

func (h *Heat) picture() *canvas.Picture {
	w, tall := heatSide, heatSide*aspect(h.Picture)
	if tall > heatSide {
		w, tall = heatSide/aspect(h.Picture), heatSide
	}
	p := &canvas.Picture{Width: 900, Height: canvas.HeadingHeight + max(tall, 120) + 62}
	title := canvas.Clean(h.Title)
	if title == "" {
		title = "Heat map"
	}
	p.Heading(title, h.Subtitle, sideMargin)
	y := canvas.HeadingHeight + 22.0
	p.Text(sideMargin, y-8, "what the model sees", legendSize, canvas.Left, canvas.Soft)
	p.Add(canvas.Bitmap{X: sideMargin, Y: y, W: w, H: tall, Image: h.Picture})
	x := sideMargin + heatSide + 20
	what := "what speaks for the answer"
	if h.Signed {
		what += ", and against it"
	}
	p.Text(x, y-8, what, legendSize, canvas.Left, canvas.Soft)
	p.Add(canvas.Bitmap{X: x, Y: y, W: w, H: tall, Image: h.overlay(), Smooth: h.smooth()})
	r, ticks := warm, []tick{{0, "0"}, {1, "most"}}
	if h.Signed {
		r, ticks = signed, []tick{{0, "against"}, {0.5, "0"}, {1, "for"}}
	}
	colorBar(p, r, x+w+18, y, max(min(tall, 320), 60), ticks, "")
	return p
}

// smooth reports whether the map is coarser than the image: then it is drawn without steps.
func (h *Heat) smooth() bool {
	b := h.Picture.Bounds()
	return h.Rows < b.Dy() || h.Columns < b.Dx()
}

// full is the value of the deepest colour.
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

// overlay is the image in grey with the map's colours over it, the more of them the larger the value.
func (h *Heat) overlay() image.Image {
	b := h.Picture.Bounds()
	w, tall := b.Dx(), b.Dy()
	if h.smooth() { // so many pixels that the map's slopes show
		k := max(1, int(heatSide)/max(w, tall))
		w, tall = w*k, tall*k
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, tall))
	draw.NearestNeighbor.Scale(out, out.Bounds(), h.Picture, b, draw.Src, nil)
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

// blend lays the colour of t, from -1 to 1, over the grey of c.
func (h *Heat) blend(c color.NRGBA, t float64) color.NRGBA {
	grey := 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
	t = min(max(t, -1), 1)
	over := warm.At(t)
	if h.Signed { // no paler than that small values show their sign
		over = signed.At(0.5 + math.Copysign(0.2+0.3*math.Abs(t), t))
	} else {
		t = max(t, 0)
	}
	a := 0.9 * math.Pow(math.Abs(t), 0.7)
	mix := func(v uint8) uint8 { return uint8(math.Round(grey*(1-a) + float64(v)*a)) }
	return color.NRGBA{mix(over.R), mix(over.G), mix(over.B), 255}
}

// at is the map's value at a place from 0 to 1, between the centres of its cells by straight lines.
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
