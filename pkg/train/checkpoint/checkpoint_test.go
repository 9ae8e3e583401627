package checkpoint

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample holds every kind of number and the odd shapes; its data follow from seed.
func sample(seed int) *File {
	values := make([]float32, 6)
	for i := range values {
		values[i] = float32(seed) + float32(i)/3
	}
	return &File{
		Metadata: map[string]string{"spec": "name: größe\nseed: 1\n", "classes": `["a","b\"c","<&>"]`, "": "empty key"},
		Tensors: []Tensor{
			New("layers.1.weight", []int{2, 3}, values),
			New("layers.0.bias", []int{3}, []float32{float32(math.NaN()), float32(math.Inf(-1)), math.SmallestNonzeroFloat32}),
			New("mean", []int{2}, []float64{math.Pi, math.Copysign(0, -1)}),
			New("step", nil, []int64{math.MinInt64 + int64(seed)}),
			New("names", []int{3}, []uint8{1, 2, 255}),
			New("i8", []int{1}, []int8{-128}),
			New("i16", []int{1, 1, 1}, []int16{-2}),
			New("u16", []int{1}, []uint16{65535}),
			New("i32", []int{2}, []int32{-5, 5}),
			New("u32", []int{1}, []uint32{1 << 31}),
			New("u64", []int{1}, []uint64{1 << 63}),
			New("ünïcode \" \\ 名", []int{2, 0, 4}, []float32{}),
			{Name: "half", DType: F16, Shape: []int{2}, Data: []byte{0, 60, 0, 64}},
		},
	}
}

func write1(t *testing.T, f *File) (path string, raw []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "m.safetensors")
	if err := Write(path, f); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, raw
}

func TestRoundTrip(t *testing.T) {
	for name, f := range map[string]*File{
		"empty":         {},
		"metadata only": {Metadata: map[string]string{"a": "b"}},
		"all":           sample(1),
		"large":         {Tensors: []Tensor{New("w", []int{1 << 20}, make([]float32, 1<<20)), New("b", []int{3}, []uint8{1, 2, 3})}},
	} {
		t.Run(name, func(t *testing.T) {
			path, raw := write1(t, f)
			got, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Metadata) != len(f.Metadata) || len(got.Tensors) != len(f.Tensors) {
				t.Fatalf("got %d metadata, %d tensors", len(got.Metadata), len(got.Tensors))
			}
			for key, value := range f.Metadata {
				if got.Metadata[key] != value {
					t.Errorf("metadata %q: %q", key, got.Metadata[key])
				}
			}
			for _, want := range f.Tensors {
				have := got.Tensor(want.Name)
				if have == nil || have.DType != want.DType || !slices.Equal(have.Shape, want.Shape) || !bytes.Equal(have.Data, want.Data) {
					t.Errorf("tensor %q: %+v, want %+v", want.Name, have, want)
				}
			}
			if got.Tensor("none such") != nil {
				t.Error("found a tensor that is not there")
			}
			if n := bytes.IndexByte(raw, 0); n < 0 || (len(raw)-dataLen(f))%alignment != 0 {
				t.Errorf("the data start at byte %d", len(raw)-dataLen(f))
			}
			meta, err := ReadMetadata(path)
			if err != nil || !cmp.Equal(meta, got.Metadata) {
				t.Errorf("ReadMetadata: %v, %v", meta, err)
			}
			head, err := ReadHeader(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range head.Tensors {
				if head.Tensors[i].Name != got.Tensors[i].Name || head.Tensors[i].Data != nil {
					t.Errorf("ReadHeader: %+v", head.Tensors[i])
				}
			}
			again, _ := write1(t, got)
			if b, _ := os.ReadFile(again); !bytes.Equal(b, raw) {
				t.Error("what was read does not give the same bytes when it is written")
			}
		})
	}
}

func dataLen(f *File) (n int) {
	for _, t := range f.Tensors {
		n += len(t.Data)
	}
	return n
}

func TestSameContentSameBytes(t *testing.T) {
	_, want := write1(t, sample(1))
	for range 5 {
		f := sample(1)
		slices.Reverse(f.Tensors)
		if _, got := write1(t, f); !bytes.Equal(got, want) {
			t.Fatal("the order of the tensors changes the bytes")
		}
	}
	if _, got := write1(t, sample(2)); bytes.Equal(got, want) {
		t.Fatal("other content, same bytes")
	}
}

func TestValues(t *testing.T) {
	path, _ := write1(t, sample(3))
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Values[float64](f.Tensor("mean")); err != nil || got[0] != math.Pi || !math.Signbit(got[1]) {
		t.Errorf("mean: %v, %v", got, err)
	}
	if got, err := Values[int64](f.Tensor("step")); err != nil || got[0] != math.MinInt64+3 {
		t.Errorf("step: %v, %v", got, err)
	}
	if got, err := Values[int8](f.Tensor("i8")); err != nil || got[0] != -128 {
		t.Errorf("i8: %v, %v", got, err)
	}
	if _, err := Values[float32](f.Tensor("mean")); err == nil || !strings.Contains(err.Error(), `"mean" holds F64, not F32`) {
		t.Errorf("wrong dtype: %v", err)
	}
	odd := append([]byte{9}, f.Tensor("mean").Data...)
	if got, err := Values[float64](&Tensor{DType: F64, Shape: []int{2}, Data: odd[1:]}); err != nil || got[0] != math.Pi {
		t.Errorf("not aligned: %v, %v", got, err)
	}
	if _, err := Values[float64](&Tensor{DType: F64, Data: odd}); err == nil {
		t.Error("9 bytes were taken for float64s")
	}
	if got := swapped([]byte{1, 2, 3, 4}, 2); !bytes.Equal(got, []byte{2, 1, 4, 3}) {
		t.Errorf("swapped: %v", got)
	}
}

func TestBF16(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	halves := []uint16{0x3f80, 0xc000, 0x7fc0}
	if err := Write(path, &File{Tensors: []Tensor{NewBF16("w", []int{3}, halves), New("b", []int{3}, []uint16{1, 2, 3})}}); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	w := f.Tensor("w")
	if got, err := BF16Values(w); err != nil || w.DType != BF16 || !slices.Equal(got, halves) {
		t.Errorf("got %v of %s, %v", got, w.DType, err)
	}
	if _, err := BF16Values(f.Tensor("b")); err == nil || !strings.Contains(err.Error(), `"b" holds U16, not BF16`) {
		t.Errorf("integers as BF16: %v", err)
	}
	if _, err := Values[uint16](w); err == nil || !strings.Contains(err.Error(), `"w" holds BF16, not U16`) {
		t.Errorf("BF16 as integers: %v", err)
	}
	if _, err := BF16Values(&Tensor{DType: BF16, Data: make([]byte, 3)}); err == nil {
		t.Error("3 bytes were taken for BF16")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{1, 2, 6} { // within the halves, and before them
		if err := os.WriteFile(path, raw[:len(raw)-cut], 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes cut off: %v", cut, err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	one := []float32{1}
	for want, f := range map[string]*File{
		`metadata key "dnn.x" is reserved`:    {Metadata: map[string]string{"dnn.x": ""}},
		`metadata "k" is not UTF-8`:           {Metadata: map[string]string{"k": "\xff"}},
		`name "\xff" is not UTF-8`:            {Tensors: []Tensor{New("\xff", []int{1}, one)}},
		`two tensors are named "a"`:           {Tensors: []Tensor{New("a", []int{1}, one), New("a", []int{1}, one)}},
		`may not be named "__metadata__"`:     {Tensors: []Tensor{New("__metadata__", []int{1}, one)}},
		`unknown dtype "F5"`:                  {Tensors: []Tensor{{Name: "a", DType: "F5"}}},
		`negative size`:                       {Tensors: []Tensor{New("a", []int{-1}, one)}},
		`shape [2] of F32 needs 8 bytes`:      {Tensors: []Tensor{New("a", []int{2}, one)}},
		`shape [3] of BF16 needs 6 bytes`:     {Tensors: []Tensor{NewBF16("a", []int{3}, []uint16{1, 2})}},
		`is too large`:                        {Tensors: []Tensor{New("a", []int{math.MaxInt, 3}, one)}},
		`shape [9223372036854775807 0 9] of`:  {Tensors: []Tensor{New("a", []int{math.MaxInt, 0, 9}, one)}},
		`"b": shape [3] of F32 needs 12 byte`: {Tensors: []Tensor{New("a", []int{2}, one), New("b", []int{3}, one)}},
	} {
		err := Write(path, f)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 0 {
		t.Errorf("left %v", names)
	}
}

// TestEveryCutAndEveryBit is the promise of the package: no damage goes unseen, and none panics.
func TestEveryCutAndEveryBit(t *testing.T) {
	if testing.Short() {
		t.Skip("every bit of a file")
	}
	_, raw := write1(t, sample(4))
	known := func(err error) bool {
		return errors.Is(err, ErrDamaged) || errors.Is(err, ErrNotModel) || errors.Is(err, ErrNewer)
	}
	for n := range raw {
		if _, err := decode(bytes.NewReader(raw[:n]), int64(n), true); !known(err) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
		if _, err := decode(bytes.NewReader(raw[:n]), int64(len(raw)), true); !known(err) {
			t.Errorf("cut to %d bytes while it is read: %v", n, err)
		}
	}
	long := append(slices.Clone(raw), 0)
	if _, err := decode(bytes.NewReader(long), int64(len(long)), true); !errors.Is(err, ErrDamaged) {
		t.Errorf("one byte too many: %v", err)
	}
	bad := slices.Clone(raw)
	for i := range raw {
		for bit := range 8 {
			bad[i] ^= 1 << bit
			for _, keep := range []bool{true, false} {
				if _, err := decode(bytes.NewReader(bad), int64(len(bad)), keep); !known(err) {
					t.Errorf("bit %d of byte %d (%q): %v", bit, i, raw[i], err)
				}
			}
			bad[i] = raw[i]
		}
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	_, raw := write1(t, sample(5))
	text := func(header string) []byte { return append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...) }
	flipped := slices.Clone(raw)
	flipped[len(raw)-1] ^= 1
	huge := slices.Clone(raw)
	huge[6] = 0x7f
	for _, c := range []struct {
		name string
		data []byte
		is   error
		want string
	}{
		{"empty", nil, ErrDamaged, "the file is empty"},
		{"half", raw[:len(raw)/2], ErrDamaged, "damaged"},
		{"flipped", flipped, ErrDamaged, "damaged: the checksum does not match (the file was cut or changed)"},
		{"huge header", huge, ErrDamaged, "the header should have"},
		{"text", []byte("name: not a model at all\n"), ErrNotModel, "not a dnn model: it does not start as"},
		{"foreign", text(`{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`), ErrNotModel, "of another program"},
		{"no metadata", text(`{}`), ErrNotModel, "of another program"},
		{"no checksum", text(`{"__metadata__":{"dnn.format":"1"}}`), ErrDamaged, "checksum is missing"},
		{"hole", text(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`), ErrNotModel, "do not fit"},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path)
		if !errors.Is(err, c.is) || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, err := ReadMetadata(path); !errors.Is(err, c.is) {
			t.Errorf("%s: ReadMetadata: %v", c.name, err)
		}
	}
	if _, err := Read(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := Read(dir); !errors.Is(err, ErrNotModel) {
		t.Errorf("directory: %v", err)
	}
}

func TestNewerVersion(t *testing.T) {
	for _, c := range []struct {
		version string
		sound   bool
		is      error
	}{{"2", true, ErrNewer}, {"2", false, ErrNewer}, {"2", false, ErrDamaged}, {"x", true, ErrNotModel}, {"0", true, ErrNotModel}, {"1", true, nil}} {
		if err := checkVersion(c.version, c.sound); !errors.Is(err, c.is) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	path := filepath.Join(f.TempDir(), "m")
	for _, file := range []*File{{}, sample(6)} {
		if err := Write(path, file); err != nil {
			f.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := decode(bytes.NewReader(raw), int64(len(raw)), true)
		if err != nil {
			return
		}
		if checkErr := got.check(); checkErr != nil && !strings.Contains(checkErr.Error(), "reserved") {
			t.Fatalf("what was read cannot be written: %v", checkErr)
		}
	})
}
