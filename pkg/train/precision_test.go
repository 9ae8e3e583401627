package train

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/pkg/model"
	"dnn/pkg/train/checkpoint"
)

// halves are the sets that keep everything as bf16.
var halves = []string{"train.weight_average=null", "train.precision={activations: bf16, optimizer: bf16, weights: bf16}"}

func TestThreadsAndKernelsChangeNoBitOfBF16(t *testing.T) {
	want := weightBits(run(t, open(t, everything, halves...), t.TempDir(), 1, 0))
	if slices.Equal(want, weightBits(run(t, open(t, everything, halves[:1]...), t.TempDir(), 1, 0))) {
		t.Error("bf16 changes nothing")
	}
	defer cpu.Use(cpu.Variant())
	for i, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(weightBits(run(t, open(t, everything, halves...), t.TempDir(), 2+i, 0)), want) {
			t.Errorf("kernels %s on %d threads end in other bits", v, 2+i)
		}
	}
}

func TestResumedTrainingInBF16EndsInTheSameBits(t *testing.T) {
	whole := t.TempDir()
	want := weightBits(run(t, open(t, everything, halves...), whole, 2, 0))
	for _, stop := range []int{1, 5, 13} {
		dir := t.TempDir()
		run(t, open(t, everything, halves...), dir, 2, stop)
		if got := weightBits(run(t, open(t, everything, halves...), dir, 1, 0)); !slices.Equal(got, want) {
			t.Errorf("stopped after %d updates and resumed: other bits", stop)
		}
		for _, name := range []string{MetricsFile, BestFile} {
			if read(t, dir, name) != read(t, whole, name) {
				t.Errorf("stopped after %d updates and resumed: %s differs", stop, name)
			}
		}
	}
}

func TestOtherPrecisionIsNotResumed(t *testing.T) {
	dir := t.TempDir()
	run(t, open(t, everything, halves...), dir, 1, 2)
	f, err := model.Load(filepath.Join(dir, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = New(open(t, everything, halves[0]), Options{Dir: dir, Threads: 1, Resume: f}); err == nil || !strings.Contains(err.Error(), "precision") {
		t.Errorf("got %v", err)
	}
}

// TestFilesHoldBF16: weights and slots are BF16 in files, in half the bytes; a finished model widens its weights.
func TestFilesHoldBF16(t *testing.T) {
	dir := t.TempDir()
	run(t, open(t, everything, halves...), dir, 1, 0)
	for name, want := range map[string]map[string]checkpoint.DType{
		LastFile: {"dense_1.weight": "BF16", "optimizer.exp_avg/dense_1.weight": "BF16", "accumulated_gradient/dense_1.weight": "F32", "batch_norm_1.running_mean": "F32"},
		BestFile: {"dense_1.weight": "BF16", "batch_norm_1.running_mean": "F32"},
	} {
		path := filepath.Join(dir, name)
		f, err := checkpoint.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for tensor, d := range want {
			if have := f.Tensor(tensor); have == nil || have.DType != d {
				t.Errorf("%s: tensor %s is %v, want %s", name, tensor, have, d)
			}
		}
		loaded, err := model.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		values, err := checkpoint.BF16Values(f.Tensor("dense_1.weight"))
		if err != nil {
			t.Fatal(err)
		}
		have := loaded.State.Buffer(model.VarWeights).Floats()
		for i, h := range values {
			if math.Float32bits(have[i]) != uint32(h)<<16 {
				t.Fatalf("%s: weight %d is %v", name, i, have[i])
			}
		}
		if wide := loaded.State.Data(model.VarWeights) != nil; wide != (name == BestFile) {
			t.Errorf("%s: weights are widened: %v", name, wide)
		}
	}
}

// TestFrozenWeightsInBF16 stay as they were rounded.
func TestFrozenWeightsInBF16(t *testing.T) {
	sets := append(slices.Clone(halves), "train.freeze=[dense_1]")
	whole, part := t.TempDir(), t.TempDir()
	want := weightBits(run(t, open(t, everything, sets...), whole, 1, 0))
	run(t, open(t, everything, sets...), part, 2, 5)
	if got := weightBits(run(t, open(t, everything, sets...), part, 2, 0)); !slices.Equal(got, want) {
		t.Error("resumed: other bits")
	}
	values := func(name string) []uint16 {
		f, err := checkpoint.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		h, err := checkpoint.BF16Values(f.Tensor("dense_1.weight"))
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	begun := t.TempDir()
	run(t, open(t, everything, sets...), begun, 1, 1)
	if !slices.Equal(values(filepath.Join(begun, LastFile)), values(filepath.Join(whole, BestFile))) {
		t.Error("a frozen layer has changed")
	}
}

// TestOddBF16IsRefused: tensors of another size or type than the net expects.
func TestOddBF16IsRefused(t *testing.T) {
	dir := t.TempDir()
	run(t, open(t, everything, halves...), dir, 1, 2)
	plain := t.TempDir()
	run(t, open(t, everything, halves[0]), plain, 1, 2)
	const weight, slot = "dense_1.weight", "optimizer.exp_avg/dense_1.weight" // [9x2]
	for _, c := range []struct {
		dir, tensor string
		put         checkpoint.Tensor
		want        string
	}{
		{dir, weight, checkpoint.New("", []int{9, 2}, make([]float32, 18)), "tensor dense_1.weight holds F32, the net expects BF16"},
		{dir, weight, checkpoint.New("", []int{9, 2}, make([]uint16, 18)), "tensor dense_1.weight holds U16, the net expects BF16"},
		{dir, weight, checkpoint.NewBF16("", []int{9, 1}, make([]uint16, 9)), "tensor dense_1.weight is [9x1], the net expects [9x2]"},
		{dir, slot, checkpoint.NewBF16("", []int{36}, make([]uint16, 36)), "tensor optimizer.exp_avg/dense_1.weight is [36], the net expects [9x2]"},
		{plain, weight, checkpoint.NewBF16("", []int{9, 2}, make([]uint16, 18)), "tensor dense_1.weight holds BF16, the net expects F32"},
		{plain, slot, checkpoint.NewBF16("", []int{9, 2}, make([]uint16, 18)), "tensor optimizer.exp_avg/dense_1.weight holds BF16, the net expects F32"},
	} {
		f, err := checkpoint.Read(filepath.Join(c.dir, LastFile))
		if err != nil {
			t.Fatal(err)
		}
		c.put.Name = c.tensor
		*f.Tensor(c.tensor) = c.put
		path := filepath.Join(t.TempDir(), LastFile)
		if err := checkpoint.Write(path, f); err != nil {
			t.Fatal(err)
		}
		if _, err := model.Load(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestStepInBF16AllocatesNothing holds for the update too.
func TestStepInBF16AllocatesNothing(t *testing.T) {
	tr := run(t, open(t, everything, halves...), t.TempDir(), 2, 1)
	p, err := tr.program(key{shape: tr.batches.shape(make([]int, 16)), role: model.Ending})
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(20, p.Run); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}
