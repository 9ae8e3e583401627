package metrics

import "dnn/pkg/task"

// penalty is the accumulator of metrics that punish each row's probabilities by themselves: log loss, Brier score.
// Nothing is kept per row.
type penalty struct {
	task  task.Head
	row   func(t task.Head, pred []float64, truth func(column int) bool) float64
	total mean
	read  func(mean float64) float64 // nil: the mean as it is
}

// Add sums up the penalties of the rows of a batch.
func (a *penalty) Add(b Batch) {
	checkBatch(a.task, b)
	n := columns(a.task)
	row := 0
	truth := func(column int) bool {
		switch a.task.Kind {
		case task.Labels:
			return b.Labels[row*n+column] != 0
		case task.Binary:
			return b.Class[row] == 1
		}
		return b.Class[row] == column
	}
	for row = range b.Rows {
		a.total.add(a.row(a.task, b.Pred[row*n:(row+1)*n], truth), b.weight(row))
	}
}

func (a *penalty) Result() Result {
	if a.read != nil {
		return number(a.read(a.total.value()))
	}
	return number(a.total.value())
}
