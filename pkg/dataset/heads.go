package dataset

import (
	"errors"
	"fmt"
	"slices"

	"dnn/pkg/task"
)

// Heads are the heads of a net.
type Heads []Head

// Tasks describes what the heads predict.
func (hs Heads) Tasks() (list []task.Head) {
	for i := range hs {
		list = append(list, hs[i].Head)
	}
	return list
}

// Sources lists the columns of the data that labels are read from, each once.
func (cs LabelColumns) Sources() (names []string) {
	for i := range cs {
		if cs[i].begins(cs[:i]) {
			name, _ := cs[i].Reads()
			names = append(names, name)
		}
	}
	return names
}

// Source is the place in Sources of the column that label column k is read from.
func (cs LabelColumns) Source(k int) int { return cs[k].place }

// Horizon is how many steps are predicted at once, 0 where the target is no series.
func (hs Heads) Horizon() int {
	if len(hs) == 0 {
		return 0
	}
	return hs[0].Horizon
}

// StepsOf names the input for each of whose steps there are tags; "" where there is none.
func (hs Heads) StepsOf() string {
	for i := range hs {
		if hs[i].Axis != nil && !hs[i].Text() {
			return hs[i].Axis.Of
		}
	}
	return ""
}

// oneKind reports whether the columns of each head are all of one kind.
func (hs Heads) oneKind() bool {
	for i := range hs {
		for _, c := range hs[i].Fitted {
			if c.Encoder.Kind() != hs[i].Fitted[0].Encoder.Kind() {
				return false
			}
		}
	}
	return true
}

// withNaiveErrors gives the only head, of series, the errors of the naive forecast of a season, one for each series: the
// steps of a series have the same.
func (hs Heads) withNaiveErrors(season int, means []float64) (Heads, error) {
	if hs.Horizon() == 0 {
		return nil, errors.New("it has errors of naive forecasts and is no series")
	}
	columns, _ := labelColumns(hs)
	if n := len(columns.Sources()); len(means) != n {
		return nil, fmt.Errorf("%d errors of naive forecasts of %d series", len(means), n)
	}
	all := map[int][]float64{season: nil}
	for k := range columns {
		all[season] = append(all[season], means[columns.Source(k)])
	}
	for other, list := range hs[0].Training.NaiveErrors {
		if other != season {
			all[other] = list
		}
	}
	hs = slices.Clone(hs)
	hs[0].Training.NaiveErrors = all
	return hs, nil
}

// labelCells are the places of a row's cells for its labels.
func labelCells(s *Schema) (from, to int) {
	return s.CellCount - 1 - len(s.LabelColumns), s.CellCount - 1
}

// withAxes gives the heads for the steps of an input the block and the steps of that input.
func (hs Heads) withAxes(s *Schema) Heads {
	hs = slices.Clone(hs)
	for i := range hs {
		h := &hs[i]
		if h.Axis == nil {
			continue
		}
		axis := *h.Axis
		if in := s.Input(axis.Of); in != nil && len(s.Blocks[in.Block].Shape) > 0 {
			h.Block, axis.Steps = in.Block, s.Blocks[in.Block].Shape[0]
		}
		h.Axis = &axis
	}
	return hs
}

// Labels returns the labels of a head, none where the data has no such head.
func (b *Batch) Labels(head int) Labels {
	if head >= len(b.Heads) {
		return Labels{}
	}
	return b.Heads[head]
}

// SetLabels puts other buffers in their place.
func (b *Batch) SetLabels(head int, l Labels) {
	for len(b.Heads) <= head {
		b.Heads = append(b.Heads, Labels{})
	}
	b.Heads[head] = l
}

// Join lists the labels of the steps of a row as they are listed in the data, for a column of a head.
func (s *Schema) Join(head, column int, labels []string) string {
	return s.LabelColumns[s.Heads[head].First+column].Join(labels)
}
