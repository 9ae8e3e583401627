package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
)

// TestResizingIsTorchs compares with torch's antialiased bilinear resizing: every value is at most one rounding away.
func TestResizingIsTorchs(t *testing.T) {
	text, err := os.ReadFile("../../../testdata/reference/resizing.json")
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Cases []struct {
			Name     string
			From, To [2]int
			Pixels   []int
			Resized  []float64
		}
	}
	if err := json.Unmarshal(text, &reference); err != nil || len(reference.Cases) == 0 {
		t.Fatal(err)
	}
	for _, c := range reference.Cases {
		for _, channels := range []int{1, 3} {
			r := newRaster(c.From[1], c.From[0], channels)
			for i, v := range c.Pixels {
				for k := range channels {
					r.pix[i*channels+k] = byte(v)
				}
			}
			got := r.resize(rect{0, 0, r.w, r.h}, c.To[1], c.To[0])
			for i, want := range c.Resized {
				for k := range channels {
					if d := float64(got.pix[i*channels+k]) - want; d > 0.52 || d < -0.52 {
						t.Errorf("%s, value %d: %d, want %.3f", c.Name, i, got.pix[i*channels+k], want)
					}
				}
			}
		}
	}
}

func TestFlatImagesStayFlat(t *testing.T) {
	for _, v := range []byte{0, 1, 127, 254, 255} {
		for _, size := range [][4]int{{7, 5, 3, 2}, {3, 2, 7, 5}, {1, 1, 9, 9}, {300, 2, 7, 3}, {5, 5, 1, 1}} {
			r := newRaster(size[0], size[1], 1)
			for i := range r.pix {
				r.pix[i] = v
			}
			for _, got := range r.resize(rect{0, 0, r.w, r.h}, size[2], size[3]).pix {
				if got != v {
					t.Fatalf("%v of %d: %d", size, v, got)
				}
			}
		}
	}
}

// corners is an image of 3×2 with black, red, blue and white in its corners.
func corners() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	m.Set(0, 0, color.Black)
	m.Set(1, 0, color.NRGBA{0, 255, 0, 255})
	m.Set(2, 0, color.NRGBA{255, 0, 0, 255})
	m.Set(0, 1, color.NRGBA{0, 0, 255, 255})
	m.Set(1, 1, color.NRGBA{100, 50, 10, 255})
	m.Set(2, 1, color.White)
	return m
}

var (
	cornersRGB  = []byte{0, 0, 0, 0, 255, 0, 255, 0, 0, 0, 0, 255, 100, 50, 10, 255, 255, 255}
	cornersGrey = []byte{0, 150, 76, 29, 60, 255}
)

func encoded(t *testing.T, how string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch how {
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	case "bmp":
		err = bmp.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 100})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKinds(t *testing.T) {
	m := corners()
	wide := image.NewRGBA64(m.Bounds())
	few := image.NewPaletted(m.Bounds(), append(color.Palette{color.Black, color.NRGBA{100, 50, 10, 255}}, palette.WebSafe[2:]...))
	opaque := image.NewRGBA(m.Bounds())
	for y := range 2 {
		for x := range 3 {
			wide.Set(x, y, m.At(x, y))
			few.Set(x, y, m.At(x, y))
			opaque.Set(x, y, m.At(x, y))
		}
	}
	for name, data := range map[string][]byte{
		"png": encoded(t, "png", m), "png16": encoded(t, "png", wide), "palette": encoded(t, "png", few), "opaque": encoded(t, "png", opaque),
		"bmp": encoded(t, "bmp", m), "bmp palette": encoded(t, "bmp", few), "gif": encoded(t, "gif", few),
	} {
		if w, h, err := Size(data); w != 3 || h != 2 || err != nil {
			t.Errorf("%s: size %d×%d, %v", name, w, h, err)
		}
		for channels, want := range map[int][]byte{1: cornersGrey, 3: cornersRGB} {
			if got, err := Decode(data, Settings{Channels: channels}); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v, %v; want %v", name, got, err, want)
			}
		}
	}
}

func TestGreyKinds(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 2, 1))
	grey.Pix = []byte{7, 200}
	deep := image.NewGray16(image.Rect(0, 0, 2, 1))
	deep.SetGray16(0, 0, color.Gray16{0x07ff})
	deep.SetGray16(1, 0, color.Gray16{0xc800})
	for _, m := range []image.Image{grey, deep} {
		data := encoded(t, "png", m)
		if info, err := Look(data); err != nil || info != (Info{"PNG", 2, 1, 1}) {
			t.Errorf("%+v, %v", info, err)
		}
		if got, err := Decode(data, Settings{Channels: 1}); err != nil || !slices.Equal(got, []byte{7, 200}) {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := Decode(data, Settings{Channels: 3}); err != nil || !slices.Equal(got, []byte{7, 7, 7, 200, 200, 200}) {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestTransparentLiesOnWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 3, 1))
	m.SetNRGBA(0, 0, color.NRGBA{10, 20, 30, 0})
	m.SetNRGBA(1, 0, color.NRGBA{0, 100, 255, 128})
	m.SetNRGBA(2, 0, color.NRGBA{10, 20, 30, 255})
	got, err := Decode(encoded(t, "png", m), Settings{Channels: 3})
	if want := []byte{255, 255, 255, 127, 177, 255, 10, 20, 30}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	frame := image.NewPaletted(image.Rect(1, 1, 2, 2), color.Palette{color.Black, color.Transparent})
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 3, Height: 2}}); err != nil {
		t.Fatal(err)
	}
	got, err = Decode(b.Bytes(), Settings{Channels: 1})
	if want := []byte{255, 255, 255, 255, 0, 255}; err != nil || !slices.Equal(got, want) {
		t.Errorf("a frame within the page: %v, %v; want %v", got, err, want)
	}
}

func TestFit(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 4, 2))
	m.Pix = []byte{10, 20, 30, 40, 10, 20, 30, 40}
	data := encoded(t, "png", m)
	for fit, want := range map[string][]byte{
		"stretch": {15, 35, 15, 35}, // the mean of two columns, roughly: the triangle reaches one further
		"crop":    {20, 30, 20, 30},
		"pad":     {15, 35, 0, 0},
	} {
		got, err := Decode(data, Settings{Width: 2, Height: 2, Channels: 1, Fit: fit})
		if err != nil || len(got) != 4 {
			t.Fatalf("%s: %v, %v", fit, got, err)
		}
		for i := range want {
			if d := int(got[i]) - int(want[i]); d > 3 || d < -3 {
				t.Errorf("%s: %v, want about %v", fit, got, want)
				break
			}
		}
	}
	if _, err := Decode(data, Settings{Width: 2, Height: 2, Channels: 1, Fit: "tile"}); err == nil {
		t.Error("fit: tile was taken")
	}
}

// exif puts an orientation into a JPEG.
func exif(data []byte, orientation uint16, order binary.AppendByteOrder) []byte {
	t := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		t = []byte("II*\x00")
	}
	t = order.AppendUint32(t, 8)
	t = order.AppendUint16(t, 2)
	t = append(order.AppendUint16(order.AppendUint16(t, 0x010f), 2), make([]byte, 8)...)
	t = order.AppendUint32(order.AppendUint16(order.AppendUint16(t, 0x0112), 3), 1)
	t = append(order.AppendUint16(t, orientation), 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), t...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, byte((len(body)+2)>>8), byte(len(body)+2))
	return append(append(out, body...), data[2:]...)
}

func TestOrientation(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 16, 8)) // whole blocks of a JPEG, each of one grey
	for y := range 8 {
		for x := range 16 {
			m.Pix[y*16+x] = byte(10 + x/8*100 + y)
		}
	}
	data := encoded(t, "jpeg", m)
	near := func(got byte, want int) bool { return int(got)-want <= 3 && want-int(got) <= 3 }
	// The first, the last pixel of the first row and the first of the last row, as they are to be seen.
	for o, want := range map[uint16][3]int{
		1: {10, 110, 17}, 2: {110, 10, 117}, 3: {117, 17, 110}, 4: {17, 117, 10},
		5: {10, 17, 110}, 6: {17, 10, 117}, 7: {117, 110, 17}, 8: {110, 117, 10}, 9: {10, 110, 17},
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			turned := exif(data, o, order)
			w, h, err := Size(turned)
			if err != nil || w*h != 128 || (w == 8) != (o >= 5 && o <= 8) {
				t.Fatalf("orientation %d: %d×%d, %v", o, w, h, err)
			}
			got, err := Decode(turned, Settings{Channels: 1})
			if err != nil || !near(got[0], want[0]) || !near(got[w-1], want[1]) || !near(got[w*h-w], want[2]) {
				t.Errorf("orientation %d: %d, %d, %d, want %v, %v", o, got[0], got[w-1], got[w*h-w], want, err)
			}
		}
	}
	for cut := range 60 { // whatever is cut off, nothing falls over
		orientation(exif(data, 6, binary.BigEndian)[:cut])
	}
}

func TestDamaged(t *testing.T) {
	whole := encoded(t, "png", corners())
	huge := slices.Clone(whole)
	binary.BigEndian.PutUint32(huge[16:], 60000)
	binary.BigEndian.PutUint32(huge[20:], 60000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for want, data := range map[string][]byte{
		"empty":         nil,
		"not an image":  []byte("col,umn\n1,2\n"),
		"TIFF":          []byte("II*\x00........"),
		"HEIC":          []byte("\x00\x00\x00\x18ftypheic"),
		"too early":     whole[:len(whole)-20],
		"checksum":      append(slices.Clone(whole[:len(whole)-14]), append([]byte{1}, whole[len(whole)-13:]...)...),
		"too large":     huge,
		"damaged JPEG":  {0xff, 0xd8, 0xff, 0xe0, 0, 2},
		"damaged WebP":  []byte("RIFF\x20\x00\x00\x00WEBPVP8 \x08\x00\x00\x00aaaaaaaa"),
		"damaged GIF":   []byte("GIF89a"),
		"BMP: the file": []byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00"),
	} {
		if pix, err := Decode(data, Settings{Width: 4, Height: 4, Channels: 3}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", want, pix, err)
		}
	}
	for _, how := range []string{"png", "gif", "bmp", "jpeg"} {
		data := encoded(t, how, corners())
		for cut := range data {
			Decode(data[:cut], Settings{Channels: 3})
		}
	}
}

// goldenBytes is the hash of the digits at another size, on every processor. It changes only when the filter does.
const goldenBytes = "625b2c34908de87c"

func TestBytesAreThoseOfEveryMachine(t *testing.T) {
	names, err := filepath.Glob("../../../testdata/data/digits_png/*/*.png")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	h := sha256.New()
	for i, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pix, err := Decode(data, Settings{Width: 7 + i%31, Height: 29 - i%23, Channels: 1 + 2*(i%2), Fit: Fits[i%3]})
		if err != nil {
			t.Fatal(err)
		}
		h.Write(pix)
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != goldenBytes {
		t.Errorf("the images hash to %s here, elsewhere to %s", got, goldenBytes)
	}
}

// TestAnimatedWebP: what is sound, but not read, is not called damaged.
func TestAnimatedWebP(t *testing.T) {
	file := []byte("RIFF\x30\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x07\x00\x00\x07\x00\x00ANIM\x06\x00\x00\x00\xff\xff\xff\xff\x00\x00ANMF\x00\x00\x00\x00")
	for _, err := range []error{func() error { _, err := Look(file); return err }(), func() error { _, err := Decode(file, Settings{Channels: 3}); return err }()} {
		if err == nil || err.Error() != "animated WebP is not supported; expected PNG, JPEG, GIF, BMP, TIFF or WebP with one frame" {
			t.Error(err)
		}
	}
}
