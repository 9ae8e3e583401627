package augment

import "dnn/internal/exact"

func init() {
	Registry.Register("rotate", "turns the image about its centre", &Rotate{}).Also("rotation", "turn")
}

// Rotate turns images about their centre by an angle drawn evenly from -degrees to degrees. Values between pixels are
// found by straight lines (bilinear).
type Rotate struct {
	anyImage
	Degrees     float64 `required:"true" range:"(0,180]" doc:"the largest angle, to either side"`
	Fill        Fill    `default:"edge" doc:"how to fill the corners: the edge repeated, the reflection, zero (black) or a number from 0 to 255"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that are turned"`
}

// Cases are examples of it.
func (*Rotate) Cases() []string {
	return []string{
		"{type: rotate, degrees: 10}",
		"{type: rotate, degrees: 180, fill: reflect}",
		"{type: rotate, degrees: 45, fill: 255}",
	}
}

// Apply turns the image.
func (t *Rotate) Apply(p *Image, r *Random) {
	if !r.happens(t.Probability) {
		return
	}
	sin, cos := exact.SinCosDegrees(r.between(-t.Degrees, t.Degrees))
	p.warp(affine{xx: cos, xy: sin, yx: -sin, yy: cos}.about(p), &t.Fill)
}
