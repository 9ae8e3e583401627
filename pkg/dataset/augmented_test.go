package dataset_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/random"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/augment"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
)

// imageFiles are 12 images of 6×5 pixels in so many channels, of 3 classes in turn.
func imageFiles(channels int) map[string]string {
	r := random.New(1, 2)
	pixels, labels := make([]byte, 12*6*5*channels), make([]byte, 12)
	for i := range pixels {
		pixels[i] = byte(r.Below(256))
	}
	for i := range labels {
		labels[i] = byte(i % 3)
	}
	shape := []int{12, 6, 5, channels}
	if channels == 1 {
		shape = shape[:3]
	}
	return map[string]string{"i": datasettest.IdxText(8, string(pixels), shape...), "l": datasettest.IdxText(8, string(labels), 12)}
}

const imageSection = "{format: idx, train: {images: i, labels: l}, augment: [%s]}"

// filled returns a batch of training.
func filled(t *testing.T, d *dataset.Data, rows []int, seed, epoch uint64) *dataset.Batch {
	t.Helper()
	b := d.Schema.NewBatch(len(rows))
	if err := d.Train.FillTraining(b, rows, seed, epoch); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAugmentedRows(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, imageFiles(3)), fmt.Sprintf(imageSection, "flip_horizontal, {type: shift, max: 2}, {type: rotate, degrees: 30}, noise"))
	all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	plain := d.Schema.NewBatch(12)
	if err := d.Train.Fill(plain, all); err != nil {
		t.Fatal(err)
	}
	b := filled(t, d, all, 7, 1)
	size := d.Schema.Blocks[0].Size()
	for i, row := range []int{3, 11, 0} {
		one := filled(t, d, []int{5, row}[i%2:], 7, 1)
		if !slices.Equal(one.Floats[0][len(one.Floats[0])-size:], b.Floats[0][row*size:(row+1)*size]) {
			t.Errorf("row %d comes out otherwise in another batch", row)
		}
	}
	for what, other := range map[string]*dataset.Batch{"its images as they are": plain, "another epoch": filled(t, d, all, 7, 2), "another seed": filled(t, d, all, 8, 1)} {
		for row := range 12 {
			if slices.Equal(other.Floats[0][row*size:(row+1)*size], b.Floats[0][row*size:(row+1)*size]) {
				t.Errorf("row %d is the same as with %s", row, what)
			}
		}
	}
	if !slices.Equal(b.Heads[0].Ints, plain.Heads[0].Ints) || b.Share != nil {
		t.Error("the classes changed, or rows seem to be mixed")
	}
}

// TestNothingChangesNothing: what passes the augmentations as it was has the bits of a split that is scored.
func TestNothingChangesNothing(t *testing.T) {
	for _, normalize := range []string{"zscore", "minmax", "none"} {
		d := datasettest.MustLoad(t, datasettest.Write(t, imageFiles(1)), fmt.Sprintf(imageSection, "{type: flip_vertical, probability: 0}"))
		d.Schema.Inputs[0].Encoder.(*column.ImageEncoder).Scaling = map[string]column.Scaling{"zscore": {Shift: 127.3, Scale: 71.9}, "minmax": {Scale: 255}, "none": {Scale: 1}}[normalize]
		d.Schema.Inputs[0].Encoder.(*column.ImageEncoder).Prepare()
		plain := d.Schema.NewBatch(12)
		rows := []int{4, 2, 9}
		if err := d.Train.Fill(plain, rows); err != nil {
			t.Fatal(err)
		}
		if b := filled(t, d, rows, 1, 1); !slices.Equal(b.Floats[0], plain.Floats[0][:len(b.Floats[0])]) {
			t.Errorf("%s: other bits", normalize)
		}
	}
}

func TestMixedRows(t *testing.T) {
	for _, mixing := range []string{"mixup", "cutmix", "{type: mixup, alpha: 1}, {type: cutmix, probability: 0.5}"} {
		d := datasettest.MustLoad(t, datasettest.Write(t, imageFiles(1)), fmt.Sprintf(imageSection, "{type: flip_vertical, probability: 0}, "+mixing))
		rows := []int{4, 2, 9, 0, 7, 11, 3}
		plain := d.Schema.NewBatch(len(rows))
		if err := d.Train.Fill(plain, rows); err != nil {
			t.Fatal(err)
		}
		b := filled(t, d, rows, 1, 5)
		partners := make([]int, len(rows))
		d.Train.Pair(partners, rows, 1, 5)
		if sorted := slices.Sorted(slices.Values(partners)); !slices.Equal(sorted, []int{0, 1, 2, 3, 4, 5, 6}) || slices.IsSorted(partners) {
			t.Errorf("the partners %v are no permutation", partners)
		}
		size, changed := d.Schema.Blocks[0].Size(), 0
		for i, partner := range partners {
			if b.Heads[0].Ints[i] != plain.Heads[0].Ints[i] || b.Heads[0].SecondInts[i] != plain.Heads[0].Ints[partner] {
				t.Errorf("%s: row %d has the classes %d and %d", mixing, i, b.Heads[0].Ints[i], b.Heads[0].SecondInts[i])
			}
			sum := 0.0
			for k := range size {
				own, other, got := plain.Floats[0][i*size+k], plain.Floats[0][partner*size+k], b.Floats[0][i*size+k]
				if got != own {
					changed++
				}
				sum += float64(got) - float64(b.Share[i]*own+(1-b.Share[i])*other)
			}
			if mixing == "mixup" && math.Abs(sum) > 1e-4 {
				t.Errorf("row %d is not the mixture that its share says", i)
			}
		}
		if changed == 0 {
			t.Errorf("%s changes nothing", mixing)
		}
	}
}

func TestMixedWeights(t *testing.T) {
	b := &dataset.Batch{Weight: make([]float32, 3), Share: []float32{0.75, 0.25, 0.5}}
	b.Weigh(0, 1, 1)
	b.Weigh(1, 2, 0)
	b.Weigh(2, 0, 0)
	if !slices.Equal(b.Weight, []float32{1, 0.5, 0}) || !slices.Equal(b.Share, []float32{0.75, 1, 0.5}) {
		t.Error(b.Weight, b.Share)
	}
}

func TestMixedNumbers(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, imageFiles(1)), strings.Replace(fmt.Sprintf(imageSection, "mixup"), "augment", "target: {column: label, type: number}, augment", 1))
	b := filled(t, d, []int{0, 1, 2, 3}, 1, 1)
	partners := make([]int, 4)
	d.Train.Pair(partners, []int{0, 1, 2, 3}, 1, 1)
	for i, partner := range partners {
		if b.Heads[0].SecondFloats[i] != b.Heads[0].Floats[partner] {
			t.Errorf("row %d has the second target %v, want %v", i, b.Heads[0].SecondFloats[i], b.Heads[0].Floats[partner])
		}
	}
}

func TestFillTrainingAllocatesNothing(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, imageFiles(3)), fmt.Sprintf(imageSection, "crop, hue, {type: shift, max: 1}, mixup, cutmix"))
	b, rows, epoch := d.Schema.NewBatch(4), []int{3, 1, 7, 5}, uint64(0)
	one := func() {
		if err := d.Train.FillTraining(b, rows, 1, epoch); err != nil {
			t.Fatal(err)
		}
		epoch++
	}
	one()
	if n := testing.AllocsPerRun(20, one); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestAugmentMistakes(t *testing.T) {
	dir := datasettest.Write(t, imageFiles(1))
	for entries, want := range map[string]string{
		"hue":                   "dataset.augment[0]: hue works on colours and expects 3 channels, got 1",
		"{type: shift, max: 6}": "dataset.augment[0]: shift moves images of 6×5 pixels by up to 6, which leaves nothing of them",
		"mixup, noise":          "dataset.augment[1]: stands behind mixup",
		"noise, hflip":          `dataset.augment[1]: unknown augmentation "hflip" (did you mean flip_horizontal?)`,
	} {
		if _, problems := datasettest.TryLoad(t, dir, fmt.Sprintf(imageSection, entries), 1); !strings.Contains(problems, want) {
			t.Errorf("%s: %s, want %s", entries, problems, want)
		}
	}
	_, problems := datasettest.LoadTable(t, "a,b,y\n1,2,x\n2,3,z\n3,1,x\n4,4,z\n", "target: y, augment: [noise]")
	if want := "dataset.augment: there are no images to change"; !strings.Contains(problems, want) {
		t.Errorf("a table: %s, want %s", problems, want)
	}
}

func TestOnlyTrainingIsAugmented(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, imageFiles(1)), strings.Replace(fmt.Sprintf(imageSection, "noise"), "augment", "split: {test: 0.5}, augment", 1))
	if !d.Train.Augmented() || d.Test.Augmented() {
		t.Error("the wrong split is augmented")
	}
	if (&dataset.Settings{Augment: []augment.Augmentation{&augment.Noise{}}}).Mixes() {
		t.Error("noise mixes nothing")
	}
}
