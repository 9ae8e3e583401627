package transfer

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/layers"
	"dnn/pkg/task"
)

// Labels are what the rows and the columns of layers' weights stand for, by layer: the classes that the output of a head has, and
// the values that the dataset puts in. Layers whose weights stand for neither have none.
type Labels struct{ rows, columns map[string][]string }

// LabelsOf are those of a net with these layers, inputs and heads, as it was built.
func LabelsOf(list []layers.Entry, infos []layers.Info, s *dataset.Schema, heads []task.Head) Labels {
	names := map[string]string{} // of the net's own list, by path
	for _, info := range infos {
		names[info.Path] = info.Name
	}
	l := Labels{map[string][]string{}, map[string][]string{}}
	for k := range heads {
		h, at := &heads[k], len(list)-1
		if i := slices.IndexFunc(list, func(e layers.Entry) bool { return e.Head != "" && e.Head == h.Name }); i >= 0 {
			at = i
		}
		if (h.Kind == task.Category || h.Kind == task.Labels) && len(h.Classes) == h.Width {
			l.rows[names[fmt.Sprintf("layers[%d]", at)]] = h.Classes
		}
	}
	for i := range list {
		if values := valuesInto(list, i, s); values != nil {
			l.columns[names[fmt.Sprintf("layers[%d]", i)]] = values
		}
	}
	return l
}

// valuesInto names the values of the dataset that are all that a layer of the net's own list is fed with; nil for other layers.
func valuesInto(list []layers.Entry, i int, s *dataset.Schema) (values []string) {
	e := &list[i]
	if s == nil || i > 0 && len(e.Inputs) == 0 || len(e.Inputs) > 1 {
		return nil
	}
	for k := range s.Inputs {
		in := &s.Inputs[k]
		if len(e.Inputs) > 0 && in.Name != e.Inputs[0] {
			continue
		}
		named, ok := in.Encoder.(column.Named)
		if !ok {
			return nil
		}
		values = append(values, named.ValueNames(in.Columns)...)
	}
	return values
}
