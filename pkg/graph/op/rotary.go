package op

import (
	"cmp"
	"fmt"
	"math"

	"dnn/internal/exact"
	"dnn/internal/kernel/attention"
	"dnn/pkg/graph"
)

// RotaryAttrs are the number of heads, the base of the wavelengths (0: 10000), whether there is an offset, and whether
// vectors turn back.
type RotaryAttrs struct {
	Heads        int
	Base         float64
	Offset, Back bool
}

var rotaryOp graph.Op

// Rotary turns each head of x [rows, steps, heads·d] by angles that grow with its position (Su et al. 2021): elements j and
// j+d/2 of a head at position p turn by p·base^(-2j/d), so that products of queries and keys depend on how far they are
// apart. offset [rows] of integers is the position of the first step, nil for 0.
//
//	dx = the same of dy, turned back
func Rotary(b *graph.Builder, x, offset *graph.Value, heads int, base float64) *graph.Value {
	return b.One(&rotaryOp, RotaryAttrs{Heads: heads, Base: base, Offset: offset != nil}, present(x, offset)...)
}

func init() {
	rotaryOp = graph.Op{
		Name: "rotary",
		Doc:  "y = x with elements j and j+d/2 of each head turned by position·base^(-2j/d)",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(RotaryAttrs)
			if err := expect(in, only([]graph.DType{graph.F32, graph.I32}, true, a.Offset)...); err != nil {
				return nil, err
			}
			s := in[0].Shape
			if len(s) != 3 || a.Heads < 1 || s[2] == 0 || s[2]%(2*a.Heads) != 0 {
				return nil, fmt.Errorf("x is %v, want [rows, steps, %d heads of an even width]", s, a.Heads)
			}
			if a.Offset && !in[1].Shape.Equal(s[:1]) {
				return nil, fmt.Errorf("x is %v, so the offset must be %v, not %v", s, s[:1], in[1].Shape)
			}
			if a.Base < 0 {
				return nil, fmt.Errorf("the base is %g, want 0 or more", a.Base)
			}
			return in[:1:1], nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			a := n.Attrs.(RotaryAttrs)
			a.Back = !a.Back
			in := append(dout[:1:1], n.Inputs[1:]...)
			return append([]*graph.Value{b.One(&rotaryOp, a, in...)}, make([]*graph.Value, len(in)-1)...)
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a, s := n.Attrs.(RotaryAttrs), n.Inputs[0].Shape
			d := s[2] / a.Heads
			for i := range in[0].F {
				j, p := i%d, i/s[2]%s[1]
				if a.Offset {
					p += int(in[1].I[i/s[2]/s[1]])
				}
				sin, cos := math.Sincos(float64(p) * math.Pow(cmp.Or(a.Base, rotaryBase), -2*float64(j%(d/2))/float64(d)))
				if a.Back == (j < d/2) {
					out[0].F[i] = in[0].F[i]*cos + in[0].F[i-j+(j+d/2)%d]*sin
				} else {
					out[0].F[i] = in[0].F[i]*cos - in[0].F[i-j+(j+d/2)%d]*sin
				}
			}
		},
		Kernel:  rotaryKernel,
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(4),
		Cases: []graph.Case{
			{Name: "heads", Attrs: RotaryAttrs{Heads: 2}, In: []graph.Arg{graph.Normal(3, 5, 12)}},
			{Name: "offset", Attrs: RotaryAttrs{Heads: 1, Base: 100, Offset: true}, In: []graph.Arg{graph.Normal(4, 20, 6), graph.Index(200, 4)}},
			{Name: "back", Attrs: RotaryAttrs{Heads: 3, Offset: true, Back: true}, In: []graph.Arg{graph.Normal(2, 4, 6), graph.Index(9, 2)}},
			{Name: "units", Attrs: RotaryAttrs{Heads: 2}, In: []graph.Arg{graph.Normal(2, 150, 76)}},
		},
	}
	graph.Ops.Register(rotaryOp.Name, rotaryOp.Doc, &rotaryOp)
}

const (
	rotaryBase  = 10000
	rotarySteps = 16 // of a unit
)

func rotaryKernel(n *graph.Node) graph.Kernel {
	a, s := n.Attrs.(RotaryAttrs), n.Inputs[0].Shape
	half, blocks := s[2]/a.Heads/2, ceil(s[1], rotarySteps)
	turn := newTurning(half, cmp.Or(a.Base, rotaryBase))
	k := graph.Kernel{}
	var cos, sin []float32 // of all steps, where they are the same in all rows
	if a.Offset {
		k.Local = 2 * rotarySteps * half
	} else {
		cos, sin = make([]float32, s[1]*half), make([]float32, s[1]*half)
		turn.fill(cos, sin, 0)
	}
	k.Phases = []graph.Phase{{Units: s[0] * blocks, Run: func(c *graph.Call, lo, hi int) {
		for u := lo; u < hi; u++ {
			row, first := u/blocks, u%blocks*rotarySteps
			last := min(first+rotarySteps, s[1])
			var cos, sin = cos, sin
			if a.Offset {
				cos, sin = c.Local[:(last-first)*half], c.Local[rotarySteps*half:][:(last-first)*half]
				turn.fill(cos, sin, first+int(c.In[1].I[row]))
			} else {
				cos, sin = cos[first*half:], sin[first*half:]
			}
			for t := first; t < last; t++ {
				y, x := part(c.Out[0].F, row*s[1]+t, s[2]), part(c.In[0].F, row*s[1]+t, s[2])
				attention.Rotary(y, x, part(cos, t-first, half), part(sin, t-first, half), a.Back)
			}
		}
	}}}
	return k
}

// turning is how far each element of half a head turns with every position.
type turning struct {
	degrees []float64
	// The cosines and sines of the first positions, [turnSteps][half]: those of any position are the product of these and
	// of those of a multiple of turnSteps, which takes far less time.
	cos, sin []float64
}

const turnSteps = 64

func newTurning(half int, base float64) *turning {
	t := &turning{degrees: make([]float64, half), cos: make([]float64, turnSteps*half), sin: make([]float64, turnSteps*half)}
	for j := range t.degrees {
		t.degrees[j] = 180 / math.Pi * exact.Exp(-exact.Log(base)*float64(j)/float64(half))
		for p := range turnSteps {
			t.sin[p*half+j], t.cos[p*half+j] = exact.SinCosDegrees(float64(p) * t.degrees[j])
		}
	}
	return t
}

// fill computes cosines and sines [positions][half] from the given position on. Each depends on its position alone.
func (t *turning) fill(cos, sin []float32, first int) {
	half := len(t.degrees)
	for j, degrees := range t.degrees {
		var s, c float64
		for i := range len(cos) / half {
			p := first + i
			fine := p & (turnSteps - 1)
			if i == 0 || fine == 0 {
				s, c = exact.SinCosDegrees(float64(p-fine) * degrees)
			}
			s1, c1 := t.sin[fine*half+j], t.cos[fine*half+j]
			cos[i*half+j] = float32(math.FMA(c, c1, -s*s1))
			sin[i*half+j] = float32(math.FMA(s, c1, c*s1))
		}
	}
}
