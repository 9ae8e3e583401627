package cli

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// table is text in columns: the first ones flush left, the others flush right.
type table struct {
	head []string
	rows [][]string
	left int // columns that are flush left
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write prints the table. emphasize, when not nil, is applied to the line of heads.
func (t *table) write(w io.Writer, emphasize func(string) string) {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	if len(t.head) > 0 {
		head := t.line(t.head, widths)
		if emphasize != nil {
			head = emphasize(head)
		}
		fmt.Fprintln(w, head)
	}
	for _, row := range t.rows {
		fmt.Fprintln(w, t.line(row, widths))
	}
}

func (t *table) line(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteString("  ")
		}
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if i < t.left {
			b.WriteString(cell + pad)
		} else {
			b.WriteString(pad + cell)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// figure writes a number for people: four digits behind the point, or as many as tell something.
func figure(x float64) string {
	abs := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "-"
	case math.IsInf(x, 0), abs >= 1e9, abs > 0 && abs < 0.001:
		return strconv.FormatFloat(x, 'g', 4, 64)
	case abs >= 1000:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case abs >= 10:
		return strconv.FormatFloat(x, 'f', 3, 64)
	}
	return strconv.FormatFloat(x, 'f', 4, 64)
}

// count writes a whole number with commas between thousands.
func count[T int | int64](n T) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// plural is "1 row", "3 rows".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}
