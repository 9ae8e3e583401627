package c

import (
	"fmt"
	"strings"

	"dnn/pkg/export"
)

// scaled is the expression that scales x, which is a double.
func (g *generator) scaled(s export.Scaling, x string) string {
	switch {
	case s.Knots != nil:
		g.needs = append(g.needs, "k_score")
		return fmt.Sprintf("k_score(%s, %s, %d)", x, g.knots(s), len(s.Knots))
	case s.Log == "log":
		g.needs = append(g.needs, "k_ln")
		x = "k_ln(" + x + ")"
	case s.Log == "log1p":
		g.needs = append(g.needs, "k_ln1p")
		x = "k_ln1p(" + x + ")"
	}
	return fmt.Sprintf("(%s - %s) / %s", x, negative(s.Shift), double(s.Scale))
}

// negative is a double that may follow a minus.
func negative(x float64) string {
	if text := double(x); text[0] == '-' {
		return "(" + text + ")"
	} else {
		return text
	}
}

// unscaled is the expression that brings y into its unit.
func (g *generator) unscaled(s export.Scaling, y string) string {
	if s.Knots != nil {
		g.needs = append(g.needs, "k_unscore")
		return fmt.Sprintf("k_unscore(%s, %s, %d)", y, g.knots(s), len(s.Knots))
	}
	x := fmt.Sprintf("fma(%s, %s, %s)", y, double(s.Scale), double(s.Shift))
	switch s.Log {
	case "log":
		g.needs = append(g.needs, "k_exp_double")
		return "k_exp_double(" + x + ")"
	case "log1p":
		g.needs = append(g.needs, "k_exp_double")
		return "k_exp_double(" + x + ") - 1"
	}
	return x
}

// knots declares those of a scaling, and returns their name.
func (g *generator) knots(s export.Scaling) string {
	name := fmt.Sprintf("knots%d", strings.Count(g.lists.String(), "static const double knots"))
	var all []float64
	for _, k := range s.Knots {
		all = append(all, k[0], k[1])
	}
	fmt.Fprintf(&g.lists, "static const double %s[] = {%s};\n\n", name, list(all, double))
	return name
}
