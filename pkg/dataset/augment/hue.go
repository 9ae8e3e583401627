package augment

import (
	"math"

	"dnn/internal/exact"
)

func init() {
	Registry.Register("hue", "turns colours around the circle of hues", &Hue{})
}

// Hue turns the colours of an image about the axis of greys by an angle drawn evenly from -degrees to degrees: 120 makes
// red green, green blue and blue red. Grey stays as it is, and so does the mean of the three channels; what leaves 0…255 is
// clipped. It expects images of 3 channels.
//
// Source: Haeberli 1993, "Matrix operations for image processing".
type Hue struct {
	colour
	Degrees     float64 `default:"18" range:"(0,180]" doc:"the largest angle, to either side"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that are changed"`
}

// Cases are examples of it.
func (*Hue) Cases() []string {
	return []string{"hue", "{type: hue, degrees: 180}"}
}

// Apply changes the image. The rotation about (1,1,1) has three different entries, each three times.
func (h *Hue) Apply(p *Image, r *Random) {
	if !r.happens(h.Probability) {
		return
	}
	sin, cos := exact.SinCosDegrees(r.between(-h.Degrees, h.Degrees))
	third, part := (1-cos)/3, sin/math.Sqrt(3)
	own, next, last := float32(cos+third), float32(third-part), float32(third+part)
	for i := 0; i+2 < len(p.Values); i += 3 {
		v := p.Values[i : i+3]
		a, b, c := v[0], v[1], v[2]
		v[0] = clip(float32(own*a) + float32(next*b) + float32(last*c))
		v[1] = clip(float32(last*a) + float32(own*b) + float32(next*c))
		v[2] = clip(float32(next*a) + float32(last*b) + float32(own*c))
	}
}
