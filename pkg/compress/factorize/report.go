package factorize

import (
	"cmp"
	"slices"

	"dnn/pkg/layers"
)

// Report is what became of the layers.
type Report struct {
	Layers          []Layer `json:"layers"` // those whose weights can be a product, and that were asked for
	Parameters      Change  `json:"parameters"`
	Multiplications Change  `json:"multiplications"` // in products, for one row
}

// Change is a figure before and after.
type Change struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// Layer is a layer, in a repeat that of all repetitions, and its rank.
type Layer struct {
	Name   string  `json:"name"`
	Rank   int     `json:"rank"`             // 0 where the layer stays as it is
	Full   int     `json:"full,omitempty"`   // the largest rank that the weights can have
	Energy float64 `json:"energy,omitempty"` // share of the squared singular values that is kept
	Why    string  `json:"why,omitempty"`    // what keeps the layer from having a rank
}

func report(list []*candidate, skipped []Layer, before, after layers.Row) Report {
	r := Report{
		Parameters:      Change{float64(before.Trained + before.Frozen), float64(after.Trained + after.Frozen)},
		Multiplications: Change{before.Products, after.Products},
		Layers:          slices.Clone(skipped),
	}
	for _, c := range list {
		one := Layer{Name: c.names[0], Rank: c.rank, Full: c.full(), Energy: 1}
		if c.rank > 0 {
			one.Energy = c.kept(c.rank)
		} else {
			one.Why = "no smaller rank pays"
		}
		r.Layers = append(r.Layers, one)
	}
	slices.SortStableFunc(r.Layers, func(a, b Layer) int { return cmp.Compare(a.Name, b.Name) })
	return r
}
