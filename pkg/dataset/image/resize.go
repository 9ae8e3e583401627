package image

// resize scales a section of the image to w×h. The filter is a triangle, as in Pillow's BILINEAR and in torchvision's
// antialiased resizing. Upscaling interpolates between the centres of pixels. Downscaling widens the triangle by the
// ratio, so that each pixel is a weighted mean of all that it covers. Rows are filtered first, then columns; in
// between, values keep 8 fractional bits.
func (r *raster) resize(from rect, w, h int) *raster {
	across, down := newFilter(from.w, w), newFilter(from.h, h)
	mid := make([]uint16, from.h*w*r.c) // of shape [from.h, w, c], times 256
	for y := range from.h {
		row := r.pix[((from.y+y)*r.w+from.x)*r.c:][:from.w*r.c]
		out := mid[y*w*r.c:][:w*r.c]
		for x := range w {
			first, weights := across.at(x)
			for c := range r.c {
				sum := uint32(1 << 7)
				for i, wt := range weights {
					sum += wt * uint32(row[(first+i)*r.c+c])
				}
				out[x*r.c+c] = uint16(sum >> 8)
			}
		}
	}
	res := newRaster(w, h, r.c)
	n := w * r.c
	sums := make([]uint32, n)
	for y := range h {
		first, weights := down.at(y)
		for i := range sums {
			sums[i] = 1 << 23
		}
		for k, wt := range weights {
			row := mid[(first+k)*n:][:n]
			for i, v := range row {
				sums[i] += wt * uint32(v) // at most 2^16 · 255 · 2^8 and the half, which is below 2^32
			}
		}
		out := res.pix[y*n:][:n]
		for i, s := range sums {
			out[i] = byte(s >> 24)
		}
	}
	return res
}

// filter holds the weights of the m input pixels for each of n output pixels.
type filter struct {
	first   []int
	starts  []int    // index of each output's first weight; one more than outputs
	weights []uint32 // those of an output sum to one
}

// one is the sum of the weights of an output.
const one = 1 << 16

// newFilter computes the weights. Output i has its centre at (i+½)·m/n; input j has weight s - |its distance|, with s =
// max(1, m/n). In units of 1/(2n) all of that is whole, so the weights are exact up to their last bit. The rounding
// error is added to the largest weight.
func newFilter(m, n int) *filter {
	f := &filter{starts: []int{0}}
	reach := 2 * max(m, n)
	raw := make([]int, 0, 2*reach/(2*n)+2)
	for i := range n {
		centre := (2*i + 1) * m
		lo := max(0, (centre-reach)/(2*n)-1)
		raw = raw[:0]
		first, sum := -1, 0
		for j := lo; j < m; j++ {
			d := (2*j+1)*n - centre
			if d >= reach {
				break
			}
			if d <= -reach {
				continue
			}
			if first < 0 {
				first = j
			}
			wt := reach - max(d, -d)
			raw, sum = append(raw, wt), sum+wt
		}
		rest, largest := one, 0
		for k, wt := range raw {
			v := divide(wt*one, sum)
			rest -= v
			if wt > raw[largest] {
				largest = k
			}
			f.weights = append(f.weights, uint32(v))
		}
		f.weights[f.starts[i]+largest] += uint32(rest) // may be negative: the sum wraps around
		f.first = append(f.first, first)
		f.starts = append(f.starts, len(f.weights))
	}
	return f
}

// at returns the first input pixel of output i, and its weights.
func (f *filter) at(i int) (first int, weights []uint32) {
	return f.first[i], f.weights[f.starts[i]:f.starts[i+1]]
}
