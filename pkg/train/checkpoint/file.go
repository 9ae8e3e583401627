package checkpoint

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The entries of the metadata that belong to this package, and the reserved name of the metadata itself.
const (
	Version = 1 // the newest format version that this package reads, and the one it writes

	versionKey  = "dnn.format"
	checksumKey = "dnn.sha256"
	metadataKey = "__metadata__"
)

// What can be wrong with a file that is there and can be read. Every such error names the file.
var (
	ErrDamaged  = errors.New("damaged")                // it was cut, or bytes of it changed
	ErrNotModel = errors.New("not a dnn model")        // another producer's file, or no safetensors file at all
	ErrNewer    = errors.New("of a newer format")      // written by a newer program
	errContent  = errors.New("cannot be a model file") // Write was given something that has no place in the format
)

// File is the content of a model file.
type File struct {
	Metadata map[string]string // what the caller keeps with the weights; UTF-8; keys starting with "dnn." are reserved
	Tensors  []Tensor          // Write takes any order; Read returns them sorted by name
}

// Tensor returns the tensor of that name, or nil. The file must have come from Read (its tensors are sorted by name).
func (f *File) Tensor(name string) *Tensor {
	i, found := slices.BinarySearchFunc(f.Tensors, name, func(t Tensor, name string) int {
		return strings.Compare(t.Name, name)
	})
	if !found {
		return nil
	}
	return &f.Tensors[i]
}

// check returns what keeps f from being written: all of it, joined.
func (f *File) check() error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%w: "+format, append([]any{errContent}, args...)...))
	}
	keys := make([]string, 0, len(f.Metadata))
	for key := range f.Metadata {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if strings.HasPrefix(key, "dnn.") {
			fail("metadata key %q is reserved", key)
		}
		if !utf8.ValidString(key) || !utf8.ValidString(f.Metadata[key]) {
			fail("metadata %q is not UTF-8", key)
		}
	}
	seen := make(map[string]bool, len(f.Tensors))
	for i := range f.Tensors {
		t := &f.Tensors[i]
		switch {
		case t.Name == metadataKey:
			fail("a tensor may not be named %q", t.Name)
		case !utf8.ValidString(t.Name):
			fail("tensor name %q is not UTF-8", t.Name)
		case seen[t.Name]:
			fail("two tensors are named %q", t.Name)
		}
		seen[t.Name] = true
		if want, err := t.bytes(); err != nil {
			fail("%w", err)
		} else if int64(len(t.Data)) != want {
			fail("tensor %q: shape %v of %s needs %d bytes, its data has %d", t.Name, t.Shape, t.DType, want, len(t.Data))
		}
	}
	return errors.Join(errs...)
}

// stored returns the tensors in the order in which their data lie in the file.
func (f *File) stored() []*Tensor {
	order := make([]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		order[i] = &f.Tensors[i]
	}
	slices.SortFunc(order, func(a, b *Tensor) int {
		if d := b.DType.Size() - a.DType.Size(); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return order
}
