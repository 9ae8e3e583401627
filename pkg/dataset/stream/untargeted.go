package stream

import "dnn/pkg/dataset"

// untargeted are the rows so far of a stream with targets that lack one. They are left out, as in training.
type untargeted struct{ rows, first int }

// lacksTarget reports whether a target is a gap, and counts the row then.
func lacksTarget(st *Stream, fields []string, line int) bool {
	if st.Held != nil { // which leaves out rows by itself
		return false
	}
	for i, k := range st.targets {
		if k < len(fields) && !stepwise(st.schema, i) && st.clean[k].CleanAt(st.rec, k, fields[k]) == "" {
			if st.untargeted.rows++; st.untargeted.rows == 1 {
				st.untargeted.first = line
			}
			return true
		}
	}
	return false
}

// stepwise reports whether a target has a label for each step of an input: an empty field belongs to an empty sequence then. An
// empty text that is to be written is a gap.
func stepwise(s *dataset.Schema, target int) bool {
	for i := range s.Heads {
		if x := s.Heads[i].Axis; x != nil && !x.Generated && !x.Aligned && s.LabelColumns.Source(s.Heads[i].First) == target {
			return true
		}
	}
	return false
}

// WithoutTarget returns how many rows so far lacked a target and were left out, and the line of the first one.
func (c *columnPlaces) WithoutTarget() (rows, first int) {
	return c.untargeted.rows, c.untargeted.first
}
