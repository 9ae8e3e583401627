package image

import "encoding/binary"

// orientation reads from the Exif data of a JPEG, or from a TIFF, how the camera was held: 1 (upright) to 8 (Exif 2.3, tag 0x0112). It
// is 1 if there is no such tag, or none that can be read.
func orientation(data []byte) int {
	if len(data) > 8 && (string(data[:2]) == "II" || string(data[:2]) == "MM") {
		return tiffOrientation(data)
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker := data[at+1]
		if marker == 0xff { // a fill byte
			at++
			continue
		}
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || marker == 0xd9 || size < 2 || at+2+size > len(data) { // pixels begin, or the file ends
			return 1
		}
		if body := data[at+4 : at+2+size]; marker == 0xe1 && len(body) > 14 && string(body[:6]) == "Exif\x00\x00" {
			return tiffOrientation(body[6:])
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation looks for the tag in the first directory of a TIFF.
func tiffOrientation(t []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if string(t[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return 1
	}
	n := int(order.Uint16(t[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > len(t) {
			break
		}
		const tag, short = 0x0112, 3
		if order.Uint16(t[entry:]) == tag && order.Uint16(t[entry+2:]) == short {
			if o := int(order.Uint16(t[entry+8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
	}
	return 1
}

// turn returns the image as displayed, given how it was stored.
func (r *raster) turn(orientation int) *raster {
	if orientation <= 1 {
		return r
	}
	w, h := r.w, r.h
	if orientation >= 5 {
		w, h = h, w
	}
	t := newRaster(w, h, r.c)
	for y := range h {
		for x := range w {
			i, j := x, y // where the pixel is stored
			switch orientation {
			case 2:
				i = w - 1 - x
			case 3:
				i, j = w-1-x, h-1-y
			case 4:
				j = h - 1 - y
			case 5:
				i, j = y, x
			case 6:
				i, j = y, w-1-x
			case 7:
				i, j = h-1-y, w-1-x
			case 8:
				i, j = h-1-y, x
			}
			copy(t.pix[(y*w+x)*r.c:][:r.c], r.pix[(j*r.w+i)*r.c:][:r.c])
		}
	}
	return t
}
