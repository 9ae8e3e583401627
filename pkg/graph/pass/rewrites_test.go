package pass_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
)

var update = flag.Bool("update", false, "write testdata/*.txtar anew")

// A rewriting is a small graph that a pass changes, or one that looks alike and that it must leave as it is.
type rewriting struct {
	name  string
	build func(b *sketch) *graph.Value // what is returned becomes output y
}

// rewritings are the graphs of one pass. They are in PASS_test.go, next to the pass.
type rewritings struct {
	fires, stays []rewriting
	file         string
}

var rewritten = map[string]rewritings{}

// cases registers the graphs of a pass.
func cases(name string, r rewritings) {
	_, r.file, _, _ = runtime.Caller(1)
	rewritten[name] = r
}

//go:generate go test -run TestRewritings . -update

// TestRewritings sends each graph through one pass alone and compares what goes in and what comes out with the text in
// testdata/PASS.txtar: "NAME/before" is followed by "NAME/after"; "NAME/stays" is alone.
func TestRewritings(t *testing.T) {
	for _, p := range pass.Table() {
		t.Run(p.Name, func(t *testing.T) {
			c, ok := rewritten[p.Name]
			if !ok || len(c.fires) == 0 || len(c.stays) == 0 {
				t.Fatalf("%s_test.go has no graph that the pass changes, or none that it leaves as it is", p.Name)
			}
			if base := filepath.Base(c.file); base != p.Name+"_test.go" {
				t.Errorf("the graphs are in %s; move them to %s_test.go", base, p.Name)
			}
			file, got := filepath.Join("testdata", p.Name+".txtar"), new(txtar.Archive)
			add := func(name, text string) { got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(text)}) }
			for _, r := range c.fires {
				before, after := r.through(t, p)
				if before == after {
					t.Errorf("%s: nothing happens", r.name)
				}
				add(r.name+"/before", before)
				add(r.name+"/after", after)
			}
			for _, r := range c.stays {
				before, after := r.through(t, p)
				if before != after {
					t.Errorf("%s: is changed: %s", r.name, cmp.Diff(before, after))
				}
				add(r.name+"/stays", after)
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(txtar.Format(got))); d != "" {
				t.Errorf("%s (-want +got; if it is right: make generate):\n%s", file, d)
			}
		})
	}
	names := pass.Table()
	for name := range rewritten {
		if !slices.ContainsFunc(names, func(p pass.Pass) bool { return p.Name == name }) {
			t.Errorf("there is no pass %s", name)
		}
	}
}

// through prints the graph before and after a pass.
func (r rewriting) through(t *testing.T, p pass.Pass) (before, after string) {
	t.Helper()
	b := &sketch{Builder: graph.NewBuilder()}
	b.SetOutput("y", r.build(b))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(r.name, err)
	}
	before = text(t, g)
	out, err := p.Run(g)
	if err != nil {
		t.Fatal(r.name, err)
	}
	if err := out.Verify(); err != nil {
		t.Fatal(r.name, err)
	}
	if again := text(t, g); again != before {
		t.Errorf("%s: the graph that was given is changed: %s", r.name, cmp.Diff(before, again))
	}
	return before, text(t, out)
}

func text(t *testing.T, g *graph.Graph) string {
	t.Helper()
	var b bytes.Buffer
	if err := g.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(` +\n`).ReplaceAllString(b.String(), "\n")
}
