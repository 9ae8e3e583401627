package format

import (
	"bytes"
	"dnn/internal/machine"
	"dnn/internal/phrase"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

func init() {
	Formats.Register("idx", "images and labels in the format of MNIST", &IDX{})
}

// IDX reads the format of MNIST: an array of unsigned bytes for the images and one of whole numbers for the labels,
// each after a header with its shape, compressed or not. The columns are "image", of shape [height, width, 1] for an array
// of rank 3 and of the array's own shape otherwise, and "label", the target unless the spec names another: a category
// whose class names are the numbers.
type IDX struct {
	Path       *IDXPair `json:"-" doc:"the images and labels, to be divided into splits"`
	Train      *IDXPair `json:"-" doc:"the official training split"`
	Validation *IDXPair `json:"-" doc:"the official validation split"`
	Test       *IDXPair `json:"-" doc:"the official test split"`
}

// IDXPair names the two files of a split.
type IDXPair struct {
	Images string `required:"true" doc:"the file of images, compressed with gzip or zstd or not"`
	Labels string `required:"true" doc:"the file of labels, one for each image"`
}

// CheckSpec requires either one set or a training split.
func (x *IDX) CheckSpec(path string, p *spec.Problems) {
	one := func(pair *IDXPair) []string {
		if pair == nil {
			return nil
		}
		return []string{pair.Images}
	}
	f := Files{one(x.Path), one(x.Train), one(x.Validation), one(x.Test)}
	f.CheckSpec(path, p)
}

func (x *IDX) Extensions() []string { return []string{"idx"} }

// Arrays marks images as arrays.
func (x *IDX) Arrays() {}

func (x *IDX) Given() []string {
	if x.Path != nil {
		return []string{""}
	}
	var splits []string
	for i, pair := range []*IDXPair{x.Train, x.Validation, x.Test} {
		if pair != nil {
			splits = append(splits, Splits[i])
		}
	}
	return splits
}

func (x *IDX) Read(src Source, split string) *table.Table {
	pairs := map[string]*IDXPair{"": x.Path, "train": x.Train, "validation": x.Validation, "test": x.Test}
	t := &table.Table{Key: split, Header: []string{"image", "label"}}
	if split == "" {
		t.Key = "path"
	}
	pair := pairs[split]
	if pair.Images == "" || pair.Labels == "" { // the mistake was reported
		return nil
	}
	t.Offers = []table.Offer{{Column: "label", Type: "category"}}
	images, ok1 := readIDX(src, t.Key+".images", pair.Images)
	labels, ok2 := readIDX(src, t.Key+".labels", pair.Labels)
	if !ok1 || !ok2 {
		return nil
	}
	at := Section + "." + t.Key
	if images.Kind != 0x08 || len(images.Shape) < 2 {
		src.Problems().Add(at+".images", "%s holds %s of rank %d, not images of unsigned bytes", pair.Images, IDXKinds[images.Kind].Name, len(images.Shape))
		return nil
	}
	if slices.Contains(images.Shape[1:], 0) {
		src.Problems().Add(at+".images", "%s holds images without pixels: its shape is %v", pair.Images, images.Shape)
		return nil
	}
	if len(labels.Shape) != 1 || IDXKinds[labels.Kind].float {
		src.Problems().Add(at+".labels", "%s holds %s of rank %d, not a list of whole numbers", pair.Labels, IDXKinds[labels.Kind].Name, len(labels.Shape))
		return nil
	}
	if images.Shape[0] != labels.Shape[0] {
		src.Problems().Add(at, "%s images, but %s labels", phrase.Thousands(images.Shape[0]), phrase.Thousands(labels.Shape[0]))
		return nil
	}
	t.Rows = images.Shape[0]
	t.Files = []table.FileSpan{{Name: pair.Images}}
	label := &table.Column{Name: "label"}
	for i := range t.Rows {
		label.Add(strconv.Itoa(labels.whole(i)))
	}
	label.Seal()
	t.Columns = []*table.Column{{Name: "image", Content: &image.Pixels{Shape: ImageShape(images.Shape), Bytes: images.bytes}}, label}
	return t
}

// ImageShape is the shape of one image of an array: a grey one gets its one channel.
func ImageShape(array []int) []int {
	if len(array) == 3 {
		return []int{array[1], array[2], 1}
	}
	return append([]int{}, array[1:]...)
}

// idxArray is the content of an IDX file.
type idxArray struct {
	Kind  byte
	Shape []int
	bytes []byte
}

var IDXKinds = map[byte]struct {
	Name  string
	size  int
	float bool
}{
	0x08: {"unsigned bytes", 1, false}, 0x09: {"signed bytes", 1, false}, 0x0b: {"16-bit numbers", 2, false},
	0x0c: {"32-bit numbers", 4, false}, 0x0d: {"float32", 4, true}, 0x0e: {"float64", 8, true},
}

func readIDX(src Source, key, name string) (a *idxArray, ok bool) {
	r, done, ok := open(src, key, src.Path(name))
	if !ok {
		return nil, false
	}
	defer done()
	a, err := decodeIDX(r)
	if err != nil {
		src.Problems().Add(Section+"."+key, "%s: %v", name, err)
		return nil, false
	}
	return a, true
}

// ReadIDXHeader reads the header: two zeros, the type of the numbers, the rank, and each dimension in four bytes.
func ReadIDXHeader(r io.Reader) (*idxArray, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, errors.New("too short for an IDX file")
	}
	a := &idxArray{Kind: head[2]}
	if _, known := IDXKinds[a.Kind]; !known || head[0] != 0 || head[1] != 0 || head[3] == 0 {
		return nil, fmt.Errorf("not an IDX file: it begins with %x", head)
	}
	dims := make([]byte, 4*int(head[3]))
	if _, err := io.ReadFull(r, dims); err != nil {
		return nil, errors.New("the file ends within its header")
	}
	size := 1
	for i := range int(head[3]) {
		d := int(binary.BigEndian.Uint32(dims[4*i:]))
		if d > 0 && size > (1<<40)/d {
			return nil, errors.New("its header announces more than a terabyte; the file is damaged")
		}
		size *= d
		a.Shape = append(a.Shape, d)
	}
	return a, nil
}

func decodeIDX(r io.Reader) (*idxArray, error) {
	a, err := ReadIDXHeader(r)
	if err != nil {
		return nil, err
	}
	size := image.Volume(a.Shape) * IDXKinds[a.Kind].size
	if have := machine.Memory(); have > 0 && size > have/2 {
		return nil, fmt.Errorf("its header announces %.1f GB, and this machine has %.1f GB of memory", float64(size)/1e9, float64(have)/1e9)
	}
	var b bytes.Buffer
	b.Grow(min(size, 256<<20)) // a damaged header may announce more than there is
	n, err := io.Copy(&b, io.LimitReader(r, int64(size)))
	if err != nil {
		return nil, err
	}
	if int(n) < size {
		return nil, fmt.Errorf("the file ends after %s of %s bytes", phrase.Thousands(int(n)), phrase.Thousands(size))
	}
	if extra, _ := r.Read(make([]byte, 1)); extra > 0 {
		return nil, errors.New("the file has more bytes than its header announces")
	}
	a.bytes = b.Bytes()
	return a, nil
}

// whole returns number i of an array of whole numbers.
func (a *idxArray) whole(i int) int {
	switch a.Kind {
	case 0x08:
		return int(a.bytes[i])
	case 0x09:
		return int(int8(a.bytes[i]))
	case 0x0b:
		return int(int16(binary.BigEndian.Uint16(a.bytes[2*i:])))
	}
	return int(int32(binary.BigEndian.Uint32(a.bytes[4*i:])))
}

func (x *IDX) EachFile(each func(path *string)) {
	for _, pair := range []*IDXPair{x.Path, x.Train, x.Validation, x.Test} {
		if pair != nil {
			each(&pair.Images)
			each(&pair.Labels)
		}
	}
}
