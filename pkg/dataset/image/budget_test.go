package image

import (
	"image"
	"image/color"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestBudget: large images are decoded one after the other, and never does one wait for ever.
func TestBudget(t *testing.T) {
	b := newBudget()
	var now, most atomic.Int64
	var wait sync.WaitGroup
	for i := range 200 {
		wait.Go(func() {
			n := decodeBytes / 4
			if i%50 == 0 {
				n = 2 * decodeBytes
			}
			release := b.take(n)
			defer release()
			if have := now.Add(int64(n)); n < decodeBytes {
				most.Store(max(most.Load(), have))
			}
			now.Add(-int64(n))
		})
	}
	wait.Wait()
	if b.used != 0 || most.Load() > decodeBytes {
		t.Errorf("%d are left, and at most %d were used", b.used, most.Load())
	}
}

func TestDecodedBytes(t *testing.T) {
	png, jpeg := &format{name: "PNG"}, &format{name: "JPEG"}
	for _, c := range []struct {
		f     *format
		model color.Model
		want  int
	}{
		{png, color.GrayModel, 4}, {png, color.Palette{}, 4}, {png, color.NRGBAModel, 7}, {png, color.NRGBA64Model, 11}, {jpeg, color.YCbCrModel, 19},
	} {
		if got := decodedBytes(c.f, image.Config{ColorModel: c.model, Width: 10, Height: 10}); got != 100*c.want {
			t.Errorf("%s %v: %d, want %d", c.f.name, c.model, got, 100*c.want)
		}
	}
	config := image.Config{ColorModel: color.NRGBA64Model, Width: 10000, Height: 10000}
	if err := checkMemory(png, config, 2e9); err == nil || !strings.Contains(err.Error(), "decoded it takes 1.1 GB, and this machine has 2.0 GB") {
		t.Error(err)
	}
	if err := checkMemory(png, config, 4e9); err != nil {
		t.Error(err)
	}
}
