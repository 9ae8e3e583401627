// Package parquet reads Parquet files as rows of fields, row group by row group. What a file says of its sizes is held against
// the file before memory is taken for it.
package parquet
