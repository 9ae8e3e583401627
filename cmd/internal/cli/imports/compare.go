package imports

import (
	"fmt"
	"math"

	"dnn/pkg/graph/exec"
	"dnn/pkg/importer"
	"dnn/pkg/onnx"
)

// comparison is how far the net is from what another program computed.
type comparison struct {
	Output     string  `json:"output"`
	Numbers    int     `json:"numbers"`
	Difference float64 `json:"largest_difference"`
	Largest    float64 `json:"largest_number"`
}

// compare runs the net on the inputs in a file and compares its output with the one there.
func compare(net *importer.Net, m *onnx.Model, file string) (*comparison, error) {
	var err error
	in := map[string]importer.Array{}
	for _, x := range net.Inputs {
		if in[x.Name], err = importer.ReadArray(file, x.Graph); err != nil {
			return nil, err
		}
	}
	want, err := importer.ReadArray(file, m.Graph.Outputs[0].Name)
	if err != nil {
		return nil, err
	}
	pool := exec.NewPool(0)
	defer pool.Close()
	have, err := net.Run(in, pool)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(have.Data) != len(want.Data) {
		return nil, fmt.Errorf("%s: the output of the net has the shape %v, %s the shape %v", file, have.Shape, m.Graph.Outputs[0].Name, want.Shape)
	}
	c := &comparison{Output: m.Graph.Outputs[0].Name, Numbers: len(have.Data)}
	for i, x := range have.Data {
		if d := math.Abs(float64(x) - float64(want.Data[i])); d > c.Difference || d != d {
			c.Difference = d
		}
		c.Largest = max(c.Largest, math.Abs(float64(want.Data[i])))
	}
	return c, nil
}
