package structure

import (
	"cmp"
	"errors"
	"fmt"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// Apply returns the model with fewer blocks and units, and what became of its layers. f stays as it is. rows are those of the training
// split, as the model reads them; only importance: taylor looks at them. It is an error if nothing can be removed, or not as much as
// is asked.
func Apply(f *model.File, rows *dataset.Part, s Settings) (*model.File, Report, error) {
	s.Batches, s.Most = cmp.Or(s.Batches, 16), cmp.Or(s.Most, 0.9)
	_, before, err := f.Net.Summarize(1)
	if err != nil {
		return nil, Report{}, err
	}
	small, gone, err := withoutBlocks(f, rows, s)
	if err != nil {
		return nil, Report{}, err
	}
	report := Report{Blocks: gone}
	if s.Remove > 0 || len(gone) == 0 {
		if small, report.Sizes, err = withoutUnits(small, rows, s); err != nil {
			return nil, Report{}, err
		}
	}
	_, after, err := small.Net.Summarize(1)
	if err != nil {
		return nil, Report{}, err
	}
	report.Parameters = Change{float64(before.Trained + before.Frozen), float64(after.Trained + after.Frozen)}
	report.Multiplications = Change{before.Products, after.Products}
	return small, report, nil
}

// withoutUnits is the model with fewer units.
func withoutUnits(f *model.File, rows *dataset.Part, s Settings) (*model.File, []Size, error) {
	plan, err := newPlan(f, rows, s)
	if err != nil {
		return nil, nil, err
	}
	if len(plan.groups) == 0 {
		return nil, nil, errors.New("no layer can do with fewer units: " + plan.reasons())
	}
	if err := plan.choose(); err != nil {
		return nil, nil, err
	}
	r := plan.removal()
	if len(r) == 0 {
		if s.Multiple > 1 {
			return nil, nil, fmt.Errorf("so few units would be removed that none is with multiple: %d; ask for more, or take a smaller multiple", s.Multiple)
		}
		return nil, nil, errors.New("so few units would be removed that none is; ask for more")
	}
	net, err := plan.c.net(f.Net, plan.sizes, r)
	if err != nil {
		return nil, nil, err
	}
	learned, have := map[string][]float32{}, f.Learned()
	for _, p := range plan.c.params {
		learned[p.name] = plan.c.cut(r, p, have[p.name])
	}
	small, err := f.Filled(net, learned)
	return small, plan.report(r), err
}

// plan is what can be removed of a net, and how much of it is.
type plan struct {
	amount
	kept []*group // that lose nothing
}

// newPlan analyzes a net.
func newPlan(f *model.File, rows *dataset.Part, s Settings) (*plan, error) {
	_, before, err := f.Net.Summarize(1)
	if err != nil {
		return nil, err
	}
	c, err := analyze(f.Net)
	if err != nil {
		return nil, err
	}
	all := c.sizesOf(f.Net.Config.Layers)
	var counting []*size
	for _, one := range all {
		if !one.fixed {
			counting = append(counting, one)
		}
	}
	groups := c.groupsOf(counting)
	if err := asked(groups, s.Layers, c.infos); err != nil {
		return nil, err
	}
	c.try(f.Net, all, groups)
	of, err := c.importance(f, rows, s, groups)
	if err != nil {
		return nil, err
	}
	p := &plan{amount: amount{Settings: s, c: c, net: f.Net, sizes: all, of: of, before: before}}
	for _, g := range groups {
		if s.Multiple > 1 && g.n() <= s.Multiple {
			g.why = orElse(g.why, fmt.Sprintf("it has %d, and multiple is %d", g.n(), s.Multiple))
		}
		if g.why == "" {
			p.groups = append(p.groups, g)
		} else {
			p.kept = append(p.kept, g)
		}
	}
	return p, nil
}
