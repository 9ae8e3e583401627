package compress

import (
	"fmt"

	"dnn/pkg/compress/prune"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
	"dnn/pkg/spec"
)

func init() {
	recipe.Registry.Register("prune", "sets the smallest weights to zero", &Prune{}).Also("sparsify", "magnitude_pruning")
}

// Prune sets the weights of the smallest magnitude to zero: at once, or with epochs in the course of that training, ever more between
// begin and end (train.prune). They stay zero when later steps train.
type Prune struct {
	pruning.Gradual `spec:",inline"`
	FineTuning      `spec:",inline"`
	Sparse          bool `default:"false" doc:"keep what is mostly zero in sparse form, in a smaller file; then it is the last step"`
}

// CheckSpec expects one length at most, besides what the settings expect.
func (s *Prune) CheckSpec(path string, p *spec.Problems) {
	s.Gradual.CheckSpec(path, p)
	s.checkLength(path, false, p)
}

// Cases are examples of it.
func (*Prune) Cases() []string {
	return []string{"{type: prune, sparsity: 0.9, epochs: 8, learning_rate: 0.0005}", "{type: prune, pattern: \"2:4\", exclude: [out]}", "{type: prune, sparsity: 0.95, sparse: true}"}
}

// Closes reports whether weights are kept in sparse form.
func (s *Prune) Closes() bool { return s.Sparse }

// Apply prunes.
func (s *Prune) Apply(w *Work) (*Made, error) {
	f, err := s.pruned(w)
	if err != nil {
		return nil, err
	}
	list := pruning.Count(model.Pruned(f.Net, f.State))
	total := pruning.Total(list)
	summary := fmt.Sprintf("%.1f %% of the weights are zero", 100*total.Sparsity())
	if !s.Sparse {
		return &Made{Net: f.Net, State: f.State, Summary: summary, Report: list}, nil
	}
	stored, report, err := prune.Store(f, false)
	if err != nil {
		return nil, err
	}
	return &Made{Net: stored.Net, State: stored.State, Summary: summary + ", in sparse form", Report: report}, nil
}

func (s *Prune) pruned(w *Work) (*model.File, error) {
	if s.Trains() {
		return w.Train(s.FineTuning, nil, func(c *model.Config) {
			gradual := s.Gradual
			c.Train.Prune = &gradual
		})
	}
	f, err := prune.Apply(w.Model, s.Settings)
	if err != nil {
		return nil, err
	}
	c, net := *f.Net.Config, *f.Net
	c.Train.Prune, net.Config = held(&s.Gradual), &c
	f.Net = &net
	return f, nil
}

// held is the pruning that keeps the zeros that there are.
func held(g *pruning.Gradual) *pruning.Gradual {
	if g == nil {
		return nil
	}
	own := *g
	own.Begin, own.End = 0, 0
	return &own
}

// whole is a net of other weights than those that were pruned.
func whole(n *model.Network) *model.Network {
	c, own := *n.Config, *n
	c.Train.Prune, own.Config = nil, &c
	return &own
}
