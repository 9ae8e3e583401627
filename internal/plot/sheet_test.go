package plot

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"dnn/internal/plot/canvas"
)

func sheetOf(n, columns int, shape []int) Sheet {
	s := Sheet{Title: "rings, training split", Subtitle: "what the net sees", Columns: columns}
	for i := range columns {
		s.Heads = append(s.Heads, fmt.Sprint("epoch ", i))
	}
	for i := range n {
		s.Items = append(s.Items, SheetItem{canvas.Pixels(shape, rings(shape[1], shape[0], shape[2], float64(i))), []string{fmt.Sprint("class ", i%3), "70 % of another with a long name"}})
	}
	return s
}

func TestSheet(t *testing.T) {
	dir := t.TempDir()
	for name, s := range map[string]Sheet{
		"grey": sheetOf(16, 8, []int{20, 20, 1}), "colour": sheetOf(5, 8, []int{32, 48, 3}), "tall": sheetOf(3, 2, []int{90, 10, 3}), "none": {Title: "no rows"},
	} {
		path := filepath.Join(dir, name+".png")
		for range 2 { // the second replaces the first
			if err := DrawSheet(path, s); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if m.Bounds().Dx() != 1800 {
			t.Errorf("%s is %v", name, m.Bounds())
		}
		if len(s.Items) > 0 { // the page must show something else than paper where the first image lies
			r, g, b, _ := m.At(2*int(sideMargin)+20, 2*int(canvas.HeadingHeight+8+18)+20).RGBA()
			if name != "tall" && r+g+b == 3*0xffff {
				t.Errorf("%s: nothing is drawn", name)
			}
		}
	}
}

func TestSheetReplacesNothingElse(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "photo.png")
	data, err := (&canvas.Drawing{Width: 30, Height: 30}).PNG()
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range [][]byte{data, []byte("id,name\n1,a\n"), nil} {
		if err := os.WriteFile(plain, content, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := DrawSheet(plain, sheetOf(1, 1, []int{2, 2, 1})); !errors.Is(err, fs.ErrExist) {
			t.Errorf("got %v, want an error: the file is another's", err)
		}
		if now, _ := os.ReadFile(plain); !bytes.Equal(now, content) {
			t.Error("the file was changed")
		}
	}
	if err := DrawSheet(filepath.Join(dir, "x.png"), Sheet{Items: []SheetItem{{}}}); err == nil {
		t.Error("an item without an image is drawn")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left %v", entries)
	}
}
