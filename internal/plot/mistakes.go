package plot

import (
	"fmt"
	"image"
	"maps"
	"math"
	"slices"

	"dnn/internal/plot/canvas"
)

// Mistakes describes images that a model took for something else.
type Mistakes struct {
	Title string // "Mistakes" if empty
	Of    int    // all mistakes, of which the items are the surest; 0: the items are all
	Items []Mistake
}

// Mistake is one image with what it is and what it was taken for.
type Mistake struct {
	Picture     image.Image
	Name        string // of its file, or its place in one
	Truth       string
	Predicted   string
	Probability float64 // of the predicted class
}

const (
	mistakeColumns = 8
	maxMistakes    = 40 // more are left out
	mistakeGap     = 14.0
)

// DrawMistakes writes wrongly classified images in the order they are given, at most 40, as path.svg and path.png, 900
// wide: under each what it was taken for, how surely, what it is, and its name. It is an error if an image is missing, or if
// the files cannot be written.
func DrawMistakes(path string, m Mistakes) error {
	for i := range m.Items {
		if m.Items[i].Picture == nil || m.Items[i].Picture.Bounds().Empty() {
			return fmt.Errorf("mistakes: item %d has no image", i)
		}
	}
	return m.picture().Save(path)
}

func (m *Mistakes) picture() *canvas.Picture {
	items := m.Items[:min(len(m.Items), maxMistakes)]
	const width = 900.0
	cell := (width - 2*sideMargin - (mistakeColumns-1)*mistakeGap) / mistakeColumns
	tall := 0.25 // height of the boxes, as a part of their width
	for i := range items {
		tall = max(tall, min(1, aspect(items[i].Picture)))
	}
	box := cell * tall
	row := box + 62
	rows := (len(items) + mistakeColumns - 1) / mistakeColumns
	p := &canvas.Picture{Width: width, Height: canvas.HeadingHeight + float64(max(rows, 1))*row + 12}
	title := canvas.Clean(m.Title)
	if title == "" {
		title = "Mistakes"
	}
	all := max(m.Of, len(m.Items))
	what := fmt.Sprintf("%s mistakes", count(float64(all)))
	switch {
	case all == 0:
		what = "no mistakes"
	case all == 1:
		what = "1 mistake"
	case all > len(items):
		what += fmt.Sprintf(", the %d surest", len(items))
	}
	p.Heading(title+": "+what, "under each image: what it was taken for and how surely, what it is, and where it lies", sideMargin)
	classes := map[string]bool{}
	for i := range items {
		classes[canvas.Clean(items[i].Truth)], classes[canvas.Clean(items[i].Predicted)] = true, true
	}
	names := slices.Sorted(maps.Keys(classes))
	short := Distinct(names, func(name string) string { return canvas.Shorten(name, tickSize, true, cell-48) })
	shown := map[string]string{}
	for i, name := range names {
		shown[name] = short[i]
	}
	for i := range items {
		x := sideMargin + float64(i%mistakeColumns)*(cell+mistakeGap)
		y := canvas.HeadingHeight + float64(i/mistakeColumns)*row
		items[i].draw(p, x, y, cell, box, shown)
	}
	return p
}

// draw adds the image, as large as it fits into the box, and what is said of it.
func (m *Mistake) draw(p *canvas.Picture, x, y, width, height float64, shown map[string]string) {
	w, h := width, width*aspect(m.Picture)
	if h > height {
		w, h = height/aspect(m.Picture), height
	}
	predicted, truth := canvas.Clean(m.Predicted), "is "+canvas.Clean(m.Truth)
	if room := width - canvas.TextWidth(percent(m.Probability), tickSize, false) - 6; canvas.Shorten(predicted, tickSize, true, room) != predicted {
		predicted = shown[predicted]
	}
	if canvas.Shorten(truth, tickSize, false, width) != truth {
		truth = "is " + shown[canvas.Clean(m.Truth)]
	}
	tip := fmt.Sprintf("%s: %s, taken for %s (%s)", m.Name, m.Truth, m.Predicted, percent(m.Probability))
	p.Add(canvas.Bitmap{X: x + (width-w)/2, Y: y + height - h, W: w, H: h, Image: m.Picture, Tip: tip})
	share := percent(m.Probability)
	if math.IsNaN(m.Probability) {
		share = ""
	}
	room := width - canvas.TextWidth(share, tickSize, false) - 6
	p.BoldText(x, y+height+16, canvas.Shorten(predicted, tickSize, true, room), tickSize, canvas.Orange)
	p.Text(x+width, y+height+16, share, tickSize, canvas.Right, canvas.Soft)
	p.Text(x, y+height+31, canvas.Shorten(truth, tickSize, false, width), tickSize, canvas.Left, canvas.Ink)
	p.Text(x, y+height+45, canvas.Shorten(canvas.Clean(m.Name), 10, false, width), 10, canvas.Left, canvas.Soft)
}

// aspect is an image's height as a part of its width.
func aspect(m image.Image) float64 {
	return float64(m.Bounds().Dy()) / float64(m.Bounds().Dx())
}
