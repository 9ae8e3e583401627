package tensors

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

func init() {
	Formats.Register("keras", "a whole model of Keras 3", Format{Endings: []string{".keras"}, Read: readKeras})
}

// mostConfig is how many bytes the description of a model may have.
const mostConfig = 64 << 20

// readKeras reads the weights of a .keras file, an archive of model.weights.h5 and config.json, which says how the layers are
// called and in what order they come.
func readKeras(f *os.File, size int64) (*File, error) {
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fmt.Errorf("is no .keras file: %w", err)
	}
	var weights, config *zip.File
	for _, one := range archive.File {
		switch one.Name {
		case "model.weights.h5":
			weights = one
		case "config.json":
			config = one
		}
	}
	if weights == nil || config == nil {
		return nil, errors.New("is no .keras file: it lacks model.weights.h5 or config.json")
	}
	if weights.Method != zip.Store {
		return nil, errors.New("holds compressed weights, which Keras does not write")
	}
	at, err := weights.DataOffset()
	if err != nil {
		return nil, err
	}
	n := int64(weights.UncompressedSize64)
	if n < 0 || at > size || n > size-at {
		return nil, errors.New("is damaged: its weights end beyond it")
	}
	file, err := readHDF5(io.NewSectionReader(f, at, n), n)
	if err != nil {
		return nil, fmt.Errorf("model.weights.h5: %w", err)
	}
	r, err := config.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(io.LimitReader(r, mostConfig)); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	return file, nameLayers(file, text.Bytes())
}

// kerasModel is what a model's description says of its layers.
type kerasModel struct {
	Config struct {
		Layers []struct {
			Class  string `json:"class_name"`
			Config struct {
				Name string `json:"name"`
			} `json:"config"`
		} `json:"layers"`
	} `json:"config"`
}

// nameLayers gives tensors the names of their layers, and the order of these: layers/dense_1/vars/0 is of the second Dense.
func nameLayers(file *File, config []byte) error {
	var m kerasModel
	if err := json.Unmarshal(config, &m); err != nil {
		return fmt.Errorf("config.json: %w", err)
	}
	if len(m.Config.Layers) == 0 {
		return nil // a model of a class of its own
	}
	places, names, used := map[string]int{}, map[string]string{}, map[string]int{}
	for i, l := range m.Config.Layers {
		group := snake(l.Class)
		used[group]++
		if n := used[group]; n > 1 {
			group = fmt.Sprintf("%s_%d", group, n-1)
		}
		places[group], names[group] = i, l.Config.Name
	}
	groupOf := func(t *Tensor) (group, rest string) {
		group, rest, _ = strings.Cut(strings.TrimPrefix(t.Name, "layers/"), "/")
		return group, rest
	}
	for i := range file.Tensors {
		if group, _ := groupOf(&file.Tensors[i]); names[group] == "" {
			return nil // a model within the model, or layers of another order
		}
	}
	slices.SortStableFunc(file.Tensors, func(a, b Tensor) int {
		one, _ := groupOf(&a)
		other, _ := groupOf(&b)
		return places[one] - places[other]
	})
	for i := range file.Tensors {
		group, rest := groupOf(&file.Tensors[i])
		file.Tensors[i].Name = names[group] + "/" + rest
	}
	file.Ordered = true
	return nil
}

var (
	wordsOfClass = regexp.MustCompile(`([a-z])([A-Z])`)
	classAndRest = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	notWord      = regexp.MustCompile(`\W+`)
)

// snake is how Keras names a group of a class: BatchNormalization is batch_normalization, Conv2D conv2d.
func snake(class string) string {
	class = notWord.ReplaceAllString(class, "")
	class = classAndRest.ReplaceAllString(class, "${1}_$2")
	return strings.ToLower(wordsOfClass.ReplaceAllString(class, "${1}_$2"))
}
