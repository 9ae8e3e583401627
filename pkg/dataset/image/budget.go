package image

import (
	"fmt"
	"image"
	"image/color"
	"sync"
)

// decodeBytes is how many bytes images may take while they are decoded, on all threads together; a larger one waits until it is
// alone.
const decodeBytes = 1 << 29

// budget is a number of bytes that goroutines share.
type budget struct {
	lock sync.Mutex
	free *sync.Cond
	used int
}

// decoding is what all threads share.
var decoding = newBudget()

func newBudget() *budget {
	b := &budget{}
	b.free = sync.NewCond(&b.lock)
	return b
}

// take waits until there are n bytes, or nobody else has any, and returns what gives them back.
func (b *budget) take(n int) (release func()) {
	b.lock.Lock()
	defer b.lock.Unlock()
	for b.used > 0 && b.used+n > decodeBytes {
		b.free.Wait()
	}
	b.used += n
	return func() {
		b.lock.Lock()
		defer b.lock.Unlock()
		b.used -= n
		b.free.Broadcast()
	}
}

// decodedBytes is how many bytes decoding an image takes: its pixels as the decoder gives them and as channels, and of a JPEG the
// coefficients, which it keeps when they come in several scans.
func decodedBytes(f *format, config image.Config) int {
	each := 4
	switch m := config.ColorModel; m {
	case color.GrayModel, color.AlphaModel:
		each = 1
	case color.Gray16Model, color.Alpha16Model:
		each = 2
	case color.RGBA64Model, color.NRGBA64Model:
		each = 8
	default:
		if _, ok := m.(color.Palette); ok {
			each = 1
		}
	}
	if f.name == "JPEG" {
		each += 3 * each
	}
	return config.Width * config.Height * (each + 3)
}

// checkMemory says that an image takes more memory than there is.
func checkMemory(f *format, config image.Config, have int) error {
	if need := decodedBytes(f, config); have > 0 && need > have/2 {
		return fmt.Errorf("an image of %d×%d is too large: decoded it takes %.1f GB, and this machine has %.1f GB of memory",
			config.Width, config.Height, float64(need)/1e9, float64(have)/1e9)
	}
	return nil
}
