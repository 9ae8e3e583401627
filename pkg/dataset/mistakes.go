package dataset

import (
	"maps"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/format"
	"dnn/pkg/spec"
)

// mistakes counts the mistakes in the data. Of each sort (a path and a text) only the first few are listed one by one, the rest
// is counted. What is wrong with a cell is one mistake, whatever reads it.
type mistakes struct {
	counts map[string]int     // of one sort
	told   map[[2]string]bool // by place and text: a cell may be read by several inputs and steps of the target
}

func newMistakes() *mistakes {
	return &mistakes{counts: map[string]int{}, told: map[[2]string]bool{}}
}

func (m *mistakes) add(p *spec.Problems, path, sort, where, text string) {
	if m.told[[2]string{where, text}] {
		return
	}
	m.told[[2]string{where, text}] = true
	key := path + "\x00" + sort
	m.counts[key]++
	if m.counts[key] <= phrase.Examples {
		p.Add(path, "%s: %s", where, text)
	}
}

// join adds the counts of mistakes that were listed elsewhere.
func (m *mistakes) join(other *mistakes) {
	for key, n := range other.counts {
		m.counts[key] += n
	}
}

// summarize notes how many mistakes of each sort were not listed.
func (m *mistakes) summarize(p *spec.Problems) {
	for _, key := range slices.Sorted(maps.Keys(m.counts)) {
		rest := m.counts[key] - phrase.Examples
		if rest <= 0 {
			continue
		}
		path, sort, _ := strings.Cut(key, "\x00")
		noun := "more row"
		if sort == format.BadFiles {
			noun = "more file"
		}
		p.Add(path, "%s: %s like this", sort, phrase.Count(rest, noun))
	}
}
