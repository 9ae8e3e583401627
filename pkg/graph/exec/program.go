package exec

import (
	"fmt"
	"math"
	"slices"
	"time"

	"dnn/internal/machine"
	"dnn/pkg/graph"
	"dnn/pkg/graph/plan"
)

// smallNode is the estimated time in nanoseconds below which a node is run on the caller's thread alone: handing work to
// another thread costs more than it saves.
const smallNode = 15_000

// Program is a graph made ready to run: memory laid out, kernels prepared. A run allocates nothing.
type Program struct {
	Plan    *plan.Plan
	state   *State
	pool    *Pool
	arena   []byte
	buffers []graph.Buffer // by value id
	feeds   map[string]graph.Buffer
	outputs map[string]graph.Buffer
	steps   []step
	update  int // index of the first step of the update
	copies  []move
	profile []time.Duration // by step, when switched on
	runner  Runner          // of a program that runs on another device; nil on this processor
}

// step is one node, ready to run.
type step struct {
	node   *graph.Node
	calls  []*graph.Call // by thread
	local  int           // memory that each thread has for itself
	phases []phase
}

type phase struct {
	units  int
	serial bool
	once   bool // and not to be run again once it is done
	done   bool
	run    func(worker, lo, hi int)
}

type move struct{ to, from []byte }

// Options change how a program is compiled.
type Options struct {
	Plan plan.Options
	// Bind lets a variable use the storage of another one of the state: the averaged weights in place of the weights.
	Bind map[string]string
	// Guard names an output, a number. An engine updates variables in the same run, unless that number is not finite. Without it they
	// wait for Update.
	Guard string
}

// TooLarge is the error of a net that needs more memory for a batch than the machine has, both in bytes.
type TooLarge struct{ Need, Have float64 }

func (e *TooLarge) Error() string {
	return fmt.Sprintf("a batch needs %.1f GB of memory, and this machine has %.1f GB: take a smaller net or smaller batches, or in training recompute: auto", e.Need/1e9, e.Have/1e9)
}

// Compile plans g and prepares it to run on the pool with the variables of state.
func Compile(g *graph.Graph, state *State, pool *Pool, o Options) (*Program, error) {
	if e := state.engine; e != nil && !o.Plan.KeepAll { // what shows all values does so here
		return compileOn(e, g, state, o)
	}
	pl, err := plan.Make(g, o.Plan)
	if err != nil {
		return nil, err
	}
	if need, have := float64(pl.Arena)+state.missing(g)+feeds(g), float64(Memory()); have > 0 && need > have {
		return nil, &TooLarge{need, have}
	}
	if err := state.Bind(g); err != nil {
		return nil, err
	}
	p := &Program{
		Plan: pl, state: state, pool: pool, arena: machine.Bytes(pl.Arena),
		buffers: make([]graph.Buffer, len(g.Values)), feeds: map[string]graph.Buffer{}, outputs: map[string]graph.Buffer{},
	}
	inputs := map[string][]byte{}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			inputs[n.Name] = machine.Bytes(n.Outputs[0].Bytes())
			p.feeds[n.Name] = graph.BufferOf(n.Outputs[0].DType, inputs[n.Name])
		}
	}
	memory := make([][]byte, len(g.Values)) // by value id
	for _, v := range g.Values {
		raw, err := p.memory(v, inputs, o)
		if err != nil {
			return nil, err
		}
		memory[v.ID], p.buffers[v.ID] = raw, graph.BufferOf(v.DType, raw)
	}
	for _, out := range g.Outputs {
		p.outputs[out.Name] = p.buffers[out.Value.ID]
	}
	for _, n := range pl.Order {
		if n.Op.Kernel != nil {
			p.steps = append(p.steps, p.prepare(n))
		}
	}
	p.giveLocal()
	p.update = len(p.steps)
	if i := slices.IndexFunc(p.steps, func(s step) bool { return s.node.Stage == graph.Update }); i >= 0 {
		p.update = i
	}
	for _, c := range pl.Copies {
		p.copies = append(p.copies, move{state.memory(c.Var.Name), memory[c.From.ID]})
	}
	return p, nil
}

// feeds is how many bytes the inputs of g take.
func feeds(g *graph.Graph) (n float64) {
	for _, node := range g.Nodes {
		if node.Leaf == graph.Input {
			n += float64(node.Outputs[0].Bytes())
		}
	}
	return n
}

// memory finds the storage of a value.
func (p *Program) memory(v *graph.Value, inputs map[string][]byte, o Options) ([]byte, error) {
	place := p.Plan.Places[v.ID]
	var whole []byte
	switch place.Region {
	case plan.Arena:
		whole = p.arena
	case plan.Vars:
		name := place.Root.Node.Name
		if other, ok := o.Bind[name]; ok {
			name = other
		}
		if !p.state.has(name, place.Root.Type) {
			return nil, fmt.Errorf("exec: the state has no variable %s, %v", name, place.Root.Type)
		}
		whole = p.state.memory(name)
	case plan.Feeds:
		whole = inputs[place.Root.Node.Name]
	case plan.Consts:
		whole = graph.BytesOf(p.Plan.Graph.Consts[place.Root])
	}
	return window(whole, place.Offset, v.Bytes()), nil
}

// window is the part of s at [offset, offset+size), with no room to grow beyond it; nil for a value that is never computed.
func window(s []byte, offset, size int) []byte {
	if offset+size > len(s) {
		return nil
	}
	return s[offset : offset+size : offset+size]
}

// prepare makes the call and the phases of one node.
func (p *Program) prepare(n *graph.Node) step {
	call := &graph.Call{InPlaced: p.Plan.InPlaced[n.ID]}
	for _, v := range n.Inputs {
		call.In = append(call.In, p.buffers[v.ID])
	}
	for _, v := range n.Outputs {
		call.Out = append(call.Out, p.buffers[v.ID])
	}
	k := n.Op.Kernel(n)
	if k.Scratch > 0 {
		call.Scratch = graph.BufferOf(graph.F32, window(p.arena, p.Plan.Scratch[n.ID], 4*k.Scratch)).F
	}
	if k.Kept > 0 {
		call.Kept = graph.BufferOf(graph.F32, machine.Bytes(4*k.Kept)).F
	}
	s := step{node: n, local: k.Local}
	for range p.pool.Threads() {
		own := *call
		if k.Own != nil {
			own.Own = k.Own()
		}
		s.calls = append(s.calls, &own)
	}
	small := estimate(n) < smallNode
	for _, ph := range k.Phases {
		s.phases = append(s.phases, phase{
			units: ph.Units, serial: small, once: ph.Once && len(p.Plan.Graph.Assigns) == 0,
			run: func(worker, lo, hi int) { ph.Run(s.calls[worker], lo, hi) },
		})
	}
	return s
}

// giveLocal allocates each thread's own scratch memory, which all steps share.
func (p *Program) giveLocal() {
	size := 0
	for _, s := range p.steps {
		size = max(size, s.local)
	}
	for i := range p.pool.Threads() {
		local := graph.BufferOf(graph.F32, machine.Bytes(4*size)).F
		for _, s := range p.steps {
			s.calls[i].Local = local[:s.local:s.local]
		}
	}
}

// estimate guesses a node's time on one thread in nanoseconds.
func estimate(n *graph.Node) float64 {
	if n.Op.Cost == nil {
		return 0
	}
	c := n.Op.Cost(n)
	return c.Flops/30 + c.Bytes/10
}

// Run runs one whole step.
func (p *Program) Run() {
	p.Forward()
	p.Update()
}

// Forward runs everything but the update: afterwards the outputs can be read and the variables are still the old ones, but for those of a
// program with a guard on another device.
func (p *Program) Forward() {
	if p.runner != nil {
		p.state.must(p.runner.Start())
		return
	}
	p.state.allHome()
	p.runSteps(0, p.update)
}

// Update runs the rest of the step.
func (p *Program) Update() {
	if p.runner != nil {
		p.state.must(p.runner.Commit())
		return
	}
	p.runSteps(p.update, len(p.steps))
	for _, c := range p.copies {
		copy(c.to, c.from)
	}
}

func (p *Program) runSteps(from, to int) {
	for i := from; i < to; i++ {
		if p.profile != nil {
			start := time.Now()
			p.runStep(&p.steps[i])
			p.profile[i] += time.Since(start)
			continue
		}
		p.runStep(&p.steps[i])
	}
}

func (p *Program) runStep(s *step) {
	for i := range s.phases {
		ph := &s.phases[i]
		if ph.done {
			continue
		}
		ph.done = ph.once
		if ph.serial {
			ph.run(0, 0, ph.units)
		} else {
			p.pool.Run(ph.units, ph.run)
		}
	}
}

// Trace runs a whole step as Run does, but leaves each phase to see, which is to run all of its units, in any cut, and may take
// the time of each. Serial phases are those that one thread does alone.
func (p *Program) Trace(see func(units int, serial bool, run func(worker, lo, hi int))) {
	for i := range p.steps {
		for _, ph := range p.steps[i].phases {
			see(ph.units, ph.serial, ph.run)
		}
	}
	for _, c := range p.copies {
		copy(c.to, c.from)
	}
}

// Feed is the storage of an input, to be filled before a run. It panics for an input that the graph does not have.
func (p *Program) Feed(name string) graph.Buffer {
	b, ok := p.feeds[name]
	if !ok {
		panic("exec: no input " + name)
	}
	return b
}

// HasFeed reports whether the graph has an input of that name.
func (p *Program) HasFeed(name string) bool {
	_, ok := p.feeds[name]
	return ok
}

// HasOutput reports whether the graph puts out something of that name.
func (p *Program) HasOutput(name string) bool {
	_, ok := p.outputs[name]
	return ok
}

// Output is the storage of an output; it holds the figures of the last run.
func (p *Program) Output(name string) graph.Buffer {
	b, ok := p.outputs[name]
	if !ok {
		panic("exec: no output " + name)
	}
	if p.runner != nil {
		p.state.must(p.runner.Fetch(name))
	}
	return b
}

// ArenaBytes is the memory that values share within a step.
func (p *Program) ArenaBytes() int { return len(p.arena) }

// Timing is the time spent in one node over all profiled runs.
type Timing struct {
	Node *graph.Node
	Time time.Duration
}

// StartProfile begins to measure each node's time; Profile returns what was measured since.
func (p *Program) StartProfile() { p.profile = make([]time.Duration, len(p.steps)) }

// Profile returns the time of each node in order of execution and stops measuring.
func (p *Program) Profile() []Timing {
	var t []Timing
	for i, d := range p.profile {
		t = append(t, Timing{p.steps[i].node, d})
	}
	p.profile = nil
	return t
}

// FirstNotFinite returns the first node of the order whose output holds a NaN or an infinity, or nil. It is of use for a
// program compiled with plan.Options.KeepAll, after Forward.
func (p *Program) FirstNotFinite() (*graph.Node, *graph.Value) {
	for _, n := range p.Plan.Graph.Nodes {
		if n.Leaf == graph.Constant {
			continue
		}
		for _, v := range n.Outputs {
			if n.Stage != graph.Update && slices.ContainsFunc(p.buffers[v.ID].Floats(), notFinite) {
				return n, v
			}
		}
	}
	return nil, nil
}

// Value is the storage of any value of the graph; what it holds is only defined for outputs, or with KeepAll.
func (p *Program) Value(v *graph.Value) graph.Buffer { return p.buffers[v.ID] }

func notFinite(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) }
