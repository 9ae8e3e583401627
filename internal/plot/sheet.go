package plot

import (
	"fmt"
	"image"

	"dnn/internal/newfile"

	"dnn/internal/plot/canvas"
)

// Sheet is a page of small images in rows.
type Sheet struct {
	Title, Subtitle string
	Columns         int      // images per row
	Heads           []string // above the columns; may be empty
	Items           []SheetItem
}

// SheetItem is an image with the lines under it, the first in black.
type SheetItem struct {
	Image image.Image
	Lines []string
}

const (
	sheetGap  = 12.0
	sheetLine = 14.0 // height of a line of text
)

var sheetMark = canvas.Mark{Text: "dnn sheet of images", Noun: "sheet"}

// DrawSheet writes the page as a PNG, 900 wide. An existing file is replaced only if it is such a page; any other gives
// an error that wraps fs.ErrExist. An item without an image is an error too.
func DrawSheet(path string, s Sheet) error {
	for i := range s.Items {
		if m := s.Items[i].Image; m == nil || m.Bounds().Empty() {
			return fmt.Errorf("sheet: item %d has no image", i)
		}
	}
	if err := sheetMark.Check(path); err != nil {
		return err
	}
	data, err := s.drawing().PNG()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return newfile.Write(path, sheetMark.PNG(data))
}

func (s *Sheet) drawing() *canvas.Drawing {
	const width = 900.0
	columns := max(1, s.Columns)
	cell := (width - 2*sideMargin - float64(columns-1)*sheetGap) / float64(columns)
	tall, lines := 0.1, 0
	for i := range s.Items {
		tall, lines = max(tall, min(1.5, aspect(s.Items[i].Image))), max(lines, len(s.Items[i].Lines))
	}
	box := cell * tall
	step := box + float64(lines)*sheetLine + 18
	rows := (len(s.Items) + columns - 1) / columns
	top := canvas.HeadingHeight + 8.0
	if len(s.Heads) > 0 {
		top += 18
	}
	p := &canvas.Drawing{Width: width, Height: top + float64(rows)*step + 12}
	p.Heading(s.Title, s.Subtitle, sideMargin)
	for i, head := range s.Heads {
		p.Text(sideMargin+float64(i)*(cell+sheetGap)+cell/2, top-9, canvas.Shorten(canvas.Clean(head), tickSize, false, cell), tickSize, canvas.Middle, canvas.Soft)
	}
	for i := range s.Items {
		s.Items[i].draw(p, sideMargin+float64(i%columns)*(cell+sheetGap), top+float64(i/columns)*step, cell, box)
	}
	return p
}

// draw adds the image, as large as fits into the box, and its lines.
func (m *SheetItem) draw(p *canvas.Drawing, x, y, width, height float64) {
	w, h := width, width*aspect(m.Image)
	if h > height {
		w, h = height/aspect(m.Image), height
	}
	p.Add(canvas.Bitmap{X: x + (width-w)/2, Y: y + (height-h)/2, W: w, H: h, Image: m.Image})
	colour := canvas.Ink
	for i, line := range m.Lines {
		p.Text(x+width/2, y+height+sheetLine*float64(i+1), canvas.Shorten(canvas.Clean(line), tickSize, false, width), tickSize, canvas.Middle, colour)
		colour = canvas.Soft
	}
}
