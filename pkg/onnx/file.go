package onnx

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"dnn/internal/newfile"
	"dnn/internal/phrase"
	"dnn/internal/regular"
)

// Read reads the model of a file.
func Read(path string) (*Model, error) {
	data, err := readAll(regular.Open(path))
	if err != nil {
		return nil, err
	}
	from := &folder{dir: filepath.Dir(path), files: map[string][]byte{}}
	m, err := decode(data, from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Write writes the model to a file, which no program can read beyond two gigabytes.
func Write(path string, m *Model) error {
	data := Encode(m)
	if len(data) > math.MaxInt32 {
		return fmt.Errorf("%s: the model takes %s bytes; an ONNX file holds %s", path, phrase.Thousands(len(data)), phrase.Thousands(math.MaxInt32))
	}
	return newfile.Write(path, data)
}

func readAll(file *os.File, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	_, err = io.ReadFull(file, data)
	return data, err
}

// folder is that of a model: its external data lie there. Each file is read once; tensors are parts of it.
type folder struct {
	dir   string
	files map[string][]byte
}

// read is the part of a file that the entries of a tensor describe.
func (f *folder) read(entries []Property) ([]byte, error) {
	if f == nil {
		return nil, errors.New("lies in another file, which can only be read along with the model's file")
	}
	var location string
	offset, length := 0, -1
	for _, e := range entries {
		var err error
		switch e.Key {
		case "location":
			location = e.Value
		case "offset":
			offset, err = strconv.Atoi(e.Value)
		case "length":
			length, err = strconv.Atoi(e.Value)
		}
		if err != nil {
			return nil, fmt.Errorf("its external data have %s %s", e.Key, phrase.Quote(e.Value))
		}
	}
	data, err := f.file(location)
	if err != nil {
		return nil, fmt.Errorf("external data: %w", err)
	}
	if length < 0 && offset >= 0 {
		length = len(data) - offset
	}
	if offset < 0 || length < 0 || offset > len(data) || length > len(data)-offset {
		return nil, fmt.Errorf("external data: %s ends before offset %d, length %d", location, offset, length)
	}
	return data[offset : offset+length], nil
}

// file reads a file in the folder or below it. What leads out, be it by "..", from the root or by a link, is refused.
func (f *folder) file(location string) ([]byte, error) {
	if !filepath.IsLocal(location) {
		return nil, fmt.Errorf("%s is not within the folder of the model", phrase.Quote(location))
	}
	location = filepath.Clean(location)
	if data, ok := f.files[location]; ok {
		return data, nil
	}
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	data, err := readAll(regular.OpenIn(root, location))
	if err == nil {
		f.files[location] = data
	}
	return data, err
}
