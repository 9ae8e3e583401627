package stream

// untargeted are the rows so far of a stream with targets that lack one. They are left out, as in training.
type untargeted struct{ rows, first int }

// lacksTarget reports whether a target is a gap, and counts the row then.
func lacksTarget(st *Stream, fields []string, line int) bool {
	if st.Held != nil { // which leaves out rows by itself
		return false
	}
	for _, k := range st.targets {
		if k < len(fields) && st.clean[k].CleanAt(st.rec, k, fields[k]) == "" {
			if st.untargeted.rows++; st.untargeted.rows == 1 {
				st.untargeted.first = line
			}
			return true
		}
	}
	return false
}

// WithoutTarget returns how many rows so far lacked a target and were left out, and the line of the first one.
func (c *columnPlaces) WithoutTarget() (rows, first int) {
	return c.untargeted.rows, c.untargeted.first
}
