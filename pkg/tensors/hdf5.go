package tensors

import (
	"io"
	"os"
	"strings"

	"dnn/pkg/tensors/hdf5"
)

func init() {
	Formats.Register("hdf5", "Keras' .weights.h5 and .h5", Format{
		Endings: []string{".h5", ".hdf5"},
		Read:    func(f *os.File, size int64) (*File, error) { return readHDF5(f, size) },
	})
}

// readHDF5 reads weights as Keras keeps them: in .weights.h5 by class and number, layers/dense_1/vars/0, in the older .h5 by names,
// model_weights/dense_1/dense_1/kernel. Groups come sorted by name. What an optimizer keeps is left out.
func readHDF5(r io.ReaderAt, size int64) (*File, error) {
	f, err := hdf5.Open(r, size)
	if err != nil {
		return nil, err
	}
	file := &File{Layout: "keras"}
	for i := range f.Datasets {
		d := &f.Datasets[i]
		if strings.HasPrefix(d.Name, "optimizer_weights/") || strings.HasPrefix(d.Name, "optimizer/") {
			continue
		}
		b, err := f.Bytes(d)
		if err != nil {
			return nil, err
		}
		n := number{kind: d.Type.Kind, size: d.Type.Size, big: d.Type.Big}
		name := strings.TrimSuffix(strings.TrimPrefix(d.Name, "model_weights/"), ":0") // as TensorFlow called variables
		file.Tensors = append(file.Tensors, Tensor{Name: name, Shape: d.Shape, Data: n.floats(b), Whole: n.whole()})
	}
	return file, nil
}
