module dnn/bench

go 1.26.0

require (
	dnn v0.0.0
	golang.org/x/sys v0.49.0
	gonum.org/v1/gonum v0.17.0
)

require gopkg.in/yaml.v3 v3.0.1 // indirect

replace dnn => ../
