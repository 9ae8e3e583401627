package plot

import (
	"fmt"
	"image"
	"maps"
	"math"
	"slices"

	"dnn/internal/plot/canvas"
)

// Misclassified describes images that a model classified wrongly.
type Misclassified struct {
	Title string // "Images" if empty
	Of    int    // how many were misclassified; Items are the most confident of them. 0: Items are all
	Items []MisclassifiedImage
}

// MisclassifiedImage is one image with its label and its prediction.
type MisclassifiedImage struct {
	Image       image.Image
	Name        string // its file, or its place in a file
	Label       string
	Predicted   string
	Probability float64 // of the predicted class
}

const (
	misclassifiedColumns = 8
	maxMisclassified     = 40 // more are left out
	misclassifiedGap     = 14.0
)

// DrawMisclassified writes misclassified images in the given order, at most 40, as path.svg and path.png, 900 wide. Under
// each are its prediction with the probability, its label, and its name. It is an error if an image is missing, or if
// the files cannot be written.
func DrawMisclassified(path string, m Misclassified) error {
	for i := range m.Items {
		if m.Items[i].Image == nil || m.Items[i].Image.Bounds().Empty() {
			return fmt.Errorf("misclassified: item %d has no image", i)
		}
	}
	return m.drawing().Save(path)
}

func (m *Misclassified) drawing() *canvas.Drawing {
	items := m.Items[:min(len(m.Items), maxMisclassified)]
	const width = 900.0
	cell := (width - 2*sideMargin - (misclassifiedColumns-1)*misclassifiedGap) / misclassifiedColumns
	tall := 0.25 // height of the boxes, relative to their width
	for i := range items {
		tall = max(tall, min(1, aspect(items[i].Image)))
	}
	box := cell * tall
	row := box + 62
	rows := (len(items) + misclassifiedColumns - 1) / misclassifiedColumns
	p := &canvas.Drawing{Width: width, Height: canvas.HeadingHeight + float64(max(rows, 1))*row + 12}
	title := canvas.Clean(m.Title)
	if title == "" {
		title = "Images"
	}
	all := max(m.Of, len(m.Items))
	what := fmt.Sprintf("%s misclassified", count(float64(all)))
	switch {
	case all == 0:
		what = "none misclassified"
	case all == 1:
		what = "1 misclassified"
	case all > len(items):
		what += fmt.Sprintf(", the %d most confident", len(items))
	}
	p.Heading(title+": "+what, "under each image: prediction and probability, label, name", sideMargin)
	classes := map[string]bool{}
	for i := range items {
		classes[canvas.Clean(items[i].Label)], classes[canvas.Clean(items[i].Predicted)] = true, true
	}
	names := slices.Sorted(maps.Keys(classes))
	short := Distinct(names, func(name string) string { return canvas.Shorten(name, tickSize, true, cell-48) })
	shown := map[string]string{}
	for i, name := range names {
		shown[name] = short[i]
	}
	for i := range items {
		x := sideMargin + float64(i%misclassifiedColumns)*(cell+misclassifiedGap)
		y := canvas.HeadingHeight + float64(i/misclassifiedColumns)*row
		items[i].draw(p, x, y, cell, box, shown)
	}
	return p
}

// draw adds the image, as large as fits into the box, and the lines under it.
func (m *MisclassifiedImage) draw(p *canvas.Drawing, x, y, width, height float64, shown map[string]string) {
	w, h := width, width*aspect(m.Image)
	if h > height {
		w, h = height/aspect(m.Image), height
	}
	predicted, truth := canvas.Clean(m.Predicted), "label: "+canvas.Clean(m.Label)
	if room := width - canvas.TextWidth(percent(m.Probability), tickSize, false) - 6; canvas.Shorten(predicted, tickSize, true, room) != predicted {
		predicted = shown[predicted]
	}
	if canvas.Shorten(truth, tickSize, false, width) != truth {
		truth = "label: " + shown[canvas.Clean(m.Label)]
	}
	tip := fmt.Sprintf("%s: label %s, predicted %s (%s)", m.Name, m.Label, m.Predicted, percent(m.Probability))
	p.Add(canvas.Bitmap{X: x + (width-w)/2, Y: y + height - h, W: w, H: h, Image: m.Image, Tip: tip})
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

// aspect is an image's height divided by its width.
func aspect(m image.Image) float64 {
	return float64(m.Bounds().Dy()) / float64(m.Bounds().Dx())
}
