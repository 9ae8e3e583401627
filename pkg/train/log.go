package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"dnn/internal/regular"
	"dnn/pkg/infer"
)

// log writes metrics.jsonl: one line for each validation, as it happens.
type log struct {
	file *os.File
}

// line is one line of the log.
type line struct {
	Epoch      int           `json:"epoch"`
	Step       int           `json:"step"`
	Loss       *float64      `json:"training_loss"`
	Rate       float64       `json:"learning_rate"`
	Validation *infer.Scores `json:"validation,omitempty"`
	Best       bool          `json:"best,omitempty"`
}

// openLog starts a log, or continues one: lines after the position that is resumed from are dropped, for they will be
// written again.
func openLog(dir string, resume bool, pos Position) (*log, error) {
	path := filepath.Join(dir, MetricsFile)
	var keep []byte
	if resume {
		old, err := regular.Open(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			lines := bufio.NewScanner(old)
			lines.Buffer(nil, 1<<24)
			for lines.Scan() {
				var l struct{ Step int }
				if json.Unmarshal(lines.Bytes(), &l) == nil && l.Step <= pos.Step {
					keep = append(append(keep, lines.Bytes()...), '\n')
				}
			}
			old.Close()
		}
	}
	temp := path + ".tmp" // a kill between here and the rename leaves the old log
	if info, err := os.Lstat(temp); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		os.Remove(temp) // else what it leads to would be written
	}
	if err := os.WriteFile(temp, keep, 0o666); err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Unwrap(err)) // not the temporary name
	}
	if err := os.Rename(temp, path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return &log{f}, nil
}

func (l *log) write(e Epoch) error {
	out := line{Epoch: e.Epoch, Step: e.Step, Rate: e.Rate, Validation: e.Validation, Best: e.Best}
	if !math.IsNaN(e.Loss) {
		out.Loss = &e.Loss
	}
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(data, '\n'))
	return err
}

// sync has the lines on the disk.
func (l *log) sync() error { return l.file.Sync() }
