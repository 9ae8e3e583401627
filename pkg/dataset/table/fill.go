package table

import (
	"io"
	"slices"

	"dnn/pkg/dataset/record"
)

// Each calls f for each kept column with the index of its name.
func (t *Table) Each(f func(column string) bool) []bool {
	list := make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = f(c.Name)
	}
	return list
}

// grow adds the columns that were found after the first rows, which have gaps there.
func grow(t *Table, names []string, kept []int) []int {
	for at := len(t.Header); at < len(names); at++ {
		c := &Column{Name: names[at]}
		c.Repeat("", t.Rows)
		t.Columns, kept = append(t.Columns, c), append(kept, at)
	}
	t.Header = slices.Clone(names)
	return kept
}

// Fill appends all rows of a file. plain says which columns hold free text.
func (t *Table) Fill(rec record.Reader, kept []int, clean *Cleaner, plain func(column string) bool, bad func(*record.RowError)) error {
	texts := t.Each(plain)
	for {
		if rows := record.ChunksOf(rec); rows != nil {
			f := chunks{rows, t, kept, texts}
			return f.fill(clean, bad)
		}
		fields, line, err := rec.Next()
		if err == io.EOF {
			return nil
		}
		if e, ok := err.(*record.RowError); ok {
			bad(e)
			continue
		}
		if err != nil {
			return err
		}
		if names := rec.Header(); len(names) > len(t.Header) && t.Header != nil {
			kept = grow(t, names, kept)
			texts = t.Each(plain)
		}
		for i, at := range kept {
			field := ""
			if at < len(fields) {
				field = clean.Field(fields[at], texts[i])
			}
			t.Columns[i].Add(field)
		}
		t.Lines = append(t.Lines, int32(line))
		t.Rows++
	}
}
