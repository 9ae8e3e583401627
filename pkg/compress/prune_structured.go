package compress

import (
	"dnn/pkg/spec"
	"fmt"

	"dnn/pkg/compress/recipe"
	"dnn/pkg/compress/structure"
)

func init() {
	recipe.Registry.Register("prune_structured", "removes units, filters and heads, and leaves a smaller dense net", &PruneStructured{}).Also("structured_pruning", "shrink")
}

// PruneStructured removes the units, filters and attention heads that matter least, and all that is coupled with them, and then trains
// the net on, if epochs says so. The model stays an ordinary one, with a spec of smaller sizes.
type PruneStructured struct {
	structure.Settings `spec:",inline"`
	FineTuning         `spec:",inline"`
}

// CheckSpec expects one length at most, besides what the settings expect.
func (s *PruneStructured) CheckSpec(path string, p *spec.Problems) {
	s.Settings.CheckSpec(path, p)
	s.checkLength(path, false, p)
}

// Cases are examples of it.
func (*PruneStructured) Cases() []string {
	return []string{
		"{type: prune_structured, remove: 0.5, epochs: 5, learning_rate: 0.0005}",
		"{type: prune_structured, remove: 0.4, of: multiplications, importance: taylor, scope: global, multiple: 8, layers: [\"conv*\"]}",
	}
}

// Apply removes, and trains.
func (s *PruneStructured) Apply(w *Work) (*Made, error) {
	data, err := w.Data()
	if err != nil {
		return nil, err
	}
	f, report, err := structure.Apply(w.Model, data.Train, s.Settings)
	if err != nil {
		return nil, err
	}
	left := func(c structure.Change) float64 { return 100 * c.After / c.Before }
	summary := fmt.Sprintf("%.0f %% of the parameters and %.0f %% of the multiplications left", left(report.Parameters), left(report.Multiplications))
	return w.tuned(&Made{Net: whole(f.Net), State: f.State, Summary: summary, Report: report}, s.FineTuning)
}
