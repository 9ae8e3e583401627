package forecast

import (
	"errors"
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/spec"
)

// Only leaves the series of one group. It is an error if there is none of that name, or if it cannot be continued.
func (f *Forecast) Only(name string) error {
	line := f.h.Table.Time
	at := slices.Index(line.Groups, name)
	switch {
	case f.GroupColumn() == "":
		return errors.New("the model was trained on a single series, without a group")
	case at < 0:
		return fmt.Errorf("the column %s has no %s%s", phrase.Quote(f.GroupColumn()), phrase.Quote(name), spec.DidYouMean(name, line.Groups))
	}
	i := slices.IndexFunc(f.groups, func(c *continued) bool { return c.name == name })
	if i < 0 {
		return f.check(f.seriesOf(at))
	}
	f.groups, f.left = f.groups[i:i+1], nil
	return nil
}

// Tested lists rows of a split of the same data whose horizons lie one after the other, up to the last that the split has of a
// series, the first row first. back is how far each lies before the first row that the forecast predicts.
func (f *Forecast) Tested(group int, p *dataset.Part) (rows, back []int) {
	c, t := f.groups[group], p.Cells.Table
	starts := f.h.Table.Time.ReadStarts()
	if t.Key != f.h.Table.Key || t.Rows != int(starts[len(starts)-1]) {
		return nil, nil
	}
	further := c.from - starts[f.h.Table.Time.Group[c.from]] // by the rows that groups before got for the future
	next := c.end
	for i := p.Rows() - 1; i >= 0; i-- {
		if row := p.Stored.At(i) + further; row >= c.from && row+int32(f.h.Past.Ahead) <= next {
			rows, back = append(rows, i), append(back, int(c.end-row))
			next = row
		}
	}
	slices.Reverse(rows)
	slices.Reverse(back)
	return rows, back
}
