package format_test

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/stream"
)

func TestImageFolder(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"set/10/b.png": datasettest.Grey(2, 1, 10), "set/10/deep/er/a.PNG": datasettest.Grey(2, 1, 11), "set/2/c.jpeg": datasettest.Grey(2, 1, 20), "set/2/odd name #1 ä.gif": datasettest.Grey(2, 1, 255),
		"set/2/notes.txt": "no image", "set/2/.hidden.png": "", "set/.git/x.png": "", "set/10/Thumbs.db": "", "set/Makefile": "", "set/none/readme.txt": "", "set/loose.png": datasettest.Grey(2, 1, 1),
	})
	t.Chdir(dir)
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: set, "+datasettest.ImagesAlone+"split: {test: 1}}")
	if got := fmt.Sprint(d.Schema.Blocks, d.Schema.Heads[0].Columns, d.Schema.Heads[0].Classes); got != "[{image false [1 2 1] false}] [label] [2 10]" {
		t.Error(got)
	}
	all := map[string]string{}
	for _, p := range []*dataset.Part{d.Train, d.Test} {
		b := p.Of.NewBatch(p.Rows())
		p.FillFrom(b, 0, p.Rows())
		for i := range p.Rows() {
			all[p.Place(i)] = fmt.Sprint(b.Floats[0][2*i:2*i+2], b.Heads[0].Ints[i])
		}
	}
	want := map[string]string{
		"set/10/b.png": "[10 10] 1", "set/10/deep/er/a.PNG": "[11 11] 1", "set/2/c.jpeg": "[20 20] 0", "set/2/odd name #1 ä.gif": "[255 255] 0",
	}
	if fmt.Sprint(all) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", all, want)
	}
	for _, note := range []string{
		"set: left out 4 files that are not named as images (without an extension, .db, .txt)", "set: left out 2 hidden files",
		"warning: set: left out 1 image that is not in the folder of a class", "warning: set: the folder none contains no images",
	} {
		if !datasettest.Noted(d, note) {
			t.Errorf("no note %q in %q", note, d.Notes)
		}
	}
}

func TestImageFolderMistakes(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"sizes/a/1.png": datasettest.Grey(4, 3, 1), "sizes/a/2.png": datasettest.Grey(4, 2, 1), "sizes/b/3.png": datasettest.Grey(3, 4, 1),
		"colours/a/1.png": datasettest.Grey(2, 2, 1), "colours/b/2.png": datasettest.Coloured(2, 2, color.NRGBA{R: 1}),
		"broken/a/1.png": datasettest.Grey(2, 2, 1), "broken/a/2.png": "", "broken/a/3.jpg": "not an image at all", "broken/b/4.png": "\x89PNG\r\n\x1a\n....", "broken/b/5.png": "GIF89a", "broken/b/6.png": datasettest.Grey(2, 2, 3),
		"flat/1.png": datasettest.Grey(2, 2, 1), "bare/readme.txt": "", "one/a/1.png": datasettest.Grey(2, 2, 1),
		"parts/train/a/1.png": datasettest.Grey(2, 2, 1), "parts/test/a/1.png": datasettest.Grey(2, 2, 1),
		"small/a/1.png": datasettest.Grey(2, 2, 1), "small/b/1.png": datasettest.Grey(2, 2, 1), "large/a/1.png": datasettest.Grey(3, 3, 1), "large/c/1.png": datasettest.Grey(3, 3, 1),
		"file": "",
	})
	t.Chdir(dir)
	for settings, want := range map[string]string{
		"path: sizes":               "dataset.path: sizes/a/2.png: is 4×2, but sizes/a/1.png is 4×3; set one size for all with image: {width: 4, height: 3}",
		"path: colours":             "dataset.path: colours/b/2.png: is in colour, but colours/a/1.png is grey; set the channels of all with image: {channels: 3}",
		"path: broken":              "dataset.path: images that cannot be read: 1 more row like this",
		"path: flat":                "flat contains images, but no folders of them",
		"path: bare":                "bare contains no images",
		"path: nowhere":             "nowhere: no such file or directory",
		"path: file":                "file is a file; expected a folder",
		"path: one":                 "has only 1 class in the training split",
		"path: parts":               "parts contains the splits (test, train), not classes; name their folders with train, validation and test",
		"train: small, test: large": "dataset.test: the images have the shape [3 3 1] (height, width, channels), and those of the training split [2 2 1]",
		"train: small, test: large, image: {width: 2, height: 2}":                  `"c" is not one of the 2 classes`,
		"path: small, image: {width: 2}":                                           "dataset.image: set width and height together",
		"path: small, image: {channels: 2}":                                        "dataset.image.channels: must be 1 (grey) or 3",
		"path: small, fit: squeeze":                                                "dataset.fit",
		"path: small, train: small":                                                "give either path",
		"validation: small":                                                        "path is missing",
		"path: small, inputs: [{column: image, type: image, width: 9, height: 9}]": `dataset.inputs[0]: column "image" holds images already; set size`,
		"path: small, inputs: [{column: image, type: number}]":                     "holds images, which only type: image reads",
	} {
		if _, problems := datasettest.TryLoad(t, dir, "{format: image_folder, "+settings+"}", 1); !strings.Contains(problems, want) {
			t.Errorf("%s\n got  %s\n want %s", settings, problems, want)
		}
	}
	d, problems := datasettest.TryLoad(t, dir, "{format: image_folder, path: broken, on_error: skip, split: {validation: 0}, "+datasettest.ImagesAlone+"}", 1)
	if problems != "" || d.Train.Rows() != 2 || d.Train.Place(1) != "broken/b/6.png" || fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0)) != "[[1 1 1 1] [3 3 3 3]]" {
		t.Error(problems, d.Notes)
	}
	if !datasettest.Noted(d, "warning: left out 4 images that cannot be read: broken/a/2.png: the file is empty; broken/a/3.jpg: not an image: expected PNG, JPEG, GIF, BMP, TIFF or WebP; broken/b/4.png: damaged PNG: the file ends too early and 1 more") {
		t.Errorf("%q", d.Notes)
	}
}

func TestImageFolderFollowsLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"set/a/1.png": datasettest.Grey(1, 1, 1), "set/b/2.png": datasettest.Grey(1, 1, 2), "other/deep/3.png": datasettest.Grey(1, 1, 3)})
	for from, to := range map[string]string{
		"set/a/loop": "..", "set/a/self": ".", "set/all": ".", "set/b/more": "../../other", "set/c": "../other/deep", "set/b/one.png": "../../other/deep/3.png",
		"other/back": "../set/b", // a circle over two links
	} {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	w, err := format.WalkClasses(filepath.Join(dir, "set"), format.Images)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, f := range w.Files {
		names = append(names, w.Classes[i]+":"+f.Name)
	}
	got := strings.Join(names, " ")
	for _, want := range []string{"a:a/1.png", "b:b/2.png", "b:b/more/deep/3.png", "b:b/one.png", "c:c/3.png"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	if len(names) > 12 || len(w.Loops) == 0 {
		t.Errorf("loops %v, files %s", w.Loops, got)
	}
	for _, one := range []string{"a/loop", "a/self", "all"} {
		if !slices.Contains(w.Loops, filepath.FromSlash(one)) || strings.Contains(got, one+"/") {
			t.Errorf("%s is followed: %s", one, got)
		}
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "set/a/gone.png")); err != nil {
		t.Fatal(err)
	}
	if _, problems := datasettest.TryLoad(t, dir, "{format: image_folder, path: set}", 1); !strings.Contains(problems, "set/a/gone.png: no such file") {
		t.Error(problems)
	}
}

func TestRealDigits(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.DataFolder, "{format: image_folder, path: digits_png, split: {train: 0.7, validation: 0.1, test: 0.2, stratify: true}}")
	if got := fmt.Sprint(d.Schema.Blocks, d.Schema.Heads[0].Classes, d.Train.LabelCounts()[0]); got != "[{image false [20 20 1] false}] [0 1 2 3 4 5 6 7 8 9] [35 35 35 35 35 35 35 35 35 35]" {
		t.Error(got)
	}
}

func TestChannelsAreNormalizedByThemselves(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"s/a/1.png": datasettest.Coloured(2, 2, color.NRGBA{R: 10, G: 100, B: 7}), "s/b/2.png": datasettest.Coloured(2, 2, color.NRGBA{R: 30, G: 102, B: 7}),
	})
	for normalize, want := range map[string]string{
		"channel": "[-1 -1 0] [1 1 0]", "none": "[10 100 7] [30 102 7]", "minmax": "[0.039215688 0.39215687 0.02745098] [0.11764706 0.4 0.02745098]",
		"zscore": "[-0.7779493 1.3653804 -0.8493936] [-0.3016538 1.41301 -0.8493936]",
	} {
		d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, split: {validation: 0}, inputs: [{column: image, type: image, normalize: "+normalize+"}]}")
		rows := datasettest.Floats(d.Schema, d.Train, 0)
		if got := fmt.Sprint(rows[0][:3], rows[1][9:]); got != want {
			t.Errorf("%s: %s, want %s", normalize, got, want)
		}
		b := d.Schema.NewBatch(2)
		d.Train.FillFrom(b, 0, 2)
		if back := d.Schema.Inputs[0].Image(b, 1); !slices.Equal(back.Bytes[:3], []byte{30, 102, 7}) {
			t.Errorf("%s: back to bytes: %v", normalize, back.Bytes)
		}
	}
}

// TestOddNames: what is named in no encoding that a table could hold is refused in training and in scoring alike.
func TestOddNames(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"set/a/1.png": datasettest.Grey(1, 1, 1), "set/b/2.png": datasettest.Grey(1, 1, 2), "set/a/notes.txt": "x"})
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: set, split: {validation: 0}}")
	for _, name := range []string{"set/a/caf\xe9.png", "set/b/d\xe9p/3.png", "set/\xe9/4.png"} {
		path := filepath.Join(dir, name)
		if os.MkdirAll(filepath.Dir(path), 0o777) != nil || os.WriteFile(path, []byte("x"), 0o666) != nil {
			t.Skip("such names cannot be given there")
		}
	}
	_, problems := datasettest.TryLoad(t, dir, "{format: image_folder, path: set}", 1)
	for _, want := range []string{`set: the name "a/caf\xe9.png" of a file is not UTF-8; rename it`, `the name "b/d\xe9p" of a folder`, `the name "\xe9" of a folder`} {
		if !strings.Contains(problems, want) {
			t.Errorf("%s lacks %s", problems, want)
		}
	}
	if _, err := stream.OpenFolder(d.Schema, filepath.Join(dir, "set"), stream.Options{WithTarget: true}); err == nil || !strings.Contains(err.Error(), "is not UTF-8; rename it") {
		t.Error(err)
	}
	st, err := stream.OpenImages(d.Schema, slices.Values([]string{filepath.Join(dir, "set/a/caf\xe9.png")}), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if n, err := st.Next(d.Schema.NewBatch(1), 1); n != 1 || err != nil || !strings.Contains(fmt.Sprint(st.Errors()), "not UTF-8") {
		t.Error(n, err, st.Errors())
	}
}

// Bringing rows into another order would put images beside the labels of others.
func TestImagesHaveNoOrder(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"a/1.png": image.NewGray(image.Rect(0, 0, 2, 2)), "b/1.png": image.NewGray(image.Rect(0, 0, 2, 2))})
	_, problems := datasettest.TryLoad(t, dir, "{format: image_folder, train: ., order_by: label}", 1)
	if !strings.Contains(problems, "images have no order in time") {
		t.Errorf("got %q", problems)
	}
}

// TestLinksWithoutEnd: twenty folders that each link to the next one twice have a million paths, which are not all followed.
func TestLinksWithoutEnd(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		folder := filepath.Join(dir, fmt.Sprint("f", i))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"x", "y"} {
			if err := os.Symlink(filepath.Join("..", fmt.Sprint("f", i+1)), filepath.Join(folder, name)); err != nil {
				t.Skip(err)
			}
		}
	}
	w, err := format.WalkClasses(dir, format.Images)
	if err != nil || len(w.Errs) != 1 || !strings.HasSuffix(w.Errs[0].Error(), "more than 30,000 folders are reached by links") {
		t.Error(err, w.Errs)
	}
}
