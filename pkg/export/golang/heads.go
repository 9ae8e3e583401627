package golang

import (
	"fmt"
	"strconv"
	"strings"

	"dnn/pkg/export"
	"dnn/pkg/task"
)

// headsText is what belongs to the predictions.
type headsText struct{ types, variables, results string }

// heads writes the type Prediction, the classes, and what is made of the net's outputs.
func (g *generator) heads() (t headsText) {
	t.types = "// Prediction is what the model predicts for a row.\ntype Prediction struct {\n"
	used := map[string]bool{}
	for _, h := range g.model.Heads {
		field := identifier(h.Head.Name, "Target", used)
		list := field + "Classes"
		result, function := "", ""
		at := func(i string) string {
			if i == "" {
				return span(h.Buffer)
			}
			return fmt.Sprintf("f[%d+%s*%d:][:%d]", h.Offset, i, h.Width, h.Width)
		}
		call := func(i string) string { return "" }
		switch h.Kind {
		case task.Category:
			result, function = "Class", "classOf"
			call = func(i string) string { return fmt.Sprintf("classOf(%s, %s)", at(i), list) }
		case task.Binary:
			result, function = "Class", "binaryOf"
			call = func(i string) string { return fmt.Sprintf("binaryOf(%s, %s, %s)", at(i), list, threshold(h)) }
		case task.Labels:
			result, function = "Labels", "labelsOf"
			call = func(i string) string { return fmt.Sprintf("labelsOf(%s, %s, %s)", at(i), list, threshold(h)) }
		default:
			result, function, list = "[]Number", "numbersOf", field+"Columns"
			scalings, coverages, widths := g.numbers(h)
			call = func(i string) string {
				return fmt.Sprintf("numbersOf(%s, %s, %s, %s)", at(i), scalings, coverages, widths)
			}
		}
		g.needs = append(g.needs, function, strings.TrimPrefix(result, "[]"))
		words, what := h.Classes, "classes"
		if h.Kind == task.Number {
			words, what = h.Columns, "columns"
		}
		t.variables += fmt.Sprintf("// %s are the %s of %s, in the order of what is predicted.\nvar %s = %s\n\n", list, what, comment(h.Head.Name), list, texts(words))
		if h.Of != "" {
			t.types += fmt.Sprintf("\t%s []%s // one for each step of %s\n", field, result, comment(h.Of))
			t.results += fmt.Sprintf("\tp.%[1]s = make([]%[2]s, %[3]s)\n\tfor i := range p.%[1]s {\n\t\tif p.%[1]s[i], err = %[4]s; err != nil {\n\t\t\treturn p, err\n\t\t}\n\t}\n",
				field, result, g.steps(h), call("i"))
			continue
		}
		t.types += fmt.Sprintf("\t%s %s\n", field, result)
		t.results += fmt.Sprintf("\tif p.%s, err = %s; err != nil {\n\t\treturn p, err\n\t}\n", field, call(""))
	}
	t.types += "}\n"
	return t
}

// steps is how many predictions a row has.
func (g *generator) steps(h export.Head) string {
	for i, c := range g.model.Columns {
		if c.Text != nil && c.Name == h.Of {
			return fmt.Sprintf("steps%d", i)
		}
	}
	return strconv.Itoa(h.Steps)
}

func threshold(h export.Head) string {
	if h.Threshold == 0 {
		return "0.5"
	}
	return number(h.Threshold, 64)
}

// numbers are the scalings of a head, and its intervals.
func (g *generator) numbers(h export.Head) (scalings, coverages, widths string) {
	scalings, coverages, widths = "nil", "nil", "nil"
	if h.Scalings != nil {
		scalings = "[]scaling{"
		for _, s := range h.Scalings {
			scalings += scaling(s) + ", "
		}
		scalings += "}"
	}
	if len(h.Intervals) > 0 {
		coverages, widths = "[]float64{", "[][]float64{"
		for _, in := range h.Intervals {
			coverages += number(in.Coverage, 64) + ", "
			widths += "{"
			for _, w := range in.Widths {
				widths += number(w, 64) + ", "
			}
			widths += "}, "
		}
		coverages, widths = coverages+"}", widths+"}"
	}
	return scalings, coverages, widths
}
