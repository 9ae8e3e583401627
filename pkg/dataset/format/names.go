package format

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"dnn/pkg/dataset/table"
)

// foreignNames are the endings of names that tell what a file is, but no format that is read.
var foreignNames = map[string]string{
	"xlsx": "is an Excel workbook; save the sheet as CSV", "xls": "is an Excel workbook; save the sheet as CSV",
	"ods": "is a LibreOffice workbook; save the sheet as CSV", "parquet": "is a Parquet file; save it as CSV",
	"zip": "is a zip archive; unpack it", "json": "is JSON; write an object on each line (.jsonl)",
}

// noFormat says why the name of a file tells no format.
func noFormat(name string, isFolder bool) string {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(strings.TrimSuffix(name, ".gz")), "."))
	what := foreignNames[ext]
	switch {
	case isURL(name):
		return urlHint(name)
	case strings.HasPrefix(name, "~"):
		return name + ": " + homeHint
	case strings.ContainsAny(name, "*?["):
		return fmt.Sprintf("no file with a known ending matches %s; give format: csv, or another (%s)", name, strings.Join(Formats.Keys(), ", "))
	case isFolder:
		return folderHint(name)
	case what != "":
		return name + " " + what
	case ext == "":
		return fmt.Sprintf("the name %s has no ending that would tell the format; give format: csv, or another (%s)", name, strings.Join(Formats.Keys(), ", "))
	}
	return fmt.Sprintf("the ending .%s tells no format; give format: csv, or another (%s)", ext, strings.Join(Formats.Keys(), ", "))
}

func isURL(name string) bool { return strings.Contains(name, "://") }

func urlHint(name string) string {
	return name + " is an address on the web; download the file and name that (dnn itself never uses the network)"
}

func folderHint(name string) string {
	return fmt.Sprintf("%s is a folder; name its files, for example %s, say format: image_folder if it holds a folder of pictures for each class, or format: sequence_folder if each of its files is a sequence", name, filepath.ToSlash(filepath.Join(name, "*.csv")))
}

// homeHint is for paths that begin with ~, which is the shell's.
const homeHint = "~ is not your home here; write the whole path, or one that begins at the spec's folder"

// WithDelimiter returns the format with another delimiter.
func WithDelimiter(format Format, delimiter string) (Format, error) {
	d, ok := format.(Delimitable)
	switch {
	case !ok:
		return nil, errors.New("only CSV has a delimiter to choose")
	case !table.GoodDelimiter(delimiter):
		return nil, fmt.Errorf("the delimiter: want one character, not a quote or a line end, got %q", delimiter)
	}
	return d.withDelimiter(delimiter), nil
}
