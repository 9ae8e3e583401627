package survey

import (
	"fmt"
	"math"
	"slices"
)

const (
	leakRows  = 100  // rows below which no column is said to give the target away
	leakShare = 0.98 // of the error without any column that a single one takes away
	leakBins  = 64   // ranges that a column of many numbers is cut into
)

// findLeaks finds columns that give the target away: alone, or two of them as its sum, difference or product.
func (s *Table) findLeaks() {
	if s.Rows < leakRows || s.Target.Type == "text" {
		return
	}
	numbers := s.Target.Type == "number" && s.Target.Words > 2
	for _, c := range s.Seen {
		if c == s.Target || c.Fault != Sound || c.Type != "number" && c.Type != "category" && c.Type != "binary" {
			continue
		}
		if share := s.explained(c, numbers); share >= leakShare {
			c.fault(Leak, "alone, it gives away %.4g %% of %s", 100*share, s.Target.Name)
		}
	}
	if numbers {
		s.findTerms()
	}
}

// explained is the share of the target's error on the odd rows that the groups of a column in the even rows take away: of the
// squared error of the mean, or of the misclassified rows of the most frequent class.
func (s *Table) explained(c *Column, numbers bool) float64 {
	group := c.groups(s.Rows)
	if group == nil {
		return 0
	}
	if numbers && c.Numbers != nil {
		return max(explainedNumbers(group, s.Target.Numbers.Of), straight(c.Numbers, s.Target.Numbers))
	}
	if numbers {
		return explainedNumbers(group, s.Target.Numbers.Of)
	}
	return explainedClasses(group, s.Target)
}

// groups numbers the distinct fields of a column, or ranges of its numbers if they are many; nil if neither helps.
func (c *Column) groups(rows int) []int {
	group := make([]int, rows)
	if c.Words*4 <= rows {
		at := map[string]int{}
		for row := range group {
			field := c.Field(int32(row))
			if _, known := at[field]; !known {
				at[field] = len(at)
			}
			group[row] = at[field]
		}
		return group
	}
	if c.Numbers == nil {
		return nil
	}
	sorted := slices.DeleteFunc(slices.Clone(c.Numbers.Of), math.IsNaN)
	slices.Sort(sorted)
	var edges []float64
	for i := 1; i < leakBins; i++ {
		edges = append(edges, sorted[i*len(sorted)/leakBins])
	}
	for row := range group {
		if x := c.Numbers.Of[row]; x == x {
			group[row], _ = slices.BinarySearchFunc(edges, x, func(edge, x float64) int {
				if edge <= x {
					return -1
				}
				return 1
			})
		} else {
			group[row] = leakBins
		}
	}
	return group
}

func explainedNumbers(group []int, target []float64) float64 {
	type mean struct{ sum, count float64 }
	means, all := map[int]*mean{}, mean{}
	for row := 0; row < len(group); row += 2 {
		if y := target[row]; y == y {
			if means[group[row]] == nil {
				means[group[row]] = &mean{}
			}
			m := means[group[row]]
			m.sum, m.count = m.sum+y, m.count+1
			all.sum, all.count = all.sum+y, all.count+1
		}
	}
	whole := all.sum / all.count
	var with, without float64
	for row := 1; row < len(group); row += 2 {
		y := target[row]
		if y != y {
			continue
		}
		guess := whole
		if m := means[group[row]]; m != nil {
			guess = m.sum / m.count
		}
		with += (y - guess) * (y - guess)
		without += (y - whole) * (y - whole)
	}
	if without == 0 {
		return 0
	}
	return 1 - with/without
}

// straight is the share that a straight line takes away.
func straight(a, b *Numbers) float64 {
	sum, count := 0.0, 0.0
	for row, x := range a.Of {
		if d := (x - a.Mean) * (b.Of[row] - b.Mean); d == d {
			sum, count = sum+d, count+1
		}
	}
	if count == 0 || a.Deviation*b.Deviation == 0 {
		return 0
	}
	r := sum / count / (a.Deviation * b.Deviation)
	return r * r
}

func explainedClasses(group []int, target *Column) float64 {
	counts, all := map[int]map[string]int{}, map[string]int{}
	for row := 0; row < len(group); row += 2 {
		if y := target.Field(int32(row)); y != "" {
			if counts[group[row]] == nil {
				counts[group[row]] = map[string]int{}
			}
			counts[group[row]][y]++
			all[y]++
		}
	}
	usual, best := mostFrequent(all), map[int]string{}
	for g, words := range counts {
		best[g] = mostFrequent(words)
	}
	with, without := 0, 0
	for row := 1; row < len(group); row += 2 {
		y := target.Field(int32(row))
		if y == "" {
			continue
		}
		guess, known := best[group[row]]
		if !known {
			guess = usual
		}
		if guess != y {
			with++
		}
		if usual != y {
			without++
		}
	}
	if without == 0 {
		return 0
	}
	return 1 - float64(with)/float64(without)
}

func mostFrequent(counts map[string]int) string {
	best := ""
	for word, n := range counts {
		if n > counts[best] || n == counts[best] && word < best {
			best = word
		}
	}
	return best
}

// findTerms finds two columns whose sum, difference or product is the target.
func (s *Table) findTerms() {
	const most = 200 // columns beyond which not all pairs are tried
	var columns []*Column
	for _, c := range s.Seen {
		if c != s.Target && c.Type == "number" && (c.Fault == Sound || c.Fault == Leak) {
			columns = append(columns, c)
		}
	}
	if len(columns) > most {
		return
	}
	for i, a := range columns {
		for _, b := range columns[i+1:] {
			for _, t := range []struct {
				form string
				of   func(a, b float64) float64
			}{
				{"%s = %s + %s", func(a, b float64) float64 { return a + b }},
				{"%s = %s - %s", func(a, b float64) float64 { return a - b }},
				{"%s = %[3]s - %[2]s", func(a, b float64) float64 { return b - a }},
				{"%s = %s × %s", func(a, b float64) float64 { return a * b }},
			} {
				if s.equals(a, b, t.of) {
					why := fmt.Sprintf(t.form, s.Target.Name, a.Name, b.Name)
					a.fault(Leak, "%s", why)
					b.fault(Leak, "%s", why)
				}
			}
		}
	}
}

// equals reports whether the target is what a function gives of two columns, in all rows but one of a hundred, and whether both
// columns are needed for it.
func (s *Table) equals(a, b *Column, of func(a, b float64) float64) bool {
	odd, rows, one := 0, 0, 0
	for row, y := range s.Target.Numbers.Of {
		x := of(a.Numbers.Of[row], b.Numbers.Of[row])
		if x != x || y != y {
			continue
		}
		rows++
		if y == a.Numbers.Of[row] || y == b.Numbers.Of[row] {
			one++
		}
		if math.Abs(x-y) > 1e-6*max(1e-12, math.Abs(y), math.Abs(x)) {
			if odd++; odd*100 > s.Rows {
				return false
			}
		}
	}
	return rows*2 > s.Rows && odd*100 <= rows && one*10 < rows*9
}
