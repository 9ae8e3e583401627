package dataset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/image"
)

// loadEarly loads a section and returns what was told before the work, and the most bytes of heap meanwhile.
func loadEarly(t *testing.T, dir, section string, options ...dataset.Option) (d *dataset.Data, early string, most uint64) {
	t.Helper()
	settings, problems := datasettest.SettingsOf(t, section)
	if problems.Len() > 0 {
		t.Fatal(problems)
	}
	var done atomic.Bool
	peak := make(chan uint64)
	go func() {
		most := uint64(0)
		for !done.Load() {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			time.Sleep(time.Millisecond)
		}
		peak <- most
	}()
	d = dataset.Load(settings, dir, 1, problems, append(options, dataset.TellEarly(func(text string) { early += text + "\n" }))...)
	done.Store(true)
	most = <-peak
	if problems.Len() > 0 {
		t.Fatal(problems)
	}
	return d, early, most
}

// TestImagesKeepToTheirMemory: 16 images of 12 MB are 192 MB decoded, and only a few may be there at a time.
func TestImagesKeepToTheirMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("measures memory")
	}
	files := map[string]any{}
	for i := range 16 {
		files[fmt.Sprintf("s/%d/%d.png", i%2, i)] = datasettest.Grey(4, 4, byte(i))
	}
	dir := datasettest.Draw(t, t.TempDir(), files)
	const section = "{format: image_folder, path: s, image: {width: 2000, height: 2000, channels: 3}, fit: pad, split: {validation: 0}, inputs: [{column: image, type: image, normalize: none}], "
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	_, early, most := loadEarly(t, dir, section+"memory: 0.02, cache: kept}")
	if !strings.Contains(early, "16 decoded images of 2000×2000×3 take 0.192 GB, and memory allows 0.02 GB more: each is decoded when needed") {
		t.Error(early)
	}
	if most -= min(most, before.HeapAlloc); most > 140e6 {
		t.Errorf("%d MB of heap", most/1e6)
	}
	if _, err := os.Stat(filepath.Join(dir, "kept")); err == nil {
		t.Error("a cache was written that was not asked for")
	}
}

// TestTablesKeepToTheirMemory: what was read of a table is forgotten as it is encoded. While it is loaded, memory holds at most half as
// much again as its cells, besides what reading takes; with all fields of numbers kept, it would hold twice as much.
func TestTablesKeepToTheirMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("measures memory")
	}
	const rows, columns = 200_000, 50
	names := make([]string, columns+1) // the first one's is v
	for i := range columns {
		names[i+1] = "x" + strconv.Itoa(i)
	}
	for name, number := range map[string]func(r *rand.Rand) string{
		"as many places": func(r *rand.Rand) string { return strconv.FormatFloat(10*r.NormFloat64(), 'f', 5, 64) },
		"few words":      func(r *rand.Rand) string { return "word number " + strconv.Itoa(r.IntN(40)) },
		"as many digits": func(r *rand.Rand) string { return strconv.FormatFloat(r.NormFloat64(), 'g', 7, 64) },
	} {
		r := rand.New(rand.NewPCG(5, 6))
		numbers := make([]string, 10_000)
		for i := range numbers {
			numbers[i] = "," + number(r)
		}
		dir := datasettest.Write(t, map[string]string{"t.csv": datasettest.CountTable(rows, strings.Join(names, ","), func(int) string {
			var row strings.Builder
			for range names[1:] {
				row.WriteString(numbers[r.IntN(len(numbers))])
			}
			return row.String()
		})})
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, most := loadEarly(t, dir, "{format: csv, path: t.csv, target: v}")
		most -= min(most, before.HeapAlloc)
		const cells, reading = 4 * rows * (columns + 1), 8 << 20
		if t.Logf("%s: %d MB of heap for %d MB of cells", name, most/1e6, cells/1_000_000); most > cells*3/2+reading {
			t.Error("that is too much")
		}
	}
}

// TestMistakesAmongForgottenRows: each row with a mistake is told once, in the order of the file within its split, wherever it lies.
func TestMistakesAmongForgottenRows(t *testing.T) {
	wrong := []string{"odd0", "odd3000", "odd8999"}
	text := datasettest.CountTable(9000, ",x", func(i int) string {
		if word := "odd" + strconv.Itoa(i-1); slices.Contains(wrong, word) {
			return "," + word
		}
		return "," + strconv.Itoa(i%7)
	})
	for _, split := range []string{"{validation: 0.2, test: 0.2}", "{order: true, validation: 0.2, test: 0.2}"} {
		_, problems := datasettest.LoadTable(t, text, "target: v, inputs: [{columns: [x], type: number}], split: "+split)
		last := -1
		for _, word := range wrong {
			at := strings.Index(problems, strconv.Quote(word))
			if strings.Count(problems, strconv.Quote(word)) != 1 || strings.Contains(split, "order") && at < last {
				t.Errorf("%s: %s is not told in its place:\n%s", split, word, problems)
			}
			last = at
		}
	}
}

func TestRowsOfNoPartAreNotDecoded(t *testing.T) {
	files := map[string]any{}
	for i := range 20 {
		files[fmt.Sprintf("s/%d/%02d.png", i%2, i)] = datasettest.Grey(2, 2, byte(i))
	}
	dir := datasettest.Draw(t, t.TempDir(), files)
	const section = "{format: image_folder, path: s, cache: kept, " + datasettest.ImagesAlone + "split: {order: true, train: 12, validation: 2, test: 2}}"
	d := datasettest.MustLoad(t, dir, section)
	px := d.Train.Pixels(0)
	want := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), datasettest.Floats(d.Schema, d.Test, 0))
	if len(px.Bytes) != 16*4 {
		t.Errorf("%d bytes are held", len(px.Bytes))
	}
	if d := datasettest.MustLoad(t, dir, section); fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), datasettest.Floats(d.Schema, d.Test, 0)) != want {
		t.Error("the cache holds other images")
	}
	for _, memory := range []string{"memory: 0, cache: kept", "memory: 0, cache: none"} {
		d := datasettest.MustLoad(t, dir, strings.Replace(section, "cache: kept", memory, 1))
		if got := fmt.Sprint(datasettest.Floats(d.Schema, d.Train, 0), datasettest.Floats(d.Schema, d.Test, 0)); got != want {
			t.Errorf("%s: %s, want %s", memory, got, want)
		}
	}
	all := datasettest.MustLoad(t, dir, "{format: image_folder, path: s, "+datasettest.ImagesAlone+"split: {order: true, validation: 2, test: 2}}")
	if all.Digest != d.Digest {
		t.Error("the digest is not that of all files")
	}
	datasettest.Draw(t, dir, map[string]any{"s/1/19.png": datasettest.Grey(2, 2, 1), "s/1/17.png": "broken"}) // the first lies in the test split
	if _, problems := datasettest.TryLoad(t, dir, section, 1); problems != "" {
		t.Error(problems)
	}
}

func TestLeftCachesAreRemoved(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/a/1.png": datasettest.Grey(1, 1, 1), "s/b/3.png": datasettest.Grey(1, 1, 3)})
	gone := fmt.Sprintf("kept/dnn-%s-%d-1.tmp", image.Host(), 1<<30)
	mine := fmt.Sprintf("kept/dnn-%s-%d-1.tmp", image.Host(), os.Getpid())
	datasettest.Draw(t, dir, map[string]any{gone: "x", mine: "x", "kept/123.tmp": "x", "kept/124.tmp": "x", "kept/other.tmp": "x", "kept/dnn-elsewhere-7-1.tmp": "x"})
	day := time.Now().Add(-25 * time.Hour)
	for _, name := range []string{"kept/123.tmp", "kept/other.tmp"} {
		if err := os.Chtimes(filepath.Join(dir, name), day, day); err != nil {
			t.Fatal(err)
		}
	}
	datasettest.MustLoad(t, dir, "{format: image_folder, path: s, cache: kept, split: {validation: 0}}")
	for name, stays := range map[string]bool{gone: false, mine: true, "kept/123.tmp": false, "kept/124.tmp": true, "kept/other.tmp": true, "kept/dnn-elsewhere-7-1.tmp": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrongRoots(t *testing.T) {
	dir := datasettest.Photos(t, "data/t.csv", "photo,x,y\np/a.png,5,1\np/b c.png,6,2\n")
	full := func(name string) string { return filepath.Join(dir, name) }
	for root, want := range map[string]string{
		"nowhere":    "dataset.inputs[0].root: nowhere: no such file or directory (looked for as " + full("nowhere") + ")",
		"data/t.csv": "dataset.inputs[0].root: data/t.csv is a file",
		".":          "p/a.png: no such file or directory (looked for as " + full("p/a.png") + ")\n",
	} {
		_, problems := datasettest.TryLoad(t, dir, "{train: data/t.csv, "+strings.Replace(datasettest.PhotoInputs, "width", "root: "+root+", width", 1)+"}", 1)
		if !strings.Contains(problems+"\n", want) || strings.Contains(problems, "on_error") {
			t.Errorf("%s: %s", root, problems)
		}
	}
}

// TestOneMistakeOfImages: what is wrong with a key brings no second mistake with it.
func TestOneMistakeOfImages(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/a/1.png": datasettest.Grey(4, 3, 1), "s/b/3.png": datasettest.Grey(4, 2, 3)})
	for _, keys := range []string{
		"image: {width: 4, height: 4, channels: 2}", "image: {width: 100000, height: 4}", "image: {width: -4, height: 4}", "image: 24", "on_error: ignore", "image: {width: 24}", "fit: squeeze",
	} {
		if _, problems := datasettest.TryLoad(t, dir, "{format: image_folder, path: s, split: {validation: 0}, "+keys+"}", 1); problems == "" || strings.Contains(problems, "\n") {
			t.Errorf("%s:\n%s", keys, problems)
		}
	}
}

// TestImagesAreNamedFromTheWorkingFolder: the same from the folder of a spec and from that of a run, however it is named.
func TestImagesAreNamedFromTheWorkingFolder(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"s/a/1.png": datasettest.Grey(1, 1, 1), "s/b/3.png": datasettest.Grey(1, 1, 3), "s/b/4.png": "", "runs/1/x": ""})
	t.Chdir(dir)
	for from, path := range map[string]string{".": "s", "runs/1": "../../s", filepath.Join(dir, "runs", "1"): "../../s"} {
		d := datasettest.MustLoad(t, from, "{format: image_folder, path: "+path+", on_error: skip, split: {validation: 0}}")
		if got := d.Train.Place(0); got != "s/a/1.png" || !datasettest.Noted(d, "be read: s/b/4.png: the file is empty") {
			t.Errorf("%s: %s, %q", from, got, d.Notes)
		}
	}
}
