package column

import (
	"slices"

	"dnn/pkg/dataset/table"
)

// What series are fitted from: the numbers of each channel in the training split, and the number of gaps.

// ofColumns takes each column as a channel, and some rows as steps.
func (f *Fitting) ofColumns(columns []*table.Column, rows []int32) (channels [][]float64, gaps []int) {
	for _, c := range columns {
		numbers, lacking := numbersOf(c, rows, make([]float64, len(rows)))
		channels, gaps = append(channels, numbers), append(gaps, lacking)
	}
	return channels, gaps
}

// ofBlocks takes a number of columns as the steps of a channel, and the following ones as the next channel. Gaps at the
// end of a series do not count.
func (f *Fitting) ofBlocks(columns []*table.Column, steps int) (channels [][]float64, gaps []int) {
	lengths := make([]int, len(f.Rows))
	for i, row := range f.Rows {
		lengths[i] = blockLength(columns, steps, row)
	}
	for at := 0; at < len(columns); at += steps {
		var numbers []float64
		lacking := 0
		for i, row := range f.Rows {
			for _, c := range columns[at : at+lengths[i]] {
				if x, ok := c.Number(row); ok {
					numbers = append(numbers, x)
				} else if c.Gap(row) {
					lacking++
				}
			}
		}
		channels, gaps = append(channels, numbers), append(gaps, lacking)
	}
	return channels, gaps
}

// blockLength is how many steps a row has before only gaps follow.
func blockLength(columns []*table.Column, steps int, row int32) int {
	length := 0
	for i, c := range columns {
		if step := i % steps; step >= length && !c.Gap(row) {
			length = step + 1
		}
	}
	return length
}

// ofLists takes the series in the fields of a column. Invalid fields are skipped: encoding reports them.
func (f *Fitting) ofLists(c *table.Column) (channels [][]float64, steps int) {
	for _, row := range f.Rows {
		list, width, err := parseSeries(c.Field(row))
		if err != nil || width == 0 {
			continue
		}
		if channels == nil {
			channels = make([][]float64, width)
		}
		if width != len(channels) {
			continue
		}
		steps = max(steps, len(list)/width)
		for i, x := range list {
			if x == x {
				channels[i%width] = append(channels[i%width], x)
			}
		}
	}
	return channels, steps
}

// ofSteps takes each column as a channel, and the rows of the training split's ids as steps.
func (f *Fitting) ofSteps(columns []*table.Column) (channels [][]float64, gaps []int, longest int) {
	long := f.Table.Long
	var rows []int32
	for _, row := range f.Rows {
		from, to := long.Range(row)
		longest = max(longest, int(to-from))
		for r := from; r < to; r++ {
			rows = append(rows, r)
		}
	}
	channels, gaps = f.ofColumns(long.Columns(columns), rows)
	return channels, gaps, longest
}

// takeGiven takes over what a model learned of the channels, where it is on the same scale up to shift and range.
func takeGiven(e *SeriesEncoder, f *Fitting, names []string) {
	alike := func(a, b *SeriesChannel) bool { return onOneScale(&a.Scaling, &b.Scaling) }
	if perColumn(e) {
		for k := range e.Channels {
			mine := &e.Channels[k]
			if g, ok := givenEach(f, k, names[k], func(g *SeriesEncoder) bool { return g.Form == e.Form && alike(mine, &g.Channels[0]) }); ok {
				mine.take(&g.Channels[0])
			}
		}
		return
	}
	g, ok := givenWhole(f, names, func(g *SeriesEncoder) bool {
		return g.Form == e.Form && slices.EqualFunc(g.Channels, e.Channels, func(a, b SeriesChannel) bool { return alike(&a, &b) })
	})
	for k := range e.Channels {
		if ok {
			e.Channels[k].take(&g.Channels[k])
		}
	}
}

// take takes over the scaling, and what fills a gap.
func (c *SeriesChannel) take(from *SeriesChannel) {
	if c.Scaling = from.Scaling; c.Fill != nil && from.Fill != nil {
		c.Fill = from.Fill
	}
}

// perColumn reports whether each column is a channel.
func perColumn(e *SeriesEncoder) bool { return e.Form == "window" || e.Form == "steps" }

// Of is the encoder of one channel that is a column; nil where columns are steps.
func (e *SeriesEncoder) Of(i int) Encoder {
	if !perColumn(e) {
		return nil
	}
	one := *e
	one.Channels = e.Channels[i : i+1]
	return &one
}
