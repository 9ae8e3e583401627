package infer_test

import (
	"fmt"
	"log"
	"strings"

	"dnn/pkg/infer"
)

// Load a model and predict the rows of a file.
func Example() {
	p, err := infer.Load("../../testdata/golden/table/final/best.safetensors", 1)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	rows := "bill_length_mm,flipper_length_mm,body_mass_g,island,sex\n39.1,181,3750,Torgersen,male\n50,tall,5700,Biscoe,male\n"
	err = p.Predict(strings.NewReader(rows), "new.csv", func(row int, heads [][]float64, err error) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f\n", heads[0])
	})
	fmt.Println(p.Net.Heads[0].Classes, err)
	// Output:
	// [0.615 0.036 0.349]
	// line 3: column "flipper_length_mm": "tall" is not a number
	// [Adelie Chinstrap Gentoo] <nil>
}
