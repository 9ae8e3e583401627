package vec

// Transpose2D writes dst[j,i] = x[i,j] for x [rows,cols] and dst [cols,rows], for the
// rows [lo,hi) of dst. dst must not be x.
func Transpose2D(dst, x []float32, rows, cols, lo, hi int) {
	if rows > 0 && lo < hi {
		dst, x = dst[:hi*rows], x[:rows*cols]
		active.transpose(dst[lo*rows:], x[lo:], hi-lo, rows, rows, cols)
	}
}

// Gather writes dst[i,:] = table[idx[i],:] for the positions [lo,hi); rows are
// width long.
func Gather(dst, table []float32, idx []int32, width, lo, hi int) {
	for i := lo; i < hi; i++ {
		r := int(idx[i])
		copy(dst[i*width:(i+1)*width], table[r*width:(r+1)*width])
	}
}

// ScatterAddRows adds dy[i,:] to dst[idx[i],:] in ascending order of i, for the rows of dst with an index in [lo,hi):
// threads may share them out.
func ScatterAddRows(dst []float32, idx []int32, dy []float32, width, lo, hi int) {
	for i, r := range idx {
		if int(r) < lo || int(r) >= hi {
			continue
		}
		d := dst[int(r)*width : int(r+1)*width]
		active.add(d, d, dy[i*width:(i+1)*width])
	}
}

// OneHot writes dst[i,:] = off but on at idx[i], for the positions [lo,hi);
// rows have one element per class. An index outside [0,classes) leaves its row off.
func OneHot(dst []float32, idx []int32, classes int, on, off float32, lo, hi int) {
	for i := lo; i < hi; i++ {
		r := dst[i*classes : (i+1)*classes]
		for j := range r {
			r[j] = off
		}
		if c := int(idx[i]); c >= 0 && c < classes {
			r[c] = on
		}
	}
}

// Transpose writes dst[j·ldd+i] = x[i·ldx+j] for j < rows and i < cols.
func Transpose(dst, x []float32, rows, cols, ldd, ldx int) {
	active.transpose(dst, x, rows, cols, ldd, ldx)
}

// transposeGeneric is dst[j·ldd+i] = x[i·ldx+j] for j < rows and i < cols, where rows
// and cols are dst's, in tiles that keep both sides in the cache.
func transposeGeneric(dst, x []float32, rows, cols, ldd, ldx int) {
	const tile = 16
	for j0 := 0; j0 < rows; j0 += tile {
		for i0 := 0; i0 < cols; i0 += tile {
			for j := j0; j < min(j0+tile, rows); j++ {
				for i := i0; i < min(i0+tile, cols); i++ {
					dst[j*ldd+i] = x[i*ldx+j]
				}
			}
		}
	}
}
