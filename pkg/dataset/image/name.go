package image

import (
	"path/filepath"
	"slices"
	"strings"
)

// Endings are those of the names of pictures that Decode reads, without the dot.
var Endings = []string{"png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "webp"}

// IsName reports whether a file's name ends as those of pictures do.
func IsName(name string) bool {
	return slices.Contains(Endings, strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
}
