// Package parquet reads Parquet files row by row, one page of each column at a time. It compares the sizes that a file
// declares with the file before it takes memory.
//
// The footer and the headers of pages are decoded by parquet-go's package format. Its root package is not used: it misreads pages of
// LZ4 and of booleans in runs, and it links protobuf, whose reflection keeps every method of every type in the program (12 MB).
package parquet
