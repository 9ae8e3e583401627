package exporttest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/weights"
)

// Untrained is the model of a spec whose weights are drawn at random, statistics of norms too: what is written does not depend on how
// they were found.
func Untrained(path string, sets ...string) (*model.File, error) { return Drawn(path, 0.2, sets...) }

// Drawn is such a model whose weights lie around their first values, as far as spread says.
func Drawn(path string, spread float64, sets ...string) (*model.File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d, err := spec.Parse(path, text, sets)
	if err != nil {
		return nil, err
	}
	job, err := model.Open(d)
	if err != nil {
		return nil, err
	}
	f := &model.File{Path: filepath.Base(path), Net: &job.Network, State: exec.NewState()}
	if err := f.Net.Bind(f.State, false); err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range f.State.Names() {
		x := f.State.Data(name)
		for i := range x {
			x[i] += float32(spread * random.NormFloat64())
			if strings.HasSuffix(name, "variance") {
				x[i] = 0.3 + random.Float32()
			}
		}
	}
	tune(f.Net)
	return f, nil
}

// tune gives a net what would be fitted to its predictions: temperatures, thresholds and intervals.
func tune(n *model.Network) {
	list := make(model.Tunings, len(n.Heads))
	for k := range n.Heads {
		h := &n.Heads[k]
		if model.Calibrates(n, k) {
			list[k].Temperature = 1.7
		}
		if h.Kind == task.Binary && !h.Sequence() {
			list[k].Threshold = 0.3
		}
		if h.Kind == task.Number {
			for _, coverage := range []float64{0.8, 0.95} {
				list[k].Intervals = append(list[k].Intervals, model.Interval{Coverage: coverage, Widths: slices.Repeat([]float64{10 * coverage}, h.Width)})
			}
		}
	}
	model.Tune(n, list)
}

// Row is a row to predict, and what dnn predicts for it.
type Row struct {
	Texts  map[string]string `json:"texts,omitempty"`  // fields by column
	Pixels map[string][]byte `json:"pixels,omitempty"` // of images by column
	Want   string            `json:"-"`                // numbers and words, separated by |
	Error  bool              `json:"-"`                // the row cannot be predicted
}

// source is a stream of rows or images.
type source interface {
	Close()
	Errors() []error
	Records() [][]string
}

// Rows predicts up to most rows of a file, or images of a folder, with a model.
func Rows(f *model.File, path string, most int) (rows []Row, err error) {
	pool := exec.NewPool(1)
	defer pool.Close()
	runner := infer.NewRunner(f.Net, f.State, pool, false)
	most = min(most, f.Net.ScoreRows())
	var in source
	var header []string
	n := 0
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if info.IsDir() {
		names, err := filepath.Glob(filepath.Join(path, "*", "*_*0.png"))
		if err != nil {
			return nil, err
		}
		st, err := stream.OpenImages(f.Net.Schema, slices.Values(names), 1)
		if err != nil {
			return nil, err
		}
		if n, err = st.Next(runner.Batch(), most); err != nil {
			return nil, err
		}
		in = st
	} else {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		st, err := stream.Open(f.Net.Schema, file, path, stream.Options{})
		if err != nil {
			return nil, err
		}
		if n, err = st.Next(runner.Batch(), most); err != nil {
			return nil, err
		}
		in, header = st, st.Header()
	}
	defer in.Close()
	outs, err := runner.Run()
	if err != nil {
		return nil, err
	}
	for i := range n {
		row := Row{Error: in.Errors()[i] != nil}
		if e, ok := f.Net.Schema.Inputs[0].Encoder.(*column.ImageEncoder); ok {
			size := f.Net.Schema.Blocks[0].Size()
			pixels := make([]byte, size)
			for k, v := range runner.Batch().Floats[0][i*size : (i+1)*size] {
				pixels[k] = e.Byte(k, v)
			}
			row.Pixels = map[string][]byte{f.Net.Schema.Inputs[0].Columns[0]: pixels}
		} else {
			row.Texts = map[string]string{}
			for k, field := range in.Records()[i] {
				row.Texts[header[k]] = field
			}
		}
		if !row.Error {
			row.Want = predicted(f.Net, runner, outs, i)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// predicted is what a model predicts for row i of a batch.
func predicted(n *model.Network, r *infer.Runner, outs []infer.Output, i int) string {
	var words []string
	for k := range n.Heads {
		h := &n.Heads[k]
		x := infer.Denormalize(h, nil, outs[k].Prediction)
		for from, to := r.Predictions(k, i); from < to; from++ {
			own := x[from*h.Width : (from+1)*h.Width]
			switch h.Kind {
			case task.Category:
				words = append(words, h.Classes[metrics.Argmax(own)])
			case task.Binary:
				class := 0
				if metrics.Positive(*h, own[0]) {
					class = 1
				}
				words, own = append(words, h.Classes[class]), []float64{1 - own[0], own[0]}
			case task.Labels:
				for j, p := range own {
					if metrics.Positive(*h, p) {
						words = append(words, h.Classes[j])
					}
				}
			}
			for j, v := range own {
				words = append(words, Number(v))
				for _, in := range n.Tuning.Intervals(k) {
					words = append(words, Number(v-in.Widths[j]), Number(v+in.Widths[j]))
				}
			}
		}
	}
	return strings.Join(words, "|")
}

// Number is a number with all its bits.
func Number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Data is where the rows of a spec of the samples lie: a file, or a folder of images.
func Data(f *model.File) (string, error) {
	paths := f.Net.Config.Dataset.Paths(f.Net.Dir)
	if len(paths) == 0 {
		return "", fmt.Errorf("%s names no data", f.Path)
	}
	return paths[0], nil
}

// Int8 is a model with all of its matrices and kernels in 8-bit integers.
func Int8(f *model.File) (*model.File, error) {
	forms := &weights.Forms{Of: map[string]weights.Form{}}
	form := &weights.Int8{}
	for _, p := range f.State.Params(model.VarWeights) {
		if form.Fits(p) == nil {
			forms.Of[p.Name] = form
		}
	}
	small, err := f.In(forms)
	if err == nil {
		small.Path = "int8 " + f.Path
	}
	return small, err
}
