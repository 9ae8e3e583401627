package augment

// Image is an image that augmentations work on, with the buffers they need: one for each worker. Values are 0 to 255,
// whatever the net's scale is.
type Image struct {
	Height, Width, Channels int
	Values                  []float32 // [height, width, channels]

	spare []float32 // of the same length; what is moved is written here, and both change places
}

// NewImage allocates buffers for images of a shape [height, width, channels].
func NewImage(shape []int) *Image {
	n := shape[0] * shape[1] * shape[2]
	return &Image{Height: shape[0], Width: shape[1], Channels: shape[2], Values: make([]float32, n), spare: make([]float32, n)}
}

// swap makes what was written to spare the image.
func (p *Image) swap() { p.Values, p.spare = p.spare, p.Values }

// row returns a row of pixels.
func (p *Image) row(values []float32, y int) []float32 {
	n := p.Width * p.Channels
	return values[y*n : (y+1)*n]
}

// clip brings a value back into the range of pixels.
func clip(x float32) float32 { return min(max(x, 0), 255) }
