package canvas

import (
	"image/color"
	"math"
)

// The lines' colours are of the Okabe–Ito set, which people who see colours differently can tell apart; the lines
// differ in lightness too, for prints in grey.
var (
	Ink    = RGB(0x1f2328) // titles
	Soft   = RGB(0x57606a) // labels
	Faint  = RGB(0xe4e7eb) // grid
	Frame  = RGB(0x9aa1a9) // axes
	White  = RGB(0xffffff)
	Blue   = RGB(0x0072b2) // training
	Orange = RGB(0xd55e00) // validation
	Green  = RGB(0x009e73) // learning rate
)

// RGB is a color given as 0xrrggbb.
func RGB(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// Alpha is a color with an opacity from 0 to 1.
func Alpha(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(math.Round(a * 255))
	return c
}

// Ramp is a scale of colours from light to dark, at equal steps.
type Ramp []color.NRGBA

// Ramps of the charts.
var (
	// Blues runs from white to a deep blue in even steps of lightness.
	Blues = Ramp{RGB(0xffffff), RGB(0xe3eef8), RGB(0xc0d9ee), RGB(0x8fbfe0), RGB(0x579fcd), RGB(0x2c7cb8), RGB(0x10599b), RGB(0x083a70), RGB(0x05224a)}
	// Viridis, dark end last, without its brightest yellow, which is lost on white.
	Viridis = Ramp{RGB(0xbddf26), RGB(0x7ad151), RGB(0x44bf70), RGB(0x22a884), RGB(0x21918c), RGB(0x2a788e), RGB(0x355f8d), RGB(0x414487), RGB(0x482475), RGB(0x440154)}
)

// At returns the colour at t, from 0 to 1.
func (r Ramp) At(t float64) color.NRGBA {
	t = min(max(t, 0), 1) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	t -= float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*t)) }
	a, b := r[i], r[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// On returns the colour of text that reads best on ground.
func On(ground color.NRGBA) color.NRGBA {
	if 0.299*float64(ground.R)+0.587*float64(ground.G)+0.114*float64(ground.B) < 140 {
		return White
	}
	return Ink
}
