package onnx

import (
	"errors"
	"fmt"
	"math"

	"dnn/internal/phrase"
)

// Limits of what is read. Nets have thousands of nodes, and subgraphs in subgraphs of a loop.
const (
	maxParts      = 1 << 20 // nodes, names, attributes, tensors and values in all
	maxDepth      = 16      // of subgraphs
	maxAttributes = 256     // of a node
)

// Decode reads a model that has all its data within itself.
func Decode(data []byte) (*Model, error) { return decode(data, nil) }

// decode reads a model; folder has its external data, if it may have some.
func decode(data []byte, from *folder) (*Model, error) {
	r := &reader{from: from}
	m, err := r.model(data)
	if err == nil {
		err = m.check()
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// reader counts what it has read.
type reader struct {
	from  *folder
	parts int
	depth int
}

// part is an error when there is too much in a file.
func (r *reader) part() error {
	if r.parts++; r.parts > maxParts {
		return fmt.Errorf("has more than %s nodes, tensors and names", phrase.Thousands(maxParts))
	}
	return nil
}

func (r *reader) model(data []byte) (*Model, error) {
	m := &Model{}
	err := fields(data, func(f field) error {
		switch f.number {
		case 1:
			return f.int64(&m.IR)
		case 2:
			return f.text(&m.Producer)
		case 3:
			return f.text(&m.ProducerVersion)
		case 4:
			return f.text(&m.Domain)
		case 5:
			return f.int64(&m.Version)
		case 6:
			return f.text(&m.Doc)
		case 7:
			if m.Graph != nil {
				return errors.New("has two graphs")
			}
			m.Graph = &Graph{}
			return r.graph(f, m.Graph)
		case 8:
			return r.opset(f, &m.Opsets)
		case 14:
			return r.property(f, &m.Metadata)
		case 25:
			one := &Function{}
			m.Functions = append(m.Functions, one)
			return r.function(f, one)
		}
		return nil // parts that say nothing of what is computed, such as field 20: how to train
	})
	if err == nil && m.Graph == nil {
		err = errors.New("is no ONNX model: it has no graph")
	}
	return m, err
}

func (r *reader) opset(f field, list *[]Opset) error {
	o := Opset{}
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&o.Domain)
		case 2:
			return f.int64(&o.Version)
		}
		return nil
	})
	*list = append(*list, o)
	return errors.Join(err, r.part())
}

func (r *reader) property(f field, list *[]Property) error {
	p := Property{}
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&p.Key)
		case 2:
			return f.text(&p.Value)
		}
		return nil
	})
	*list = append(*list, p)
	return errors.Join(err, r.part())
}

// texts adds one text to a list.
func (r *reader) texts(f field, list *[]string) error {
	var s string
	err := f.text(&s)
	*list = append(*list, s)
	return errors.Join(err, r.part())
}

func (r *reader) graph(f field, g *Graph) error {
	if r.depth++; r.depth > maxDepth {
		return fmt.Errorf("subgraphs are nested more than %d levels deep", maxDepth)
	}
	defer func() { r.depth-- }()
	return f.message(func(f field) error {
		switch f.number {
		case 1:
			return r.node(f, &g.Nodes)
		case 2:
			return f.text(&g.Name)
		case 5:
			return r.tensor(f, &g.Initializers)
		case 10:
			return f.text(&g.Doc)
		case 11:
			return r.value(f, &g.Inputs)
		case 12:
			return r.value(f, &g.Outputs)
		case 13:
			return r.value(f, &g.Values)
		case 15:
			return errors.New("has sparse tensors, which are not supported")
		}
		return nil
	})
}

func (r *reader) node(f field, list *[]*Node) error {
	n := &Node{}
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return r.texts(f, &n.Inputs)
		case 2:
			return r.texts(f, &n.Outputs)
		case 3:
			return f.text(&n.Name)
		case 4:
			return f.text(&n.Op)
		case 5:
			return r.attribute(f, &n.Attributes)
		case 6:
			return f.text(&n.Doc)
		case 7:
			return f.text(&n.Domain)
		case 8:
			return f.text(&n.Overload)
		}
		return nil
	})
	if err == nil && n.Op == "" {
		err = errors.New("has no op_type")
	}
	if err != nil {
		return fmt.Errorf("node %d%s: %w", len(*list), n.label(), err)
	}
	*list = append(*list, n)
	return r.part()
}

// label is what a node is called in errors.
func (n *Node) label() string {
	if n.Name == "" {
		return " (" + n.Op + ")"
	}
	return " (" + n.Op + " " + phrase.Quote(n.Name) + ")"
}

func (r *reader) function(f field, one *Function) error {
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&one.Name)
		case 4:
			return r.texts(f, &one.Inputs)
		case 5:
			return r.texts(f, &one.Outputs)
		case 6:
			return r.texts(f, &one.Attributes)
		case 7:
			return r.node(f, &one.Nodes)
		case 8:
			return f.text(&one.Doc)
		case 9:
			return r.opset(f, &one.Opsets)
		case 10:
			return f.text(&one.Domain)
		case 11:
			return r.attribute(f, &one.Defaults)
		case 13:
			return f.text(&one.Overload)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("function %s: %w", phrase.Quote(one.Name), err)
	}
	return r.part()
}

func (r *reader) value(f field, list *[]*Value) error {
	v := &Value{Unranked: true}
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&v.Name)
		case 2:
			return f.message(func(f field) error {
				if f.number != 1 { // other than a tensor
					return nil
				}
				return f.message(func(f field) error { return r.tensorType(f, v) })
			})
		case 3:
			return f.text(&v.Doc)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("value %s: %w", phrase.Quote(v.Name), err)
	}
	*list = append(*list, v)
	return r.part()
}

func (r *reader) tensorType(f field, v *Value) error {
	switch f.number {
	case 1:
		var x int64
		err := f.int64(&x)
		v.Type = Type(x)
		return err
	case 2:
		v.Unranked, v.Shape = false, nil
		return f.message(func(f field) error {
			if f.number != 1 {
				return nil
			}
			d := Dim{Size: -1}
			err := f.message(func(f field) error {
				switch f.number {
				case 1:
					return size(f, &d.Size)
				case 2:
					return f.text(&d.Name)
				}
				return nil
			})
			if d.Name != "" {
				d.Size = -1
			}
			v.Shape = append(v.Shape, d)
			return errors.Join(err, r.part())
		})
	}
	return nil
}

// size reads a number of elements along an axis; unknown ones are below 0.
func size(f field, to *int) error {
	var x int64
	if err := f.int64(&x); err != nil {
		return err
	}
	if x > math.MaxInt {
		return fmt.Errorf("size %d is too large", x)
	}
	*to = int(max(x, -1))
	return nil
}
