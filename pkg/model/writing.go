package model

import (
	"slices"

	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/schedule"
)

// checkWriting notes settings for nets that write texts where none is written, and those of other ways to write.
func (j *Job) checkWriting(p *spec.Problems) {
	if slices.ContainsFunc(j.Heads, func(h task.Head) bool { return !h.Known() }) {
		return
	}
	generated := slices.ContainsFunc(j.Heads, func(h task.Head) bool { return h.Generated() && !h.Axis.Continues })
	aligned := slices.ContainsFunc(j.Heads, func(h task.Head) bool { return h.Aligned() })
	why := "no target is one (type: text)"
	if slices.ContainsFunc(j.Heads, func(h task.Head) bool { return h.Generated() && h.Axis.Continues }) {
		why = "a language model has no text of its own to predict; 'dnn generate' writes with it, and its flags say how"
	}
	if how := j.Config.Predict; how != nil && !generated {
		if !aligned {
			p.Add("predict", "is for nets that write texts; %s", why)
		} else {
			how.checkAligned(p)
		}
	}
	if share := j.Config.Train.TeacherForcing; share != nil {
		if aligned {
			why = "with loss: ctc it reads none of the labels"
		}
		if !generated {
			p.Add("train.teacher_forcing", "is for nets that write texts token by token; %s", why)
		} else if most := mostShare(share, &j.Config.Train); most > 1 {
			p.Add("train.teacher_forcing", "reaches %v: it is the share of tokens that are those of the data, at most 1", most)
		}
	}
}

// checkAligned notes settings of texts that are written token by token.
func (how *Predict) checkAligned(p *spec.Problems) {
	const why = "is for texts that are written token by token; with loss: ctc labels are read from the steps of the net, and beam is the only setting"
	if how.MaxLength != 0 {
		p.Add("predict.max_length", why)
	}
	if how.LengthPenalty != 1 {
		p.Add("predict.length_penalty", why)
	}
	if how.NoRepeat != 0 {
		p.Add("predict.no_repeat", why)
	}
}

// checkLongest notes texts to write that are longer than the net can take.
func checkLongest(j *Job, p *spec.Problems) {
	how := j.Config.Predict
	if how == nil {
		return
	}
	for k := range j.Heads {
		if !j.Writes(k) || how.MaxLength < j.Heads[k].Axis.Steps {
			continue
		}
		steps := j.Schema.Bucket(j.Prefix(k), how.MaxLength+1)
		if why := (&probe{net: &j.Network}).differs(Rows(1).WithPrefix(&j.Network, k, steps)); why != "" {
			p.Add("predict.max_length", "is %d tokens, and the net writes no more than %d of %s, as many as its texts have in training: %s", how.MaxLength, j.Heads[k].Axis.Steps-1, j.Heads[k].Name, why)
		}
	}
}

// mostShare is the largest value that a schedule has in a training, as far as a look at a hundred places of each epoch tells.
func mostShare(s schedule.Schedule, t *Training) (most float64) {
	const perEpoch = 100
	all := max(t.Steps, t.Epochs*perEpoch)
	for step := 0; step <= all; step += max(1, all/10000) {
		most = max(most, s.Rate(schedule.Position{Step: step, StepsPerEpoch: perEpoch, TotalSteps: all}))
	}
	return most
}
