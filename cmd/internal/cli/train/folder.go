package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/pkg/train"
	"dnn/pkg/train/checkpoint"
)

// runsDir holds the folders of all runs: runs/NAME/0001.
const runsDir = "runs"

// trialPrefix marks the folders of trials (--fast), which are counted apart: runs/NAME/fast-0001.
const trialPrefix = "fast-"

// newRun creates the next free folder for a run of that name, after the prefix. Two processes never get the same one: who makes the folder
// has it.
func newRun(name, prefix string) (string, error) {
	parent := filepath.Join(runsDir, name)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return "", fmt.Errorf("%w (--out names another folder)", err)
	}
	numbers, err := runNumbers(parent, prefix)
	if err != nil {
		return "", err
	}
	next := 1
	if len(numbers) > 0 {
		next = numbers[len(numbers)-1] + 1
	}
	for ; ; next++ {
		dir := filepath.Join(parent, fmt.Sprintf("%s%04d", prefix, next))
		err := os.Mkdir(dir, 0o777)
		if !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
	}
}

// runNumbers lists the numbers of the runs with that prefix in a folder, in ascending order.
func runNumbers(parent, prefix string) ([]int, error) {
	entries, err := os.ReadDir(parent)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var numbers []int
	for _, e := range entries {
		text, ok := strings.CutPrefix(e.Name(), prefix)
		if n, err := strconv.Atoi(text); ok && err == nil && n > 0 && len(text) >= 4 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// unfinished returns the newest run of that name that can be resumed and is not done, "" when there is none.
func unfinished(name, prefix string) (string, error) {
	parent := filepath.Join(runsDir, name)
	numbers, err := runNumbers(parent, prefix)
	if err != nil {
		return "", err
	}
	for _, n := range slices.Backward(numbers) {
		dir := filepath.Join(parent, fmt.Sprintf("%s%04d", prefix, n))
		done, err := isDone(filepath.Join(dir, train.LastFile))
		if err == nil && !done {
			return dir, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", exit.Bad(err)
		}
	}
	return "", nil
}

// isDone reports whether the training that wrote a checkpoint came to its end.
func isDone(path string) (bool, error) {
	at, err := position(path)
	return at.Done, err
}

// position reads where the training that wrote a checkpoint stands.
func position(path string) (train.Position, error) {
	var at train.Position
	meta, err := checkpoint.ReadMetadata(path)
	if err != nil {
		return at, err
	}
	return at, json.Unmarshal([]byte(meta["position"]), &at)
}
