package layers

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
)

type tensor struct {
	Shape graph.Shape
	Data  []float64
}

// referenceCase is what PyTorch computes for a layer; see testdata/reference.
type referenceCase struct {
	Name, Layer string
	Settings    map[string]any
	Training    bool
	State       map[string]tensor
	StateAfter  map[string]tensor `json:"state_after"`
	Inputs      map[string]tensor
	Parameters  map[string]tensor
	Outputs     map[string]tensor
	Weightings  map[string]tensor
	Gradients   map[string]tensor
}

// ourNames are what PyTorch's parameters and states are called here, by layer, where the names differ.
var ourNames = map[string]map[string]string{
	"layer_norm":    {"weight": "gamma", "bias": "beta"},
	"group_norm":    {"weight": "gamma", "bias": "beta"},
	"instance_norm": {"weight": "gamma", "bias": "beta"},
	"rms_norm":      {"weight": "gamma"},
	"batch_norm":    {"weight": "gamma", "bias": "beta", "running_mean": "running_mean", "running_var": "running_variance"},
	"embedding":     {"weight": "table"},
}

// ours is the name of a parameter or state here.
func (c *referenceCase) ours(theirs string) string {
	if name := ourNames[c.Layer][theirs]; name != "" {
		return name
	}
	return theirs
}

// text writes a case as a spec.
func (c *referenceCase) text() string {
	if c.Layer == "embedding" {
		return fmt.Sprintf("layers: [{type: embedding, name: l, size: %v}]", c.Settings["units"])
	}
	s := "layers: [{name: l, type: " + c.Layer
	for key, v := range c.Settings {
		if key == "affine" {
			s += fmt.Sprintf(", scale: %v, shift: %v", v, v)
		} else {
			text, _ := json.Marshal(v)
			s += fmt.Sprintf(", %s: %s", key, text)
		}
	}
	if _, biased := c.Parameters["bias"]; strings.Contains(c.Layer, "conv") && !biased {
		s += ", bias: false"
	}
	return s + "}]"
}

func TestReference(t *testing.T) {
	for _, file := range []string{"layers", "later", "convolutions", "pooling", "norms", "attention"} {
		text, err := os.ReadFile("../../testdata/reference/" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var all struct{ Cases []referenceCase }
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
		for _, c := range all.Cases {
			t.Run(file+"/"+c.Name, func(t *testing.T) {
				_, recurrent := c.Inputs["h0"]
				switch {
				case recurrent:
					c.compareRecurrent(t)
				case file == "attention":
					c.compareAttention(t)
				default:
					c.compare(t)
				}
			})
		}
	}
}

func (c *referenceCase) compare(t *testing.T) {
	in, feeds := floats("x"), map[string]graph.Ref{}
	x, ids := c.Inputs["x"], c.Inputs["ids"]
	if ids.Data != nil {
		x, in = ids, indices("x", int(c.Settings["size"].(float64)))
		r := graph.Ref{}
		for _, id := range ids.Data {
			r.I = append(r.I, int32(id))
		}
		feeds["input.x"] = r
	} else {
		feeds["input.x"] = graph.Ref{F: x.Data}
	}
	in.BlockShape, in.Shape = x.Shape[1:], x.Shape[1:]
	n := buildRows(t, c.text(), x.Shape[0], c.Training, Spec{Inputs: []Input{in}})
	if n.err != nil {
		t.Fatal(n.err)
	}
	weighting := make([]float32, len(c.Weightings["y"].Data))
	for i, w := range c.Weightings["y"].Data {
		weighting[i] = float32(w)
	}
	objective := weightedSum(n.b, n.out.Value, weighting)
	var wrt []*graph.Value
	var want [][]float64
	for _, v := range n.b.Values() {
		if v.Node.Leaf == graph.Input && ids.Data == nil {
			wrt, want = append(wrt, v), append(want, c.Gradients["x"].Data)
		}
	}
	for theirs, p := range c.Parameters {
		wrt, want = append(wrt, c.parameter(t, n.b, theirs, p, feeds)), append(want, c.Gradients[theirs].Data)
	}
	for theirs, s := range c.State {
		feeds["l."+c.ours(theirs)] = graph.Ref{F: s.Data}
	}
	grads := grad.Build(n.b, objective, nil, wrt)
	g, err := n.b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	vals := exec.Evaluate(g, feeds)
	near(t, "y", vals[n.out.Value].F, c.Outputs["y"].Data)
	for i, v := range wrt {
		near(t, "gradient of "+v.Node.Label(), vals[grads[i]].F, want[i])
	}
	for theirs, s := range c.StateAfter {
		got := feeds["l."+c.ours(theirs)].F
		for _, a := range g.Assigns {
			if strings.HasSuffix(a.Var.Name, "."+c.ours(theirs)) {
				got = vals[a.Value].F
			}
		}
		near(t, theirs, got, s.Data)
	}
}

// parameter feeds a parameter its values and returns the view that the layer reads.
func (c *referenceCase) parameter(t *testing.T, b *graph.Builder, theirs string, p tensor, feeds map[string]graph.Ref) *graph.Value {
	t.Helper()
	at, view := paramView(b, "l."+c.ours(theirs))
	if view == nil {
		t.Fatalf("no parameter for %s", theirs)
	}
	if feeds["weights"].F == nil {
		feeds["weights"] = graph.Ref{F: make([]float64, b.Weights().Value.Shape[0])}
	}
	copy(feeds["weights"].F[at:], p.Data)
	return view
}

// paramView finds where a parameter lies, and the view that the layer reads.
func paramView(b *graph.Builder, name string) (int, *graph.Value) {
	for _, p := range b.Weights().Params {
		if p.Name != name {
			continue
		}
		for _, v := range b.Values() {
			if v.Node.Op == graph.View && v.Node.Attrs.(graph.ViewAttrs).Offset == p.Offset {
				return p.Offset, v
			}
		}
	}
	return 0, nil
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-10*max(1, math.Abs(want[i])) {
			t.Fatalf("%s[%d] is %v, want %v", what, i, got[i], want[i])
		}
	}
}
