// Package table holds data as text in columns, in time order. It knows nothing of nets.
//
//	Reader ──> Table ──> TimeIndex
//	 rows      columns   order of the rows, frequency, calendar
//
// Row readers (package record) give the rows of a file one by one, in constant memory. A Table keeps the columns
// that are wanted; each field is trimmed, and empty when it is a gap. Arrange brings rows that follow one another into the
// order of their timestamps, group by group, and adds rows of gaps for timestamps that are missing (every) and columns made
// of the timestamps (calendar). Collapse makes one row of all rows of an id.
package table
