// Package exec runs graphs: compiled programs in float32, and a plain float64 reference to hold them against.
package exec

import (
	"fmt"
	"slices"

	"dnn/internal/kernel/bf16"
	"dnn/internal/machine"
	"dnn/pkg/graph"
)

// State is the storage of all variables, by name. The programs compiled for different batch sizes, for training and for
// evaluation, share one State.
type State struct {
	names  []string
	vars   map[string]*stored
	engine Engine // nil: the processor
}

type stored struct {
	class  graph.Class
	typ    graph.Type
	memory []byte // nil before there is any
	param  []graph.Param
	remote Remote // its value on a device, nil where there is none or memory is newer
	newer  bool   // remote is newer than memory
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
		if have.memory != nil {
			continue
		}
		if have.memory = machine.Bytes(have.typ.Bytes()); v.Init != nil {
			have.fill(v.Init)
		}
	}
	return nil
}

// fill gives a variable its first values.
func (v *stored) fill(first func(dst []float32)) {
	b := graph.BufferOf(v.typ.DType, v.memory)
	if b.H == nil {
		first(b.F)
		return
	}
	x := make([]float32, len(b.H))
	first(x)
	bf16.Round(b.H, x)
}

// Declare takes up the variables of g that the state does not have yet, without memory for their values.
func (s *State) Declare(g *graph.Graph) error {
	for _, v := range g.Vars {
		if have, ok := s.vars[v.Name]; !ok {
			t := graph.Type{DType: v.Value.DType, Shape: slices.Clone(v.Value.Shape)}
			s.vars[v.Name] = &stored{class: v.Class, typ: t, param: v.Params}
			s.names = append(s.names, v.Name)
		} else if !have.typ.Equal(v.Value.Type) {
			return fmt.Errorf("variable %s is %v here and %v there", v.Name, v.Value.Type, have.typ)
		}
	}
	return nil
}

// Reserve gives all declared variables memory, filled with zeros in place of their first values: it is for those who have
// the values. It is an error if the machine has not enough.
func (s *State) Reserve() error {
	need := 0.0
	for _, v := range s.vars {
		if v.memory == nil {
			need += float64(v.typ.Bytes())
		}
	}
	if have := float64(Memory()); have > 0 && need > have {
		return fmt.Errorf("its variables need %.1f GB of memory, and this machine has %.1f GB", need/1e9, have/1e9)
	}
	for _, v := range s.vars {
		if v.memory == nil {
			v.memory = machine.Bytes(v.typ.Bytes())
		}
	}
	return nil
}

// missing is the size in bytes of the variables that Bind would make room for.
func (s *State) missing(g *graph.Graph) (n float64) {
	for _, v := range g.Vars {
		if have := s.vars[v.Name]; have == nil || have.memory == nil {
			n += float64(v.Value.Bytes())
		}
	}
	return n
}

// Names lists the variables in the order they were bound.
func (s *State) Names() []string { return slices.Clone(s.names) }

// Buffer is the storage of a variable, empty when there is none of that name, or no memory for it yet. It is brought back from the
// device that it lies on, until a program runs there again.
func (s *State) Buffer(name string) (b graph.Buffer) {
	if v := s.vars[name]; v != nil && v.memory != nil {
		s.home(v)
		b = graph.BufferOf(v.typ.DType, v.memory)
	}
	return b
}

// Data is the storage of a variable of float32, nil when there is none of that name.
func (s *State) Data(name string) []float32 { return s.Buffer(name).F }

// Has reports whether there is a variable of that name, with memory or without.
func (s *State) Has(name string) bool { return s.vars[name] != nil }

// has reports whether the state has memory for a variable of that name and type.
func (s *State) has(name string, t graph.Type) bool {
	v := s.vars[name]
	return v != nil && v.memory != nil && v.typ.Equal(t)
}

func (s *State) memory(name string) []byte { return s.vars[name].memory }

// Class, Type, Shape and Params describe a variable that the state has.
func (s *State) Class(name string) graph.Class    { return s.vars[name].class }
func (s *State) Type(name string) graph.Type      { return s.vars[name].typ }
func (s *State) Shape(name string) graph.Shape    { return s.vars[name].typ.Shape }
func (s *State) Params(name string) []graph.Param { return s.vars[name].param }
