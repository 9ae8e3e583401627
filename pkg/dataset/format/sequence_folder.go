package format

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("sequence_folder", "one file of rows per sequence, in a folder for each class", &SequenceFolder{})
}

// SequenceFolder reads sequences that have a file each: CSV, TSV or JSON Lines, compressed or not, with one row per step.
// Those of a class are in a folder of its name, or in folders within it; without classes the files are in the folder
// itself. Hidden files and files with other extensions are left out; links are followed. Sequences are sorted by class
// and file name, their steps as in the file or by order_by.
//
// The columns are those of the files, and two more: "file", the path of the file below the folder, and "class", the
// name of its folder, unless the files have a column of that name. "class" is the target unless the spec names another.
// All files must have the columns that are used, in any order. A file is one row of the dataset, as are all rows of an
// id with sequence_id: columns that vary within it need an input of type series or a target of type tags, and all
// others must be the same in all its rows. By default the input is one series of all columns that contain numbers.
type SequenceFolder struct {
	Path          string `json:"-" doc:"the folder whose sequences are divided into splits; it holds a folder for each class, or the files"`
	Train         string `json:"-" doc:"the folder of the official training split"`
	Validation    string `json:"-" doc:"the folder of the official validation split"`
	Test          string `json:"-" doc:"the folder of the official test split"`
	SequenceFiles `spec:",inline"`
	OnError       string `json:"-" default:"error" oneof:"error|skip" doc:"what happens with a file that cannot be read as rows with the columns of the others, has no rows, or has words in a series; skip: it is left out"`
}

const (
	FileColumn  = "file"
	ClassColumn = "class"
)

// CheckSpec requires either one set or a training split.
func (f *SequenceFolder) CheckSpec(path string, p *spec.Problems) {
	folders := f.folders()
	folders.CheckSpec(path, p)
	f.SequenceFiles.CheckSpec(path, p)
}

// folders returns the folders in the form of other formats' files.
func (f *SequenceFolder) folders() *Files {
	one := func(name string) []string {
		if name == "" {
			return nil
		}
		return []string{name}
	}
	return &Files{one(f.Path), one(f.Train), one(f.Validation), one(f.Test)}
}

func (f *SequenceFolder) Extensions() []string { return nil }

// Sequences returns the settings for reading the files.
func (f *SequenceFolder) Sequences() *SequenceFiles { return &f.SequenceFiles }

// Skips reports whether files that cannot be read are left out.
func (f *SequenceFolder) Skips() bool { return f.OnError == "skip" }

func (f *SequenceFolder) Given() []string { return f.folders().Given() }

func (f *SequenceFolder) EachFile(each func(path *string)) {
	for _, path := range []*string{&f.Path, &f.Train, &f.Validation, &f.Test} {
		if *path != "" {
			each(path)
		}
	}
}

// BadFiles groups the mistakes about files that cannot be read.
const BadFiles = "files that cannot be read"

func (f *SequenceFolder) Read(src Source, split string) *table.Table {
	key, named := f.folders().of(split)
	at, folder := Section+"."+key, src.Path(named[0])
	w, err := f.Walk(folder)
	if err != nil {
		src.Problems().Add(at, "%v", err)
		return nil
	}
	if !f.sound(w, src, at, folder) {
		return nil
	}
	w.report(reportOf(src, folder))
	t := &table.Table{Key: key, Lines: []int32{}, Whole: true}
	all := &sequenceJoin{table: t, wanted: src.Wanted, report: reportOf(src, folder)}
	var skipped []string
	for i, name := range w.names(folder) {
		class := ""
		if w.Classes != nil {
			class = w.Classes[i]
		}
		sum := sha256.New()
		one, err := f.Rows(w.Files[i].Path, sum, all.wanted)
		if err == nil {
			err = all.add(name, w.Files[i].Name, class, one)
		}
		src.Digest()(sum.Sum(nil))
		switch {
		case err == nil:
		case f.OnError == "skip":
			skipped = append(skipped, w.Files[i].Name+": "+err.Error())
		default:
			where, text := name, err.Error()
			var row *record.RowError
			if errors.As(err, &row) {
				where, text = fmt.Sprintf("%s:%d", name, row.Line), row.Text
			}
			src.Mistake(at, BadFiles, where, text)
		}
	}
	if n := len(skipped); n > 0 {
		src.Warn("%s: left out %s of %d that cannot be read: %s", folder, phrase.Count(n, "file"), len(w.Files), strings.Join(skipped[:min(n, phrase.Examples)], "; "))
	}
	src.Digest()(namesSum(w))
	for _, c := range t.Columns {
		c.Seal()
	}
	switch {
	case t.Rows > 0:
	case len(skipped) == len(w.Files):
		src.Problems().Add(at, "%s: none of the %s can be read: %s", folder, phrase.Count(len(w.Files), "file"), skipped[0])
		return nil
	default: // each was reported
		return nil
	}
	if t.Column(ClassColumn) != nil && w.Classes != nil && !all.ownClass {
		t.Offers = []table.Offer{{Column: ClassColumn, Type: "category"}}
	}
	return t
}

// Walk finds the files. If there are no folders, the files are those in the folder itself, and there are no classes.
func (f *SequenceFolder) Walk(folder string) (*ClassWalk, error) {
	w, err := WalkClasses(folder, f.Sort())
	if err == nil && len(w.Files)+len(w.Odd)+len(w.Errs) == 0 {
		w.Files, w.loose, w.empty = w.loose, nil, nil
		for _, one := range w.Files {
			if strings.ToValidUTF8(one.Name, "") != one.Name {
				w.addOdd(one.Name, "a file")
			}
		}
	}
	return w, err
}

// sound reports what keeps a folder from being sequences.
func (f *SequenceFolder) sound(w *ClassWalk, src Source, at, folder string) bool {
	faults := w.faults(folder)
	for _, text := range faults {
		src.Problems().Add(at, "%s", text)
	}
	classes := w.Distinct()
	switch {
	case len(faults) > 0:
	case len(w.Files) == 0:
		hint := ""
		if len(w.others) > 0 {
			hint = "; for files with other extensions, set form: csv, tsv or jsonl"
		}
		src.Problems().Add(at, "%s contains no sequences (files of %s); expected them in a folder for each class, or in the folder itself%s", folder, w.Sort.Named, hint)
	case len(classes) > 1 && !slices.ContainsFunc(classes, func(c string) bool { return !namesSplit(c) }):
		src.Problems().Add(at, "%s contains the splits (%s), not classes; name their folders with train, validation and test", folder, strings.Join(classes, ", "))
	default:
		return true
	}
	return false
}

// namesSum is the digest of the files' names, which give classes and order.
func namesSum(w *ClassWalk) []byte {
	sum := sha256.New()
	for _, one := range w.Files {
		fmt.Fprintf(sum, "%q\n", one.Name)
	}
	return sum.Sum(nil)
}
