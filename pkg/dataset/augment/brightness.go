package augment

func init() {
	Registry.Register("brightness", "makes the image lighter or darker", &Brightness{})
}

// Brightness multiplies all values of an image by a factor drawn evenly from 1-max to 1+max, and clips at 255.
//
// Source: torchvision, ColorJitter.
type Brightness struct {
	anyImage
	Max         float64 `default:"0.2" range:"(0,1]" doc:"the largest change of the factor"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that are changed"`
}

// Cases are examples of it.
func (*Brightness) Cases() []string {
	return []string{"brightness", "{type: brightness, max: 1}"}
}

// Apply changes the image.
func (b *Brightness) Apply(p *Image, r *Random) {
	if !r.happens(b.Probability) {
		return
	}
	f := float32(r.between(1-b.Max, 1+b.Max))
	for i, v := range p.Values {
		p.Values[i] = clip(v * f)
	}
}
