package model_test

import (
	"fmt"
	"log"

	"dnn/pkg/graph/exec"
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

// Compile the net of a model file for a batch, and predict rows of its own data.
func ExampleNetwork_Compile() {
	f, err := model.Load("../../testdata/golden/table/final/best.safetensors")
	if err != nil {
		log.Fatal(err)
	}
	rows, err := f.Part("test")
	if err != nil {
		log.Fatal(err)
	}
	shape := model.Rows(2)
	g, err := f.Net.PredictGraph(shape)
	if err != nil {
		log.Fatal(err)
	}
	pool := exec.NewPool(1)
	defer pool.Close()
	p, err := f.Net.Compile(g, f.State, pool, model.Evaluation(f.State))
	if err != nil {
		log.Fatal(err)
	}
	if err := rows.Fill(p.NewBatch(shape), []int{0, 1}); err != nil {
		log.Fatal(err)
	}
	p.Run()
	fmt.Printf("%.2f\n", p.Prediction(0))
	// Output:
	// [0.58 0.05 0.36 0.23 0.19 0.59]
}
