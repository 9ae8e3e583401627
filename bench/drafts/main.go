// Command drafts measures what "dnn init" is worth: for each set of data it writes a spec, trains it untouched with several
// seeds, and prints the median figure of the test split next to the figure to reach:
//
//	go run ./drafts -dnn ../dnn -data DIR
//
// The table is that of docs/init.md, measured with DNN_THREADS=1. -set overrides keys of all specs, to compare choices by their
// figures on validation. The files are public sets; sets lists their names and the figures that others reached on them.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// set is data with the figure that its draft must reach on the test split.
type set struct {
	name, file, target string
	figure             string
	known              float64 // the published or measured figure
	bar                float64 // known less one point; of series the best naive forecast, which is known in the run
}

var sets = []set{
	{"wine", "small/sk_wine.csv", "class", "accuracy", 1, 0.99},
	{"breast cancer", "small/sk_breast_cancer.csv", "diagnosis", "accuracy", 0.974, 0.964},
	{"diabetes", "small/sk_diabetes.csv", "progression", "r2", 0.33, 0.32},
	{"titanic", "tabular/titanic_kaggle_train.csv", "Survived", "accuracy", 0.782, 0.772},
	{"credit-g", "tabular/weka_credit-g.csv", "class", "accuracy", 0.775, 0.765},
	{"wa_churn", "tabular/modeldata_wa_churn.csv", "churn", "accuracy", 0.806, 0.796},
	{"AirPassengers", "small/AirPassengers.csv", "value", "rmse", 0, 0},
	{"temperatures", "sequences/jb_daily-min-temperatures.csv", "Temp", "rmse", 0, 0},
	{"GunPoint", "sequences/GunPoint_TRAIN.csv", "label", "accuracy", 0.913, 0.903},
	{"digits_png", "small/digits_png", "", "accuracy", 0.948, 0.938},
	{"SMS spam", "text/sms_spam.csv", "label", "accuracy", 0.982, 0.972},
	{"california housing", "tabular/california_housing.csv", "median_house_value", "r2", 0.775, 0.765},
	{"bike_hour", "tabular/bike_hour.csv", "cnt", "r2", 0.912, 0.902},
	{"names", "text/names_18lang.csv", "name:language", "accuracy", 0.85, 0.84},
	{"reviews", "text/sentconv_stsa_binary_train.csv", "label", "accuracy", 0.812, 0.802},
	{"adult", "tabular/jb_adult-train.csv", "c14", "accuracy", 0.858, 0.848},
	{"diamonds", "tabular/ggplot2_diamonds.csv", "price", "r2", 0.981, 0.971},
}

var (
	program = flag.String("dnn", "dnn", "the program")
	data    = flag.String("data", "data", "folder of the data")
	only    = flag.String("only", "", "regular expression of the sets to measure")
	seeds   = flag.Int("seeds", 3, "seeds of each set")
	initial = flag.String("init", "", "more arguments of dnn init")
	sets_   overrides
)

type overrides []string

func (o *overrides) String() string     { return strings.Join(*o, " ") }
func (o *overrides) Set(s string) error { *o = append(*o, s); return nil }

func main() {
	flag.Var(&sets_, "set", "override a key of the drafted specs; may be repeated")
	flag.Parse()
	pick, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Println("| data | figure | known | to reach | validation | test, median | by seed | processor time of a run |\n|---|---|---|---|---|---|---|---|")
	met, all := 0, 0
	for _, s := range sets {
		if !pick.MatchString(s.name) {
			continue
		}
		row, reached, err := s.measure()
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", s.name, err)
			row = fmt.Sprintf("| %s | failed | | | | | | |", s.name)
		}
		fmt.Println(row)
		if all++; reached {
			met++
		}
	}
	fmt.Printf("\n%d of %d reached\n", met, all)
}

// part is the figures of a split.
type part map[string]any

// run is what "dnn train --json" prints, as far as it matters here.
type run struct {
	Validation, Test part
}

func (s *set) measure() (row string, reached bool, err error) {
	folder, err := os.MkdirTemp("", "drafts")
	if err != nil {
		return "", false, err
	}
	defer os.RemoveAll(folder)
	args := []string{"init", filepath.Join(*data, s.file), "-q", "-o", filepath.Join(folder, "spec.yaml")}
	if _, target, both := strings.Cut(s.target, ":"); both {
		args = append(args, "--target", target)
	} else if s.target != "" {
		args = append(args, "--target", s.target)
	}
	args = append(args, strings.Fields(*initial)...)
	if _, _, err := call(args); err != nil {
		return "", false, err
	}
	var validation, test, took []float64
	naive := 0.0
	for seed := range *seeds {
		args := []string{"train", "-c", filepath.Join(folder, "spec.yaml"), "--json", "-q", "--seed", strconv.Itoa(seed + 1), "--out", filepath.Join(folder, strconv.Itoa(seed))}
		for _, o := range sets_ {
			args = append(args, "--set", o)
		}
		out, spent, err := call(args)
		if err != nil {
			return "", false, err
		}
		var r run
		if err := json.Unmarshal(out, &r); err != nil {
			return "", false, err
		}
		validation = append(validation, r.Validation.number(s.figure))
		test = append(test, r.Test.number(s.figure))
		took = append(took, spent.Seconds())
		naive = r.Test.best(s.figure)
	}
	known, bar := s.known, s.bar
	middle := median(test)
	if reached = middle >= bar; bar == 0 {
		known, bar = naive, naive
		reached = middle < naive
	}
	return fmt.Sprintf("| %s | %s | %.4g | %.4g | %s | **%s**%s | %s | %.1f s |", s.name, s.figure, known, bar, shown(median(validation)), shown(middle),
		map[bool]string{false: " missed"}[reached], list(test), median(took)), reached, nil
}

// number is a figure of a split.
func (p part) number(key string) float64 {
	x, _ := p[key].(float64)
	return x
}

// best is the best figure of a naive forecast of the split.
func (p part) best(key string) float64 {
	least := 0.0
	baselines, _ := p["baselines"].(map[string]any)
	for _, b := range baselines {
		if m, ok := b.(map[string]any); ok {
			if x, ok := m[key].(float64); ok && (least == 0 || x < least) {
				least = x
			}
		}
	}
	return least
}

// call runs the program and returns its output and the processor time that it took.
func call(args []string) ([]byte, time.Duration, error) {
	cmd := exec.Command(*program, args...)
	var out, failure bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &failure
	if err := cmd.Run(); err != nil {
		return nil, 0, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, failure.String())
	}
	return out.Bytes(), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func median(x []float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

func shown(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

func list(x []float64) string {
	var words []string
	for _, v := range x {
		words = append(words, shown(v))
	}
	return strings.Join(words, " ")
}
