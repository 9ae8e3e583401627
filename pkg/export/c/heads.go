package c

import (
	"fmt"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/export"
	"dnn/pkg/task"
)

// heads writes what is made of the outputs, with the names of classes and the functions that decide.
func (g *generator) heads() error {
	for _, h := range g.model.Heads {
		if h.Of != "" {
			return fmt.Errorf("%s: predictions for each step are not exported to C (%s)", g.model.Name, phrase.Quote(h.Head.Name))
		}
		at := g.outputs
		macro := g.macro("OUT", h.Head.Name)
		fmt.Fprintf(&g.declared, "#define %s %d /* %s: %d numbers */\n", macro, at, comment(h.Head.Name), h.Width)
		lower := g.function(strings.ToLower(strings.TrimPrefix(macro, strings.ToUpper(g.name)+"_OUT_")))
		if h.Kind == task.Number {
			for k := range h.Width {
				value := fmt.Sprintf("f[%d]", h.Offset+k)
				if h.Scalings != nil {
					value = "(float)(" + g.unscaled(h.Scalings[k], value) + ")"
				}
				fmt.Fprintf(&g.results, "    out[%d] = %s;\n", at+k, value)
			}
			g.outputs += h.Width
			continue
		}
		fmt.Fprintf(&g.results, "    for (i = 0; i < %d; i++) {\n        out[%d + i] = f[%d + i];\n    }\n", h.Width, at, h.Offset)
		fmt.Fprintf(&g.declared, "extern const char *const %s_classes[%d];\n", lower, len(h.Classes))
		fmt.Fprintf(&g.defined, "const char *const %s_classes[%d] = {%s};\n\n", lower, len(h.Classes), list(h.Classes, text))
		g.decide(h, lower, at)
		g.outputs += h.Width
	}
	return nil
}

// decide writes the function that decides for a class or a label.
func (g *generator) decide(h export.Head, name string, at int) {
	threshold := h.Threshold
	if threshold == 0 {
		threshold = 0.5
	}
	switch h.Kind {
	case task.Binary:
		fmt.Fprintf(&g.declared, "int %s(const float *out); /* the class that is predicted */\n", name)
		fmt.Fprintf(&g.defined, "int %s(const float *out) { return out[%d] >= %s; }\n\n", name, at, double(threshold))
	case task.Labels:
		fmt.Fprintf(&g.declared, "int %s(const float *out, int label); /* whether a label is predicted */\n", name)
		fmt.Fprintf(&g.defined, "int %s(const float *out, int label) { return out[%d + label] >= %s; }\n\n", name, at, double(threshold))
	default:
		fmt.Fprintf(&g.declared, "int %s(const float *out); /* the class that is predicted */\n", name)
		fmt.Fprintf(&g.defined, "int %s(const float *out) {\n    int i, best = 0;\n    for (i = 1; i < %d; i++) {\n        if (out[%[3]d + i] > out[%[3]d + best]) {\n            best = i;\n        }\n    }\n    return best;\n}\n\n", name, h.Width, at)
	}
}
