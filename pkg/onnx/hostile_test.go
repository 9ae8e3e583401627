package onnx

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/encoding/protowire"
)

// A file that ends anywhere is read as far as messages are whole, or refused.
func TestCut(t *testing.T) {
	for _, name := range []string{"types.onnx", "parts.onnx"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for n := range data {
			if _, err := Decode(data[:n]); err != nil {
				refused++
			}
		}
		if refused < len(data)*3/4 {
			t.Errorf("%s: only %d of %d were refused", name, refused, len(data))
		}
	}
}

func TestMistakes(t *testing.T) {
	node := func(n Node) []byte { return appendBytes(nil, 1, appendNode(nil, &n)) }
	tensor := func(fields ...[]byte) (b []byte) {
		for _, f := range fields {
			b = append(b, f...)
		}
		return appendBytes(nil, 5, b)
	}
	kind := func(t Type) []byte { return appendInt(nil, 2, int64(t)) }
	shape := func(sizes ...int64) (b []byte) {
		for _, n := range sizes {
			b = appendInt(b, 1, n)
		}
		return b
	}
	raw := func(n int) []byte { return appendBytes(nil, 9, make([]byte, n)) }
	input := appendBytes(nil, 11, appendValue(nil, &Value{Name: "x", Type: Float32}))
	for _, test := range []struct {
		what    string
		graph   []byte
		message string
	}{
		{"huge shape", tensor(kind(Float32), shape(1<<40, 1<<40), raw(4)), "too large"},
		{"large shape", tensor(kind(Float32), shape(1<<40), raw(4)), "holds 4 bytes instead of 4398046511104"},
		{"negative shape", tensor(kind(Float32), shape(-4), raw(4)), "negative"},
		{"too few elements", tensor(kind(Int8), shape(2, 2), raw(3)), "holds 3 bytes instead of 4"},
		{"no elements", tensor(kind(Int64), shape(2)), "holds 0 bytes"},
		{"texts", tensor(kind(String), shape(2), appendTexts(nil, 6, []string{"a"})), "holds 1 text instead of 2"},
		{"unknown type", tensor(kind(99), shape(1), raw(1)), "type 99"},
		{"numbers of another type", tensor(kind(Float32), shape(1), appendInt(nil, 7, 1)), "not of its type"},
		{"numbers and bytes", tensor(kind(Int64), shape(1), appendInt(nil, 7, 1), raw(8)), "as well as"},
		{"wire type", tensor(appendTexts(nil, 14, []string{"1"})), "type that ONNX gives"},
		{"segment", tensor(appendBytes(nil, 3, nil)), "segment"},
		{"no op", node(Node{Outputs: []string{"y"}}), "op_type"},
		{"unknown input", node(Node{Op: "Relu", Name: "r", Inputs: []string{"z"}, Outputs: []string{"y"}}), `node 0 (Relu "r"): reads "z"`},
		{"cycle", append(node(Node{Op: "Relu", Inputs: []string{"b"}, Outputs: []string{"a"}}), node(Node{Op: "Relu", Inputs: []string{"a"}, Outputs: []string{"b"}})...), "cycle"},
		{"reads itself", node(Node{Op: "Relu", Inputs: []string{"a"}, Outputs: []string{"a"}}), "cycle"},
		{"given twice", append(node(Node{Op: "A", Outputs: []string{"a"}}), node(Node{Op: "A", Outputs: []string{"a"}})...), "given twice"},
		{"input twice", append(append([]byte(nil), input...), input...), `"x" is given twice`},
		{"tensor twice", append(tensor(kind(Int8), shape(1), raw(1), appendText(nil, 8, "w")), tensor(kind(Int8), shape(1), raw(1), appendText(nil, 8, "w"))...), `"w" is given twice`},
		{"output", appendBytes(nil, 12, appendValue(nil, &Value{Name: "y"})), `"y" is not computed`},
		{"attribute twice", node(Node{Op: "A", Attributes: []Attribute{{Name: "a", Value: int64(1)}, {Name: "a", Value: int64(1)}}}), "given twice"},
		{"attribute without a graph", appendBytes(nil, 1, appendText(appendBytes(nil, 5, appendInt(nil, 20, kindGraph)), 4, "If")), "one value"},
		{"attribute of a kind", appendBytes(nil, 1, appendText(appendBytes(nil, 5, appendInt(nil, 20, 77)), 4, "If")), "kind 77"},
		{"sparse", appendBytes(nil, 15, nil), "sparse"},
	} {
		if _, err := Decode(file(test.graph)); err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v", test.what, err)
		}
	}
	for message, data := range map[string][]byte{
		"no graph": {}, "damaged": []byte("PK\x03\x04 is no model"), "two graphs": append(file(nil), file(nil)...),
		"opset_import": appendBytes(nil, 7, node(Node{Op: "A"})),
	} {
		if _, err := Decode(data); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v", message, err)
		}
	}
}

func TestNestedGraphs(t *testing.T) {
	var data []byte
	for range maxDepth {
		data = appendBytes(nil, 1, appendText(appendBytes(nil, 5, appendInt(appendBytes(nil, 6, data), 20, kindGraph)), 4, "If"))
	}
	if _, err := Decode(file(data)); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Error(err)
	}
}

// Nodes in any order are put behind those that they read, also where a subgraph reads.
func TestOrder(t *testing.T) {
	sub := &Graph{Nodes: []*Node{{Op: "Neg", Inputs: []string{"b"}, Outputs: []string{"n"}}}, Outputs: []*Value{{Name: "n"}}}
	g := &Graph{
		Inputs: []*Value{{Name: "x"}}, Outputs: []*Value{{Name: "c"}},
		Nodes: []*Node{
			{Op: "C", Outputs: []string{"c"}, Attributes: []Attribute{{Name: "body", Value: sub}}},
			{Op: "B", Inputs: []string{"a"}, Outputs: []string{"b"}},
			{Op: "D", Inputs: []string{"x"}},
			{Op: "A", Inputs: []string{"x"}, Outputs: []string{"a"}},
		},
	}
	m, err := Decode(Encode(&Model{Opsets: []Opset{{"", 20}}, Graph: g}))
	if err != nil {
		t.Fatal(err)
	}
	order := ""
	for _, n := range m.Graph.Nodes {
		order += n.Op
	}
	if order != "DABC" {
		t.Error(order)
	}
}

// A small file takes little memory, whatever it says of itself.
func TestMemory(t *testing.T) {
	var many []byte
	for range 200000 {
		many = appendBytes(many, 1, appendText(nil, 4, "A"))
	}
	packed := make([]byte, 1<<20)
	tensor := appendBytes(appendInt(appendInt(nil, 1, 1<<20), 2, int64(Int64)), 7, packed)
	for what, data := range map[string][]byte{
		"nodes": file(many), "numbers": file(appendBytes(nil, 5, tensor)),
		"shape": file(appendBytes(nil, 5, appendInt(appendInt(nil, 1, 1<<50), 2, int64(Int8)))),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Decode(data)
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20+uint64(len(data))*256 {
			t.Errorf("%s: %d bytes of a file take %d", what, len(data), taken)
		}
	}
	var parts []byte
	for range maxParts + 1 {
		parts = protowire.AppendTag(parts, 1, protowire.BytesType)
		parts = append(parts, 0)
	}
	if _, err := Decode(file(appendBytes(nil, 1, parts))); err == nil || !strings.Contains(err.Error(), "1,048,576") {
		t.Error(err)
	}
}

// FuzzDecode: nothing makes the reader fail, and what it reads is written and read again as it was.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"types.onnx", "parts.onnx", "external.onnx"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		for _, one := range m.Graph.Initializers {
			if _, err := one.Floats(); err != nil {
				one.Ints()
			}
		}
		again, err := Decode(Encode(m))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again, cmpopts.EquateEmpty(), cmpopts.EquateNaNs()); diff != "" {
			t.Error(diff)
		}
	})
}
