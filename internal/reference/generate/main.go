// Command generate writes docs/reference.md. It is run by go generate, in the folder above this one.
package main

import (
	"log"
	"os"
	"path/filepath"

	"dnn/internal/reference"
)

func main() {
	log.SetFlags(0)
	const root = "../.."
	text, err := reference.Generate(root)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, reference.File), text, 0o644); err != nil {
		log.Fatal(err)
	}
}
