package graph

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Label names a node for people: its op or, for a leaf, its name.
func (n *Node) Label() string {
	if n.Op != nil {
		return n.Op.Name
	}
	if n.Name != "" {
		return n.Leaf.String() + " " + n.Name
	}
	return n.Leaf.String()
}

// AttrText prints a node's settings: "{offset:16 shape:[2x3]}", or "" when it has none.
func (n *Node) AttrText() string {
	if n.Attrs == nil {
		return ""
	}
	v := reflect.ValueOf(n.Attrs)
	if v.Kind() != reflect.Struct {
		return fmt.Sprint(n.Attrs)
	}
	var parts []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Tag.Get("graph") == "-" {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s:%v", strings.ToLower(f.Name), v.Field(i).Interface()))
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// WriteText prints the graph, one node a line: "%7 = matmul(%3, %5) {transb:true} : f32[32x10]   # dense_1 forward".
func (g *Graph) WriteText(w io.Writer) error {
	for _, n := range g.Nodes {
		var in, out, types []string
		for _, v := range n.Inputs {
			in = append(in, fmt.Sprintf("%%%d", v.ID))
		}
		for _, v := range n.Outputs {
			out = append(out, fmt.Sprintf("%%%d", v.ID))
			types = append(types, v.Type.String())
		}
		line := fmt.Sprintf("%s = %s", strings.Join(out, ", "), n.Label())
		if n.Op != nil {
			line += "(" + strings.Join(in, ", ") + ")"
		}
		if a := n.AttrText(); a != "" {
			line += " " + a
		}
		if n.Leaf == Constant && len(g.Consts[n.Outputs[0]]) == 1 {
			line += fmt.Sprintf(" %g", g.Consts[n.Outputs[0]][0])
		}
		if _, err := fmt.Fprintf(w, "%-60s : %-24s # %s %s\n", line, strings.Join(types, ", "), n.Stage, n.Scope); err != nil {
			return err
		}
	}
	for _, o := range g.Outputs {
		fmt.Fprintf(w, "output %s = %%%d\n", o.Name, o.Value.ID)
	}
	for _, name := range slices.Sorted(maps.Keys(g.Segments)) {
		fmt.Fprintf(w, "segment %d: %s\n", g.Segments[name], name)
	}
	for _, a := range g.Assigns {
		fmt.Fprintf(w, "%s := %%%d\n", a.Var.Name, a.Value.ID)
	}
	return nil
}

// WriteDOT prints the graph in Graphviz' language, one box a node, one cluster a layer.
func (g *Graph) WriteDOT(w io.Writer) error {
	fmt.Fprintln(w, "digraph dnn {\n  rankdir=TB; node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=Helvetica, fontsize=10];")
	colours := map[Stage]string{Forward: "#e8f1fa", Backward: "#fdf0e2", Update: "#e9f5ea"}
	scopes := map[string][]*Node{}
	var order []string
	for _, n := range g.Nodes {
		if _, ok := scopes[n.Scope]; !ok {
			order = append(order, n.Scope)
		}
		scopes[n.Scope] = append(scopes[n.Scope], n)
	}
	for i, s := range order {
		if s != "" {
			fmt.Fprintf(w, "  subgraph cluster_%d { label=%q; color=gray;\n", i, s)
		}
		for _, n := range scopes[s] {
			fmt.Fprintf(w, "    n%d [label=%q, fillcolor=%q];\n", n.ID, n.Label()+"\n"+n.Outputs[0].Type.String(), colours[n.Stage])
		}
		if s != "" {
			fmt.Fprintln(w, "  }")
		}
	}
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			fmt.Fprintf(w, "  n%d -> n%d;\n", v.Node.ID, n.ID)
		}
	}
	_, err := fmt.Fprintln(w, "}")
	return err
}
