package transfer

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/graph"
	"dnn/pkg/vectors"
)

// take lets a parameter or a state begin with that of a model. said is what there is to tell of it, why what keeps it from that.
func (t *Transfer) take(name string, m *Model) (said, why string) {
	one, has := m.Have[name]
	mine, table, other := t.net.Shapes[name], t.net.Tables[name], m.Tables[name]
	change := func(dst []float32) { copy(dst, one.Data) }
	switch {
	case t.from[name] != "":
		return "", fmt.Sprintf("%s begins with values of %s already", name, t.from[name])
	case !has:
		return "", fmt.Sprintf("%s has no %s: the settings of both layers must be alike", m.File, name)
	case table != nil && other != nil && table.Words != nil && other.Words != nil && len(one.Shape) == 2 && mine[1] == one.Shape[1]:
		if change, said, has = takeWords(one, table.Words(), other.Words()); !has {
			return "", fmt.Sprintf("none of its words is in %s", m.File)
		}
	default:
		rows, columns := t.axes(name, one.Shape, m)
		switch {
		case rows == nil && columns == nil && !mine.Equal(one.Shape), !alikeElsewhere(mine, one.Shape, rows != nil, columns != nil):
			return "", fmt.Sprintf("%s is %v in %s and %v here", name, one.Shape, m.File, mine)
		case rows != nil && rows.found == 0:
			return "", fmt.Sprintf("none of its classes is in %s", m.File)
		case columns != nil && columns.found == 0:
			return "", fmt.Sprintf("none of its inputs is in %s", m.File)
		case !rows.same() || !columns.same():
			change = taking(one, mine, rows, columns)
		}
		if strings.HasSuffix(name, ".weight") {
			said = rows.said("classes") + columns.said("inputs")
		}
	}
	t.first[name], t.from[name] = change, m.File
	if said != "" {
		t.partly[t.ours.owner(name)] = true
	}
	return said, ""
}

// alikeElsewhere reports whether two shapes are equal on the axes that are not matched by their labels.
func alikeElsewhere(a, b graph.Shape, rows, columns bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !(i == 0 && rows) && !(i == 1 && columns) {
			return false
		}
	}
	return true
}

// axes match the rows of a parameter by the classes that they stand for, and its columns by the inputs; nil where they stand for
// neither in both nets.
func (t *Transfer) axes(name string, other graph.Shape, m *Model) (rows, columns *match) {
	layer, mine := t.ours.owner(name), t.net.Shapes[name]
	role := strings.TrimPrefix(name, layer+".")
	if role != "weight" && role != "bias" || len(mine) == 0 || len(other) == 0 {
		return nil, nil
	}
	here, there := t.net.Labels.rows[layer], m.Labels.rows[layer]
	if len(here) == mine[0] && len(there) == other[0] {
		if rows = matchLabels(here, there); slices.Equal(here, there) {
			rows = nil
		}
	}
	here, there = t.net.Labels.columns[layer], m.Labels.columns[layer]
	if len(mine) == 2 && len(other) == 2 && len(here) == mine[1] && len(there) == other[1] {
		if columns = matchLabels(here, there); slices.Equal(here, there) {
			columns = nil
		}
	}
	return rows, columns
}

// taking copies the rows and columns that are in both.
func taking(one Piece, mine graph.Shape, rows, columns *match) func(dst []float32) {
	place := func(m *match, i int) int {
		if m == nil {
			return i
		}
		return m.from[i]
	}
	width, other := mine.Size()/mine[0], one.Shape.Size()/one.Shape[0]
	return func(dst []float32) {
		for i := range mine[0] {
			from := place(rows, i)
			if from < 0 {
				continue
			}
			if columns == nil {
				copy(dst[i*width:(i+1)*width], one.Data[from*other:])
				continue
			}
			for k := range width {
				if at := columns.from[k]; at >= 0 {
					dst[i*width+k] = one.Data[from*other+at]
				}
			}
		}
	}
}

// takeWords takes over the rows of a table whose words both vocabularies have. Those that stand for no word lie at the
// beginning and at the end of a vocabulary: padding, what is unknown, the end of a text.
func takeWords(one Piece, words, other []string) (change func(dst []float32), said string, any bool) {
	size := one.Shape[1]
	if slices.Equal(words, other) {
		return func(dst []float32) { copy(dst, one.Data) }, "", true
	}
	values := make([]float32, len(words)*size)
	found, have, err := vectors.InMemory(other, one.Data, size).Into(values, words)
	if err != nil {
		panic(err) // nothing is read
	}
	row := func(i, k int) {
		copy(values[i*size:(i+1)*size], one.Data[k*size:])
		have[i] = true
	}
	for i := 0; i < min(len(words), len(other)) && words[i] == "" && other[i] == ""; i++ {
		row(i, i)
	}
	for i := 1; i <= min(len(words), len(other)) && words[len(words)-i] == "" && other[len(other)-i] == ""; i++ {
		row(len(words)-i, len(other)-i)
	}
	return Rows(values, size, have), fmt.Sprintf(" (%s of %s)", phrase.Thousands(found.Exact), phrase.Count(found.Words, "word")), found.Exact > 0
}

// Rows changes the rows of a table that there are values for.
func Rows(values []float32, size int, have []bool) func(dst []float32) {
	return func(dst []float32) {
		for i, ok := range have {
			if ok {
				copy(dst[i*size:(i+1)*size], values[i*size:])
			}
		}
	}
}
