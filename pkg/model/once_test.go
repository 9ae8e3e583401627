package model_test

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// TestOneMistakeOnce: a mistake brings no second one with it that is none.
func TestOneMistakeOnce(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"s/a/1.png", "s/a/2.png", "s/b/3.png", "s/b/4.png"} {
		os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777)
		f, err := os.Create(filepath.Join(dir, name))
		if err == nil {
			err = png.Encode(f, image.NewGray(image.Rect(0, 0, 8, 8)))
			f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte("photo,size,y\ns/a/1.png,1,u\ns/a/2.png,2,v\ns/b/3.png,3,u\ns/b/4.png,4,v\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const folder = `
dataset: {format: image_folder, path: s, augment: [mixup], split: {validation: 0}}
layers: [{type: conv2d, filters: 4, kernel: 3}, batch_norm, flatten, {type: dense, units: 2}]
`
	const table = `
dataset: {path: d.csv, target: {column: y, type: category}, split: {validation: 0}, inputs: [{column: photo, type: image, width: 8, height: 8}, size]}
layers: [{type: conv2d, filters: 4, kernel: 3, inputs: photo}, {type: flatten, name: flat}, {type: concat, inputs: [flat, size]}, {type: dense, units: 2}]
`
	for _, c := range []struct{ text, old, new, want string }{
		{folder, "split", "target: labels, split", `no column "labels" (did you mean label?)`},
		{folder, "split", "target: what, split", `no column "what"`},
		{folder, "batch_norm, flatten", "{type: batch_nrm}", `unknown layer "batch_nrm"`},
		{folder, "batch_norm, flatten", "{type: dropout}", "rate is missing"},
		{folder, "batch_norm", "batch_nrm", `unknown layer "batch_nrm"`},
		{folder, "path: s", "path: s, image: {width: 24}", "set width and height together"},
		{folder, "path: s", "path: s, image: {width: 8, height: 8, channels: 2}", "must be 1 (grey) or 3"},
		{folder, "path: s", "path: s, image: {width: -4, height: 8}", "-4 is out of range"},
		{folder, "path: s", "path: s, image: 24", "want a mapping"},
		{folder, "path: s", "path: s, on_error: ignore", `"ignore" is not one of`},
		{table, "column: photo", "column: phot", `no column "phot" (did you mean photo?)`},
		{table, ", size]}", ", siz]}", `no column "siz" (did you mean size?)`},
		{table, "column: y", "column: z", `no column "z"`},
		{table, "width: 8, ", "", "set width and height together"},
		{table, "width: 8, ", "width: 8, channels: 2, ", "must be 1 (grey) or 3"},
	} {
		if text := strings.Replace(c.text, c.old, c.new, 1); text != c.text {
			doc, err := spec.Parse(filepath.Join(dir, "s.yaml"), []byte(text), nil)
			if err == nil {
				_, err = model.Open(doc)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s:\n%v", c.new, err)
			}
			continue
		}
		t.Errorf("no %q in %s", c.old, c.text)
	}
	for _, text := range []string{folder, table} {
		if doc, err := spec.Parse(filepath.Join(dir, "s.yaml"), []byte(text), nil); err != nil {
			t.Error(err)
		} else if _, err := model.Open(doc); err != nil {
			t.Error(err)
		}
	}
}
