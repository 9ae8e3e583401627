// Package op holds the operations a graph is made of, one file each, named after the op's key in graph.Ops. The typed
// constructor in that file is what the rest of the program calls, and its comment is the op's contract. Files that
// register nothing hold what several ops share: makers for families of ops, loops over strides, tables.
//
// An op variable is filled in by init and not where it is declared: gradients call constructors, which name the op.
package op
