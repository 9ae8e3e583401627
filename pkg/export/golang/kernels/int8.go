package kernels

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// scaleOf is the scale of numbers as 8-bit integers: that of the largest magnitude; NaN if one is not finite.
func scaleOf(x []float32) float32 {
	most := uint32(0)
	for _, v := range x {
		if u := math.Float32bits(v) &^ (1 << 31); u > most {
			most = u
		}
	}
	if most >= 0x7f800000 {
		return float32(math.NaN())
	}
	return math.Float32frombits(most) / 127
}

// quantize is x/scale as whole numbers within ±127, ties to even; 0 for NaN.
func quantize(q []int32, x []float32, scale float32) {
	inverse := float32(0)
	if scale != 0 {
		inverse = 1 / scale
	}
	for i, v := range x {
		q[i] = 0
		if v = scalar.Mul(v, inverse); v == v {
			q[i] = int32(math.RoundToEven(float64(scalar.Clip(v, -127, 127))))
		}
	}
}

// denseInt8 is y = x·wᵀ + bias in 8-bit integers, for w [n,k] with a scale for each row; given is the scale of x, or 0 for one of each
// row.
func denseInt8(y, x []float32, w []int8, scales, bias []float32, q []int32, m, n, k int, given float32) {
	for i := 0; i < m; i++ {
		r, scale := x[i*k:(i+1)*k], given
		if given == 0 {
			scale = scaleOf(r)
		}
		quantize(q, r, scale)
		for j := 0; j < n; j++ {
			s := int32(0)
			for l, u := range w[j*k : (j+1)*k] {
				s += q[l] * int32(u)
			}
			v := scalar.Mul(float32(s), scalar.Mul(scale, scales[j]))
			if bias != nil {
				v += bias[j]
			}
			y[i*n+j] = v
		}
	}
}

// convInt8 is conv in 8-bit integers, with a scale for each image unless one is given.
func convInt8(y, x []float32, w []int8, scales, bias []float32, q []int32, geometry []int, given float32) {
	rows, c, o, groups := geometry[0], geometry[1], geometry[2], geometry[3]
	in, out, kernel := geometry[4:7], geometry[7:10], geometry[10:13]
	stride, dilation, before := geometry[13:16], geometry[16:19], geometry[19:22]
	inputs, outputs := c/groups, o/groups
	taps, size, places := kernel[0]*kernel[1]*kernel[2], in[0]*in[1]*in[2]*c, out[0]*out[1]*out[2]
	for row := 0; row < rows; row++ {
		image, scale := x[row*size:(row+1)*size], given
		if given == 0 {
			scale = scaleOf(image)
		}
		quantize(q, image, scale)
		for p := 0; p < places; p++ {
			p2, p1, p0 := p%out[2]*stride[2]-before[2], p/out[2]%out[1]*stride[1]-before[1], p/(out[2]*out[1])*stride[0]-before[0]
			for j := 0; j < o; j++ {
				s := int32(0)
				for t := 0; t < taps; t++ {
					i0, i1, i2 := p0+t/(kernel[2]*kernel[1])*dilation[0], p1+t/kernel[2]%kernel[1]*dilation[1], p2+t%kernel[2]*dilation[2]
					if i0 < 0 || i0 >= in[0] || i1 < 0 || i1 >= in[1] || i2 < 0 || i2 >= in[2] {
						continue
					}
					r := q[((i0*in[1]+i1)*in[2]+i2)*c+j/outputs*inputs:]
					for l, u := range w[(j*taps+t)*inputs : (j*taps+t+1)*inputs] {
						s += r[l] * int32(u)
					}
				}
				v := scalar.Mul(float32(s), scalar.Mul(scale, scales[j]))
				if bias != nil {
					v += bias[j]
				}
				y[(row*places+p)*o+j] = v
			}
		}
	}
}

func gatherInt8(y []float32, table []int8, scales []float32, ids []int32, n, width int) {
	for i, id := range ids[:n] {
		for j, v := range table[int(id)*width : (int(id)+1)*width] {
			y[i*width+j] = scalar.Mul(float32(v), scales[id])
		}
	}
}
