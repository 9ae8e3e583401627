package metrics

// editDistance is the least number of insertions, deletions and replacements that turn one list into another (Levenshtein
// 1966). It takes the time of the product of the lengths and the memory of one of them.
func editDistance[T comparable](a, b []T) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	row := make([]int, len(b)+1) // of a's first entries against the first j of b
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		corner := row[0]
		row[0] = i + 1
		for j, y := range b {
			best := corner
			if x != y {
				best = min(corner, row[j], row[j+1]) + 1
			}
			corner, row[j+1] = row[j+1], best
		}
	}
	return row[len(b)]
}

// commonSubsequence is the length of the longest list that both contain in their order, with gaps.
func commonSubsequence[T comparable](a, b []T) int {
	if len(a) < len(b) {
		a, b = b, a
	}
	row := make([]int, len(b)+1)
	for _, x := range a {
		corner := 0
		for j, y := range b {
			best := max(row[j], row[j+1])
			if x == y {
				best = corner + 1
			}
			corner, row[j+1] = row[j+1], best
		}
	}
	return row[len(b)]
}
