package dataset

import (
	"bytes"
	"reflect"
	"slices"

	"dnn/pkg/dataset/column"
)

// OtherInput is the name of the first input that two schemas do not share with the same encoding, "" where a batch of one is a batch
// of the other.
func OtherInput(a, b *Schema) string {
	for i := range max(len(a.Inputs), len(b.Inputs)) {
		switch {
		case i >= len(a.Inputs):
			return b.Inputs[i].Name
		case i >= len(b.Inputs) || !sameInput(&a.Inputs[i], &b.Inputs[i]):
			return a.Inputs[i].Name
		}
	}
	return ""
}

func sameInput(a, b *Input) bool {
	if a.Name != b.Name || a.Block != b.Block || a.Lo != b.Lo || a.Hi != b.Hi || a.Head != b.Head || !slices.Equal(a.Columns, b.Columns) ||
		reflect.TypeOf(a.Encoder) != reflect.TypeOf(b.Encoder) {
		return false
	}
	if a.Head >= 0 { // its encoder is that of the target
		return true
	}
	x, err := column.MarshalEncoder(a.Encoder)
	y, err2 := column.MarshalEncoder(b.Encoder)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
