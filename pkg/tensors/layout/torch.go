package layout

import (
	"slices"
	"strings"

	"dnn/pkg/graph"
)

func init() {
	Programs.Register("torch", "names and layouts of PyTorch's modules", torch)
}

// torch lays out layers as PyTorch's modules. Weights of convolutions [out, in/groups, kernel..], of dense layers [out, in] and the
// gates of recurrent layers lie as here. Features that come of a flattened image are counted channel by channel.
func torch(l *Layer) (list []Module) {
	parts := partsOf(l)
	if l.ResetBefore {
		return nil // PyTorch has the reset gate behind the product alone
	}
	if blocks := torchBlocks(l, parts); blocks != nil {
		return blocks
	}
	for _, p := range parts {
		if forms := torchForms(l, p); forms != nil {
			list = append(list, Module{p.name, forms})
		}
	}
	return list
}

// torchForms are those of a part of a layer.
func torchForms(l *Layer, p *part) []Form {
	switch {
	case p.has("query.weight", "output.weight"):
		return torchAttention(p)
	case p.has("weight_ih_l0"):
		var f Form
		for _, role := range p.order {
			f = append(f, same(role, p.params[role]))
		}
		return []Form{f}
	case p.has("weight"):
		return torchProduct(l, p)
	case p.has("table") || p.has("positions"):
		return []Form{{same("weight", p.params[p.order[0]])}}
	case p.has("gamma") || p.has("beta") || p.has("running_mean"):
		return torchNorms(p)
	}
	return nil
}

// torchProduct is Linear, or a convolution; one with windows of a single element may be either.
func torchProduct(l *Layer, p *part) []Form {
	form := func(w Tensor) Form {
		f := Form{w}
		if p.has("bias") {
			f = append(f, same("bias", p.params["bias"]))
		}
		return f
	}
	w := p.params["weight"]
	if w.Mixed {
		return nil
	}
	forms := []Form{form(channelsFirst("weight", w))}
	if l.Transposed() {
		return forms
	}
	for _, ones := range single(p, w) {
		forms = append(forms, form(as("weight", w, append(w.Shape[:2:2], ones...))))
	}
	return likely(forms, p, w)
}

// torchNorms are the forms of a norm: of several axes, they lie in one or each by itself.
func torchNorms(p *part) []Form {
	f := torchNorm(p)
	apart := slices.Clone(f)
	for i, t := range f {
		q := p.params[p.order[0]]
		if flat := q.Flat; flat != nil && !t.Count {
			apart[i].Shape = append(graph.Shape{flat.Last()}, flat[:len(flat)-1]...)
		}
		if q.Mixed {
			return nil
		}
	}
	if p.params[p.order[0]].Flat == nil {
		return []Form{f}
	}
	return []Form{f, apart}
}

// torchNorm is any norm.
func torchNorm(p *part) (f Form) {
	for _, names := range [][2]string{{"gamma", "weight"}, {"beta", "bias"}, {"running_mean", "running_mean"}, {"running_variance", "running_var"}} {
		if q := p.params[names[0]]; q != nil {
			f = append(f, channelsFirst(names[1], q))
		}
	}
	if p.has("running_mean") {
		f = append(f, Tensor{Name: "num_batches_tracked", Count: true})
	}
	return f
}

// torchAttention is MultiheadAttention where it has as many heads of keys, or products of their own.
func torchAttention(p *part) (forms []Form) {
	q, k, v, o := p.params["query.weight"], p.params["key.weight"], p.params["value.weight"], p.params["output.weight"]
	if q.Shape[0] == q.Shape[1] && k.Shape[0] == q.Shape[0] {
		var f Form
		if k.Shape[1] == q.Shape[1] {
			f = Form{stacked("in_proj_weight", q, k, v)}
		} else {
			f = Form{same("q_proj_weight", q), same("k_proj_weight", k), same("v_proj_weight", v)}
		}
		if p.has("query.bias") {
			f = append(f, stacked("in_proj_bias", p.params["query.bias"], p.params["key.bias"], p.params["value.bias"]))
		}
		f = append(f, same("out_proj.weight", o))
		if p.has("output.bias") {
			f = append(f, same("out_proj.bias", p.params["output.bias"]))
		}
		forms = append(forms, f)
	}
	for _, names := range [][]string{{"q_proj", "k_proj", "v_proj", "out_proj"}, {"q_proj", "k_proj", "v_proj", "o_proj"}} {
		var f Form
		for i, role := range projections {
			f = append(f, same(names[i]+".weight", p.params[role+".weight"]))
			if b := p.params[role+".bias"]; b != nil {
				f = append(f, same(names[i]+".bias", b))
			}
		}
		forms = append(forms, f)
	}
	return forms
}

// torchBlocks are those of a transformer as TransformerEncoderLayer and TransformerDecoderLayer; nil for another layer, or one with
// blocks of another kind. norms says which norm of ours is which of theirs.
func torchBlocks(l *Layer, parts []*part) (list []Module) {
	if !strings.HasPrefix(l.Kind, "transformer_") {
		return nil
	}
	names := map[string]string{"self_attention": "self_attn", "cross_attention": "multihead_attn", "hidden": "linear1", "output": "linear2",
		"norm_1": "norm1", "norm_2": "norm2", "norm_3": "norm3"}
	for _, p := range parts {
		block, of, ok := strings.Cut(p.name, ".")
		if !ok || names[of] == "" || strings.HasPrefix(of, "norm_") && !p.has("beta") && p.has("gamma") && !biasless(parts) {
			return nil
		}
		if len(list) == 0 || list[len(list)-1].Part != block {
			list = append(list, Module{block, []Form{nil}})
		}
		forms := torchForms(l, p)
		if len(forms) == 0 {
			return nil
		}
		for _, t := range forms[0] {
			t.Name = names[of] + "." + t.Name
			form := &list[len(list)-1].Forms[0]
			*form = append(*form, t)
		}
	}
	for i := range list { // norms come last there
		slices.SortStableFunc(list[i].Forms[0], func(a, b Tensor) int { return isNorm(a.Name) - isNorm(b.Name) })
	}
	return list
}

// isNorm is 1 for a tensor of a norm, 0 for another.
func isNorm(name string) int {
	if strings.HasPrefix(name, "norm") {
		return 1
	}
	return 0
}

// biasless reports whether a layer has no bias at all, as PyTorch's blocks with bias=False.
func biasless(parts []*part) bool {
	return !slices.ContainsFunc(parts, func(p *part) bool { return p.has("bias") || p.has("query.bias") })
}
