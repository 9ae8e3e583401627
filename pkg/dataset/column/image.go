package column

import (
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
	"math"
	"slices"
	"strconv"
	"strings"
)

func init() {
	Types.Register("image", "images, normalized, in a block of their own", &Image{})
}

// Image is an input of images: floats of shape [height, width, channels] in a separate block. In memory a value stays
// one byte; it is normalized when a batch is filled, by the statistics of the training split.
//
// The column holds images where the format reads them (idx, image_folder). In any other it holds the paths of image
// files (PNG, JPEG, GIF, BMP, TIFF, WebP), relative to the folder of the file that contains the row, or to root.
type Image struct {
	Normalize        string `default:"channel" oneof:"channel|zscore|minmax|none" doc:"channel: mean 0 and variance 1 over the training split, per channel; zscore: all channels together; minmax: 0 to 1 (the byte divided by 255); none: 0 to 255"`
	Root             string `doc:"folder that the paths in the column are relative to (default: that of the file with the rows)"`
	image.Dimensions `spec:",inline"`
	image.Files      `spec:",inline"`
}

// CheckSpec requires width and height together.
func (m *Image) CheckSpec(path string, p *spec.Problems) { m.Dimensions.Check(path, p) }

// Skips reports whether images that cannot be read are left out.
func (m *Image) Skips() bool { return m.OnError == "skip" }

func (m *Image) Drops() bool      { return false }
func (m *Image) Flat() bool       { return false }
func (m *Image) Encoder() Encoder { return &ImageEncoder{} }

// reads reports whether a setting says how files are read, which only paths need.
func (m *Image) reads() bool {
	return m.Root != "" || m.Dimensions != image.Dimensions{} || m.Files != spec.New[Type]("image").(*Image).Files
}

func (m *Image) EachFile(each func(path *string)) {
	if m.Root != "" {
		each(&m.Root)
	}
	m.Files.EachFile(each)
}

func (m *Image) Fit(f *Fitting, columns []*table.Column) Encoder {
	if len(columns) != 1 {
		f.Problem("", "type: image reads one column")
		return nil
	}
	px := image.Of(columns[0])
	if px == nil || px.Bad { // the mistake was reported
		return nil
	}
	e := &ImageEncoder{Shape: px.Shape, Scaling: Scaling{Scale: 1}, Fit: px.Fit}
	if px.Set != nil {
		e.Depth = px.Set.Depth()
	}
	if m.Normalize == "minmax" {
		e.Scaling.Scale = 255
	}
	if m.Normalize == "zscore" || m.Normalize == "channel" {
		counts, err := px.Counts(f.Rows)
		if err != nil {
			f.Problem("", "%v", err)
			return nil
		}
		if m.Normalize == "channel" && len(counts) > 1 {
			for c := range counts {
				e.Channels = append(e.Channels, bytesZscore(counts[c:c+1]))
			}
		} else {
			e.Scaling = bytesZscore(counts)
		}
		warnAlike(f, columns[0].Name, counts)
	}
	if g, ok := givenWhole(f, NamesOf(columns), func(g *ImageEncoder) bool { return g.Shape[len(g.Shape)-1] == e.Shape[len(e.Shape)-1] }); ok {
		e.Scaling, e.Channels = g.Scaling, g.Channels
	}
	e.Prepare()
	return e
}

// warnAlike warns of images that are of one colour in the whole training split.
func warnAlike(f *Fitting, name string, channels [][256]int) {
	var only []string
	for _, counts := range channels {
		value := slices.IndexFunc(counts[:], func(n int) bool { return n > 0 })
		if value < 0 || slices.ContainsFunc(counts[value+1:], func(n int) bool { return n > 0 }) {
			return
		}
		only = append(only, strconv.Itoa(value))
	}
	f.Warn("%s: every pixel of the training split has the same value (%s), so the images are useless", name, strings.Join(only, ", "))
}

// ImageEncoder is a fitted Image.
type ImageEncoder struct {
	Shape    []int     `json:"shape"`
	Scaling  Scaling   `json:"scaling"`
	Channels []Scaling `json:"channels,omitempty"` // per channel, instead of Scaling
	Fit      string    `json:"fit,omitempty"`      // how images with another aspect ratio are scaled
	Depth    int       `json:"depth,omitempty"`    // how many bits of 16-bit images are used; 0: all

	values []float32 // of each channel's bytes, 256 for each
}

func (e *ImageEncoder) Layout() layout { return layout{Shape: e.Shape, Own: true} }

func (e *ImageEncoder) Prepare() {
	e.values = make([]float32, 256*max(1, len(e.Channels)))
	for i := range e.values {
		e.values[i], _ = e.scaling(i / 256).Apply(float64(i % 256))
	}
}

// scaling returns the scaling of value i. Channels alternate: value i belongs to channel i modulo their number.
func (e *ImageEncoder) scaling(i int) *Scaling {
	if n := len(e.Channels); n > 0 {
		return &e.Channels[i%n]
	}
	return &e.Scaling
}

// Fill writes an image, normalized.
func (e *ImageEncoder) Fill(pix []byte, floats []float32) {
	pix = pix[:len(floats)]
	if len(e.Channels) == 3 {
		red, green, blue := e.values[:256], e.values[256:512], e.values[512:768]
		for i := 0; i+2 < len(floats); i += 3 {
			floats[i], floats[i+1], floats[i+2] = red[pix[i]], green[pix[i+1]], blue[pix[i+2]]
		}
		return
	}
	if n := len(e.Channels); n > 1 {
		for i, b := range pix {
			floats[i] = e.values[i%n*256+int(b)]
		}
		return
	}
	values := e.values[:256]
	for i, b := range pix {
		floats[i] = values[b]
	}
}

// Normalize is Fill for values that are no longer bytes.
func (e *ImageEncoder) Normalize(dst, src []float32) {
	src = src[:len(dst)]
	step := max(1, len(e.Channels))
	for c := range step {
		s := *e.scaling(c)
		for i := c; i < len(dst); i += step {
			dst[i] = float32((float64(src[i]) - s.Shift) / s.Scale)
		}
	}
}

// Decoding says how files become images of the encoder's shape.
func (e *ImageEncoder) Decoding() image.Settings {
	if len(e.Shape) != 3 { // an array, which no file holds
		return image.Settings{}
	}
	return image.Settings{Height: e.Shape[0], Width: e.Shape[1], Channels: e.Shape[2], Fit: e.Fit, Depth: e.Depth}
}

// Byte is the byte that value k of an image came from.
func (e *ImageEncoder) Byte(k int, v float32) byte {
	x := e.scaling(k).Undo(float64(v))
	return byte(min(max(x+0.5, 0), 255))
}

// bytesZscore is the scaling of bytes to mean 0 and variance 1, from how often each value occurs in each channel. The
// counts are exact, so their order does not matter.
func bytesZscore(channels [][256]int) Scaling {
	var counts [256]int
	n, sum := 0, 0
	for _, own := range channels {
		for v, c := range own {
			counts[v] += c
			n += c
			sum += v * c
		}
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

// ImageShape is the shape of an image.
func (e *ImageEncoder) ImageShape() []int { return e.Shape }

// Raw is an encoder of the same shape that leaves values from 0 to 255.
func (e *ImageEncoder) Raw() ImageEncoding {
	raw := &ImageEncoder{Shape: e.Shape, Scaling: Scaling{Scale: 1}}
	raw.Prepare()
	return raw
}
