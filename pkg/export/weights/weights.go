// Package weights turns a model's weights into tensors of other programs.
package weights

import (
	"errors"
	"fmt"

	"dnn/pkg/model"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
)

// Tensors are what the layers of a model learned, as another program names them and lays them out. It is an error if a layer has no place there.
func Tensors(f *model.File, program string) (list []tensors.Tensor, err error) {
	lay, ok := layout.Programs.Get(program)
	if !ok {
		return nil, fmt.Errorf("there is no layout %s", program)
	}
	if f.Net.Forms.Any() && len(f.Net.Forms.Folded) > 0 {
		return nil, errors.New("batch norms are folded into its weights, which no longer fit a net that has them: export the model that it was made of")
	}
	have := f.Learned()
	written := map[string]bool{}
	layers := model.LayoutLayers(f.Net)
	for i := range layers {
		l := &layers[i]
		params := map[string][]float32{}
		for _, q := range l.Params {
			params[q.Role] = have[l.Name+"."+q.Role].Data
		}
		for _, m := range lay(l) {
			for _, t := range layout.Named(l, m, program) {
				one := tensors.Tensor{Name: t.Name, Shape: t.Shape, Data: make([]float32, t.Shape.Size()), Whole: t.Count}
				t.Write(one.Data, params)
				list = append(list, one)
			}
			for _, role := range m.Forms[0].Roles() {
				written[l.Name+"."+role] = true
			}
		}
	}
	for i := range layers {
		for _, q := range layers[i].Params {
			if name := layers[i].Name + "." + q.Role; !written[name] {
				return nil, fmt.Errorf("%s has no layer like %s (%s): %s has no place there", program, layers[i].Name, layers[i].Kind, name)
			}
		}
	}
	return list, nil
}
