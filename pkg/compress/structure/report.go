package structure

import (
	"slices"
	"strings"
)

// Report is what was removed.
type Report struct {
	Blocks          []string `json:"blocks,omitempty"` // that are gone, by the names that they had when they went
	Sizes           []Size   `json:"sizes"`            // the settings of the spec that count units
	Parameters      Change   `json:"parameters"`
	Multiplications Change   `json:"multiplications"` // in products, for one row
}

// Change is a figure before and after.
type Change struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// Size is a setting that counts units, filters or heads, and how many there were and are: conv2d_1.filters.
type Size struct {
	Name   string `json:"name"`
	Before int    `json:"before"`
	After  int    `json:"after"`
	Why    string `json:"why,omitempty"` // what keeps units, if any must stay
}

// report tells what becomes of the settings that count units.
func (p *plan) report(r removal) (list []Size) {
	for _, one := range p.sizes {
		if !one.fixed {
			list = append(list, Size{one.name(), one.count, one.left(r), p.why(one)})
		}
	}
	return list
}

// why is what keeps units of a setting.
func (p *plan) why(s *size) string {
	for _, g := range p.kept {
		if slices.Contains(g.sizes, s) {
			return g.why
		}
	}
	return ""
}

// reasons says why nothing can be removed.
func (p *plan) reasons() string {
	var list []string
	for _, g := range p.kept {
		list = append(list, g.sizes[0].name()+" ("+g.why+")")
	}
	if len(list) == 0 {
		return "none counts units of its own"
	}
	return strings.Join(list, "; ")
}
