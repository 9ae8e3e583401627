package table

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset/numeral"
)

// TestColumnKeepsFields: whatever a column keeps its fields as, they come back as they were added.
func TestColumnKeepsFields(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	kinds := map[string]func(i int) string{
		"decimals": func(int) string { return fmt.Sprintf("%.3f", r.NormFloat64()*50) },
		"digits":   func(int) string { return fmt.Sprint(r.IntN(10)) },
		"shortest": func(int) string { return fmt.Sprint(r.NormFloat64()) },
		"limits":   func(i int) string { return []string{"-126", "-127", "-128", "127", "128", ""}[i%6] },
		"large": func(i int) string {
			return []string{"9223372036854775797", "-9223372036854775807", "-9223372036854775808", "", "0"}[i%5]
		},
		"mixed": func(i int) string { return []string{"-0.50", "12.25", "", "3", "0.000001", "-31"}[i%6] },
		"mixed limits": func(i int) string {
			return []string{"-31", "31.5", "-3.0", "3.1", "32", "-32"}[i%(4+i/4096)]
		},
		"mixed large": func(i int) string { return []string{"9223372036854775797", "0.5", "", "-1"}[i%4] },
		"gaps":        func(int) string { return "" },
		"words":       func(i int) string { return strings.Repeat("wörter ", i%7) },
		"few words":   func(i int) string { return []string{"Madrid", "", "Łódź", "12"}[i*i%11%4] },
		"256 words":   func(i int) string { return fmt.Sprint("w", i%256) },
		"257 words":   func(i int) string { return fmt.Sprint("w", i%257) },
		"some odd":    func(i int) string { return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "?"}[i%10] },
		"later odd":   func(i int) string { return map[bool]string{true: "1.25", false: "x"}[i < 5000] },
		"long":        func(i int) string { return strings.Repeat("x", 20_000) },
	}
	for name, field := range kinds {
		c := &Column{Name: name}
		var want []string
		for i := range 9000 {
			if name == "long" && i == 300 {
				break
			}
			want = append(want, field(i))
			c.Add(want[i])
		}
		c.Seal()
		rows := make([]int32, len(want))
		for i := range rows {
			rows[i] = int32(i)
		}
		if got := slices.Collect(c.Fields(rows)); !slices.Equal(got, want) || c.Len() != len(want) {
			t.Errorf("%s: the fields are not those that were added", name)
		}
		r.Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
		picked, numbers := c.picked(rows), make([]float64, len(rows))
		gaps, words := c.Numbers(rows, numbers)
		counts := map[string]int{}
		for i, row := range rows {
			if got := picked.Field(int32(i)); got != want[row] || c.Gap(row) != (got == "") {
				t.Fatalf("%s: field %d is %q, want %q", name, row, got, want[row])
			}
			x, ok := numeral.Parse(want[row])
			if y, number := c.Number(row); number != ok || ok && (y != x || numbers[i] != x) || !ok && numbers[i] == numbers[i] {
				t.Fatalf("%s: %q is read as the number %v", name, want[row], y)
			}
			if want[row] == "" {
				gaps--
			} else if counts[want[row]]++; !ok {
				words--
			}
		}
		if got, _ := c.Count(rows, len(rows)); gaps != 0 || words != 0 || fmt.Sprint(got) != fmt.Sprint(counts) {
			t.Errorf("%s: gaps, words or their counts are wrong", name)
		}
		twice := &Column{}
		twice.Append(c)
		twice.Append(c)
		twice.Seal()
		if got := twice.Field(int32(len(want) + 2)); twice.Len() != 2*len(want) || got != want[2] {
			t.Errorf("%s: appended twice, field 2 is %q", name, got)
		}
	}
}
