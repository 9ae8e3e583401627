package xla

import (
	"errors"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/xla/pjrt"
	"dnn/pkg/xla/stablehlo"
)

// runner is a graph that was compiled for a device.
type runner struct {
	engine          *engine
	module          *stablehlo.Module
	program         *pjrt.Executable
	state           *exec.State
	vars            []string // names in the state, by the module's variables
	guarded         bool
	inputs, outputs map[string][]byte

	sent    map[string]*pjrt.Buffer // inputs that are there for the next run
	results map[string]*pjrt.Buffer // outputs of the last run that were not fetched yet
	next    []*pjrt.Buffer          // next values of variables, until Commit
	running *pjrt.Event
}

// Start sends the inputs and begins a run.
func (r *runner) Start() error {
	if err := r.clear(); err != nil {
		return err
	}
	var args []*pjrt.Buffer
	for i, v := range r.module.Vars {
		b, err := r.engine.variable(r.state, r.vars[i], v.Value.Type)
		if err != nil {
			return err
		}
		args = append(args, b)
	}
	if err := r.send(func(*graph.Value) bool { return true }); err != nil {
		return err
	}
	for _, n := range r.module.Feeds {
		args = append(args, r.sent[n.Name])
		delete(r.sent, n.Name)
	}
	out, running, err := r.program.Start(args)
	if err != nil {
		return explained(err)
	}
	r.running = running
	r.next, out = out[:len(r.module.Assigns)], out[len(r.module.Assigns):]
	for i, o := range r.module.Outputs {
		r.results[o.Name] = out[i]
	}
	if err := freeAll(args[len(r.vars):]); err != nil || !r.guarded {
		return err
	}
	return r.assign()
}

// Send copies inputs ahead, but for single numbers, which change from run to run.
func (r *runner) Send() error {
	return r.send(func(v *graph.Value) bool { return v.Shape.Rank() > 0 })
}

// Recall frees inputs that were sent.
func (r *runner) Recall() error {
	var failed []error
	for name, b := range r.sent {
		failed = append(failed, b.Free())
		delete(r.sent, name)
	}
	return errors.Join(failed...)
}

// send copies those inputs that are not there yet.
func (r *runner) send(which func(v *graph.Value) bool) error {
	for _, n := range r.module.Feeds {
		v := n.Outputs[0]
		if r.sent[n.Name] != nil || !which(v) {
			continue
		}
		b, err := r.engine.put(v.Type, r.inputs[n.Name])
		if err != nil {
			return err
		}
		r.sent[n.Name] = b
	}
	return nil
}

// clear frees what is left of the last run.
func (r *runner) clear() error {
	var failed []error
	for name, b := range r.results {
		failed = append(failed, b.Free())
		delete(r.results, name)
	}
	failed = append(failed, freeAll(r.next), r.Wait())
	r.next = nil
	return errors.Join(failed...)
}

// Wait waits for the end of the run.
func (r *runner) Wait() error {
	if r.running == nil {
		return nil
	}
	err := r.running.Wait()
	r.running = nil
	return explained(err)
}

// assign gives the state the next values of its variables, and frees the old ones.
func (r *runner) assign() error {
	var failed []error
	for i, a := range r.module.Assigns {
		name := r.vars[slices.Index(r.module.Vars, a.Var)]
		if old := r.state.Remote(name); old != nil {
			failed = append(failed, old.Free())
		}
		r.state.Place(name, remote{r.next[i]}, true)
	}
	r.next = nil
	return errors.Join(failed...)
}

// Commit gives the variables their next values. With a guard they have them already.
func (r *runner) Commit() error {
	if r.next == nil {
		return nil
	}
	return r.assign()
}

// Fetch waits for an output.
func (r *runner) Fetch(output string) error {
	b := r.results[output]
	if b == nil {
		return nil // as it was fetched before
	}
	delete(r.results, output)
	err := remote{b}.Fetch(r.outputs[output])
	return errors.Join(r.Wait(), err, b.Free())
}
