// Package quantize keeps the weights of a trained net as numbers of fewer bits. Batch norms are folded first. What meets weights in
// products is quantized row by row when the net runs, or with scales that are calibrated on rows of data. A layer that raises the
// loss too much by itself stays float32.
package quantize

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"dnn/pkg/graph/exec"
	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/weights"
)

// Settings are how a net is quantized.
type Settings struct {
	Weights     string          `default:"int8" oneof:"int8|int4|int8_blocks|f16|bf16" doc:"form of the weights: int8, whole numbers with a scale for each output, with products in integers; int4 and int8_blocks, whole numbers with a scale for each 32 of a row, with products in float32; f16 and bf16, numbers of 16 bits in the file, widened when it is read"`
	Activations string          `default:"dynamic" oneof:"dynamic|calibrated|none" doc:"what meets int8 weights in products: dynamic, quantized with a scale for each row (of a convolution, for each image) when the net runs; calibrated, with one scale, found on rows of data; none, products of float32"`
	Method      Method          `default:"mse" doc:"how calibrated scales follow from the values seen"`
	Sparse      bool            `default:"false" doc:"keep int8 weights in sparse form where most are zero, as after pruning: in a smaller file; products with them are those of float32"`
	Keep        layers.Freezing `default:"[]" doc:"layers that stay float32: names, or patterns such as encoder*; one that matches a block stands for all within it"`
	Rows        int             `default:"512" range:"[1,)" doc:"rows of the training split that scales are calibrated on, and of the validation split that layers are tried on, drawn at random"`
	MaxLoss     float64         `default:"0.02" range:"[0,)" doc:"share of the loss by which a layer, quantized alone, may raise it; one that raises it more stays float32"`
}

// Defaults are the settings where nothing is said.
func Defaults() Settings {
	return Settings{Weights: "int8", Activations: "dynamic", Method: &MSE{}, Rows: 512, MaxLoss: 0.02}
}

// Forms are those that weights can have.
func Forms() []string { return []string{"int8", "int4", "int8_blocks", "f16", "bf16"} }

// Data are rows for a model to be quantized.
type Data struct {
	Calibration Rows // to find scales with
	Scoring     Rows // to try layers on
}

// Report says what became of a net.
type Report struct {
	Layers []Layer `json:"layers"`
	Folded int     `json:"folded_norms"`
	Loss   float64 `json:"loss"` // of the rows that layers were tried on, before
	FarOut *FarOut `json:"far_out,omitempty"`
	Sparse int     `json:"sparse,omitempty"` // matrices and kernels in sparse form
}

// Warnings are what a user should know of a model that was quantized so.
func (r *Report) Warnings(s *Settings) (list []string) {
	if r.FarOut != nil {
		list = append(list, r.FarOut.String())
	}
	if s.Sparse && r.Sparse == 0 {
		list = append(list, "no weights are in sparse form: none have zeros for more than half of their numbers; prune the model first")
	}
	return list
}

// Layer is what became of a layer.
type Layer struct {
	Name        string  `json:"layer"`
	Form        string  `json:"form"` // of its matrices
	Parameters  int     `json:"parameters"`
	Before      int     `json:"bytes_before"`
	After       int     `json:"bytes_after"`
	Sensitivity float64 `json:"loss_change"`    // when only this layer is quantized
	Kept        string  `json:"kept,omitempty"` // why it is float32: "asked", "loss"
}

// Float32 is the form of layers that stay as they are.
const Float32 = "float32"

// Why a layer stays float32.
const (
	KeptAsAsked = "asked"
	KeptByLoss  = "loss"
)

// Apply quantizes a model. It leaves f as it is.
func Apply(f *model.File, data Data, s Settings, pool *exec.Pool) (*model.File, *Report, error) {
	if err := s.Check(f); err != nil {
		return nil, nil, err
	}
	base, err := f.Folded()
	if err != nil {
		return nil, nil, err
	}
	q := &quantizer{base: base, data: data, Settings: s, pool: pool, scales: map[string]float32{}, sparse: map[string]*weights.SparseInt8{}}
	if err := q.findLayers(); err != nil {
		return nil, nil, err
	}
	if s.Weights == "int8" && s.Activations == "calibrated" {
		if err := q.calibrate(); err != nil {
			return nil, nil, err
		}
	}
	forms := base.Net.Forms.Clone()
	r := &Report{Folded: len(forms.Folded)}
	if r.Loss, err = q.loss(base); err != nil {
		return nil, nil, err
	}
	if r.FarOut = q.farOut; math.IsNaN(r.Loss) || math.IsInf(r.Loss, 0) {
		return nil, nil, q.notFinite("loss", data.Scoring)
	}
	for _, l := range q.layers {
		one, err := q.try(l, r.Loss)
		if err != nil {
			return nil, nil, err
		}
		if one.Kept == "" {
			l.addTo(forms, q)
		}
		r.Layers = append(r.Layers, one)
	}
	for _, form := range forms.Of {
		if _, ok := form.(*weights.SparseInt8); ok {
			r.Sparse++
		}
	}
	if len(forms.Of) == 0 {
		if r.FarOut != nil {
			return nil, r, &Refused{"has no layer that loses little by these scales: " + r.FarOut.String()}
		}
		return nil, r, &Refused{"has no layer that can be quantized: none has a matrix that would get smaller, or all are to be kept or lose too much"}
	}
	made, err := base.In(forms)
	if err != nil {
		return nil, nil, err
	}
	return made, r, nil
}

// CheckSpec notes a setting that has no effect beside another.
func (s *Settings) CheckSpec(path string, p *spec.Problems) {
	if s.Weights != "int8" && s.Activations == "calibrated" && !p.Under(path) {
		p.Add(path+".activations", "are calibrated for weights: int8 alone; products with %s are those of float32", s.Weights)
	}
	if s.Weights != "int8" && s.Sparse && !p.Under(path) {
		p.Add(path+".sparse", "is for weights: int8 alone, not for %s", s.Weights)
	}
}

// Check says what keeps a model from being quantized so; nil if nothing does.
func (s *Settings) Check(f *model.File) error {
	if f.Net.Forms.Any() {
		return &Refused{"is quantized already, or its weights are kept in another form: take the model that it was made of"}
	}
	if err := finite(f, s.Weights); err != nil {
		return err
	}
	return s.unmatched(f)
}

// unmatched says which layer that is to be kept there is not.
func (s *Settings) unmatched(f *model.File) error {
	rows, _, err := f.Net.Summarize(1)
	if err != nil {
		return err
	}
	infos := make([]layers.Info, len(rows))
	for i := range rows {
		infos[i] = rows[i].Info
	}
	if bad := s.Keep.Unmatched(infos); len(bad) > 0 {
		return &Refused{fmt.Sprintf("has no layer that matches %q, which is to be kept; dnn summary lists its layers", s.Keep[bad[0]])}
	}
	return nil
}

// Refused is the error of a model that cannot be quantized.
type Refused struct{ Why string }

func (e *Refused) Error() string { return "the model " + e.Why }

// largestF16 is the largest number of the forms that keep numbers, or scales, as float16.
const largestF16 = 65504

// finite says which parameter has a value that the form does not.
func finite(f *model.File, form string) error {
	params, err := f.Parameters()
	if err != nil {
		return err
	}
	largest := math.MaxFloat32
	if form != "int8" && form != "bf16" {
		largest = largestF16
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		for _, x := range params[name].Values {
			if !(math.Abs(float64(x)) <= largest) {
				return &Refused{fmt.Sprintf("cannot be quantized: %s holds %v, which %s has no number for", name, x, form)}
			}
		}
	}
	return nil
}

// quantizer is a model at work.
type quantizer struct {
	Settings
	base   *model.File // with its norms folded
	data   Data
	pool   *exec.Pool
	layers []*layer
	scales map[string]float32             // of what meets a parameter, by its name
	sparse map[string]*weights.SparseInt8 // forms of parameters that are mostly zero, by their names
	farOut *FarOut                        // what the scales of calibration lose; nil for nothing to speak of
}

// form is that of a parameter.
func (q *quantizer) form(name string) weights.Form {
	switch q.Weights {
	case "int8":
		if form := q.sparse[name]; form != nil {
			return form
		}
		return &weights.Int8{Input: q.scales[name], Wide: q.Activations == "none"}
	}
	form, _ := weights.Registry.Get(q.Weights)
	return form()
}
