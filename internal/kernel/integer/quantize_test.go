package integer

import (
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

func TestMain(m *testing.M) { os.Exit(guard.Run(m, os.Stderr)) }

func TestQuantize(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	x := []float32{0, 0.5, 1.5, 2.5, -0.5, -1.5, 127, 127.4, 128, -127.5, -1e30, inf, -inf, nan, 1e-40}
	want := []int8{0, 0, 2, 2, 0, -2, 127, 127, 127, -127, -127, 127, -127, 0, 0}
	got := make([]int8, len(x))
	if Quantize(got, x, 1); !slices.Equal(got, want) {
		t.Errorf("%v become %v, want %v", x, got, want)
	}
	if Quantize(got, x, 0); !slices.Equal(got, make([]int8, len(x))) {
		t.Errorf("with scale 0 %v become %v", x, got)
	}
}

func TestScale(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		x    []float32
		want float32
	}{
		{nil, 0}, {[]float32{0, 0}, 0}, {[]float32{1, -254, 3}, 2}, {[]float32{1, nan}, nan}, {[]float32{float32(math.Inf(-1)), 2}, nan},
	} {
		if got := Scale(AbsMax(c.x)); !kerneltest.Same(got, c.want) {
			t.Errorf("the scale of %v is %v, want %v", c.x, got, c.want)
		}
	}
}

// TestQuantizeVariants holds the loops of all variants to the portable ones, with numbers of all sorts.
func TestQuantizeVariants(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, n := range kerneltest.Sizes {
			for kind, data := range kerneltest.Kinds {
				x := data(n, n)
				if got, want := active.absMax(x), absMaxGeneric(x); got != want {
					t.Fatalf("the largest of %d%s is %#x, want %#x", n, kind, got, want)
				}
				for _, inv := range []float32{0, 1, 40, 1e38, float32(math.NaN()), float32(math.Inf(1))} {
					got, want := bytesOf(guard.Floats(floats(n)))[:n], make([]byte, n)
					for _, flip := range []uint32{0, 0x80808080} {
						any, wantAny := active.toBytes(got, x, inv, flip), toBytesGeneric(want, x, inv, flip)
						if !slices.Equal(got, want) || (any == 0) != (wantAny == 0) {
							t.Fatalf("%d%s·%v are the bytes %v, %#x, want %v, %#x", n, kind, inv, got, any, want, wantAny)
						}
					}
					float, wantFloat := guard.Floats(n), guard.Floats(n)
					active.toFloats(float, x, inv)
					toFloatsGeneric(wantFloat, x, inv)
					kerneltest.WantSame(t, fmt.Sprintf("floats of %d%s·%v", n, kind, inv), float, wantFloat)
					short, wantShort := shortsOf(bytesOf(guard.Floats(floats(2 * n))))[:n], make([]int16, n)
					active.toWords(short, x, inv)
					if toWordsGeneric(wantShort, x, inv); !slices.Equal(short, wantShort) {
						t.Fatalf("%d%s·%v are the words %v, want %v", n, kind, inv, short, wantShort)
					}
				}
			}
		}
	})
}
