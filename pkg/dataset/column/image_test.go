package column_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/spec"
)

func TestPathsInAColumn(t *testing.T) {
	const csv = "photo,x,y\np/a.png,5,1\np/b c.png,6,2\np/ü.jpg,7,3\n./p/../p/a.png,8,4\n"
	want := "[[1 1 1 1] [2 2 2 2] [3 3 3 3] [1 1 1 1]] [[5] [6] [7] [8]]"
	for table, text := range map[string]string{
		"data/t.csv": csv, "data/t.tsv": strings.ReplaceAll(csv, ",", "\t"),
		"data/t.jsonl": `{"photo":"p/a.png","x":5,"y":1}` + "\n" + `{"photo":"p/b c.png","x":6,"y":2}` + "\n" + `{"photo":"p/\u00fc.jpg","x":7,"y":3}` + "\n" + `{"x":8,"y":4,"photo":"p/a.png"}`,
	} {
		dir := datasettest.Photos(t, table, text)
		for _, more := range []string{"", ", split: {order: true, test: 1, validation: 0}"} {
			d := datasettest.MustLoad(t, dir, "{train: "+table+", "+datasettest.PhotoInputs+"}")
			if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 1), datasettest.Floats(d.Schema, d.Train, 0)); got != want {
				t.Errorf("%s%s: %s, want %s", table, more, got, want)
			}
		}
	}
	dir := datasettest.Photos(t, "rows.csv", csv)
	d := datasettest.MustLoad(t, dir, "{train: rows.csv, "+strings.Replace(datasettest.PhotoInputs, "width", "root: data, width", 1)+"}")
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 1), datasettest.Floats(d.Schema, d.Train, 0)); got != want {
		t.Errorf("with root: %s", got)
	}
}

func TestPathsInAColumnErrors(t *testing.T) {
	const csv = "photo,x,y\np/a.png,5,1\nbroken.png,6,2\np/none.png,7,3\n,8,4\np/b c.png,9,5\np,9,5\n"
	dir := datasettest.Photos(t, "data/t.csv", csv)
	_, problems := datasettest.TryLoad(t, dir, "{train: data/t.csv, "+datasettest.PhotoInputs+"}", 1)
	for _, want := range []string{
		"dataset.inputs[0]: " + dir + "/data/t.csv:3: broken.png: not an image", "t.csv:4: p/none.png: no such file", "t.csv:5: is missing",
		"images that cannot be read: 1 more row like this",
	} {
		if !strings.Contains(problems, want) {
			t.Errorf("no %q in %s", want, problems)
		}
	}
	d := datasettest.MustLoad(t, dir, "{train: data/t.csv, "+strings.Replace(datasettest.PhotoInputs, "width", "on_error: skip, width", 1)+"}")
	if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 1), datasettest.Floats(d.Schema, d.Train, 0)); got != "[[1 1 1 1] [2 2 2 2]] [[5] [9]]" || !datasettest.Noted(d, "warning: left out 4 images") {
		t.Error(got, d.Notes)
	}
	_, problems = datasettest.TryLoad(t, datasettest.Photos(t, "data/t.csv", "photo,y\np/a.png,1\np/b c.png,2\n"), "{train: data/t.csv, inputs: [{column: photo, type: image}], target: y}", 1)
	if !strings.Contains(problems, "t.csv:3: p/b c.png: is 4×4, but") || !strings.Contains(problems, "set one size for all with width: 2, height: 2") {
		t.Error(problems)
	}
}

func TestStreamsReadPaths(t *testing.T) {
	dir := datasettest.Photos(t, "data/t.csv", "photo,x,y\np/a.png,5,1\np/b c.png,6,2\n")
	d := datasettest.MustLoad(t, dir, "{train: data/t.csv, "+strings.Replace(datasettest.PhotoInputs, "width", "fit: pad, width", 1)+"}")
	text, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var s dataset.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if e := s.Inputs[0].Encoder.(*column.ImageEncoder); e.Fit != "pad" || fmt.Sprint(e.Shape) != "[2 2 1]" {
		t.Error(string(text))
	}
	const rows = "x,photo,y\n1,p/ü.jpg,1\n2,broken.png,2\n3,p/a.png,3\nx,p/a.png,3\n5,,3\n6,red.png,3\n"
	for name, o := range map[string]stream.Options{
		filepath.Join(dir, "data", "new.csv"): {}, "standard input": {Root: filepath.Join(dir, "data")}, filepath.Join(dir, "data", "more"): {WithTarget: true},
	} {
		st, err := stream.Open(&s, strings.NewReader(rows), name, o)
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(10)
		for i := range b.Floats[1] {
			b.Floats[1][i] = 99 // left by an earlier batch
		}
		n, err := st.Next(b, 10)
		if n != 6 || err != nil || fmt.Sprint(b.Floats[1][:24], b.Floats[0][:6], b.Weight[:6]) != "[3 3 3 3 0 0 0 0 1 1 1 1 0 0 0 0 0 0 0 0 76 76 76 76] [1 0 3 0 0 6] [1 0 1 0 0 1]" {
			t.Error(n, err, b.Floats, b.Weight)
		}
		want := []string{"", `line 3: column "photo": "broken.png": not an image`, "", `column "x"`, `line 6: column "photo": is missing`, ""}
		for i, e := range st.Errors() {
			if (e == nil) != (want[i] == "") || e != nil && !strings.Contains(e.Error(), want[i]) {
				t.Errorf("row %d: %v, want %q", i, e, want[i])
			}
		}
		if _, err := st.Next(b, 10); err != io.EOF {
			t.Error(err)
		}
	}
}

// TestFolderModelsReadPathsToo: a net that was trained on folders finds images in a column of the same name.
func TestFolderModelsReadPathsToo(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/a/1.png": datasettest.Grey(1, 1, 10), "s/b/2.png": datasettest.Grey(1, 1, 30), "list.csv": "image,label\ns/b/2.png,b\ns/a/1.png,a\n"})
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, split: {validation: 0}}")
	text, err := os.ReadFile(filepath.Join(dir, "list.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]stream.Options{filepath.Join(dir, "list.csv"): {WithTarget: true}, "standard input": {WithTarget: true, Root: dir}} {
		st, err := stream.Open(d.Schema, strings.NewReader(string(text)), name, o)
		if err != nil {
			t.Fatal(err)
		}
		b := d.Schema.NewBatch(4)
		if n, err := st.Next(b, 4); n != 2 || err != nil || fmt.Sprint(b.Floats[0][:2], b.Heads[0].Ints[:2]) != "[1 -1] [1 0]" {
			t.Error(n, err, st.Errors(), b.Floats, b.Heads[0].Ints)
		}
	}
}

// Rows whose images cannot be read are left out of a batch, others that are wrong are not.
func TestUnreadRowsAreDropped(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"list.csv": "p,x,y\n1.png,1,a\n2.png,2,b\n", "1.png": datasettest.Grey(1, 1, 10), "2.png": datasettest.Grey(1, 1, 30), "bad.png": "",
	})
	d := datasettest.MustLoad(t, dir, "{train: list.csv, inputs: [{column: p, type: image, on_error: skip}, {column: x, type: number, normalize: none}], target: {column: y, type: category}, split: {validation: 0}}")
	st, err := stream.Open(d.Schema, strings.NewReader("p,x,y\nbad.png,3,a\n1.png,4,b\nnone.png,5,a\n2.png,oops,a\n2.png,6,a\n"), "new.csv", stream.Options{WithTarget: true, Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(5)
	if n, err := st.Next(b, 5); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	unread := ""
	for _, err := range st.Errors() {
		unread += fmt.Sprint(err != nil, stream.Unread(err), " ")
	}
	if unread != "true true false false true true true false false false " {
		t.Error(unread)
	}
	st.Drop(b)
	x := d.Schema.Inputs[1].Block
	if got := fmt.Sprint(b.Rows, b.Floats[x][:3], b.Floats[1-x][:3], b.Heads[0].Ints[:3]); got != "3 [4 0 6] [-1 0 1] [1 0 0]" {
		t.Error(got)
	}
}

func TestFoldersAreScored(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{
		"s/a/1.png": datasettest.Grey(1, 1, 10), "s/b/2.png": datasettest.Grey(1, 1, 30), "new/a/x y.png": datasettest.Grey(5, 5, 10), "new/b/z.png": "", "new/b/deep/w.png": datasettest.Grey(2, 1, 30),
		"flat/1.png": datasettest.Grey(1, 1, 1),
	})
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, split: {validation: 0}}")
	st, err := stream.OpenFolder(d.Schema, filepath.Join(dir, "new"), stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(8)
	n, err := st.Next(b, 8)
	if n != 3 || err != nil || fmt.Sprint(b.Floats[0][:3], b.Heads[0].Ints[:3]) != "[-1 1 0] [0 1 0]" || st.Records()[0][0] != "a/x y.png" {
		t.Error(n, err, b.Floats, b.Heads[0].Ints, st.Records())
	}
	if got := fmt.Sprint(st.Errors()); !strings.Contains(got, "the file is empty") || strings.Contains(got, "column") {
		t.Error(got)
	}
	if st.Drop(b); b.Rows != 2 || fmt.Sprint(b.Floats[0][:2], b.Heads[0].Ints[:2]) != "[-1 1] [0 1]" {
		t.Error(b.Rows, b.Floats, b.Heads[0].Ints)
	}
	datasettest.Draw(t, dir, map[string]any{"odd/B/1.png": datasettest.Grey(1, 1, 1), "odd/a/1.png": datasettest.Grey(1, 1, 1)})
	for folder, want := range map[string]string{"odd": "folder B: not one of the model's classes", "flat": "holds no images in folders", "nowhere": "no such file"} {
		if _, err := stream.OpenFolder(d.Schema, filepath.Join(dir, folder), stream.Options{WithTarget: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", folder, err)
		}
	}
	other := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": "x,y\n1,a\n2,b\n"}), "{train: d.csv, target: y}")
	if _, err := stream.OpenFolder(other.Schema, dir, stream.Options{}); err == nil {
		t.Error("a model of rows takes a folder")
	}
}

func TestColumnsOfImagePathsGetAWarning(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "p,y\na.png,1\nb.jpg,2\n", "target: y")
	if problems != "" || !datasettest.Noted(d, "warning: p seems to name image files") {
		t.Error(problems, d.Notes)
	}
}

// TestTwoMakeTheCacheAtOnce: both find their data whole, and so does the next.
func TestTwoMakeTheCacheAtOnce(t *testing.T) {
	files := map[string]any{}
	for i := range 140 {
		files[fmt.Sprintf("s/%d/%d.png", i%2, i)] = datasettest.Grey(4, 4, byte(i))
	}
	dir := datasettest.Draw(t, t.TempDir(), files)
	got := make([]string, 4)
	var wait sync.WaitGroup
	for i := range got {
		wait.Go(func() {
			settings, _ := datasettest.SettingsOf(t, "{format: image_folder, path: s, cache: kept, memory: "+fmt.Sprint(i%2)+", split: {validation: 0}}")
			d := dataset.Load(settings, dir, 1, &spec.Problems{}, dataset.KeepImages())
			got[i] = fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), d.Digest)
		})
	}
	wait.Wait()
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, cache: kept, split: {validation: 0}}")
	want := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), d.Digest)
	for i := range got {
		if got[i] != want {
			t.Errorf("process %d has other images", i)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "kept", "*")); len(left) != 1 || datasettest.Noted(d, "are cached") {
		t.Error(left, d.Notes)
	}
}

// TestForeignSettingsWriteNoCache: a folder that others name for a cache gets none.
func TestForeignSettingsWriteNoCache(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/0/a.png": datasettest.Grey(4, 4, 1), "s/1/b.png": datasettest.Grey(4, 4, 9)})
	for _, foreign := range []bool{true, false} {
		settings, _ := datasettest.SettingsOf(t, "{format: image_folder, path: s, cache: kept, split: {validation: 0}}")
		options := []dataset.Option{dataset.KeepImages()}
		if foreign {
			options = append(options, dataset.Foreign())
		}
		if d := dataset.Load(settings, dir, 1, &spec.Problems{}, options...); d.Train.Rows() != 2 {
			t.Error("the images are not there")
		}
		if _, err := os.Stat(filepath.Join(dir, "kept")); (err != nil) != foreign {
			t.Errorf("foreign %v: %v", foreign, err)
		}
	}
}

func TestImagesInMemoryCacheAndFiles(t *testing.T) {
	files := map[string]any{}
	for i := range 150 { // more than two blocks
		files[fmt.Sprintf("s/%d/%d.png", i%3, i)] = datasettest.Grey(3, 2, byte(i))
	}
	dir, cache := datasettest.Draw(t, t.TempDir(), files), t.TempDir()
	load := func(more string) (*dataset.Data, string) {
		d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, "+datasettest.ImagesAlone+"split: {validation: 0.2}"+more+"}")
		return d, fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), datasettest.Floats(d.Schema, d.Validation, 0), d.Digest)
	}
	made := func() []string {
		names, _ := filepath.Glob(filepath.Join(cache, "*"))
		return names
	}
	_, want := load("")
	check := func(more string, cached int) *dataset.Data {
		t.Helper()
		d, got := load(more)
		if got != want {
			t.Errorf("%s: other images or another digest", more)
		}
		if n := len(made()); n != cached {
			t.Errorf("%s: %d files in the cache, want %d", more, n, cached)
		}
		return d
	}
	d := check(", memory: 0, cache: none", 0)
	if !d.Train.Ahead() {
		t.Error("images that are decoded when they are needed are not read ahead")
	}
	keep := ", cache: " + cache
	if d := check(keep, 1); !datasettest.Noted(d, "decoded images are cached in "+cache) || d.Train.Ahead() {
		t.Errorf("%q", d.Notes)
	}
	if d := check(keep, 1); datasettest.Noted(d, "are cached") {
		t.Error("the cache was not used")
	}
	if d := check(keep+", memory: 0", 1); datasettest.Noted(d, "are cached") || !d.Train.Ahead() {
		t.Error("the cache was not used")
	}
	file := made()[0]
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for what, damage := range map[string]func(b []byte) []byte{
		"a byte":    func(b []byte) []byte { b[100] ^= 1; return b },
		"a trailer": func(b []byte) []byte { b[len(b)-60] ^= 1; return b },
		"cut":       func(b []byte) []byte { return b[:len(b)/2] },
		"longer":    func(b []byte) []byte { return append(b, 0) },
		"empty":     func([]byte) []byte { return nil },
		"no pixels": func(b []byte) []byte { return b[900:] },
	} {
		for _, memory := range []string{"", ", memory: 0"} {
			if err := os.WriteFile(file, damage(slices.Clone(whole)), 0o666); err != nil {
				t.Fatal(err)
			}
			if d := check(keep+memory, 1); !datasettest.Noted(d, "are cached") {
				t.Errorf("%s: the damaged cache was used", what)
			}
		}
	}
	if d := check(keep, 1); datasettest.Noted(d, "are cached") {
		t.Error("the mended cache was not used")
	}
	datasettest.Draw(t, dir, map[string]any{"s/0/0.png": datasettest.Grey(3, 2, 200)})
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "s/0/0.png"), later, later); err != nil {
		t.Fatal(err)
	}
	if d, got := load(keep); got == want || !datasettest.Noted(d, "are cached") {
		t.Error("changed data was not noticed")
	}
	if _, got := load(""); got == want {
		t.Error("the digest is that of other data")
	}
	plug := filepath.Join(dir, "plug") // a file where the folder should be
	datasettest.Draw(t, dir, map[string]any{"plug": ""})
	if d, _ := load(", cache: " + plug); !datasettest.Noted(d, "warning: cannot write the cache of decoded images in "+plug) {
		t.Errorf("%q", d.Notes)
	}
}

func TestCacheRemembersWhatCannotBeRead(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/a/1.png": datasettest.Grey(1, 1, 1), "s/a/2.png": "", "s/b/3.png": datasettest.Grey(1, 1, 3)})
	t.Chdir(dir)
	for _, kept := range []bool{true, false} {
		d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, on_error: skip, cache: cache, split: {validation: 0}}")
		if d.Train.Rows() != 2 || !datasettest.Noted(d, "left out 1 image that cannot be read: s/a/2.png") || datasettest.Noted(d, "are cached") != kept {
			t.Error(d.Notes)
		}
	}
	if _, problems := datasettest.TryLoad(t, dir, "{format: image_folder, path: s, cache: cache, split: {validation: 0}}", 1); !strings.Contains(problems, "s/a/2.png: the file is empty") {
		t.Error(problems)
	}
}

func TestRebaseMovesImages(t *testing.T) {
	s, _ := datasettest.SettingsOf(t, "{path: a.csv, target: y, inputs: [{column: p, root: images, cache: kept}]}")
	moved, err := s.Rebase("/x/y", "/x/z")
	if err != nil {
		t.Fatal(err)
	}
	m := moved.Inputs[0].Type.(*column.Image)
	if m.Root != "../y/images" || m.Cache != "../y/kept" {
		t.Error(m.Root, m.Cache)
	}
	f, _ := datasettest.SettingsOf(t, "{format: image_folder, train: a, test: /b}")
	if moved, err = f.Rebase("/x/y", "/x/z"); err != nil {
		t.Fatal(err)
	}
	if g := moved.Format.(*format.ImageFolder); g.Train != "../y/a" || g.Test != "/b" || g.Path != "" || g.Cache != "auto" {
		t.Errorf("%+v", g)
	}
}

// TestAlikeImages: images of one value say nothing.
func TestAlikeImages(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/a/1.png": datasettest.Grey(2, 2, 0), "s/b/2.png": datasettest.Grey(2, 2, 0)})
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, split: {validation: 0}}")
	if !datasettest.Noted(d, "warning: image: every pixel of the training split has the same value (0), so the images are useless") {
		t.Errorf("%q", d.Notes)
	}
}
