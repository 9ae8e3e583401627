package format_test

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

func TestIDX(t *testing.T) {
	files := map[string]string{
		"images.gz": datasettest.IdxText(8, "\x00\x01\x02\x03\x04\x05\x00\x00\x00\x00\x00\xff", 2, 2, 3),
		"labels.gz": datasettest.IdxText(8, "\x07\x0a", 2),
		"test.idx":  datasettest.IdxText(8, "\x01\x01\x01\x01\x01\x01", 1, 2, 3),
		"label.idx": datasettest.IdxText(0x0c, "\x00\x00\x00\x0a", 1),
	}
	const section = "{train: {images: images.gz, labels: labels.gz}, test: {images: test.idx, labels: label.idx}%s}"
	for settings, want := range map[string]string{
		`inputs: [{column: image, normalize: none, type: image}]`:     "[0 1 2 3 4 5] [0 0 0 0 0 255] [1 1 1 1 1 1]",
		`inputs: [{column: image, normalize: minmax, type: image}]`:   "[0 0.003921569 0.007843138 0.011764706 0.015686275 0.019607844] [0 0 0 0 0 1] [0.003921569 0.003921569 0.003921569 0.003921569 0.003921569 0.003921569]",
		`target: {column: label, type: category}, inputs: [image]`:    "",
		`target: {column: label, classes: [7, 10]}, split: {test: 0}`: "",
	} {
		dir := datasettest.Write(t, files)
		d, problems := datasettest.TryLoad(t, dir, fmt.Sprintf(section, ", "+settings), 1)
		if strings.Contains(settings, "split") {
			if !strings.Contains(problems, "its own file already") {
				t.Error(problems)
			}
			continue
		}
		if problems != "" {
			t.Fatal(problems)
		}
		got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0)) + " " + fmt.Sprint(datasettest.Floats(d.Schema, d.Test, 0))
		if got = strings.NewReplacer("[[", "[", "]]", "]").Replace(got); want != "" && got != want {
			t.Errorf("%s\n got  %s\n want %s", settings, got, want)
		}
		if fmt.Sprint(d.Schema.Blocks, d.Schema.Heads[0].Classes, d.Test.LabelCounts()[0]) != "[{image false [2 3 1] false}] [7 10] [0 1]" {
			t.Error(d.Schema.Blocks, d.Schema.Heads[0])
		}
	}
}

func TestImagesAreNormalizedByTheTrainingSplit(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{
		"i": datasettest.IdxText(8, "\x02\x06\x02\x06", 2, 2), "l": datasettest.IdxText(8, "\x00\x01", 2),
		"ti": datasettest.IdxText(8, "\x08\x00", 1, 2), "tl": datasettest.IdxText(8, "\x01", 1),
	})
	d := datasettest.MustLoad(t, dir, "{format: idx, train: {images: i, labels: l}, test: {images: ti, labels: tl}}")
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), datasettest.Floats(d.Schema, d.Test, 0)); got != "[[-1 1] [-1 1]] [[2 -2]]" {
		t.Error(got)
	}
	text, _ := json.Marshal(d.Schema)
	var s dataset.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	st, err := stream.Open(&s, strings.NewReader(datasettest.IdxText(8, "\x08\x00\x02\x06\x04", 3, 2)), "x.idx", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(4)
	n, err := st.Next(b, 4)
	if n != 2 || err != nil || !slices.Equal(b.Floats[0][:4], []float32{2, -2, -1, 1}) || !slices.Equal(st.Lines(), []int{1, 2}) {
		t.Error(n, err, b.Floats)
	}
	if n, err := st.Next(b, 4); n != 0 || err == nil || err == io.EOF {
		t.Error("a file that ends early must be an error", n, err)
	}
	if _, err := stream.Open(&s, strings.NewReader(datasettest.IdxText(8, "", 3, 3)), "x.idx", stream.Options{}); err == nil || !strings.Contains(err.Error(), "the model expects images of shape [2]") {
		t.Error(err)
	}
}

func TestBrokenIDX(t *testing.T) {
	good, labels := datasettest.IdxText(8, "\x02\x06", 2, 1), datasettest.IdxText(8, "\x00\x01", 2)
	for _, c := range []struct{ images, labels, want string }{
		{"\x00\x00", labels, "too short"},
		{"PK\x03\x04....", labels, "not an IDX file"},
		{good[:6], labels, "ends within its header"},
		{good[:len(good)-1], labels, "ends after 1 of 2 bytes"},
		{good + "x", labels, "more bytes than its header"},
		{datasettest.IdxText(8, "", 1<<31, 1<<31), labels, "more than a terabyte"},
		{datasettest.IdxText(0x0d, "\x00\x00\x00\x00", 1, 1), labels, "float32 of rank 2, not images"},
		{good, good, "not a list of whole numbers"},
		{good, datasettest.IdxText(8, "\x00", 1), "2 images, but 1 labels"},
	} {
		_, problems := datasettest.TryLoad(t, datasettest.Write(t, map[string]string{"i": c.images, "l": c.labels}), "{format: idx, train: {images: i, labels: l}}", 1)
		if !strings.Contains(problems, c.want) {
			t.Errorf("want %q, got %q", c.want, problems)
		}
	}
}

// TestNoPixels: images of no height are a mistake in the data, not in the net.
func TestNoPixels(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"i": datasettest.IdxText(8, "", 2, 0, 4), "l": datasettest.IdxText(8, "\x00\x01", 2)})
	_, problems := datasettest.TryLoad(t, dir, "{format: idx, train: {images: i, labels: l}}", 1)
	if want := "i holds images without pixels: its shape is [2 0 4]"; !strings.Contains(problems, want) {
		t.Errorf("%s; want %s", problems, want)
	}
}
