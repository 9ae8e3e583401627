package metrics

import (
	"dnn/pkg/task"
)

func init() {
	Registry.Register("confusion_matrix", "rows by true and predicted class", &ConfusionMatrix{}).
		Also("confusion")
}

// ConfusionMatrix is the weight of the rows of each true class (down) that were taken for each class (across). All classes
// of the task stand in it, also those that do not occur. In a multi_label task it is a table [[TN FP] [FN TP]] per label.
//
// Source: scikit-learn, confusion_matrix (labels=all classes) and multilabel_confusion_matrix. Without rows all cells are 0.
type ConfusionMatrix struct{}

// Cases are examples of it.
func (*ConfusionMatrix) Cases() []Case {
	return []Case{
		{"confusion_matrix", "binary", Result{Matrix: [][]float64{{2, 1}, {1, 2}}},
			Result{Matrix: [][]float64{{4, 1}, {3, 2}}}},
		{"confusion_matrix", "category", Result{Matrix: [][]float64{{2, 1, 0}, {0, 1, 1}, {0, 0, 1}}},
			Result{Matrix: [][]float64{{3, 3, 0}, {0, 2, 1}, {0, 0, 1}}}},
		{"confusion_matrix", "labels", Result{Tables: [][][]float64{{{3, 0}, {1, 2}}, {{4, 0}, {1, 1}}, {{3, 0}, {1, 2}}}},
			Result{Tables: [][][]float64{{{4, 0}, {3, 3}}, {{6, 0}, {2, 2}}, {{6, 0}, {2, 2}}}}},
	}
}

// Fits expects classes or labels.
func (m *ConfusionMatrix) Fits(t task.Head) error { return needsClasses("confusion_matrix", t) }

// Goal is NoGoal: a matrix cannot be monitored.
func (m *ConfusionMatrix) Goal() Goal { return NoGoal }

// New counts confusions.
func (m *ConfusionMatrix) New(t task.Head) Accumulator {
	return &view[*Confusion]{NewConfusion(t), (*Confusion).Result}
}
