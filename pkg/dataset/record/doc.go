// Package record cuts bytes into rows of fields: delimited text and JSON Lines in any encoding, one row at a time in constant memory,
// or in chunks. It knows names of columns, but not what their fields mean.
package record
