package fit

// align takes the longest sequence of modules and places, both in their order, that fit one another. If there are several, nothing
// says which is meant.
func (a *auto) align(ours, theirs []int) error {
	n, m := len(ours), len(theirs)
	before, after := table(n+1, m+1), table(n+1, m+1) // the longest before, and from, each place
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			before[i][j] = max(before[i-1][j], before[i][j-1])
			if a.fits[ours[i-1]][theirs[j-1]] != nil {
				before[i][j] = max(before[i][j], before[i-1][j-1]+1)
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			after[i][j] = max(after[i+1][j], after[i][j+1])
			if a.fits[ours[i]][theirs[j]] != nil {
				after[i][j] = max(after[i][j], after[i+1][j+1]+1)
			}
		}
	}
	total := after[0][0]
	type place struct{ i, j int }
	at := make([][]place, total) // of the first, the second, .. pair, all that can be it
	for i := range n {
		for j := range m {
			if a.fits[ours[i]][theirs[j]] != nil && before[i][j]+1+after[i+1][j+1] == total {
				at[before[i][j]] = append(at[before[i][j]], place{i, j})
			}
		}
	}
	for _, list := range at {
		if len(list) == 1 {
			continue
		}
		var mine, places []int
		for _, p := range list {
			mine, places = appendNew(mine, ours[p.i]), appendNew(places, theirs[p.j])
		}
		return a.ambiguous(mine, places, "they fit in more than one way")
	}
	for _, list := range at {
		a.take(ours[list[0].i], theirs[list[0].j])
	}
	return nil
}

func table(rows, columns int) [][]int {
	t := make([][]int, rows)
	for i := range t {
		t[i] = make([]int, columns)
	}
	return t
}

func appendNew(list []int, x int) []int {
	for _, y := range list {
		if x == y {
			return list
		}
	}
	return append(list, x)
}
