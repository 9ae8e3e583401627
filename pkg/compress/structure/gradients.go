package structure

import (
	"errors"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/transfer"
)

// eachGradient takes batches of rows through a net as training would, and shows the gradient of the loss of each, which is laid out as
// params say. f stays as it is.
func eachGradient(f *model.File, rows *dataset.Part, batches int, see func(learned map[string]transfer.Piece, params []graph.Param, gradient []float32)) error {
	if rows == nil || rows.Rows() == 0 {
		return errors.New("importance: taylor needs rows of the training split")
	}
	if f.Net.Config.Train.Stateful {
		return errors.New("importance: taylor is not for train.stateful, whose batches begin with the states of those before; magnitude is")
	}
	f, err := copied(f)
	if err != nil {
		return err
	}
	pool := parallel.New(0)
	defer pool.Close()
	size := max(1, min(f.Net.Config.Train.BatchSize, rows.Rows()))
	order := dataset.Permutation(nil, rows.Rows(), f.Net.Config.Seed, 0)
	programs := map[model.BatchShape]*model.Program{}
	var steps []int
	for k := range min(batches, rows.Rows()/size) {
		these := order[k*size : (k+1)*size]
		steps = rows.Steps(steps, these)
		shape := model.BatchShapeFor(size, steps)
		p := programs[shape]
		if p == nil {
			g, err := f.Net.TrainGraph(shape, model.Alone)
			if err != nil {
				return err
			}
			if p, err = f.Net.Compile(g, f.State, pool, exec.Options{}); err != nil {
				return err
			}
			programs[shape] = p
		}
		if err := rows.Fill(p.NewBatch(shape), these); err != nil {
			return err
		}
		if p.HasFeed("step") {
			p.Feed("step").I[0] = int32(k)
		}
		p.Forward()
		see(f.Learned(), f.State.Params(model.VarWeights), p.Output(model.OutGradient).F)
	}
	return nil
}

// copied is a model with weights of its own: what a training adds to its state is not to be seen in the other.
func copied(f *model.File) (*model.File, error) {
	own := map[string][]float32{}
	for name, piece := range f.Learned() {
		own[name] = piece.Data
	}
	same, err := model.With(f.Net, nil)
	if err != nil {
		return nil, err
	}
	return f.Filled(same, own)
}
