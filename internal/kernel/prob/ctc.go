package prob

// CTC is connectionist temporal classification (Graves et al. 2006): the probability that a net writes the labels of a row,
// over all ways to spread them over its steps. Each step stands for a class; class 0 is the blank, which writes nothing, and
// a class at several steps in a row writes one label. Between equal labels there must be a blank.
type CTC struct {
	Rows, Steps, Classes int
	Labels               int  // the most of a row
	ZeroInfinity         bool // the loss of a row that has too few steps for its labels is 0, not infinite
}

// Local is how much scratch memory a thread needs.
func (c CTC) Local() int {
	states := 2*c.Labels + 1
	return 3 * (c.Steps*states + c.Steps*(c.Labels+1) + states)
}

// Run computes the rows [lo,hi): loss = -ln of the probability of the labels, and occupied [steps, classes], the probability
// of each class at each step, given the labels. That is minus the gradient of the loss by x, the logarithms of the classes'
// probabilities [steps, classes]. occupied may be x. A row has lengths[i] steps, all where lengths is nil, and counts[i]
// labels; behind its steps occupied is 0.
func (c CTC) Run(loss, occupied, x []float32, labels, lengths, counts []int32, local []float32, lo, hi int) {
	size := c.Steps * c.Classes
	for i := lo; i < hi; i++ {
		length := c.Steps
		if lengths != nil {
			length = min(max(int(lengths[i]), 0), c.Steps)
		}
		count := min(max(int(counts[i]), 0), c.Labels)
		r := ctcRow{classes: c.Classes, steps: length, labels: labels[i*c.Labels : i*c.Labels+count]}
		local := local
		r.alpha, local = widesIn(local, length*r.states())
		r.p, local = widesIn(local, length*(count+1))
		r.beta, _ = widesIn(local, r.states())
		total := r.forward(x[i*size : (i+1)*size])
		out := occupied[i*size : (i+1)*size]
		clear(out)
		loss[i] = float32(-total.log())
		switch {
		case total.m != 0:
			r.backward(out, total)
		case c.ZeroInfinity:
			loss[i] = 0
		}
	}
}

// ctcRow is a row. Its states are its labels with a blank before and behind each: state 2j+1 is label j, the even ones are
// blank.
type ctcRow struct {
	classes, steps int
	labels         []int32
	alpha          wides // [steps, states]: probability of all ways to a state, with its step
	beta           wides // [states]: probability of all ways on from a state
	p              wides // [steps, labels+1]: probability of the blank, and of each label
}

func (r *ctcRow) states() int { return 2*len(r.labels) + 1 }

// emits is the place of a state in p.
func emits(state int) int {
	if state%2 == 0 {
		return 0
	}
	return state/2 + 1
}

// skips reports whether a state can follow the one two before: a label that differs from the last.
func (r *ctcRow) skips(state int) bool {
	return state%2 == 1 && state > 1 && r.labels[state/2] != r.labels[state/2-1]
}

// forward fills p and alpha, and returns the probability of the labels.
func (r *ctcRow) forward(x []float32) wide {
	states, n := r.states(), len(r.labels)+1
	if r.steps == 0 {
		if n == 1 {
			return wide{1, 0}
		}
		return wide{}
	}
	var before wides
	for t := range r.steps {
		at, p := x[t*r.classes:(t+1)*r.classes], r.p.part(t, n)
		p.set(0, wideExp(at[0]))
		for j, label := range r.labels {
			p.set(j+1, wideExp(at[label]))
		}
		alpha := r.alpha.part(t, states)
		for s := range states {
			var sum wide
			switch {
			case t == 0 && s < 2:
				sum = wide{1, 0}
			case t > 0:
				sum = before.at(s)
				if s > 0 {
					sum = sum.plus(before.at(s - 1))
				}
				if r.skips(s) {
					sum = sum.plus(before.at(s - 2))
				}
			}
			alpha.set(s, sum.times(p.at(emits(s))))
		}
		before = alpha
	}
	total := before.at(states - 1)
	if states > 1 {
		total = total.plus(before.at(states - 2))
	}
	return total
}

// backward adds the share of each state in the total to its class in out, step by step from the last.
func (r *ctcRow) backward(out []float32, total wide) {
	states, n := r.states(), len(r.labels)+1
	for s := range states {
		r.beta.set(s, wide{})
		if s >= states-2 {
			r.beta.set(s, wide{1, 0})
		}
	}
	for t := r.steps - 1; t >= 0; t-- {
		at, alpha := out[t*r.classes:(t+1)*r.classes], r.alpha.part(t, states)
		for s := range states {
			class := 0
			if s%2 == 1 {
				class = int(r.labels[s/2])
			}
			at[class] += float32(alpha.at(s).times(r.beta.at(s)).over(total))
		}
		p := r.p.part(t, n)
		for s := range states { // with the step itself
			r.beta.set(s, r.beta.at(s).times(p.at(emits(s))))
		}
		for s := range states {
			sum := r.beta.at(s)
			if s+1 < states {
				sum = sum.plus(r.beta.at(s + 1))
			}
			if s+2 < states && r.skips(s+2) {
				sum = sum.plus(r.beta.at(s + 2))
			}
			r.beta.set(s, sum)
		}
	}
}
