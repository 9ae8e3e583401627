// Package output writes for people and for programs: tables and figures, CSV and JSON fields, and files that appear complete.
package output

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"dnn/cmd/internal/cli/term"
)

// Table is text in columns: the first ones flush left, the others flush right.
type Table struct {
	Head []string
	Left int // columns that are flush left
	rows [][]string
}

// Add adds a row.
func (t *Table) Add(cells ...string) {
	for i := range cells {
		cells[i] = term.Shown(cells[i])
	}
	t.rows = append(t.rows, cells)
}

// Write prints the table. emphasize, when not nil, is applied to the heading.
func (t *Table) Write(w io.Writer, emphasize func(string) string) {
	for i := range t.Head {
		t.Head[i] = term.Shown(t.Head[i])
	}
	widths := make([]int, len(t.Head))
	for _, row := range append([][]string{t.Head}, t.rows...) {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	if len(t.Head) > 0 {
		head := t.line(t.Head, widths)
		if emphasize != nil {
			head = emphasize(head)
		}
		fmt.Fprintln(w, head)
	}
	for _, row := range t.rows {
		fmt.Fprintln(w, t.line(row, widths))
	}
}

func (t *Table) line(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteString("  ")
		}
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if i < t.Left {
			b.WriteString(cell + pad)
		} else {
			b.WriteString(pad + cell)
		}
	}
	return strings.TrimRight(b.String(), " ")
}
