package draft

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ofBytes is an array of small whole numbers as NumPy saves it.
func ofBytes(kind string, of func(i int) byte, shape ...int) string {
	size, dims := 1, ""
	for _, n := range shape {
		size *= n
		dims += fmt.Sprint(n, ", ")
	}
	data := make([]byte, size)
	for i := range data {
		data[i] = of(i)
	}
	text := "{'descr': '" + kind + "', 'fortran_order': False, 'shape': (" + dims + "), }"
	return "\x93NUMPY\x01\x00" + string(rune(len(text))) + "\x00" + text + string(data)
}

// npz writes an archive of arrays, each after its name.
func npz(t *testing.T, entries ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.npz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i] + ".npy")
		if err == nil {
			_, err = w.Write([]byte(entries[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestArchives: arrays are tables, images and series by their rank, and the target is the array of one dimension.
func TestArchives(t *testing.T) {
	spread := func(i int) byte { return byte(i * 37 % 101) }
	three := func(i int) byte { return byte(i % 3) }
	labels, table := ofBytes("|u1", three, 90), ofBytes("|i1", spread, 90, 4)
	for _, c := range []struct {
		target  string
		arrays  []string
		holding []string
	}{
		{"", []string{"x", table, "y", labels}, []string{`data.npz, inputs: x, targets: "y"}`, "type: number}", "target: {column: target, type: category}"}},
		{"kind", []string{"x", table, "y", labels, "kind", labels}, []string{"inputs: x, targets: kind}"}},
		{"", []string{"scale", ofBytes("|i1", three, 4), "y", labels, "x", table}, []string{`inputs: x, targets: "y"}`}},
		{"", []string{"y", labels, "pics", ofBytes("|u1", spread, 90, 8, 8, 3)}, []string{"path: {file:", `inputs: pics, targets: "y"}`, "conv2d", "units: classes"}},
		{"", []string{"x_train", ofBytes("|u1", spread, 90, 8, 8), "y_train", labels, "x_test", ofBytes("|u1", spread, 9, 8, 8), "y_test", ofBytes("|u1", three, 9)},
			[]string{"train: {file:", "inputs: x_train, targets: y_train}", "test: {file:", "inputs: x_test, targets: y_test}", "split: {validation:"}},
		{"", []string{"runs", ofBytes("|i1", spread, 90, 12, 2), "y", labels}, []string{`inputs: runs, targets: "y"}`, "type: series", "conv1d"}},
		{"3", []string{"only", table}, []string{"data.npz", `{column: "3", type: number`}}, // one array is a table
	} {
		text := made(t, Request{Data: npz(t, c.arrays...), Target: c.target})
		holds(t, text, c.holding...)
		if strings.Contains(text, "scale") {
			t.Error(text)
		}
	}
	for _, c := range []struct {
		target string
		arrays []string
		want   string
	}{
		{"", []string{"x", table, "a", labels, "b", labels}, "which array is to be predicted? Name it: --target a (the arrays are: a, b)"},
		{"c", []string{"x", table, "a", labels, "b", labels}, `no array "c" of targets; name one of a, b with --target`},
		{"", []string{"x", table, "y", ofBytes("|u1", three, 9)}, "expected an array of inputs, and one of as many targets, in one dimension; it holds x [90 4], y [9]"},
		{"", []string{"x", ofBytes("|u1", spread, 4, 2, 2), "y", ofBytes("|u1", func(int) byte { return 1 }, 4)}, "the array y has only one class"},
		{"", []string{"x", ofBytes("|u1", spread, 4, 2, 2), "y", ofBytes("<f2", three, 4)}, "the targets of images must be classes"},
	} {
		if _, err := Make(Request{Data: npz(t, c.arrays...), Target: c.target}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
