package scalar

// FMA returns a*b+c with one rounding. On arm64 the compiler turns a product that
// is added into FMADDS, which rounds once; the explicit conversions in Mul keep
// it from doing so elsewhere. TestFma and TestGolden hold it to that.
func FMA(a, b, c float32) float32 { return a*b + c }
