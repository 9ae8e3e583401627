package dataset

import (
	"slices"
	"testing"

	"dnn/pkg/dataset/table"
)

// What is kept of a table is read as before, in the memory of as many rows.
func TestKeepRows(t *testing.T) {
	const rows, width = 3 * chunkRows, 2
	s := newStore(&table.Table{Rows: rows}, width)
	var train, validation []int32
	for row := range int32(rows) {
		s.reserve(row)
		copy(s.row(row), []uint32{uint32(row), uint32(row * row)})
		if row%3 == 0 {
			validation = append(validation, row)
		} else {
			train = append(train, row)
		}
	}
	a, b := &Part{Cells: s, Stored: rowList(train)}, &Part{Cells: s, Stored: rowList(validation)}
	third := func(row int) bool { return row%3 == 1 }
	KeepRows(map[*Part]func(row int) bool{a: third, b: third})
	for _, p := range []*Part{a, b} {
		for i := 1; i < p.Rows(); i += 3 {
			row := uint32(p.Stored.At(i))
			if got := s.row(int32(row)); !slices.Equal(got, []uint32{row, row * row}) {
				t.Fatalf("row %d holds %v", row, got)
			}
		}
	}
	if len(s.chunks) != 1 {
		t.Errorf("%d chunks hold a third of 3", len(s.chunks))
	}
}
