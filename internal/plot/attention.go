package plot

import (
	"fmt"
	"image"
	"math"

	"dnn/internal/plot/canvas"
)

// Attention describes how much the steps of one sequence looked at those of another.
type Attention struct {
	Title    string
	Subtitle string
	Queries  []string    // the steps that look, a row each
	Keys     []string    // the steps that are looked at, a column each
	Heads    [][]float64 // queries × keys of each head, from 0 to 1
}

const (
	attentionTall = 940.0 // most of the height that all maps take
	attentionGap  = 22.0
	attentionHead = 34.0 // above and below a map, besides the names
	attentionFont = 11.0
	mostSteps     = 128 // drawn of each axis
	mostHeads     = 16
)

// DrawAttention draws a map of each head, side by side, with the queries on the left and the keys above, 900 wide; of
// longer sequences the first 128 steps, of more than 16 heads the first. The deeper a cell, the larger the weight; 0 is white. The extension of path is the
// format: .png or .svg. It is an error if there is no head, if a head does not have a weight for each query and key, or if the
// file cannot be written. An existing file is replaced only if it is such a map or another heat map; any other gives an error
// that wraps fs.ErrExist.
func DrawAttention(path string, a Attention) error {
	for _, h := range a.Heads {
		if len(h) != len(a.Queries)*len(a.Keys) {
			return fmt.Errorf("attention: %d weights for %d queries and %d keys", len(h), len(a.Queries), len(a.Keys))
		}
	}
	if len(a.Heads) == 0 {
		return fmt.Errorf("attention: nothing to draw")
	}
	return heatMark.Write(path, a.drawing)
}

func (a *Attention) drawing() *canvas.Drawing {
	queries, keys, heads := attentionNames(a.Queries), attentionNames(a.Keys), a.Heads[:min(len(a.Heads), mostHeads)]
	left, above := longestName(queries)+8, longestName(keys)+6
	perLine, cell := attentionLayout(len(heads), len(queries), len(keys), attributionWidth-2*sideMargin-left-barRoom, above)
	m := attentionMap{queries, keys, cell, cell * float64(len(keys)), cell * float64(len(queries))}
	step, tall := max(m.width, 50)+attentionGap, above+m.height+attentionHead
	top := canvas.HeadingHeight + 18 + above
	lines := (len(heads) + perLine - 1) / perLine
	p := &canvas.Drawing{Width: attributionWidth, Height: canvas.HeadingHeight + max(float64(lines)*tall, above+130) + 8}
	title := canvas.Clean(a.Title)
	if title == "" {
		title = "Attention"
	}
	p.Heading(title, a.subtitle(), sideMargin)
	for i, weights := range heads {
		x, y := sideMargin+left+float64(i%perLine)*step, top+float64(i/perLine)*tall
		p.Text(x, y-above-4, fmt.Sprintf("head %d", i+1), legendSize, canvas.Left, canvas.Ink)
		m.draw(p, x, y, i%perLine == 0, a.cells(weights, len(queries), len(keys)))
	}
	colorBar(p, canvas.Blues, sideMargin+left+float64(perLine)*step, top, min(max(m.height, 70), 260), []tick{{0, "0"}, {0.5, "0.5"}, {1, "1"}}, "")
	return p
}

// attentionLayout is how many heads stand in a line, and the side of a cell: as many as leave each name its line, else so many
// that cells are as large as the drawing lets them be.
func attentionLayout(heads, queries, keys int, width, above float64) (perLine int, cell float64) {
	const legible = attentionFont + 3
	perLine, cell = 1, 0.25
	for n := 1; n <= heads && width/float64(n) >= 50+attentionGap; n++ {
		lines := float64((heads + n - 1) / n)
		wide := (width/float64(n) - attentionGap) / float64(max(keys, 1))
		tall := (attentionTall/lines - above - attentionHead) / float64(max(queries, 1))
		if side := min(wide, tall, 30); side >= min(cell, legible) {
			perLine, cell = n, side
		}
	}
	return perLine, cell
}

// attentionMap is what the maps of all heads have in common.
type attentionMap struct {
	queries, keys       []string
	cell, width, height float64
}

// draw adds the map of a head, with the keys above it and, if they are to be named, the queries on its left. Where cells are
// lower than letters, not all names are written.
func (m *attentionMap) draw(p *canvas.Drawing, x, y float64, named bool, cells image.Image) {
	every := int(math.Ceil((attentionFont + 2) / m.cell))
	middle := func(i int) float64 { return (float64(i)+0.5)*m.cell + attentionFont*0.35 }
	for k := 0; k < len(m.keys); k += every {
		p.TurnedText(x+middle(k), y-5, m.keys[k], attentionFont, -90, canvas.Left, canvas.Soft)
	}
	for q := 0; q < len(m.queries) && named; q += every {
		p.Text(x-7, y+middle(q), m.queries[q], attentionFont, canvas.Right, canvas.Soft)
	}
	if m.width*m.height > 0 {
		p.Add(canvas.Bitmap{X: x, Y: y, W: m.width, H: m.height, Image: cells})
	}
	for _, s := range [4][4]float64{{0, 0, m.width, 0}, {0, m.height, m.width, m.height}, {0, 0, 0, m.height}, {m.width, 0, m.width, m.height}} {
		p.Line(x+s[0], y+s[1], x+s[2], y+s[3], canvas.Frame, 0.75)
	}
}

// subtitle says what is not drawn.
func (a *Attention) subtitle() string {
	text := a.Subtitle
	if n := max(len(a.Queries), len(a.Keys)); n > mostSteps {
		text += fmt.Sprintf("; the first %d of %d", mostSteps, n)
	}
	if n := len(a.Heads); n > mostHeads {
		text += fmt.Sprintf("; %d of %d heads", mostHeads, n)
	}
	return text
}

// cells has a pixel for each weight.
func (a *Attention) cells(weights []float64, queries, keys int) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, keys, queries))
	for q := range queries {
		for k := range keys {
			w := weights[q*len(a.Keys)+k]
			if math.IsNaN(w) {
				w = 0
			}
			out.SetNRGBA(k, q, canvas.Blues.At(w))
		}
	}
	return out
}

// attentionNames are the names of the steps that are drawn, as they are drawn.
func attentionNames(steps []string) (names []string) {
	for _, s := range steps[:min(len(steps), mostSteps)] {
		names = append(names, canvas.Shorten(canvas.Clean(s), attentionFont, false, 110))
	}
	return names
}

func longestName(names []string) (width float64) {
	for _, name := range names {
		width = max(width, canvas.TextWidth(name, attentionFont, false))
	}
	return width
}
