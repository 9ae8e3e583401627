package kernel

// fma returns a*b+c with one rounding. On arm64 the compiler turns a product that
// is added into FMADDS, which rounds once; the explicit conversions in mul keep
// it from doing so elsewhere. TestFma and TestGolden hold it to that.
func fma(a, b, c float32) float32 { return a*b + c }
