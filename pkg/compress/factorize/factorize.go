package factorize

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// Apply returns the model with ranks in the layers where that makes it smaller, and what became of each layer. f stays as it is.
// It is an error if no layer becomes smaller, or a budget cannot be kept.
func Apply(f *model.File, s Settings) (*model.File, Report, error) {
	var p spec.Problems
	if s.CheckSpec("factorize", &p); p.Len() > 0 {
		return nil, Report{}, errors.New(p.First().Message())
	}
	before, total, err := f.Net.Summarize(1)
	if err != nil {
		return nil, Report{}, err
	}
	list, skipped, err := candidates(f, before, s)
	if err != nil {
		return nil, Report{}, err
	}
	if err := choose(list, total, s); err != nil {
		return nil, Report{}, err
	}
	var changes []string
	for _, c := range list {
		if c.rank > 0 {
			changes = append(changes, fmt.Sprintf("%s.rank=%d", c.path, c.rank))
		}
	}
	if len(changes) == 0 {
		return nil, Report{}, errors.New("no layer becomes smaller by a rank that keeps so much: ask for less energy, or leave the weights whole")
	}
	net, err := model.With(f.Net, changes)
	if err != nil {
		return nil, Report{}, err
	}
	small, err := f.Filled(net, cut(f, list))
	if err != nil {
		return nil, Report{}, err
	}
	_, after, err := net.Summarize(1)
	if err != nil {
		return nil, Report{}, err
	}
	return small, report(list, skipped, total, after), nil
}

// choose gives the layers their ranks.
func choose(list []*candidate, total layers.Row, s Settings) error {
	switch {
	case s.Parameters > 0:
		weights := func(c *candidate) float64 { return c.weights * float64(len(c.parts)) }
		return byBudget(list, s.Parameters, float64(total.Trained+total.Frozen), weights, s.multiple(), "parameters")
	case s.Multiplications > 0:
		return byBudget(list, s.Multiplications, total.Products, func(c *candidate) float64 { return c.work }, s.multiple(), "multiplications")
	}
	byEnergy(list, s.Energy, s.multiple())
	return nil
}

func (s *Settings) multiple() int { return max(s.Multiple, 1) }

// candidates decomposes the weights of the layers that can have a rank. The others that are asked for are skipped with a reason.
func candidates(f *model.File, rows []layers.Row, s Settings) (list []*candidate, skipped []Layer, err error) {
	infos := make([]layers.Info, len(rows))
	for i := range rows {
		infos[i] = rows[i].Info
	}
	if bad := s.Layers.Unmatched(infos); len(bad) > 0 {
		return nil, nil, fmt.Errorf("no layer matches %q; dnn summary lists them", s.Layers[bad[0]])
	}
	learned := f.Learned()
	layers.Each(f.Net.Config.Layers, func(path string, e *layers.Entry) {
		if !slices.ContainsFunc(spec.Fields(reflect.TypeOf(e.Kind)), func(field spec.Field) bool { return field.Key == "rank" }) {
			return
		}
		c := &candidate{path: path}
		for _, row := range rows {
			if row.Path == path && (len(s.Layers) == 0 || s.Layers.Frozen(row.Name)) {
				c.names, c.work = append(c.names, row.Name), c.work+row.Products
			}
		}
		if len(c.names) == 0 || err != nil {
			return
		}
		why := ""
		if _, has := learned[c.names[0]+".weight"]; !has {
			why = "its weights have a rank already, or are those of another layer"
		} else if _, unfit := model.With(f.Net, []string{path + ".rank=1"}); unfit != nil {
			why = "its weights fall into groups, or another layer uses them too"
		}
		if why != "" {
			skipped = append(skipped, Layer{Name: c.names[0], Why: why})
			return
		}
		list, err = append(list, c), c.decompose(learned)
	})
	return list, skipped, err
}

// cut is what the layers of a model with ranks have learned.
func cut(f *model.File, list []*candidate) map[string][]float32 {
	learned := map[string][]float32{}
	for name, piece := range f.Learned() {
		learned[name] = piece.Data
	}
	for _, c := range list {
		if c.rank == 0 {
			continue
		}
		for i, name := range c.names {
			down, up := c.parts[i].thin(c.rank)
			delete(learned, name+".weight")
			learned[name+".down.weight"], learned[name+".up.weight"] = down, up
		}
	}
	return learned
}
