package image

import (
	"path/filepath"
	"slices"
	"strings"
)

// Extensions are those of the image files that Decode reads, without the dot.
var Extensions = []string{"png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "webp", "tif", "tiff"}

// IsName reports whether a file name has such an extension.
func IsName(name string) bool {
	return slices.Contains(Extensions, strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
}
