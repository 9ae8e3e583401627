package plot

import (
	"image/color"
	"math"
)

// The lines' colours are of the Okabe–Ito set, which people who see colours differently can tell apart; the lines
// differ in lightness too, for prints in grey.
var (
	ink    = rgb(0x1f2328) // titles
	soft   = rgb(0x57606a) // labels
	faint  = rgb(0xe4e7eb) // grid
	frame  = rgb(0x9aa1a9) // axes
	white  = rgb(0xffffff)
	blue   = rgb(0x0072b2) // training
	orange = rgb(0xd55e00) // validation
	green  = rgb(0x009e73) // learning rate
)

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func alpha(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(math.Round(a * 255))
	return c
}

// ramp is a scale of colours from light to dark, at equal steps.
type ramp []color.NRGBA

var (
	// blues runs from white to a deep blue in even steps of lightness.
	blues = ramp{rgb(0xffffff), rgb(0xe3eef8), rgb(0xc0d9ee), rgb(0x8fbfe0), rgb(0x579fcd), rgb(0x2c7cb8), rgb(0x10599b), rgb(0x083a70), rgb(0x05224a)}
	// viridis, dark end last, without its brightest yellow, which is lost on white.
	viridis = ramp{rgb(0xbddf26), rgb(0x7ad151), rgb(0x44bf70), rgb(0x22a884), rgb(0x21918c), rgb(0x2a788e), rgb(0x355f8d), rgb(0x414487), rgb(0x482475), rgb(0x440154)}
)

// at returns the colour at t, from 0 to 1.
func (r ramp) at(t float64) color.NRGBA {
	t = min(max(t, 0), 1) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	t -= float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*t)) }
	a, b := r[i], r[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// on returns the colour of text that reads best on ground.
func on(ground color.NRGBA) color.NRGBA {
	if 0.299*float64(ground.R)+0.587*float64(ground.G)+0.114*float64(ground.B) < 140 {
		return white
	}
	return ink
}
