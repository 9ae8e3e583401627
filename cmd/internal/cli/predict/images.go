package predict

import (
	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/model"
)

// images predicts image files, each a row.
func (p *options) pictures(file *model.File, args []string, predictions *predictions) error {
	switch {
	case len(p.keep) > 0:
		return exit.Usagef("--keep is for files with rows; images have no column but the file, which always comes first")
	case p.input.Given():
		return exit.Usagef("--input-format and --delimiter are for files with rows")
	case image.IsName(p.out):
		return exit.Usagef("--out %s has the name of an image; predictions are CSV or JSON Lines", p.out)
	}
	if err := p.checkOut(nil, args[0]); err != nil {
		return err
	}
	if p.format == "" {
		p.format = "csv"
		if input.HasExt(p.out, "jsonl", "ndjson") {
			p.format = "jsonl"
		}
	}
	wrong := input.NewBadFiles(p.term, "image")
	walk := &input.Walk{Args: args[1:], Is: image.IsName}
	pictures, err := stream.OpenImages(file.Net.Schema, walk.Names(), p.term.Threads)
	if err != nil {
		return exit.Bad(err)
	}
	defer pictures.Close()
	rows := newRows(p.format, predictions, []int{0}, pictures.Header())
	place := func(i int) string { return pictures.Records()[i][0] }
	if err := p.predict(file, pictures, rows, predictions, wrong, place); err != nil {
		return err
	}
	if walk.Err != nil {
		return exit.Bad(walk.Err)
	}
	if walk.Skipped > 0 {
		p.term.Note("%s skipped that %s not named as images", output.Plural(walk.Skipped, "file"), output.Choose(walk.Skipped == 1, "is", "are"))
	}
	if wrong.Rows == 0 {
		return exit.Usagef("no images in %s", output.List(args[1:], 3))
	}
	return wrong.Err()
}
