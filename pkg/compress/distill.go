package compress

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/hints"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

func init() {
	recipe.Registry.Register("distill", "trains the model on by what a larger one predicts", &Distill{}).Also("distillation", "teach")
}

// Distill trains the model of the step before on, by what a teacher predicts for the rows of the training split besides their labels
// (train.distill). So a net that lost much to the steps before learns to predict again what it did.
type Distill struct {
	Teacher     []string      `default:"[]" doc:"model file, or folder of a run, relative to the spec; of several, their mean counts (default: the model that the recipe began with)"`
	Temperature float64       `default:"4" range:"[0.01,100]" doc:"by which the scores of classes and labels are divided, those of the teacher and of the net"`
	Alpha       float64       `default:"0.9" range:"(0,1]" doc:"share of the loss that is the distance to the teacher; the rest is the spec's own loss"`
	Match       hints.Matches `doc:"layers of the net that learn to put out what layers of the teacher do, too, as train.distill.match (default: none)"`
	Cache       bool          `default:"false" doc:"keep what the teacher predicts for each row in memory; not with dataset.augment"`
	FineTuning  `spec:",inline"`
}

// Cases are examples of it.
func (*Distill) Cases() []string {
	return []string{"{type: distill, epochs: 5}", "{type: distill, teacher: [runs/a, runs/b], temperature: 2, alpha: 0.5, epochs: 5, learning_rate: 0.0005}", "{type: distill, epochs: 5, match: {dense_1: dense_1}}"}
}

// CheckSpec expects a length.
func (s *Distill) CheckSpec(path string, p *spec.Problems) { s.checkLength(path, true, p) }

// Files changes the paths of the teachers.
func (s *Distill) Files(change func(path *string)) {
	for i := range s.Teacher {
		change(&s.Teacher[i])
	}
}

// Distilled is what the training learns from, its teachers as the recipe names them: none is the model of the beginning.
func (s *Distill) Distilled() *model.Distill {
	return &model.Distill{Teacher: s.Teacher, Temperature: s.Temperature, Alpha: s.Alpha, Match: s.Match, Cache: s.Cache}
}

// Apply trains.
func (s *Distill) Apply(w *Work) (*Made, error) {
	teachers := []string{w.First}
	if len(s.Teacher) > 0 {
		teachers = nil
		for _, name := range s.Teacher {
			teachers = append(teachers, w.run.o.path(name))
		}
	}
	for i := range teachers {
		var err error
		if teachers[i], err = specPath(w.Model.Net.Dir, teachers[i]); err != nil {
			return nil, err
		}
	}
	f, err := w.Train(s.FineTuning, nil, func(c *model.Config) {
		c.Train.Distill = s.Distilled()
		c.Train.Distill.Teacher = teachers
	})
	if err != nil {
		return nil, err
	}
	by := "the model of the beginning"
	if len(s.Teacher) > 0 {
		by = phrase.List(slices.Clone(s.Teacher))
	}
	return &Made{Net: f.Net, State: f.State, Summary: fmt.Sprintf("trained for %s by %s", s.length(), by)}, nil
}
