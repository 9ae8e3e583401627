package exec

import (
	"fmt"

	"dnn/internal/machine"
	"dnn/pkg/graph"
	"dnn/pkg/graph/plan"
)

// Engine runs graphs on another device. A state that uses one has its programs run there, and its variables lie there as long as
// nobody asks for them here.
type Engine interface {
	// Compile makes g ready to run with the variables of the state. Inputs and outputs are memory of this machine.
	Compile(g *graph.Graph, s *State, o Options, inputs, outputs map[string][]byte) (Runner, error)
	// Device is its name: cuda:0.
	Device() string
}

// Runner is a graph that is ready to run on a device.
type Runner interface {
	// Start takes the inputs as they are and begins a run. With Options.Guard, variables take their next values in it, unless the
	// guard is not finite.
	Start() error
	// Fetch waits for an output and copies it to its memory.
	Fetch(output string) error
	// Wait waits for the end of the run.
	Wait() error
	// Send copies the inputs to the device, for the next run.
	Send() error
	// Recall forgets what was sent.
	Recall() error
	// Commit lets the variables take their next values, if there is no guard.
	Commit() error
}

// Remote is the value of a variable on a device.
type Remote interface {
	Fetch(dst []byte) error
	Free() error
}

// DeviceError is what programs panic with when a device fails: a run has no error of its own.
type DeviceError struct {
	Device string
	Err    error
}

func (e *DeviceError) Error() string { return "device " + e.Device + ": " + e.Err.Error() }
func (e *DeviceError) Unwrap() error { return e.Err }

// must panics for an error of the device.
func (s *State) must(err error) {
	if err != nil {
		panic(&DeviceError{s.engine.Device(), err})
	}
}

// Use has the programs that are compiled for the state from now on run by an engine; nil is this machine's processor.
func (s *State) Use(e Engine) { s.engine = e }

// Memory is the memory of a variable here, for an engine to copy it from: what Remote returned is not newer. It must not change it.
func (s *State) Memory(name string) []byte { return s.vars[name].memory }

// Remote is the value of a variable on the device, nil when there is none, or memory here may have changed since.
func (s *State) Remote(name string) Remote { return s.vars[name].remote }

// Place tells that a variable's value lies on the device. It is newer than memory here where a run put it there.
func (s *State) Place(name string, r Remote, newer bool) {
	v := s.vars[name]
	v.remote, v.newer = r, newer
}

// home brings a variable back: it may be read and changed here from now on.
func (s *State) home(v *stored) {
	if v.remote == nil {
		return
	}
	if v.newer {
		s.must(v.remote.Fetch(v.memory))
	}
	s.must(v.remote.Free())
	v.remote, v.newer = nil, false
}

// allHome brings all variables back, for a program that runs here.
func (s *State) allHome() {
	if s.engine == nil {
		return
	}
	for _, name := range s.names {
		s.home(s.vars[name])
	}
}

// compileOn makes a program that an engine runs.
func compileOn(e Engine, g *graph.Graph, state *State, o Options) (*Program, error) {
	pl, err := plan.Make(g, o.Plan)
	if err != nil {
		return nil, err
	}
	if err := state.Bind(g); err != nil {
		return nil, err
	}
	p := &Program{Plan: pl, state: state, feeds: map[string]graph.Buffer{}, outputs: map[string]graph.Buffer{}}
	inputs, outputs := map[string][]byte{}, map[string][]byte{}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			inputs[n.Name] = machine.Bytes(n.Outputs[0].Bytes())
			p.feeds[n.Name] = graph.BufferOf(n.Outputs[0].DType, inputs[n.Name])
		}
	}
	for _, out := range g.Outputs {
		outputs[out.Name] = machine.Bytes(out.Value.Bytes())
		p.outputs[out.Name] = graph.BufferOf(out.Value.DType, outputs[out.Name])
	}
	if p.runner, err = e.Compile(g, state, o, inputs, outputs); err != nil {
		return nil, fmt.Errorf("device %s: %w", e.Device(), err)
	}
	return p, nil
}

// Remote reports whether the program runs on another device: then Forward returns while the device still computes, there is time for
// something else until an output is asked for, and the inputs may be filled for the next run.
func (p *Program) Remote() bool { return p.runner != nil }

// Send copies the inputs of a remote program to its device, so that the next run need not wait for them. What is not a single number
// must not change until then.
func (p *Program) Send() { p.state.must(p.runner.Send()) }

// Recall has the next run take the inputs as they are then, not as they were sent.
func (p *Program) Recall() { p.state.must(p.runner.Recall()) }

// Wait waits until a remote program has ended its run.
func (p *Program) Wait() {
	if p.runner != nil {
		p.state.must(p.runner.Wait())
	}
}
