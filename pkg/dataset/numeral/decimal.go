package numeral

import (
	"math"
	"math/bits"
	"strconv"
)

// Characters are what a field may be while it is read.
type Characters interface{ ~string | ~[]byte }

// A Decimal is a number as it is written in most tables: digits, the last of which follow the point. Its text can be made from it
// again, byte by byte, so a column keeps these few bits instead of a text.
type Decimal struct {
	Digits int64
	Places uint8 // digits after the point
}

// MostPlaces is how many digits of a decimal may follow the point: ten to that power is a uint64.
const MostPlaces = 19

// ParseDecimal reads a field that is what Append writes, and nothing else: no spaces, no +, no needless zeros before the point, no
// -0, no exponent, and no more digits than an int64 holds.
func ParseDecimal[T Characters](field T) (d Decimal, ok bool) {
	n, i := len(field), 0
	if n == 0 || n > MostPlaces+3 {
		return d, false
	}
	if field[0] == '-' {
		i = 1
	}
	if i == n || field[i]-'0' > 9 || field[i] == '0' && i+1 < n && field[i+1] != '.' {
		return d, false
	}
	point := n
	for ; i < n; i++ {
		digit := field[i] - '0'
		switch {
		case digit <= 9 && d.Digits <= (math.MaxInt64-9)/10:
			d.Digits = 10*d.Digits + int64(digit)
		case field[i] == '.' && point == n && i+1 < n:
			point = i
		default:
			return Decimal{}, false
		}
	}
	if field[0] == '-' {
		d.Digits = -d.Digits
	}
	d.Places = uint8(max(0, n-1-point))
	return d, d.Places <= MostPlaces && (d.Digits != 0 || field[0] != '-')
}

// Append writes the decimal.
func (d Decimal) Append(to []byte) []byte {
	if d.Places == 0 {
		return strconv.AppendInt(to, d.Digits, 10)
	}
	size := uint64(d.Digits)
	if d.Digits < 0 {
		to, size = append(to, '-'), -size
	}
	whole, rest := size/powersOfTen[d.Places], size%powersOfTen[d.Places]
	to = append(strconv.AppendUint(to, whole, 10), '.')
	for k := int(d.Places) - 1; k >= 0; k-- {
		to = append(to, byte('0'+rest/powersOfTen[k]))
		rest %= powersOfTen[k]
	}
	return to
}

// Value is the float64 nearest to the decimal, the one that strconv.ParseFloat gives.
func (d Decimal) Value() float64 {
	switch {
	case d.Places == 0:
		return float64(d.Digits)
	case -mostExact <= d.Digits && d.Digits <= mostExact:
		return float64(d.Digits) / exactPowers[d.Places]
	case d.Digits < 0:
		return -quotient(uint64(-d.Digits), d.Places)
	}
	return quotient(uint64(d.Digits), d.Places)
}

// Whole numbers up to mostExact, and powers of ten up to the 22nd, are float64s. So one division, or one product, of them is rounded
// once, and is the float64 nearest to the number (Clinger 1990).
const mostExact = 1 << 53

var exactPowers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Power is ten to the power of so many places, up to those of whole numbers below 1 << 53.
func Power(places uint8) float64 { return exactPowers[places] }

var powersOfTen = func() (powers [MostPlaces + 1]uint64) {
	powers[0] = 1
	for k := range MostPlaces {
		powers[k+1] = 10 * powers[k]
	}
	return powers
}()

// quotient is the float64 nearest to a whole number above 0 over a power of ten: a division of integers gives more than 53 bits of
// it, and its remainder says on which side of the middle between two float64s it lies.
func quotient(number uint64, places uint8) float64 {
	by := powersOfTen[places]
	up, upBy := bits.LeadingZeros64(number), bits.LeadingZeros64(by)
	number, by = number<<up, by<<upBy
	q, rest := bits.Div64(number>>1, number<<63, by)
	drop := bits.Len64(q) - 53
	kept, below, middle := q>>drop, q&(1<<drop-1), uint64(1)<<(drop-1)
	if below > middle || below == middle && (rest != 0 || kept&1 == 1) {
		kept++
	}
	return math.Ldexp(float64(kept), drop-63+upBy-up)
}

// plainNumber reads a number written with digits, a point and an exponent, where a few steps give the float64 nearest to it. All
// other fields are left to oddNumber.
func plainNumber[T Characters](field T) (x float64, ok bool) {
	n, i, exponent := len(field), 0, 0
	if n == 0 {
		return 0, false
	}
	negative := field[0] == '-'
	if negative || field[0] == '+' {
		i = 1
	}
	digits, begin, point := uint64(0), i, -1
	for ; i < n; i++ {
		digit := field[i] - '0'
		if digit <= 9 && digits <= (math.MaxInt64-9)/10 {
			digits = 10*digits + uint64(digit)
		} else if field[i] == '.' && point < 0 {
			point = i
		} else {
			break
		}
	}
	some := i - begin
	if point >= 0 {
		exponent, some = point+1-i, some-1
	}
	if some == 0 {
		return 0, false
	}
	if i < n {
		power, ok := smallExponent(field[i+1:])
		if !ok || field[i]|' ' != 'e' {
			return 0, false
		}
		exponent += power
	}
	switch {
	case exponent == 0 || digits == 0:
		x = float64(digits)
	case digits <= mostExact && -exponent < len(exactPowers) && exponent < 0:
		x = float64(digits) / exactPowers[-exponent]
	case digits <= mostExact && exponent < len(exactPowers) && exponent > 0:
		x = float64(digits) * exactPowers[exponent]
	case -MostPlaces <= exponent && exponent < 0:
		x = quotient(digits, uint8(-exponent))
	default:
		return 0, false
	}
	if negative {
		x = -x
	}
	return x, true
}

// smallExponent reads an exponent of one to three digits.
func smallExponent[T Characters](field T) (power int, ok bool) {
	i := 0
	if len(field) > 0 && (field[0] == '-' || field[0] == '+') {
		i = 1
	}
	if n := len(field) - i; n < 1 || n > 3 {
		return 0, false
	}
	for ; i < len(field); i++ {
		digit := field[i] - '0'
		if digit > 9 {
			return 0, false
		}
		power = 10*power + int(digit)
	}
	if field[0] == '-' {
		power = -power
	}
	return power, true
}
