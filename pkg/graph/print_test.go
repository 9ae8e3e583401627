package graph_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// printed holds one of each: leaves, attributes, several outputs, scopes and stages, outputs and variables.
func printed(t *testing.T) *graph.Graph {
	t.Helper()
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(4, 2))
	b.Scope = "norm_1"
	y, mean, _ := op.BatchNorm(b, x, b.Param(graph.Param{Name: "gamma", Shape: graph.Shape{2}}, true), nil, 1e-5)
	b.Scope, b.Stage = "", graph.Update
	v := b.Var("mean", graph.State, graph.Shape{2}, nil)
	b.SetOutput("y", op.Mul(b, y, b.Scalar(0.5)))
	b.Assign(v, op.Mul(b, mean, b.Const(graph.Shape{2}, []float32{1, 2})))
	return finish(t, b)
}

func TestWriteText(t *testing.T) {
	const want = `
%0 = input x : f32[4x2] # forward
%1 = variable weights : f32[16] # forward
%2 = view(%1) {offset:0 shape:[2]} : f32[2] # forward norm_1
%3, %4, %5 = batch_norm(%0, %2) {eps:1e-05 gamma:true beta:false} : f32[4x2], f32[2], f32[2] # forward norm_1
%6 = variable mean : f32[2] # update
%7 = constant 0.5 : f32[] # update
%8 = mul(%3, %7) : f32[4x2] # update
%9 = constant : f32[2] # update
%10 = mul(%4, %9) : f32[2] # update
output y = %8
mean := %10
`
	var out bytes.Buffer
	if err := printed(t).WriteText(&out); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(out.String()) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	if d := cmp.Diff(strings.TrimSpace(want), strings.Join(lines, "\n")); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestWriteDOT(t *testing.T) {
	var out bytes.Buffer
	if err := printed(t).WriteDOT(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"digraph dnn {", `subgraph cluster_1 { label="norm_1"`, `n3 [label="batch_norm\nf32[4x2]"`, `n0 [label="input x\nf32[4x2]"`,
		"n0 -> n3;", "n2 -> n3;", "n3 -> n6;", "n3 -> n8;",
	} {
		if strings.Count(out.String(), want) != 1 {
			t.Errorf("%q is there %d times in\n%s", want, strings.Count(out.String(), want), out.String())
		}
	}
	if opened, closed := strings.Count(out.String(), "{"), strings.Count(out.String(), "}"); opened != closed {
		t.Errorf("%d braces are opened, %d closed", opened, closed)
	}
}

// A graph that cannot be written says so.
func TestWriteFails(t *testing.T) {
	g := printed(t)
	for name, err := range map[string]error{"text": g.WriteText(full{}), "DOT": g.WriteDOT(full{})} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errFull = errors.New("full")

// full takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
