package draft

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/npy"
)

// arraysOf lists the arrays of a NumPy archive that has several; none of other files.
func arraysOf(file string) ([]npy.Info, error) {
	if format.OfName(file) != "npy" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	list, err := npy.List(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(list) < 2 {
		return nil, nil
	}
	return list, nil
}

// archive drafts a spec for arrays of inputs and of targets in one file. Names with a word for a split, as in x_train and x_test, are
// official splits.
func (d *drafting) archive(list []npy.Info) error {
	bySplit := map[string][]npy.Info{}
	for _, a := range list {
		split, _ := splitIn(a.Name)
		bySplit[split] = append(bySplit[split], a)
	}
	main := "train"
	if len(bySplit[main]) == 0 {
		main, bySplit = "path", map[string][]npy.Info{"path": list}
	}
	target, err := d.targetArray(bySplit[main])
	if err != nil {
		return err
	}
	inputs := inputsFor(bySplit[main], target)[0]
	d.see("%s: inputs %s %v, target %s", d.Data, inputs.Name, inputs.Shape, target.Name)
	d.pairs = map[string]string{main: d.pair(d.Data, inputs.Name, target.Name)}
	for _, split := range []string{"validation", "test"} {
		x, y := counterpart(bySplit[split], inputs.Name), counterpart(bySplit[split], target.Name)
		if main == "train" && x != "" && y != "" {
			d.pairs[split] = d.pair(d.Data, x, y)
		}
	}
	for split, file := range map[string]string{"validation": d.Validation, "test": d.Test} {
		if file != "" {
			d.pairs[split] = d.pair(file, inputs.Name, target.Name)
		}
	}
	if only := d.pairs["path"]; only != "" && len(d.pairs) > 1 {
		delete(d.pairs, "path")
		d.pairs["train"] = only
	}
	d.Validation, d.Test, d.Target = d.pairs["validation"], d.pairs["test"], "target"
	switch rank := len(inputs.Shape); {
	case rank < 3:
	case rank == 3 && !inputs.AreBytes():
		d.steps = inputs.Shape[1]
	case inputs.AreBytes():
		return d.arrayImages(inputs, target)
	}
	return d.table() // which says what is wrong with others
}

// arrayImages drafts a spec for images in an array.
func (d *drafting) arrayImages(inputs, target npy.Info) error {
	if f := target.Fields[0]; !f.Whole() && !f.Words() {
		return fmt.Errorf("%s: the targets of images must be classes, and the array %s holds other numbers than whole ones", d.Data, target.Name)
	}
	f, err := os.Open(d.Data)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	a, err := npy.Read(f, info.Size(), target.Name)
	if err != nil {
		return fmt.Errorf("%s: %w", d.Data, err)
	}
	counts := map[string]int{}
	for row := range a.Rows() {
		counts[a.Text(row, 0, 0)]++
	}
	least, most := a.Rows(), 0
	for _, n := range counts {
		least, most = min(least, n), max(most, n)
	}
	if len(counts) < 2 {
		return fmt.Errorf("%s: the array %s has only one class: there is nothing to predict", d.Data, target.Name)
	}
	shape := format.ImageShape(inputs.Shape)
	s := &images{rows: inputs.Shape[0], height: shape[0], width: shape[1], channel: shape[2]}
	d.see("images   %s of %d classes, %d × %d pixels", phrase.Thousands(s.rows), len(counts), s.width, s.height)
	d.pairLines(&d.dataset)
	d.imageNet(s, len(counts), float64(most)/float64(max(1, least)))
	return nil
}

// pair names the arrays of a split as the spec does.
func (d *drafting) pair(file, inputs, targets string) string {
	return fmt.Sprintf("{file: %s, inputs: %s, targets: %s}", d.path(file), word(inputs), word(targets))
}

// pairLines adds the keys that name arrays.
func (d *drafting) pairLines(lines *page) {
	for _, key := range []string{"path", "train", "validation", "test"} {
		if d.pairs[key] != "" {
			lines.add("%s: %s", key, d.pairs[key])
		}
	}
}

// targetArray finds the array to predict: one of one dimension, of which another has as many rows.
func (d *drafting) targetArray(list []npy.Info) (npy.Info, error) {
	var found []npy.Info
	var names []string
	for _, a := range list {
		if len(a.Shape) == 1 && len(a.Fields) == 1 && len(inputsFor(list, a)) > 0 {
			found, names = append(found, a), append(names, a.Name)
		}
	}
	at := slices.Index(names, d.Target)
	switch {
	case at >= 0:
		return found[at], nil
	case len(found) == 0:
		var all []string
		for _, a := range list {
			all = append(all, fmt.Sprintf("%s %v", a.Name, a.Shape))
		}
		return npy.Info{}, fmt.Errorf("%s: expected an array of inputs, and one of as many targets, in one dimension; it holds %s", d.Data, strings.Join(all, ", "))
	case d.Target != "":
		return npy.Info{}, fmt.Errorf("%s: no array %s of targets; name one of %s with --target", d.Data, phrase.Quote(d.Target), phrase.List(names))
	case len(found) > 1:
		return npy.Info{}, fmt.Errorf("which array is to be predicted? Name it: --target %s (the arrays are: %s)", shell(names[0]), phrase.List(names))
	}
	return found[0], nil
}

// inputsFor are the arrays of as many rows as a target has, those of most dimensions first.
func inputsFor(list []npy.Info, target npy.Info) (inputs []npy.Info) {
	for _, a := range list {
		if rank := len(a.Shape); (rank > 1 || len(a.Fields) > 1) && a.Shape[0] == target.Shape[0] {
			inputs = append(inputs, a)
		}
	}
	slices.SortStableFunc(inputs, func(a, b npy.Info) int { return len(b.Shape) - len(a.Shape) })
	return inputs
}

var splitWord = regexp.MustCompile(`(?i)(^|[^a-z])(train|training|validation|valid|val|dev|test|testing)([^a-z]|$)`)

// splitIn finds the word for a split in the name of an array, and the name without it.
func splitIn(name string) (split, rest string) {
	at := splitWord.FindStringSubmatchIndex(name)
	if at == nil {
		return "", name
	}
	switch found := strings.ToLower(name[at[4]:at[5]]); {
	case strings.HasPrefix(found, "train"):
		split = "train"
	case strings.HasPrefix(found, "test"):
		split = "test"
	default:
		split = "validation"
	}
	return split, name[:at[4]] + name[at[5]:]
}

// counterpart is the array of another split; "" for none.
func counterpart(list []npy.Info, name string) string {
	_, own := splitIn(name)
	for _, a := range list {
		if _, rest := splitIn(a.Name); rest == own {
			return a.Name
		}
	}
	return ""
}
