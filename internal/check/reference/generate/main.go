// Command generate writes the pages of docs/reference. go generate runs it, in the folder above this one.
package main

import (
	"log"
	"os"
	"path/filepath"

	"dnn/internal/check/reference"
)

func main() {
	log.SetFlags(0)
	const root = "../../.."
	pages, err := reference.Generate(root)
	if err != nil {
		log.Fatal(err)
	}
	folder := filepath.Join(root, reference.Folder)
	if err := os.RemoveAll(folder); err != nil {
		log.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		log.Fatal(err)
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
