package explain

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/models"
	"dnn/internal/plot"
	"dnn/internal/plot/canvas"
	"dnn/pkg/explain"
)

// heatResult is what --json prints of an image.
type heatResult struct {
	predictionResult
	Layer string `json:"layer,omitempty"`
	Map   []int  `json:"map"` // rows and columns
	*sumResult
	Image   string `json:"image"`
	Picture string `json:"picture"` // the former name of image
}

// image explains an image by a heat map.
func (e *options) picture(x *explained, arg string) error {
	asked := e.method != ""
	if !asked {
		e.method = byGradients
		if x.explainer.HasMaps(x.head) {
			e.method = byMaps
		}
	}
	path, err := e.checkedHeatFile(x, arg)
	if err != nil {
		return err
	}
	in := x.net.Schema.ImageInput()
	px := in.Image(x.x, 0)
	res := &heatResult{predictionResult: x.result(e.method), Image: path, Picture: path}
	heat := plot.Heat{Title: x.title() + ": " + x.told(x.at), Image: canvas.Pixels(px.Shape, px.Bytes)}
	if p, other := x.other(); other {
		heat.Title += fmt.Sprintf("; prediction: %s", x.told(p))
	}
	if e.method == byMaps {
		err = e.heatOfMaps(x, res, &heat)
	} else {
		err = e.heatOfPixels(x, res, &heat)
	}
	if err == nil && e.method == byMaps && slices.Max(heat.Values) == 0 {
		if asked {
			heat.Subtitle += ": nothing supports this prediction"
			e.term.Warn("nothing in the maps of %s supports %s; --method integrated_gradients also shows what counts against it", res.Layer, x.answer.Name)
		} else {
			e.term.Note("nothing in the maps of %s supports %s: integrated gradients also show what counts against it", res.Layer, x.answer.Name)
			e.method = byGradients
			res = &heatResult{predictionResult: x.result(e.method), Image: path, Picture: path}
			err = e.heatOfPixels(x, res, &heat)
		}
	}
	if err != nil {
		return err
	}
	if err := plot.DrawHeat(path, heat); err != nil {
		return exit.Written(err)
	}
	if e.json {
		return e.term.WriteJSON(res)
	}
	t := x.tellAnswer()
	t.Add("method", e.method+res.on())
	res.sumResult.tell(&t)
	t.Add("heat map", path)
	t.Write(e.term.Out, nil)
	return nil
}

// on says of what layer the maps are.
func (r *heatResult) on() string {
	if r.Layer == "" {
		return ""
	}
	return fmt.Sprintf(", maps of %s, %d × %d", r.Layer, r.Map[0], r.Map[1])
}

func (e *options) heatOfMaps(x *explained, res *heatResult, heat *plot.Heat) error {
	if e.steps > 0 || e.base != "mean" {
		return exit.Usagef("--steps and --baseline are for --method integrated_gradients")
	}
	got, err := x.explainer.GradCAM(x.x, x.answer)
	if errors.Is(err, explain.ErrNoMaps) {
		return exit.Usagef("--method gradcam: %v; use integrated_gradients", err)
	}
	if err != nil {
		return err
	}
	res.Layer, res.Map = got.Layer, []int{got.Rows, got.Columns}
	heat.Rows, heat.Columns, heat.Values = got.Rows, got.Columns, got.Values
	heat.Subtitle = fmt.Sprintf("Grad-CAM on the %d maps of %s, %d × %d", got.Channels, got.Layer, got.Rows, got.Columns)
	return nil
}

func (e *options) heatOfPixels(x *explained, res *heatResult, heat *plot.Heat) error {
	got, err := e.attribute(x)
	if err != nil {
		return err
	}
	in := x.net.Schema.ImageInput()
	rows, columns, channels := in.Shape[0], in.Shape[1], in.Shape[2]
	heat.Rows, heat.Columns, heat.Signed = rows, columns, true
	heat.Values = make([]float64, rows*columns)
	for i, v := range got.Values[in.Block] {
		heat.Values[i/channels] += v
	}
	heat.Full = nearlyLargest(heat.Values)
	heat.Subtitle = fmt.Sprintf("integrated gradients, %d steps: red raises the score of %s, blue lowers it", got.Steps, x.answer.Name)
	res.Map, res.sumResult = []int{rows, columns}, newSumResult(got)
	return nil
}

// nearlyLargest is the absolute value that all but one in 200 lie below: a few outstanding pixels should not leave the rest
// without colour.
func nearlyLargest(values []float64) float64 {
	sizes := make([]float64, len(values))
	for i, v := range values {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	return sizes[(len(sizes)-1)*199/200]
}

// checkedHeatFile refuses a heat map that would take the place of the image or of the model, or lie in the data of the
// training, or has another form.
func (e *options) checkedHeatFile(x *explained, arg string) (string, error) {
	path := e.heatFile(x)
	if ext := strings.ToLower(filepath.Ext(path)); ext != ".png" && ext != ".svg" {
		return "", exit.Usagef("--out %s: the name must end in .png or .svg", path)
	}
	input, _ := os.Stat(x.file)
	if err := models.CheckOut("--out", path, input, arg); err != nil {
		return "", err
	}
	return path, e.outside(x, path)
}

// outside refuses a heat map where images are taken for data.
func (e *options) outside(x *explained, path string) error {
	if input.Within(path, x.net.Config.Dataset.Paths(x.net.Dir)) {
		return exit.Usagef("%s lies in the training data and would be read as part of it; name a file elsewhere (--out)", path)
	}
	return nil
}
