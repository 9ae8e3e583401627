package dataset

import "math"

func init() {
	InputTypes.Register("image", "pictures, normalized, in a block of their own", &Image{})
}

// Image is an input of pictures: floats of shape [height, width, channels] in a block of its own. In memory a value stays
// one byte; it is normalized when a batch is filled, by one mean and deviation over all values of the training part.
type Image struct {
	Normalize string `default:"zscore" oneof:"zscore|minmax|none" doc:"zscore: mean 0 and variance 1 over the training part; minmax: 0 to 1 (a 255th of the byte); none: 0 to 255"`
}

func (m *Image) drops() bool      { return false }
func (m *Image) flat() bool       { return false }
func (m *Image) encoder() Encoder { return &ImageEncoder{} }

func (m *Image) fit(f *fitting, columns []*Column) Encoder {
	if len(columns) != 1 || columns[0].Pixels == nil {
		f.l.p.Add(f.path, "type: image reads one column of pictures, and column %q holds text", columns[0].Name)
		return nil
	}
	px := columns[0].Pixels
	e := &ImageEncoder{Shape: px.Shape, Scaling: Scaling{Scale: 1}}
	switch m.Normalize {
	case "minmax":
		e.Scaling.Scale = 255
	case "zscore":
		e.Scaling = px.zscore(f.rows)
	}
	e.prepare()
	return e
}

// size is the count of bytes of a picture.
func (px *Pixels) size() int { return volume(px.Shape) }

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// zscore is exact: it counts how often each of the 256 values occurs.
func (px *Pixels) zscore(rows []int32) Scaling {
	var counts [256]int
	size := px.size()
	for _, r := range rows {
		for _, b := range px.Bytes[int(r)*size : int(r+1)*size] {
			counts[b]++
		}
	}
	n, sum := 0, 0
	for v, c := range counts {
		n += c
		sum += v * c
	}
	if n == 0 {
		return Scaling{Scale: 1}
	}
	mean, squares := float64(sum)/float64(n), 0.0
	for v, c := range counts {
		d := float64(v) - mean
		squares = math.FMA(d*d, float64(c), squares)
	}
	scale := math.Sqrt(squares / float64(n))
	if scale == 0 {
		scale = 1
	}
	return Scaling{Shift: mean, Scale: scale}
}

// ImageEncoder is a fitted Image.
type ImageEncoder struct {
	Shape   []int   `json:"shape"`
	Scaling Scaling `json:"scaling"`

	values [256]float32
}

func (e *ImageEncoder) layout() layout { return layout{shape: e.Shape, own: true} }

func (e *ImageEncoder) prepare() {
	for b := range e.values {
		e.values[b], _ = e.Scaling.apply(float64(b))
	}
}

// fill writes the picture of a row.
func (e *ImageEncoder) fill(px *Pixels, row int32, floats []float32) {
	n := len(floats)
	for i, b := range px.Bytes[int(row)*n : int(row)*n+n] {
		floats[i] = e.values[b]
	}
}
