package augment

import (
	"fmt"

	"dnn/pkg/spec"
)

func init() {
	Registry.Register("shift", "moves the image by some pixels in both directions", &Shift{}).
		Also("translate", "translation", "move")
}

// Shift moves images by whole pixels, drawn evenly from -max to max for each direction by itself, so no value is blurred.
// It is the same as padding by max and cropping at a random place.
//
// Source: He et al. 2016, section 4.2 (max 4 for images of 32×32).
type Shift struct {
	anyImage
	Max         float64 `required:"true" range:"(0,)" doc:"the largest shift: in pixels from 1 on (a whole number), below 1 a share of height and width"`
	Fill        Fill    `default:"edge" doc:"how to fill the space that it leaves: its edge repeated, its reflection, zero (black) or a number from 0 to 255"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that are moved"`
}

// Cases are examples of it.
func (*Shift) Cases() []string {
	return []string{
		"{type: shift, max: 2}",
		"{type: shift, max: 0.3, fill: reflect}",
		"{type: shift, max: 3, fill: 17, probability: 0.7}",
	}
}

// CheckSpec expects a share or whole pixels.
func (s *Shift) CheckSpec(path string, p *spec.Problems) {
	if s.Max > 1 && s.Max != float64(int(s.Max)) && !p.Under(path+".max") {
		p.Add(path+".max", "expected a share below 1 or a whole number of pixels, got %v", s.Max)
	}
}

// farthest is the largest shift of a side of so many pixels.
func (s *Shift) farthest(side int) int {
	if s.Max < 1 {
		return int(s.Max * float64(side))
	}
	return int(s.Max)
}

// Fits expects something of the image to stay, and some of it to move.
func (s *Shift) Fits(shape []int) error {
	if err := s.anyImage.Fits(shape); err != nil {
		return err
	}
	h, w := shape[0], shape[1]
	switch {
	case s.farthest(h) >= h || s.farthest(w) >= w:
		return fmt.Errorf("moves images of %d×%d pixels by up to %d, which leaves nothing of them", h, w, max(s.farthest(h), s.farthest(w)))
	case s.farthest(h) == 0 && s.farthest(w) == 0:
		return fmt.Errorf("moves images of %d×%d by less than one pixel (max: %v)", h, w, s.Max)
	}
	return nil
}

// Apply moves the image.
func (s *Shift) Apply(p *Image, r *Random) {
	if !r.happens(s.Probability) {
		return
	}
	x, y := s.farthest(p.Width), s.farthest(p.Height)
	dx := r.Below(2*x+1) - x
	dy := r.Below(2*y+1) - y
	p.move(dx, dy, &s.Fill)
}
