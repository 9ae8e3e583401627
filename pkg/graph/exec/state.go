// Package exec runs graphs: compiled programs in float32, and a plain float64 reference to hold them against.
package exec

import (
	"fmt"
	"slices"

	"dnn/internal/machine"
	"dnn/pkg/graph"
)

// State is the storage of all variables, by name. The programs compiled for different batch sizes, for training and for
// evaluation, share one State.
type State struct {
	names []string
	vars  map[string]*stored
}

type stored struct {
	class graph.Class
	shape graph.Shape
	data  []float32
	param []graph.Param
}

// NewState returns an empty state.
func NewState() *State { return &State{vars: map[string]*stored{}} }

// Bind makes room for the variables of g that the state does not have yet and gives them their first values. A variable
// it has already must be of the same shape.
func (s *State) Bind(g *graph.Graph) error {
	for _, v := range g.Vars {
		if have, ok := s.vars[v.Name]; ok {
			if !have.shape.Equal(v.Value.Shape) {
				return fmt.Errorf("variable %s is %v here and %v there", v.Name, v.Value.Shape, have.shape)
			}
			continue
		}
		data := machine.Floats(v.Value.Shape.Size())
		if v.Init != nil {
			v.Init(data)
		}
		s.vars[v.Name] = &stored{v.Class, slices.Clone(v.Value.Shape), data, v.Params}
		s.names = append(s.names, v.Name)
	}
	return nil
}

// missing is the number of floats of the variables that Bind would make room for.
func (s *State) missing(g *graph.Graph) int {
	n := 0
	for _, v := range g.Vars {
		if s.vars[v.Name] == nil {
			n += v.Value.Shape.Size()
		}
	}
	return n
}

// Names lists the variables in the order they were bound.
func (s *State) Names() []string { return slices.Clone(s.names) }

// Data is the storage of a variable, nil when there is none of that name.
func (s *State) Data(name string) []float32 {
	if v := s.vars[name]; v != nil {
		return v.data
	}
	return nil
}

// Class, Shape and Params describe a variable that the state has.
func (s *State) Class(name string) graph.Class    { return s.vars[name].class }
func (s *State) Shape(name string) graph.Shape    { return s.vars[name].shape }
func (s *State) Params(name string) []graph.Param { return s.vars[name].param }
