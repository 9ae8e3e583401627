// Package parquet reads Parquet files row by row and one row group at a time. It compares the sizes that a file declares
// with the file before it takes memory.
package parquet
