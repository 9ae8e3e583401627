// Package corpus holds texts for language models: documents, which are read in pieces, and the tokens that they become, in memory
// or in a file. It knows neither tokenizers nor nets.
package corpus

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dnn/internal/glob"
	"dnn/pkg/dataset/record"
)

// Document is a text: a file, or bytes that were read from elsewhere.
type Document struct {
	Name string // for messages; of a file its path
	Data []byte // instead of the file
}

// errNotFile is the mistake of what might never end, or could be read only once.
var errNotFile = errors.New("is a pipe, a device or a socket, not a text file")

// open begins to read the bytes of a document.
func (d *Document) open() (io.ReadCloser, error) {
	if d.Data != nil {
		return io.NopCloser(bytes.NewReader(d.Data)), nil
	}
	info, err := os.Stat(d.Name)
	switch {
	case err != nil:
		return nil, record.PlainError(err)
	case !info.Mode().IsRegular():
		return nil, errNotFile
	}
	f, err := os.Open(d.Name)
	return f, record.PlainError(err)
}

// Find returns the documents of a path: the file itself, or of a folder and those within it all files ending in .txt or
// .txt.gz or .txt.zst, in the order of their names.
func Find(path string) (list []Document, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, record.PlainError(err)
	}
	if !info.IsDir() {
		return []Document{{Name: path}}, nil
	}
	list, err = within(path, texts())
	if err == nil && len(list) == 0 {
		err = errors.New("is a folder without texts (files ending in .txt, .txt.gz or .txt.zst)")
	}
	return list, record.PlainError(err)
}

// texts reads folders of texts.
func texts() *glob.Folders { return &glob.Folders{Kind: "texts", Is: isText} }

// within are the texts of a folder and of those within it. Links to folders are not followed.
func within(folder string, walk *glob.Folders) (list []Document, err error) {
	entries, err := walk.Read(folder)
	for _, e := range entries {
		name := filepath.Join(folder, e.Name())
		switch {
		case e.IsDir():
			deeper, err := within(name, walk)
			if err != nil {
				return nil, err
			}
			list = append(list, deeper...)
		case isText(name):
			list = append(list, Document{Name: name})
		}
	}
	return list, err
}

func isText(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	return !strings.HasPrefix(base, ".") && strings.HasSuffix(record.Uncompressed(base), ".txt")
}
