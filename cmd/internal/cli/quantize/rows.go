package quantize

import (
	"errors"
	"fmt"
	"io"
	"os"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/pkg/compress/quantize"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/corpus"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/model"
)

// data are the rows to work with.
type data struct {
	quantize.Data
	all   quantize.Rows // that figures are computed on
	split string        // of these; "data" for a file
}

// rows finds the rows.
func (q *options) rows(f *model.File) (*data, error) {
	if q.data != "" && dataset.ContinuesText(f.Net.Schema) {
		return q.textRows(f.Net)
	}
	if q.data != "" {
		all := &fileRows{options: q, schema: f.Net.Schema}
		some := &fileRows{options: q, schema: f.Net.Schema, count: q.Rows}
		return &data{quantize.Data{Calibration: some, Scoring: some}, all, "data"}, nil
	}
	input.TellData(q.term, f.Net)
	train, err := f.Part("train", flags.TellEarly(q.term))
	if err != nil {
		return nil, exit.Bad(err)
	}
	scored, name := train, "validation"
	if train == nil || train.Rows() == 0 {
		return nil, exit.Usagef("the data of this model has no rows to quantize with; name some with --data FILE")
	}
	if scored, err = f.Part(name); err != nil {
		return nil, exit.Bad(err)
	}
	if scored == nil || scored.Rows() == 0 {
		q.term.Warn("the data has no validation split: layers are tried on rows of the training split")
		scored, name = train, "train"
	}
	seed := f.Net.Config.Seed
	return &data{quantize.Data{
		Calibration: quantize.Part(train, q.Rows, seed), Scoring: quantize.Part(scored, q.Rows, seed),
	}, quantize.Part(scored, 0, seed), name}, nil
}

// textRows are the windows of texts that --data names.
func (q *options) textRows(n *model.Network) (*data, error) {
	documents, err := corpus.Find(q.data)
	if err != nil {
		return nil, exit.Bad(fmt.Errorf("%s: %w", q.data, err))
	}
	part, _, err := dataset.TextPart(n.Schema, q.data, documents)
	if err != nil {
		return nil, exit.Bad(err)
	}
	some := quantize.Part(part, q.Rows, n.Config.Seed)
	return &data{quantize.Data{Calibration: some, Scoring: some}, quantize.Part(part, 0, n.Config.Seed), "data"}, nil
}

// fileRows are rows of a file, or of a folder of images or sequences: the first count, all where that is 0.
type fileRows struct {
	*options
	schema *dataset.Schema
	count  int
	lines  []int // of the rows that were read last
}

// Place names the line of a row of the last batch.
func (r *fileRows) Place(row int) string { return fmt.Sprintf("line %d of %s", r.lines[row], r.data) }

// Each reads the file. A row that cannot be read is an error.
func (r *fileRows) Each(b *dataset.Batch, most int, run func() error) error {
	st, end, err := r.open()
	if err != nil {
		return err
	}
	defer end()
	rows := 0
	for r.count == 0 || rows < r.count {
		n, err := st.Next(b, most)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return exit.Bad(fmt.Errorf("%s: %w", r.data, err))
		}
		for i := range n {
			if err := st.Errors()[i]; err != nil {
				return exit.Bad(fmt.Errorf("%s: %w", r.data, err))
			}
		}
		if rows += n; n == 0 {
			continue
		}
		r.lines = st.Lines()
		if err := run(); err != nil {
			return err
		}
	}
	if rows == 0 {
		return exit.Usagef("%s has no rows with a target", r.data)
	}
	return nil
}

func (r *fileRows) open() (*stream.Stream, func(), error) {
	if info, err := os.Stat(r.data); err == nil && info.IsDir() {
		st, err := stream.OpenFolder(r.schema, r.data, stream.Options{WithTarget: true})
		if err != nil {
			return nil, nil, exit.Bad(err)
		}
		return st, st.Close, nil
	}
	in, err := r.input.Open(r.term, r.data)
	if err != nil {
		return nil, nil, err
	}
	st, err := r.input.Stream(in, r.schema, true)
	if err != nil {
		in.Close()
		return nil, nil, err
	}
	return st, in.Close, nil
}
