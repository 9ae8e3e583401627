package tokenizer

// pair is two pieces that become one.
type pair [2]string

// merges are the pairs that become one piece, with their ranks: the lower goes first.
type merges map[pair]int

func newMerges(pairs []pair) merges {
	m := make(merges, len(pairs))
	for i, p := range pairs {
		m[p] = i
	}
	return m
}

// shortWord is up to how many characters a word is cut by looking through all of them for each pair that is joined.
const shortWord = 64

// cut joins the characters of a word, the pairs that were learned first going first.
func (m merges) cut(list []string) []string {
	if len(list) > shortWord {
		return m.cutLong(list)
	}
	return m.cutShort(list)
}

func (m merges) cutShort(list []string) []string {
	for {
		first := -1
		var join pair
		for i := range len(list) - 1 {
			p := pair{list[i], list[i+1]}
			if r, ok := m[p]; ok && (first < 0 || r < first) {
				first, join = r, p
			}
		}
		if first < 0 {
			return list
		}
		list = joined(list, join)
	}
}

// joined joins every occurrence of a pair, from the left.
func joined(list []string, p pair) []string {
	out := list[:0]
	for i := 0; i < len(list); i++ {
		if i+1 < len(list) && list[i] == p[0] && list[i+1] == p[1] {
			out = append(out, p[0]+p[1])
			i++
		} else {
			out = append(out, list[i])
		}
	}
	return out
}
