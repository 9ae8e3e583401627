package synthetic

import (
	"strings"

	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("copy", "sequences of symbols to be repeated after a delay", &Copy{})
}

// Copy generates texts of some symbols, a delay of spaces, a sign, and as many steps as there were symbols. The label of each
// step is a space, but after the sign the labels are the symbols in their order. It shows for how many steps a net remembers
// what it saw.
//
//	text  gbc____:___     length 3, delay 4
//	tags  ________gbc
//
// Symbols are a, b, c, …; a space is written _. An input is {column: text, type: text, tokenizer: char}; the target is tags. A
// net without memory is right in all spaces and in one of `symbols` of the others.
//
// Source: Hochreiter & Schmidhuber 1997, "Long short-term memory"; in this form Arjovsky, Shah & Bengio 2016, "Unitary
// evolution recurrent neural networks", 4.1.
type Copy struct {
	Symbols int `default:"8" range:"[2,26]" doc:"different symbols"`
	Length  int `default:"5" range:"[1,1000]" doc:"symbols to be repeated"`
	Delay   int `default:"20" range:"[0,10000]" doc:"spaces between the symbols and the sign"`
}

const (
	copyBlank = "_"
	copySign  = ":"
)

func (g *Copy) columns() (int, []table.Offer) {
	tags := table.Offer{Column: "tags", Type: "category", Classes: []string{copyBlank}, Tags: true}
	for i := range g.Symbols {
		tags.Classes = append(tags.Classes, string(rune('a'+i)))
	}
	return 0, []table.Offer{tags}
}

// texts names the column of text, whose fields come before those of the target.
func (g *Copy) texts() []string { return []string{"text"} }

func (g *Copy) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	blanks := func(n int) string { return strings.Repeat(copyBlank, n) }
	symbols, y := make([]byte, g.Length), make([]string, 2)
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		for i := range symbols {
			symbols[i] = 'a' + byte(r.Below(g.Symbols))
		}
		y[0] = string(symbols) + blanks(g.Delay) + copySign + blanks(g.Length)
		y[1] = blanks(g.Length+g.Delay+1) + string(symbols)
		emit(nil, y)
	}
}
