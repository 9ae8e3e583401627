package model

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Job is a spec that was checked against its data: everything a training needs.
type Job struct {
	Network
	Data   *dataset.Data
	Notes  spec.Notes    // on the data, and on what the net makes of it
	Layers []layers.Info // at the spec's batch size

	Teachers  []Teacher  // of train.distill
	Beginning spec.Notes // those of Notes that should be told when a training begins: what was chosen for it, what the net begins with
}

// Open decodes a spec, reads its data and holds one against the other. All mistakes are found in one go; the error is a
// *spec.Error that lists them. Nothing is written, unless options ask for it.
func Open(d *spec.Document, options ...dataset.Option) (*Job, error) {
	return opened(d, nil, options)
}

// OpenToResume is Open for a training that began already, as its checkpoint last says: what a net only begins with, vectors and
// weights in other files, is not read, and data is encoded as it was. A last of nil is not known.
func OpenToResume(d *spec.Document, last *File, options ...dataset.Option) (*Job, error) {
	return opened(d, &resumed{last}, options)
}

// resumed is a training that began already.
type resumed struct{ last *File }

// load reads the data. A training that is resumed keeps the schema that its data was encoded with, unless the spec says something
// else of the data now: what is inferred, and the defaults, may have changed since.
func (r *resumed) load(s *dataset.Settings, dir string, seed uint64, p *spec.Problems, options []dataset.Option) *dataset.Data {
	if r != nil && r.last != nil {
		if c := &r.last.Net.Config.Train; c.Init.preprocess() || c.Distill != nil {
			options = append(slices.Clip(options), dataset.TakeOver(r.last.Net.Schema))
		}
		then := r.last.Net.Config
		was := then.Dataset
		was.Split.KeepResolved()
		if bytes.Equal(spec.Encode(s), spec.Encode(&was)) && seed == then.Seed {
			noted := p.Len()
			data := dataset.LoadWith(s, r.last.Net.Schema, dir, seed, p, options...)
			if p.Len() > noted && !data.Absent && !r.last.trainedOn(data) {
				p.Forget(noted)
				p.Add("dataset", "the data is not that of the training, and is not what the model expects; bring the data back")
			}
			return data
		}
	}
	return dataset.Load(s, dir, seed, p, options...)
}

func opened(d *spec.Document, from *resumed, options []dataset.Option) (*Job, error) {
	var p spec.Problems
	j := open(d, from, &p, options)
	if p.Len() > 0 {
		blame(d, from, &p)
		return nil, p.Err(d)
	}
	if j.Data.Train == nil || j.Data.Train.Rows() == 0 {
		return nil, fmt.Errorf("%s: the dataset has no rows to train on", d.File)
	}
	return j, nil
}

// open does the work of Open, for a spec with mistakes too.
func open(d *spec.Document, from *resumed, p *spec.Problems, options []dataset.Option) *Job {
	c, begins := Decode(d, p), from == nil
	if !begins {
		options = append(slices.Clip(options), dataset.Foreign())
		c.Dataset.Split.KeepResolved()
	}
	j := &Job{Network: Network{Config: c, Dir: filepath.Dir(d.File)}}
	files := &learnedFiles{dir: j.Dir, models: map[string]*File{}}
	files.settleSizes(c.Layers, begins, p)
	separate := layers.Headed(c.Layers)
	if separate {
		options = append(slices.Clip(options), dataset.SeparateHeads())
	}
	if !c.Train.Test {
		options = append(slices.Clip(options), dataset.LeaveTest())
	}
	if begins {
		options = append(slices.Clip(options), dataset.TakeOver(files.taken(&c.Train, p)...))
	}
	j.Data = from.load(&c.Dataset, filepath.Dir(d.File), c.Seed, p, options)
	if j.Data.Train != nil {
		j.rows = j.Data.Train.Rows()
	}
	j.Schema, j.Digest, j.unresolved = j.Data.Schema, j.Data.Digest, j.Data.Unresolved
	j.Heads = j.Data.KnownHeads(&c.Dataset, separate, p)
	if c.Train.Stateful && j.Schema != nil && !p.Under("dataset") {
		j.Data = j.chunkable(p)
		j.Schema = j.Data.Schema
	}
	asked := c.Train
	j.checkNames("metrics", c.Metrics.Names, len(c.Metrics.One) > 0, p)
	before := p.Len()
	j.checkNames("loss", c.Loss.Names, c.Loss.One != nil, p)
	j.Config = settle(c, j.Heads, j.Data, p)
	j.checkWriting(p)
	j.Data, j.Heads = j.withNaiveErrors()
	j.Schema = j.Data.Schema
	j.checkNet(&c.Loss, before, p)
	j.checkScores(p)
	checkRefit(j, p)
	checkTuning(j, p)
	j.Notes = j.Data.Notes
	if begins {
		j.begin(files, p)
		j.tellSplit(asked)
		tellBatch(j)
		tellLevels(j)
		j.Notes = slices.Concat(j.Notes, j.Beginning)
	}
	if p.Len() == 0 {
		j.checkCausal(p)
		j.Teachers = findTeachers(j, files, func(s *dataset.Schema) *dataset.Data {
			var wrong spec.Problems
			data := dataset.LoadWith(&c.Dataset, s, j.Dir, c.Seed, &wrong, options...)
			if wrong.Len() > 0 {
				return nil
			}
			return data
		}, p)
	}
	if p.Len() == 0 {
		j.Data = j.Data.WithSchema(j.Schema.WithBuckets((&probe{net: &j.Network}).buckets()))
		j.Schema = j.Data.Schema
		j.Notes = slices.Concat(j.Notes, cutNotes(j.Data), j.shortNotes(), checkAlignment(j, p))
		checkLongest(j, p)
	}
	if p.Len() == 0 && j.Data.Train != nil && j.Data.Train.Rows() > 0 {
		told := settleMemory(j, p)
		j.Notes = slices.Concat(j.Notes, told)
		if begins {
			j.Beginning = slices.Concat(j.Beginning, told)
		}
	}
	return j
}

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
	files := &learnedFiles{dir: j.Dir, models: map[string]*File{}}
	load = append(load, dataset.TakeOver(files.taken(&c.Train, &spec.Problems{})...))
	j.Data = dataset.Load(&c.Dataset, j.Dir, c.Seed, &p, load...)
	j.Schema, j.Digest, j.Notes = j.Data.Schema, j.Data.Digest, j.Data.Notes
	j.Heads = j.Data.KnownHeads(&c.Dataset, separate, &p)
	if p.Under("dataset") || p.Under("seed") || p.Under("name") || j.Data.Train == nil || j.Data.Train.Rows() == 0 {
		return Open(d, options...)
	}
	c.Train.BatchSize = max(1, c.Train.BatchSize)
	return j, nil
}

// blame adds the overrides to every mistake in the spec file that is not one without them: when --set makes
// the last layer too narrow, the line of the loss is no help by itself. The spec is checked once more for that, as the
// file has it.
func blame(d *spec.Document, from *resumed, p *spec.Problems) {
	sets := d.Overrides()
	if len(sets) == 0 {
		return
	}
	plain, err := d.WithoutOverrides()
	if err != nil {
		return
	}
	cause := "the values given with --set"
	if len(sets) <= 3 {
		cause = "--set " + strings.Join(sets, " --set ")
	}
	var before spec.Problems
	open(plain, from, &before, nil)
	p.Attribute(d, &before, " (this comes of "+cause+")")
}
