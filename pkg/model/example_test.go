package model_test

import (
	"fmt"
	"log"

	"dnn/pkg/model"
)

// Load a model file and list the layers of its net.
func ExampleLoad() {
	f, err := model.Load("../../testdata/golden/table/final/best.safetensors")
	if err != nil {
		log.Fatal(err)
	}
	rows, total, err := f.Net.Summarize(1)
	fmt.Println(f.Net.Heads[0].Name, f.Net.Heads[0].Classes)
	fmt.Println(len(rows), "layers,", total.Trained, "parameters", err)
	// Output:
	// species [Adelie Chinstrap Gentoo]
	// 6 layers, 123 parameters <nil>
}
