package numeral

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// sameNumber holds Parse against strconv.ParseFloat, bit by bit, and a decimal against its text.
func sameNumber(t *testing.T, field string) {
	t.Helper()
	want, err := strconv.ParseFloat(field, 64)
	x, ok := plainNumber(field)
	if ok && (err != nil || math.Float64bits(x) != math.Float64bits(want)) {
		t.Errorf("%q is read as %v, but it is %v (%v)", field, x, want, err)
	}
	d, ok := ParseDecimal(field)
	if !ok {
		return
	}
	if x := d.Value(); err != nil || math.Float64bits(x) != math.Float64bits(want) {
		t.Errorf("the decimal %q is %v, but it is %v (%v)", field, x, want, err)
	}
	if text := string(d.Append(nil)); text != field {
		t.Errorf("the decimal %q is written as %q", field, text)
	}
}

func TestNumbersAsStrconvReadsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 40_000 {
		x := r.NormFloat64() * math.Pow(10, float64(r.IntN(30)-15))
		for _, field := range []string{
			strconv.FormatFloat(x, 'g', -1, 64), strconv.FormatFloat(x, 'f', r.IntN(20), 64), strconv.FormatFloat(x, 'e', r.IntN(19), 64),
			strconv.FormatUint(r.Uint64()>>r.IntN(64), 10), strconv.FormatInt(int64(r.Uint64()>>1)/2*2+1, 10) + "e-" + strconv.Itoa(r.IntN(25)),
		} {
			sameNumber(t, field)
		}
	}
	for _, field := range []string{
		"0", "-0", "0.0", "-0.00", "+1", "1.", ".5", "-.5e3", "1e5", "1E+05", "1e-05", "007", "1e999", "1e-400", "9007199254740993", "9007199254740992.5",
		"9223372036854775807", "9223372036854775808", "0.1234567890123456789", "0.01234567890123456789", "0.0000000000000000001", "1e22", "1e23", "123456789012345678e-19", "", "-", ".", "e5", "1e", "1e+", "1.2.3",
		"--1", "inf", "nan", "0x1p3", "1_2", "1e1000000000000000000000", "4503599627370496.5", "4503599627370497.5", "18014398509481985",
	} {
		sameNumber(t, field)
	}
}

func FuzzNumber(f *testing.F) {
	for _, field := range []string{"1.5", "-0.00", "1e22", "9007199254740993.5", ".5", "0.0000000000000000001", "12345678901234567e-22"} {
		f.Add(field)
	}
	f.Fuzz(sameNumber)
}
