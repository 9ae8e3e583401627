package train

import "dnn/pkg/model"

// sent is the batch that was copied to a device before its step, while the step before computed.
type sent struct {
	to    *program
	batch int
}

// sendNext fills the inputs of the next step of the epoch and copies them to the device that computes this one. What is sent is what
// the step would be given later, so no bit depends on it. It leaves the batch to its step where that changes it first (teachers, forcing,
// states that are carried), and where the next step has a program of another shape that is not compiled yet.
func sendNext(t *Trainer, now *program, role model.Accumulation) error {
	b, next := t.batches, t.pos.Batch+1
	if !now.Remote() || b.chunks != nil || b.teaching != nil || t.job.Config.Train.TeacherForcing != nil || next >= b.count() {
		return nil
	}
	step := t.pos.Step
	if role != model.Adding {
		step++
	}
	p, ok := t.programs.Get(keyOf(t, next, step))
	if !ok {
		return nil
	}
	if err := b.fill(p, t.state, next); err != nil {
		return err
	}
	p.Send()
	b.sent = sent{p, next}
	return nil
}

// took reports whether a batch lies in the inputs of a program already, and forgets what was sent in vain.
func (b *batches) took(p *program, batch int) bool {
	s := b.sent
	b.sent = sent{}
	if s.to == nil || s.to == p && s.batch == batch {
		return s.to != nil
	}
	s.to.Recall()
	return false
}

// again puts rows back into the inputs of a step, if the next ones are there.
func (b *batches) again(p *program, rows []int) error {
	if b.sent.to != p {
		return nil
	}
	return b.part.FillTraining(p.batch, rows, b.job.Config.Seed, b.epoch)
}
