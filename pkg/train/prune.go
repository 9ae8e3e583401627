package train

import (
	"math"

	"dnn/pkg/model"
	"dnn/pkg/pruning"
)

// pruningOf says after which updates weights are pruned.
func pruningOf(t *Trainer) pruning.Plan {
	if g := t.job.Config.Train.Prune; g != nil {
		return g.Plan(t.planned).Within(t.length.TotalSteps)
	}
	return pruning.Plan{}
}

// prune sets weights to zero where that is due after the updates so far. Steps keep zeros as they are, so nothing else has to be
// remembered: a training that is resumed finds them in its checkpoint.
//
// Weights that are not pruned yet are no model to keep. So with the last weights that go, the comparison of weights begins anew.
func prune(t *Trainer) {
	plan := pruningOf(t)
	if !plan.Due(t.pos.Step) {
		return
	}
	list := model.Pruned(&t.job.Network, t.state)
	t.job.Config.Train.Prune.Prune(list, plan.Progress(t.pos.Step))
	if average := t.state.Data(model.VarAverage); average != nil {
		for _, w := range list {
			for i, x := range w.Values {
				if x == 0 {
					average[w.Offset+i] = 0
				}
			}
		}
	}
	if plan.Ended(t.pos.Step) && t.pos.By != "" {
		t.pos.By, t.pos.Wait = "", 0
		t.pos.Best, t.pos.Reference, t.pos.BestEpoch, t.pos.BestStep = math.NaN(), math.NaN(), 0, 0
		t.pos.BestLoss = nil
	}
}

// feedPruned tells a step whether zeros have to stay.
func feedPruned(t *Trainer, p *model.Program) {
	if p.HasFeed(model.FeedPruned) && pruningOf(t).Begun(t.pos.Step) {
		p.Feed(model.FeedPruned).F[0] = 1
	}
}

// Pruned is what train.prune left of the weights of a model: nil where it does not prune.
func Pruned(f *model.File) []pruning.Figures {
	return pruning.Count(model.Pruned(f.Net, f.State))
}
