package schedule

// Warmup lets a training begin gently. During its steps the rate climbs in a straight line,
//
//	rate(k) = from + (target - from)·k/warmup     k = 0, 1, … warmup-1
//
// to the target, which is what the schedule itself gives for step `warmup`. Schedules that count epochs (step,
// multi_step, exponential) count from the first step of training, as Goyal et al. 2017 do; those that run over a span
// (cosine, polynomial, one_cycle) begin when the warm-up is over, as PyTorch's SequentialLR has it.
type Warmup struct {
	Warmup int     `default:"0" range:"[0,)" doc:"steps (updates, whatever the unit) over which the rate first climbs in a straight line to its value"`
	From   float64 `spec:"warmup_from" default:"0" range:"[0,)" doc:"rate of the very first step of the warm-up"`
}

// climb is rate with the warm-up before it.
func (w Warmup) climb(at Position, rate func(Position) float64) float64 {
	if at.Step >= w.Warmup {
		return rate(at)
	}
	top := at
	top.Step = w.Warmup
	return mix(w.From, rate(top), float64(at.Step)/float64(w.Warmup))
}
