// Package history reads and writes what runs leave in their folders.
package history

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"dnn/internal/newfile"
)

// ResultFile is in the folder of a run that came to its end, and holds what "dnn train --json" prints.
const ResultFile = "result.json"

// WriteResult writes the result of a run into its folder.
func WriteResult(dir string, result any) error {
	data, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return newfile.Write(filepath.Join(dir, ResultFile), append(data, '\n'))
}

// DropResult removes the result of a run that goes on.
func DropResult(dir string) error {
	if err := os.Remove(filepath.Join(dir, ResultFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Done reports whether a run came to its end.
func Done(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ResultFile))
	return err == nil
}
