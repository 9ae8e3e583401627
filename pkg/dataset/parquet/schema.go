package parquet

import (
	"errors"
	"fmt"
	"time"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// node is a field of the schema: a leaf, which has values, or a group of fields.
type node struct {
	*format.SchemaElement
	fields      []*node
	repetitions int   // the highest repetition level
	definitions int   // the highest definition level: that of values
	lists       []int // the definition level of each list around the values, from which on it has elements
	index       int   // of a leaf, among the leaves
}

// deepestSchema is how many groups may lie in one another.
const deepestSchema = 100

// tree is what builds nodes from the schema, which lists them in depth-first order.
type tree struct {
	left   []format.SchemaElement
	leaves int
}

func (t *tree) node(parent *node, depth int) (*node, error) {
	if len(t.left) == 0 || depth > deepestSchema {
		return nil, errors.New("has a schema that cannot be read; the file is damaged")
	}
	n := &node{SchemaElement: &t.left[0]}
	t.left = t.left[1:]
	if parent != nil {
		n.repetitions, n.definitions, n.lists = parent.repetitions, parent.definitions, parent.lists
		switch n.repetition() {
		case format.Optional:
			n.definitions++
		case format.Repeated:
			n.repetitions, n.definitions = n.repetitions+1, n.definitions+1
			n.lists = append(n.lists[:len(n.lists):len(n.lists)], n.definitions)
		}
	}
	if n.leaf() {
		n.index = t.leaves
		t.leaves++
		return n, nil
	}
	for range n.NumChildren.V {
		field, err := t.node(n, depth+1)
		if err != nil {
			return nil, err
		}
		n.fields = append(n.fields, field)
	}
	return n, nil
}

func (n *node) leaf() bool { return n.Type.Valid }

func (n *node) repetition() format.FieldRepetitionType {
	if n.RepetitionType.Valid {
		return n.RepetitionType.V
	}
	return format.Required
}

func (n *node) repeated() bool { return n.repetition() == format.Repeated }

// isList and isMap tell groups that hold several values.
func (n *node) isList() bool {
	_, is := n.LogicalType.Value.(*format.ListType)
	return is || n.converted(deprecated.List)
}

func (n *node) isMap() bool {
	_, is := n.LogicalType.Value.(*format.MapType)
	return is || n.converted(deprecated.Map) || n.converted(deprecated.MapKeyValue)
}

func (n *node) converted(kind deprecated.ConvertedType) bool {
	return n.ConvertedType.Valid && n.ConvertedType.V == kind
}

// logical is the logical type of a leaf; the kinds that older programs write are turned into those of today.
func (n *node) logical() format.LogicalTypeValue {
	if n.LogicalType.Value != nil || !n.ConvertedType.Valid {
		return n.LogicalType.Value
	}
	milli, micro := format.TimeUnit{Value: &format.MilliSeconds{}}, format.TimeUnit{Value: &format.MicroSeconds{}}
	switch n.ConvertedType.V {
	case deprecated.Decimal:
		return &format.DecimalType{Scale: n.Scale.V, Precision: n.Precision.V}
	case deprecated.Date:
		return &format.DateType{}
	case deprecated.TimeMillis:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: milli}
	case deprecated.TimeMicros:
		return &format.TimeType{IsAdjustedToUTC: true, Unit: micro}
	case deprecated.TimestampMillis:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: milli}
	case deprecated.TimestampMicros:
		return &format.TimestampType{IsAdjustedToUTC: true, Unit: micro}
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return &format.IntType{BitWidth: 64}
	}
	return nil
}

// kind names the type of a leaf in messages.
func (n *node) kind() string {
	switch {
	case n.LogicalType.Value != nil:
		return n.LogicalType.String()
	case n.converted(deprecated.Interval):
		return "INTERVAL"
	case n.Type.V == format.FixedLenByteArray:
		return fmt.Sprintf("%v(%d)", n.Type.V, n.TypeLength.V)
	}
	return n.Type.V.String()
}

// unit is the length of one step of a time, or 0 if the file names none.
func unit(u format.TimeUnit) time.Duration {
	if u.Value == nil {
		return 0
	}
	return u.Value.Duration()
}
