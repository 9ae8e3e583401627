// Command onnx writes a model as ONNX, with rows as its net is fed with them and what dnn predicts for these: a folder as the ONNX
// package lays out its tests (model.onnx, test_data_set_0/input_0.pb, …). check.py runs it and compares.
//
//	go run ./onnx -out DIR -model MODEL        # of a training
//	go run ./onnx -out DIR -random SPEC        # with weights drawn at random
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "dnn/pkg/compress"
	"dnn/pkg/dataset"
	"dnn/pkg/export/exporttest"
	export "dnn/pkg/export/onnx"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/onnx"
)

func main() {
	out := flag.String("out", "", "folder to write into")
	random := flag.Bool("random", false, "draw weights for a spec instead of reading a model")
	int8 := flag.Bool("int8", false, "keep all matrices and kernels in 8-bit integers")
	encoded := flag.Bool("encoded", true, "write the bare net; else no rows are written")
	rows := flag.Int("rows", 16, "rows to predict")
	split := flag.String("split", "validation", "their split")
	set := flag.String("set", "", "keys of the spec to override, separated by spaces")
	ops := flag.Bool("ops", false, "write the cases of all ops and layers, a folder each")
	flag.Parse()
	if *ops {
		err := nodes(*out)
		if err == nil {
			err = layers(*out)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := run(flag.Arg(0), *out, *split, strings.Fields(*set), *rows, *random, *int8, *encoded); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path, out, split string, sets []string, rows int, random, int8, encoded bool) error {
	f, err := open(path, sets, random)
	if err == nil && int8 {
		f, err = exporttest.Int8(f)
	}
	if err != nil {
		return err
	}
	m, notes, err := export.Export(f, export.Options{Encoded: encoded})
	if err != nil {
		return err
	}
	for _, n := range notes {
		fmt.Println("note:", n)
	}
	dir := filepath.Join(out, "test_data_set_0")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := onnx.Write(filepath.Join(out, "model.onnx"), m); err != nil || !encoded {
		return err
	}
	return predict(f, m, out, split, rows)
}

// nodes writes the cases of all ops that are written.
func nodes(out string) error {
	count := 0
	return exporttest.EachNode(export.Registry.Keys(), func(n *exporttest.Node) error {
		m, err := export.Net(n.Graph, n.Data)
		if err != nil {
			return err
		}
		dir := filepath.Join(out, fmt.Sprintf("%03d %s", count, n.Name))
		count++
		data := filepath.Join(dir, "test_data_set_0")
		if err := os.MkdirAll(data, 0o777); err != nil {
			return err
		}
		if err := onnx.Write(filepath.Join(dir, "model.onnx"), m); err != nil {
			return err
		}
		in := 0
		for _, node := range n.Graph.Nodes {
			if node.Leaf != graph.Input {
				continue
			}
			if err := write(data, "input", in, node.Name, node.Outputs[0].Shape, n.In[in]); err != nil {
				return err
			}
			in++
		}
		for i, o := range n.Graph.Outputs {
			if err := write(data, "output", i, o.Name, o.Value.Shape, n.Out[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func open(path string, sets []string, random bool) (*model.File, error) {
	if random {
		return exporttest.Drawn(path, 0.02, sets...)
	}
	return model.Load(path)
}

// layers writes the cases of all layers, each for any number of rows.
func layers(out string) error {
	count := 0
	return exporttest.EachLayer(func(four, five *exporttest.LayerNet) error {
		rows := export.Variant{Symbol: export.Symbol{Name: "batch", Size: 4, Other: 5}, Graph: five.Graph}
		for _, n := range four.Graph.Nodes {
			if n.Leaf == graph.Input && rows.Input == "" {
				rows.Input = n.Name
			}
		}
		m, err := export.Net(four.Graph, four.Data, rows)
		if err != nil {
			return err
		}
		dir := filepath.Join(out, fmt.Sprintf("layer %03d %s", count, four.Name))
		count++
		for set, n := range []*exporttest.LayerNet{four, five} {
			data := filepath.Join(dir, fmt.Sprint("test_data_set_", set))
			if err := os.MkdirAll(data, 0o777); err != nil {
				return err
			}
			for i, v := range m.Graph.Inputs {
				if err := write(data, "input", i, v.Name, n.Graph.Input(v.Name).Shape, n.In[v.Name]); err != nil {
					return err
				}
			}
			if err := write(data, "output", 0, "y", n.Graph.Output("y").Shape, n.Out); err != nil {
				return err
			}
		}
		return onnx.Write(filepath.Join(dir, "model.onnx"), m)
	})
}

// predict writes what goes into the net for some rows of a split, and what comes out: for all of them with as many steps as there may
// be, and for some of them with as many steps as they have.
func predict(f *model.File, m *onnx.Model, out, split string, rows int) error {
	data, err := f.Data()
	if err != nil {
		return err
	}
	part := data.Part(split)
	if part == nil || part.Rows() == 0 {
		part = data.Part("train")
	}
	if f.Net.Config.Train.Stateful {
		own := *f.Net.Config
		own.Train.Stateful = false
		f.Net.Config = &own
	}
	shape := model.Rows(min(rows, part.Rows()))
	b, err := runOnce(f, m, filepath.Join(out, "test_data_set_0"), part, shape)
	if err != nil {
		return err
	}
	return again(f, m, filepath.Join(out, "test_data_set_1"), part, b)
}

// again takes the first rows of a batch.
func again(f *model.File, m *onnx.Model, dir string, part *dataset.Part, b *dataset.Batch) error {
	shape := model.Rows(min(3, b.Rows))
	number := 0
	for i := range f.Net.Schema.Blocks {
		if !f.Net.Schema.Blocks[i].Sequence {
			continue
		}
		name := f.Net.Schema.Blocks[i].Name
		for _, v := range m.Graph.Inputs {
			if v.Name == name && v.Shape[1].Name != "" {
				shape.Steps[number] = max(2, int(slices.Max(b.Lengths[i][:shape.Rows])))
			}
		}
		number++
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	_, err := runOnce(f, m, dir, part, shape)
	return err
}

// runOnce predicts a batch of the first rows.
func runOnce(f *model.File, m *onnx.Model, dir string, part *dataset.Part, shape model.BatchShape) (*dataset.Batch, error) {
	g, err := f.Net.PredictGraph(shape)
	if err != nil {
		return nil, err
	}
	pool := exec.NewPool(1)
	defer pool.Close()
	p, err := f.Net.Compile(g, f.State, pool, model.Evaluation(f.State))
	if err != nil {
		return nil, err
	}
	b := p.NewBatch(shape)
	list := make([]int, shape.Rows)
	for i := range list {
		list[i] = i
	}
	if err := part.Fill(b, list); err != nil {
		return nil, err
	}
	p.Forward()
	for i, v := range m.Graph.Inputs {
		name := v.Name
		if !p.HasFeed(name) {
			name = model.FeedBlock + name
		}
		if err := write(dir, "input", i, v.Name, g.Input(name).Shape, p.Feed(name)); err != nil {
			return nil, err
		}
	}
	for i, v := range m.Graph.Outputs {
		own := g.Output(v.Name).Shape
		if len(v.Shape) > len(own) { // rows and steps apart
			own = append(graph.Shape{shape.Rows, own[0] / shape.Rows}, own[1:]...)
		}
		if err := write(dir, "output", i, v.Name, own, p.Output(v.Name)); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// write writes a tensor.
func write(dir, what string, i int, name string, shape graph.Shape, x graph.Buffer) error {
	var t *onnx.Tensor
	if x.I != nil {
		t = onnx.New(name, x.I, shape...)
	} else {
		t = onnx.New(name, x.F, shape...)
	}
	return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s_%d.pb", what, i)), onnx.EncodeTensor(t), 0o666)
}
