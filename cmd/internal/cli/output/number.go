package output

import (
	"fmt"
	"math"
	"strconv"
)

// Figure writes a number for people: four decimals, or as many digits as are significant.
func Figure(x float64) string {
	abs := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "-"
	case math.IsInf(x, 0), abs >= 1e9, abs > 0 && abs < 0.001:
		return strconv.FormatFloat(x, 'g', 4, 64)
	case abs >= 1000:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case abs >= 10:
		return strconv.FormatFloat(x, 'f', 3, 64)
	}
	return strconv.FormatFloat(x, 'f', 4, 64)
}

// Count writes a whole number with commas between thousands.
func Count[T int | int64](n T) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Plural writes a number with its noun: "1 row", "3 rows".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

// Signed is Figure with a plus before positive numbers.
func Signed(v float64) string {
	if v > 0 {
		return "+" + Figure(v)
	}
	return Figure(v)
}

// Amount writes a large number with its unit: 1.2 M.
func Amount(x float64) string {
	units := []string{"", " k", " M", " G", " T"}
	i := 0
	for x >= 1000 && i < len(units)-1 {
		x /= 1000
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f%s", x, units[i])
}

// Memory writes a number of bytes.
func Memory(n int) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	x, i := float64(n), 0
	for x >= 1024 && i < len(units)-1 {
		x /= 1024
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", x, units[i])
}
