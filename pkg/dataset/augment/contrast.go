package augment

func init() {
	Registry.Register("contrast", "pulls values towards the image's mean, or apart", &Contrast{})
}

// Contrast moves values from or towards their mean m over the image, by a factor f drawn evenly from 1-max to 1+max:
//
//	y = m + f·(x - m), clipped to 0…255
//
// Source: torchvision, ColorJitter (there m is the mean of the grey image).
type Contrast struct {
	anyImage
	Max         float64 `default:"0.2" range:"(0,1]" doc:"the largest change of the factor"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that are changed"`
}

// Cases are examples of it.
func (*Contrast) Cases() []string {
	return []string{"contrast", "{type: contrast, max: 1}"}
}

// Apply changes the image.
func (c *Contrast) Apply(p *Image, r *Random) {
	if !r.happens(c.Probability) {
		return
	}
	sum := 0.0
	for _, v := range p.Values {
		sum += float64(v)
	}
	m, f := float32(sum/float64(len(p.Values))), float32(r.between(1-c.Max, 1+c.Max))
	for i, v := range p.Values {
		p.Values[i] = clip(m + float32(f*(v-m)))
	}
}
