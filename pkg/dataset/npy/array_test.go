package npy_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"dnn/internal/machine"
	"dnn/pkg/dataset/npy"
)

// bytesOf is a file that NumPy 2.3 wrote.
func bytesOf(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// shown are all values of an array: fields by commas, elements by spaces, rows by bars.
func shown(b []byte, name string) (string, error) {
	a, err := npy.Read(bytes.NewReader(b), int64(len(b)), name)
	if err != nil {
		return "", err
	}
	text := fmt.Sprint(a.Shape)
	for row := range a.Rows() {
		text += "|"
		for k := range a.Width() {
			text += " "
			for i := range a.Fields {
				text += a.Text(row, k, i) + strings.Repeat(",", min(1, len(a.Fields)-1-i))
			}
		}
	}
	return text, nil
}

// TestArrays reads what NumPy wrote: types, byte orders, orders of the dimensions, structured arrays and archives.
func TestArrays(t *testing.T) {
	for name, want := range map[string]string{
		"matrix.npy":  "[2 2]| 1.5 | -0.1 +inf",
		"fortran.npy": "[2 3 2]| 0 1 2 3 4 5| 6 7 8 9 10 11",
		"half.npy":    "[3]| 0.5| -2| 65504",
		"struct.npy":  "[2]| 1,2.5,ä b,true,2024-12-25,2024-01-02 03:04:05.5| 255,,,false,,",
		"pair.npz:x":  "[3 2]| 0 1| 2 3| 4 5",
		"pair.npz:y":  "[3]| p| q| p",
	} {
		file, array, _ := strings.Cut(name, ":")
		if got, err := shown(bytesOf(t, file), array); err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", name, got, err, want)
		}
	}
	a, err := npy.Read(bytes.NewReader(bytesOf(t, "images.npy")), int64(len(bytesOf(t, "images.npy"))), "")
	if pix, ok := a.Bytes(); err != nil || !ok || fmt.Sprint(pix[:5], pix[23]) != "[0 1 2 3 4] 23" {
		t.Error(pix, ok, err)
	}
	b := bytesOf(t, "fortran.npy")
	if a, err := npy.Read(bytes.NewReader(b), int64(len(b)), ""); err != nil || a.List(1) != "[[6, 7], [8, 9], [10, 11]]" {
		t.Error(a.List(1), err)
	}
}

// array is a file of a header and some bytes.
func array(header string, data int) []byte {
	b := append([]byte(npy.Magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// TestNoArrays: objects, other types and sizes that are not there are errors, before memory is taken.
func TestNoArrays(t *testing.T) {
	sound := "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
	for _, c := range []struct {
		b          []byte
		name, want string
	}{
		{bytesOf(t, "objects.npy"), "", "holds Python objects, which are pickled and can run code, so they are not read"},
		{bytesOf(t, "complex.npy"), "", `has values of the type "<c16", which is not read`},
		{bytesOf(t, "pair.npz"), "", "holds several arrays; name one of x, y"},
		{bytesOf(t, "pair.npz"), "z", `has no array "z"; it holds x, y`},
		{bytesOf(t, "pair.npz")[:200], "x", "is a damaged archive"},
		{array(sound, 24), "x", `holds one array without a name`},
		{array(sound, 23), "", "has 23 bytes after its header, and a shape of [2 3] takes 24"},
		{array(sound, 25), "", "has 25 bytes after its header"},
		{array(strings.Replace(sound, "2, 3", "99999999999, 99999999999", 1), 24), "", "declares more than a terabyte"},
		{array(strings.Replace(sound, "2, 3", "0, 99999999999", 1), 24), "", "holds nothing: its shape is [0 99999999999]"},
		{array(strings.Replace(sound, "2, 3", "99999999999, 0", 1), 24), "", "holds nothing"},
		{array(strings.Replace(sound, "<f4", "<U0", 1), 0), "", "holds nothing"},
		{array(strings.Replace(sound, "'<f4'", "[('a', '<f4'), ('b', [('c', '<f4')])]", 1), 24), "", "has fields that are arrays or structs themselves"},
		{array(sound[:7], 0), "", "has no type in its header"},
		{array(sound[:20], 0), "", "has no shape in its header"},
		{[]byte("a,b\n1,2\n3,4\n"), "", "is no .npy array"},
		{[]byte(npy.Magic + "\x02\x00\xff\xff\xff\x7f"), "", "ends within its header"},
		{nil, "", "is no .npy array"},
		{array(strings.Replace(sound, "2, 3", strings.Repeat("1, ", 65), 1), 4), "", "has more than 64 dimensions"},
		{array(strings.Replace(sound, "'<f4'", "[('a', '<f4'), ('a', '<f4')]", 1), 48), "", `has two fields "a"`},
		{array(strings.Replace(sound, "<f4", "<M8[Y]", 1), 48), "", `has dates of the type "<M8[Y]", which is not read; save them as datetime64[D]`},
		{archive(t, "x.npy", array(sound, 24), "x.npy", array(sound, 24)), "x", `has two arrays "x"`},
		{archive(t, "x.npy", array(sound, 24), "x", array(sound, 24)), "x", `has two arrays "x"`},
	} {
		if got, err := shown(c.b, c.name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", got, err, c.want)
		}
	}
}

// archive is an .npz file of arrays, each after its name.
func archive(t testing.TB, entries ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i].(string))
		if err == nil {
			_, err = w.Write(entries[i+1].([]byte))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBomb: a small archive that declares more than the memory is refused before any is taken.
func TestBomb(t *testing.T) {
	have := machine.Memory()
	if have == 0 {
		t.Skip("the memory of this machine is not known")
	}
	head := array(fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, ), }", have/4), 0)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "x.npy", Method: zip.Store, CompressedSize64: uint64(len(head)), UncompressedSize64: uint64(len(head) + have/4*4)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(head); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := shown(b.Bytes(), "x"); err == nil || !strings.Contains(err.Error(), "GB of memory") {
		t.Errorf("%s: %v", got, err)
	}
}

// FuzzRead: no header and no data make the reader panic, hang or take memory for what is not there, alone or in an archive.
func FuzzRead(f *testing.F) {
	for _, header := range []string{
		"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3, 2), }",
		"{'descr': [('a', '<U2'), ('', '|V3'), ('b', '<M8[ns]')], 'fortran_order': False, 'shape': (1,), }", "{'descr': '|S3', 'fortran_order': False, 'shape': (), }",
	} {
		f.Add(header, bytes.Repeat([]byte{1, 0, 0x80}, 8), false)
		f.Add(header, bytes.Repeat([]byte{0xff}, 24), true)
	}
	f.Fuzz(func(t *testing.T, header string, data []byte, archived bool) {
		if len(header) >= 1<<16 {
			return
		}
		b := append(array(header, 0), data...)
		if !archived {
			shown(b, "")
			return
		}
		shown(archive(t, "x.npy", b), "x")
	})
}

// TestMutations: no change of a file makes its reader panic, hang or take memory for what is not there.
func TestMutations(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"struct.npy", "pair.npz", "fortran.npy"} {
		sound := bytesOf(t, name)
		for range 2000 {
			b := bytes.Clone(sound)
			for range 1 + random.IntN(3) {
				b[random.IntN(len(b))] = byte(random.IntN(256))
			}
			shown(b[:len(b)-random.IntN(2)*random.IntN(9)], "x"[:len("x")*strings.Count(name, ".npz")])
		}
	}
}
