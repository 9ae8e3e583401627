package transfer

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/fit"
	"dnn/pkg/tensors/layout"
)

// Foreign is a file of weights of another program that a net begins with.
type Foreign struct {
	Name    string // as the spec names it
	Content *tensors.File
	Layers  []layout.Layer // of the net that begins
	Layout  string         // program whose layout it has; "" where the file or its names say that
	Map     map[string]string
	Named   func(layer string) bool // whether the spec gives a layer its name
}

// TakeForeign takes over what fits of a file of another program, or what a map says. at is the place of the file in the spec.
func (t *Transfer) TakeForeign(at string, f *Foreign) {
	result, program, ok := t.fitting(at, f)
	if !ok {
		return
	}
	var taken []string
	for i := range result.Pairs {
		p := &result.Pairs[i]
		if err := t.takePair(p, f); err != nil {
			t.p.Add(at, "%v", err)
			return
		}
		taken = append(taken, p.Said())
	}
	if len(taken) == 0 {
		t.p.Add(at, "nothing of %s fits (layout: %s): %s; it has %s", f.Name, program, unfit(result.Ours), some(result.Rest))
		return
	}
	for _, u := range result.Ours {
		layer, why := outermost(u.Layer), u.Why
		if part := strings.TrimPrefix(strings.TrimPrefix(u.Layer, layer), "."); part+u.Part != "" {
			why = strings.Trim(part+"."+u.Part, ".") + ": " + why
		}
		t.why[layer] = strings.TrimPrefix(t.why[layer]+", "+why, ", ")
	}
	text := fmt.Sprintf("first values from %s (layout: %s): %s", f.Name, program, strings.Join(taken, ", "))
	if len(result.Rest) > 0 {
		text += "; not taken from it: " + some(result.Rest)
	}
	t.notes.Add(at, "%s", text)
	if len(result.Ours) > 0 && len(f.Map) == 0 {
		t.notes.Warn(at, "%s", "nothing in "+f.Name+" fits: "+unfit(result.Ours))
	}
}

// unfit lists what nothing was found for.
func unfit(list []fit.Unfit) string {
	var said []string
	for _, u := range list {
		said = append(said, u.String())
	}
	return strings.Join(said, ", ")
}

// mostNamed is how many tensors of a file are named that are not taken.
const mostNamed = 20

// some lists names, of many the first.
func some(names []string) string {
	if n := len(names); n > mostNamed {
		return strings.Join(names[:mostNamed], ", ") + fmt.Sprintf(" and %d more", n-mostNamed)
	}
	if len(names) == 0 {
		return "no weights"
	}
	return strings.Join(names, ", ")
}

// fitting finds out what is what.
func (t *Transfer) fitting(at string, f *Foreign) (r *fit.Result, program string, ok bool) {
	if program = f.program(); program == "" {
		if r, program = t.byPosition(at, f); r == nil {
			return nil, "", false
		}
		return r, program, true
	}
	lay, _ := layout.Programs.Get(program)
	if len(f.Map) > 0 {
		ours := slices.Sorted(maps.Keys(f.Map))
		theirs := make([]string, len(ours))
		for i, name := range ours {
			theirs[i] = f.Map[name]
		}
		r, mistakes := fit.Mapped(f.Layers, lay, f.Content.Tensors, ours, theirs)
		for i, name := range ours {
			if why, wrong := mistakes[i]; wrong {
				t.p.Add(at+".map."+name, "%s: %s (layout: %s)", f.Name, why, program)
			}
		}
		return r, program, len(mistakes) == 0
	}
	if fit.Nameless(f.Content.Tensors) {
		r, err := fit.ByPosition(f.Layers, lay, f.Content.Tensors)
		if err != nil {
			t.p.Add(at+".from", "%s: %v", f.Name, err)
		}
		return r, program, err == nil
	}
	r, err := fit.Auto(f.Layers, lay, f.Content.Tensors, f.Content.Ordered, f.Named)
	if err != nil {
		t.p.Add(at+".map", "%s: %v", f.Name, err)
		return nil, "", false
	}
	return r, program, true
}

// program is whose layout the file has; "" if nothing says it.
func (f *Foreign) program() string {
	switch {
	case f.Layout != "":
		return f.Layout
	case f.Content.Layout != "":
		return f.Content.Layout
	case fit.Nameless(f.Content.Tensors) && len(f.Map) == 0:
		return ""
	}
	for _, t := range f.Content.Tensors {
		last := t.Name[strings.LastIndexAny(t.Name, "./")+1:]
		if slices.Contains([]string{"kernel", "gamma", "embeddings", "moving_mean", "recurrent_kernel"}, last) {
			return "keras"
		}
	}
	return "torch"
}

// byPosition takes arrays without names in the layout in which all of them fit, if there is one.
func (t *Transfer) byPosition(at string, f *Foreign) (found *fit.Result, program string) {
	var reasons []string
	for _, k := range layout.Programs.Kinds() {
		if k.Key == layout.Own { // which has names
			continue
		}
		r, err := fit.ByPosition(f.Layers, k.Value, f.Content.Tensors)
		switch {
		case err != nil:
			reasons = append(reasons, fmt.Sprintf("as of %s: %v", k.Key, err))
		case found != nil:
			t.p.Add(at+".from", "%s: its arrays have no names and fit in several layouts: say which with layout: %s or layout: %s", f.Name, program, k.Key)
			return nil, ""
		default:
			found, program = r, k.Key
		}
	}
	if found == nil {
		t.p.Add(at+".from", "%s: its arrays have no names, and do not fit in their order: %s", f.Name, strings.Join(reasons, "; "))
	}
	return found, program
}

// takePair lets the parameters of a module begin with tensors.
func (t *Transfer) takePair(p *fit.Pair, f *Foreign) error {
	values := map[string][]float32{}
	for _, role := range p.Form.Roles() {
		name := p.Layer.Name + "." + role
		if from := t.from[name]; from != "" {
			return fmt.Errorf("%s begins with values of %s already", name, from)
		}
		values[role] = make([]float32, t.net.Shapes[name].Size())
	}
	for i := range p.Form {
		if p.At[i] < 0 || p.Form[i].Count {
			continue
		}
		data := f.Content.Tensors[p.At[i]]
		for _, x := range data.Data {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				return fmt.Errorf("%s: tensor %s holds numbers that are not finite", f.Name, phrase.Quote(data.Name))
			}
		}
		p.Form[i].Read(values, data.Data)
	}
	for role, x := range values {
		name := p.Layer.Name + "." + role
		t.first[name], t.from[name] = func(dst []float32) { copy(dst, x) }, f.Name
	}
	return nil
}
