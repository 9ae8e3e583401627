package format

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"dnn/pkg/dataset/record"
)

// foreignNames are the extensions of files that are recognized but not read.
var foreignNames = map[string]string{
	"xlsx": "is an Excel workbook; save the sheet as CSV", "xls": "is an Excel workbook; save the sheet as CSV",
	"ods": "is a LibreOffice workbook; save the sheet as CSV",
	"zip": "is a zip archive; extract it", "7z": "is a 7-Zip archive; extract it",
	"bz2": "is compressed with bzip2; decompress it, or use gzip or zstd", "xz": "is compressed with xz; decompress it, or use gzip or zstd",
	"feather": "is a Feather file; save it as Parquet", "arrow": "is an Arrow file; save it as Parquet",
	"pkl": "is a pickle of Python; save the table as Parquet or CSV", "pickle": "is a pickle of Python; save the table as Parquet or CSV",
}

// noFormat says why the name of a file means no format.
func noFormat(name string, isFolder bool) string {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(record.Uncompressed(name)), "."))
	what := foreignNames[ext]
	switch {
	case isURL(name):
		return urlHint(name)
	case strings.HasPrefix(name, "~"):
		return name + ": " + homeHint
	case strings.ContainsAny(name, "*?["):
		return fmt.Sprintf("no file with a known extension matches %s; set format: csv, or another (%s)", name, strings.Join(Formats.Keys(), ", "))
	case isFolder:
		return folderHint(name)
	case what != "":
		return name + " " + what
	case ext == "":
		return fmt.Sprintf("the name %s has no extension to infer the format from; set format: csv, or another (%s)", name, strings.Join(Formats.Keys(), ", "))
	}
	return fmt.Sprintf("the extension .%s means no format; set format: csv, or another (%s)", ext, strings.Join(Formats.Keys(), ", "))
}

func isURL(name string) bool { return strings.Contains(name, "://") }

func urlHint(name string) string {
	return name + " is a URL; download the file and give its path (dnn never uses the network)"
}

func folderHint(name string) string {
	return fmt.Sprintf("%s is a folder; name its files, for example %s, or set format: image_folder if it contains a folder of images for each class, or format: sequence_folder if each of its files is a sequence", name, filepath.ToSlash(filepath.Join(name, "*.csv")))
}

// homeHint is for paths that begin with ~, which only the shell expands.
const homeHint = "~ is not expanded here; write the whole path, or one relative to the spec's folder"

// WithDelimiter returns the format with another delimiter.
func WithDelimiter(format Format, delimiter string) (Format, error) {
	d, ok := format.(Delimitable)
	switch {
	case !ok:
		return nil, errors.New("only CSV has a delimiter")
	case !record.GoodDelimiter(delimiter):
		return nil, fmt.Errorf("the delimiter must be one character, not a quote or a line end; got %q", delimiter)
	}
	return d.withDelimiter(delimiter), nil
}
