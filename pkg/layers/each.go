package layers

import "fmt"

// Each calls visit for every layer of a list and for those within blocks, once however often they are repeated, with its path in the
// spec: layers[3].layers[0].
func Each(list []Entry, visit func(path string, e *Entry)) { eachUnder("layers", list, visit) }

func eachUnder(key string, list []Entry, visit func(path string, e *Entry)) {
	for i := range list {
		path := fmt.Sprintf("%s[%d]", key, i)
		visit(path, &list[i])
		if b, ok := list[i].Kind.(block); ok {
			inner, _ := b.within()
			eachUnder(path+".layers", inner, visit)
		}
	}
}
