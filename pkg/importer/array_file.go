package importer

import (
	"fmt"
	"strconv"

	"dnn/internal/regular"
	"dnn/pkg/dataset/npy"
)

// ReadArray reads an array of numbers of an .npz file.
func ReadArray(file, name string) (a Array, err error) {
	f, err := regular.Open(file)
	if err != nil {
		return a, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return a, err
	}
	read, err := npy.Read(f, info.Size(), name)
	if err != nil {
		return a, fmt.Errorf("%s: %s: %w", file, name, err)
	}
	if len(read.Fields) != 1 || read.Fields[0].Words() {
		return a, fmt.Errorf("%s: %s holds no numbers", file, name)
	}
	a.Shape = read.Shape
	for row := range read.Rows() {
		for k := range read.Width() {
			x, err := strconv.ParseFloat(read.Text(row, k, 0), 32)
			if err != nil {
				return a, fmt.Errorf("%s: %s: %w", file, name, err)
			}
			a.Data = append(a.Data, float32(x))
		}
	}
	return a, nil
}
