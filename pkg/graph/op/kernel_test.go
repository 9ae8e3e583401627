package op_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/pkg/graph"
)

// tolerance is that of an op.
func tolerance(o *graph.Op) float64 { return cmp.Or(o.Tolerance, graph.DefaultTolerance) }

func TestKernelsAgainstReference(t *testing.T) {
	worst := map[string]float64{}
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Kernel == nil {
			return
		}
		want := e.evaluate()
		for i, got := range e.run(whole) {
			if n := ints(got); !slices.Equal(n, want[i].I) {
				t.Errorf("output %d is %v, want %v", i, n, want[i].I)
			}
			scale, floats, most := rms(want[i].F), got.Floats(), tolerance(e.op)
			if got.H != nil { // it may round to the other neighbour
				most = 0x1p-7
			}
			for j, w := range want[i].F {
				err := math.Abs(float64(floats[j])-w) / (math.Abs(w) + scale)
				if w == float64(floats[j]) {
					err = 0
				}
				if got.H == nil {
					worst[e.op.Name] = max(worst[e.op.Name], err)
				}
				if !(err <= most) {
					t.Fatalf("output %d[%d] is %v, want %v (error %.2g)", i, j, floats[j], w, err)
				}
			}
		}
	})
	for _, k := range graph.Ops.Keys() {
		t.Logf("%-28s %.2g", k, worst[k])
	}
}

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(max(1, len(x))))
}

func TestKernelsDoNotDependOnCut(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Kernel == nil {
			return
		}
		want := e.run(whole)
		sameBits(t, "unit by unit", e.run(singly), want)
		sameBits(t, "unevenly", e.run(unevenly), want)
	})
}

func TestKernelsInPlace(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Kernel == nil {
			return
		}
		want := e.run(whole)
		var together []graph.Alias
		for _, a := range e.op.InPlace {
			if a.In >= len(e.in) || a.Out >= len(want) || e.node.Inputs[a.In].DType != e.node.Outputs[a.Out].DType || e.in[a.In].Len() != want[a.Out].Len() {
				continue
			}
			sameBits(t, "in place", e.run(singly, a), want)
			if !slices.ContainsFunc(together, func(b graph.Alias) bool { return b.In == a.In || b.Out == a.Out }) {
				together = append(together, a)
			}
		}
		sameBits(t, "all in place", e.run(unevenly, together...), want)
	})
}

// An input may be given twice, and the output may take its place all the same.
func TestKernelsInPlaceOfEqualInputs(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Kernel == nil || strings.HasSuffix(e.op.Name, "_update") {
			return
		}
		for _, a := range e.op.InPlace {
			if a.In >= len(e.in) || e.node.Inputs[a.In].DType != e.node.Outputs[a.Out].DType || e.in[a.In].Len() != e.node.Outputs[a.Out].Shape.Size() {
				continue
			}
			for i := range e.in {
				if i == a.In || e.node.Inputs[i].DType != e.node.Inputs[a.In].DType || e.in[i].Len() != e.in[a.In].Len() {
					continue
				}
				twice := e
				twice.in = slices.Clone(e.in)
				twice.in[i] = e.in[a.In]
				k := e.op.Kernel(e.node)
				c := twice.call(k, a)
				c.In[i] = c.In[a.In]
				for _, p := range k.Phases {
					singly(p, c)
				}
				sameBits(t, "in place of an input given twice", c.Out, twice.run(whole))
			}
		}
	})
}

func TestKernelVariants(t *testing.T) {
	defer cpu.Use(cpu.Variant())
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Kernel == nil {
			return
		}
		var want []graph.Buffer
		for _, v := range cpu.Variants() {
			if err := cpu.Use(v); err != nil {
				t.Fatal(err)
			}
			got := e.run(whole)
			if want == nil {
				want = got
			}
			sameBits(t, v, got, want)
		}
	})
}

func TestKernelsAllocateNothing(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		if e.op.Kernel == nil {
			return
		}
		k := e.op.Kernel(e.node)
		c := e.call(k)
		n := testing.AllocsPerRun(2, func() {
			for _, p := range k.Phases {
				p.Run(c, 0, p.Units)
			}
		})
		if n != 0 {
			t.Errorf("a run allocates %v times", n)
		}
	})
}

func TestPackLeavesWhatLiesInPlace(t *testing.T) {
	pack, _ := graph.Ops.Get("pack")
	e := newExample(t, pack, pack.Cases[0])
	want := e.run(whole)
	k := pack.Kernel(e.node)
	c := e.call(k)
	off := pack.Pack(e.node)[1]
	copy(c.Out[0].F[off:], e.in[1].F)
	c.In[1] = graph.Buffer{F: c.Out[0].F[off : off+len(e.in[1].F)]}
	c.InPlaced[1] = true
	for _, p := range k.Phases {
		singly(p, c)
	}
	sameBits(t, "in place", c.Out, want)
}

func TestIDsOutOfRange(t *testing.T) {
	for key, want := range map[string]string{
		"one_hot":     "one_hot: id 5 at position 3 is outside [0,5)",
		"gather":      "gather: id 5 at position 3 is outside [0,5)",
		"scatter_add": "scatter_add: id 5 at position 3 is outside [0,5)",
	} {
		t.Run(key, func(t *testing.T) {
			o, _ := graph.Ops.Get(key)
			e := newExample(t, o, o.Cases[0])
			for _, b := range e.in {
				if b.I != nil {
					b.I[3] = 5
				}
			}
			for what, f := range map[string]func(){"kernel": func() { e.run(whole) }, "reference": func() { e.evaluate() }} {
				func() {
					defer func() {
						if got := recover(); got != want {
							t.Errorf("%s: panics with %v", what, got)
						}
					}()
					f()
				}()
			}
		})
	}
}
