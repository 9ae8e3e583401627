// Package xla is an engine: it compiles graphs by XLA and runs them on the devices of PJRT plugins. A training step is one run, whose
// variables stay on the device.
package xla

import (
	"errors"
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/xla/pjrt"
	"dnn/pkg/xla/stablehlo"
)

// engine is a device that was opened.
type engine struct {
	name   string
	device *pjrt.Device
	flags  []string // of XLA
}

// deterministic has GPUs add in one order, and choose their algorithms by no clock: equal runs give equal bits.
const deterministic = "xla_gpu_deterministic_ops"

// explained says what to do about too little memory.
func explained(err error) error {
	var failed *pjrt.Error
	if errors.As(err, &failed) && failed.OutOfMemory() {
		return fmt.Errorf("too little memory: take smaller batches (train.batch_size) or a smaller net: %w", err)
	}
	return err
}

// Device is its name.
func (e *engine) Device() string { return e.name }

var types = map[graph.DType]pjrt.Type{graph.F32: pjrt.F32, graph.I32: pjrt.S32, graph.BF16: pjrt.BF16, graph.I8: pjrt.S8, graph.U8: pjrt.U8}

// Compile compiles g for the device.
func (e *engine) Compile(g *graph.Graph, s *exec.State, o exec.Options, inputs, outputs map[string][]byte) (exec.Runner, error) {
	m, err := stablehlo.New(g, stablehlo.Options{Guard: o.Guard, Donate: o.Guard != ""})
	if err != nil {
		return nil, err
	}
	program, err := e.device.Compile(m.Text, e.flags...)
	if err != nil {
		return nil, explained(err)
	}
	r := &runner{engine: e, module: m, program: program, state: s, guarded: o.Guard != "", inputs: inputs, outputs: outputs, sent: map[string]*pjrt.Buffer{}, results: map[string]*pjrt.Buffer{}}
	for _, v := range m.Vars {
		name := v.Name
		if other, ok := o.Bind[name]; ok {
			name = other
		}
		r.vars = append(r.vars, name)
	}
	return r, nil
}

// remote is a variable on the device.
type remote struct{ *pjrt.Buffer }

// Fetch copies it here, waiting for what computes it.
func (r remote) Fetch(dst []byte) error {
	event, err := r.Buffer.Fetch(dst)
	if err != nil {
		return err
	}
	return event.Wait()
}

// put copies an array to the device.
func (e *engine) put(t graph.Type, data []byte) (*pjrt.Buffer, error) {
	return e.device.Put(types[t.DType], t.Shape, data)
}

// variable is a variable's value on the device, which it is copied to where it is not there.
func (e *engine) variable(s *exec.State, name string, t graph.Type) (*pjrt.Buffer, error) {
	if r, ok := s.Remote(name).(remote); ok {
		return r.Buffer, nil
	}
	b, err := e.put(t, s.Memory(name))
	if err != nil {
		return nil, fmt.Errorf("cannot copy %s: %w", name, err)
	}
	s.Place(name, remote{b}, false)
	return b, nil
}

// freeAll frees buffers.
func freeAll(list []*pjrt.Buffer) error {
	var failed []error
	for _, b := range list {
		failed = append(failed, b.Free())
	}
	return errors.Join(failed...)
}
