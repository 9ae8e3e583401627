package onnx

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func read(t testing.TB, name string) *Model {
	t.Helper()
	m, err := Read(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// All types of elements, as testdata/make.py wrote them, once as numbers and once as bytes.
func TestTypes(t *testing.T) {
	m := read(t, "types.onnx")
	if m.IR != 10 || m.Opset() != 20 || m.Producer != "make.py" || m.Metadata[0] != (Property{"classes", `["a","b"]`}) {
		t.Errorf("header %+v", m)
	}
	if got, want := *m.Graph.Inputs[0], (Value{Name: "x", Type: Float32, Shape: []Dim{Symbolic("batch"), {Size: 2}}}); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	floats := map[string][]float32{
		"float": {1.5, -2, 3}, "double": {1.5, -2, 3}, "float16": {1.5, -2, 0x1p-24}, "bfloat16": {1.5, -2, 3}, "scalar": {7}, "empty": {},
	}
	ints := map[string][]int64{
		"int8": {-128, 0, 127}, "uint8": {0, 128, 255}, "int16": {-32768, 0, 3}, "uint16": {0, 1, 65535}, "int32": {math.MinInt32, 0, 3},
		"uint32": {0, 1, math.MaxUint32}, "int64": {math.MinInt64, 0, 3}, "uint64": {0, 1, math.MinInt64}, "bool": {1, 0, 1},
		"int4": {-8, 0, 7}, "uint4": {0, 9, 15},
	}
	seen := 0
	for _, one := range m.Graph.Initializers {
		name := strings.TrimSuffix(one.Name, "_raw")
		seen++
		if want, ok := floats[name]; ok {
			if got, err := one.Floats(); err != nil || !cmp.Equal(got, want) {
				t.Errorf("%s: %v %v, expected %v", one.Name, got, err, want)
			}
			if _, err := one.Ints(); err == nil {
				t.Errorf("%s: read as integers", one.Name)
			}
		} else if want, ok := ints[name]; ok {
			if got, err := one.Ints(); err != nil || !cmp.Equal(got, want) {
				t.Errorf("%s: %v %v, expected %v", one.Name, got, err, want)
			}
			if _, err := one.Floats(); err == nil {
				t.Errorf("%s: read as floats", one.Name)
			}
		} else if name != "string" || !cmp.Equal(one.Strings, []string{"a", "", "ü"}) {
			t.Errorf("%s: %+v", one.Name, one)
		}
	}
	if seen != 33 {
		t.Errorf("%d tensors", seen)
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{0x3c00: 1, 0x8001: -0x1p-24, 0x03ff: 0x3ffp-24, 0x0400: 0x1p-14, 0x7bff: 65504, 0xfc00: float32(math.Inf(-1))} {
		if got := half(bits); got != want {
			t.Errorf("%x is %g, expected %g", bits, got, want)
		}
	}
	if !math.IsNaN(float64(half(0x7e00))) {
		t.Error("no NaN")
	}
}

// Attributes, subgraphs, functions.
func TestParts(t *testing.T) {
	m := read(t, "parts.onnx")
	g := m.Graph
	if v := g.Inputs[0].Shape[1]; v != (Dim{Size: -1}) {
		t.Errorf("unknown size %+v", v)
	}
	if g.Outputs[0].Unranked || len(g.Outputs[0].Shape) != 0 {
		t.Error("a scalar is not one")
	}
	choice := g.Nodes[1]
	if choice.Name != "choice" || choice.Attribute("then_branch").(*Graph).Nodes[0].Op != "Add" {
		t.Errorf("%+v", choice)
	}
	if !cmp.Equal(g.Nodes[2].Inputs, []string{"i", "", "w"}) || g.Nodes[3].Attribute("alpha") != float32(.25) || g.Nodes[4].Attribute("keepdims") != int64(0) {
		t.Errorf("%+v %+v %+v", g.Nodes[2], g.Nodes[3], g.Nodes[4])
	}
	f := m.Functions[0]
	if f.Name != "Twice" || f.Nodes[0].Attributes[0].Ref != "by" || f.Attributes[0] != "by" {
		t.Errorf("%+v", f)
	}
	if m.Graph.Nodes[1].Attribute("none") != nil {
		t.Error("an attribute that is not there")
	}
}

// What is written is read again as it was.
func TestRoundTrip(t *testing.T) {
	for _, name := range []string{"types.onnx", "parts.onnx", "external.onnx"} {
		m := read(t, name)
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, m); err != nil {
			t.Fatal(err)
		}
		again, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNew(t *testing.T) {
	if x, err := New("", []float32{1, -2}, 2, 1).Floats(); err != nil || !cmp.Equal(x, []float32{1, -2}) {
		t.Error(x, err)
	}
	for _, one := range []*Tensor{New("", []int64{1, 0}, 2), New("", []int32{1, 0}, 2), New("", []int8{1, 0}, 2), New("", []uint8{1, 0}, 2), New("", []bool{true, false}, 2)} {
		if x, err := one.Ints(); err != nil || !cmp.Equal(x, []int64{1, 0}) {
			t.Error(one, x, err)
		}
	}
	if s := New("", []string{"a"}); s.Strings[0] != "a" || s.check() != nil {
		t.Error(s)
	}
}

func TestExternal(t *testing.T) {
	m := read(t, "external.onnx")
	if x, err := m.Graph.Initializers[0].Floats(); err != nil || !cmp.Equal(x, []float32{0, 1, 2, 3, 4, 5}) {
		t.Error(x, err)
	}
	data, err := os.ReadFile("testdata/external.onnx")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(data); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Error(err)
	}
	dir := filepath.Join(t.TempDir(), "folder")
	for _, name := range []string{"../out", "cut"} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, make([]byte, 8), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../out", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for location, message := range map[string]string{
		"../out": "not within the folder", "/etc/hostname": "not within the folder", "a/../../x": "not within the folder", "link": "escapes",
		"none": "no such file", "cut": "ends before", "": "not within the folder", ".": "no regular file",
	} {
		tensor := appendInt(appendInt(appendInt(nil, 1, 6), 2, int64(Float32)), 14, 1)
		for key, value := range map[string]string{"location": location, "length": "24"} {
			tensor = appendBytes(tensor, 13, appendTexts(appendTexts(nil, 1, []string{key}), 2, []string{value}))
		}
		name := filepath.Join(dir, "m.onnx")
		if err := os.WriteFile(name, file(appendBytes(nil, 5, tensor)), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(name); err == nil || !strings.Contains(err.Error(), message) || !strings.Contains(err.Error(), "m.onnx") {
			t.Errorf("%s: %v", location, err)
		}
	}
}

// file is a model with a graph of these bytes.
func file(graph []byte) []byte {
	return appendBytes(appendOpsets(appendInt(nil, 1, 10), 8, []Opset{{"", 20}}), 7, graph)
}
