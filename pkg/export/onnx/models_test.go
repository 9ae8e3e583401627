package onnx

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "dnn/pkg/compress" // a sample has steps
	"dnn/pkg/export"
	"dnn/pkg/export/exporttest"
	"dnn/pkg/model"
	file "dnn/pkg/onnx"
	"dnn/pkg/task"
)

var update = flag.Bool("update", false, "write the golden files")

func untrained(t *testing.T, path string) *model.File {
	t.Helper()
	f, err := exporttest.Untrained(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// export writes a model and reads it again.
func exported(t *testing.T, f *model.File, encoded bool) *file.Model {
	t.Helper()
	m, notes, err := Export(f, Options{Encoded: encoded})
	if err != nil {
		t.Fatal(err)
	}
	if len(notes) > 0 {
		t.Errorf("%s: %q", f.Path, notes)
	}
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err := file.Write(path, m); err != nil {
		t.Fatal(err)
	}
	if m, err = file.Read(path); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestModels writes all samples, as they are and with weights of 8-bit integers. They take any number of rows, and texts of any length.
func TestModels(t *testing.T) {
	paths, err := filepath.Glob("../../../configs/*.yaml")
	if err != nil || len(paths) < 19 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		f := untrained(t, path)
		small, err := exporttest.Int8(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, own := range []*model.File{f, small} {
			m := exported(t, own, true)
			if m.IR != IR || m.Opset() != Opset {
				t.Errorf("%s: IR %d, opset %d", own.Path, m.IR, m.Opset())
			}
			for _, v := range append(m.Graph.Inputs, m.Graph.Outputs...) {
				if v.Shape[0] != file.Symbolic("batch") {
					t.Errorf("%s: %s has the rows %v", own.Path, v.Name, v.Shape[0])
				}
				if block := blockOf(f.Net, v.Name); block >= 0 && f.Net.Schema.Blocks[block].Sequence && !f.Net.Schema.Even(block) && v.Shape[1].Name != v.Name+"_steps" {
					t.Errorf("%s: %s has the steps %v", own.Path, v.Name, v.Shape[1])
				}
			}
			if len(m.Graph.Outputs) != len(f.Net.Heads) {
				t.Errorf("%s: %d outputs", own.Path, len(m.Graph.Outputs))
			}
			for k, v := range m.Graph.Outputs {
				h := f.Net.Heads[k]
				if rank := len(v.Shape); v.Shape[rank-1].Size != h.Width || (rank == 3) != h.Sequence() {
					t.Errorf("%s: %s is %v", own.Path, v.Name, v.Shape)
				}
			}
		}
		m := exported(t, small, true)
		if slices.ContainsFunc(m.Graph.Initializers, func(t *file.Tensor) bool { return t.Name == "identity" }) {
			t.Errorf("%s: the product with the inputs of a recurrent layer was not found", small.Path)
		}
		if !slices.ContainsFunc(m.Graph.Initializers, func(t *file.Tensor) bool { return t.Type == file.Int8 && len(t.Data) > 1 }) {
			t.Errorf("%s has no weights of 8-bit integers", small.Path)
		}
	}
}

func blockOf(n *model.Network, name string) int {
	for i := range n.Schema.Blocks {
		if n.Schema.Blocks[i].Name == name {
			return i
		}
	}
	return -1
}

// TestGolden compares the graphs of some nets with those whose outputs bench/onnx/check.py has compared with dnn's.
func TestGolden(t *testing.T) {
	for name, path := range map[string]string{
		"mlp": "configs/mlp.yaml", "cnn": "configs/cnn.yaml", "lstm": "configs/lstm.yaml", "tagging": "configs/tagging.yaml",
		"attention": "configs/attention.yaml", "gpt": "configs/gpt.yaml", "resnet": "configs/resnet.yaml", "skip": "configs/skip.yaml",
		"columns": "pkg/export/exporttest/testdata/columns.yaml", "numbers": "pkg/export/exporttest/testdata/numbers.yaml",
	} {
		got := text(exported(t, untrained(t, filepath.Join("../../..", path)), false))
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (compare the outputs with bench/onnx/check.py, then run with -update): %s", name, diff)
		}
	}
}

// text lists a graph.
func text(m *file.Model) string {
	var b strings.Builder
	for _, v := range m.Graph.Inputs {
		fmt.Fprintln(&b, "input", v.Name, v.Type, axes(v))
	}
	for _, c := range m.Graph.Initializers {
		fmt.Fprintln(&b, "constant", c.Name, c.Type, c.Shape)
	}
	for _, n := range m.Graph.Nodes {
		fmt.Fprintf(&b, "%s = %s(%s)", strings.Join(n.Outputs, ", "), n.Op, strings.Join(n.Inputs, ", "))
		for _, a := range n.Attributes {
			if c, ok := a.Value.(*file.Tensor); ok {
				a.Value = c.Type
			}
			fmt.Fprintf(&b, " %s:%v", a.Name, a.Value)
		}
		fmt.Fprintln(&b)
	}
	for _, v := range m.Graph.Outputs {
		fmt.Fprintln(&b, "output", v.Name, v.Type, axes(v))
	}
	return b.String()
}

func axes(v *file.Value) (list []any) {
	for _, d := range v.Shape {
		if d.Name != "" {
			list = append(list, d.Name)
		} else {
			list = append(list, d.Size)
		}
	}
	return list
}

// Columns are inputs of their own, classes and units are told.
func TestColumns(t *testing.T) {
	f := untrained(t, "../../../configs/two_heads.yaml")
	m := exported(t, f, false)
	kinds := map[string]file.Type{}
	for _, v := range m.Graph.Inputs {
		kinds[v.Name] = v.Type
	}
	want := map[string]file.Type{"sex": file.String, "bill_length_mm": file.Float32, "bill_depth_mm": file.Float32, "flipper_length_mm": file.Float32}
	for name, kind := range want {
		if kinds[name] != kind {
			t.Errorf("%s is of type %s; inputs are %v", name, kinds[name], kinds)
		}
	}
	heads := headsOf(t, m)
	if len(heads) != 2 || heads[0].Output != "prediction.species" || !slices.Equal(heads[0].Classes, f.Net.Heads[0].Classes) || heads[1].Scalings != nil {
		t.Errorf("%+v", heads)
	}
	if !slices.ContainsFunc(m.Graph.Nodes, func(n *file.Node) bool { return strings.HasPrefix(n.Name, "denormalize/") }) {
		t.Error("numbers are not in their unit")
	}
	m = exported(t, f, true)
	if len(m.Graph.Inputs) != 1 || m.Graph.Inputs[0].Name != "features" {
		t.Errorf("%+v", m.Graph.Inputs)
	}
	if heads = headsOf(t, m); len(heads[1].Scalings) != 1 {
		t.Errorf("%+v", heads)
	}
}

func headsOf(t *testing.T, m *file.Model) (heads []headText) {
	t.Helper()
	for _, p := range m.Metadata {
		if p.Key == "outputs" {
			if err := json.Unmarshal([]byte(p.Value), &heads); err != nil {
				t.Fatal(err)
			}
		}
	}
	return heads
}

// What was fitted to predictions is told, too.
func TestMetadata(t *testing.T) {
	f := untrained(t, "../../../configs/binary.yaml")
	heads := headsOf(t, exported(t, f, false))
	if len(heads) != 1 || heads[0].Kind != task.Binary || heads[0].Threshold != 0.3 {
		t.Errorf("%+v", heads)
	}
	m := exported(t, f, false)
	if m.Metadata[0].Key != "classes" || !strings.HasPrefix(m.Metadata[0].Value, `["`) {
		t.Errorf("%+v", m.Metadata)
	}
}

func TestSpellings(t *testing.T) {
	for _, test := range []struct {
		b    export.Binary
		want string
	}{
		{export.Binary{Positive: []string{"True"}, Negative: "False"}, "true TRUE True"},
		{export.Binary{Positive: []string{"false"}, Negative: "TRUE"}, "false FALSE False"},
		{export.Binary{Positive: []string{"yes"}, Negative: "no"}, "yes"},
		{export.Binary{Positive: []string{"true"}, Negative: "no"}, "true"},
		{export.Binary{Positive: []string{">50K", ">50K."}, Negative: "<=50K"}, ">50K >50K."},
	} {
		if got := strings.Join(spellings(&test.b), " "); got != test.want {
			t.Errorf("%+v: %s", test.b, got)
		}
	}
}
