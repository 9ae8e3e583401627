// Package format reads the ways in which data lies in files: one file of this package for each, named after its key.
//
// A Format reads the files of a split into a table.Table. What it needs of whoever loads a dataset is a Source: where paths
// lead, which columns are wanted, and where notes, mistakes and digests go. What only some formats can do (a header, a
// delimiter, a file for each sequence) is asked through small interfaces.
package format
