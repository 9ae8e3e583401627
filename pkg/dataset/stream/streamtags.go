package stream

import (
	"dnn/pkg/dataset/column"
)

// encodeTags encodes the labels of the steps of a row of a stream, whose sequences were encoded before.
func (st *Stream) encodeTags(at func(int) string) *column.FieldError {
	if st.tags == nil {
		return nil
	}
	s := st.schema
	i := s.InputIndex(s.Heads.StepsOf())
	var answers [][]string
	var input []string
	for _, k := range s.Tagged {
		place, e := st.targets[s.LabelColumns.Source(k)], s.LabelColumns[k].Stepwise()
		if h := st.Held; h != nil {
			answers = append(answers, column.StepFields(h.Table, h.Table.Column(s.LabelColumns[k].Name), h.Rows[h.at].row, e))
			continue
		}
		answers = append(answers, e.Split(at(place)))
	}
	for _, place := range st.inputs[i] {
		input = append(input, at(place))
	}
	r := st.steps[i]
	cells, err := s.EncodeTags(answers, input, (len(r.Cells)-r.Before())/s.Inputs[i].StepEncoder.StepCells(), st.tags.Cells)
	st.tags.Cells = cells
	return err
}
