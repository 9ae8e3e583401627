package layers

import (
	"fmt"

	"dnn/pkg/spec"
)

// maxLayers is the most layers that a net may have, with those of each repetition: far beyond any use, and built in seconds.
const maxLayers = 100_000

// block is implemented by layers that hold others.
type block interface {
	// within are the layers that it holds, and how often it builds them.
	within() (list []Entry, times int)
}

// count is how many layers the entries of a list make, blocks not counted themselves. It may be more than an int holds.
func count(list []Entry) (n float64) {
	for i := range list {
		n += list[i].count()
	}
	return n
}

func (e *Entry) count() float64 {
	if b, ok := e.Kind.(block); ok {
		list, times := b.within()
		return float64(times) * count(list)
	}
	return 1
}

// tooMany notes that a list makes more layers than a net may have, and reports whether it does. It blames the outermost
// repetition of the entry that makes most.
func tooMany(list []Entry, path string, p *spec.Problems) bool {
	if count(list) <= maxLayers {
		return false
	}
	most := 0
	for i := range list {
		if list[i].count() > list[most].count() {
			most = i
		}
	}
	at := fmt.Sprintf("%s[%d]", path, most)
	if b, ok := list[most].Kind.(block); ok && list[most].count() > maxLayers {
		inner, times := b.within()
		if times == 1 {
			return tooMany(inner, at+".layers", p)
		}
		p.Add(at+".times", "%d times %.0f layers are %.0f; a net has at most %d", times, count(inner), list[most].count(), maxLayers)
		return true
	}
	p.Add(path, "%.0f layers in all, most of them in %s; a net has at most %d", count(list), at, maxLayers)
	return true
}
