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
	if err := s.Declare(g); err != nil {
		return err
	}
	for _, v := range g.Vars {
		have := s.vars[v.Name]
		if have.data != nil {
			continue
		}
		if have.data = machine.Floats(have.shape.Size()); v.Init != nil {
			v.Init(have.data)
		}
	}
	return nil
}

// Declare takes up the variables of g that the state does not have yet, without memory for their values.
func (s *State) Declare(g *graph.Graph) error {
	for _, v := range g.Vars {
		if have, ok := s.vars[v.Name]; !ok {
			s.vars[v.Name] = &stored{v.Class, slices.Clone(v.Value.Shape), nil, v.Params}
			s.names = append(s.names, v.Name)
		} else if !have.shape.Equal(v.Value.Shape) {
			return fmt.Errorf("variable %s is %v here and %v there", v.Name, v.Value.Shape, have.shape)
		}
	}
	return nil
}

// Reserve gives all declared variables memory, filled with zeros in place of their first values: it is for those who have
// the values. It is an error if the machine has not enough.
func (s *State) Reserve() error {
	need := 0.0
	for _, v := range s.vars {
		if v.data == nil {
			need += 4 * float64(v.shape.Size())
		}
	}
	if have := float64(Memory()); have > 0 && need > have {
		return fmt.Errorf("its variables need %.1f GB of memory, and this machine has %.1f GB", need/1e9, have/1e9)
	}
	for _, v := range s.vars {
		if v.data == nil {
			v.data = machine.Floats(v.shape.Size())
		}
	}
	return nil
}

// missing is the number of floats of the variables that Bind would make room for.
func (s *State) missing(g *graph.Graph) (n float64) {
	for _, v := range g.Vars {
		if have := s.vars[v.Name]; have == nil || have.data == nil {
			n += float64(v.Value.Shape.Size())
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
