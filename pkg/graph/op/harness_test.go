package op_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"dnn/internal/kernel/bf16"
	"dnn/internal/kernel/guard"
	"dnn/pkg/graph"
)

// example is a case made ready: the node in a finished graph, and its inputs in both precisions.
type example struct {
	op   *graph.Op
	c    graph.Case
	g    *graph.Graph
	node *graph.Node
	in   []graph.Buffer
	refs []graph.Ref
}

func TestMain(m *testing.M) { os.Exit(guard.Run(m, os.Stderr)) }

// eachCase runs f on every case of every registered op and sees that no kernel leaves the slices it is given.
func eachCase(t *testing.T, f func(t *testing.T, e example)) {
	for _, k := range graph.Ops.Kinds() {
		for _, c := range k.Value.Cases {
			t.Run(k.Key+"/"+c.Name, func(t *testing.T) {
				defer guard.Check(t, guard.Mark())
				f(t, newExample(t, k.Value, c))
			})
		}
	}
}

func newExample(t testing.TB, o *graph.Op, c graph.Case) example {
	t.Helper()
	e := example{op: o, c: c}
	b := graph.NewBuilder()
	r := random(o.Name + c.Name)
	var in []*graph.Value
	for i, arg := range c.In {
		in = append(in, b.Input(inputName(i), arg.Type))
		ref, buf := draw(arg, r)
		e.refs, e.in = append(e.refs, ref), append(e.in, buf)
	}
	e.node = b.Add(o, c.Attrs, in...)[0].Node
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	e.g = g
	return e
}

func inputName(i int) string { return string(rune('a' + i)) }

// random is a source that depends on the name alone.
func random(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}

// draw makes the elements of an input; those of floats are numbers that both precisions can hold.
func draw(a graph.Arg, r *rand.Rand) (graph.Ref, graph.Buffer) {
	n := a.Type.Shape.Size()
	if !a.Type.DType.Float() {
		x := make([]int32, n)
		buf := graph.BufferOf(a.Type.DType, make([]byte, a.Type.Bytes()))
		for i := range x {
			x[i] = int32(a.Fill(r))
			set(buf, i, x[i])
		}
		if buf.I != nil {
			buf.I = x // a test that changes one changes both
		}
		return graph.Ref{I: x}, buf
	}
	wide, narrow := make([]float64, n), make([]float32, n)
	for i := range wide {
		x := r.NormFloat64()
		if a.Fill != nil {
			x = a.Fill(r)
		}
		narrow[i] = float32(x)
		wide[i] = float64(narrow[i])
	}
	if a.Type.DType == graph.BF16 {
		half := make([]uint16, n)
		bf16.Round(half, narrow)
		for i, x := range (graph.Buffer{H: half}).Floats() {
			wide[i] = float64(x)
		}
		return graph.Ref{F: wide}, graph.Buffer{H: half}
	}
	return graph.Ref{F: wide}, graph.Buffer{F: narrow}
}

// set writes an integer.
func set(b graph.Buffer, i int, x int32) {
	switch {
	case b.I != nil:
		b.I[i] = x
	case b.S != nil:
		b.S[i] = int8(x)
	default:
		b.U[i] = uint8(x)
	}
}

// ints are the integers of a buffer of any size, nil where it holds floats.
func ints(b graph.Buffer) []int32 {
	x := slices.Clone(b.I)
	for _, v := range b.S {
		x = append(x, int32(v))
	}
	for _, v := range b.U {
		x = append(x, int32(v))
	}
	return x
}

// evaluate runs the reference.
func (e example) evaluate() []graph.Ref {
	out := make([]graph.Ref, len(e.node.Outputs))
	for i, v := range e.node.Outputs {
		out[i] = graph.NewRef(v.Type)
	}
	e.op.Eval(e.node, e.refs, out)
	return out
}

// fresh is storage full of NaN, so that an element that is never written, or read too early, is seen. Like all that
// kernels run on here, it lies between guard words.
func fresh(t graph.Type) graph.Buffer {
	switch t.DType {
	case graph.F32:
		return graph.Buffer{F: nans(t.Shape.Size())}
	case graph.I32:
		return graph.Buffer{I: guard.Ints(t.Shape.Size())}
	case graph.BF16:
		h := guard.Halves(t.Shape.Size())
		for i := range h {
			h[i] = 0x7fc0
		}
		return graph.Buffer{H: h}
	}
	return graph.BufferOf(t.DType, make([]byte, t.Bytes()))
}

func nans(n int) []float32 {
	x := guard.Floats(n)
	for i := range x {
		x[i] = float32(math.NaN())
	}
	return x
}

func clone(b graph.Buffer) graph.Buffer {
	switch {
	case b.F != nil:
		return graph.Buffer{F: guard.Copy(b.F)}
	case b.I != nil:
		ids := guard.Ints(len(b.I))
		copy(ids, b.I)
		return graph.Buffer{I: ids}
	case b.H != nil:
		h := guard.Halves(len(b.H))
		copy(h, b.H)
		return graph.Buffer{H: h}
	}
	return graph.Buffer{S: slices.Clone(b.S), U: slices.Clone(b.U)}
}

// call makes what a kernel runs on; outputs lie in the storage of the inputs that aliases name.
func (e example) call(k graph.Kernel, aliases ...graph.Alias) *graph.Call {
	c := &graph.Call{Scratch: nans(k.Scratch), Local: nans(k.Local), Kept: nans(k.Kept), InPlaced: make([]bool, len(e.in))}
	if k.Own != nil {
		c.Own = k.Own()
	}
	for _, b := range e.in {
		c.In = append(c.In, clone(b))
	}
	for _, v := range e.node.Outputs {
		c.Out = append(c.Out, fresh(v.Type))
	}
	for _, a := range aliases {
		c.Out[a.Out] = c.In[a.In]
	}
	return c
}

// A cutting runs a phase in pieces of its own choice.
type cutting func(p graph.Phase, c *graph.Call)

func whole(p graph.Phase, c *graph.Call) { p.Run(c, 0, p.Units) }

func singly(p graph.Phase, c *graph.Call) {
	for i := p.Units - 1; i >= 0; i-- {
		p.Run(c, i, i+1)
	}
}

func unevenly(p graph.Phase, c *graph.Call) {
	for lo, size := 0, 1; lo < p.Units; lo, size = lo+size, size+2 {
		p.Run(c, lo, min(lo+size, p.Units))
	}
}

func (e example) run(how cutting, aliases ...graph.Alias) []graph.Buffer {
	k := e.op.Kernel(e.node)
	c := e.call(k, aliases...)
	for _, p := range k.Phases {
		how(p, c)
	}
	return c.Out
}

// sameBits fails unless all values agree in every bit; NaNs are all alike.
func sameBits(t *testing.T, what string, got, want []graph.Buffer) {
	t.Helper()
	for i := range want {
		if g, w := ints(got[i]), ints(want[i]); !slices.Equal(g, w) {
			t.Fatalf("%s: output %d is %v, want %v", what, i, g, w)
		}
		floats := got[i].Floats()
		for j, w := range want[i].Floats() {
			if g := floats[j]; math.Float32bits(g) != math.Float32bits(w) && (g == g || w == w) {
				t.Fatalf("%s: output %d[%d] is %v, want %v", what, i, j, g, w)
			}
		}
	}
}
