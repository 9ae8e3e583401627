package train

import (
	"encoding/binary"
	"encoding/json"
	"math"

	"dnn/pkg/cluster"
	"dnn/pkg/graph"
	"dnn/pkg/model"
)

// exchangeLosses returns the sums of all shards' losses and weights. Where one of the losses is not finite, all ranks return why.
func (w *work) exchangeLosses() (loss, weight float64, err error) {
	const size = 16 // of what a shard gives
	comm := w.opts.Comm
	sizes, total := make([]int, comm.Size()), 0
	for r := range sizes {
		share := cluster.Share(w.all, comm.Size(), r)
		sizes[r] = 1 + size*(share.Hi-share.Lo)
		total += sizes[r]
	}
	all := make([]byte, total)
	if err := comm.Allgather(append([]byte{asks(w.Trainer)}, w.losses...), all, sizes); err != nil {
		return 0, 0, err
	}
	number, asked := 0, false
	for _, n := range sizes {
		asked = asked || all[0] != 0
		for own := all[1:n]; len(own) > 0; own = own[size:] {
			x := math.Float64frombits(binary.LittleEndian.Uint64(own))
			if !finite(x) {
				return 0, 0, divergedIn(w, number)
			}
			loss, weight = loss+x, weight+math.Float64frombits(binary.LittleEndian.Uint64(own[8:]))
			number++
		}
		all = all[n:]
	}
	if asked {
		w.end()
	}
	return loss, weight, nil
}

// divergedIn returns on all ranks what the one found that has a shard.
func divergedIn(w *work, number int) error {
	comm, from := w.opts.Comm, 0
	for cluster.Share(w.all, comm.Size(), from).Hi <= number {
		from++
	}
	if comm.Size() == 1 {
		return w.bad
	}
	type wire struct { // JSON has no NaN
		Diverged
		Loss, Target uint64
	}
	var text []byte
	if comm.Rank() == from {
		var err error
		if text, err = json.Marshal(wire{*w.bad, math.Float64bits(w.bad.Loss), math.Float64bits(w.bad.Target)}); err != nil {
			return err
		}
	}
	text, err := cluster.Spread(comm, text, from)
	if err != nil {
		return err
	}
	var d wire
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	d.Diverged.Loss, d.Diverged.Target = math.Float64frombits(d.Loss), math.Float64frombits(d.Target)
	return &d.Diverged
}

// apply sums up what the nodes of all ranks give, and updates the weights with it.
func (w *work) apply(sums [][]float32, weight float64) error {
	sum, u := w.sum, w.update
	err := error(nil)
	if w.job.Config.Train.Reduce == "fast" {
		err = w.summer.Fast(sums, sum)
	} else {
		err = w.summer.Exact(w.all, sums, sum)
	}
	if err != nil {
		return err
	}
	if w.grads > 0 {
		copy(u.Feed(model.FeedGradient).F, sum)
		u.Feed(model.FeedGradWeight).F[0] = float32(weight)
	}
	rest := sum[w.grads:]
	for _, name := range w.states {
		next := u.Feed(model.NextState + name).F
		copy(next, rest)
		rest = rest[len(next):]
	}
	feedScalars(u.Program, w.pos, w.rate)
	feedPruned(w.Trainer, u.Program)
	u.Run()
	return nil
}

// weigh finds out the weights of the whole batch.
func (w *work) weigh(own cluster.Node) error {
	heads, comm := len(w.job.Heads), w.opts.Comm
	var mine []float32
	for i := own.Lo; i < own.Hi; i++ {
		s := w.shard(i)
		p, err := w.program(key{shape: w.shape(s), kind: weighing, unrounded: w.at.unrounded})
		if err != nil {
			return err
		}
		w.feed(p.Program, s)
		p.Run()
		for k := range heads {
			if out, _ := model.BatchWeight(&w.job.Network, k); p.HasOutput(out) {
				mine = append(mine, p.Output(out).F[0])
			} else {
				mine = append(mine, 0)
			}
		}
		mine = append(mine, p.Output(model.FeedRowsWeight).F[0])
	}
	sizes := make([]int, comm.Size())
	for r := range sizes {
		share := cluster.Share(w.all, comm.Size(), r)
		sizes[r] = 4 * (heads + 1) * (share.Hi - share.Lo)
	}
	all := make([]float32, (heads+1)*w.all)
	err := comm.Allgather(graph.BytesOf(mine), graph.BytesOf(all), sizes)
	totals := make([]float64, heads+1)
	for i, x := range all {
		totals[i%len(totals)] += float64(x)
	}
	w.told = nil
	for _, x := range totals {
		w.told = append(w.told, float32(x))
	}
	return err
}

// tell feeds a shard the weights of its batch.
func (w *work) tell(p *model.Program) {
	for k := range w.told {
		feed := model.FeedRowsWeight
		if k < len(w.job.Heads) {
			_, feed = model.BatchWeight(&w.job.Network, k)
		}
		if p.HasFeed(feed) {
			p.Feed(feed).F[0] = w.told[k]
		}
	}
}
