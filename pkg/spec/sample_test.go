package spec

import (
	"strconv"
	"strings"
	"testing"

	"dnn/internal/registry"
)

// The settings and kinds of a small language that has one of everything.

type config struct {
	Name      string             `doc:"name of the run"`
	Seed      uint64             `default:"0" doc:"seed of everything random"`
	Layers    []entry            `required:"true" length:"[1,)" doc:"the net; from the first layer to the last"`
	Optimizer optimizer          `default:"adam" doc:"how the weights follow the gradient"`
	Train     training           `doc:"how long to train"`
	Weights   map[string]float64 `range:"(0,)" doc:"weight of each class"`
	Header    []string           `scalar:"any" default:"[]" doc:"names of the columns"`
}

type training struct {
	Epochs   int            `range:"[1,)" default:"0" doc:"passes over the data (default: as many as it takes)"`
	Batch    int            `spec:"batch_size" range:"[1,4096]" default:"32" doc:"rows of a batch"`
	Shuffle  bool           `default:"true" doc:"draw a new order for every epoch"`
	Stopping *earlyStopping `doc:"stop when nothing improves"`
	Clip     *float64       `range:"(0,)" default:"5" doc:"longest gradient"`
	Places   [][]int        `doc:"where things lie"`
}

type earlyStopping struct {
	Patience int     `range:"[1,)" default:"10" doc:"epochs to wait"`
	Low      float64 `default:"0" range:"[0,)" doc:"lower bound"`
	High     float64 `default:"1" doc:"upper bound"`
}

func (s *earlyStopping) CheckSpec(path string, p *Problems) {
	if s.High < s.Low && !p.Under(path) {
		p.Add(path, "high lies below low")
	}
}

type layer interface{ isLayer() }

type entry struct {
	Kind      layer    `spec:"type,inline"`
	Name      string   `doc:"name by which others refer to the layer"`
	Inputs    []string `doc:"names of the layers that feed it"`
	Trainable bool     `default:"true" doc:"false keeps the weights as they are"`
}

type (
	dense struct {
		Units      size   `required:"true" doc:"number of outputs"`
		Activation string `default:"none" oneof:"none|relu|tanh" doc:"what is applied to the output"`
		Common     `spec:",inline"`
	}
	dropout struct {
		Rate float64 `default:"0.5" range:"[0,1)" doc:"share of the inputs that is dropped"`
	}
	flatten struct{}
	repeat  struct {
		Times  int     `default:"2" range:"[1,)" doc:"how often"`
		Layers []entry `required:"true" doc:"what is repeated"`
	}
)

// Common is embedded.
type Common struct {
	Bias bool `default:"true" doc:"add a bias"`
}

func (*dense) isLayer()   {}
func (*dropout) isLayer() {}
func (*flatten) isLayer() {}
func (*repeat) isLayer()  {}

// size is a number or a word.
type size struct {
	N    int
	Word string
}

func (s *size) UnmarshalSpec(n *Node, p *Problems) {
	if text, ok := n.Scalar(); ok && n.IsString() {
		if text != "classes" {
			p.Add(n.Path, "want a whole number or classes, got %q%s", text, DidYouMean(text, []string{"classes"}))
		}
		*s = size{Word: "classes"}
		return
	}
	n.Into(&s.N, p)
}

func (s size) MarshalSpec() any {
	if s.Word != "" {
		return s.Word
	}
	return s.N
}

func (*size) DescribeSpec() string { return "whole number | classes" }

type optimizer interface{ isOptimizer() }

type (
	adam struct {
		Rate  schedule  `spec:"learning_rate" default:"0.001" doc:"learning rate"`
		Betas []float64 `default:"[0.9, 0.999]" length:"[2,2]" range:"[0,1)" doc:"decay of both averages"`
	}
	sgd struct {
		Rate     schedule `spec:"learning_rate" default:"0.01" doc:"learning rate"`
		Momentum float64  `default:"0" range:"[0,1)" doc:"share of the last step"`
	}
)

func (*adam) isOptimizer() {}
func (*sgd) isOptimizer()  {}

type schedule interface{ isSchedule() }

type (
	constant struct {
		Initial float64 `required:"true" range:"[0,)" doc:"the rate"`
	}
	cosine struct {
		Initial float64 `required:"true" range:"[0,)" doc:"the first rate"`
		Warmup  int     `default:"0" range:"[0,)" doc:"steps of the climb"`
	}
)

func (*constant) isSchedule() {}
func (*cosine) isSchedule()   {}

func (c *constant) MarshalSpec() any { return c.Initial }

var (
	layerKinds     = registry.New[layer]("layer")
	optimizerKinds = registry.New[optimizer]("optimizer")
	scheduleKinds  = registry.New[schedule]("schedule")
)

func init() {
	layerKinds.Register("dense", "a matrix and a bias", &dense{})
	layerKinds.Register("dropout", "drops inputs at random", &dropout{})
	layerKinds.Register("flatten", "makes one axis of all", &flatten{})
	layerKinds.Register("repeat", "layers one after the other", &repeat{})
	RegisterKinds(layerKinds, KindOptions{})
	optimizerKinds.Register("adam", "moments", &adam{})
	optimizerKinds.Register("sgd", "steps", &sgd{})
	RegisterKinds(optimizerKinds, KindOptions{})
	scheduleKinds.Register("constant", "always the same", &constant{})
	scheduleKinds.Register("cosine", "half a wave", &cosine{})
	RegisterKinds(scheduleKinds, KindOptions{Scalar: func(text string) (any, bool) {
		x, err := strconv.ParseFloat(text, 64)
		return &constant{x}, err == nil
	}})
}

// read decodes a text and returns its mistakes, one a line, without the name of the file.
func read(t testing.TB, text string, sets ...string) (*config, string) {
	t.Helper()
	c := &config{}
	d, err := Parse("f", []byte(text), sets)
	if err == nil {
		var p Problems
		d.Decode(c, &p)
		err = p.Err(d)
	}
	if err == nil {
		return c, ""
	}
	if _, ok := err.(*Error); !ok {
		t.Fatalf("%v is no *Error", err)
	}
	return c, strings.ReplaceAll("\n"+err.Error(), "\nf:", "\n")[1:]
}

// with puts a line before the least that a config must have.
func with(line string) string { return line + "\nlayers: [flatten]\n" }
