package cli

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"testing"

	"dnn/cmd/internal/cli/exit"
	"dnn/pkg/train/checkpoint"
)

// A model whose weights are not numbers is bad input: its file is named, and there is nothing to explain.
func TestExplainNaN(t *testing.T) {
	t.Chdir(t.TempDir())
	const spec = "name: nan\ndataset:\n  path: rows.csv\n  target: {column: y, type: %s}\nlayers: [{type: dense, units: 3}, {type: dense, units: %s}]\ntrain: {epochs: 1}\n"
	for _, c := range [][2]string{{"number", "targets"}, {"category", "classes"}, {"binary", "targets"}} {
		rows := "x,y\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n9,0\n"
		text := fmt.Sprintf(spec, c[0], c[1])
		for name, text := range map[string]string{"rows.csv": rows, "spec.yaml": text} {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		var said bytes.Buffer
		if code := Run([]string{"train", "spec.yaml", "--out", c[0], "-q"}, nil, &said, &said); code != 0 {
			t.Fatal(said.String())
		}
		f, err := checkpoint.Read(c[0] + "/best.safetensors")
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.Tensors {
			if one := f.Tensors[i]; one.DType == checkpoint.F32 {
				for at := 0; at < len(one.Data); at += 4 {
					binary.LittleEndian.PutUint32(one.Data[at:], math.Float32bits(float32(math.NaN())))
				}
			}
		}
		if err := checkpoint.Write("nan.safetensors", f); err != nil {
			t.Fatal(err)
		}
		said.Reset()
		code := Run([]string{"explain", "nan.safetensors", "rows.csv"}, nil, &said, &said)
		if want := "dnn: nan.safetensors: the prediction for rows.csv, row 1 is not a number, so there is nothing to explain; its training may have diverged\n"; code != exit.Usage || said.String() != want {
			t.Errorf("%s: code %d, %s", c[0], code, said.String())
		}
	}
}
