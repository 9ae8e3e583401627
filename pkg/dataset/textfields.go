package dataset

import (
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
)

// Words that mean a missing value elsewhere are words like others in a text: "null" is a message, "NA" a name. So the
// fields of columns that are read as texts alone are left as they are, in the data and in streams.

// plainText reports whether the fields of a column are texts and nothing else, by what the spec says of it.
func (s *Settings) plainText(name string) bool {
	if _, rows := s.Format.(format.RowFormat); !rows || slices.Contains([]string{s.Weight, s.OrderBy, s.Group, s.SequenceID}, name) {
		return false
	}
	if slices.ContainsFunc(s.Target, func(t TargetSettings) bool { return t.Column == name }) {
		return false
	}
	texts := 0
	for i := range s.Inputs {
		in := &s.Inputs[i]
		_, text := in.Type.(column.FreeText)
		switch {
		case text && (in.Column == name || slices.Equal(in.Columns, []string{name})):
			texts++
		case in.Column == name, slices.ContainsFunc(in.Columns, func(pattern string) bool { return matches(pattern, name) }):
			return false
		}
	}
	return texts > 0
}

// PlainText is that of the settings that the schema was made from.
func (s *Schema) PlainText(name string) bool {
	return slices.ContainsFunc(s.Inputs, func(in Input) bool {
		e, text := in.Encoder.(column.FreeText)
		return text && e.KeepsGapWords() && slices.Contains(in.Columns, name)
	})
}
