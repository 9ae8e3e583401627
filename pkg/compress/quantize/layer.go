package quantize

import (
	"slices"
	"strings"

	"dnn/pkg/model"
	"dnn/pkg/weights"
)

// layer is one with parameters that can be quantized.
type layer struct {
	Name   string
	params []model.Parameter // all of its parameters
	fit    []string          // those that fit the form, and take less in it
}

// findLayers lists the layers of the net in their order.
func (q *quantizer) findLayers() error {
	params, err := q.base.Parameters()
	if err != nil {
		return err
	}
	var all []model.Parameter
	for _, p := range params {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b model.Parameter) int { return a.Offset - b.Offset })
	known := map[string]*layer{}
	for _, p := range all {
		name := p.Name[:strings.LastIndexByte(p.Name, '.')] // of the layer, or of its part within a block
		l := known[name]
		if l == nil {
			l = &layer{Name: name}
			known[name], q.layers = l, append(q.layers, l)
		}
		l.params = append(l.params, p)
		q.makeSparse(p)
		if form := q.form(p.Name); form.Fits(p.Param) == nil && weights.Bytes(form, p.Param) < 4*len(p.Values) {
			l.fit = append(l.fit, p.Name)
		}
	}
	q.layers = slices.DeleteFunc(q.layers, func(l *layer) bool { return l.fit == nil })
	return nil
}

// makeSparse gives a parameter the sparse form where it is smaller, if that is asked for.
func (q *quantizer) makeSparse(p model.Parameter) {
	dense := &weights.Int8{}
	if !q.Sparse || dense.Fits(p.Param) != nil {
		return
	}
	form := weights.NewSparseInt8(p.Param, p.Values)
	if form.Fits(p.Param) == nil && weights.Bytes(form, p.Param) < weights.Bytes(dense, p.Param) {
		q.sparse[p.Name] = form
	}
}

// addTo adds the forms of the layer's parameters.
func (l *layer) addTo(forms *weights.Forms, q *quantizer) {
	for _, name := range l.fit {
		forms.Of[name] = q.form(name)
	}
}

// try quantizes a layer alone, and says what becomes of it.
func (q *quantizer) try(l *layer, before float64) (Layer, error) {
	one := Layer{Name: l.Name, Form: Float32}
	for _, p := range l.params {
		one.Parameters += len(p.Values)
	}
	one.Before = 4 * one.Parameters
	one.After = one.Before
	if q.Keep.Frozen(l.Name) {
		one.Kept = KeptAsAsked
		return one, nil
	}
	forms := q.base.Net.Forms.Clone()
	l.addTo(forms, q)
	made, err := q.base.In(forms)
	if err != nil {
		return one, err
	}
	after, err := q.loss(made)
	if err != nil {
		return one, err
	}
	if one.Sensitivity = after - before; !(one.Sensitivity <= q.MaxLoss*before) {
		one.Kept = KeptByLoss
		return one, nil
	}
	one.Form, one.After = weights.Key(forms.Of[l.fit[0]]), 0
	for _, p := range l.params {
		one.After += weights.Bytes(forms.Of[p.Name], p.Param)
	}
	return one, nil
}
