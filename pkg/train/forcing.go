package train

import (
	"dnn/internal/random"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// In training, a net that writes texts is given the tokens of the data as those written so far (teacher forcing). When it writes,
// it is given its own, mistakes included. With train.teacher_forcing, a share of the tokens are those that the net itself finds
// most probable at their place, so that it learns to go on from them (Bengio et al. 2015, "Scheduled sampling"; in two passes, as
// Mihaylova & Martins 2019 do for transformers: the first is given the tokens of the data, the second the mixture).

// streamForcing keeps these draws apart from others of the same seed.
const streamForcing = 5 << 32

// force replaces tokens of the batch that lies in a step's program.
func (t *Trainer) force(p *program, shape model.BatchShape, rows []int) error {
	s := t.job.Config.Train.TeacherForcing
	if s == nil {
		return nil
	}
	share := s.Rate(t.scheduled())
	if share >= 1 {
		return nil
	}
	first, err := t.firstPass(p, shape)
	if err != nil {
		return err
	}
	for k := range t.job.Heads {
		if !t.job.Writes(k) {
			continue
		}
		h, block := &t.job.Heads[k], t.job.Prefix(k)
		out, steps := first.Prediction(k), p.batch.Steps[block]
		for i, row := range rows {
			draws := random.New(t.job.Config.Seed, streamForcing^uint64(t.pos.Seen)<<36^uint64(row))
			tokens := p.batch.Ints[block][i*steps : (i+1)*steps]
			for at := range int(p.batch.Lengths[block][i]) - 1 {
				if draws.Uniform() < share {
					continue
				}
				from := (i*steps + at) * h.Width
				tokens[at+1] = int32(max(0, metrics.Argmax(out[from:from+h.Width])))
			}
		}
	}
	return nil
}

// firstPass predicts the batch of a step as it is.
func (t *Trainer) firstPass(p *program, shape model.BatchShape) (*program, error) {
	first, err := t.program(key{shape: shape, kind: predicting})
	if err != nil {
		return nil, err
	}
	first.FeedBatch(p.batch)
	first.Run()
	return first, nil
}
