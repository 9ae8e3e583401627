package format

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// sequenceJoin makes one table of the files of many sequences.
type sequenceJoin struct {
	table    *table.Table
	wanted   func(column string) bool
	report   image.Report
	columns  []string // of the first file
	ownClass bool     // the files have a column of that name
	told     bool     // of further columns
}

// add appends the rows of a file. Its columns may be in another order than those of the first file.
func (j *sequenceJoin) add(place, name, class string, one *table.Table) error {
	if j.table.Header == nil {
		if err := j.begin(place, class, one); err != nil {
			return err
		}
	}
	if one.Nameless && len(one.Header) != len(j.columns) {
		return &record.RowError{Line: 1, Text: fmt.Sprintf("has %s, and %s %d", phrase.Count(len(one.Header), "column"), j.table.Files[0].Name, len(j.columns))}
	}
	own := make([]*table.Column, len(j.table.Columns))
	for i, c := range j.table.Columns {
		if own[i] = one.Column(c.Name); own[i] == nil && !j.made(c.Name) {
			return &record.RowError{Line: 1, Text: fmt.Sprintf("%s, which %s has", record.NoColumn(one.Header, c.Name), j.table.Files[0].Name)}
		}
	}
	for _, c := range one.Header {
		if !j.told && j.wanted(c) && !slices.Contains(j.columns, c) {
			j.told = true
			j.report.Warn("%s has a column %q, which the first file lacks; such columns are left out", name, c)
		}
	}
	j.table.Files = append(j.table.Files, table.FileSpan{Name: place, First: j.table.Rows})
	for i, c := range j.table.Columns {
		switch {
		case c.Name == FileColumn:
			c.Repeat(name, one.Rows)
		case j.made(c.Name):
			c.Repeat(class, one.Rows)
		default:
			c.Append(own[i])
		}
	}
	j.table.Lines = append(j.table.Lines, one.Lines...)
	j.table.Rows += one.Rows
	return nil
}

// made reports whether a column holds the names of files or folders.
func (j *sequenceJoin) made(column string) bool {
	return column == FileColumn || column == ClassColumn && !j.ownClass
}

// begin takes the columns of the first file.
func (j *sequenceJoin) begin(place, class string, one *table.Table) error {
	header := []string{FileColumn}
	j.ownClass = slices.Contains(one.Header, ClassColumn)
	switch {
	case class == "":
	case j.ownClass:
		j.report.Warn("the files have a column %q, which hides the names of their folders", ClassColumn)
	default:
		header = append(header, ClassColumn)
	}
	if slices.Contains(one.Header, FileColumn) {
		j.report.Warn("the column %q of the files is left out: that name is used for the names of the files", FileColumn)
	}
	if !one.Nameless && record.LooksLikeData(one.Header) {
		j.report.Warn("the first line of %s was read as names, but looks like data (%s); if it has no names, set header: false, or list them", place, phrase.List(one.Header))
	}
	j.columns = slices.DeleteFunc(slices.Clone(one.Header), func(name string) bool { return name == FileColumn })
	j.table.Keep(append(header, j.columns...), func(name string) bool { return j.made(name) || j.wanted(name) })
	return nil
}
