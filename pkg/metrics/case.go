package metrics

import "dnn/pkg/task"

// Case is an example of a metric: its settings as in a spec, and its value for one of Samples, without the weights of the
// rows and with them.
type Case struct {
	Spec, Sample   string
	Want, Weighted Result
}

// Sample is a few weighted rows of predictions for one kind of target.
type Sample struct {
	Name  string
	Head  task.Head
	Batch Batch
	Texts Texts // of texts that a net writes, next to the steps of others
}

// Samples are the rows that cases are about. Each metric has a case for every sample that it fits.
func Samples() []Sample {
	pair, three := []string{"no", "yes"}, []string{"a", "b", "c"}
	weights := []float64{1, 2, 1, 3, 1, 2}
	shares := []float64{.6, .3, .1, .2, .5, .3, .1, .1, .8, .3, .4, .3, .2, .3, .5, .7, .2, .1}
	pairs := Batch{Rows: 6, Pred: []float64{.9, .2, .6, .4, .7, .1}, Class: []int{1, 0, 0, 1, 1, 0}, Weight: weights}
	classes := Batch{Rows: 6, Pred: shares, Class: []int{0, 1, 2, 0, 1, 0}, Weight: weights}
	tags := Batch{Rows: 6, Pred: shares, Weight: weights,
		Labels: []float64{1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0}}
	numbers := Batch{Rows: 6, Pred: []float64{2.5, 0.5, 2, 8, 4, 5}, Labels: []float64{3, 1, 2, 7, 5, 5}, Weight: weights}
	along := func(b Batch) Batch {
		b.Steps = []int{1, 2, 3}
		return b
	}
	texts := Texts{
		Predictions: []string{"The cat sat on the mat.", "A man, 3.5 m tall", ""},
		References:  [][]string{{"the cat sat on a mat."}, {"A man, 3.5 m tall, sleeps", "A tall man"}, {"He runs"}},
		Weight:      []float64{1, 2, 1},
	}
	naive := task.Training{NaiveErrors: map[int][]float64{1: {2}}}
	return []Sample{
		{"number", task.Head{Kind: task.Number, Columns: []string{"price"}}, numbers, Texts{}},
		{"forecast", task.Head{Kind: task.Number, Columns: []string{"sales"}, Horizon: 1, Training: naive}, numbers, Texts{}},
		{"binary", task.Head{Kind: task.Binary, Columns: []string{"income"}, Classes: pair}, pairs, Texts{}},
		{"category", task.Head{Kind: task.Category, Columns: []string{"species"}, Classes: three}, classes, Texts{}},
		{"labels", task.Head{Kind: task.Labels, Classes: three}, tags, Texts{}},
		{"binary along a sequence", task.Head{Kind: task.Binary, Columns: []string{"tags"}, Classes: pair, Axis: &task.Axis{Of: "words"}}, along(pairs), Texts{}},
		{"category along a sequence", task.Head{Kind: task.Category, Columns: []string{"tags"}, Classes: three, Axis: &task.Axis{Of: "words"}}, along(classes), Texts{}},
		{"labels along a sequence", task.Head{Kind: task.Labels, Classes: three, Axis: &task.Axis{Of: "words"}}, along(tags), Texts{}},
		{"text", task.Head{Kind: task.Category, Columns: []string{"en"}, Classes: three, Axis: &task.Axis{Of: "en", Generated: true, Ends: true}}, along(classes), texts},
	}
}
