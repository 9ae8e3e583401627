package structure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// amount finds how many units of each group are left.
type amount struct {
	Settings
	c      *coupling
	net    *model.Network
	sizes  []*size
	groups []*group // those that can lose units
	of     importance
	before layers.Row
}

// least is how many classes of each pool of a group are left at least.
func (a *amount) least(g *group) int {
	return a.rounded(g, math.Ceil(float64(g.n())*(1-a.Most)-1e-9), math.Ceil)
}

// rounded is a number of classes brought to a multiple.
func (a *amount) rounded(g *group, left float64, round func(float64) float64) int {
	multiple := float64(max(a.Multiple, 1))
	return min(max(int(round(left/multiple)), 1)*int(multiple), g.n())
}

// choose settles the groups.
func (a *amount) choose() error {
	if a.Scope != "global" && a.Of != "multiplications" && a.Of != "parameters" {
		a.share(a.Remove, math.Round)
		return nil
	}
	steps, set := a.ladder()
	var failed error
	at := sort.Search(steps, func(i int) bool {
		set(i)
		got, err := a.removed()
		failed = cmp.Or(failed, err)
		return got >= a.Remove-1e-9
	})
	set(min(at, steps-1))
	if failed != nil {
		return failed
	}
	if err := a.giveBack(); err != nil {
		return err
	}
	if got, err := a.removed(); err != nil || got < a.Remove-0.02 {
		return cmp.Or(err, fmt.Errorf("%.3g of the %s can be removed at most, with most: %v and multiple: %d, and %v is asked for", got, a.what(), a.Most, max(a.Multiple, 1), a.Remove))
	}
	return nil
}

// giveBack leaves groups more where as much as is asked is removed all the same: heads are few, so that removing one may be far too much.
func (a *amount) giveBack() error {
	order := slices.Clone(a.groups)
	slices.SortStableFunc(order, func(g, h *group) int { return cmp.Compare(h.n(), g.n()) })
	for _, g := range order {
		low, multiple := g.left, max(a.Multiple, 1)
		var failed error
		more := sort.Search((g.n()-low+multiple-1)/multiple, func(k int) bool {
			g.left = min(low+(k+1)*multiple, g.n())
			got, err := a.removed()
			failed = cmp.Or(failed, err)
			return got < a.Remove-1e-9
		})
		if g.left = min(low+more*multiple, g.n()); failed != nil {
			return failed
		}
	}
	return nil
}

func (a *amount) what() string { return cmp.Or(a.Of, "units") }

// ladder is the ways to remove more and more: how many there are, and what sets the groups to one.
func (a *amount) ladder() (steps int, set func(i int)) {
	if a.Scope != "global" {
		return 1000, func(i int) { a.share(float64(i+1)/1000, math.Ceil) }
	}
	var scores []float64
	for _, g := range a.groups {
		for _, p := range g.pools {
			for _, x := range p.classes {
				scores = append(scores, a.of[x])
			}
		}
	}
	slices.Sort(scores)
	return len(scores), func(i int) {
		for _, g := range a.groups {
			left := 0
			for _, p := range g.pools {
				above := 0
				for _, x := range p.classes {
					if a.of[x] > scores[i] {
						above++
					}
				}
				left = max(left, above)
			}
			g.left = max(a.rounded(g, float64(left), math.Ceil), a.least(g))
		}
	}
}

// share removes the same share of each group.
func (a *amount) share(q float64, round func(float64) float64) {
	for _, g := range a.groups {
		g.left = max(a.rounded(g, float64(g.n())*(1-q), round), a.least(g))
	}
}

// removed is the share that the groups' settings remove.
func (a *amount) removed() (float64, error) {
	if a.what() == "units" {
		all, left := 0, 0
		for _, g := range a.groups {
			all, left = all+g.n()*len(g.pools), left+g.left*len(g.pools)
		}
		return 1 - float64(left)/float64(all), nil
	}
	net, err := a.c.net(a.net, a.sizes, a.removal())
	if err != nil {
		return 0, err
	}
	_, after, err := net.Summarize(1)
	if err != nil {
		return 0, err
	}
	if a.Of == "parameters" {
		return 1 - float64(after.Trained+after.Frozen)/float64(a.before.Trained+a.before.Frozen), nil
	}
	return 1 - after.Products/a.before.Products, nil
}

// removal is what goes: of each pool the classes that matter least; of those that matter alike, the last.
func (a *amount) removal() removal {
	r := removal{}
	for _, g := range a.groups {
		for _, p := range g.pools {
			order := slices.Clone(p.classes)
			slices.SortStableFunc(order, func(x, y channel) int { return cmp.Or(-cmp.Compare(a.of[x], a.of[y]), cmp.Compare(x, y)) })
			for _, x := range order[g.left:] {
				r[x] = true
			}
		}
	}
	return r
}
