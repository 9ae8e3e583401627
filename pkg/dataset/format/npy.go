package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/npy"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("npy", "arrays of NumPy: tables, images and series (.npy and .npz)", &NPY{})
}

// NPY reads arrays that NumPy saved, alone (.npy) or several in an archive (.npz). Each split names an array of inputs, whose first
// dimension is the rows, and perhaps one of targets.
//
// An array of rank 1 or 2 is a table, whose columns are called 0, 1 and so on, or like the fields of a structured array. One of rank
// 3 or 4 is the column "image" if it holds unsigned bytes, of shape [height, width] or [height, width, channels], and else, in rank
// 3, the column "series" of shape [steps, channels]. Targets are the column "target", or target0, target1 and so on if there are
// several: classes if they are whole numbers or texts, and else numbers. NaN and NaT are gaps, and messages count the rows from 1.
// Both orders (C and Fortran) and both byte orders are read, but no Python objects, which are pickled. What is predicted may be arrays,
// too: of images, the only one of their shape in a file.
type NPY struct {
	Path       *ArrayPair `json:"-" doc:"the arrays to be divided into splits"`
	Train      *ArrayPair `json:"-" doc:"the official training split"`
	Validation *ArrayPair `json:"-" doc:"the official validation split"`
	Test       *ArrayPair `json:"-" doc:"the official test split"`
}

// ArrayPair names the arrays of a split. A bare word is short for {inputs: word}.
type ArrayPair struct {
	File    string `doc:"the .npz file that holds the arrays; without it inputs and targets are .npy files"`
	Inputs  string `required:"true" doc:"the array of inputs: a file, or its name in the .npz file"`
	Targets string `doc:"the array of targets: a file, or its name in the .npz file (default: none, the target is a column of the inputs)"`
}

type plainArrays ArrayPair

// UnmarshalSpec reads a mapping or the file of the inputs.
func (a *ArrayPair) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("inputs")
	if text, ok := n.Scalar(); ok {
		*a = ArrayPair{Inputs: text}
		return
	}
	n.Into((*plainArrays)(a), p)
}

// DescribeSpec says what names arrays.
func (ArrayPair) DescribeSpec() string { return "text | mapping" }

// splits are the arrays of each split, with its key.
func (x *NPY) splits() map[string]*ArrayPair {
	return map[string]*ArrayPair{"": x.Path, "train": x.Train, "validation": x.Validation, "test": x.Test}
}

// CheckSpec requires either one set or a training split.
func (x *NPY) CheckSpec(path string, p *spec.Problems) {
	one := func(a *ArrayPair) []string {
		if a == nil {
			return nil
		}
		return []string{a.Inputs}
	}
	f := Files{one(x.Path), one(x.Train), one(x.Validation), one(x.Test)}
	f.CheckSpec(path, p)
}

func (x *NPY) Extensions() []string { return []string{"npy", "npz"} }

// GapWords are none: gaps are NaN.
func (x *NPY) GapWords() []string { return nil }

func (x *NPY) Given() []string {
	if x.Path != nil {
		return []string{""}
	}
	var splits []string
	for _, name := range Splits {
		if x.splits()[name] != nil {
			splits = append(splits, name)
		}
	}
	return splits
}

func (x *NPY) EachFile(each func(path *string)) {
	for _, a := range []*ArrayPair{x.Path, x.Train, x.Validation, x.Test} {
		switch {
		case a == nil:
		case a.File != "":
			each(&a.File)
		default:
			each(&a.Inputs)
			if a.Targets != "" {
				each(&a.Targets)
			}
		}
	}
}

func (x *NPY) Read(src Source, split string) *table.Table {
	of, key := x.splits()[split], split
	if split == "" {
		key = "path"
	}
	if of.Inputs == "" { // the mistake was reported
		return nil
	}
	inputs := of.read(src, key, "inputs", of.Inputs)
	if inputs == nil {
		return nil
	}
	t := &table.Table{Key: key, Rows: inputs.Rows(), Files: []table.FileSpan{{Name: of.name(of.Inputs)}}}
	columns, err := columnsOf(inputs)
	if err != nil {
		src.Problems().Add(Section+"."+key+".inputs", "%s: %v", of.name(of.Inputs), err)
		return nil
	}
	if of.Targets != "" {
		targets := of.read(src, key, "targets", of.Targets)
		if targets == nil {
			return nil
		}
		if targets.Rows() != inputs.Rows() {
			src.Problems().Add(Section+"."+key, "%s of inputs, but %s targets", phrase.Count(inputs.Rows(), "row"), phrase.Thousands(targets.Rows()))
			return nil
		}
		columns = append(columns, targetColumns(t, targets)...)
	}
	for _, c := range columns {
		t.Header = append(t.Header, c.Name)
		if src.Wanted(c.Name) {
			t.Columns = append(t.Columns, c)
		}
	}
	return t
}

// name is the file of an array, with its name in an archive.
func (a *ArrayPair) name(array string) string {
	if a.File == "" {
		return array
	}
	return a.File + ":" + array
}

// read reads an array, or notes why it cannot be read.
func (a *ArrayPair) read(src Source, key, part, name string) *npy.Array {
	file, inside := name, ""
	if a.File != "" {
		file, inside = a.File, name
	}
	f, size, done, ok := openWhole(src, key+"."+part, src.Path(file))
	if !ok {
		return nil
	}
	defer done()
	array, err := npy.Read(f, size, inside)
	if err != nil {
		src.Problems().Add(Section+"."+key+"."+part, "%s: %v", file, err)
		return nil
	}
	return array
}

// mostColumns is how many columns a table of an array has.
const mostColumns = 1 << 17

// columnsOf are the columns of an array of inputs.
func columnsOf(a *npy.Array) ([]*table.Column, error) {
	rank := len(a.Shape)
	if pix, ok := a.Bytes(); ok && (rank == 3 || rank == 4) {
		return []*table.Column{{Name: "image", Content: &image.Pixels{Shape: ImageShape(a.Shape), Bytes: pix}}}, nil
	}
	switch {
	case rank == 4 || rank > 4:
		return nil, fmt.Errorf("holds an array of shape %v; images must be unsigned bytes: save (255*x).astype(numpy.uint8)", a.Shape)
	case rank == 3 && len(a.Fields) == 1:
		return []*table.Column{column("series", a.Rows(), a.List)}, nil
	case rank == 3 || rank == 2 && len(a.Fields) > 1:
		return nil, fmt.Errorf("holds an array of several fields of shape %v; want one of rank 1", a.Shape)
	case a.Width() > mostColumns:
		return nil, fmt.Errorf("holds %s columns; the most is %s", phrase.Thousands(a.Width()), phrase.Thousands(mostColumns))
	}
	var list []*table.Column
	for k := range a.Width() {
		for i, f := range a.Fields {
			name := f.Name
			if name == "" {
				name = strconv.Itoa(k)
			}
			list = append(list, column(name, a.Rows(), func(row int) string { return a.Text(row, k, i) }))
		}
	}
	return list, nil
}

// targetColumns are the columns of an array of targets, which the table offers.
func targetColumns(t *table.Table, a *npy.Array) (list []*table.Column) {
	for k := range min(a.Width(), mostColumns) {
		name := "target"
		if a.Width() > 1 {
			name += strconv.Itoa(k)
		}
		list = append(list, column(name, a.Rows(), func(row int) string { return a.Text(row, k, 0) }))
		kind := "number"
		if a.Width() == 1 && (a.Fields[0].Whole() || a.Fields[0].Words()) {
			kind = "category"
		}
		t.Offers = append(t.Offers, table.Offer{Column: name, Type: kind})
	}
	return list
}

func column(name string, rows int, text func(row int) string) *table.Column {
	c := &table.Column{Name: name}
	for row := range rows {
		c.Add(text(row))
	}
	c.Seal()
	return c
}

// RecordsAt reads the rows of a table, or series, one a row.
func (x *NPY) RecordsAt(f io.ReaderAt, size int64) (record.Reader, error) {
	a, err := npy.Read(f, size, "")
	if err != nil {
		return nil, err
	}
	columns, err := columnsOf(a)
	if err != nil {
		return nil, err
	}
	r := &arrayRows{columns: columns, rows: a.Rows(), fields: make([]string, len(columns))}
	for _, c := range columns {
		if !c.IsText() {
			return nil, fmt.Errorf("holds images, in an array of shape %v; expected rows", a.Shape)
		}
		r.header = append(r.header, c.Name)
	}
	return r, nil
}

// ImagesOf reads images of a shape, one a row: the only array of such in a file, which may hold others.
func ImagesOf(f io.ReaderAt, size int64, shape []int) (*image.Pixels, error) {
	list, err := npy.List(f, size)
	if err != nil {
		return nil, err
	}
	var fitting, all []string
	for _, n := range list {
		if rank := len(n.Shape); n.AreBytes() && (rank == 3 || rank == 4) && slices.Equal(ImageShape(n.Shape), shape) {
			fitting = append(fitting, n.Name)
		}
		all = append(all, strings.TrimSpace(fmt.Sprint(n.Name, " ", n.Shape)))
	}
	if len(fitting) != 1 {
		return nil, fmt.Errorf("expected an array of images of shape %v, of unsigned bytes, and found %d (%s)", shape, len(fitting), strings.Join(all, ", "))
	}
	a, err := npy.Read(f, size, fitting[0])
	if err != nil {
		return nil, err
	}
	pix, _ := a.Bytes()
	return &image.Pixels{Shape: shape, Bytes: pix}, nil
}

// Records reads what is no file into memory.
func (x *NPY) Records(r io.Reader, _ string) (record.Reader, error) {
	f, err := InMemory(r)
	if err != nil {
		return nil, err
	}
	return x.RecordsAt(f, f.Size())
}

// InMemory reads an array that is no file into memory.
func InMemory(r io.Reader) (*bytes.Reader, error) {
	all, err := io.ReadAll(io.LimitReader(r, mostPiped+1))
	switch {
	case err != nil:
		return nil, err
	case len(all) > mostPiped:
		return nil, errors.New("more than 1 GB from a pipe; give the name of a file")
	}
	return bytes.NewReader(all), nil
}

// arrayRows are the rows of a table in memory.
type arrayRows struct {
	header  []string
	columns []*table.Column
	rows    int
	row     int
	fields  []string
}

func (r *arrayRows) Header() []string { return r.header }

func (r *arrayRows) Next() ([]string, int, error) {
	if r.row == r.rows {
		return nil, 0, io.EOF
	}
	for i, c := range r.columns {
		r.fields[i] = c.Field(int32(r.row))
	}
	r.row++
	return r.fields, r.row, nil
}
