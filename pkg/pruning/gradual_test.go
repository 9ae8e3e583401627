package pruning

import (
	"math"
	"testing"
)

func TestPlan(t *testing.T) {
	for name, c := range map[string]struct {
		g             Gradual
		updates       int
		due           []int
		begun         int // the first number of updates
		at            map[int]float64
		ended, notYet int
	}{
		"the paper's": {
			g: Gradual{Begin: .25, End: .75, Every: 10}, updates: 80, due: []int{30, 40, 50, 60}, begun: 30,
			at: map[int]float64{0: 0, 20: 0, 30: 1 - .421875, 40: .875, 50: 1 - .015625, 60: 1, 80: 1}, ended: 60, notYet: 59,
		},
		"the last step comes early": {g: Gradual{End: .5, Every: 30}, updates: 100, due: []int{30, 50}, begun: 30, ended: 50, notYet: 49},
		"all at once":               {g: Gradual{Begin: .5, End: .5}, updates: 10, due: []int{5}, begun: 5, at: map[int]float64{4: 0, 5: 1}, ended: 5, notYet: 4},
		"before the first":          {g: Gradual{}, updates: 10, due: []int{0}, begun: 0, ended: 0, notYet: -1},
		"every update of few":       {g: Gradual{End: 1}, updates: 3, due: []int{1, 2, 3}, begun: 1, ended: 3, notYet: 2},
	} {
		p := c.g.Plan(c.updates)
		var due []int
		for u := range c.updates + 1 {
			if p.Due(u) {
				due = append(due, u)
			}
			if p.Begun(u) != (u >= c.begun) {
				t.Errorf("%s: begun after %d updates: %v", name, u, p.Begun(u))
			}
		}
		if len(due) != len(c.due) {
			t.Errorf("%s: due after %v updates, want %v", name, due, c.due)
			continue
		}
		for i := range due {
			if due[i] != c.due[i] {
				t.Errorf("%s: due after %v updates, want %v", name, due, c.due)
				break
			}
		}
		for u, want := range c.at {
			if got := p.Progress(u); math.Abs(got-want) > 1e-12 {
				t.Errorf("%s: %v of it is done after %d updates, want %v", name, got, u, want)
			}
		}
		if !p.Ended(c.ended) || p.Ended(c.notYet) {
			t.Errorf("%s: ended after %d: %v, after %d: %v", name, c.ended, p.Ended(c.ended), c.notYet, p.Ended(c.notYet))
		}
	}
	if p := (Plan{}); p.Due(0) || p.Begun(9) || !p.Ended(0) {
		t.Error("a training without pruning prunes")
	}
	if p := (&Gradual{End: 1}).Plan(100).Within(40); !p.Due(40) || p.Progress(40) != 1 || p.Due(41) {
		t.Error("a training that ends earlier does not prune all")
	}
}
