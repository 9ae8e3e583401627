package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
)

// Heat describes a map of what in a picture speaks for an answer, and against it.
type Heat struct {
	Title    string
	Subtitle string
	Picture  image.Image // as the model sees it
	// Rows and Columns are the extents of the map, which lies over the whole picture.
	Rows, Columns int
	Values        []float64 // Rows × Columns; the largest absolute value gets the deepest colour
	Signed        bool      // values below 0 speak against the answer; else they count as 0
	// Full is the value of the deepest colour; 0: the largest absolute value.
	Full float64
}

var (
	// warm runs from yellow to a deep red.
	warm = ramp{rgb(0xffeda0), rgb(0xfed976), rgb(0xfeb24c), rgb(0xfd8d3c), rgb(0xfc4e2a), rgb(0xe31a1c), rgb(0xc00022)}
	// signed runs from blue over white to red.
	signed = ramp{rgb(0x2166ac), rgb(0x4393c3), rgb(0x92c5de), rgb(0xf7f7f7), rgb(0xf4a582), rgb(0xd6604d), rgb(0xb2182b)}
)

const heatSide = 372.0 // longest side of the picture and of the map

// DrawHeat writes the picture and, beside it, the same in grey under the map, 900 wide. The ending of path tells the form:
// .png or .svg. It is an error if the map has other extents than told, or if the file cannot be written. A file that is there
// is replaced only if it is a heat map: another one is an error that wraps fs.ErrExist.
func DrawHeat(path string, h Heat) error {
	if h.Picture == nil || h.Picture.Bounds().Empty() || h.Rows < 1 || h.Columns < 1 || len(h.Values) != h.Rows*h.Columns {
		return fmt.Errorf("heat map: %d values for %d × %d", len(h.Values), h.Rows, h.Columns)
	}
	return heatMark.write(path, h.picture)
}

func (h *Heat) picture() *picture {
	w, tall := heatSide, heatSide*aspect(h.Picture)
	if tall > heatSide {
		w, tall = heatSide/aspect(h.Picture), heatSide
	}
	p := &picture{width: 900, height: headingHeight + max(tall, 120) + 62}
	title := clean(h.Title)
	if title == "" {
		title = "Heat map"
	}
	p.heading(title, h.Subtitle, sideMargin)
	y := headingHeight + 22.0
	p.text(sideMargin, y-8, "what the model sees", legendSize, left, soft)
	p.add(bitmap{x: sideMargin, y: y, w: w, h: tall, image: h.Picture})
	x := sideMargin + heatSide + 20
	what := "what speaks for the answer"
	if h.Signed {
		what += ", and against it"
	}
	p.text(x, y-8, what, legendSize, left, soft)
	p.add(bitmap{x: x, y: y, w: w, h: tall, image: h.overlay(), smooth: h.smooth()})
	r, ticks := warm, []tick{{0, "0"}, {1, "most"}}
	if h.Signed {
		r, ticks = signed, []tick{{0, "against"}, {0.5, "0"}, {1, "for"}}
	}
	colorBar(p, r, x+w+18, y, max(min(tall, 320), 60), ticks, "")
	return p
}

// smooth reports whether the map is coarser than the picture: then it is drawn without steps.
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

// overlay is the picture in grey with the map's colours over it, the more of them the larger the value.
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
	over := warm.at(t)
	if h.Signed { // no paler than that small values show their sign
		over = signed.at(0.5 + math.Copysign(0.2+0.3*math.Abs(t), t))
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
