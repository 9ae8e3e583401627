package compress

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"dnn/internal/newfile"
	"dnn/internal/regular"
	"dnn/pkg/model"
)

// Stage is a model of a recipe, and what was measured of it.
type Stage struct {
	Step    string          `json:"step"`  // the kind that made it; "start" where the recipe begins
	Model   string          `json:"model"` // its file
	Summary string          `json:"summary,omitempty"`
	Report  json.RawMessage `json:"report,omitempty"`
	Figures Figures         `json:"figures"`
	Breaks  []Breach        `json:"breaks,omitempty"` // of the budget
}

// record is what the folder of a step keeps of it.
type record struct {
	Inputs string `json:"inputs"`           // digest of all that goes into the step
	Files  string `json:"files,omitempty"`  // digests of the files that the step names
	Output string `json:"output,omitempty"` // digest of the model's file; "" while the step is at work
	Stage  Stage  `json:"stage"`
}

// StepFile is in the folder of each step.
const StepFile = "step.json"

// format begins each digest of inputs. It changes when steps make other models than before of the same, or figures count otherwise.
const format = "2"

// done is the record of a task: that of an earlier run where it was done, else one for what is to be done.
func (r *runner) done(t task, before *record) (rec *record, ok bool, err error) {
	dir := filepath.Join(r.o.Dir, t.name)
	now := &record{Files: t.files, Stage: Stage{Step: t.kind, Model: before.Stage.Model}}
	if before.Output == "" && before.Stage.Model != "" {
		if before.Output, err = digest(before.Stage.Model); err != nil {
			return nil, false, err
		}
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%v\n%s\n%s", format, r.o.Fast, before.Output, t.settings+t.files))
	now.Inputs = hex.EncodeToString(sum[:])
	if t.apply != nil {
		now.Stage.Model = filepath.Join(dir, ModelFile)
	}
	done, found := readRecord(dir)
	if !found || done.Inputs != now.Inputs {
		return now, false, nil
	}
	if is, err := digest(now.Stage.Model); err == nil && done.Output == is {
		done.Stage.Model = now.Stage.Model // the folder may have moved
		return done, true, nil
	}
	return now, false, nil
}

// stage does a task in its folder, unless that was done, and returns what is kept of it. Without apply, the model is the one before
// itself.
func (r *runner) stage(t task, before *record) (*record, error) {
	now, done, err := r.done(t, before)
	if err != nil || done {
		return now, err
	}
	dir := filepath.Join(r.o.Dir, t.name)
	if old, ok := readRecord(dir); !ok || old.Inputs != now.Inputs { // else a training in it is resumed
		if err := empty(dir); err != nil {
			return nil, err
		}
	}
	if err := now.write(dir); err != nil {
		return nil, err
	}
	if t.apply != nil {
		if err := r.apply(dir, before, now, t.apply); err != nil {
			return nil, err
		}
	}
	if now.Output, err = digest(now.Stage.Model); err != nil {
		return nil, err
	}
	f, err := r.load(now.Stage.Model)
	if err != nil {
		return nil, err
	}
	if now.Stage.Figures, err = r.measure(f); err != nil {
		return nil, err
	}
	return now, now.write(dir)
}

// apply makes the model of a step.
func (r *runner) apply(dir string, before, now *record, apply func(w *Work) (*Made, error)) error {
	w := &Work{Threads: r.o.Threads, dir: dir, run: r}
	if before.Stage.Model != "" {
		var err error
		if w.Model, err = r.load(before.Stage.Model); err != nil {
			return err
		}
	}
	made, err := apply(w)
	if err != nil {
		return err
	}
	if now.Stage.Summary = made.Summary; made.Report != nil {
		if now.Stage.Report, err = json.Marshal(made.Report); err != nil {
			return err
		}
	}
	return r.saveAs(now.Stage.Model, made)
}

// saveAs writes a model. Its spec says how to train as that of the first model does: steps trained for epochs of their own.
func (r *runner) saveAs(path string, made *Made) error {
	c, n := *made.Net.Config, *made.Net
	c.Optimizer, c.Train = r.net.Config.Optimizer, r.net.Config.Train
	c.Train.Prune = held(made.Net.Config.Train.Prune) // so that zeros stay zero in later steps
	c.Train.Init, c.Train.Distill, c.Compress, n.Config = nil, nil, nil, &c
	return model.Save(path, &n, made.State, nil)
}

// empty clears the folder of a step for another. It must hold one, or nothing.
func empty(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	newfile.CleanTemps(dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if _, ok := readRecord(dir); !ok && len(entries) > 0 {
		return fmt.Errorf("%s: the folder is not empty, and not that of a step; name another folder with --out", dir)
	}
	for _, e := range entries { // the record goes last: a kill leaves the folder of a step
		if e.Name() != StepFile {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(filepath.Join(dir, StepFile))
}

func readRecord(dir string) (*record, bool) {
	path := filepath.Join(dir, StepFile)
	f, err := regular.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	rec := &record{}
	return rec, json.NewDecoder(f).Decode(rec) == nil && rec.Inputs != ""
}

func (rec *record) write(dir string) error {
	data, err := json.MarshalIndent(rec, "", "  ")
	if err != nil {
		return err
	}
	return newfile.Write(filepath.Join(dir, StepFile), append(data, '\n'))
}

// digest is that of a file's bytes.
func digest(path string) (string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

var stepFolder = regexp.MustCompile(`^\d+-[a-z_]+$`)

// dropOthers removes the folders of steps that the recipe no longer has.
func dropOthers(dir string, stages []Stage) error {
	keep := map[string]bool{givenDir: true, trainedDir: true}
	for _, s := range stages {
		keep[filepath.Base(filepath.Dir(s.Model))] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		within := filepath.Join(dir, e.Name())
		if !e.IsDir() || keep[e.Name()] || !stepFolder.MatchString(e.Name()) {
			continue
		}
		if _, ok := readRecord(within); !ok {
			continue
		}
		if err := empty(within); err != nil {
			return err
		}
		if err := os.Remove(within); err != nil {
			return err
		}
	}
	return nil
}
