package layers

import (
	"hash/fnv"
	"math"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/layers/initializer"
)

// Context is what a layer is built in: where its nodes go, what it is called, and how it reports mistakes.
type Context struct {
	B         *graph.Builder
	Training  bool // dropout drops, batch norm measures
	Sizes     Sizes
	Name      string // unique in the net: dense_1, residual_1.dense_2
	scope     *scope
	path      string // layers[3]
	entry     *Entry
	passed    inherited
	inUnknown unknown // about the inputs
	guessed   bool    // the layer may be meant to be of another kind, or lacks a setting
	unknown   unknown // about the output, from mistakes in the layer itself
	table     *Table  // for the layer's Info
}

// failed is what ends the building of a layer; the walk over the layers recovers it. unknown is what remains unknown of
// the layer's output, compared to its first input.
type failed struct{ unknown unknown }

// Fail reports that the layer cannot be built from its inputs, with key as the setting to blame ("" for the layer as a
// whole), and ends its building. When a mistake elsewhere leaves the inputs' shapes unknown, it ends it silently.
func (c *Context) Fail(key, format string, args ...any) {
	c.fail(shapeUnknown, key, format, args...)
}

// fail is Fail for a mistake that lies in d alone: what else is unknown does not silence it.
func (c *Context) fail(d unknown, key, format string, args ...any) {
	c.complain(d, key, format, args...)
	panic(failed{d})
}

// complain is fail for a layer that can be built all the same.
func (c *Context) complain(d unknown, key, format string, args ...any) {
	if (c.inUnknown|c.unknown)&d == certain {
		c.report(key, format, args...)
		c.unknown |= d
	}
}

// report notes a mistake that does not depend on the inputs' shapes. What is wrong with a guess is not worth it.
func (c *Context) report(key, format string, args ...any) {
	if c.guessed {
		return
	}
	path := c.path
	if key != "" {
		path += "." + key
	}
	c.scope.net.problems.Add(path, format, args...)
}

// Inputs checks how many inputs the layer was given. hi < 0 means any number.
func (c *Context) Inputs(in []Signal, lo, hi int) {
	switch {
	case len(in) >= lo && (hi < 0 || len(in) <= hi):
		return
	case lo == hi && lo == 1:
		c.report("inputs", "takes one input, has %d; a concat, add or multiply layer joins several", len(in))
	case lo == hi:
		c.report("inputs", "takes %d inputs, has %d", lo, len(in))
	case hi < 0:
		c.report("inputs", "takes at least %d inputs, has %d", lo, len(in))
	default:
		c.report("inputs", "takes %d to %d inputs, has %d", lo, hi, len(in))
	}
	panic(failed{shapeUnknown})
}

// Floats checks that signals hold numbers, not category indices.
func (c *Context) Floats(in ...Signal) {
	for _, s := range in {
		if s.Value.DType != graph.F32 && s.Lengths != nil {
			c.Fail("", "its input holds tokens, whole numbers that stand for words or letters; put an embedding layer before it, which learns a vector for each%s", because(s.inferred))
		}
		if s.Value.DType != graph.F32 {
			c.Fail("", "its input holds category indices; put an embedding layer before it, or use encode: one_hot in the dataset")
		}
	}
}

// because is what follows in a message after what an input is: why that was inferred.
func because(inferred string) string {
	if inferred == "" {
		return ""
	}
	return " (" + inferred + ")"
}

// Size resolves an extent. key is the setting it was given as. When the extent is unknown because of a mistake, it is 1
// and the output's shape unknown.
func (c *Context) Size(key string, s Size) int {
	n := s.N
	switch s.Word {
	case "classes":
		n = c.Sizes.Classes
	case "targets":
		n = c.Sizes.Targets
	case "vocabulary":
		n = c.Sizes.Vocabulary
	}
	if n > 0 {
		return n
	}
	if n != Unsettled && c.Sizes.Known && s.Word != "" && s.Word != unknownWord {
		c.report(key, "the data's target has no %s%s", s.Word, c.Sizes.hint(key))
	}
	c.unknown |= widthUnknown
	return 1
}

// Param adds a parameter called NAME.role. Its first values come from init and the parameter's own random stream; fanIn
// and fanOut are the numbers of inputs and outputs that each unit connects. What the parameter is stands behind the last dot
// of the role and before an underscore: projection.weight, weight_hh_l0.
func (c *Context) Param(role string, shape graph.Shape, init initializer.Initializer, fanIn, fanOut int) *graph.Value {
	p := graph.Param{Name: c.Name + "." + role, Layer: c.Name, Shape: shape, Rate: c.passed.rate}
	p.Role, _, _ = strings.Cut(role[strings.LastIndexByte(role, '.')+1:], "_")
	if p.Role == "weight" || p.Role == "table" {
		p.L1, p.L2 = c.passed.l1, c.passed.l2
	}
	seed, stream := c.Seed(), Stream(p.Name)
	p.Init = func(dst []float32) {
		init.Fill(dst, initializer.Target{Shape: shape, FanIn: fanIn, FanOut: fanOut, Seed: seed, Stream: stream})
	}
	return c.B.Param(p, c.Trains())
}

// largestConst is how many numbers a constant may have: half a gigabyte of them. Constants are made when a net is built, before
// anything is known of the memory that it needs.
const largestConst = 1 << 27

// Const adds a constant; values makes its numbers.
func (c *Context) Const(shape graph.Shape, values func() []float32) *graph.Value {
	if shape.Size() > largestConst {
		c.Fail("", "needs a table of %v numbers, and a layer makes one of %d at most", shape, largestConst)
	}
	return c.B.Const(shape, values())
}

// State adds a variable called NAME.role that the layer keeps from step to step, filled with first at the beginning.
func (c *Context) State(role string, shape graph.Shape, first float32) *graph.Var {
	return c.B.Var(c.Name+"."+role, graph.State, shape, func(dst []float32) {
		for i := range dst {
			dst[i] = first
		}
	})
}

// AssignState lets a state variable take the value that next builds, in the update stage of a training step: a step that
// diverges leaves the state as it was.
func (c *Context) AssignState(v *graph.Var, next func() *graph.Value) {
	if !c.Training {
		return
	}
	stage := c.B.Stage
	c.B.Stage = graph.Update
	c.B.Assign(v, next())
	c.B.Stage = stage
}

// Also makes a further output known, which the inputs of other layers call NAME.part.
func (c *Context) Also(part string, s Signal) { c.scope.net.also[c.Name+"."+part] = s }

// Trains reports whether the layer's parameters change in training.
func (c *Context) Trains() bool { return !c.passed.frozen && !c.scope.net.freeze.Frozen(c.Name) }

// Step is the number of the training step, an int32 scalar that counts from 0; random layers draw from it. In a net for shards of
// batches, two numbers more say which rows of the batch the shard has (op.Dropout).
func (c *Context) Step() *graph.Value {
	if c.scope.net.sharded {
		return c.B.Input("step", graph.Ints(3))
	}
	return c.B.Input("step", graph.Ints())
}

// Seed is the seed of the run, Stream the layer's own random stream.
func (c *Context) Seed() uint64   { return c.scope.net.seed }
func (c *Context) Stream() uint64 { return Stream(c.Name) }

// Stream turns a name into the number of a random stream. It depends on nothing else, so adding a layer does not change
// what the others draw.
func Stream(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64() & math.MaxInt64
}

// Sequence builds a nested list of layers, each fed by the one before, the first by in. Names inside are NAME.x; a list
// that is built several times passes a different tag each time: NAME.tag.x. The layers within see the names around them,
// and inherit what the block says of training and penalties.
func (c *Context) Sequence(key string, list []Entry, tag string, in Signal) Signal {
	prefix := c.Name + "."
	if tag != "" {
		prefix += tag + "."
	}
	sub := scope{
		net: c.scope.net, path: c.path + "." + key, prefix: prefix, outer: c.scope, passed: c.passed,
		first: func() []Signal { return []Signal{in} },
	}
	return sub.build(list)
}
