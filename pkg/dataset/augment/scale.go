package augment

import "dnn/pkg/spec"

func init() {
	Registry.Register("scale", "zooms in and out", &Scale{}).Also("zoom", "resize")
}

// Scale enlarges images about their centre by a factor drawn from the range, evenly by logarithm; below 1 they shrink.
// Values between pixels are found by straight lines (bilinear).
type Scale struct {
	anyImage
	Range       []float64 `default:"[0.8, 1.25]" length:"[2,2]" range:"[0.1,10]" doc:"smallest and largest factor; above 1 enlarges"`
	Fill        Fill      `default:"edge" doc:"how to fill the space around a smaller image: its edge repeated, its reflection, zero (black) or a number from 0 to 255"`
	Probability float64   `default:"1" range:"[0,1]" doc:"share of the images that are scaled"`
}

// Cases are examples of it.
func (*Scale) Cases() []string {
	return []string{"scale", "{type: scale, range: [0.1, 0.5], fill: reflect}", "{type: scale, range: [1, 10]}"}
}

// CheckSpec expects the smaller factor first.
func (s *Scale) CheckSpec(path string, p *spec.Problems) { ascending("range", s.Range, path, p) }

// Apply scales the image.
func (s *Scale) Apply(p *Image, r *Random) {
	if !r.happens(s.Probability) {
		return
	}
	step := 1 / r.ratio(s.Range[0], s.Range[1])
	p.warp(affine{xx: step, yy: step}.about(p), &s.Fill)
}
