package draft

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/record"
)

// namesIDX reports whether a file is named as those of MNIST.
func namesIDX(file string) bool {
	base := strings.ToLower(filepath.Base(file))
	return strings.Contains(base, "idx1") || strings.Contains(base, "idx3") || strings.HasSuffix(record.Uncompressed(base), ".idx")
}

// arrays drafts a spec for images in the format of MNIST, whose labels have a file next to theirs.
func (d *drafting) arrays() error {
	shape, err := shapeOf(d.Data)
	if err != nil {
		return err
	}
	labels := labelsOf(d.Data)
	if len(shape) != 3 || labels == "" {
		return fmt.Errorf("%s: expected a file of grey images such as train-images-idx3-ubyte.gz, with its labels next to it (train-labels-idx1-ubyte.gz)", d.Data)
	}
	test := d.Test
	if base := filepath.Base(d.Data); test == "" && strings.Contains(base, "train") {
		for _, name := range []string{"t10k", "test"} {
			at := strings.Index(base, "train")
			rest := strings.TrimLeft(base[at+len("train"):], "0123456789k") // a part of the training images
			file := filepath.Join(filepath.Dir(d.Data), base[:at]+name+rest)
			if _, err := os.Stat(file); err == nil && labelsOf(file) != "" {
				test = file
				break
			}
		}
	}
	d.dataset.add("format: idx")
	key := "path"
	if test != "" {
		key = "train"
		d.see("official test split found next to %s: %s", d.Data, test)
	}
	d.dataset.add("%s: {images: %s, labels: %s}", key, d.path(d.Data), d.path(labels))
	if test != "" {
		d.dataset.add("test: {images: %s, labels: %s}", d.path(test), d.path(labelsOf(test)))
	}
	d.Test = test
	s := &images{rows: shape[0], height: shape[1], width: shape[2], channel: 1}
	d.see("images   %s, grey, %d × %d pixels", phrase.Thousands(s.rows), s.width, s.height)
	d.imageNet(s, 10, 1)
	d.about = "Predicts the labels of images."
	return nil
}

// labelsOf finds the labels of a file of images; "" if there are none.
func labelsOf(images string) string {
	dir, base := filepath.Split(images)
	file := dir + strings.NewReplacer("images", "labels", "idx3", "idx1").Replace(base)
	if _, err := os.Stat(file); err != nil || file == images {
		return ""
	}
	return file
}

// shapeOf reads the header of a file.
func shapeOf(file string) ([]int, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := record.Unpack(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	a, err := format.ReadIDXHeader(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return a.Shape, nil
}
