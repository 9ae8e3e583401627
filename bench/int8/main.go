// Command int8 times predictions of small nets in float32 and in 8-bit integers, in turns, and prints a line of JSON:
// for each form the time of a batch in microseconds, that of the fastest turn. compare.py runs it beside ONNX Runtime.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"dnn/bench/worker"
	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
)

func main() {
	net := flag.String("net", "mlp", "mlp, conv or fashion")
	batch := flag.Int("batch", 64, "rows")
	threads := flag.Int("threads", 1, "threads")
	rounds := flag.Int("rounds", 15, "how often each form is timed")
	flag.Parse()
	pool := parallel.New(*threads)
	forms := []string{"float32", "dynamic", "static"}
	programs := map[string]*exec.Program{}
	for _, form := range forms {
		p, err := compile(*net, form, *batch, pool)
		if err != nil {
			log.Fatal(err)
		}
		p.Run()
		programs[form] = p
	}
	times := map[string][]float64{}
	for range *rounds {
		for _, form := range forms {
			n, start := 0, time.Now()
			for ; time.Since(start) < 20*time.Millisecond || n < 2; n++ {
				programs[form].Run()
			}
			times[form] = append(times[form], float64(time.Since(start).Microseconds())/float64(n))
		}
	}
	best := map[string]float64{}
	for form, t := range times {
		best[form] = slices.Min(t)
	}
	if err := json.NewEncoder(os.Stdout).Encode(best); err != nil {
		log.Fatal(err)
	}
}

// builder makes a net in one of the forms.
type builder struct {
	*graph.Builder
	form   string
	scale  float32 // static
	params int
}

func compile(net, form string, batch int, pool *exec.Pool) (*exec.Program, error) {
	b := &builder{Builder: graph.NewBuilder(), form: form}
	if form == "static" {
		b.scale = 4. / 127
	}
	var x, y *graph.Value
	switch net {
	case "mlp":
		x = b.Input("x", graph.Floats(batch, 784))
		y = b.dense(b.dense(b.dense(x, 512, op.ActRelu), 256, op.ActRelu), 10, op.ActNone)
	case "conv":
		x = b.Input("x", graph.Floats(batch, 28, 28, 1))
		y = b.conv(b.conv(x, 32), 64)
		y = b.conv(op.MaxPool(b.Builder, y, window(2, 2, 0)), 64)
		y = b.dense(b.flat(op.MaxPool(b.Builder, y, window(2, 2, 0))), 10, op.ActNone)
	case "fashion":
		x = b.Input("x", graph.Floats(batch, 28, 28, 1))
		y = b.conv(x, 32)
		y = op.BatchNormApply(b.Builder, y, b.floats(1, 32), b.floats(1, 32), b.floats(1, 32), b.floats(1, 32), 1e-5)
		y = b.conv(op.MaxPool(b.Builder, b.conv(y, 32), window(2, 2, 0)), 64)
		y = b.flat(op.AvgPool(b.Builder, y, window(2, 2, 0), false))
		y = b.dense(b.dense(y, 128, op.ActRelu), 10, op.ActNone)
	default:
		return nil, fmt.Errorf("there is no net %s", net)
	}
	b.SetOutput("y", y)
	g, err := b.Finish()
	if err != nil {
		return nil, err
	}
	if g, err = pass.Run(g, nil); err != nil {
		return nil, err
	}
	state := exec.NewState()
	p, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		return nil, err
	}
	copy(p.Feed("x").F, worker.Uniform(x.Shape.Size(), 1, 0, 1))
	for _, name := range state.Names() {
		if v := state.Buffer(name); v.S != nil {
			for i, f := range worker.Uniform(len(v.S), 2, -127, 127) {
				v.S[i] = int8(f)
			}
		}
	}
	return p, nil
}

func (b *builder) floats(scale float64, shape ...int) *graph.Value {
	b.params++
	size := graph.Shape(shape).Size()
	return b.Var(fmt.Sprint("p", b.params), graph.Weights, shape, func(dst []float32) {
		copy(dst, worker.Uniform(size, uint32(b.params), 0, scale))
	}).Value
}

func (b *builder) ints(shape ...int) *graph.Value {
	b.params++
	return b.VarOf(fmt.Sprint("p", b.params), graph.Weights, graph.Type{DType: graph.I8, Shape: shape}, nil).Value
}

func (b *builder) dense(x *graph.Value, units int, act op.Act) *graph.Value {
	k := x.Shape.Last()
	if b.form == "float32" {
		return op.Dense(b.Builder, x, b.floats(0.05, units, k), b.floats(0.1, units), act, 0, true)
	}
	w := b.ints(units, k)
	return op.DenseInt8(b.Builder, x, w, b.floats(0.001, units), b.floats(0.1, units), op.DenseInt8Attrs{Scale: b.scale, Act: act})
}

func (b *builder) conv(x *graph.Value, filters int) *graph.Value {
	c, win := x.Shape.Last(), window(3, 1, 1)
	if b.form == "float32" {
		return op.ConvAct(b.Builder, x, b.floats(0.05, filters, c, 3, 3), b.floats(0.1, filters), nil, op.ConvActAttrs{Window: win, Groups: 1, Act: op.ActRelu})
	}
	w := b.ints(filters, c, 3, 3)
	return op.ConvInt8(b.Builder, x, w, b.floats(0.001, filters), b.floats(0.1, filters), op.ConvInt8Attrs{Window: win, Groups: 1, Scale: b.scale, Act: op.ActRelu})
}

func (b *builder) flat(x *graph.Value) *graph.Value {
	return op.Reshape(b.Builder, x, x.Shape[0], x.Shape[1:].Size())
}

// window is a square one.
func window(size, stride, padding int) op.Window {
	w := op.Window{Rank: 2}
	for i := range 2 {
		w.Kernel[i], w.Stride[i], w.Dilation[i], w.Before[i], w.After[i] = size, stride, 1, padding, padding
	}
	return w
}
