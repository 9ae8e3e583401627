package layout

import (
	"fmt"
	"slices"
	"strconv"

	"dnn/pkg/graph"
)

func init() {
	Programs.Register("keras", "names and layouts of Keras' layers", keras)
}

// keras lays out layers as Keras does: dense weights [in, out], convolutions [kernel.., in/groups, out], recurrent weights
// [in, gates·units] with one bias for both products. In files of weights variables are numbered, vars/0, and in others they have names.
func keras(l *Layer) (list []Module) {
	parts := partsOf(l)
	if len(parts) == 2 && parts[0].name == "depthwise" && parts[1].name == "pointwise" {
		return []Module{kerasModule("", "", kerasSeparable(parts))}
	}
	for _, p := range parts {
		switch {
		case p.has("query.weight", "output.weight"):
			list = append(list, kerasAttention(l, p))
		case p.has("weight_ih_l0"):
			list = append(list, kerasRecurrent(l, p)...)
		case p.has("weight"):
			list = append(list, kerasProducts(l, p))
		case p.has("table"):
			list = append(list, kerasModule(p.name, "", Form{same("embeddings", p.params["table"])}))
		case p.has("gamma") || p.has("beta") || p.has("running_mean"):
			list = append(list, kerasModule(p.name, "", kerasNorm(l, p)))
		case p.has("positions"):
			list = append(list, kerasModule(p.name, "", Form{same("embeddings", p.params["positions"])}))
		}
	}
	return list
}

// kerasModule has tensors by their names and by their numbers. within is where in a layer the numbered ones are.
func kerasModule(part, within string, named Form) Module {
	numbered := slices.Clone(named)
	for i := range numbered {
		numbered[i].Name = within + "vars/" + strconv.Itoa(i)
	}
	return Module{part, []Form{named, numbered}}
}

// kernelFirst are the axes of a convolution's weights with the window before the channels: [kernel.., in, out].
func kernelFirst(rank int) (axes []int) {
	for k := 2; k < rank; k++ {
		axes = append(axes, k)
	}
	return append(axes, 1, 0)
}

// kerasProducts are the forms of a product; one with windows of a single element may be Dense or a convolution.
func kerasProducts(l *Layer, p *part) Module {
	w, first := p.params["weight"], kerasProduct(l, p)
	named := []Form{first}
	if !l.Transposed() && !l.Depthwise() {
		for _, ones := range single(p, w) {
			f := slices.Clone(first)
			f[0] = f[0].reshaped(append(slices.Clone(ones), w.Shape[1], w.Shape[0])...)
			named = append(named, f)
		}
	}
	m := Module{Part: p.name}
	for _, f := range likely(named, p, w) {
		m.Forms = append(m.Forms, kerasModule("", "", f).Forms...)
	}
	return m
}

// kerasProduct is Dense, or a convolution.
func kerasProduct(l *Layer, p *part) (f Form) {
	w := p.params["weight"]
	switch rank := len(w.Shape); {
	case rank == 2:
		f = Form{permuted("kernel", w.Role, w.Shape, 1, 0)}
	case l.Depthwise():
		f = Form{depthwiseKernel("kernel", w)}
	default:
		f = Form{permuted("kernel", w.Role, w.Shape, kernelFirst(rank)...)}
	}
	if b := p.params["bias"]; b != nil {
		f = append(f, same("bias", b))
	}
	return f
}

// depthwiseKernel is [kernel.., channels, multiplier] of [channels·multiplier, 1, kernel..].
func depthwiseKernel(name string, w *Param) Tensor {
	channels := max(1, w.Channels)
	apart := append(graph.Shape{channels, w.Shape[0] / channels}, w.Shape[2:]...)
	axes := kernelFirst(len(apart))
	axes[len(axes)-2], axes[len(axes)-1] = 0, 1
	return permuted(name, w.Role, apart, axes...)
}

// kerasSeparable is SeparableConv2D.
func kerasSeparable(parts []*part) (f Form) {
	deep, point, bias := parts[0].params["weight"], parts[1].params["weight"], parts[1].params["bias"]
	f = Form{depthwiseKernel("depthwise_kernel", deep), permuted("pointwise_kernel", point.Role, point.Shape, kernelFirst(len(point.Shape))...)}
	if bias != nil {
		f = append(f, same("bias", bias))
	}
	return f
}

// kerasNorm is any norm.
func kerasNorm(l *Layer, p *part) (f Form) {
	names := [][2]string{{"gamma", "gamma"}, {"beta", "beta"}, {"running_mean", "moving_mean"}, {"running_variance", "moving_variance"}}
	if l.Kind == "rms_norm" {
		names[0][1] = "scale"
	}
	for _, n := range names {
		if q := p.params[n[0]]; q != nil {
			f = append(f, same(n[1], q))
		}
	}
	return f
}

// kerasAttention is MultiHeadAttention, or GroupedQueryAttention: each head has an axis.
func kerasAttention(l *Layer, p *part) Module {
	heads, keyHeads, size := p.heads(l)
	var named, numbered Form
	for _, role := range projections {
		w, b, n := p.params[role+".weight"], p.params[role+".bias"], heads
		if role == "key" || role == "value" {
			n = keyHeads
		}
		name, within := role, "*"+role+"_dense/" // in one class _query_dense
		kernel := permuted("", w.Role, w.Shape, 1, 0)
		if role == "output" {
			name = "attention_output"
			kernel = kernel.reshaped(heads, size, w.Shape[0])
		} else {
			kernel = kernel.reshaped(w.Shape[1], n, size)
		}
		tensors := Form{kernel}
		if b != nil && role == "output" {
			tensors = append(tensors, same("", b))
		} else if b != nil {
			tensors = append(tensors, as("", b, graph.Shape{n, size}))
		}
		for i, t := range tensors {
			t.Name = name + "/" + []string{"kernel", "bias"}[i]
			named = append(named, t)
			t.Name = within + "vars/" + strconv.Itoa(i)
			numbered = append(numbered, t)
		}
	}
	return Module{p.name, []Form{named, numbered}}
}

// kerasRecurrent are as many layers as are stacked, each Bidirectional where it has two directions.
func kerasRecurrent(l *Layer, p *part) (list []Module) {
	stackedLayers := p.has("weight_ih_l1")
	for k := 0; p.has(fmt.Sprintf("weight_ih_l%d", k)); k++ {
		suffix, name := fmt.Sprintf("_l%d", k), ""
		if stackedLayers {
			name = fmt.Sprintf("l%d", k)
		}
		forward := kerasCell(l, p, suffix)
		if !p.has("weight_ih" + suffix + "_reverse") {
			m := kerasModule(name, "cell/", forward)
			m.Forms = append(m.Forms, within("*_cell/", forward))
			list = append(list, m)
			continue
		}
		back := kerasCell(l, p, suffix+"_reverse")
		list = append(list, Module{name, []Form{
			slices.Concat(within("forward_layer/", forward), within("backward_layer/", back)),
			slices.Concat(kerasModule("", "forward_layer/cell/", forward).Forms[1], kerasModule("", "backward_layer/cell/", back).Forms[1]),
			slices.Concat(within("forward_*/*_cell/", forward), within("backward_*/*_cell/", back)),
		}})
	}
	return list
}

// within puts something before the names of tensors.
func within(prefix string, f Form) Form {
	f = slices.Clone(f)
	for i := range f {
		f[i].Name = prefix + f[i].Name
	}
	return f
}

// kerasCell is one layer in one direction. Gates of an LSTM come as here (i, f, c, o), those of a GRU as z, r, h.
func kerasCell(l *Layer, p *part, suffix string) (f Form) {
	for _, names := range [][2]string{{"weight_ih", "kernel"}, {"weight_hh", "recurrent_kernel"}} {
		w := p.params[names[0]+suffix]
		t := permuted(names[1], w.Role, w.Shape, 1, 0)
		if l.Kind == "gru" {
			t.Blocks = gatesOfGRU(w, w.Shape[0], 0)
		}
		f = append(f, t)
	}
	ih, hh := p.params["bias_ih"+suffix], p.params["bias_hh"+suffix]
	switch {
	case ih == nil:
	case l.Kind == "gru" && !l.ResetBefore:
		f = append(f, Tensor{Name: "bias", Shape: graph.Shape{2, ih.Shape[0]},
			Blocks: slices.Concat(gatesOfGRU(ih, 0, 0), gatesOfGRU(hh, 0, ih.Shape[0]))})
	default:
		t := same("bias", ih)
		second := same("bias", hh).Blocks
		if l.Kind == "gru" {
			t.Blocks, second = gatesOfGRU(ih, 0, 0), gatesOfGRU(hh, 0, 0)
		}
		for i := range second {
			second[i].Added = true
		}
		t.Blocks = append(t.Blocks, second...)
		f = append(f, t)
	}
	return f
}

// gatesOfGRU are the blocks of a parameter whose gates r, z, n are z, r, h there: of weights [3·units, n] as columns of a matrix of
// that width, or of biases (width 0), from start on.
func gatesOfGRU(p *Param, width, start int) (list []Block) {
	units := p.Shape[0] / 3
	for gate, to := range []int{1, 0, 2} {
		if width == 0 {
			list = append(list, Block{Role: p.Role, Dims: []int{units}, Ours: []int{1}, Theirs: []int{1}, At: gate * units, Start: start + to*units})
			continue
		}
		n := p.Shape[1]
		list = append(list, Block{Role: p.Role, Dims: []int{n, units}, Ours: []int{1, n}, Theirs: []int{width, 1}, At: gate * units * n, Start: to * units})
	}
	return list
}
