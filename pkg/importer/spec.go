package importer

import (
	"fmt"
	"strings"
)

// LayersText are the layers as the section "layers" of a spec.
func (net *Net) LayersText() string {
	var b strings.Builder
	b.WriteString("layers:\n")
	for _, l := range net.Layers {
		b.WriteString("  - {type: " + l.Kind)
		if l.Name != "" {
			b.WriteString(", name: " + l.Name)
		}
		if l.Inputs != nil {
			b.WriteString(", inputs: [" + strings.Join(l.Inputs, ", ") + "]")
		}
		for _, s := range l.Settings {
			b.WriteString(", " + s.Key + ": " + s.Value)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// Loss is the loss that the net was likely trained with, by how the graph ends.
func (net *Net) Loss() string {
	switch net.Ends {
	case "softmax", "log_softmax":
		return "cross_entropy"
	case "sigmoid":
		return "binary_cross_entropy"
	}
	return ""
}

// Text is a spec of the net, whose weights are in a file. What the data are only the user knows, so that part is a sketch.
func (net *Net) Text(from, weights string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made by dnn import of %s. Say what your data are, then: dnn train -c THIS FILE\n", from)
	fmt.Fprintf(&b, "name: %s\nseed: 1\n\n", net.Name)
	b.WriteString(net.datasetText())
	b.WriteString("\n" + net.LayersText() + "\n")
	loss := net.Loss()
	if loss == "" {
		loss = "cross_entropy                                 # or mse, where the target is a number"
	}
	fmt.Fprintf(&b, "loss: %s\noptimizer: {type: adam, learning_rate: 0.0001}   # low: the weights are trained\n", loss)
	fmt.Fprintf(&b, "train: {epochs: 5, init: {from: %s, layout: dnn}}\n", weights)
	return b.String()
}

// datasetText is what data the net takes, as far as the graph says it.
func (net *Net) datasetText() string {
	var b strings.Builder
	b.WriteString("dataset:\n")
	if in := net.Inputs[0]; len(net.Inputs) == 1 && len(in.Shape) == 3 && in.Tokens == 0 {
		fmt.Fprintf(&b, "  format: image_folder\n  train: TRAIN                                      # a folder with a folder of images for each class\n")
		fmt.Fprintf(&b, "  image: {width: %d, height: %d, channels: %d}   # normalize: minmax gives 0 to 1: as the net was trained\n", in.Shape[1], in.Shape[0], in.Shape[2])
		b.WriteString("  split: {validation: 0.2}\n")
		return b.String()
	}
	b.WriteString("  path: DATA.csv\n  inputs:\n")
	for _, in := range net.Inputs {
		switch {
		case in.Tokens != 0 && len(in.Shape) > 0 && (in.Steps || in.Shape[0] > 1):
			fmt.Fprintf(&b, "    - {column: %s, type: text}          # in the graph, whole numbers below %d stand for its tokens\n", in.Name, in.Tokens)
		case in.Tokens != 0:
			fmt.Fprintf(&b, "    - {column: %s, type: category, encode: index}    # %d of them\n", in.Name, in.Tokens)
		case len(in.Shape) == 2:
			fmt.Fprintf(&b, "    - {column: %s, type: series}    # a JSON list of steps, each a list of %d numbers\n", in.Name, in.Shape[1])
		default:
			fmt.Fprintf(&b, "    - {name: %s, columns: [FIRST, SECOND], type: number}    # %d columns; normalize: none keeps numbers as they are\n", in.Name, sizeOf(in.Shape))
		}
	}
	b.WriteString("  target: TARGET\n  split: {validation: 0.2}\n")
	return b.String()
}
