package kernels

import "dnn/internal/kernel/scalar"

// dense is y [m,n] = x [m,k]·w [n,k]ᵀ + bias: each sum is one chain of fused multiply-adds.
func dense(y, x, w, bias []float32, m, n, k int) {
	for i := 0; i < m; i++ {
		r := x[i*k : (i+1)*k]
		for j := 0; j < n; j++ {
			s := float32(0)
			for l, u := range w[j*k : (j+1)*k] {
				s = scalar.FMA(r[l], u, s)
			}
			if bias != nil {
				s += bias[j]
			}
			y[i*n+j] = s
		}
	}
}

// matmul is a batch of products of matrices; sizes are batch, m, n, k, and how far rows and columns of x and w lie apart.
func matmul(y, x, w []float32, sizes []int) {
	batch, m, n, k := sizes[0], sizes[1], sizes[2], sizes[3]
	rowX, colX, rowW, colW := sizes[4], sizes[5], sizes[6], sizes[7]
	for b := 0; b < batch; b++ {
		y, x, w := y[b*m*n:], x[b*m*k:], w[b*k*n:]
		for i := 0; i < m; i++ {
			for j := 0; j < n; j++ {
				s := float32(0)
				for l := 0; l < k; l++ {
					s = scalar.FMA(x[i*rowX+l*colX], w[l*rowW+j*colW], s)
				}
				y[i*n+j] = s
			}
		}
	}
}

// conv is a convolution over three axes. Sums go over taps, then channels; what lies beyond the edges takes part as 0. geometry is
// rows, channels of x and y, groups, and the sizes of x and y, kernel, stride, dilation and padding along each axis.
func conv(y, x, w []float32, geometry []int) {
	rows, c, o, groups := geometry[0], geometry[1], geometry[2], geometry[3]
	in, out, kernel := geometry[4:7], geometry[7:10], geometry[10:13]
	stride, dilation, before := geometry[13:16], geometry[16:19], geometry[19:22]
	inputs, outputs := c/groups, o/groups
	taps := kernel[0] * kernel[1] * kernel[2]
	for p := 0; p < rows*out[0]*out[1]*out[2]; p++ {
		p2, p1, p0 := p%out[2]*stride[2]-before[2], p/out[2]%out[1]*stride[1]-before[1], p/(out[2]*out[1])%out[0]*stride[0]-before[0]
		row := p / (out[2] * out[1] * out[0])
		for j := 0; j < o; j++ {
			s, u := float32(0), w[j*taps*inputs:]
			for t := 0; t < taps; t++ {
				i0, i1, i2 := p0+t/(kernel[2]*kernel[1])*dilation[0], p1+t/kernel[2]%kernel[1]*dilation[1], p2+t%kernel[2]*dilation[2]
				if i0 < 0 || i0 >= in[0] || i1 < 0 || i1 >= in[1] || i2 < 0 || i2 >= in[2] {
					for _, v := range u[t*inputs : (t+1)*inputs] {
						s = scalar.FMA(0, v, s)
					}
					continue
				}
				r := x[(((row*in[0]+i0)*in[1]+i1)*in[2]+i2)*c+j/outputs*inputs:]
				for l, v := range u[t*inputs : (t+1)*inputs] {
					s = scalar.FMA(r[l], v, s)
				}
			}
			y[p*o+j] = s
		}
	}
}

// convTranspose is the gradient of conv by its input: x has the sizes of its result. Sums go over descending taps, then the
// channels of x in a group; w is [group, channels of y, taps, channels of x].
func convTranspose(y, x, w []float32, geometry []int) {
	rows, c, o, groups := geometry[0], geometry[1], geometry[2], geometry[3]
	out, in, kernel := geometry[4:7], geometry[7:10], geometry[10:13]
	stride, dilation, before := geometry[13:16], geometry[16:19], geometry[19:22]
	channels, inputs := c/groups, o/groups
	taps := kernel[0] * kernel[1] * kernel[2]
	for p := 0; p < rows*out[0]*out[1]*out[2]; p++ {
		at := [3]int{p/(out[2]*out[1])%out[0] + before[0], p/out[2]%out[1] + before[1], p%out[2] + before[2]}
		row := p / (out[2] * out[1] * out[0])
		for j := 0; j < c; j++ {
			s, u := float32(0), w[j*taps*inputs:]
			for t := taps - 1; t >= 0; t-- {
				k := [3]int{t / (kernel[2] * kernel[1]), t / kernel[2] % kernel[1], t % kernel[2]}
				whole, inside, from := true, true, row
				for ax := 0; ax < 3; ax++ {
					i := at[ax] - k[ax]*dilation[ax]
					whole = whole && i%stride[ax] == 0
					i /= stride[ax]
					inside = inside && i >= 0 && i < in[ax]
					from = from*in[ax] + i
				}
				if !whole {
					continue
				}
				if !inside {
					for _, v := range u[t*inputs : (t+1)*inputs] {
						s = scalar.FMA(0, v, s)
					}
					continue
				}
				r := x[from*o+j/channels*inputs:]
				for l, v := range u[t*inputs : (t+1)*inputs] {
					s = scalar.FMA(r[l], v, s)
				}
			}
			y[p*c+j] = s
		}
	}
}

// winograd is a convolution of 3×3 taps by minimal filtering, F(2×2,3×3): u are the transformed weights [16, outputs, inputs], sizes
// rows, channels of x and y, height and width of x and of y, and the padding before.
func winograd(y, x, u, scratch []float32, sizes []int) {
	rows, c, o, height, width := sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]
	outHeight, outWidth, before, left := sizes[5], sizes[6], sizes[7], sizes[8]
	d, m := scratch[:16*c], scratch[16*c:16*c+16]
	for row := 0; row < rows; row++ {
		for i := 0; i < outHeight; i += 2 {
			for j := 0; j < outWidth; j += 2 {
				for l := 0; l < c; l++ {
					winogradPiece(d[l:], x[row*height*width*c+l:], c, height, width, i-before, j-left)
				}
				for q := 0; q < o; q++ {
					for t := 0; t < 16; t++ {
						s := float32(0)
						v := d[t*c : (t+1)*c]
						for l, w := range u[(t*o+q)*c : (t*o+q+1)*c] {
							s = scalar.FMA(v[l], w, s)
						}
						m[t] = s
					}
					for k := 0; k < 4; k++ {
						m[k], m[4+k] = (m[k]+m[4+k])+m[8+k], (m[4+k]-m[8+k])-m[12+k]
					}
					for r := 0; r < 2 && i+r < outHeight; r++ {
						n := m[4*r : 4*r+4]
						at := ((row*outHeight+i+r)*outWidth+j)*o + q
						y[at] = (n[0] + n[1]) + n[2]
						if j+1 < outWidth {
							y[at+o] = (n[1] - n[2]) - n[3]
						}
					}
				}
			}
		}
	}
}

// winogradPiece transforms 4×4 pixels of a channel from [top, left] on, zeros where there are none; elements of d lie c apart.
func winogradPiece(d, x []float32, c, height, width, top, left int) {
	var p, v [16]float32
	for i := 0; i < 4; i++ {
		for j := 0; j < 4; j++ {
			if h, w := top+i, left+j; h >= 0 && h < height && w >= 0 && w < width {
				p[4*i+j] = x[(h*width+w)*c]
			}
		}
	}
	for j := 0; j < 4; j++ {
		v[j], v[4+j], v[8+j], v[12+j] = p[j]-p[8+j], p[4+j]+p[8+j], p[8+j]-p[4+j], p[4+j]-p[12+j]
	}
	for i := 0; i < 4; i++ {
		a := v[4*i : 4*i+4]
		d[(4*i)*c], d[(4*i+1)*c], d[(4*i+2)*c], d[(4*i+3)*c] = a[0]-a[2], a[1]+a[2], a[2]-a[1], a[1]-a[3]
	}
}
