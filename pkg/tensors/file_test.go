package tensors_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/tensors"
)

// What is written is read again, in its order where the format keeps one.
func TestWriteAndRead(t *testing.T) {
	list := []tensors.Tensor{
		{Name: "b.weight", Shape: []int{2, 3}, Data: []float32{1, 2, 3, 4, 5, -6.5}},
		{Name: "b.count", Shape: []int{}, Data: []float32{7}, Whole: true},
		{Name: "a.bias", Shape: []int{2}, Data: []float32{0.25, -1}},
	}
	for _, end := range []string{".pt", ".npz", ".safetensors"} {
		path := filepath.Join(t.TempDir(), "weights"+end)
		if err := tensors.Write(path, list); err != nil {
			t.Fatal(err)
		}
		f, err := tensors.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		want := list
		if !f.Ordered {
			want = []tensors.Tensor{list[2], list[1], list[0]}
		}
		for i := range f.Tensors {
			if len(f.Tensors[i].Shape) == 0 {
				f.Tensors[i].Shape = []int{}
			}
		}
		if !reflect.DeepEqual(f.Tensors, want) {
			t.Errorf("%s: read %v, want %v", end, f.Tensors, want)
		}
	}
	if err := tensors.Write("weights.h5", list); err == nil || !strings.Contains(err.Error(), ".npz") {
		t.Errorf("writing .h5: %v", err)
	}
}

// Files that were cut are refused, wherever that was.
func TestCutFiles(t *testing.T) {
	for _, path := range samples(t) {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tensors.Read(path); err != nil {
			t.Errorf("%v", err)
		}
		cut := filepath.Join(t.TempDir(), filepath.Base(path))
		last := len(whole) - 1
		if strings.HasSuffix(path, ".h5") {
			last = len(whole) * 9 / 10 // what is behind the last dataset may be missing
		}
		for n := 0; n <= last; n += 1 + len(whole)/40 {
			if err := os.WriteFile(cut, whole[:n], 0o666); err != nil {
				t.Fatal(err)
			}
			if f, err := tensors.Read(cut); err == nil {
				t.Errorf("%s cut to %d of %d bytes is read: %d tensors", filepath.Base(path), n, len(whole), len(f.Tensors))
			}
		}
	}
}

func samples(t testing.TB) (list []string) {
	t.Helper()
	for _, end := range []string{".pt", ".pth", ".safetensors", ".npz", ".keras", ".h5"} {
		files, err := filepath.Glob("../../testdata/weights/*" + end)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", end, err)
		}
		list = append(list, files...)
	}
	return list
}

// Whatever a file holds, it is read or refused, and what is read is no more than there is.
func FuzzRead(f *testing.F) {
	for _, path := range samples(f) {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Ext(path), data)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, end string, data []byte) {
		if !slices.Contains(tensors.Endings(false), end) {
			return
		}
		path := filepath.Join(dir, "x"+end)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		file, err := tensors.Read(path)
		if err != nil {
			return
		}
		total := 0
		for _, one := range file.Tensors {
			n := 1
			for _, d := range one.Shape {
				n *= d
			}
			if n != len(one.Data) {
				t.Errorf("%s of shape %v has %d numbers", one.Name, one.Shape, len(one.Data))
			}
			total += n
		}
		if end != ".npz" && total > 2*len(data)+1024 {
			t.Errorf("%d numbers come of %d bytes", total, len(data))
		}
	})
}
