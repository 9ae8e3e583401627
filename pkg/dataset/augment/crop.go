package augment

import (
	"fmt"
	"math"

	"dnn/pkg/spec"
)

func init() {
	Registry.Register("crop", "a random part of the image, enlarged to its size; with padding, of a padded one", &Crop{}).
		Also("random_crop", "random_resized_crop", "resized_crop")
}

// Crop cuts a rectangle out of the image, at a random place, and scales it to the image's own size (bilinear). The
// rectangle's share of the area is drawn evenly from area, its width divided by its height (relative to the image's)
// from aspect, evenly by logarithm; a rectangle that would reach beyond the image is drawn anew, up to ten times, and then cut off.
//
// With padding the image is first surrounded by that many pixels; unless area is given the rectangle then has the
// image's size and is not stretched.
//
// Source: Szegedy et al. 2015, section 6 (area 0.08 to 1, for large images and long trainings); padding: He et al. 2016,
// section 4.2.
type Crop struct {
	anyImage
	Area        []float64 `length:"[2,2]" range:"(0,1]" doc:"smallest and largest share of the area (default: [0.5, 1]; with padding [1, 1])"`
	Aspect      []float64 `length:"[2,2]" range:"(0,)" doc:"narrowest and widest shape, width by height (default: [0.75, 1.3333]; with padding and no area [1, 1])"`
	Padding     int       `default:"0" range:"[0,)" doc:"pixels added around the image first"`
	Fill        Fill      `default:"edge" doc:"what the padding shows: the edge repeated, the reflection, zero (black) or a number from 0 to 255"`
	Probability float64   `default:"1" range:"[0,1]" doc:"share of the images that are cropped"`
}

// Cases are examples of it.
func (*Crop) Cases() []string {
	return []string{
		"crop",
		"{type: crop, padding: 2}",
		"{type: crop, padding: 1, area: [0.1, 1], aspect: [0.2, 5], fill: zero}",
	}
}

// CheckSpec settles what depends on the padding, so that the resolved spec shows it.
func (c *Crop) CheckSpec(path string, p *spec.Problems) {
	ascending("area", c.Area, path, p)
	ascending("aspect", c.Aspect, path, p)
	plain := c.Padding > 0 && len(c.Area) == 0
	if len(c.Area) == 0 {
		c.Area = []float64{0.5, 1}
		if plain {
			c.Area = []float64{1, 1}
		}
	}
	if len(c.Aspect) == 0 {
		c.Aspect = []float64{0.75, 1.3333}
		if plain {
			c.Aspect = []float64{1, 1}
		}
	}
}

// ascending checks that the first number of a pair is no larger than the second.
func ascending(key string, pair []float64, path string, p *spec.Problems) {
	if len(pair) == 2 && pair[0] > pair[1] {
		p.Add(path+"."+key, "expected the smaller number first, got [%v, %v]", pair[0], pair[1])
	}
}

// Fits expects a padding that leaves something of the image in every crop.
func (c *Crop) Fits(shape []int) error {
	if err := c.anyImage.Fits(shape); err != nil {
		return err
	}
	if c.Padding >= min(shape[0], shape[1]) {
		return fmt.Errorf("with a padding of %d pixels may miss images of %d×%d", c.Padding, shape[0], shape[1])
	}
	return nil
}

// Apply crops the image.
func (c *Crop) Apply(p *Image, r *Random) {
	if !r.happens(c.Probability) {
		return
	}
	w, h := c.size(r)
	if pad := c.Padding; w == 1 && h == 1 { // nothing is stretched
		dx := pad - r.Below(2*pad+1)
		dy := pad - r.Below(2*pad+1)
		p.move(dx, dy, &c.Fill)
		return
	}
	pad := float64(c.Padding)
	width, height := float64(w*float64(p.Width)), float64(h*float64(p.Height))
	left := r.between(-pad, float64(p.Width)+pad-width)
	top := r.between(-pad, float64(p.Height)+pad-height)
	// The centre of the new pixel j lies at left + (j+½)·w, that of the old pixel x at x+½.
	p.warp(affine{xx: w, x0: math.FMA(0.5, w, left) - 0.5, yy: h, y0: math.FMA(0.5, h, top) - 0.5}, &c.Fill)
}

// size draws the sides of the rectangle as shares of the image's.
func (c *Crop) size(r *Random) (w, h float64) {
	for range 10 {
		area, aspect := r.between(c.Area[0], c.Area[1]), r.ratio(c.Aspect[0], c.Aspect[1])
		w, h = math.Sqrt(area*aspect), math.Sqrt(area/aspect)
		if w <= 1 && h <= 1 {
			break
		}
	}
	return min(w, 1), min(h, 1)
}
