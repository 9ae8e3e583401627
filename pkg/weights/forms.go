package weights

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/train/checkpoint"
)

// Forms say how the parameters of a net are kept.
type Forms struct {
	// Folded are batch norms that are folded into the layers before them, by name, each with the parameter that has its summand: the
	// bias of the layer before it; where that has none, "", it is a variable, FoldedBias.
	Folded map[string]string
	// Of has the forms by the names of parameters. All others are float32.
	Of map[string]Form

	params map[string]graph.Param // those with a form, once they are settled
}

// FoldedBias is the name of the variable that is left of a folded norm, where the layer before it has no bias.
func FoldedBias(norm string) string { return norm + ".bias" }

// Any reports whether a net differs in anything from one in float32.
func (f *Forms) Any() bool { return f != nil && len(f.Folded)+len(f.Of) > 0 }

// Clone is a copy that can be changed.
func (f *Forms) Clone() *Forms {
	c := &Forms{Folded: map[string]string{}, Of: map[string]Form{}}
	if f != nil {
		maps.Copy(c.Folded, f.Folded)
		maps.Copy(c.Of, f.Of)
	}
	return c
}

// Names are those of the parameters with a form, sorted.
func (f *Forms) Names() []string {
	if f == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(f.Of))
}

// Form is that of a parameter, nil where it has none.
func (f *Forms) Form(name string) Form {
	if f == nil {
		return nil
	}
	return f.Of[name]
}

// Kinds are the words of the forms, sorted.
func (f *Forms) Kinds() (kinds []string) {
	for _, form := range f.Of {
		kinds = append(kinds, Key(form))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

type formsJSON struct {
	Folded     map[string]string          `json:"folded,omitempty"`
	Parameters map[string]json.RawMessage `json:"parameters"`
}

// MarshalJSON writes each form as an object with its type.
func (f *Forms) MarshalJSON() ([]byte, error) {
	all := formsJSON{f.Folded, map[string]json.RawMessage{}}
	for name, form := range f.Of {
		text, err := Marshal(form)
		if err != nil {
			return nil, err
		}
		all.Parameters[name] = text
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Forms) UnmarshalJSON(text []byte) error {
	var all formsJSON
	if err := strictly(text, &all); err != nil {
		return err
	}
	f.Folded, f.Of = all.Folded, map[string]Form{}
	for name, text := range all.Parameters {
		form, err := Unmarshal(text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.Of[name] = form
	}
	return nil
}

// Key is the word by which a form is registered.
func Key(form Form) string {
	for _, k := range Registry.Kinds() {
		if reflect.TypeOf(k.Value()) == reflect.TypeOf(form) {
			return k.Key
		}
	}
	panic(fmt.Sprintf("weights: %T is not registered", form))
}

// Marshal writes a form as an object with its type.
func Marshal(form Form) ([]byte, error) {
	settings, err := json.Marshal(form)
	if err != nil {
		return nil, err
	}
	kind, err := json.Marshal(Key(form))
	if err != nil {
		return nil, err
	}
	text := append([]byte(`{"type":`), kind...)
	if rest := settings[1:]; len(rest) > 1 {
		return append(append(text, ','), rest...), nil
	}
	return append(text, '}'), nil
}

// Unmarshal reads what Marshal wrote.
func Unmarshal(text []byte) (Form, error) {
	var settings map[string]json.RawMessage
	if err := json.Unmarshal(text, &settings); err != nil {
		return nil, err
	}
	var kind string
	if err := json.Unmarshal(settings["type"], &kind); err != nil {
		return nil, fmt.Errorf("a form has no type")
	}
	make, ok := Registry.Get(kind)
	if !ok {
		return nil, fmt.Errorf("no form of weights is called %q; a newer version of dnn may know it", kind)
	}
	delete(settings, "type")
	rest, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	form := make()
	return form, strictly(rest, form)
}

func strictly(text []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(to)
}

// Settle takes up the shapes of the parameters from a graph of the net in float32. The error says what keeps the forms from being
// those of that net.
func (f *Forms) Settle(g *graph.Graph) error {
	known := map[string]graph.Param{}
	for _, v := range g.Vars {
		for _, p := range v.Params {
			known[p.Name] = p
		}
	}
	f.params = map[string]graph.Param{}
	for _, name := range f.Names() {
		p, ok := known[name]
		if !ok {
			return fmt.Errorf("the net has no parameter %s", name)
		}
		if err := f.Of[name].Fits(p); err != nil {
			return err
		}
		f.params[name] = p
	}
	return nil
}

// Param is the parameter of that name with a form, as it is in float32.
func (f *Forms) Param(name string) graph.Param { return f.params[name] }

// Files are the types in files of the parameters and arrays that do not have there the type that they have in memory.
func (f *Forms) Files() map[string]checkpoint.DType {
	types := map[string]checkpoint.DType{}
	for _, name := range f.Names() {
		switch form := f.Of[name].(type) {
		case Stored:
			types[name] = form.File()
		case Packed:
			for _, a := range form.Arrays(f.params[name]) {
				if a.Half {
					types[name+a.Suffix] = checkpoint.F16
				}
			}
		}
	}
	return types
}

// Buffers are the arrays of a parameter in a form of its own; none where it has no such form.
func (f *Forms) Buffers(name string, of func(variable string) graph.Buffer) (list []graph.Buffer) {
	if f == nil {
		return nil
	}
	if form, ok := f.Of[name].(Packed); ok {
		for _, a := range form.Arrays(f.params[name]) {
			list = append(list, of(name+a.Suffix))
		}
	}
	return list
}

// Valid says what is wrong with the variables of a file.
func (f *Forms) Valid(of func(variable string) graph.Buffer) error {
	for _, name := range f.Names() {
		if form, ok := f.Of[name].(Packed); ok {
			if err := form.Valid(f.params[name], f.Buffers(name, of)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Floats are the values of a parameter in a form of its own; nil where it has no such form.
func (f *Forms) Floats(name string, of func(variable string) graph.Buffer) []float32 {
	arrays := f.Buffers(name, of)
	if arrays == nil {
		return nil
	}
	x := make([]float32, f.params[name].Shape.Size())
	f.Of[name].(Packed).Decode(f.params[name], arrays, x)
	return x
}
