package work

import (
	"bytes"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// narrow cuts the line of a progress bar to the width of the terminal, which may change at any time: a longer one would wrap, and
// every redraw leave a line behind.
type narrow struct {
	to      io.Writer
	columns func() int // of the terminal; 0 where that is not known
	at      int        // columns of the line so far
}

// width is how many columns a line may take: one less than there are, since some terminals wrap after the last.
func (n *narrow) width() int {
	if c := n.columns(); c > 0 {
		return c - 1
	}
	return 1 << 16
}

// Write passes on what fits, and all control sequences.
func (n *narrow) Write(p []byte) (int, error) {
	var out bytes.Buffer
	width := n.width()
	for rest := p; len(rest) > 0; {
		size := 1
		switch {
		case rest[0] == '\r' || rest[0] == '\n':
			n.at = 0
			out.WriteByte(rest[0])
		case rest[0] == 0x1b:
			size = escapeLength(rest)
			out.Write(rest[:size])
		default:
			_, size = utf8.DecodeRune(rest)
			if n.at < width {
				out.Write(rest[:size])
			}
			n.at++
		}
		rest = rest[size:]
	}
	_, err := n.to.Write(out.Bytes())
	return len(p), err
}

// escapeLength is how many bytes the control sequence has that p begins with: ESC, [, numbers, a letter.
func escapeLength(p []byte) int {
	for i := 2; i < len(p); i++ {
		if p[i] >= 0x40 && p[i] <= 0x7e {
			return i + 1
		}
	}
	return len(p)
}

// Duration writes how long something takes, as exactly as one cares to know.
func Duration(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return d.Round(time.Second).String()
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
}
