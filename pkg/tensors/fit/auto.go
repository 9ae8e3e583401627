package fit

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
)

// Result is what fits, and what does not.
type Result struct {
	Pairs []Pair
	Ours  []Unfit
	Rest  []string // tensors of the file that are taken for nothing
}

// Unfit is a layer, or a part of one, that nothing was found for.
type Unfit struct {
	Layer string
	Part  string // "" for all of it
	Why   string
}

// String names it, with the reason.
func (u Unfit) String() string { return join(u.Layer, u.Part) + " (" + u.Why + ")" }

// candidate is a place in the file where modules may be.
type candidate struct {
	prefix string
	first  int // place of its first tensor
	taken  bool
}

// auto is the state of a search.
type auto struct {
	*file
	modules    []module
	candidates []candidate
	fits       [][]*Pair // by module and candidate, nil where one does not
	pairs      []*Pair   // by module
}

// Auto finds out what fits by itself: first by names that the spec gives layers, then by shape and order. ordered says that the
// tensors come in the order in which the net computes; else only names that differ in nothing but numbers have an order.
func Auto(net []layout.Layer, program layout.Program, list []tensors.Tensor, ordered bool, named func(layer string) bool) (*Result, error) {
	a := &auto{file: newFile(list)}
	var without []string
	a.modules, without = modules(net, program)
	a.pairs = make([]*Pair, len(a.modules))
	a.look()
	a.byName(named)
	if err := a.byOrder(ordered); err != nil {
		return nil, err
	}
	return a.result(without)
}

// look finds all places where a module fits.
func (a *auto) look() {
	index := map[string]int{}
	a.fits = make([][]*Pair, len(a.modules))
	for k, m := range a.modules {
		found, seen := map[string]*Pair{}, map[string]bool{}
		for _, form := range m.layout.Forms {
			for i, w := range a.words {
				prefix, ok := ends(w, form[0].Name)
				if prefix = beginning(a.list[i].Name, prefix); !ok || found[prefix] != nil {
					continue
				}
				if at, why := a.under(prefix, form); why == "" && !seen[fmt.Sprint(at)] {
					seen[fmt.Sprint(at)] = true // of several names of one place the first counts
					found[prefix] = &Pair{m.layer, m.name, form, prefix, at}
				}
			}
		}
		for prefix, p := range found {
			if _, ok := index[prefix]; !ok {
				index[prefix] = len(a.candidates)
				a.candidates = append(a.candidates, candidate{prefix: prefix, first: p.At[0]})
			}
			for len(a.fits[k]) <= index[prefix] {
				a.fits[k] = append(a.fits[k], nil)
			}
			a.fits[k][index[prefix]] = p
		}
	}
	a.sort(func(x, y int) int { return a.candidates[x].first - a.candidates[y].first })
}

// sort brings the candidates into an order.
func (a *auto) sort(compare func(x, y int) int) {
	order := make([]int, len(a.candidates))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, compare)
	candidates := make([]candidate, len(order))
	for i, from := range order {
		candidates[i] = a.candidates[from]
	}
	for k := range a.fits {
		row := make([]*Pair, len(order))
		for i, from := range order {
			if from < len(a.fits[k]) {
				row[i] = a.fits[k][from]
			}
		}
		a.fits[k] = row
	}
	a.candidates = candidates
}

// byName takes modules whose names are those of the only place that ends so.
func (a *auto) byName(named func(layer string) bool) {
	for k, m := range a.modules {
		if !named(m.layer.Name) {
			continue
		}
		at := -1
		for i, c := range a.candidates {
			if _, ok := ends(words(c.prefix), m.name); ok && a.fits[k][i] != nil && !c.taken {
				if at >= 0 && c.prefix != m.name && a.candidates[at].prefix != m.name {
					at = -2
					break
				}
				if at < 0 || c.prefix == m.name {
					at = i
				}
			}
		}
		if at >= 0 {
			a.take(k, at)
		}
	}
}

func (a *auto) take(k, at int) {
	a.pairs[k] = a.fits[k][at]
	a.candidates[at].taken = true
}

// byOrder takes what is left: all of it in order, or group by group of what can be mistaken for one another.
func (a *auto) byOrder(ordered bool) error {
	var ours, theirs []int
	for k := range a.modules {
		if a.pairs[k] == nil {
			ours = append(ours, k)
		}
	}
	for i := range a.candidates {
		if !a.candidates[i].taken {
			theirs = append(theirs, i)
		}
	}
	if ordered {
		return a.align(ours, theirs)
	}
	for _, g := range a.groups(ours, theirs) {
		if len(g.theirs) > 1 && !a.numbered(g.theirs) {
			return a.ambiguous(g.ours, g.theirs, "the file keeps no order, and their names differ in more than numbers")
		}
		slices.SortFunc(g.theirs, func(x, y int) int { return natural(a.candidates[x].prefix, a.candidates[y].prefix) })
		if err := a.align(g.ours, g.theirs); err != nil {
			return err
		}
	}
	return nil
}

// ambiguous lists what could be what.
func (a *auto) ambiguous(ours, theirs []int, why string) error {
	var mine, places []string
	for _, k := range ours {
		mine = append(mine, a.modules[k].name)
	}
	for _, i := range theirs {
		places = append(places, a.candidates[i].prefix)
	}
	return fmt.Errorf("which is which cannot be told of %s here and %s in the file: %s; map says it, as in map: {%s: %s}",
		phrase.List(mine), phrase.List(places), why, mine[0], places[0])
}

// result collects what was found.
func (a *auto) result(without []string) (*Result, error) {
	r := &Result{}
	used := map[int]bool{}
	for k, p := range a.pairs {
		if p == nil {
			m := a.modules[k]
			r.Ours = append(r.Ours, Unfit{m.layer.Name, m.layout.Part, a.reason(k)})
			continue
		}
		r.Pairs = append(r.Pairs, *p)
		for _, i := range p.At {
			if i >= 0 && used[i] {
				return nil, fmt.Errorf("%s would be taken for two layers, one of them %s; map says which it is", a.list[i].Name, p.Module)
			}
			used[i] = true
		}
	}
	for _, name := range without {
		r.Ours = append(r.Ours, Unfit{name, "", "the other program has no layer like it"})
	}
	for i, t := range a.list {
		if !used[i] && !t.Whole {
			r.Rest = append(r.Rest, t.Name)
		}
	}
	return r, nil
}

// reason says why nothing was found for a module.
func (a *auto) reason(k int) string {
	form := a.modules[k].layout.Forms[0]
	for _, p := range a.fits[k] {
		if p != nil {
			return p.Prefix + " fits, and is taken for another layer"
		}
	}
	if at, _, ok := a.close(a.modules[k]); ok {
		return at
	}
	return fmt.Sprintf("the file has no %s of %v", form[0].Name, form[0].Shape)
}

// close finds a place of the module's name where it does not fit, and says why.
func (a *auto) close(m module) (why, prefix string, ok bool) {
	for _, form := range m.layout.Forms {
		for _, w := range a.words {
			if at, is := ends(w, form[0].Name); is {
				if _, same := ends(words(at), m.name); same {
					_, why := a.under(at, form)
					return why, at, true
				}
			}
		}
	}
	return "", "", false
}
