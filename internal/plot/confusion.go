package plot

import (
	"fmt"
	"math"
	"strconv"

	"dnn/internal/plot/canvas"
)

// Confusion describes a confusion matrix.
type Confusion struct {
	Title   string      // "Confusion matrix" if empty
	Classes []string    // names; a number replaces an empty one
	Counts  [][]float64 // rows: true class, columns: predicted class; weights need not be whole
}

const (
	matrixSide = 600.0 // intended side of the matrix
	maxCells   = 200   // per side; more classes are pooled with their neighbours
	maxNames   = 60    // labels per axis; of more, every n-th is drawn
)

// matrix is a Confusion prepared for drawing.
type matrix struct {
	names  []string
	counts [][]float64
	rows   []float64 // sums
	pooled int       // classes in a cell's side
}

// DrawConfusion writes a confusion matrix as path.svg and path.png, 900 wide. A cell's colour is its share of its row.
// Cells that are large enough print count and share, and the SVG has both in a tooltip. Counts that are negative or not
// finite count as 0. It is an error if Counts is not square with a row for each class, or if the files cannot be
// written.
func DrawConfusion(path string, c Confusion) error {
	if len(c.Counts) != len(c.Classes) {
		return fmt.Errorf("confusion matrix: %d rows for %d classes", len(c.Counts), len(c.Classes))
	}
	for i, row := range c.Counts {
		if len(row) != len(c.Classes) {
			return fmt.Errorf("confusion matrix: row %d has %d columns for %d classes", i, len(row), len(c.Classes))
		}
	}
	return c.drawing().Save(path)
}

func (c *Confusion) drawing() *canvas.Drawing {
	m, hits, total := c.matrix()
	n := len(m.names)
	if n == 0 {
		p := &canvas.Drawing{Width: 900, Height: canvas.HeadingHeight + 80}
		p.Heading(c.heading(m, hits, total), "there are no classes", sideMargin)
		return p
	}
	const bar = 92.0 // width for the colour bar with its labels
	cell := min(matrixSide/float64(n), 140)
	font := min(13, max(8.5, cell*0.85))
	every := (n + maxNames - 1) / maxNames
	if every > 1 {
		font = 10
	}

	rowRoom, columnRoom := 0.0, 0.0
	names := Distinct(m.names, func(name string) string { return canvas.Shorten(name, font, false, 150) })
	for i := range names {
		rowRoom = max(rowRoom, canvas.TextWidth(names[i], font, false))
	}
	x0 := sideMargin + 22 + rowRoom + 10
	width := 900.0
	cell = min(cell, (width-x0-bar-sideMargin)/float64(n))
	side := cell * float64(n)
	x0 += max(0, (width-sideMargin-bar-x0-side)/2)
	flat := rowRoom <= cell-8
	turn := 45.0
	if cell < 1.5*font {
		turn = 90
	}
	switch {
	case flat:
		columnRoom = font + 4
	case turn == 90:
		columnRoom = rowRoom + 4
	default:
		columnRoom = rowRoom*math.Sqrt2/2 + font
	}
	y0 := canvas.HeadingHeight + 8.0
	p := &canvas.Drawing{Width: width, Height: y0 + max(side, 90) + columnRoom + 58}
	p.Heading(c.heading(m, hits, total), "share of each true class (row) that was predicted as each class (column)", sideMargin)

	m.cells(p, x0, y0, cell)
	for i, name := range names {
		if i%every != 0 {
			continue
		}
		mid := (float64(i) + 0.5) * cell
		p.Text(x0-9, y0+mid+font*0.35, name, font, canvas.Right, canvas.Soft)
		switch {
		case flat:
			p.Text(x0+mid, y0+side+font+7, name, font, canvas.Middle, canvas.Soft)
		default:
			p.TurnedText(x0+mid+font*0.33, y0+side+11, name, font, -turn, canvas.Right, canvas.Soft)
		}
	}
	p.TurnedText(x0-rowRoom-24, y0+side/2, "true class", 14, -90, canvas.Middle, canvas.Ink)
	p.Text(x0+side/2, y0+side+columnRoom+38, "predicted class", 14, canvas.Middle, canvas.Ink)
	colorBar(p, canvas.Blues, x0+side+26, y0, min(max(side, 90), 320), []tick{{0, "0 %"}, {0.25, "25 %"}, {0.5, "50 %"}, {0.75, "75 %"}, {1, "100 %"}}, "")
	return p
}

func (c *Confusion) heading(m *matrix, hits, total float64) string {
	title := canvas.Clean(c.Title)
	if title == "" {
		title = "Confusion matrix"
	}
	if total == 0 {
		return title + ": no rows"
	}
	title += fmt.Sprintf(": accuracy %s (%s of %s)", percent(hits/total), count(hits), count(total))
	if m.pooled > 1 {
		title += fmt.Sprintf(", %d classes, %d in a cell", len(c.Classes), m.pooled)
	}
	return title
}

// matrix sums the counts and pools classes if there are too many to draw.
func (c *Confusion) matrix() (m *matrix, hits, total float64) {
	m = &matrix{pooled: max(1, (len(c.Classes)+maxCells-1)/maxCells)}
	n := (len(c.Classes) + m.pooled - 1) / m.pooled
	m.rows = make([]float64, n)
	m.counts = make([][]float64, n)
	for i := range n {
		m.counts[i] = make([]float64, n)
		name := canvas.Clean(c.Classes[i*m.pooled])
		if name == "" {
			name = strconv.Itoa(i * m.pooled)
		}
		m.names = append(m.names, name)
	}
	for i, row := range c.Counts {
		for j, v := range row {
			if !finite(v) || v < 0 {
				continue
			}
			m.counts[i/m.pooled][j/m.pooled] += v
			m.rows[i/m.pooled] += v
			total += v
			if i == j {
				hits += v
			}
		}
	}
	return m, hits, total
}

// cells draws the matrix with its grid. Cells without a count stay white.
func (m *matrix) cells(p *canvas.Drawing, x0, y0, cell float64) {
	n := len(m.names)
	side := cell * float64(n)
	for i, row := range m.counts {
		for j, v := range row {
			if v == 0 {
				continue
			}
			share := v / m.rows[i]
			ground := canvas.Blues.At(0.04 + 0.96*share)
			x, y := x0+float64(j)*cell, y0+float64(i)*cell
			p.Rect(x, y, cell, cell, ground, fmt.Sprintf("true %s, predicted %s: %s (%s)", m.names[i], m.names[j], count(v), percent(share)))
			text := count(v)
			switch size := min(17, cell*0.27); {
			case cell >= 44 && canvas.TextWidth(text, size, false) < cell-6:
				p.Text(x+cell/2, y+cell/2-1, text, size, canvas.Middle, canvas.On(ground))
				p.Text(x+cell/2, y+cell/2+size*0.95, percent(share), size*0.8, canvas.Middle, canvas.On(ground))
			case cell >= 19 && canvas.TextWidth(text, min(11, cell*0.42), false) < cell-3:
				size = min(11, cell*0.42)
				p.Text(x+cell/2, y+cell/2+size*0.36, text, size, canvas.Middle, canvas.On(ground))
			}
		}
	}
	if cell >= 8 {
		for i := 1; i < n; i++ {
			at := float64(i) * cell
			p.Line(x0+at, y0, x0+at, y0+side, canvas.Faint, 0.75)
			p.Line(x0, y0+at, x0+side, y0+at, canvas.Faint, 0.75)
		}
	}
	if n > 0 {
		p.Add(canvas.Polyline{Points: canvas.Path(x0, y0, x0+side, y0, x0+side, y0+side, x0, y0+side, x0, y0), Stroke: canvas.Frame, Width: 1})
	}
}

// colorBar draws a vertical colour bar with labels at ticks from 0 to 1 and a name above.
func colorBar(p *canvas.Drawing, r canvas.Ramp, x, y, height float64, ticks []tick, name string) {
	const steps, width = 64, 14.0
	for i := range steps {
		p.Rect(x, y+height-height*float64(i+1)/steps, width, height/steps+0.4, r.At((float64(i)+0.5)/steps), "")
	}
	p.Add(canvas.Polyline{Points: canvas.Path(x, y, x+width, y, x+width, y+height, x, y+height, x, y), Stroke: canvas.Frame, Width: 0.75})
	for _, t := range ticks {
		at := y + height - height*t.value
		p.Line(x+width, at, x+width+4, at, canvas.Frame, 1)
		p.Text(x+width+8, at+4.2, t.text, tickSize, canvas.Left, canvas.Soft)
	}
	p.Text(x, y-12, name, tickSize, canvas.Left, canvas.Soft)
}

// percent prints a share, such as 97.3 %. Only 1 prints as 100 %.
func percent(share float64) string {
	v := math.Round(share*1000) / 10
	switch {
	case share == 0 || share == 1:
		return strconv.FormatFloat(v, 'f', 0, 64) + " %"
	case v == 0:
		return "<0.1 %"
	case v == 100:
		v = 99.9
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + " %"
}

// count prints a number with narrow spaces between groups of three digits.
func count(v float64) string {
	if v >= 1e9 || v != math.Round(v) {
		return short(roundDigits(v, 4))
	}
	s := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}
