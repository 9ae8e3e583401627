// Package exporttest has the examples of ops that the tests of all languages run.
package exporttest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"dnn/pkg/export/calls"
	"dnn/pkg/graph"
)

// Example is a node as calls, with what is fed to it and what dnn's own kernel computes of that.
type Example struct {
	Name string
	Net  *calls.Net
	In   []graph.Buffer
	Out  []graph.Buffer
}

// Examples are those of all ops that are exported as calls. Weights are known beforehand where an op needs that.
func Examples() (list []Example, err error) {
	err = EachNode(calls.Registry.Keys(), func(n *Node) error {
		net, err := calls.New(n.Graph, n.Data)
		if err == nil {
			list = append(list, Example{n.Name, net, n.In, n.Out})
		}
		return err
	})
	return list, err
}

// Node is a graph of one node, with what is fed to it and what dnn's own kernel computes of that.
type Node struct {
	Name    string
	Op      *graph.Op
	Graph   *graph.Graph
	Data    func(v *graph.Var) graph.Buffer // what is known beforehand
	In, Out []graph.Buffer
}

// EachNode makes nodes of the cases of ops. Where do returns a calls.Unsupported, it gets the node again, with all but the first input
// known beforehand; one that is refused then too is left out.
func EachNode(ops []string, do func(n *Node) error) error {
	random := rand.New(rand.NewPCG(1, 2))
	for _, key := range ops {
		o, ok := graph.Ops.Get(key)
		if !ok {
			return fmt.Errorf("there is no op %s", key)
		}
		for _, c := range o.Cases {
			if slices.ContainsFunc(c.In, func(a graph.Arg) bool {
				return a.Type.DType == graph.BF16 || small(a) && !strings.HasSuffix(key, "_int8") && !strings.HasSuffix(key, "_blocks") && key != "dense_sparse"
			}) {
				continue
			}
			for _, known := range []bool{false, true} {
				n, err := node(o, c, known, random)
				if err == nil {
					err = do(n)
				}
				var no *calls.Unsupported
				if errors.As(err, &no) {
					continue
				}
				if err != nil {
					return fmt.Errorf("%s, %s: %w", key, c.Name, err)
				}
				break
			}
		}
	}
	return nil
}

// node makes one, all but the first input of which may be known beforehand.
func node(o *graph.Op, c graph.Case, known bool, random *rand.Rand) (*Node, error) {
	b := graph.NewBuilder()
	e := &Node{Name: o.Name + ", " + c.Name, Op: o}
	var in []*graph.Value
	var given []graph.Buffer
	data := map[string]graph.Buffer{}
	for i, a := range c.In {
		x := graph.BufferOf(a.Type.DType, make([]byte, a.Type.Bytes()))
		draw(x, a, random)
		given = append(given, x)
		name := fmt.Sprint("x", i)
		if small(a) || known && i > 0 && (a.Type.DType == graph.F32 || o.Name == "dense_sparse") {
			in = append(in, b.VarOf(name, graph.State, a.Type, nil).Value)
			data[name] = x
			continue
		}
		in = append(in, b.Input(name, a.Type))
		e.In = append(e.In, x)
	}
	n := b.Add(o, c.Attrs, in...)[0].Node
	out := graph.Compute(n, given)
	for i, v := range n.Outputs {
		if !slices.Contains(o.Saved, i) && (o.Name != "layer_norm" && o.Name != "rms_norm" && o.Name != "group_norm" || i == 0) {
			b.SetOutput(fmt.Sprint("y", i), v)
			e.Out = append(e.Out, out[i])
		}
	}
	e.Data = func(v *graph.Var) graph.Buffer { return data[v.Name] }
	var err error
	e.Graph, err = b.Finish()
	return e, err
}

// small reports whether an input has numbers of 8 bits, which are always known beforehand.
func small(a graph.Arg) bool { return a.Type.DType == graph.I8 || a.Type.DType == graph.U8 }

func draw(x graph.Buffer, a graph.Arg, random *rand.Rand) {
	for i := range x.F {
		if x.F[i] = float32(random.NormFloat64()); a.Fill != nil {
			x.F[i] = float32(a.Fill(random))
		}
	}
	for i := range x.S {
		x.S[i] = int8(a.Fill(random))
	}
	for i := range x.U {
		x.U[i] = uint8(a.Fill(random))
	}
	for i := range x.I {
		x.I[i] = int32(a.Fill(random))
	}
}

// Bytes are the numbers of buffers, in the order of the machine's own.
func Bytes(list []graph.Buffer) []byte {
	var out []byte
	for _, b := range list {
		for _, v := range b.F {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
		for _, v := range b.I {
			out = binary.LittleEndian.AppendUint32(out, uint32(v))
		}
	}
	return out
}

// Differ says where the results of examples are not the expected ones; NaN equals any other NaN.
func Differ(list []Example, got []byte) (wrong []string) {
	for _, e := range list {
		want := Bytes(e.Out)
		if len(got) < len(want) {
			return append(wrong, e.Name+": results are missing")
		}
		if own := got[:len(want)]; !bytes.Equal(own, want) {
			for i := 0; i < len(want); i += 4 {
				a, b := binary.LittleEndian.Uint32(own[i:]), binary.LittleEndian.Uint32(want[i:])
				if x, y := math.Float32frombits(a), math.Float32frombits(b); a != b && (x == x || y == y) {
					wrong = append(wrong, fmt.Sprintf("%s: number %d of %d is %v (%08x), want %v (%08x)", e.Name, i/4, len(want)/4, x, a, y, b))
					break
				}
			}
		}
		got = got[len(want):]
	}
	return wrong
}
