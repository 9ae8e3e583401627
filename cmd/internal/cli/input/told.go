package input

import (
	"path/filepath"
	"strings"

	"dnn/cmd/internal/cli/term"
	"dnn/pkg/model"
)

// TellData says which files a model names as its data, before they are read: it may be a model of others.
func TellData(on *term.Terminal, n *model.Network) {
	var names []string
	for _, path := range n.Config.Dataset.Paths(n.Dir) {
		names = append(names, filepath.ToSlash(path))
	}
	if len(names) > 0 {
		on.Note("reading the data that the model names: %s", strings.Join(names, ", "))
	}
}
