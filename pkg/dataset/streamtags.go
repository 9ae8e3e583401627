package dataset

import (
	"dnn/pkg/dataset/column"
)

// encodeTags encodes the answers to the steps of a row of a stream, whose sequences were encoded before.
func (st *Stream) encodeTags(at func(int) string) *column.FieldError {
	if st.tags == nil {
		return nil
	}
	s := st.schema
	i := s.inputIndex(s.Target.StepsOf)
	var answers [][]string
	var input []string
	for _, k := range s.Target.tagged {
		place, e := st.targets[k], s.Target.Columns[k].Encoder.(column.StepTarget)
		if h := st.held; h != nil {
			answers = append(answers, column.StepFields(h.table, h.table.Column(s.Target.Names[k]), h.rows[h.at].row, e))
			continue
		}
		answers = append(answers, e.Split(at(place)))
	}
	for _, place := range st.inputs[i] {
		input = append(input, at(place))
	}
	r := st.steps[i]
	cells, err := s.encodeTags(answers, input, (len(r.cells)-r.before())/s.Inputs[i].steps.StepCells(), st.tags.cells)
	st.tags.cells = cells
	return err
}
