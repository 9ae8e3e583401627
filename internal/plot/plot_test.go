package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dnn/internal/plot/canvas"
)

// drawn is the folder of each sample, drawn once for all tests, and its name in it.
var drawn = struct {
	all  func() map[string]func(string) error
	lock sync.Mutex
	done map[string]string
	dir  string
}{all: sync.OnceValue(samples), done: map[string]string{}}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "plot")
	if err != nil {
		panic(err)
	}
	drawn.dir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// pathOf draws a sample, unless that was done, and returns its path without the extension.
func pathOf(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(drawn.dir, name, name)
	drawn.lock.Lock()
	_, done := drawn.done[name]
	drawn.done[name] = path
	drawn.lock.Unlock()
	if done {
		return path
	}
	if err := os.Mkdir(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := drawn.all()[name](path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSamples draws every sample: both files are there, sound and of one size, and nothing else is left.
func TestSamples(t *testing.T) {
	t.Run("all", func(t *testing.T) { // what follows finds them drawn
		for name := range drawn.all() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				checkSample(t, pathOf(t, name))
			})
		}
	})
}

func checkSample(t *testing.T, path string) {
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 2 {
		t.Errorf("in the folder: %v", entries)
	}
	file, err := os.Open(path + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	pixels, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	width, height := svgSize(t, path+".svg")
	size := pixels.Bounds().Size()
	if width != 900 || size.X != 1800 || size.Y != int(math.Ceil(2*height)) || height < 100 || height > 1100 {
		t.Errorf("SVG %v × %v, PNG %v", width, height, size)
	}
	checkMargins(t, pixels)
}

// checkMargins fails if anything touches the drawing's border: then it is cut off.
func checkMargins(t *testing.T, pixels image.Image) {
	b := pixels.Bounds()
	white := color.RGBAModel.Convert(color.White)
	check := func(x, y int) {
		if color.RGBAModel.Convert(pixels.At(x, y)) != white {
			t.Fatalf("something is drawn at %d, %d, at the border of %v", x, y, b.Max)
		}
	}
	for k := range 6 {
		for x := range b.Max.X {
			check(x, k)
			check(x, b.Max.Y-1-k)
		}
		for y := range b.Max.Y {
			check(k, y)
			check(b.Max.X-1-k, y)
		}
	}
}

// svgSize checks that an SVG is well formed and has finite numbers, and returns its size.
func svgSize(t *testing.T, path string) (width, height float64) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Width   float64  `xml:"width,attr"`
		Height  float64  `xml:"height,attr"`
	}
	if err := xml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return root.Width, root.Height
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "href" { // an image within; its letters may spell anything
					continue
				}
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Fatalf("<%s %s=%q>", e.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"curves", "confusion_ten", "scatter_density"} {
		again := filepath.Join(dir, name)
		if err := samples()[name](again); err != nil {
			t.Fatal(err)
		}
		first := pathOf(t, name)
		for _, kind := range []string{".svg", ".png"} {
			want, err := os.ReadFile(first + kind)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(again + kind); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s%s differs the second time (%v)", name, kind, err)
			}
		}
	}
}

func TestLabels(t *testing.T) {
	for name, want := range map[string][]string{
		"curves":            {">mnist-mlp 0003<", ">loss (log scale)<", ">accuracy<", ">learning rate (log scale)<", ">training<", ">validation<", ">best epoch<", "best epoch 47 of 60:", ">epoch<", ">60<"},
		"curves_nan":        {">9 values not finite<", ">no finite values<", "Größe (µm) 長さ"},
		"curves_none":       {"no epochs yet"},
		"confusion":         {"accuracy 90.0 % (27 of 30)", ">setosa<", ">versicolor<", ">virginica<", ">10<", ">100 %<", "true virginica, predicted versicolor: 2 (20.0 %)"},
		"confusion_odd":     {"&lt;tags&gt; &amp; &#34;quotes&#34;", ">ελληνικά<", ">名前<", ">0<"},
		"confusion_fifty":   {"number 7 of them"},
		"confusion_many":    {"450 classes, 3 in a cell"},
		"confusion_none":    {"no rows"},
		"scatter":           {"R² 0.9", "RMSE ", ">true price (1000 €)<", ">predicted price (1000 €)<"},
		"scatter_constant":  {"R² undefined", "RMSE 0"},
		"scatter_log":       {"true price (1000 €) (log scale)", ">1e−9<"},
		"scatter_astray":    {"RMSE 7", "2 predicted beyond the frame", ">60<"},
		"scatter_holes":     {"48 pairs", "2 pairs not finite, left out"},
		"scatter_small_one": {"RMSE 2e−9", "1 pair<"},
		"scatter_density":   {">pairs<", ">10<", "100\u00a0000 pairs"},
	} {
		data, err := os.ReadFile(pathOf(t, name) + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(string(data), text) {
				t.Errorf("%s: no %q", name, text)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p")
	for want, err := range map[string]error{
		"3 values for 2 epochs":                   DrawCurves(path, Curves{Epochs: []float64{1, 2}, Loss: Pair{Train: []float64{1, 2, 3}}}),
		"the epochs must ascend, but do not at 2": DrawCurves(path, Curves{Epochs: []float64{2, 2}}),
		"0 rows for 1 classes":                    DrawConfusion(path, Confusion{Classes: []string{"a"}}),
		"row 0 has 2 columns":                     DrawConfusion(path, Confusion{Classes: []string{"a"}, Counts: [][]float64{{1, 2}}}),
		"1 labels for 0 predictions":              DrawScatter(path, Scatter{Labels: []float64{1}}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := DrawScatter(filepath.Join(path, "none"), Scatter{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 0 {
		t.Errorf("left %v", entries)
	}
}

func TestFit(t *testing.T) {
	for want, pairs := range map[string][]canvas.Point{
		"R² 0.96  ·  RMSE 0.2236  ·  mean absolute error 0.15  ·  4 pairs": canvas.Path(1, 1.4, 2, 2.2, 3, 3, 4, 4),
		"R² 1  ·  RMSE 0  ·  mean absolute error 0  ·  2 pairs":            canvas.Path(1e299, 1e299, -1e299, -1e299),
		"no pairs": nil,
	} {
		if got := figures([][]canvas.Point{pairs}, 0); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTicks(t *testing.T) {
	text := func(a axis) string {
		var s []string
		for _, k := range a.ticks {
			s = append(s, k.text)
		}
		return strings.Join(s, " ")
	}
	for want, a := range map[string]axis{
		"0 0.2 0.4 0.6 0.8 1.0":         linear(0, 1, 5),
		"−10 −5 0 5 10":                 linear(-10, 10, 5),
		"0 2e8 4e8 6e8 8e8 1e9":         linear(0, 1e9, 6),
		"0.1 0.2 0.5 1 2 5 10":          logarithmic(0.1, 10),
		"1e−9 1e−6 1e−3 1 1000 1e6 1e9": logarithmic(1e-9, 1e9),
	} {
		if got := text(a); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, r := range [][2]float64{{0, 0}, {5, 5}, {-1e299, 1e299}, {1e9, 1e9 + 1}, {5e-324, 5e-324}, {1e-300, 2e-300}} {
		a := linear(r[0], r[1], 5)
		if n := len(a.ticks); n < 2 || n > 12 || !(a.lo < a.hi) {
			t.Errorf("%v: %d ticks, %v to %v", r, n, a.lo, a.hi)
		}
	}
}

func TestRatesThatEndAtNothingAreLinear(t *testing.T) {
	for last, want := range map[float64]bool{1e-9: false, 1e-5: true, 2e-3: false} {
		d := panel{name: "learning rate", height: 90, series: []series{{values: []float64{3e-3, 1e-3, last}}}}
		if d.scale(); d.y.log != want {
			t.Errorf("down to %v: logarithmic %v, want %v", last, d.y.log, want)
		}
	}
}
