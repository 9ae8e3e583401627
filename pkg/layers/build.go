package layers

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Input is one named input of the dataset: a range of columns of a fed block, or the whole of it.
type Input struct {
	Name       string
	Block      string      // name of the graph input that carries it
	BlockShape graph.Shape // without the batch axis
	Lo, Hi     int         // columns of a flat block; the whole block when Hi is 0
	Shape      graph.Shape // without the batch axis
	Ints       bool
	Categories int
	Words      func() []string // of the categories, "" where one stands for none; nil where they have no words
	MaxSteps   int             // of a sequence: the most steps that a row can have in training; 0 where each batch has as many as Shape says
	Lengths    string          // name of the graph input that carries the number of valid steps of each row; empty when all are valid
	Unresolved bool            // a mistake in the dataset keeps it from being known
	Origin                     // where it comes from, for messages
	Flat       bool            // of an unresolved one: floats in the block of the other inputs
	Shared     bool            // whether they are the tokens of the texts that the net writes
}

// Origin is what messages say of where an input comes from.
type Origin struct {
	Meant    []string // of an unresolved one that names an unknown column: similar names
	Inferred string   // why it has its type, where that was inferred
}

// Spec is all that a net is built from.
type Spec struct {
	Layers []Entry
	Inputs []Input
	Sizes  Sizes  // for layers that name no head
	Heads  []Head // what the net predicts; one or none where the last layer's output is all
	Seed   uint64
	Carry  *Carry // nil where sequences come as a whole
	// Taken, if not nil, gets the names of the inputs that layers take.
	Taken map[string]bool
	// Freeze are the layers that do not learn, besides those that say so themselves.
	Freeze Freezing
	// Sharded has the net built for shards of batches.
	Sharded bool
}

// Info describes one built layer for tables.
type Info struct {
	Path, Name, Kind string
	Depth            int // of nesting
	Out              graph.Type
	Signal           Signal // that it puts out, in the graph that it was built into
	Table            *Table // of an embedding that has one of its own; nil else
}

// net is what all layers of one net share while it is built.
type net struct {
	b        *graph.Builder
	training bool
	heads    []Head
	seed     uint64
	problems *spec.Problems
	info     []Info
	unused   []string                // paths of layers that feed nothing
	also     map[string]Signal       // further outputs, by NAME.part
	matrices map[string]*graph.Value // by layer: what other layers may use as theirs
	carry    *Carry
	freeze   Freezing
	sharded  bool
}

// scope is one list of layers while it is built.
type scope struct {
	net    *net
	path   string          // layers, or layers[2].layers
	prefix string          // of names: "", or residual_1.
	first  func() []Signal // what feeds the first layer if it names nothing else
	inputs *inputs         // of the dataset; only the outermost list has them
	outer  *scope
	passed inherited

	entries  []Entry
	byName   map[string]int // of the entries that have a name
	names    []string       // of all, without the prefix
	done     []*Signal
	fed      []bool // whether something takes the output
	building []int  // entries that wait for what feeds them, outermost first
}

// inherited is what a block hands down to the layers within.
type inherited struct {
	frozen       bool
	rate, l1, l2 float64
	sizes        Sizes
}

// with adds what the entry e says.
func (h inherited) with(e *Entry, heads []Head) inherited {
	rate := h.rate * e.Rate
	own := inherited{h.frozen || !e.Trainable || rate == 0, rate, h.l1 + e.L1, h.l2 + e.L2, h.sizes}
	for i := range heads {
		if heads[i].Name == e.Head && e.Head != "" {
			own.sizes = heads[i].Sizes
		}
	}
	return own
}

// Build adds the net for batches of the given number of rows to b and returns its outputs, parallel to the heads; without
// heads it is one. Every mistake is noted in p with its path; then the graph is of no use, but all other mistakes were found
// too.
func Build(b *graph.Builder, s Spec, batch int, training bool, p *spec.Problems) ([]Signal, []Info) {
	n := &net{b: b, training: training, heads: s.Heads, seed: s.Seed, problems: p, also: map[string]Signal{}, matrices: map[string]*graph.Value{}, carry: s.Carry, freeze: s.Freeze, sharded: s.Sharded}
	in := newInputs(b, s.Inputs, batch, s.Taken)
	sc := &scope{net: n, path: "layers", inputs: in, passed: inherited{rate: 1, sizes: s.Sizes}}
	sc.first = func() []Signal { return in.all(p) }
	if tooMany(s.Layers, "layers", p) {
		return sc.outputs(sc.standIn(nil)), nil
	}
	outs := sc.outputs(sc.build(s.Layers))
	if p.Len() == 0 { // a name mistyped elsewhere may be why nothing takes an output
		for _, path := range n.unused {
			p.Add(path, "nothing takes its output: name it in the inputs of another layer, or leave it out%s", sc.headHint())
		}
	}
	return outs, n.info
}

// build builds a list of layers and returns the output of the last.
func (s *scope) build(list []Entry) Signal {
	s.entries, s.done, s.fed = list, make([]*Signal, len(list)), make([]bool, len(list))
	s.enterNames()
	if len(list) == 0 {
		return s.first()[0]
	}
	last := len(list) - 1
	s.enterHeads()
	for i := range list {
		s.signal(i)
	}
	for i := range list {
		if !s.fed[i] && (i < last || s.headed()) {
			s.net.unused = append(s.net.unused, fmt.Sprintf("%s[%d]", s.path, i))
		}
	}
	return *s.done[last]
}

// enterNames finds a name for every entry: what the spec says, or the kind and a number.
func (s *scope) enterNames() {
	s.byName, s.names = map[string]int{}, make([]string, len(s.entries))
	for i := range s.entries {
		if name := s.entries[i].Name; name != "" && s.checkName(i, name) {
			s.byName[name], s.names[i] = i, name
		}
	}
	counts := map[string]int{}
	for i, e := range s.entries {
		kind := "layer"
		if e.Kind != nil {
			kind = spec.KeyOf(e.Kind)
		}
		for s.names[i] == "" {
			counts[kind]++
			own := fmt.Sprintf("%s_%d", kind, counts[kind])
			if _, taken := s.byName[own]; !taken {
				s.names[i] = own
			}
		}
	}
}

// checkName reports whether entry i can have the name.
func (s *scope) checkName(i int, name string) bool {
	at := fmt.Sprintf("%s[%d].name", s.path, i)
	j, taken := s.byName[name]
	switch {
	case taken:
		s.net.problems.Add(at, "%q is the name of %s[%d] too", name, s.path, j)
	case s.inputs != nil && s.inputs.has(name):
		s.net.problems.Add(at, "%q is the name of a dataset input", name)
	case strings.ContainsAny(name, "./ "):
		s.net.problems.Add(at, "%q holds a dot, a slash or a blank; parameters are called NAME.weight", name)
		s.byName[name] = i
	default:
		return true
	}
	return false
}

// signal returns the output of entry i and builds it when it is not there yet: a layer may be fed by one that stands
// later in the list, as long as no circle arises.
func (s *scope) signal(i int) Signal {
	if s.done[i] != nil {
		return *s.done[i]
	}
	if at := slices.Index(s.building, i); at >= 0 {
		s.reportCircle(append(slices.Clone(s.building[at:]), i))
		return s.standIn(nil)
	}
	s.building = append(s.building, i)
	path := fmt.Sprintf("%s[%d]", s.path, i)
	out := s.buildEntry(i, path, s.feeds(i, path))
	s.building = s.building[:len(s.building)-1]
	s.done[i] = &out
	return out
}

// reportCircle blames the first entry of a circle that names its inputs.
func (s *scope) reportCircle(circle []int) {
	var names []string
	path := ""
	for _, i := range circle {
		at := fmt.Sprintf("%s[%d]", s.path, i)
		name := s.entries[i].Name
		if name == "" {
			name = at
		}
		names = append(names, name)
		if path == "" && len(s.entries[i].Inputs) > 0 {
			path = at + ".inputs"
		}
	}
	if path == "" { // closed by a layer within a block
		path = fmt.Sprintf("%s[%d]", s.path, circle[0])
	}
	s.net.problems.Add(path, "the layers feed each other in a circle: %s", strings.Join(names, " ← "))
}

// feeds returns the inputs of entry i.
func (s *scope) feeds(i int, path string) []Signal {
	e := &s.entries[i]
	if len(e.Inputs) == 0 {
		if i == 0 {
			return s.first()
		}
		s.fed[i-1] = true
		return []Signal{s.signal(i - 1)}
	}
	var in []Signal
	for k, name := range e.Inputs {
		sig, ok := s.find(name)
		if !ok && !s.anyName() {
			hint := s.net.problems.DidYouMean(name, s.allNames)
			if slices.Contains(s.names, name) {
				hint = "; that is only how a layer without a name is listed: give it one (name: …)"
			}
			s.net.problems.Add(fmt.Sprintf("%s.inputs[%d]", path, k), "no layer and no dataset input is called %q%s", name, hint)
		}
		if !ok {
			sig = s.standIn(nil)
		}
		in = append(in, sig)
	}
	return in
}

// find looks a name up among the layers of the list, the lists around it and the dataset's inputs. NAME.part is a further
// output of a layer.
func (s *scope) find(name string) (Signal, bool) {
	if i, ok := s.byName[name]; ok {
		s.fed[i] = true
		return s.signal(i), true
	}
	if base, _, dotted := strings.Cut(name, "."); dotted {
		if i, ok := s.byName[base]; ok {
			s.fed[i] = true
			out := s.signal(i)
			if further, ok := s.net.also[s.prefix+name]; ok || out.unknown == certain {
				return further, ok
			}
			return s.standIn(nil), true
		}
	}
	if s.outer != nil {
		return s.outer.find(name)
	}
	return s.inputs.get(name)
}

// anyName reports whether the dataset's inputs are unknown, so that any name may be one of them.
func (s *scope) anyName() bool {
	for s.outer != nil {
		s = s.outer
	}
	return len(s.inputs.list) == 0
}

func (s *scope) allNames() []string {
	var names []string
	for sc := s; sc != nil; sc = sc.outer {
		for n := range sc.byName {
			names = append(names, n)
		}
		if sc.inputs != nil {
			names = append(names, sc.inputs.names()...)
		}
	}
	slices.Sort(names)
	return names
}
