package layers

import (
	"errors"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// unknown says what of a signal's shape is uncertain because of a mistake reported already. What depends on it is not
// reported.
type unknown uint8

const (
	widthUnknown unknown = 1 << iota // the extent of the last axis
	axesUnknown                      // the axes before it, and how many they are
	kindUnknown                      // a layer before may be meant to be of another kind: nothing but the end of the net depends on it

	certain      unknown = 0
	shapeUnknown         = widthUnknown | axesUnknown
)

// settler is implemented by layers whose output is more certain than their inputs, or less: in is what is unknown of any of
// the inputs, out that about what Build returned.
type settler interface{ settle(in, out unknown) unknown }

// standIn takes the place of what could not be built: shaped like its first input, so that most later layers can be
// built and looked at all the same.
func (s *scope) standIn(in []Signal) Signal {
	out := Signal{}
	if len(in) > 0 {
		out = in[0]
	} else {
		out.Value = s.net.b.Const(graph.Shape{1, 1}, []float32{0})
	}
	out.unknown = shapeUnknown
	return out
}

// buildEntry builds one layer and turns its failure into a noted mistake.
func (s *scope) buildEntry(i int, path string, in []Signal) (out Signal) {
	e := &s.entries[i]
	s.fitMeant(path, in)
	if e.Kind == nil { // its kind was not understood
		return s.standIn(in)
	}
	worst := certain
	for _, x := range in {
		worst |= x.unknown
	}
	kind := spec.KeyOf(e.Kind)
	n := s.net
	guessed := n.problems.At(path) || n.problems.At(path+".type") // the kind may be meant to be another
	c := &Context{
		B: n.b, Training: n.training, Name: s.prefix + s.names[i],
		scope: s, path: path, entry: e, passed: s.passed.with(e, n.heads), inUnknown: worst, guessed: guessed,
	}
	c.Sizes = c.passed.sizes
	row := len(n.info)
	n.info = append(n.info, Info{Path: path, Name: c.Name, Kind: kind, Depth: strings.Count(path, "[") - 1})
	outer, block, stage := n.b.Scope, n.b.Block, n.b.Stage
	defer func() {
		n.b.Scope, n.b.Block, n.b.Stage = outer, block, stage
		switch r := recover().(type) {
		case nil:
		case failed:
			out = s.standIn(in)
			if len(in) > 0 {
				out.unknown = worst | r.unknown
			}
		case *graph.ShapeError:
			if !guessed && (worst|c.unknown == certain || worst|c.unknown == kindUnknown) {
				n.problems.Add(path, "%s: %v", kind, errors.Unwrap(r))
			}
			out = s.standIn(in)
		default:
			panic(r)
		}
		n.info[row].Out, n.info[row].Signal, n.info[row].Table = out.Value.Type, out, c.table
	}()
	n.b.Scope, n.b.Block = c.Name, ""
	out = e.Kind.Build(c, slices.Clone(in))
	if k, ok := e.Kind.(settler); ok {
		worst = k.settle(worst, out.unknown)
	}
	if out.unknown = worst | c.unknown; guessed {
		out.unknown |= kindUnknown
	}
	s.join(i, path, in, &out)
	return out
}
