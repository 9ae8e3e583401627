package model

import (
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/train/checkpoint"
	"dnn/pkg/weights"
)

// asForms is a model with every matrix in a form, and all else float32.
func asForms(t *testing.T, f *File, form weights.Form) *File {
	t.Helper()
	forms := f.Net.Forms.Clone()
	params, err := f.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range params {
		if form.Fits(p.Param) == nil {
			forms.Of[name] = form
		}
	}
	g, err := f.In(forms)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// predicted is what a model predicts for made-up rows.
func predicted(t *testing.T, f *File) []float32 {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	g, err := f.Net.PredictGraph(Rows(4))
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Net.Compile(g, f.State, pool, Evaluation(f.State))
	if err != nil {
		t.Fatal(err)
	}
	b := f.Net.Schema.NewBatch(4)
	b.Rows = 4
	for i := range f.Net.Schema.Blocks {
		b.FillProbe(i, b.Steps[i])
		for k := range b.Ints[i] {
			b.Ints[i][k] = int32(k*7%5) % 4
		}
	}
	p.FeedBatch(b)
	p.Run()
	return slices.Clone(p.Prediction(0))
}

// reloaded is a model after it was written and read.
func reloaded(t *testing.T, f *File) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := Save(path, f.Net, f.State, nil); err != nil {
		t.Fatal(err)
	}
	g, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func learnedBase(t *testing.T) *File {
	t.Helper()
	path := trained(t, baseRows, trainSection+"{weight_average: {decay: 0.5}}\n")
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A model in any form predicts nearly what it did, the same bits after it was written and read, and its file has the form's numbers.
func TestFormsOfModels(t *testing.T) {
	base := learnedBase(t)
	want := predicted(t, base)
	for key, c := range map[string]struct {
		tensor string
		dtype  checkpoint.DType
	}{
		"int8": {"mix.weight", checkpoint.I8}, "int4": {"mix.weight.scale", checkpoint.F16}, "int8_blocks": {"letters.table", checkpoint.I8},
		"bf16": {"mix.weight", checkpoint.BF16}, "f16": {"out.bias", checkpoint.F16},
	} {
		form, _ := weights.Registry.Get(key)
		f := asForms(t, base, form())
		before := predicted(t, f)
		g := reloaded(t, f)
		if got := predicted(t, g); !slices.Equal(got, before) {
			t.Errorf("%s: after reading %v, before %v", key, got, before)
		}
		for i, x := range before {
			if math.Abs(float64(x-want[i])) > 0.1 {
				t.Errorf("%s: prediction %d is %v, in float32 %v", key, i, x, want[i])
			}
		}
		file, err := checkpoint.Read(g.Path)
		if err != nil || file.Tensor(c.tensor) == nil || file.Tensor(c.tensor).DType != c.dtype {
			t.Errorf("%s: %v, %+v", key, err, file.Tensor(c.tensor))
		}
		if _, err := g.Net.TrainGraph(Rows(2), Alone); !errors.Is(err, ErrForms) {
			t.Errorf("%s: training: %v", key, err)
		}
		if _, err := With(g.Net, nil); !errors.Is(err, ErrSmaller) {
			t.Errorf("%s: another net: %v", key, err)
		}
	}
}

// Folded norms are gone from the file; what they did is in the layer before them, or what is left is a summand.
func TestFoldedModel(t *testing.T) {
	base := learnedBase(t)
	want := predicted(t, base)
	f, err := base.Folded()
	if err != nil || f.Net.Forms.Folded["norm"] != "mix.bias" {
		t.Fatalf("%+v, %v", f, err)
	}
	for name, f := range map[string]*File{"folded": reloaded(t, f), "folded and int8": reloaded(t, asForms(t, f, &weights.Int8{}))} {
		for i, x := range predicted(t, f) {
			if math.Abs(float64(x-want[i])) > 0.05 {
				t.Errorf("%s: prediction %d is %v, before %v", name, i, x, want[i])
			}
		}
		if slices.ContainsFunc(f.State.Names(), func(s string) bool { return strings.HasPrefix(s, "norm.") }) {
			t.Errorf("%s: variables %v", name, f.State.Names())
		}
		for _, p := range f.State.Params(VarWeights) {
			if strings.HasPrefix(p.Name, "norm.") {
				t.Errorf("%s: parameter %s", name, p.Name)
			}
		}
		if _, err := f.Folded(); err == nil {
			t.Errorf("%s: folded again", name)
		}
	}
	if _, err := mustInit(t, reloaded(t, f).Path); err == nil || !strings.Contains(err.Error(), "batch norms are folded into its weights") {
		t.Errorf("training from it: %v", err)
	}
}

// A training may begin with quantized weights, widened.
func TestInitTakesForms(t *testing.T) {
	f := reloaded(t, asForms(t, learnedBase(t), &weights.Int8{}))
	now, _ := begun(t, baseRows, trainSection+"{init: "+f.Path+"}\n")
	if got := now["mix.weight"].data.F; len(got) != 6 || got[1] != 3 { // 2 and 3 of the average, a row
		t.Errorf("mix.weight begins with %v", got)
	}
}

func mustInit(t *testing.T, path string) (*Job, error) {
	t.Helper()
	return openText(t, tableSpec, baseRows, trainSection+"{init: "+path+"}\n")
}

// What a file says of its forms is checked before memory is taken.
func TestHostileForms(t *testing.T) {
	path := reloaded(t, asForms(t, learnedBase(t), &weights.Int8{})).Path
	for _, c := range []struct {
		name   string
		change func(f *checkpoint.File)
		want   string
	}{
		{"no JSON", func(f *checkpoint.File) { f.Metadata[metaForms] = "{" }, "its forms of weights cannot be read"},
		{"unknown form", func(f *checkpoint.File) { f.Metadata[metaForms] = `{"parameters":{"mix.weight":{"type":"x"}}}` }, `no form of weights is called "x"`},
		{"unknown parameter", func(f *checkpoint.File) { f.Metadata[metaForms] = `{"parameters":{"mix.w":{"type":"int8"}}}` }, "the net has no parameter mix.w"},
		{"misfit", func(f *checkpoint.File) { f.Metadata[metaForms] = `{"parameters":{"mix.bias":{"type":"int8"}}}` }, "mix.bias is [3], and the form is for matrices and kernels"},
		{"null form", func(f *checkpoint.File) { f.Metadata[metaForms] = `{"parameters":{"mix.weight":null}}` }, "a form has no type"},
		{"no norm", func(f *checkpoint.File) { f.Metadata[metaForms] = `{"folded":{"mix":""},"parameters":{}}` }, "the net has no batch norm mix that could be folded"},
		{"no forms", func(f *checkpoint.File) { delete(f.Metadata, metaForms) }, "tensor letters.table holds I8, the net expects F32"},
		{"fewer", func(f *checkpoint.File) { f.Metadata[metaForms] = `{"parameters":{"mix.weight":{"type":"int8"}}}` }, "holds I8, the net expects F32"},
		{"other", func(f *checkpoint.File) {
			f.Metadata[metaForms] = strings.Replace(f.Metadata[metaForms], `"int8"`, `"bf16"`, 1)
		}, "holds I8, the net expects BF16"},
		{"training", func(f *checkpoint.File) { f.Metadata[metaPosition] = "{}" }, "a training keeps all weights as numbers that it can change"},
		{"-128", func(f *checkpoint.File) { f.Tensor("mix.weight").Data[0] = 0x80 }, "mix.weight has the number -128"},
		{"no scale", func(f *checkpoint.File) {
			f.Tensors = slices.DeleteFunc(f.Tensors, func(t checkpoint.Tensor) bool { return t.Name == "mix.weight.scale" })
		}, "has no tensor mix.weight.scale"},
	} {
		f, err := checkpoint.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		c.change(f)
		other := filepath.Join(t.TempDir(), "other.safetensors")
		if err := checkpoint.Write(other, f); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(other); err == nil || !errors.Is(err, checkpoint.ErrDamaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}
