package infer

import "dnn/pkg/model"

// What a Runner keeps of compiled programs: as many, of so much memory in all, but in any case the last.
const (
	keptPrograms = 24
	keptBytes    = 1 << 30
)

// programs are those that were used last, the latest at the end. Rows may have any length, so there could be any number.
type programs struct {
	shapes []model.BatchShape
	list   []*model.Program
}

// get returns the program for a batch shape, nil where there is none.
func (c *programs) get(e model.BatchShape) *model.Program {
	for i, other := range c.shapes {
		if other == e {
			p := c.list[i]
			c.remove(i)
			c.shapes, c.list = append(c.shapes, e), append(c.list, p)
			return p
		}
	}
	return nil
}

// put keeps a program and forgets others that were not used for longer.
func (c *programs) put(e model.BatchShape, p *model.Program) {
	c.shapes, c.list = append(c.shapes, e), append(c.list, p)
	for len(c.list) > 1 && (len(c.list) > keptPrograms || c.bytes() > keptBytes) {
		c.remove(0)
	}
}

func (c *programs) remove(i int) {
	last := len(c.list) - 1
	copy(c.shapes[i:], c.shapes[i+1:])
	copy(c.list[i:], c.list[i+1:])
	c.list[last] = nil
	c.shapes, c.list = c.shapes[:last], c.list[:last]
}

func (c *programs) bytes() (n int) {
	for _, p := range c.list {
		n += p.ArenaBytes()
	}
	return n
}

// program is the net compiled for a batch shape.
func (r *Runner) program(e model.BatchShape) (*model.Program, error) {
	if p := r.programs.get(e); p != nil {
		return p, nil
	}
	build := r.net.PredictGraph
	if r.scoring {
		build = r.net.ScoreGraph
	}
	g, err := build(e)
	if err != nil {
		return nil, err
	}
	p, err := r.net.Compile(g, r.state, r.pool, model.Evaluation(r.state))
	if err != nil {
		return nil, err
	}
	r.programs.put(e, p)
	return p, nil
}
