package column

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Types.Register("series", "numbers in time order: across columns, in a list, or a window over the rows", &Series{})
	TargetTypes.Register("series", "the next values of a column (forecasting)", &SeriesTarget{})
}

// Series is an input of numbers in time order: [steps, channels] floats, in a separate block. The other settings say
// where they are:
//
//	column: readings             a field holds the series: a JSON list of numbers, or of lists of numbers (steps ×
//	                             channels), or numbers separated by spaces or semicolons
//	column: file                 the field is the path of a file with a row for each step (CSV, TSV or JSON Lines)
//	columns: "t*"                a column is a step, in the order of the file; channels: 2 makes of the first half of the
//	                             columns the first channel and of the second half the second
//	columns: [a, b], window: 24  rows follow one another in time, and a column is a channel: the input of a row are the 24
//	                             rows before it
//	columns: [a, b], known: true as before, but of the rows of the target: what is known of the future
//	columns: [a, b]              in a dataset with sequence_id: a column is a channel, and a row of the file a step
//
// Across columns, gaps at the end make the series shorter. All other gaps are filled. If rows have different lengths,
// they are sequences: layers skip the steps that a row does not have. A window always has all its steps, and rows with
// fewer rows before them are left out. The statistics of normalize are those of all steps of a channel in the training
// split. A field that is neither a number nor a gap is an error.
type Series struct {
	Window    int          `default:"0" range:"[1,)" doc:"rows of history per row, in a table whose rows follow one another in time"`
	Ends      string       `default:"auto" oneof:"auto|before|row" doc:"whether a window ends before its row or with it; auto: before, if the target is a series or a column of the window, else with it"`
	Level     string       `default:"auto" oneof:"auto|keep|mean|last" doc:"the offset that is subtracted from a window, and added to predictions of the same column: its mean, its last value or nothing (keep); auto: the mean, if the target is a series and a straight line explains half of the column's variance in the training split, since a net cannot follow a trend beyond what it has seen"`
	Known     bool         `default:"false" doc:"the columns are known ahead (a calendar, a plan): the input is the rows to predict"`
	Channels  int          `default:"1" range:"[1,)" doc:"how many channels a series across columns has; the columns of a channel are adjacent"`
	MaxLength int          `default:"0" range:"[1,)" doc:"most steps of a series in a field or in several rows, in training and prediction; longer ones lose their last steps (default: no limit, unless the net needs a fixed length (flatten and dense): then the longest of the training split)"`
	Files     *SeriesFiles `doc:"how the files are read whose paths the column holds (default: by their extensions)"`
	Normalize string       `default:"zscore" oneof:"zscore|minmax|robust|log1p|log_zscore|log1p_zscore|none" doc:"as of numbers, the same for all steps of a channel"`
	Missing   string       `default:"interpolate" oneof:"interpolate|previous|zero|mean|error" doc:"what fills a gap; interpolate: linear between its neighbours on the scale of normalize, at the ends the nearest; previous: the value before it; mean: of the training split; error: a gap is a mistake"`

	files *SeriesFiles // how files are read whose paths the column may hold; nil until ForFiles
	read  *SeriesFiles // the files, if some were read
}

// CheckSpec compares the settings with each other.
func (s *Series) CheckSpec(path string, p *spec.Problems) {
	switch {
	case s.Window > 0 && s.Known:
		p.Add(path+".known", "window is for the past and known for the future; use a separate input for each")
	case (s.Window > 0 || s.Known) && s.Channels > 1:
		p.Add(path+".channels", "is for series across columns; in a table whose rows follow one another each column is a channel")
	case s.Window == 0 && s.Ends != "auto":
		p.Add(path+".ends", "is for a window")
	}
	if s.Window == 0 && s.Level != "auto" {
		p.Add(path+".level", "is for a window")
	}
	if s.Files != nil && (s.Window > 0 || s.Known || s.Channels > 1) {
		p.Add(path+".files", "is for a column of paths, each of a file with one series, whose columns are the channels")
	}
	if s.MaxLength > 0 && (s.Window > 0 || s.Known) {
		p.Add(path+".max_length", "is for series that differ in length; a window has a fixed length")
	}
}

// Lists marks that a field may list several numbers.
func (s *Series) Lists() {}

// Numbers reports that all fields are numbers.
func (s *Series) Numbers() bool { return true }

func (s *Series) Drops() bool      { return s.Files != nil && s.Files.OnError == "skip" }
func (s *Series) Flat() bool       { return false }
func (s *Series) Encoder() Encoder { return &SeriesEncoder{} }

// offset is where the rows of the input begin, counted from its row.
func (s *Series) offset(facts *Context, columns []string) int {
	switch {
	case s.Known:
		return 0
	case s.Ends == "row", s.Ends == "auto" && facts.Horizon == 0 && !slices.ContainsFunc(facts.Targets, func(t string) bool { return slices.Contains(columns, t) }):
		return 1 - s.Window
	}
	return -s.Window
}

func (s *Series) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	e := &SeriesEncoder{Missing: s.Missing}
	var channels [][]float64
	var gaps []int
	switch {
	case s.Timed() && f.Table.Time == nil: // with sequence_id, a mistake that was reported
		return nil
	case s.Timed():
		e.Form, e.Steps, e.Even = "window", s.Window, true
		e.Offset = s.offset(&f.Spec, NamesOf(columns))
		if s.Known {
			e.Steps = max(1, f.Spec.Horizon)
		}
		channels, gaps = f.ofColumns(columns, f.History)
	case f.Spec.Horizon > 0:
		f.Problem("", "window is missing (how many rows of history a forecast uses)")
		return nil
	case f.Spec.Long:
		e.Form = "steps"
		channels, gaps, e.Steps = f.ofSteps(columns)
		e.Even = s.MaxLength == 0 && evenSteps(f)
	case len(columns) == 1:
		e.Form, e.Files = "list", s.read
		channels, e.Steps = f.ofLists(columns[0])
		gaps = make([]int, len(channels))
		e.Even = s.MaxLength == 0 && f.evenLists()
	default:
		e.Form = "columns"
		if e.Steps = len(columns) / s.Channels; e.Steps*s.Channels != len(columns) {
			f.Problem("channels", "%s cannot be divided among %d channels", phrase.Count(len(columns), "column"), s.Channels)
			return nil
		}
		channels, gaps = f.ofBlocks(columns, e.Steps)
		e.Even = f.evenColumns(e.Steps)
	}
	if s.MaxLength > 0 && e.Form != "columns" {
		e.Longest = longestBelow(e.Steps, s.MaxLength)
		e.Steps = s.MaxLength
	}
	e.Unlimited = s.MaxLength == 0 && (e.Form == "list" || e.Form == "steps")
	if len(channels) == 0 || e.Steps == 0 {
		f.Problem("", "%s", f.noNumber(columns[0]))
		return nil
	}
	for k, numbers := range channels {
		name := columns[min(k, len(columns)-1)].Name
		if e.Form == "columns" {
			name = columns[k*e.Steps].Name
		}
		if !s.channel(f, e, name, numbers, gaps[k], columns) {
			return nil
		}
	}
	takeGiven(e, f, NamesOf(columns))
	return e
}

// channel fits one channel from its numbers in the training split.
func (s *Series) channel(f *Fitting, e *SeriesEncoder, name string, numbers []float64, gaps int, columns []*table.Column) bool {
	if len(numbers) == 0 {
		f.Problem("", "%s", f.noNumber(columns[len(e.Channels)*len(columns)/max(1, len(e.Channels)+1)]))
		return false
	}
	c := SeriesChannel{}
	if s.Missing == "mean" {
		mean := mean(numbers)
		c.Fill = &mean
	} else if s.Missing == "zero" {
		c.Fill = new(float64)
	}
	if gaps > 0 && s.Missing != "error" {
		f.Note("%s: %s in the training split, filled (%s)", name, phrase.Count(gaps, "gap"), s.Missing)
	}
	var constant bool
	if c.Scaling, constant = fitScaling(s.Normalize, numbers); constant {
		f.Findings.Constants = append(f.Findings.Constants, name)
	}
	if s.Missing == "zero" && !f.holdsFill("missing", 0, &c.Scaling) {
		return false
	}
	e.Channels = append(e.Channels, c)
	return true
}

func NamesOf(columns []*table.Column) (names []string) {
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return names
}

// Timed reports whether the series is made of rows that follow one another.
func (s *Series) Timed() bool { return s.Window > 0 || s.Known }

// Back is how many rows before its own a window reaches.
func (s *Series) Back(facts *Context, columns []string) int {
	if s.Window == 0 {
		return 0
	}
	return -s.offset(facts, columns)
}

// History reports whether the input ends before its row.
func (s *Series) History(horizon int) bool {
	return !s.Known && s.Ends != "row" && (s.Window > 0 || horizon > 0)
}

// Recentring is how windows are shifted.
func (s *Series) Recentring() string {
	if s.Window == 0 || s.Level == "keep" {
		return ""
	}
	return s.Level
}
