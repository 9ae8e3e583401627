package train

import "dnn/pkg/model"

// Length is how long a training takes at most, and where it begins.
type Length struct {
	Epochs, StepsPerEpoch, TotalSteps int
	From                              Position
}

// A fast run takes so many batches in so many epochs.
const (
	fastBatches = 3
	fastEpochs  = 2
)

// lengthOf settles how long a training is whose epochs have so many batches.
func lengthOf(c *model.Training, batches int, fast bool, from Position) Length {
	l := Length{StepsPerEpoch: (batches + c.Accumulate - 1) / c.Accumulate, From: from}
	if c.Steps > 0 {
		l.TotalSteps = c.Steps
		l.Epochs = (c.Steps + l.StepsPerEpoch - 1) / l.StepsPerEpoch
	} else {
		l.Epochs, l.TotalSteps = c.Epochs, c.Epochs*l.StepsPerEpoch
	}
	if fast {
		l.Epochs = min(l.Epochs, fastEpochs)
		l.TotalSteps = min(l.TotalSteps, l.Epochs*l.StepsPerEpoch)
	}
	return l
}
