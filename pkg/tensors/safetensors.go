package tensors

import (
	"errors"
	"fmt"
	"io"
	"os"

	"dnn/pkg/train/checkpoint"
)

func init() {
	Formats.Register("safetensors", "tensors as Hugging Face's safetensors keeps them", Format{
		Endings: []string{".safetensors"}, Read: readSafetensors, Write: writeSafetensors,
	})
}

// readSafetensors reads a file of another program. Its tensors come sorted by name: the format keeps no order.
func readSafetensors(f *os.File, _ int64) (*File, error) {
	a, err := checkpoint.NewArchive(f)
	if err != nil {
		return nil, err
	}
	if a.Ours() {
		return nil, errors.New("is a model of dnn itself: name it as train.init: {model: …}")
	}
	file := &File{}
	for _, t := range a.Tensors {
		n, ok := numbers[string(t.DType)]
		if !ok {
			return nil, fmt.Errorf("tensor %s holds %s, which is not read", t.Name, t.DType)
		}
		r := a.Reader(t.Name)
		b := make([]byte, r.Size())
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, err
		}
		file.Tensors = append(file.Tensors, Tensor{Name: t.Name, Shape: t.Shape, Data: n.floats(b), Whole: n.whole()})
	}
	return file, nil
}

func writeSafetensors(path string, list []Tensor) error {
	var all []checkpoint.Tensor
	for _, t := range list {
		if t.Whole {
			all = append(all, checkpoint.New(t.Name, t.Shape, wholeNumbers(t.Data)))
		} else {
			all = append(all, checkpoint.New(t.Name, t.Shape, t.Data))
		}
	}
	return checkpoint.WritePlain(path, all)
}

// wholeNumbers are the numbers of a tensor of counts.
func wholeNumbers(data []float32) []int64 {
	x := make([]int64, len(data))
	for i, v := range data {
		x[i] = int64(v)
	}
	return x
}
