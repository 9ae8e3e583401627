package pruning

import (
	"math"

	"dnn/pkg/spec"
)

// Gradual prunes within a training, ever more weights, between begin and end. After t updates, of which pruning begins with
// t₀ and ends with t₁, the share of zeros is
//
//	s(t) = sparsity·(1 - (1 - (t-t₀)/(t₁-t₀))³)
//
// Source: Zhu & Gupta 2017, "To prune, or not to prune", equation 1, with an initial sparsity of 0.
type Gradual struct {
	Settings `spec:",inline"`
	Begin    float64 `default:"0" range:"[0,1]" doc:"when pruning begins, as a share of the training's updates"`
	End      float64 `default:"0.75" range:"[0,1]" doc:"when the whole share of weights is pruned; what is left of the training adapts the others. As begin: all at once"`
	Every    int     `range:"[1,)" default:"0" doc:"updates between two steps of pruning (default: as many as make 100 of them)"`
}

// CheckSpec expects the end behind the beginning, besides what Settings expect.
func (g *Gradual) CheckSpec(path string, p *spec.Problems) {
	g.Settings.CheckSpec(path, p)
	if g.End < g.Begin && !p.Under(path) {
		p.Add(path+".end", "%v lies before begin (%v)", g.End, g.Begin)
	}
}

// usualSteps is how many steps of pruning there are where the spec does not say when one is due.
const usualSteps = 100

// Plan says after which updates of a training weights are pruned. The zero value never prunes, and has ended.
type Plan struct{ from, to, every int }

// Plan is that of a training of so many updates.
func (g *Gradual) Plan(updates int) Plan {
	at := func(share float64) int { return int(math.Round(share * float64(updates))) }
	p := Plan{at(g.Begin), at(g.End), g.Every}
	if p.every == 0 {
		p.every = max(1, (p.to-p.from)/usualSteps)
	}
	return p
}

// Within is the plan of a training that ends earlier, by its last update.
func (p Plan) Within(updates int) Plan {
	p.to = min(p.to, updates)
	return p
}

// Due reports whether weights are pruned after so many updates.
func (p Plan) Due(updates int) bool {
	return p.every > 0 && (updates == p.to || updates > p.from && updates < p.to && (updates-p.from)%p.every == 0)
}

// Begun reports whether weights were pruned by then, so that zeros have to stay.
func (p Plan) Begun(updates int) bool {
	return p.every > 0 && (updates >= p.to || updates-p.from >= p.every)
}

// Ended reports whether no more weights are pruned after so many updates.
func (p Plan) Ended(updates int) bool { return p.every == 0 || updates >= p.to }

// Progress is the share of the pruning that is done after so many updates, in [0, 1].
func (p Plan) Progress(updates int) float64 {
	switch {
	case updates >= p.to:
		return 1
	case updates <= p.from:
		return 0
	}
	left := 1 - float64(updates-p.from)/float64(p.to-p.from)
	return 1 - float64(left*left*left) // not fused
}
