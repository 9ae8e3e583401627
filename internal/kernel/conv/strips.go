package conv

// copyStripsGeneric copies n elements from each of some lines.
func copyStripsGeneric(dst, x []float32, lines, n, ldd, ldx int) {
	for i := range lines {
		copy(dst[i*ldd:i*ldd+n], x[i*ldx:])
	}
}
