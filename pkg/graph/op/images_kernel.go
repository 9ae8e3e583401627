package op

import "dnn/pkg/graph"

// imageSteps are the kernels of the steps of one image, and where their memory lies.
type imageSteps struct {
	steps          []imageStep
	in, out        int // floats of an image, before and after
	result         int // of the largest result between steps
	scratch, local int // of the step that needs most
	kept           int
}

type imageStep struct {
	graph.Kernel
	first, inputs int  // which inputs it reads besides the image
	size          int  // floats of its result
	inPlace       bool // its result may take the place of what it reads
	kept          int  // where its memory that lasts begins
}

func newImageSteps(n *graph.Node) *imageSteps {
	a := n.Attrs.(ImagesAttrs)
	s := &imageSteps{in: n.Inputs[0].Shape[1:].Size(), out: n.Outputs[0].Shape[1:].Size()}
	first := 1
	for i, m := range a.nodes(n, 1) {
		step := imageStep{Kernel: m.Op.Kernel(m), first: first, inputs: a.Steps[i].Inputs, size: m.Outputs[0].Shape.Size(), kept: s.kept}
		for _, alias := range m.Op.InPlace {
			step.inPlace = step.inPlace || alias == graph.Alias{}
		}
		s.steps = append(s.steps, step)
		s.result, s.scratch, s.local = max(s.result, step.size), max(s.scratch, step.Scratch), max(s.local, step.Local)
		s.kept += step.Kept
		first += step.inputs
	}
	return s
}

func imagesKernel(n *graph.Node) graph.Kernel {
	s := newImageSteps(n)
	k := graph.Kernel{Kept: s.kept, Local: 2*s.result + s.scratch + s.local, Own: func() any { return &graph.Call{} }}
	once := true
	for _, v := range n.Inputs[1:] {
		once = once && fixed(v)
	}
	for i := range s.steps {
		for _, ph := range s.steps[i].Phases {
			if ph.Once {
				k.Phases = append(k.Phases, graph.Phase{Units: ph.Units, Once: once, Run: func(c *graph.Call, lo, hi int) {
					ph.Run(s.call(c, &s.steps[i], nil, nil), lo, hi)
				}})
			}
		}
	}
	k.Phases = append(k.Phases, graph.Phase{Units: n.Inputs[0].Shape[0], Run: func(c *graph.Call, lo, hi int) {
		for image := lo; image < hi; image++ {
			s.run(c, part(c.In[0].F, image, s.in), part(c.Out[0].F, image, s.out))
		}
	}})
	return k
}

// call is the thread's own for a step.
func (s *imageSteps) call(c *graph.Call, step *imageStep, x, y []float32) *graph.Call {
	sub, memory := c.Own.(*graph.Call), c.Local[2*s.result:]
	sub.In = append(append(sub.In[:0], graph.Buffer{F: x}), c.In[step.first:step.first+step.inputs]...)
	sub.Out = append(sub.Out[:0], graph.Buffer{F: y})
	sub.Scratch, sub.Local = memory[:step.Scratch], memory[s.scratch:s.scratch+step.Kernel.Local]
	sub.Kept = c.Kept[step.kept : step.kept+step.Kernel.Kept]
	return sub
}

// run takes an image through the steps.
func (s *imageSteps) run(c *graph.Call, x, y []float32) {
	at := 0 // which half of the results is free
	for i := range s.steps {
		step := &s.steps[i]
		result := y
		switch {
		case i == len(s.steps)-1:
		case step.inPlace && i > 0:
			result = x
		default:
			result = c.Local[at*s.result:][:step.size]
			at = 1 - at
		}
		sub := s.call(c, step, x, result)
		for _, ph := range step.Phases {
			if !ph.Once {
				ph.Run(sub, 0, ph.Units)
			}
		}
		x = result
	}
}
