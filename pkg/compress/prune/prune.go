// Package prune makes trained models sparse: it sets their smallest weights to zero, and keeps what is mostly zero in sparse form.
package prune

import (
	"errors"
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
	"dnn/pkg/spec"
	"dnn/pkg/weights"
)

// Report is what is left.
type Report struct {
	Parameters []Parameter `json:"parameters"`
	Weights    int         `json:"weights"`
	NonZeros   int         `json:"non_zeros"`
}

// Parameter is what is left of one.
type Parameter struct {
	pruning.Figures
	Sparse bool `json:"sparse"` // whether it is kept in sparse form
}

// Apply returns the model with its smallest weights set to zero, all at once. f stays as it is.
func Apply(f *model.File, s pruning.Settings) (*model.File, error) {
	var p spec.Problems
	if s.CheckSpec("prune", &p); p.Len() > 0 {
		return nil, errors.New(p.First().Message())
	}
	if f.Net.Forms.Any() {
		return nil, fmt.Errorf("%s: its weights are in other forms already; prune the model that it was made of", f.Path)
	}
	learned := map[string][]float32{}
	for name, piece := range f.Learned() {
		learned[name] = slices.Clone(piece.Data)
	}
	list, err := taken(f, &s, learned)
	if err != nil {
		return nil, err
	}
	s.Prune(list, 1)
	for _, left := range pruning.Count(list) {
		if left.NonZeros == 0 {
			return nil, fmt.Errorf("so much sparsity leaves none of the %s of %s; take less, or exclude the layer (exclude: [%s])",
				phrase.Count(left.Weights, "weight"), left.Name, left.Layer)
		}
	}
	return f.Filled(f.Net, learned)
}

// taken are the weights of the model that the settings take, in the memory of learned.
func taken(f *model.File, s *pruning.Settings, learned map[string][]float32) (list []pruning.Weights, err error) {
	rows, _, err := f.Net.Summarize(1)
	if err != nil {
		return nil, err
	}
	infos := make([]layers.Info, len(rows))
	for i := range rows {
		infos[i] = rows[i].Info
	}
	for _, patterns := range []layers.Freezing{s.Layers, s.Exclude} {
		if bad := patterns.Unmatched(infos); len(bad) > 0 {
			return nil, fmt.Errorf("no layer matches %q; dnn summary lists them", patterns[bad[0]])
		}
	}
	all, err := f.Parameters()
	if err != nil {
		return nil, err
	}
	for _, name := range sorted(all) {
		if p := all[name].Param; s.Takes(p) {
			list = append(list, pruning.Weights{Param: p, Values: learned[name]})
		}
	}
	if len(list) == 0 {
		return nil, errors.New("there is nothing to prune: none of these layers has weights")
	}
	return list, nil
}

// sorted are the names of parameters in the order of their layers, so that of equal weights the same go in every run.
func sorted(all map[string]model.Parameter) (names []string) {
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Store returns the model with each parameter in sparse form that has zeros for at least half of its weights. What was pruned in a
// training becomes small so. half keeps numbers as float16. f stays as it is.
func Store(f *model.File, half bool) (*model.File, Report, error) {
	all, err := f.Parameters()
	if err != nil {
		return nil, Report{}, err
	}
	forms, report := f.Net.Forms.Clone(), Report{}
	for _, name := range sorted(all) {
		p := all[name]
		left := pruning.Count([]pruning.Weights{{Param: p.Param, Values: p.Values}})[0]
		if p.Shape.Rank() < 2 {
			continue
		}
		form := weights.NewSparse(p.Param, p.Values, half)
		one := Parameter{left, left.Sparsity() >= leastSparsity && form.Fits(p.Param) == nil && form.Bytes(p.Param) < 4*left.Weights && forms.Of[name] == nil}
		if one.Sparse {
			forms.Of[name] = form
		}
		report.Parameters = append(report.Parameters, one)
		report.Weights, report.NonZeros = report.Weights+left.Weights, report.NonZeros+left.NonZeros
	}
	small, err := f.In(forms)
	return small, report, err
}

// leastSparsity is the share of zeros from which on products of many rows are faster on the sparse form.
const leastSparsity = 0.5
