package draft

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// source is a table as the spec will read it.
type source struct {
	lines    page // the keys that name and describe the files
	main     *table.Table
	others   map[string]*table.Table // the official validation and test splits
	headless bool
}

// open reads the table and its official splits.
func (d *drafting) open() (*source, error) {
	s := &source{others: map[string]*table.Table{}}
	if d.nameFiles(&s.lines); d.pairs == nil {
		if err := s.settle(d.Data); err != nil {
			return nil, err
		}
	}
	text := "dataset:\n" + s.lines.text(2)
	doc, err := spec.Parse(filepath.Join(d.Folder, "draft.yaml"), []byte(text), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	var both struct{ Dataset dataset.Settings }
	doc.Decode(&both, &p)
	tables, gaps, decimal := both.Dataset.Tables(d.Folder, &p)
	if p.Len() > 0 {
		return nil, faults(doc, &p)
	}
	if decimal != "" {
		s.lines.add("decimal: %q", decimal).note("numbers have signs between digits; this is the one before decimals")
	}
	if f, ok := both.Dataset.Format.(format.Gapped); ok && len(gaps) > 0 {
		s.lines.add("missing_values: [%s]", words(slices.Concat(f.GapWords(), gaps))).note("words for a gap; the last ones were found among numbers")
		d.warn("among numbers, %s taken for gaps", phrase.Few(gaps)+" "+phrase.IsAre(len(gaps)))
	}
	for split, t := range tables {
		if split == "" || split == "train" {
			s.main = t
		} else {
			s.others[split] = t
		}
	}
	return s, nil
}

// nameFiles adds the keys that name the files of all splits.
func (d *drafting) nameFiles(lines *page) {
	if d.pairs != nil {
		d.pairLines(lines)
		return
	}
	d.findSplits()
	if d.Test == "" && d.Validation == "" {
		lines.add("path: %s", d.path(d.Data))
	} else {
		lines.add("train: %s", d.path(d.Data))
		for _, split := range [][2]string{{"validation", d.Validation}, {"test", d.Test}} {
			if split[1] != "" {
				lines.add("%s: %s", split[0], d.path(split[1]))
			}
		}
	}
}

// faults are the mistakes in the data, without their places in a spec that nobody sees.
func faults(doc *spec.Document, p *spec.Problems) error {
	err := p.Err(doc)
	var all *spec.Error
	if !errors.As(err, &all) {
		return err
	}
	const most = 5
	var texts []string
	for _, m := range all.Mistakes[:min(most, len(all.Mistakes))] {
		texts = append(texts, m.Message)
	}
	if rest := len(all.Mistakes) - most; rest > 0 {
		texts = append(texts, fmt.Sprintf("… and %d more", rest))
	}
	return errors.New(strings.Join(texts, "\n"))
}

// settle finds out the delimiter of a file, and whether it has a header line.
func (s *source) settle(file string) error {
	if labeled(file) {
		s.lines.add("format: fasttext").note("a text on each line, behind its labels")
		return nil
	}
	kind := format.OfName(file)
	if kind != "" && kind != "csv" && kind != "tsv" {
		return nil
	}
	delimiter := ','
	if kind == "tsv" {
		delimiter = '\t'
	}
	around, err := surround(file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	header, other, err := headerOf(file, delimiter, &around)
	if other != 0 {
		delimiter = other
		header, _, err = headerOf(file, delimiter, &around)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	around.write(&s.lines)
	switch {
	case delimiter == '\t' && kind != "tsv":
		s.lines.add("format: tsv")
	case kind == "" || kind == "tsv" && delimiter != '\t':
		s.lines.add("format: csv")
	}
	if delimiter != ',' && delimiter != '\t' {
		s.lines.add("delimiter: %q", string(delimiter))
	}
	if record.LooksLikeData(header) && !numbered(header) {
		s.headless = true
		s.lines.add("header: false").note("there is no header line; a list of names here names the columns")
	}
	return nil
}

// numbered reports whether the names of a header are consecutive whole numbers, but for a few words.
func numbered(header []string) bool {
	last, steps := -1, 0
	for _, name := range header {
		n, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if last >= 0 && n != last+1 {
			return false
		}
		last, steps = n, steps+1
	}
	return steps > 2
}

// headerOf reads the first line of a file, and finds the delimiter that it seems to have instead; 0 if it is right.
func headerOf(file string, delimiter rune, around *surroundings) (header []string, other rune, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	text, err := around.reader(f)
	if err != nil {
		return nil, 0, err
	}
	rec, err := record.OpenDelimited(text, record.Header{}, record.Fields{Comma: delimiter, Quotes: true, Lines: around.Lines})
	if hint := record.DelimiterHint(rec, err); hint != nil {
		return nil, hint.Found, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if names := strings.Join(rec.Header(), ""); !utf8.ValidString(names) || strings.ContainsRune(names, 0) {
		return nil, 0, errors.New("is neither a table nor a text: its first line is not UTF-8")
	}
	return rec.Header(), 0, nil
}

// trainName finds the word for training in the name of a file.
var trainName = regexp.MustCompile(`(?i)(^|[^a-z])(train|training)([^a-z]|$)`)

// findSplits finds the official splits next to a file whose name says that it is the training split.
func (d *drafting) findSplits() {
	base := filepath.Base(d.Data)
	at := trainName.FindStringSubmatchIndex(base)
	if at == nil || d.Test != "" || d.Validation != "" {
		return
	}
	found := func(names ...string) string {
		for _, name := range names {
			switch was := base[at[4]:at[5]]; {
			case was == strings.ToUpper(was):
				name = strings.ToUpper(name)
			case was[:1] == strings.ToUpper(was[:1]):
				name = strings.ToUpper(name[:1]) + name[1:]
			}
			file := filepath.Join(filepath.Dir(d.Data), base[:at[4]]+name+base[at[5]:])
			if info, err := os.Stat(file); err == nil && !info.IsDir() && file != d.Data && d.holdsTarget(file) {
				return file
			}
		}
		return ""
	}
	d.Validation = found("validation", "valid", "val", "dev")
	d.Test = found("test")
	if d.Validation != "" || d.Test != "" {
		var files []string
		for _, f := range []string{d.Validation, d.Test} {
			if f != "" {
				files = append(files, f)
			}
		}
		d.see("official splits found next to %s: %s", d.Data, strings.Join(files, ", "))
	}
}

// holdsTarget reports whether a split has the target, unlike those that are to be predicted.
func (d *drafting) holdsTarget(file string) bool {
	own := &source{}
	if own.settle(d.Data) != nil || own.headless || d.Target == "" {
		return true
	}
	around, err := surround(file)
	if err != nil {
		return true // whoever reads it says so
	}
	for _, delimiter := range ",\t;|" {
		if header, other, err := headerOf(file, delimiter, &around); err == nil && other == 0 && slices.Contains(header, d.Target) {
			return true
		}
	}
	d.see("%s has no column %s, so it is no test split; dnn predict predicts it", file, phrase.Quote(d.Target))
	return false
}
