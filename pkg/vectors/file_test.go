package vectors

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/train/checkpoint"
)

func TestRegistry(t *testing.T) { registrytest.Check(t, formats, nil) }

// write puts a file into a folder of its own; names ending in .gz are compressed.
func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if strings.HasSuffix(name, ".gz") {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		z.Write(data)
		z.Close()
		data = out.Bytes()
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// npy is a matrix as NumPy writes it.
func npy(descr, order, shape string, numbers any, by binary.ByteOrder) []byte {
	head := "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }"
	head += strings.Repeat(" ", 63-(10+len(head))%64) + "\n"
	out := append([]byte("\x93NUMPY\x01\x00"), byte(len(head)), byte(len(head)>>8))
	out, err := binary.Append(append(out, head...), by, numbers)
	if err != nil {
		panic(err)
	}
	return out
}

// safetensors is a file of another program.
func safetensors(header string, numbers any) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	out, err := binary.Append(append(out, header...), binary.LittleEndian, numbers)
	if err != nil {
		panic(err)
	}
	return out
}

var (
	vocabulary = []string{"", "good", "New York", "none", "bad", "the"}
	values     = []float32{9, 9, 1, -0.5, 2, 0.25, 9, 9, 0.5, -4, 9, 9}
	list       = []byte("good\nbad\r\nNew York\ngood\nThe")
	numbers    = []float32{1, -0.5, 0.5, -4, 2, 0.25, 7, 7, 8, 8}
)

// TestFormats reads the same vectors from files of every format and form.
func TestFormats(t *testing.T) {
	wide, halves, brains := make([]float64, len(numbers)), []uint16{0x3c00, 0xb800, 0x3800, 0xc400, 0x4000, 0x3400, 0x4700, 0x4700, 0x4800, 0x4800}, make([]uint16, len(numbers))
	for i, x := range numbers {
		wide[i], brains[i] = float64(x), uint16(math.Float32bits(x)>>16)
	}
	little, big := binary.LittleEndian, binary.BigEndian
	tensor := func(kind string, size string) string {
		return `{"e":{"dtype":"` + kind + `","shape":[5,2],"data_offsets":[0,` + size + `]},"__metadata__":{"format":"pt"}}`
	}
	lines := "good 1 -0.5\nbad 5e-1 -4\nNew York 2 .25\ngood 7 7\nThe 8 8\n"
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"glove.txt", []byte(lines)},
		{"end.txt", []byte(strings.TrimSuffix(lines, "\n") + "\n\n")},
		{"windows.vec", []byte("\ufeff5 2\r\n" + strings.ReplaceAll(lines, "\n", " \r\n"))},
		{"tabs.tsv", []byte("5\t2\ngood\t1\t-0.5\nbad\t0.5\t-4\nNew York\t2\t0.25\ngood\t7\t7\nThe\t8\t8")},
		{"spaces", []byte("good  1   -0.5\nbad   0.5 -4  \nNew York  2 0.25\ngood 7 7\nThe 8 8")},
		{"many.vec.gz", []byte("5 2\n" + lines)},
		{"four.npy", npy("<f4", "False", "(5, 2)", numbers, little)},
		{"eight.npy.gz", npy("<f8", "False", "(5, 2)", wide, little)},
		{"big.npy", npy(">f4", "False", "(5, 2)", numbers, big)},
		{"two.NPY", npy("<f2", "False", "(5, 2)", halves, little)},
		{"four.safetensors", safetensors(tensor("F32", "40"), numbers)},
		{"eight.safetensors", safetensors(tensor("F64", "80"), wide)},
		{"half.safetensors", safetensors(tensor("F16", "20"), halves)},
		{"brain.safetensors", safetensors(tensor("BF16", "20"), brains)},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := Source{File: write(t, c.name, c.data)}
			if strings.Contains(strings.ToLower(c.name), ".npy") || strings.Contains(c.name, ".safetensors") {
				source.Words = write(t, "words.txt", list)
			}
			got := []float32{9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}
			found, have := read(t, source, got)
			if !slices.Equal(got, values) {
				t.Errorf("got %v, want %v", got, values)
			}
			if want := (Found{Vectors: 5, Words: 5, Exact: 3, Folded: 1}); found != want {
				t.Errorf("found %+v, want %+v", found, want)
			}
			if want := []bool{false, true, true, false, true, false}; !slices.Equal(have, want) {
				t.Errorf("have %v, want %v", have, want)
			}
		})
	}
}

func read(t *testing.T, s Source, dst []float32) (Found, []bool) {
	t.Helper()
	f, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Size != 2 {
		t.Fatalf("size %d, want 2", f.Size)
	}
	found, have, err := f.Into(dst, vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return found, have
}

func TestInMemory(t *testing.T) {
	got := make([]float32, 4)
	found, have, err := InMemory([]string{"", "bad", "", "good"}, []float32{0, 0, 1, 2, 3, 3, 4, 5}, 2).Into(got, []string{"good", "bad"})
	if err != nil || !slices.Equal(got, []float32{4, 5, 1, 2}) || !slices.Equal(have, []bool{true, true}) {
		t.Errorf("%v %v %v", got, have, err)
	}
	if want := (Found{Vectors: 2, Words: 2, Exact: 2}); found != want {
		t.Errorf("found %+v, want %+v", found, want)
	}
}

// A file that something is wrong with is told, with the setting and the place; no memory is taken for what it only says to have.
func TestMistakes(t *testing.T) {
	little := binary.LittleEndian
	one := []float32{1, 2}
	tensor := `{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}`
	nan := []float32{1, float32(math.NaN())}
	for _, c := range []struct {
		name, words string
		data        []byte
		tensor      string
		key, text   string
	}{
		{name: "a.txt", data: nil, key: "file", text: "a.txt: the file is empty"},
		{name: "a.txt", data: []byte("good\n"), key: "file", text: `a.txt:1: want a word and its numbers, got "good"`},
		{name: "a.txt", data: []byte("good 1 2\nbad 1\n"), key: "file", text: "a.txt:2: has 1 number after the word, and 2 are expected"},
		{name: "a.txt", data: []byte("good 1 2\n\nbad 1 2\n"), key: "file", text: "a.txt:2: the line is empty"},
		{name: "a.txt", data: []byte("other 1 x\ngood 1 x\n"), key: "file", text: `a.txt:2: "x" is no finite number`},
		{name: "a.txt", data: []byte("good 1 1e99\n"), key: "file", text: `a.txt:1: "1e99" is no finite number`},
		{name: "a.vec", data: []byte("2 2\ngood 1 2\n"), key: "file", text: "the first line tells of 2 vectors, and the file has 1: it was cut"},
		{name: "a.vec", data: []byte("1 2\ngood 1 2\nbad 1 2\n"), key: "file", text: "the first line tells of 1 vector, and the file has 2"},
		{name: "a.vec", data: []byte("9 99999999\ngood 1 2\n"), key: "file", text: "vectors of 99999999 numbers cannot be"},
		{name: "a.vec", data: []byte("9 -1\ngood 1 2\n"), key: "file", text: "vectors of -1 numbers cannot be"},
		{name: "a.bin", data: []byte("x\x00y 1 2\n"), key: "file", text: "a.bin: is no text"},
		{name: "a.txt", data: []byte("good 1 2\n" + strings.Repeat("x", 1<<19)), key: "file", text: "a.txt:2: the line is longer than 262144 bytes"},
		{name: "a.txt", data: []byte("good 1 2"), words: "good", key: "words", text: "a text file has its words in it"},
		{name: "a.txt", data: []byte("good 1 2"), tensor: "x", key: "tensor", text: "a text file has no tensors"},
		{name: "a.npy", data: npy("<f4", "False", "(1, 2)", one, little), key: "words", text: "words names a file with the word of each vector"},
		{name: "a.npy", data: npy("<f4", "False", "(1, 2)", one, little), words: "good", tensor: "x", key: "tensor", text: "an .npy file holds one matrix"},
		{name: "a.npy", data: []byte("good 1 2"), words: "good", key: "file", text: "is no .npy file"},
		{name: "a.npy", data: []byte("\x93NUMPY\x02\x00\xff\xff\xff\x7f"), words: "good", key: "file", text: "its header has 2147483647 bytes"},
		{name: "a.npy", data: npy("<i4", "False", "(1, 2)", one, little), words: "good", key: "file", text: "holds no floats"},
		{name: "a.npy", data: npy("<f4", "False", "(2,)", one, little), words: "good", key: "file", text: "holds no matrix"},
		{name: "a.npy", data: npy("<f4", "True", "(1, 2)", one, little), words: "good", key: "file", text: "lies column by column"},
		{name: "a.npy", data: npy("<f4", "False", "(1, 99999999999)", one, little), words: "good", key: "file", text: "a matrix of 1 times 99999999999 numbers cannot be"},
		{name: "a.npy", data: npy("<f4", "False", "(99999999999, 2)", one, little), words: "good\nbad", key: "file", text: "ends within vector 2 of 99,999,999,999: it was cut"},
		{name: "a.npy", data: npy("<f4", "False", "(2, 1)", one, little), words: "good", key: "words", text: "words.txt has 1 word, and "},
		{name: "a.npy", data: npy("<f4", "False", "(1, 2)", one, little), words: "good\nbad\n", key: "words", text: "words.txt has more words than the 1 vector of "},
		{name: "a.npy", data: npy("<f4", "False", "(1, 2)", nan, little), words: "good", key: "file", text: "vector 1 holds a number that is not finite"},
		{name: "a.safetensors", data: safetensors(tensor+"}", one), key: "words", text: "words names a file with the word of each vector"},
		{name: "a.safetensors", data: safetensors(tensor+"}", one), words: "good", tensor: "b", key: "tensor", text: `has no matrix called "b"`},
		{name: "a.safetensors", data: safetensors(tensor+`,"b":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}`, []float32{1, 2, 3}), words: "good", key: "tensor", text: "has several matrices: tensor names the one to read: a, b"},
		{name: "a.safetensors", data: safetensors(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, one), words: "good", key: "file", text: "has no matrix of floats"},
		{name: "a.safetensors", data: safetensors(tensor+"}", one[:1]), words: "good", key: "file", text: "do not fit F32"},
		{name: "a.safetensors", data: []byte("good 1 2 and more"), words: "good", key: "file", text: "a.safetensors"},
	} {
		source := Source{File: write(t, c.name, c.data), Tensor: c.tensor}
		if c.words != "" {
			source.Words = write(t, "words.txt", []byte(c.words))
		}
		f, err := Open(source)
		if err == nil {
			_, _, err = f.Into(make([]float32, 2*f.Size), []string{"good", "bad"})
			f.Close()
		}
		m, ok := err.(*Mistake)
		if !ok || m.Key != c.key || !strings.Contains(m.Text, c.text) {
			t.Errorf("%s %.60q: got %v, want %s: %s", c.name, c.data, err, c.key, c.text)
		}
	}
	for _, name := range []string{"missing.txt", "missing.npy", "missing.safetensors"} {
		if _, err := Open(Source{File: name}); err == nil || !strings.HasPrefix(err.Error(), name+": no such file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file of this program opens as an archive too, and says that it is one.
func TestArchive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.safetensors")
	f := &checkpoint.File{Tensors: []checkpoint.Tensor{checkpoint.New("x", []int{2, 1}, []float32{1, 2}), checkpoint.New("a", []int{1}, []float64{3})}}
	if err := checkpoint.Write(path, f); err != nil {
		t.Fatal(err)
	}
	a, err := checkpoint.OpenArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	got := make([]float32, 2)
	if err := binary.Read(a.Reader("x"), binary.LittleEndian, got); err != nil || !a.Ours() || got[1] != 2 {
		t.Errorf("%v, ours %v: %v", got, a.Ours(), err)
	}
}

// FuzzOpen reads what may be any file: there is no panic, and what is read is finite.
func FuzzOpen(f *testing.F) {
	f.Add("txt", []byte("2 2\ngood 1 2\nbad 1 2"))
	f.Add("npy", npy("<f4", "False", "(2, 2)", []float32{1, 2, 3, 4}, binary.LittleEndian))
	f.Add("safetensors", safetensors(`{"a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}}`, []float32{1, 2}))
	f.Fuzz(func(t *testing.T, end string, data []byte) {
		if end != "txt" && end != "npy" && end != "safetensors" {
			return
		}
		source := Source{File: write(t, "f."+end, data)}
		if end != "txt" {
			source.Words = write(t, "w", []byte("good\nbad"))
		}
		file, err := Open(source)
		if err != nil {
			return
		}
		defer file.Close()
		dst := make([]float32, 2*file.Size)
		file.Into(dst, []string{"good", "bad"})
		for _, x := range dst {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				t.Fatal(x)
			}
		}
	})
}
