package structure

import (
	"fmt"
	"math"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/transfer"
)

// withoutBlocks is the model without so many blocks, one after the other those that matter least, and their names as they were.
func withoutBlocks(f *model.File, rows *dataset.Part, s Settings) (*model.File, []string, error) {
	var gone []string
	for range s.Blocks {
		b := graph.NewBuilder()
		_, infos, err := f.Net.Outputs(b, model.Rows(1))
		if err != nil {
			return nil, nil, err
		}
		parts := layers.Parts(f.Net.Config.Layers, infos)
		if len(parts) == 0 {
			return nil, nil, fmt.Errorf("%s %s to be removed, and the net can do without %d: without residual blocks whose input has the shape of their output, repetitions of such, and blocks of transformers with norm: before", phrase.Count(s.Blocks, "block"), phrase.IsAre(s.Blocks), len(gone))
		}
		of, err := blockImportance(f, rows, s, parts)
		if err != nil {
			return nil, nil, err
		}
		least := 0
		for i := range parts {
			if of[i] < of[least] {
				least = i
			}
		}
		if f, err = without(f, infos, parts[least]); err != nil {
			return nil, nil, err
		}
		gone = append(gone, parts[least].Name)
	}
	return f, gone, nil
}

// without is the model without one block.
func without(f *model.File, infos []layers.Info, part layers.Part) (*model.File, error) {
	list, rename := layers.Without(f.Net.Config.Layers, infos, part)
	net, err := model.WithLayers(f.Net, list)
	if err != nil {
		return nil, err
	}
	learned := map[string][]float32{}
	for name, piece := range f.Learned() {
		if name = rename(name); name != "" {
			learned[name] = piece.Data
		}
	}
	return f.Filled(net, learned)
}

// blockImportance is how much each block matters: the mean square of its weights, the mean of the factors in its norms, or the effect on
// the loss to first order.
func blockImportance(f *model.File, rows *dataset.Part, s Settings, parts []layers.Part) ([]float64, error) {
	of := make([]float64, len(parts))
	if s.Importance == "taylor" {
		err := eachGradient(f, rows, s.Batches, func(learned map[string]transfer.Piece, params []graph.Param, gradient []float32) {
			for i, part := range parts {
				sum := 0.0
				for _, p := range params {
					if strings.HasPrefix(p.Name, part.Name+".") {
						for k, w := range learned[p.Name].Data {
							sum += float64(w) * float64(gradient[p.Offset+k])
						}
					}
				}
				of[i] += math.Abs(sum)
			}
		})
		return of, err
	}
	learned := f.Learned()
	for i, part := range parts {
		sum, n := 0.0, 0
		for name, p := range learned {
			scale := strings.HasSuffix(name, ".gamma")
			if !strings.HasPrefix(name, part.Name+".") || scale != (s.Importance == "norm") || !scale && !strings.HasSuffix(name, "weight") {
				continue
			}
			for _, w := range p.Data {
				sum, n = sum+math.Abs(float64(w)), n+1
			}
		}
		of[i] = sum / float64(max(n, 1))
	}
	return of, nil
}
