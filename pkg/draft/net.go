package draft

import (
	"fmt"
	"math"
)

// recipe is how a net is trained.
type recipe struct {
	rate     float64 // the highest learning rate
	decay    float64 // of the weights
	batch    int
	updates  int  // of the whole training
	patience int  // share of the epochs without improvement, in percent; 0: no early stopping
	accurate bool // the best weights are those of the best accuracy: the loss rises while the net still learns
}

// tableNet writes a net for columns: two layers, and dropout that is stronger where rows are few.
func (d *tabular) tableNet(rows int) {
	units, dropout := 256, 0.4
	r := recipe{rate: 0.002, decay: 0.01, batch: 16, updates: 2500, patience: 30}
	switch {
	case rows >= 20000:
		units, dropout = 128, 0.1
		r.rate, r.batch, r.updates = 0.005, 128, 8000
	case rows >= 10000:
		units, dropout = 128, 0.1
		r.rate, r.batch, r.updates = 0.005, 64, 8000
	case rows >= 2000:
		units, dropout = 128, 0.3
		r.batch, r.updates = 64, 4000
	}
	d.layers.add("- {type: dense, units: %d, activation: gelu}", units)
	d.layers.add("- {type: dropout, rate: %v}", dropout).note("against overfitting: more for few rows")
	d.layers.add("- {type: dense, units: %d, activation: gelu}", units)
	d.layers.add("- {type: dropout, rate: %v}", dropout)
	d.head()
	d.training(rows, r)
}

// head writes the last layer.
func (d *tabular) head() {
	if d.target.kind == "category" {
		d.layers.add("- {type: dense, units: classes}").note("one output for each class")
		return
	}
	d.layers.add("- {type: dense, units: targets}")
}

// training writes loss, optimizer, metrics and the length of a training.
func (d *tabular) training(rows int, r recipe) {
	t := d.target
	loss := map[string]string{"binary": "binary_cross_entropy", "category": "cross_entropy", "labels": "binary_cross_entropy", "number": "mse"}[t.kind]
	d.rest.add("loss: %s", loss)
	if t.classed() && imbalance(t) >= 5 {
		(&d.rest[len(d.rest)-1]).note("classes are uneven; class_weights: balanced finds more of the rare ones, with more false alarms")
		d.see("classes  the most frequent one has %.0f times as many rows as the rarest; look at balanced_accuracy and f1, not at accuracy alone", imbalance(t))
	}
	d.rest.add("optimizer: {type: adamw, learning_rate: {type: one_cycle, max: %v}, weight_decay: %v}", r.rate, r.decay)
	d.rest.add("metrics: [%s]", metricsOf(t))
	steps := max(1, (rows+r.batch-1)/r.batch)
	epochs := max(5, int(math.Ceil(float64(r.updates)/float64(steps))))
	text := fmt.Sprintf("train: {epochs: %d, batch_size: %d", epochs, r.batch)
	if r.patience > 0 {
		text += fmt.Sprintf(", early_stopping: {patience: %d}", max(3, epochs*r.patience/100))
	}
	if r.accurate && t.kind != "number" {
		text += ", monitor: validation_accuracy"
	}
	d.rest.add("%s}", text).note("some %s updates; the best weights on validation are kept", roundCount(epochs*steps))
}

// roundCount writes a count with two digits.
func roundCount(n int) string {
	unit := 1
	for n/unit >= 100 {
		unit *= 10
	}
	return fmt.Sprint((n + unit/2) / unit * unit)
}

// metricsOf are the metrics that say how good a net is.
func metricsOf(t *target) string {
	switch {
	case t.kind == "number":
		return "rmse, mae, r2"
	case t.kind == "binary":
		return "accuracy, balanced_accuracy, f1, roc_auc"
	case t.kind == "labels":
		return "accuracy, hamming_loss, {type: f1, average: micro}"
	}
	return "accuracy, balanced_accuracy, f1"
}

// imbalance is how many times as many rows the most frequent class has as the rarest.
func imbalance(t *target) float64 {
	list := byCount(t.Column)
	return float64(t.Counts[list[0]]) / float64(t.Counts[list[len(list)-1]])
}
