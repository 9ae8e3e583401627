//go:build darwin || freebsd || linux || netbsd

package mpi

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"dnn/pkg/cluster"
)

// launchersEnv lists launchers (mpirun) to test with, separated by colons; make test-mpi sets it.
const launchersEnv = "DNN_TEST_MPIRUN"

func TestMain(m *testing.M) {
	if os.Getenv("DNN_TEST_RANK") == "" {
		os.Exit(m.Run())
	}
	if err := beRank(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		Exit(1)
	}
	Exit(0)
}

// beRank exchanges what can be with the other ranks, and prints what must be the same on all.
func beRank() error {
	c, err := cluster.Open()
	if err != nil {
		return err
	}
	if os.Getenv("DNN_TEST_RANK") == "abort" {
		if c.Rank() == c.Size()-1 {
			c.Abort(3)
		}
		return c.Barrier()
	}
	const shards, size = 8, 1_300_000 // more than one block
	var own [][]float32
	for _, n := range cluster.Cover(shards, cluster.Share(shards, c.Size(), c.Rank())) {
		own = append(own, given(n, size))
	}
	sum, s := make([]float32, size), cluster.Summer{Comm: c}
	if err := s.Exact(shards, own, sum); err != nil {
		return err
	}
	told, err := cluster.Spread(c, bytes.Repeat([]byte{byte(7 + c.Rank())}, 100_000), c.Size()-1)
	if err != nil {
		return err
	}
	lists, err := cluster.Gather(c, make([]byte, 3*c.Rank()))
	if err != nil {
		return err
	}
	ones := slices.Repeat([]float32{1}, 1000)
	if err := c.Allreduce(ones); err != nil {
		return err
	}
	if ones[0] != float32(c.Size()) || ones[999] != ones[0] || len(lists[c.Size()-1]) != 3*(c.Size()-1) || told[99_999] != byte(6+c.Size()) {
		return fmt.Errorf("rank %d: %v, %d, %d", c.Rank(), ones[0], len(lists[c.Size()-1]), told[99_999])
	}
	h := fnv.New64a()
	h.Write(unsafe.Slice((*byte)(unsafe.Pointer(&sum[0])), 4*size))
	fmt.Printf("rank of %d: %x\n", c.Size(), h.Sum64())
	if err := c.Barrier(); err != nil {
		return err
	}
	return c.Close()
}

// given is the sum over a node of generated numbers.
func given(n cluster.Node, size int) (sum []float32) {
	if n.Hi-n.Lo == 1 {
		random := rand.New(rand.NewPCG(uint64(n.Lo), 2))
		for range size {
			sum = append(sum, random.Float32()-0.5)
		}
		return sum
	}
	left, right := n.Split()
	a, b := given(left, size), given(right, size)
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// run runs this test as so many ranks.
func run(t *testing.T, launcher, library, task string, ranks int) (string, error) {
	t.Helper()
	cmd := exec.Command(launcher, "-n", fmt.Sprint(ranks), os.Args[0])
	cmd.Env = append(os.Environ(), "DNN_TEST_RANK="+task, LibraryEnv+"="+library,
		"PATH="+filepath.Dir(launcher)+":"+os.Getenv("PATH"),
		"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// libraries are those next to a launcher, of all ABIs, and "" for the one that is found.
func libraries(launcher string) (list []string) {
	for _, name := range []string{"libmpi_abi.so.1", "libmpi.so.12", "libmpi.so.40"} {
		if file := filepath.Join(filepath.Dir(filepath.Dir(launcher)), "lib", name); exists(file) {
			list = append(list, file)
		}
	}
	return append(list, "")
}

func TestRanks(t *testing.T) {
	launchers := os.Getenv(launchersEnv)
	if launchers == "" {
		t.Skip("no " + launchersEnv)
	}
	sums := map[string]string{}
	for _, launcher := range strings.Split(launchers, ":") {
		for _, library := range libraries(launcher) {
			for _, ranks := range []int{1, 2, 4} {
				out, err := run(t, launcher, library, "exchange", ranks)
				lines := strings.Split(strings.TrimSpace(out), "\n")
				_, sum, _ := strings.Cut(lines[0], ": ")
				if err != nil || strings.Count(out, fmt.Sprintf("rank of %d: %s\n", ranks, sum)) != ranks {
					t.Errorf("%s, %s, %d ranks: %v\n%s", launcher, library, ranks, err, out)
				}
				sums[sum] += fmt.Sprintf(" %s %s %d", launcher, library, ranks)
			}
		}
		if out, err := run(t, launcher, "", "abort", 2); err == nil || err.(*exec.ExitError).ExitCode() != 3 {
			t.Errorf("%s: a rank aborts with 3, the launcher ends with %v\n%s", launcher, err, out)
		}
	}
	if len(sums) != 1 {
		t.Errorf("sums differ: %v", sums)
	}
}

// A library that is none is told by name.
func TestNoLibrary(t *testing.T) {
	file := filepath.Join(t.TempDir(), "libmpi.so")
	if err := os.WriteFile(file, []byte("not a library"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv(LibraryEnv, file)
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), file) {
		t.Error(err)
	}
}
