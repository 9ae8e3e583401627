package dataset

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset/augment"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/split"
	_ "dnn/pkg/dataset/synthetic" // a format
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// Settings is the section "dataset" of a spec.
type Settings struct {
	Format  format.Format          `spec:",inline"`
	Inputs  []InputSettings        `default:"[]" doc:"the named inputs; absent: every column but the target and the weight, types inferred from the training split; with sequence_id, or a file for each sequence, one series of all columns of numbers" also:"features|x|input"`
	Target  Targets                `doc:"the column to predict, or a list of them; several numbers are a regression with several targets, several binaries are labels of which any number may be true" also:"label|labels|label_column|output|y|class"`
	Weight  string                 `scalar:"any" doc:"column of sample weights, numbers of 0 or more"`
	Augment []augment.Augmentation `default:"[]" doc:"changes made to the images of the training split, anew in every epoch, in this order"`
	Split   split.Settings         `doc:"how rows are shared out among the splits"`

	OrderBy    dates.OrderBy  `doc:"column of dates or numbers to sort the rows by, or columns of year, month, day, hour, minute and second, in this order, as in [year, month, day], or of the date and the time, as in [date, time] (default: the order in the file)"`
	DateFormat string         `doc:"how the dates of order_by are written, in the codes of strftime: %d/%m/%Y, %m/%d/%y %I:%M %p, %Y%m%d (default: as their column shows; dates in which day and month may be mistaken are refused)"`
	Every      string         `scalar:"any" doc:"time between rows: day, business_day (Monday to Friday), hour, 15 minutes, month, a number if order_by holds numbers, or auto for the most frequent. Missing timestamps between two rows of a group get a row of gaps, so that windows, horizons and seasons, which count rows, measure time (default: rows follow one another, whatever the time between them)"`
	Calendar   dates.Calendar `default:"[]" doc:"columns made of the dates of order_by: minute (of the hour), hour (of the day), weekday, monthday, month or yearday; weekday makes weekday_sin and weekday_cos, the sine and the cosine of the position of a date in its week, and {weekday: one_hot} the columns weekday_mon to weekday_sun, of which one is 1. holiday is 1 on the days that holidays lists. Windows, known inputs and others use them as columns of the file, and forecasts compute them for the future"`
	Holidays   dates.Holidays `doc:"the days of calendar: [holiday]: a list of dates, or a file with a date on each line, before a comma if more follows"`
	Group      string         `scalar:"any" doc:"column that separates several series in one table: no window and no horizon crosses from one to another"`
	SequenceID string         `scalar:"any" doc:"column of a table with a row for each step: all rows with the same id become one row of the dataset, in the order of order_by, and columns that differ between them become type: series"`
	Order      string         `scalar:"any" doc:"another word for order_by"`
}

// CheckSpec holds the splits of the data against each other.
func (s *Settings) CheckSpec(path string, p *spec.Problems) {
	if s.Format == nil { // its own mistake was noted
		return
	}
	texts := s.texts() != nil
	if texts {
		s.checkText(path, p)
	} else {
		s.checkTime(path, p)
	}
	s.Split.Resolve(path+".split", format.SplitsOf(s.Format), texts || s.timed(), p)
	augment.Check(s.Augment, path+".augment", p)
	names := map[string]int{}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		name := in.name()
		if first, taken := names[name]; taken && name != "" {
			p.Add(fmt.Sprintf("%s.inputs[%d]", path, i), "duplicate input %q: also at inputs[%d]; give one of them another name", name, first)
			continue
		}
		names[name] = i
	}
}

// InputSettings is one entry of "inputs": one column or several that become one named input. A bare word is short for
// {column: word}.
type InputSettings struct {
	Column  string      `scalar:"any" doc:"the column"`
	Columns []string    `scalar:"any" default:"[]" doc:"several columns: names, or globs such as \"t*\" for all matching columns in the order of the file but the target and the weight; \"!t3\" leaves one out. Without a type, each column has the type that is inferred for it"`
	Except  []string    `scalar:"any" default:"[]" doc:"columns to leave out, names or globs: what \"!NAME\" does in columns"`
	Name    string      `scalar:"any" doc:"the input's name (default: its column, or the first entry of columns)"`
	Type    column.Type `spec:",inline"`
}

type plainInput InputSettings

// UnmarshalSpec reads a mapping or a bare column name.
func (s *InputSettings) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("column")
	if text, ok := n.Scalar(); ok {
		*s = InputSettings{Column: text, Type: spec.New[column.Type]("auto")}
		named(text, n.Path, p)
		return
	}
	if n.IsList() {
		var words []spec.Word
		var q spec.Problems
		n.Into(&words, &q)
		if *s = (InputSettings{}); q.Len() == 0 && len(words) > 0 {
			p.Add(n.Path, "expected a column or a mapping, got a list; several columns are one input as {columns: [%s]}", joinWords(words))
			return
		}
	}
	n.Into((*plainInput)(s), p)
	if !n.IsMapping() {
		return
	}
	switch {
	case s.Column == "" && len(s.Columns) == 0 && !p.Under(n.Path+".column") && !p.Under(n.Path+".columns"):
		p.Add(n.Path, "column is missing (the column, or columns for several)")
	case s.Column != "" && len(s.Columns) > 0:
		p.Add(n.Path, "set column or columns, not both")
	case s.Column != "" && len(s.Except) > 0:
		p.Add(n.Path+".except", "is for columns: leaves out some that a glob matches")
	case len(s.Columns) > 0 && !slices.ContainsFunc(s.Columns, func(c string) bool { return !strings.HasPrefix(c, "!") }):
		p.Add(n.Path+".columns", "only leaves columns out; all others are columns: [\"*\", %q]", s.Columns[0])
	}
}

// named notes a name of a column that is empty.
func named(col, path string, p *spec.Problems) {
	if col == "" {
		p.Add(path, "the name of the column is empty")
	}
}

// DescribeSpec says what an entry of "inputs" is.
func (InputSettings) DescribeSpec() string { return "column name | mapping" }

func (s *InputSettings) name() string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Column != "" || len(s.Columns) == 0:
		return s.Column
	}
	for _, pattern := range s.Columns {
		if !strings.HasPrefix(pattern, "!") {
			return pattern
		}
	}
	return s.Columns[0]
}

// TargetSettings is one target column. A bare word is short for {column: word}.
type TargetSettings struct {
	Column  string            `scalar:"any" required:"true" doc:"the column; rows in which it is missing are dropped"`
	Type    column.TargetType `spec:",inline"`
	Missing string            `oneof:"drop" doc:"what to do with rows in which the column is missing: drop is the only choice"`
}

// SettleTargets makes the defaults of the targets visible.
func (s *Settings) SettleTargets() {
	for i := range s.Target {
		if t, ok := s.Target[i].Type.(interface{ Settle() }); ok {
			t.Settle()
		}
	}
}

// AlignLabels has the labels of some targets aligned by their loss, where they are texts.
func (s *Settings) AlignLabels(aligned func(target string) bool) {
	for i := range s.Target {
		if t, ok := s.Target[i].Type.(column.Generating); ok && aligned(s.Target[i].Column) {
			t.Align()
		}
	}
}

type plainTarget TargetSettings

// UnmarshalSpec reads a mapping or a bare column name.
func (s *TargetSettings) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("column")
	if text, ok := n.Scalar(); ok {
		*s = TargetSettings{Column: text, Type: spec.New[column.TargetType]("auto")}
		named(text, n.Path, p)
		return
	}
	n.Into((*plainTarget)(s), p)
	if at := n.Get("column"); at != nil && !p.Under(at.Path) {
		named(s.Column, at.Path, p)
	}
}

// DescribeSpec says what a target is.
func (TargetSettings) DescribeSpec() string { return "column name | mapping" }

// Targets is the target, or the list of them.
type Targets []TargetSettings

// UnmarshalSpec reads one target or a list.
func (t *Targets) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if n.IsList() {
		n.Into((*[]TargetSettings)(t), p)
		return
	}
	var one TargetSettings
	one.UnmarshalSpec(n, p)
	*t = Targets{one}
}

// offered are the targets that the data offers, as a spec would name them.
func offered(offers []table.Offer) (list Targets) {
	for _, o := range offers {
		list = append(list, TargetSettings{Column: o.Column, Type: column.Offered(o)})
	}
	return list
}

// MarshalSpec writes one target as a mapping and several as a list.
func (t Targets) MarshalSpec() any {
	switch len(t) {
	case 0:
		return nil
	case 1:
		return t[0]
	}
	return []TargetSettings(t)
}

// DescribeSpec says what the key takes.
func (Targets) DescribeSpec() string { return "target | list of targets" }

// joinWords joins words as a list in a spec has them.
func joinWords(words []spec.Word) string {
	var list []string
	for _, w := range words {
		list = append(list, string(w))
	}
	return strings.Join(list, ", ")
}

// SkipsFiles reports whether files of sequences that cannot be read are left out.
func (s *Settings) SkipsFiles() bool {
	f, ok := s.Format.(format.FileSequences)
	return ok && f.Skips()
}

// SkipsImages reports whether images that cannot be read are left out.
func (s *Settings) SkipsImages() bool {
	if f, ok := s.Format.(format.Skipper); ok {
		return f.Skips() && !s.SkipsFiles()
	}
	return slices.ContainsFunc(s.Inputs, func(in InputSettings) bool {
		m, ok := in.Type.(format.Skipper)
		return ok && m.Skips()
	})
}

// Paths lists the files and folders that the settings name, those with a relative path as lying in dir.
func (s *Settings) Paths(dir string) (list []string) {
	eachFile(s, func(path *string) {
		if filepath.IsAbs(*path) {
			list = append(list, *path)
		} else {
			list = append(list, filepath.Join(dir, *path))
		}
	})
	return list
}

// eachFile calls each with every path of the data, but for those of inputs.
func eachFile(s *Settings, each func(path *string)) {
	if f, ok := s.Format.(format.Filed); ok {
		f.EachFile(each)
	}
	if s.Holidays.File != "" {
		each(&s.Holidays.File)
	}
}

// Rebase returns a copy of the settings whose relative paths, which hold from the folder from, hold from the folder to.
// A spec that is kept elsewhere than where it was written finds its data by it.
func (s *Settings) Rebase(from, to string) (*Settings, error) {
	doc, err := spec.Parse("dataset", spec.Encode(s), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	moved := &Settings{}
	doc.Decode(moved, &p)
	if err := p.Err(doc); err != nil {
		return nil, err
	}
	move, err := spec.Mover(from, to)
	if err != nil {
		return nil, err
	}
	eachFile(moved, move)
	for _, in := range moved.Inputs {
		if f, ok := in.Type.(format.Filed); ok {
			f.EachFile(move)
		}
	}
	return moved, nil
}
