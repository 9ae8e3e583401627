package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"dnn/pkg/train/checkpoint"
)

// victim is a model file that is changed, and what it is used for afterwards.
type victim struct {
	name, dir string
	spec      string // to be trained first; "" where the file is there
	uses      [][]string
}

var victims = []victim{
	{"table", "table", "", [][]string{{"predict", "MODEL", "rows.csv"}, {"eval", "MODEL"}, {"export", "MODEL", "--go", "source", "--force"}}},
	{"heads", "heads", "", [][]string{{"predict", "MODEL", "rows.csv"}, {"eval", "MODEL", "--data", "rows.csv"}}},
	{"image", "image", "", [][]string{{"predict", "MODEL", "few/3"}, {"eval", "MODEL", "--data", "few"}, {"export", "MODEL", "--c", "source", "--force"}}},
	{"windows", "windows", "", [][]string{{"predict", "MODEL", "sales.csv"}, {"eval", "MODEL"}, {"forecast", "MODEL", "--steps", "1"}}},
	{"tags", "tags", "", [][]string{{"predict", "MODEL", "rows.csv"}, {"eval", "MODEL"}}},
	{"long", "long", "", [][]string{{"predict", "MODEL", "steps.csv"}, {"eval", "MODEL"}}},
	{"series", "series", "", [][]string{{"predict", "MODEL", "series.csv"}, {"eval", "MODEL"}}},
	{"columns", "columns", columnsSpec, [][]string{{"predict", "MODEL", "rows.csv"}, {"eval", "MODEL", "--data", "rows.csv"},
		{"export", "MODEL", "--go", "source", "--force"}, {"export", "MODEL", "--c", "sourcec", "--force"}}},
	{"folded-int8", "quantized", "", [][]string{{"predict", "MODEL", "rows.csv"}, {"graph", "MODEL"}, {"export", "MODEL", "--go", "source", "--force"}}},
	{"table-int4", "quantized", "", [][]string{{"predict", "MODEL", "rows.csv"}, {"explain", "MODEL", "rows.csv", "--row", "1"}}},
	{"writing", "writing", writingSpec, [][]string{{"predict", "MODEL", "rows.csv"}, {"eval", "MODEL", "--data", "rows.csv"}}},
	{"language", "language", languageSpec, [][]string{{"generate", "MODEL", "--length", "20", "--prompt", "It is"}, {"eval", "MODEL", "--data", "text.txt"}}},
}

// The inputs are runs: of categories, of numbers, and of yes or no.
const columnsSpec = `
dataset:
  path: rows.csv
  inputs:
    - {column: species, type: category}
    - {column: island, type: category, missing: category}
    - {column: bill_length_mm, type: number}
    - {column: bill_depth_mm, type: number, normalize: log_zscore}
    - {column: flipper_length_mm, type: number, normalize: quantile}
    - {column: sex, type: binary, missing: mode}
  target: body_mass_g
layers: [{type: dense, units: 3}, {type: dense, units: 1}]
train: {epochs: 1}
`

const writingSpec = `
dataset:
  path: rows.csv
  inputs: [{column: word, type: text, tokenizer: char, max_length: 24}]
  target: {column: stem, type: text, tokenizer: char, max_length: 24}
layers:
  - {name: memory, type: embedding, inputs: [word], size: 6}
  - {name: prefix, type: embedding, inputs: [stem], size: 6}
  - {name: state, type: gru, inputs: [prefix], units: 6, sequences: true}
  - {name: context, type: attention, inputs: [state, memory]}
  - {type: concat, inputs: [state, context]}
  - {type: dense, units: vocabulary}
train: {epochs: 1}
`

const languageSpec = `
dataset: {format: text, path: text.txt, tokenizer: char, window: 16, split: {validation: 0.2}}
layers:
  - {type: embedding, size: 8, positions: learned}
  - {type: transformer_encoder, heads: 2, causal: true}
  - {type: dense, units: vocabulary}
train: {steps: 5}
`

// TestHostileFiles changes what is written in model files at random and uses them: no change may end in a panic, in a hang or in
// gigabytes.
func TestHostileFiles(t *testing.T) {
	top := t.TempDir()
	if err := os.CopyFS(filepath.Join(top, "golden"), os.DirFS("../../../testdata/golden")); err != nil {
		t.Fatal(err)
	}
	data, err := filepath.Abs("../../../testdata/data")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(data, filepath.Join(top, "data")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("DNN_QUIET", "1")
	t.Setenv("DNN_THREADS", "1")
	seed := uint64(1)
	if text := os.Getenv("HOSTILE_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	for _, v := range victims {
		t.Run(v.name, func(t *testing.T) {
			dir := filepath.Join(top, "golden", v.dir)
			model := v.prepare(t, dir, data)
			whole, err := checkpoint.Read(model)
			if err != nil {
				t.Fatal(err)
			}
			h := &hostile{t: t, random: rand.New(rand.NewPCG(seed, 13)), whole: whole, path: filepath.Join(filepath.Dir(model), "changed.safetensors")}
			for i := range mutations / len(victims) {
				what := h.change()
				for _, use := range v.uses {
					h.use(fmt.Sprintf("%s %d: %s", v.name, i, what), use)
				}
			}
			t.Logf("%d changes, %d uses went on as if there were none", mutations/len(victims), h.fine)
		})
	}
}

// prepare goes to the folder of the model, and writes or trains what is not there.
func (v *victim) prepare(t *testing.T, dir, data string) (model string) {
	t.Helper()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	head := func(name string, lines int) string {
		text, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.SplitAfter(string(text), "\n")[:lines], "")
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	switch v.name {
	case "table", "heads", "columns", "folded-int8", "table-int4":
		write("rows.csv", head("palmerpenguins.csv", 20))
	case "tags":
		write("rows.csv", head("words.csv", 20))
	case "image":
		for _, class := range []string{"3", "4"} {
			names, err := filepath.Glob(filepath.Join(data, "digits_png", class, "*"))
			if err != nil || os.MkdirAll(filepath.Join("few", class), 0o777) != nil {
				t.Fatal(err)
			}
			for _, name := range names[:3] {
				image, _ := os.ReadFile(name)
				write(filepath.Join("few", class, filepath.Base(name)), string(image))
			}
		}
	case "writing":
		write("rows.csv", strings.ReplaceAll(head("stems.tsv", 40), "\t", ","))
	case "language":
		write("text.txt", head("persuasion.txt", 20))
	}
	switch {
	case v.dir == "quantized":
		return v.name + ".safetensors"
	case v.spec == "":
		return filepath.Join("final", "best.safetensors")
	}
	write("spec.yaml", v.spec)
	var said bytes.Buffer
	if code := Run([]string{"train", "spec.yaml", "--out", "final", "-q"}, nil, &said, &said); code != 0 {
		t.Fatalf("code %d: %s", code, said.String())
	}
	return filepath.Join("final", "last.safetensors")
}

// hostile makes files that are changed at random.
type hostile struct {
	t      *testing.T
	random *rand.Rand
	whole  *checkpoint.File
	path   string
	fine   int
}

// change writes another changed file and says what was changed.
func (h *hostile) change() string {
	if h.random.IntN(8) == 0 {
		return h.changeHeader()
	}
	f := &checkpoint.File{Metadata: map[string]string{}, Tensors: h.whole.Tensors}
	keys := []string{}
	for key, value := range h.whole.Metadata {
		if f.Metadata[key] = value; key != "schema" && key != "data" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	delete(f.Metadata, "data")
	key := "schema"
	if h.random.IntN(4) == 0 {
		key = keys[h.random.IntN(len(keys))]
	}
	var tree any
	decode, encode := decodeJSON, json.Marshal
	if key == "spec" {
		decode, encode = func(text []byte, v *any) error { return yaml.Unmarshal(text, v) }, yaml.Marshal
	}
	if err := decode([]byte(f.Metadata[key]), &tree); err != nil {
		h.t.Fatal(err)
	}
	all := tree
	what := ""
	for range 1 + h.random.IntN(2) {
		var said string
		tree, said = h.mutate(tree, all, key)
		what += said + "; "
	}
	text, err := encode(tree)
	if err != nil {
		h.t.Fatal(err)
	}
	f.Metadata[key] = string(text)
	if err := checkpoint.Write(h.path, f); err != nil {
		h.t.Fatal(err)
	}
	return what
}

// changeHeader changes what the file's header says of its tensors. Its checksum is that of the changed file.
func (h *hostile) changeHeader() string {
	if err := checkpoint.Write(h.path, h.whole); err != nil {
		h.t.Fatal(err)
	}
	file, err := os.ReadFile(h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	from := 8 + binary.LittleEndian.Uint64(file)
	var tree any
	if err := decodeJSON(file[8:from], &tree); err != nil {
		h.t.Fatal(err)
	}
	header := tree.(map[string]any)
	meta := header["__metadata__"].(map[string]any)
	meta["dnn.sha256"] = strings.Repeat("0", 64)
	delete(header, "__metadata__")
	changed, what := h.mutate(header, header, "header")
	if list, ok := changed.(map[string]any); ok {
		list["__metadata__"] = meta
	}
	text, err := json.Marshal(changed)
	if err != nil {
		h.t.Fatal(err)
	}
	data := append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)
	data = append(data, file[from:]...)
	sum := sha256.Sum256(data)
	data = bytes.Replace(data, []byte(strings.Repeat("0", 64)), []byte(hex.EncodeToString(sum[:])), 1)
	if err := os.WriteFile(h.path, data, 0o666); err != nil {
		h.t.Fatal(err)
	}
	return what
}

func decodeJSON(text []byte, v *any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

// mutate returns a tree with one change at a random place. all is where other values come from.
func (h *hostile) mutate(tree, all any, path string) (any, string) {
	r := h.random
	switch node := tree.(type) {
	case map[string]any:
		if len(node) == 0 || r.IntN(8) == 0 {
			break
		}
		key := h.keyOf(node)
		if r.IntN(12) == 0 {
			delete(node, key)
			return node, path + "." + key + " removed"
		}
		changed, what := h.mutate(node[key], all, path+"."+key)
		node[key] = changed
		return node, what
	case []any:
		if len(node) == 0 || r.IntN(4) == 0 {
			break
		}
		i := r.IntN(len(node))
		changed, what := h.mutate(node[i], all, fmt.Sprintf("%s[%d]", path, i))
		node = slices.Clone(node)
		node[i] = changed
		return node, what
	}
	other := h.other(tree, all)
	text := fmt.Sprint(other)
	return other, fmt.Sprintf("%s = %s", path, text[:min(len(text), 60)])
}

func (h *hostile) keyOf(node map[string]any) string {
	keys := []string{}
	for key := range node {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys[h.random.IntN(len(keys))]
}

// other is another value for a node.
func (h *hostile) other(node, all any) any {
	r := h.random
	if r.IntN(6) == 0 { // of another type
		return []any{nil, true, "x", json.Number("3"), []any{}, map[string]any{}, h.somewhere(all)}[r.IntN(7)]
	}
	switch node := node.(type) {
	case json.Number, int, float64:
		if n, err := strconv.Atoi(fmt.Sprint(node)); err == nil && r.IntN(3) == 0 {
			return n + []int{-1, 1, n, 7}[r.IntN(4)]
		}
		numbers := []string{"0", "-1", "1", "2", "1000000", "2147483648", "4611686018427387904", "4611686018427387905", "9223372036854775807", "-9223372036854775808", "1e308", "0.5", "-0.5", "1e-300"}
		return json.Number(numbers[r.IntN(len(numbers))])
	case string:
		words := []string{"", "\x00", "a\nb", strings.Repeat("x", 1<<16), "number", "category", "text", "series", "csv", "../x", "NaN", "last", "log", "steps", "list"}
		return words[r.IntN(len(words))]
	case []any:
		switch r.IntN(4) {
		case 0:
			return []any{}
		case 1:
			return slices.Concat(node, node)
		case 2:
			return append(slices.Clone(node), h.somewhere(all))
		}
		return node[:len(node)/2]
	case bool:
		return !node
	}
	return h.somewhere(all)
}

// somewhere is a value at a random place.
func (h *hostile) somewhere(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		if len(node) > 0 && h.random.IntN(4) > 0 {
			return h.somewhere(node[h.keyOf(node)])
		}
	case []any:
		if len(node) > 0 && h.random.IntN(4) > 0 {
			return h.somewhere(node[h.random.IntN(len(node))])
		}
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil
	}
	var copied any
	if decodeJSON(text, &copied) != nil {
		return nil
	}
	return copied
}

// use runs a command with the changed file.
func (h *hostile) use(what string, args []string) {
	args = slices.Clone(args)
	args[slices.Index(args, "MODEL")] = h.path
	type end struct {
		code int
		said string
	}
	ended := make(chan end, 1)
	debug.SetGCPercent(100) // which data that is held for long lowers
	debug.FreeOSMemory()
	clearPeak()
	go func() {
		var out, said bytes.Buffer
		code := Run(args, strings.NewReader(""), &out, &said)
		ended <- end{code, said.String()}
	}()
	select {
	case e := <-ended:
		if e.code == 0 {
			h.fine++
		}
		if strings.Contains(e.said, "internal error") {
			h.fail("%s\n  %s: %s", what, args[0], firstLines(e.said))
		} else if e.code != 0 && e.code != 2 {
			h.fail("%s\n  %s: code %d: %s", what, args[0], e.code, e.said)
		}
	case <-time.After(60 * time.Second):
		stack := make([]byte, 1<<20)
		stack = stack[:runtime.Stack(stack, true)]
		h.t.Fatalf("%s\n  %s hangs:\n%s", what, args[0], stack)
	}
	if used := peak(); used > 1<<30 {
		h.fail("%s\n  %s took %d MB", what, args[0], used>>20)
	}
}

func (h *hostile) fail(format string, args ...any) {
	h.t.Helper()
	h.t.Errorf(format, args...)
	if dir := os.Getenv("HOSTILE_KEEP"); dir != "" {
		text, _ := os.ReadFile(h.path)
		os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.safetensors", time.Now().UnixNano())), text, 0o666)
	}
}

// firstLines are the message of a panic and where it came from.
func firstLines(said string) string {
	lines := strings.Split(said, "\n")
	list := []string{lines[0]}
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") {
			for _, line := range lines[i+1 : min(len(lines), i+14)] {
				if strings.HasPrefix(line, "\t") && strings.Contains(line, "hostile13") {
					list = append(list, strings.Fields(line)[0])
				} else if strings.HasPrefix(line, "\t") {
					list = append(list, strings.Fields(line)[0])
				}
			}
		}
	}
	return strings.Join(list, "\n    ")
}

func clearPeak() { os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peak is the most memory that the process had since clearPeak; 0 where it is not known.
func peak() int {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0])
			return n << 10
		}
	}
	return 0
}
