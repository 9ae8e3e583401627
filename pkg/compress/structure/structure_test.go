package structure

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/compress/compresstest"
	"dnn/pkg/model"
)

const images = `
dataset:
  format: image_folder
  path: ../testdata/data/digits_png
  image: {width: 12, height: 12, channels: 1}
  split: {train: 0.7, validation: 0.1, test: 0.2}
layers:
`

const texts = `
dataset:
  path: ../testdata/data/words.csv
  inputs: [{column: word, type: text, tokenizer: char, max_length: 9}]
  target: {column: parts, type: tags, separator: ""}
  split: {train: 0.8, validation: 0.1, test: 0.1}
layers:
`

// nets are nets, and how many units are left of each setting when half of them are removed.
var nets = map[string]struct{ spec, left, kept string }{
	"mlp": {images + `
  - flatten
  - {type: dense, units: 20, activation: relu, name: a}
  - {type: dense, units: 7, activation: tanh, name: b}
  - {type: dense, units: classes, name: c}
`, "a.units 10, b.units 4", "c.units"},
	"cnn": {images + `
  - {type: conv2d, filters: 6, kernel: 3, padding: same, name: a}
  - batch_norm
  - {type: activation, function: relu}
  - {type: max_pool2d, size: 2}
  - {type: conv2d, filters: 10, kernel: 3, name: b, activation: gelu}
  - flatten
  - {type: dense, units: 8, name: c}
  - {type: dense, units: classes, name: d}
`, "a.filters 3, b.filters 5, c.units 4", "d.units"},
	"residual": {images + `
  - {type: conv2d, filters: 6, kernel: 3, padding: same, name: stem}
  - type: repeat
    name: body
    times: 2
    layers:
      - type: residual
        name: r
        activation: relu
        layers:
          - {type: conv2d, filters: 8, kernel: 3, padding: same, bias: false, name: a}
          - batch_norm
          - {type: activation, function: relu}
          - {type: conv2d, filters: 6, kernel: 3, padding: same, name: b}
  - type: residual
    projection: true
    name: s
    layers:
      - {type: conv2d, filters: 4, kernel: 3, stride: 2, padding: same, name: a}
      - batch_norm
  - global_avg_pool2d
  - {type: dense, units: classes, name: d}
`, "stem.filters 3, body.0.r.a.filters 4, body.0.r.b.filters 3, s.a.filters 2", "d.units"},
	"concat": {images + `
  - {type: conv2d, filters: 4, kernel: 3, padding: same, name: a, inputs: [image]}
  - {type: conv2d, filters: 6, kernel: 5, padding: same, name: b, inputs: [image]}
  - {type: concat, inputs: [a, b], name: both}
  - {type: conv2d, filters: 10, kernel: 1, name: c}
  - {type: add, inputs: [both, c]}
  - flatten
  - {type: dense, units: classes, name: d}
`, "a.filters 2, b.filters 3, c.filters 5", "d.units"},
	"depthwise": {images + `
  - {type: separable_conv2d, filters: 6, kernel: 3, multiplier: 2, name: a}
  - {type: depthwise_conv2d, kernel: 3, multiplier: 2, activation: relu}
  - {type: squeeze_excite, ratio: 3, name: se}
  - {type: conv2d, filters: 8, kernel: 3, groups: 2, name: g}
  - {type: conv_transpose2d, filters: 4, kernel: 2, stride: 2, name: t}
  - instance_norm
  - global_max_pool2d
  - {type: dense, units: 9, rank: 4, name: r}
  - {type: dense, units: classes, name: d}
`, "a.filters 4, se.units 2, g.filters 4, t.filters 2, r.units 5, r.rank 2", "d.units"},
	"recurrent": {texts + `
  - {type: embedding, size: 6, name: e}
  - {type: gru, units: 8, layers: 2, bidirectional: true, sequences: true, name: g}
  - {type: lstm, units: 6, sequences: true, name: l}
  - {type: gru, units: 4, reset: before, sequences: true, name: m}
  - {type: dense, units: classes, name: d}
`, "e.size 3, g.units 4, l.units 3, m.units 2", "d.units"},
	"encoder": {texts + `
  - {type: embedding, size: 8, positions: sinusoidal, name: e}
  - {type: transformer_encoder, blocks: 2, heads: 4, hidden: 12, norm: before, name: t, activation: swiglu}
  - layer_norm
  - {type: multi_head_attention, heads: 4, key_heads: 2, positions: rotary, head_size: 4, name: m}
  - {type: dense, units: classes, name: d}
`, "t.heads 2, t.hidden 6, m.heads 2, m.key_heads 1", "e.size d.units"},
}

// TestNets removes half of the units of many nets: the smaller net predicts what the large one does with the same units at zero.
func TestNets(t *testing.T) {
	for name, net := range nets {
		t.Run(name, func(t *testing.T) {
			f, job := compresstest.Spec(t, net.spec)
			s := Settings{Remove: 0.5}
			small, report, err := Apply(f, nil, s)
			if err != nil {
				t.Fatal(err)
			}
			var left, kept []string
			for _, one := range report.Sizes {
				if one.Why != "" {
					kept = append(kept, one.Name)
				} else {
					left = append(left, fmt.Sprintf("%s %d", one.Name, one.After))
				}
			}
			if got := strings.Join(left, ", "); got != net.left || strings.Join(kept, " ") != net.kept {
				t.Errorf("left are %s, and kept %s; want %s, and %s\n%+v", got, kept, net.left, net.kept, report)
			}
			want := compresstest.Predictions(t, zeroed(t, f, s), job, 12)
			if far := compresstest.Far(want, compresstest.Predictions(t, small, job, 12)); far > 2e-6 {
				t.Errorf("predictions are %g apart", far)
			}
			if far := compresstest.Far(want, compresstest.Predictions(t, f, job, 12)); far < 1e-3 {
				t.Errorf("the large net predicts the same as without these units: nothing was tested")
			}
			path := filepath.Join(t.TempDir(), "small.safetensors")
			if err := model.Save(path, small.Net, small.State, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := model.Load(path); err != nil {
				t.Error(err)
			}
		})
	}
}

// zeroed is the model with all weights of what would be removed set to zero.
func zeroed(t *testing.T, f *model.File, s Settings) *model.File {
	t.Helper()
	s.Most = 0.9
	p, err := newPlan(f, nil, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.choose(); err != nil {
		t.Fatal(err)
	}
	r, learned := p.removal(), map[string][]float32{}
	for name, piece := range f.Learned() {
		learned[name] = slices.Clone(piece.Data)
	}
	for _, one := range p.c.params {
		if strings.Contains(one.name, "running_") {
			continue
		}
		x, size := learned[one.name], len(learned[one.name])
		after := size
		for _, a := range one.axes {
			after /= len(a)
			for i := range x {
				if r[p.c.class(a[i/after%len(a)])] {
					x[i] = 0
				}
			}
		}
	}
	z, err := f.Filled(f.Net, learned)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Multiplications and parameters are removed as asked, whatever tells which units go.
func TestAmounts(t *testing.T) {
	f, job := compresstest.Spec(t, nets["residual"].spec)
	for _, of := range []string{"multiplications", "parameters"} {
		for _, scope := range []string{"layer", "global"} {
			for _, importance := range []string{"magnitude", "taylor"} {
				s := Settings{Remove: 0.4, Of: of, Scope: scope, Importance: importance, Batches: 2}
				_, r, err := Apply(f, job.Data.Train, s)
				if err != nil {
					t.Errorf("%+v: %v", s, err)
					continue
				}
				got := 1 - r.Multiplications.After/r.Multiplications.Before
				if of == "parameters" {
					got = 1 - r.Parameters.After/r.Parameters.Before
				}
				if got < 0.4 || got > 0.6 {
					t.Errorf("%s, %s, %s: %.3f removed", of, scope, importance, got)
				}
			}
		}
	}
}

// The units that matter least go: those with the smallest weights or factors, or without effect on the loss.
func TestImportance(t *testing.T) {
	for _, importance := range []string{"magnitude", "norm", "taylor"} {
		f, job := compresstest.Spec(t, nets["cnn"].spec)
		learned := f.Learned()
		small := map[int]bool{0: true, 2: true, 5: true}
		for name, p := range learned {
			switch name {
			case "a.weight", "a.bias", "batch_norm_1.gamma", "batch_norm_1.beta":
				each := len(p.Data) / 6
				for i := range p.Data {
					if small[i/each] {
						p.Data[i] *= 1e-3
					}
				}
			case "b.weight":
				for i := range p.Data {
					if small[i/9%6] {
						p.Data[i] *= 1e-3
					}
				}
			}
		}
		s := Settings{Remove: 0.5, Importance: importance, Layers: []string{"a"}, Batches: 3}
		before := slices.Clone(learned["a.weight"].Data)
		got, _, err := Apply(f, job.Data.Train, s)
		if err != nil {
			t.Fatal(err)
		}
		var want []float32
		for o := range 6 {
			if !small[o] {
				want = append(want, before[o*9:(o+1)*9]...)
			}
		}
		if have := got.Learned()["a.weight"].Data; !slices.Equal(have, want) {
			t.Errorf("%s: others than the smallest go", importance)
		}
		if !slices.Equal(before, f.Learned()["a.weight"].Data) {
			t.Errorf("%s: the model itself changed", importance)
		}
	}
}

func TestMultiples(t *testing.T) {
	f, _ := compresstest.Spec(t, nets["mlp"].spec)
	_, r, err := Apply(f, nil, Settings{Remove: 0.5, Multiple: 4})
	if err != nil || r.Sizes[0].After != 12 && r.Sizes[0].After != 8 || r.Sizes[1].After != 4 {
		t.Errorf("%+v, %v", r.Sizes, err)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		net, want string
		s         Settings
	}{
		{"mlp", `no layer matches "e"; dnn summary lists them`, Settings{Remove: 0.5, Layers: []string{"e"}}},
		{"mlp", "importance: taylor needs rows of the training split", Settings{Remove: 0.5, Importance: "taylor"}},
		{"mlp", "no layer can do with fewer units: a.units (no batch norm scales it", Settings{Remove: 0.5, Importance: "norm"}},
		{"mlp", "so few units would be removed that none is; ask for more", Settings{Remove: 0.01}},
		{"mlp", "so few units would be removed that none is with multiple: 4; ask for more, or take a smaller multiple", Settings{Remove: 0.04, Multiple: 4}},
		{"mlp", "no layer can do with fewer units: a.units (it has 20, and multiple is 32); b.units (it has 7, and multiple is 32); c.units", Settings{Remove: 0.5, Multiple: 32}},
		{"mlp", "no layer can do with fewer units: a.units (it has 20, and multiple is 32)", Settings{Remove: 0.5, Of: "multiplications", Multiple: 32}},
		{"mlp", "of the multiplications can be removed at most, with most: 0.5 and multiple: 1, and 0.9 is asked for", Settings{Remove: 0.9, Of: "multiplications", Most: 0.5}},
	} {
		f, _ := compresstest.Spec(t, nets[c.net].spec)
		if _, _, err := Apply(f, nil, c.s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.s, err, c.want)
		}
	}
}

// What the spec cannot say stays: a reshape for so many channels, the scale of dot attention.
func TestKept(t *testing.T) {
	f, _ := compresstest.Spec(t, images+`
  - {type: conv2d, filters: 4, kernel: 3, padding: same, name: a}
  - {type: reshape, shape: [144, 4]}
  - {type: conv1d, filters: 6, kernel: 1, name: b}
  - attention
  - {type: conv1d, filters: 6, kernel: 1, name: c}
  - flatten
  - {type: dense, units: classes, name: d}
`)
	_, r, err := Apply(f, nil, Settings{Remove: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	want := []Size{
		{"a.filters", 4, 4, "the spec cannot say it: settings of layers behind it are for as many"},
		{"b.filters", 6, 6, "attention scales by how many features there are"},
		{"c.filters", 6, 3, ""},
		{"d.units", 10, 10, "it is what the net predicts"},
	}
	if !slices.Equal(r.Sizes, want) {
		t.Errorf("%+v", r.Sizes)
	}
}

// A net does without the blocks whose weights are smallest, and predicts as if all their weights were zero.
func TestBlocks(t *testing.T) {
	const conv = "{type: conv2d, filters: 4, kernel: 3, padding: same, name: %s}"
	residual := func(name, f string) string {
		return fmt.Sprintf("{type: residual, name: %s, activation: %s, layers: ["+conv+", batch_norm]}", name, f, "c")
	}
	body := func(layers ...string) string {
		all := append([]string{fmt.Sprintf(conv, "a")}, layers...)
		return images + "  - " + strings.Join(append(all, "flatten", "{type: dense, units: classes}"), "\n  - ") + "\n"
	}
	encoder := texts + `
  - {type: embedding, size: 8}
  - {type: transformer_encoder, blocks: 3, heads: 2, norm: %s}
  - {type: dense, units: classes}
`
	for _, c := range []struct{ spec, small, gone string }{
		{body(residual("r", "tanh"), residual("s", "linear"), residual("u", "relu")), "s u", "[u s]"},
		{body("{type: repeat, name: b, times: 4, layers: [" + residual("r", "linear") + "]}"), "b.0 b.2", "[b.2 b.0]"},
		{body("{type: repeat, name: b, times: 4, layers: [" + residual("r", "relu") + "]}"), "b.0 b.3", "[b.3]"},
		{body("{type: repeat, name: b, times: 4, layers: [" + residual("r", "tanh") + "]}"), "b.0", ""},
		{strings.Replace(body(residual("", "relu"), residual("", "tanh"), residual("", "relu")), "name: , ", "", 3), "residual_2", "[residual_2]"},
		{fmt.Sprintf(encoder, "before"), "transformer_encoder_1.1", "[transformer_encoder_1.1]"},
		{fmt.Sprintf(encoder, "after"), "transformer_encoder_1.1", ""},
	} {
		f, job := compresstest.Spec(t, c.spec)
		learned := map[string][]float32{}
		for name, p := range f.Learned() {
			learned[name] = p.Data
			for _, small := range strings.Fields(c.small) {
				if strings.HasPrefix(name, small+".") && !strings.Contains(name, "running_") {
					for i := range p.Data {
						p.Data[i] *= 1e-4
					}
				}
			}
		}
		small, r, err := Apply(f, job.Data.Train, Settings{Blocks: max(1, strings.Count(c.gone, " ")+1)})
		if c.gone == "" {
			if err == nil || !strings.HasPrefix(err.Error(), "1 block is to be removed, and the net can do without 0") {
				t.Errorf("%s: %v", c.spec, err)
			}
			continue
		}
		if err != nil || fmt.Sprint(r.Blocks) != c.gone || len(r.Sizes) > 0 {
			t.Errorf("%v are gone, want %s; %v", r.Blocks, c.gone, err)
			continue
		}
		for name, x := range learned {
			for _, gone := range strings.Fields(c.small) {
				if strings.HasPrefix(name, gone+".") && !strings.Contains(name, "running_") && !(strings.Contains(c.gone, "[b.3]") && gone == "b.0") {
					clear(x)
				}
			}
		}
		if far := compresstest.Far(compresstest.Predictions(t, f, job, 12), compresstest.Predictions(t, small, job, 12)); far > 2e-6 {
			t.Errorf("%s: predictions are %g apart", c.gone, far)
		}
	}
}
