package layers

import (
	"dnn/pkg/spec"
)

// Table is the parameter of an embedding: a row for each category.
type Table struct {
	Param string
	Words func() []string // of the rows, "" for one that stands for no word; nil where categories have no words
	From  *Vectors        // that rows begin with; nil for none
}

// Vectors names a file of vectors of words.
type Vectors struct {
	File   string `required:"true" doc:"the file, relative to the spec"`
	Words  string `doc:"file with the word of each vector, one per line, for .npy and for .safetensors of other programs"`
	Tensor string `doc:"name of the matrix, in a .safetensors file with several"`
}

type plainVectors Vectors

// UnmarshalSpec reads a mapping, or the name of the file alone.
func (v *Vectors) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("file")
	if text, ok := n.Scalar(); ok && text != "" {
		*v = Vectors{File: text}
		return
	}
	n.Into((*plainVectors)(v), p)
}

// DescribeSpec says what it is.
func (Vectors) DescribeSpec() string { return "file | mapping" }

// vectored is implemented by layers that may begin with vectors of words.
type vectored interface {
	// begins returns where the size of its vectors is kept, 0 where it is that of the file's, and the file; nil for none.
	begins() (size *int, from *Vectors)
}

// begins is what the settings say.
func (l *Embedding) begins() (*int, *Vectors) { return &l.Size, l.From }

// EachVectors calls visit for the layers of a list, with their paths in a spec, that begin with vectors of words. A size of 0 is that
// of the vectors in the file.
func EachVectors(list []Entry, visit func(path string, size *int, from *Vectors)) {
	Each(list, func(path string, e *Entry) {
		if l, ok := e.Kind.(vectored); ok {
			if size, from := l.begins(); from != nil {
				visit(path, size, from)
			}
		}
	})
}

// WithFiles is the list with change made to every path in it; the list itself stays as it is.
func WithFiles(list []Entry, change func(path *string)) ([]Entry, error) {
	files := 0
	EachVectors(list, func(string, *int, *Vectors) { files++ })
	if files == 0 {
		return list, nil
	}
	type holder struct{ Layers []Entry }
	doc, err := spec.Parse("layers", spec.Encode(&holder{list}), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	var own holder
	doc.Decode(&own, &p)
	EachVectors(own.Layers, func(_ string, _ *int, from *Vectors) {
		change(&from.File)
		if from.Words != "" {
			change(&from.Words)
		}
	})
	return own.Layers, p.Err(doc)
}
