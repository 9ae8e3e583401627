package layers

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/layers/initializer"
)

// matrix is the parameter called NAME.role, or, where the setting weights names a layer, that layer's. Other layers may use
// it as theirs. What a spec says of training, rates and penalties goes with the layer that has the parameter.
func (c *Context) matrix(role, of string, shape graph.Shape, init initializer.Initializer, fanIn, fanOut int) *graph.Value {
	var m *graph.Value
	if of == "" {
		m = c.Param(role, shape, init, fanIn, fanOut)
	} else {
		m = matrixOf(c, of, shape)
	}
	c.scope.net.matrices[c.Name] = m
	return m
}

// matrixOf is the matrix of the layer of that name, built if it is not there yet.
func matrixOf(c *Context, name string, shape graph.Shape) *graph.Value {
	at, i := c.scope.holder(name)
	if at == nil {
		c.fail(shapeUnknown&^c.inUnknown, "weights", "no layer is called %q%s", name, c.scope.net.problems.DidYouMean(name, c.scope.layerNames))
	}
	if at.prefix+name == c.Name {
		c.Fail("weights", "is the name of the layer itself")
	}
	out := at.signal(i)
	m := at.net.matrices[at.prefix+name]
	switch {
	case m == nil && out.unknown != certain:
		panic(failed{shapeUnknown}) // what keeps it from being built is noted
	case m == nil:
		c.Fail("weights", "%s has no matrix to use; embedding layers have one, and dense layers without a rank", name)
	case !m.Shape.Equal(shape):
		c.Fail("weights", "the matrix of %s is %v, and this layer needs one of %v", name, m.Shape, shape)
	}
	return m
}

// holder is the list, this one or one around it, that has a layer of that name, and the layer's place there.
func (s *scope) holder(name string) (*scope, int) {
	for ; s != nil; s = s.outer {
		if i, ok := s.byName[name]; ok {
			return s, i
		}
	}
	return nil, 0
}

// layerNames are the names of the layers in the list and in those around it.
func (s *scope) layerNames() (names []string) {
	for ; s != nil; s = s.outer {
		for name := range s.byName {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
