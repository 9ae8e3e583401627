package column

import (
	"fmt"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	TargetTypes.Register("tags", "a label for each step of a sequence to predict", &TagsTarget{}).
		Also("tag", "tagging", "token_classification")
}

// TagsTarget is a label for each step of a sequence: a tag for each word of a text, a class for each letter, a number
// for each step of a series. A field lists the tags of a row in order, as a JSON list or with a separator between them;
// in a table with one row per step (sequence_id) each row has one. There must be one for each step that the row's
// sequence has before max_length cuts it; the tags are cut with the sequence. Texts whose words are paired with tags
// need tokenizer: whitespace, which splits where the tags are split, or must be JSON lists too.
//
// The net keeps the steps to its end, [steps, classes]. Loss and metrics are means over all steps of all rows; a weight
// of a row is that of each of its steps.
type TagsTarget struct {
	Each      TargetType `default:"category" doc:"what a tag is: category, binary or number, with their settings"`
	Separator string     `default:"' '" doc:"separator of tags that are not a JSON list; a space matches any number of spaces; \"\": each character is a tag"`
	Input     string     `doc:"the sequence whose steps the tags are for (default: the first input that is one)"`
}

// CheckSpec requires single labels.
func (t *TagsTarget) CheckSpec(path string, p *spec.Problems) {
	if _, nested := t.Each.(*TagsTarget); nested {
		p.Add(path+".each", "a tag is a category, a binary or a number")
	}
}

func (t *TagsTarget) Encoder() TargetEncoder {
	e := &TagsEncoder{}
	if _, nested := t.Each.(*TagsTarget); !nested && t.Each != nil {
		e.Each.Encoder = t.Each.Encoder()
	}
	return e
}

// Fit fits the type of a single tag on all tags.
func (t *TagsTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	if _, nested := t.Each.(*TagsTarget); nested || t.Each == nil { // its own mistake was reported
		return nil
	}
	e := &TagsEncoder{Separator: t.Separator}
	all := &table.Column{Name: column.Name}
	for _, row := range f.Rows {
		for _, tag := range StepFields(f.Table, column, row, e) {
			all.Add(tag)
		}
	}
	all.Seal()
	each := *f
	each.known = nil
	each.Path += ".each"
	each.Spec.Steps = true
	each.Rows = make([]int32, all.Len())
	for i := range each.Rows {
		each.Rows[i] = int32(i)
	}
	if e.Each.Encoder = t.Each.Fit(&each, all); e.Each.Encoder == nil {
		return nil
	}
	return e
}

// TagsEncoder is a fitted TagsTarget.
type TagsEncoder struct {
	Separator string       `json:"separator"`
	Each      TargetColumn `json:"each"`
}

func (e *TagsEncoder) each() TargetEncoder { return e.Each.Encoder }

func (e *TagsEncoder) Kind() string {
	if e.Each.Encoder == nil {
		return ""
	}
	return e.Each.Encoder.Kind()
}

func (e *TagsEncoder) Encode(string) (uint32, error) {
	panic("dataset: a list of tags is encoded as a whole")
}

func (e *TagsEncoder) EncodeSteps(labels []string, cells []uint32) ([]uint32, error) {
	for i, tag := range labels {
		if tag == "" {
			return cells, Wrong(0, fmt.Sprintf("tag %d is missing", i+1))
		}
		c, err := e.Each.Encoder.Encode(tag)
		if classes, ok := e.Each.Encoder.(*CategoryTargetEncoder); ok && err != nil {
			return cells, Wrong(0, fmt.Sprintf("tag %d, %s, is not one of the %d of the training split (list them all: each: {classes: […]})", i+1, phrase.Quote(tag), len(classes.Classes)))
		}
		if err != nil {
			return cells, Wrong(0, fmt.Sprintf("tag %d: %v", i+1, err))
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// StepFields lists the labels of a row's steps: those in one field, or the fields of all its rows in a table with one
// row per step.
func StepFields(t *table.Table, c *table.Column, row int32, e StepTarget) (list []string) {
	if t.Long == nil {
		return e.Split(c.Field(row))
	}
	from, to := t.Long.Range(row)
	c = t.Long.Steps.Column(c.Name)
	for r := from; r < to; r++ {
		list = append(list, c.Field(r))
	}
	return list
}

// Split lists the tags of a field.
func (e *TagsEncoder) Split(field string) []string {
	if list, ok := record.JSONList(field); ok {
		return list
	}
	if e.Separator == " " {
		return strings.Fields(field)
	}
	if field == "" {
		return nil
	}
	list := strings.Split(field, e.Separator)
	if e.Separator != "" {
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
	}
	return list
}

// Join formats tags as a field lists them.
func (e *TagsEncoder) Join(tags []string) string { return strings.Join(tags, e.Separator) }

// StepsOf names the input that the labels are for.
func (t *TagsTarget) StepsOf() string { return t.Input }

// EachStep is the type of a single label.
func (t *TagsTarget) EachStep() TargetType { return t.Each }
