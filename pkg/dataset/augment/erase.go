package augment

import (
	"math"

	"dnn/pkg/spec"
)

func init() {
	Registry.Register("erase", "covers a random rectangle", &Erase{}).Also("random_erasing", "cutout")
}

// Erase covers a rectangle of the image at a random place. Its share of the area is drawn evenly from area, its height
// divided by its width from aspect, evenly by logarithm; one that does not fit is drawn anew, up to ten times, and then
// the image is left.
//
// Source: Zhong et al. 2020, "Random erasing data augmentation", algorithm 1.
type Erase struct {
	anyImage
	Area        []float64 `default:"[0.02, 0.4]" length:"[2,2]" range:"(0,1)" doc:"smallest and largest share of the area"`
	Aspect      []float64 `default:"[0.3, 3.3333]" length:"[2,2]" range:"(0,)" doc:"widest and tallest shape, height by width"`
	Fill        Paint     `default:"noise" doc:"what covers it: noise (evenly drawn values), mean (of the image's channels), zero (black) or a number from 0 to 255"`
	Probability float64   `default:"0.5" range:"[0,1]" doc:"share of the images in which something is covered"`
}

// Cases are examples of it.
func (*Erase) Cases() []string {
	return []string{
		"{type: erase, probability: 1}",
		"{type: erase, fill: mean, probability: 1}",
		"{type: erase, fill: 3}",
	}
}

// CheckSpec expects the smaller numbers first.
func (e *Erase) CheckSpec(path string, p *spec.Problems) {
	ascending("area", e.Area, path, p)
	ascending("aspect", e.Aspect, path, p)
}

// Apply covers a rectangle.
func (e *Erase) Apply(p *Image, r *Random) {
	if !r.happens(e.Probability) {
		return
	}
	for range 10 {
		area := r.between(e.Area[0], e.Area[1]) * float64(p.Height*p.Width)
		aspect := r.ratio(e.Aspect[0], e.Aspect[1])
		h, w := int(math.RoundToEven(math.Sqrt(area*aspect))), int(math.RoundToEven(math.Sqrt(area/aspect)))
		if h < 1 || w < 1 || h > p.Height || w > p.Width {
			continue
		}
		top := r.Below(p.Height - h + 1)
		left := r.Below(p.Width - w + 1)
		e.Fill.cover(p, top, left, h, w, r)
		return
	}
}

// Paint is what covers a rectangle of an image.
type Paint struct {
	Word  string  // "noise", "mean" or "" for Value
	Value float64 // 0 to 255
}

// UnmarshalSpec reads a word or a number.
func (c *Paint) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	*c = Paint{}
	if text, ok := n.Scalar(); ok && n.IsString() && (text == "noise" || text == "mean") {
		c.Word = text
		return
	}
	c.Value = ground(n, p, []string{"noise", "mean", "zero"})
}

// MarshalSpec writes what was read.
func (c Paint) MarshalSpec() any {
	if c.Word != "" {
		return c.Word
	}
	return Fill{Value: c.Value}.MarshalSpec()
}

// DescribeSpec says what the setting takes.
func (Paint) DescribeSpec() string { return "noise | mean | zero | number" }

// cover paints a rectangle.
func (c *Paint) cover(p *Image, top, left, h, w int, r *Random) {
	for k := range p.Channels {
		value := float32(c.Value)
		if c.Word == "mean" {
			sum := 0.0
			for i := k; i < len(p.Values); i += p.Channels {
				sum += float64(p.Values[i])
			}
			value = float32(sum / float64(p.Height*p.Width))
		}
		for y := top; y < top+h; y++ {
			row := p.row(p.Values, y)
			for x := left; x < left+w; x++ {
				if c.Word == "noise" {
					value = float32(r.Below(256))
				}
				row[x*p.Channels+k] = value
			}
		}
	}
}
