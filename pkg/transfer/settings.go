package transfer

import "dnn/pkg/spec"

// FromFile is a file of weights of another program.
type FromFile struct {
	From   string `doc:"file of weights of another program, relative to the spec: .safetensors, PyTorch's .pt and .pth, Keras' .keras and .h5, NumPy's .npz (default: none)"`
	Map    Map    `doc:"which tensors of the file are which layers: auto matches them by name, shape and order; or a mapping from names of layers or parameters, as dnn summary lists them, to names in the file (default: auto)"`
	Layout string `default:"auto" oneof:"auto|torch|keras|dnn" doc:"program that laid the weights of the file out (dnn: this one, as dnn import writes them); auto: the one whose file it is, or by the names of the tensors"`
}

// Map says which tensors of a file are which layers of a net.
type Map struct {
	Names map[string]string // none: auto
}

// UnmarshalSpec reads auto or a mapping.
func (m *Map) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok && text == "auto" {
		*m = Map{}
		return
	}
	if !n.IsMapping() {
		p.Add(n.Path, "want auto or a mapping from layers to names in the file, got %s", n.Describe())
		return
	}
	n.Into(&m.Names, p)
}

// MarshalSpec writes what was read.
func (m Map) MarshalSpec() any {
	if len(m.Names) == 0 {
		return "auto"
	}
	return m.Names
}

// DescribeSpec says what it takes.
func (Map) DescribeSpec() string { return "auto | mapping" }
