package column

import (
	"fmt"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	TargetTypes.Register("tags", "an answer for each step of a sequence to predict", &TagsTarget{})
}

// TagsTarget is an answer for each step of a sequence: a tag for each word of a text, a class for each letter, a number for
// each step of a series. A field lists the tags of a row in their order, as a JSON list or with a separator between them;
// in a table with a row for each step (sequence_id) each row has one. There must be one for each step that the row's sequence has before max_length cuts it; what is cut from the sequence is
// cut from the tags too. Texts whose words are to be paired with tags take tokenizer: whitespace, which cuts where the tags are
// cut, or are JSON lists as well.
//
// The net keeps the steps to its end, [steps, classes]. Loss and metrics are means over all steps of all rows; a weight of a
// row is that of each of its steps.
type TagsTarget struct {
	Each      TargetType `default:"category" doc:"what a tag is: category, binary or number, with their settings"`
	Separator string     `default:"' '" doc:"what stands between tags that are no JSON list; a blank also stands for several; \"\": each character is a tag"`
	Input     string     `doc:"the sequence whose steps the tags are for (default: the first input that is one)"`
}

// CheckSpec wants single answers.
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

// Fit lets the type of a single tag learn from all tags.
func (t *TagsTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	if _, nested := t.Each.(*TagsTarget); nested || t.Each == nil { // its own mistake was noted
		return nil
	}
	e := &TagsEncoder{Separator: t.Separator}
	all := &table.Column{Name: column.Name}
	for _, row := range f.Rows {
		for _, tag := range StepFields(f.Table, column, row, e) {
			if err := all.Add(tag); err != nil {
				f.Problem("", "%v", err)
				return nil
			}
		}
	}
	all.Seal()
	each := *f
	each.Path += ".each"
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

func (e *TagsEncoder) EncodeSteps(answers []string, cells []uint32) ([]uint32, error) {
	for i, tag := range answers {
		if tag == "" {
			return cells, &FieldError{0, fmt.Sprintf("tag %d is missing", i+1)}
		}
		c, err := e.Each.Encoder.Encode(tag)
		if classes, ok := e.Each.Encoder.(*CategoryTargetEncoder); ok && err != nil {
			return cells, &FieldError{0, fmt.Sprintf("tag %d, %s, is not one of the %d of the training split (list them all: each: {classes: […]})", i+1, phrase.Quote(tag), len(classes.Classes))}
		}
		if err != nil {
			return cells, &FieldError{0, fmt.Sprintf("tag %d: %v", i+1, err)}
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// StepFields lists the fields of the answers to a row's steps: what one field lists, or the fields of all its rows in a table
// with a row for each step.
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
	if list, ok := table.JSONList(field); ok {
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

// Join writes tags as a field lists them.
func (e *TagsEncoder) Join(tags []string) string { return strings.Join(tags, e.Separator) }

// StepsOf names the input that the labels are for.
func (t *TagsTarget) StepsOf() string { return t.Input }

// EachStep is the type of a single label.
func (t *TagsTarget) EachStep() TargetType { return t.Each }
