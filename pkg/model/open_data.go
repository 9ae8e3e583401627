package model

import (
	"path/filepath"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// OpenData is Open for looking at the data alone. Mistakes elsewhere in the spec are passed over, so that data can be looked
// at before there is a net; with one in the data, all are told. The net of the job is not for use.
func OpenData(d *spec.Document, options ...dataset.Option) (*Job, error) {
	var p spec.Problems
	c := Decode(d, &p)
	j := &Job{Network: Network{Config: c, Dir: filepath.Dir(d.File)}}
	load, separate := slices.Clip(options), layers.Headed(c.Layers)
	if separate {
		load = append(load, dataset.SeparateHeads())
	}
	j.Data = dataset.Load(&c.Dataset, j.Dir, c.Seed, &p, load...)
	j.Schema, j.Digest, j.Notes = j.Data.Schema, j.Data.Digest, j.Data.Notes
	j.Heads = j.Data.KnownHeads(&c.Dataset, separate, &p)
	if p.Under("dataset") || p.Under("seed") || p.Under("name") || j.Data.Train == nil || j.Data.Train.Rows() == 0 {
		return Open(d, options...)
	}
	c.Train.BatchSize = max(1, c.Train.BatchSize)
	return j, nil
}
