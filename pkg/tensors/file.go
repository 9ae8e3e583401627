// Package tensors reads and writes files of named tensors, as other programs keep the weights of nets: safetensors, PyTorch's .pt,
// Keras' .keras and .h5, NumPy's .npz. One file of this package for each format.
//
// A file may come from anyone: nothing in it is run, sizes are compared with what is there before memory is taken, and what is not
// understood is an error that names it.
package tensors

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"dnn/internal/machine"
	"dnn/internal/phrase"
	"dnn/internal/registry"
	"dnn/internal/regular"
)

// Tensor is a named array.
type Tensor struct {
	Name  string // with the names of what it is in: encoder.0.weight, layers/dense/vars/0
	Shape []int  // empty for a single number
	Data  []float32
	Whole bool // the file has whole numbers, such as counts
}

// File is what a file holds.
type File struct {
	Tensors []Tensor
	// Ordered says that tensors come in the order in which a program made them; else it is an order by names.
	Ordered bool
	// Layout is the program that wrote it, as package layout calls it; "" where the format does not say.
	Layout string
}

// Format is a way in which files hold tensors. Formats are chosen by the ending of the file's name.
type Format struct {
	Endings []string
	Read    func(f *os.File, size int64) (*File, error)
	Write   func(path string, list []Tensor) error // nil where none is written
}

// Formats holds them.
var Formats = registry.New[Format]("weights format")

// FormatOf finds the format of a file by its name.
func FormatOf(path string) (Format, bool) {
	for _, k := range Formats.Kinds() {
		for _, end := range k.Value.Endings {
			if strings.HasSuffix(strings.ToLower(path), end) {
				return k.Value, true
			}
		}
	}
	return Format{}, false
}

// Endings lists those of the formats that are read, or of those that are written.
func Endings(written bool) (list []string) {
	for _, k := range Formats.Kinds() {
		if k.Value.Write != nil || !written {
			list = append(list, k.Value.Endings...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// mostTensors is how many a file may have: far beyond any net.
const mostTensors = 20_000

// Read reads a file.
func Read(path string) (*File, error) {
	format, ok := FormatOf(path)
	if !ok {
		return nil, fmt.Errorf("%s: is of no format that weights are read from: %s", path, phrase.List(Endings(false)))
	}
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is not a regular file", path)
	}
	if have := int64(machine.Memory()); have > 0 && info.Size() > have/2 {
		return nil, fmt.Errorf("%s: has %.1f GB, and this machine has %.1f GB of memory", path, float64(info.Size())/1e9, float64(have)/1e9)
	}
	file, err := format.Read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	seen := map[string]bool{}
	for _, t := range file.Tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("%s: holds two tensors %s", path, phrase.Quote(t.Name))
		}
		seen[t.Name] = true
	}
	if len(seen) > mostTensors {
		return nil, fmt.Errorf("%s: holds more than %s tensors", path, phrase.Thousands(mostTensors))
	}
	if len(seen) == 0 {
		return nil, fmt.Errorf("%s: holds no tensors", path)
	}
	return file, nil
}

// Write writes tensors to a file. What was there is replaced when all is written.
func Write(path string, list []Tensor) error {
	format, ok := FormatOf(path)
	if !ok || format.Write == nil {
		return fmt.Errorf("%s: is of no format that weights are written in: %s", path, phrase.List(Endings(true)))
	}
	return format.Write(path, list)
}
