package layers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dnn/pkg/layers/activation"
	"dnn/pkg/spec"
)

// Part is something that only adds to its input, so that a net can do without it: a residual block, a repetition of a repeat, a block
// of a transformer.
type Part struct {
	Name string // what the names of its parameters begin with: residual_1 or repeat_1.0
	at   int    // of the layer in the net's own list
	part string // of the layer: "" for all of it, or the number of a repetition or a block
}

// optional is implemented by layers that a net can do without, or without parts of.
type optional interface {
	parts() []string
	// without is the layer without a part.
	without(part string) Layer
}

// Parts lists what a net can do without, as its layers were built. What lies within other blocks is not listed by itself.
func Parts(list []Entry, infos []Info) (all []Part) {
	names := ownNames(infos)
	for i := range list {
		if l, ok := list[i].Kind.(optional); ok {
			for _, part := range l.parts() {
				all = append(all, Part{strings.TrimSuffix(names[i]+"."+part, "."), i, part})
			}
		}
	}
	return all
}

// Without is a list of layers without a part. rename says what a parameter or state is called then; "" of those that are gone. Layers
// keep the names that they have.
func Without(list []Entry, infos []Info, p Part) (less []Entry, rename func(name string) string) {
	less = slices.Clone(list)
	names := ownNames(infos)
	for i := range less {
		if p.part == "" { // else those behind it would be numbered anew
			less[i].Name = names[i]
		}
	}
	own := names[p.at] + "."
	less[p.at].Kind = list[p.at].Kind.(optional).without(p.part)
	return less, func(name string) string {
		rest, under := strings.CutPrefix(name, own)
		if !under {
			return name
		}
		number, role, _ := strings.Cut(rest, ".")
		k, err := strconv.Atoi(number)
		gone, _ := strconv.Atoi(p.part)
		switch {
		case p.part == "" || err == nil && k == gone:
			return ""
		case err == nil && k > gone:
			return own + strconv.Itoa(k-1) + "." + role
		}
		return name
	}
}

// ownNames are the names of the layers in the net's own list, by their places.
func ownNames(infos []Info) map[int]string {
	names := map[int]string{}
	for _, info := range infos {
		var i int
		if n, err := fmt.Sscanf(info.Path, "layers[%d]", &i); n == 1 && err == nil && info.Depth == 0 {
			names[i] = info.Name
		}
	}
	return names
}

// numbered are the numbers of parts from first on, where one is left.
func numbered(first, n int) (list []string) {
	for k := first; k < n && n > 1; k++ {
		list = append(list, strconv.Itoa(k))
	}
	return list
}

func (l *Residual) parts() []string {
	if l.Projection {
		return nil
	}
	return []string{""}
}

func (l *Residual) without(string) Layer {
	if l.Activation == nil {
		return &Activation{&activation.Linear{}}
	}
	return &Activation{l.Activation}
}

// parts are repetitions of residual blocks. If these end with relu, the first one stays: it is what makes the input positive, and the
// others leave that as it is.
func (l *Repeat) parts() []string {
	bends := 0
	for i := range l.Layers {
		r, ok := l.Layers[i].Kind.(*Residual)
		if !ok || r.Projection || len(l.Layers[i].Inputs) > 0 {
			return nil
		}
		switch spec.KeyOf(r.without("").(*Activation).Function) {
		case "linear":
		case "relu":
			bends++
		default:
			return nil
		}
	}
	switch bends {
	case 0:
		return numbered(0, l.Times)
	case len(l.Layers):
		return numbered(1, l.Times)
	}
	return nil
}

func (l *Repeat) without(string) Layer {
	less := *l
	less.Times--
	return &less
}

// parts are the blocks, unless norms between them would stay.
func (t *Transformer) parts() []string {
	if t.Norm != "before" {
		return nil
	}
	return numbered(0, t.Blocks)
}

func (l *TransformerEncoder) without(string) Layer {
	less := *l
	less.Blocks--
	return &less
}

func (l *TransformerDecoder) without(string) Layer {
	less := *l
	less.Blocks--
	return &less
}
