package layers

import "dnn/pkg/graph"

// Case is one way to write a layer and what comes of it: an example, to which tests hold every kind. A batch has 4 rows.
type Case struct {
	Layer   string      // as in a spec
	In      []Input     // default: one of 6 floats
	Out     graph.Shape // of a row
	Trained int         // numbers that training changes
	State   int         // numbers that go along with them, such as running means
}

// floats is an input of a block of its own.
func floats(name string, shape ...int) Input {
	return Input{Name: name, Block: "input." + name, BlockShape: shape, Shape: shape}
}

// sequences is an input of sequences of different lengths.
func sequences(name string, shape ...int) Input {
	x := floats(name, shape...)
	x.Lengths = "lengths." + name
	return x
}

// words is an input of tokens that are those of the target too, as many in a row as steps of another input.
func words(name, stepsOf string, categories int, shape ...int) Input {
	x := indices(name, categories, shape...)
	x.Lengths, x.Shared = "lengths."+stepsOf, true
	return x
}

// indices is an input of categories.
func indices(name string, categories int, shape ...int) Input {
	return Input{Name: name, Block: "input." + name, BlockShape: shape, Shape: shape, Ints: true, Categories: categories}
}
