package stablehlo

import (
	"dnn/pkg/graph"
)

// look takes rows of a matrix by number: y[.., :] = table[ids[..], :].
func look(table, ids val) val {
	k := len(ids.shape)
	y := table.e.fresh(typ{table.elem, append(append(graph.Shape{}, ids.shape...), table.shape[1])})
	table.e.line("%s = \"stablehlo.gather\"(%s, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [%d], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = %d>, indices_are_sorted = false, slice_sizes = array<i64: 1, %d>}> : (%v, %v) -> %v",
		y.name, table.name, ids.name, k, k, table.shape[1], table.typ, ids.typ, y.typ)
	return y
}

// pickEach takes an element of each row of a matrix x [rows, w] for each number of ids [rows, n].
func pickEach(x, ids val) val {
	rows := x.e.iota("i32", append(append(graph.Shape{}, ids.shape...), 1), 0)
	at := concat(2, rows, column(ids))
	y := x.e.fresh(typ{x.elem, ids.shape})
	x.e.line("%s = \"stablehlo.gather\"(%s, %s) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0, 1], start_index_map = [0, 1], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 1>}> : (%v, %v) -> %v",
		y.name, x.name, at.name, x.typ, at.typ, y.typ)
	return y
}

// scatterRows folds rows [n, w] into those of x [rows, w] that ids [n] name.
func scatterRows(x, ids, rows val, fold string) val {
	return scatter(x, column(ids), rows, fold, "update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1")
}

// scatterEach folds an element [rows, n] into each row of x [rows, w], at the place that ids [rows, n] name.
func scatterEach(x, ids, elements val, fold string) val {
	rows := x.e.iota("i32", append(append(graph.Shape{}, ids.shape...), 1), 0)
	at := concat(2, rows, column(ids))
	return scatter(x, at, elements, fold, "inserted_window_dims = [0, 1], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 2")
}

// scatter folds by an operation, or puts what is new in place of what was there where fold is empty.
func scatter(x, at, news val, fold, dims string) val {
	e, scalar := x.e, typ{x.elem, graph.Shape{}}
	a, b, y := e.fresh(scalar), e.fresh(scalar), e.fresh(x.typ)
	e.line("%s = \"stablehlo.scatter\"(%s, %s, %s) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<%s>, unique_indices = false}> ({",
		y.name, x.name, at.name, news.name, dims)
	e.line("^bb0(%s: %v, %s: %v):", a.name, scalar, b.name, scalar)
	if fold != "" {
		b = a.binary(fold, b)
	}
	e.line("stablehlo.return %s : %v", b.name, scalar)
	e.line("}) : (%v, %v, %v) -> %v", x.typ, at.typ, news.typ, y.typ)
	return y
}
