package schedule

// Unit is what a schedule counts its lengths in.
type Unit struct {
	Unit string `default:"epoch" oneof:"epoch|step" doc:"what lengths are counted in: epochs, or steps (updates)"`
}

// count is the number of units before this update.
func (u Unit) count(at Position) int {
	if u.Unit == "step" {
		return at.Step
	}
	return at.epoch()
}

// steps is a length in steps.
func (u Unit) steps(length int, at Position) int {
	if u.Unit == "step" {
		return length
	}
	return length * max(1, at.StepsPerEpoch)
}

// Span is how long a schedule takes: the whole training unless told otherwise.
type Span struct {
	Length int `default:"0" range:"[0,)" doc:"how long it takes from the first step of training, warm-up included; afterwards the rate stays; 0: the whole training"`
	Unit   `spec:",inline"`
}

// place returns the step since the warm-up, no more than the number of steps the span has after it, and that number.
func (s Span) place(at Position, warmup int) (step, steps int) {
	steps = at.TotalSteps
	if s.Length > 0 {
		steps = s.steps(s.Length, at)
	}
	steps = max(1, steps-warmup)
	return min(max(0, at.Step-warmup), steps), steps
}
