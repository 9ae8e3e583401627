// Package transfer lets layers of a net begin with what layers of other models learned: it says which of them fit, takes over
// the rows of classes and the columns of inputs that both have, and tells what is not taken, and why.
package transfer

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Net is the net that begins.
type Net struct {
	Names  []string               // of all layers
	Shapes map[string]graph.Shape // of parameters and states
	Tables map[string]*layers.Table
	Labels Labels
}

// Model is one whose layers a net begins with.
type Model struct {
	File   string // as the spec names it
	Have   map[string]Piece
	Tables map[string]*layers.Table
	Labels Labels

	theirs *index
}

// Piece is a parameter or a state.
type Piece struct {
	Shape graph.Shape
	Data  []float32
}

// Transfer is the state of letting a net begin with what models learned.
type Transfer struct {
	net    Net
	ours   index
	first  map[string]func(dst []float32)
	from   map[string]string // what is taken, and the file it is of
	why    map[string]string // by layer, why a model gives it nothing
	partly map[string]bool   // layers of which a part begins with random values
	p      *spec.Problems
	notes  *spec.Notes
}

// New begins. What changes the first values of parameters and states goes into first; the files of what is in it already are in from.
// Mistakes and notes go into p and notes.
func New(net Net, first map[string]func(dst []float32), from map[string]string, p *spec.Problems, notes *spec.Notes) *Transfer {
	return &Transfer{net, newIndex(net.Shapes, net.Names), first, from, map[string]string{}, map[string]bool{}, p, notes}
}

// Partly are the layers of which a part begins with random values: rows and columns that a model does not have.
func (t *Transfer) Partly() map[string]bool { return t.partly }

// TellDrawn tells which layers begin with random values, and why.
func (t *Transfer) TellDrawn() {
	var drawn []string
	for _, layer := range t.outermost() {
		if slices.ContainsFunc(t.ours.under(layer), func(name string) bool { return t.from[name] != "" }) {
			continue
		}
		if why := t.why[layer]; why != "" {
			layer += " (" + why + ")"
		}
		drawn = append(drawn, layer)
	}
	if len(drawn) > 0 {
		t.notes.Add("train.init", "first values of their own: %s", strings.Join(drawn, ", "))
	}
}

// TakeNamed takes over the layers that the spec names. What does not fit is a mistake.
func (t *Transfer) TakeNamed(names []string, at string, m *Model) {
	var taken []string
	theirs := t.look(m)
	for i, layer := range names {
		place := fmt.Sprintf("%s.layers[%d]", at, i)
		ours, his := t.ours.under(layer), theirs.under(layer)
		switch {
		case len(ours) == 0 && slices.Contains(t.net.Names, layer):
			t.p.Add(place, "%s has nothing to learn", layer)
		case len(ours) == 0:
			t.p.Add(place, "no layer is called %q%s", layer, t.p.DidYouMean(layer, func() []string { return t.net.Names }))
		case len(his) == 0:
			t.p.Add(place, "the model %s has no layer %s; layers that have something to learn there: %s", m.File, layer, strings.Join(theirs.outermost(), ", "))
		default:
			said, mistakes := "", 0
			for _, name := range ours {
				part, why := t.take(name, m)
				if said += part; why != "" {
					t.p.Add(place, "%s", why)
					mistakes++
				}
			}
			for _, name := range his {
				if t.net.Shapes[name] == nil {
					t.p.Add(place, "%s has %s in %s and not here: the settings of both layers must be alike", layer, name, m.File)
				}
			}
			taken = append(taken, layer+said)
		}
	}
	t.notes.Add(at, "first values from %s: %s", m.File, strings.Join(taken, ", "))
}

// TakeFitting takes over all layers that fit, and tells which these are.
func (t *Transfer) TakeFitting(at string, m *Model) {
	var taken, reasons []string
	mine, theirs := t.outermost(), t.look(m)
	for _, layer := range mine {
		list, why := t.takeLayer(layer, m)
		if taken = append(taken, list...); why != "" {
			t.why[layer] = why
			reasons = append(reasons, layer+" ("+why+")")
		}
	}
	if len(taken) == 0 {
		t.p.Add(at, "no layer of %s fits: %s", m.File, strings.Join(reasons, ", "))
		return
	}
	text := fmt.Sprintf("first values from %s: %s", m.File, strings.Join(taken, ", "))
	if rest := slices.DeleteFunc(theirs.outermost(), func(name string) bool { return slices.Contains(mine, name) }); len(rest) > 0 {
		text += "; this net has no " + phrase.List(rest)
	}
	t.notes.Add(at, "%s", text)
}

// takeLayer takes over those of the layers within one of the net's own list that fit as a whole. why says what keeps the others
// from that.
func (t *Transfer) takeLayer(outer string, m *Model) (taken []string, why string) {
	if len(t.look(m).under(outer)) == 0 {
		return nil, "the model has no layer of that name"
	}
	var reasons []string
	for _, layer := range t.ours.within(outer) {
		said, reason := t.takeWhole(layer, m)
		if reason == "" {
			taken = append(taken, layer+said)
		} else {
			reasons = append(reasons, reason)
		}
	}
	if len(reasons) > 0 {
		return taken, strings.Join(reasons, ", ")
	}
	if len(taken) > 1 { // all of a block
		taken = []string{outer}
	}
	return taken, ""
}

// takeWhole takes over a layer if all that it learned fits.
func (t *Transfer) takeWhole(layer string, m *Model) (said, why string) {
	for _, name := range t.look(m).owned[layer] {
		if t.net.Shapes[name] == nil {
			return "", name + " is in the model and not here"
		}
	}
	trial := *t
	trial.first, trial.from = map[string]func(dst []float32){}, map[string]string{}
	for _, name := range t.ours.owned[layer] {
		if t.from[name] != "" { // of an earlier model, or of a file of vectors
			continue
		}
		part, why := trial.take(name, m)
		if why != "" {
			return "", why
		}
		said += part
	}
	for name, change := range trial.first {
		t.first[name], t.from[name] = change, m.File
	}
	return said, ""
}
