package draft

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
)

const (
	lookedAt  = 200 // images whose size is looked at
	largest   = 96  // pixels of the longer side that are kept as they are
	scaledTo  = 64  // to which larger or uneven images are scaled
	lastStage = 7   // pixels of a side that are not halved any more
)

// splitFolders are the names that folders of official splits have.
var splitFolders = map[string][]string{
	"train": {"train", "training"}, "validation": {"validation", "valid", "val"}, "test": {"test", "testing"},
}

// images is what was seen of a set of images.
type images struct {
	rows                   int
	width, height, channel int
	scaled                 bool // they are brought to one size
}

// folder drafts a spec for a folder of images.
func (d *drafting) folder() error {
	folder := d.Data
	splits := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		for split, names := range splitFolders {
			if slices.Contains(names, strings.ToLower(e.Name())) {
				splits[split] = filepath.Join(folder, e.Name())
			}
		}
	}
	d.dataset.add("format: image_folder").note("the names of the folders are the classes")
	if splits["train"] == "" {
		splits = map[string]string{}
		d.dataset.add("path: %s", d.path(folder))
	} else {
		folder = splits["train"]
		d.Validation, d.Test = splits["validation"], splits["test"]
		for _, split := range format.Splits {
			if splits[split] != "" {
				d.dataset.add("%s: %s", split, d.path(splits[split]))
			}
		}
	}
	w, err := format.WalkClasses(folder, format.Images)
	if err != nil {
		return err
	}
	if err := w.Fault(folder); err != nil {
		return err
	}
	classes := w.Distinct()
	if len(classes) < 2 {
		return fmt.Errorf("%s: expected a folder of images for each of two classes or more, and found %s in folders of classes; to read a table, name its file", folder, phrase.Count(len(w.Files), "image"))
	}
	seen, err := d.lookAt(w.Files)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, c := range w.Classes {
		counts[c]++
	}
	least, most := len(w.Files), 0
	for _, n := range counts {
		least, most = min(least, n), max(most, n)
	}
	d.see("images   %s of %d classes, %s to %s each: %s", phrase.Thousands(seen.rows), len(classes), phrase.Thousands(least), phrase.Thousands(most), few(classes, 12))
	d.imageNet(seen, len(classes), float64(most)/float64(least))
	return nil
}

// lookAt finds the size of images from the headers of some of them.
func (d *drafting) lookAt(files []image.File) (*images, error) {
	s := &images{rows: len(files), channel: 1}
	step := max(1, len(files)/lookedAt)
	bad := 0
	for i := 0; i < len(files); i += step {
		data, err := image.ReadFile(files[i].Path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", files[i].Name, err)
		}
		info, err := image.Look(data)
		if err != nil {
			if bad++; bad == 1 {
				d.warn("%s cannot be read: %v; on_error: skip leaves such files out", files[i].Name, err)
			}
			continue
		}
		if s.width > 0 && (info.Width != s.width || info.Height != s.height) {
			s.scaled = true
		}
		s.width, s.height, s.channel = max(s.width, info.Width), max(s.height, info.Height), max(s.channel, info.Channels)
	}
	if s.width == 0 {
		return nil, fmt.Errorf("no image of %s can be read", d.Data)
	}
	size := fmt.Sprintf("%d × %d pixels", s.width, s.height)
	if s.scaled {
		size = "up to " + size
	}
	d.see("size     %s, %s", size, map[bool]string{true: "grey", false: "color"}[s.channel == 1])
	if s.scaled || max(s.width, s.height) > largest {
		s.scaled = true
		s.width, s.height = scaledTo, scaledTo
	}
	s.channel = map[bool]int{true: 1, false: 3}[s.channel == 1]
	size = fmt.Sprintf("image: {width: %d, height: %d, channels: %d}", s.width, s.height, s.channel)
	if s.scaled {
		d.dataset.add("%s", size).note("all are scaled to this; larger shows more and takes longer")
		d.dataset.add("fit: crop").note("keeps the proportions, cuts the longer side")
	} else {
		d.dataset.add("%s", size)
	}
	return s, nil
}

// imageNet writes split, augmentation and a net of convolutions.
func (d *drafting) imageNet(s *images, classes int, uneven float64) {
	shift := max(1, min(s.width, s.height)/12)
	augment := fmt.Sprintf("augment: [{type: shift, max: %d}, {type: rotate, degrees: 10}]", shift)
	comment := "images of the training split change a little in each epoch"
	if s.channel == 3 {
		augment = fmt.Sprintf("augment: [flip_horizontal, {type: shift, max: %d}]", shift)
		comment += "; without flip_horizontal if left and right matter"
	}
	d.dataset.add("%s", augment).note("%s", comment)
	rows := d.imageSplit(s.rows)
	d.about = fmt.Sprintf("Predicts one of %d classes from images.", classes)
	filters := 32
	side := min(s.width, s.height)
	for stage := 0; ; stage++ {
		for range 2 {
			d.layers.add("- {type: conv2d, filters: %d, kernel: 3, padding: same, bias: false}", filters)
			d.layers.add("- batch_norm")
			d.layers.add("- {type: activation, function: relu}")
		}
		if side <= lastStage || stage == 3 {
			break
		}
		d.layers.add("- {type: max_pool2d, size: 2}").note("half the size")
		side, filters = side/2, min(128, filters*2)
	}
	d.layers.add("- global_avg_pool2d").note("the mean over all places")
	d.layers.add("- {type: dropout, rate: 0.3}")
	d.layers.add("- {type: dense, units: classes}").note("one output for each class")
	d.rest.add("loss: {type: cross_entropy, label_smoothing: 0.1}")
	if uneven >= 5 {
		d.rest[len(d.rest)-1].note("classes are uneven; class_weights: balanced finds more of the rare ones")
	}
	d.rest.add("optimizer: {type: adamw, learning_rate: {type: one_cycle, max: 0.005}, weight_decay: 0.01}")
	d.rest.add("metrics: [accuracy, balanced_accuracy]")
	batch := 32
	if rows > 5000 {
		batch = 64
	}
	epochs := max(4, min(40, 20000/max(1, rows/s.pixels())))
	d.rest.add("train: {epochs: %d, batch_size: %d}", epochs, batch).note("the best weights on validation are kept")
}

// pixels is the number of images of 20 × 20 pixels that take as long as one.
func (s *images) pixels() int { return max(1, 400/(s.width*s.height)) }

// imageSplit writes how images are divided, and returns how many are for training.
func (d *drafting) imageSplit(rows int) int {
	validation, test := shares(rows)
	switch {
	case d.Validation != "" && d.Test != "":
		return rows
	case d.Validation == "" && d.Test == "":
		d.dataset.add("split: {train: %v, validation: %v, test: %v, stratify: true}", round(1-validation-test), validation, test).
			note("at random, each with the same shares of the classes")
		return int(float64(rows) * (1 - validation - test))
	case d.Validation == "":
		d.dataset.add("split: {validation: %v, stratify: true}", validation).note("taken from the training images")
		return int(float64(rows) * (1 - validation))
	}
	d.dataset.add("split: {test: %v, stratify: true}", test).note("taken from the training images")
	return int(float64(rows) * (1 - test))
}

func round(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }
