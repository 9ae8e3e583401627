package cluster

import (
	"fmt"
	"unsafe"

	"dnn/internal/kernel/vec"
)

// block is how many numbers are exchanged at once.
const block = 1 << 20

// Summer sums up numbers over the shards of all ranks. It keeps its memory from one sum to the next.
type Summer struct {
	Comm       Comm
	send, recv []float32
}

// Exact puts the sum over so many shards into dst, on all ranks. own are the sums over the nodes of Cover for the rank's Share, each
// of the length of dst. Each rank gets from all others a part of the numbers, sums it up in the order of the tree, and sends the sum
// to all. So no bit depends on how many ranks there are.
func (s *Summer) Exact(shards int, own [][]float32, dst []float32) error {
	ranks, rank := s.Comm.Size(), s.Comm.Rank()
	if ranks == 1 {
		copy(dst, own[0])
		return nil
	}
	items := make([]int, ranks) // by rank
	for r := range items {
		items[r] = len(Cover(shards, Share(shards, ranks, r)))
	}
	if items[rank] != len(own) {
		return fmt.Errorf("cluster: rank %d has %d sums, not %d", rank, len(own), items[rank])
	}
	sendSizes, recvSizes, sizes := make([]int, ranks), make([]int, ranks), make([]int, ranks)
	for lo := 0; lo < len(dst); lo += block {
		n := min(block, len(dst)-lo)
		at := func(r int) int { return lo + n*r/ranks }
		mine, all := at(rank+1)-at(rank), 0
		s.send = s.send[:0]
		for r := range ranks {
			for _, x := range own {
				s.send = append(s.send, x[at(r):at(r+1)]...)
			}
			sizes[r] = 4 * (at(r+1) - at(r))
			sendSizes[r], recvSizes[r] = sizes[r]*len(own), 4*mine*items[r]
			all += items[r]
		}
		s.recv = append(s.recv[:0], make([]float32, all*mine)...)
		if err := s.Comm.Alltoall(bytesOf(s.send), sendSizes, bytesOf(s.recv), recvSizes); err != nil {
			return err
		}
		if err := s.Comm.Allgather(bytesOf(s.inOrder(shards, mine)), bytesOf(dst[lo:lo+n]), sizes); err != nil {
			return err
		}
	}
	return nil
}

// inOrder sums up what was received, n numbers of each node.
func (s *Summer) inOrder(shards, n int) []float32 {
	leaves := map[Node][]float32{}
	rest := s.recv
	for r := range s.Comm.Size() {
		for _, node := range Cover(shards, Share(shards, s.Comm.Size(), r)) {
			leaves[node], rest = rest[:n], rest[n:]
		}
	}
	var sum func(node Node) []float32
	sum = func(node Node) []float32 {
		if x, ok := leaves[node]; ok {
			return x
		}
		left, right := node.Split()
		a, b := sum(left), sum(right)
		vec.Add(a, a, b)
		return a
	}
	return sum(Node{0, shards})
}

// Fast puts the sum over all shards into dst, on all ranks, in an order that the library chooses. own are as for Exact.
func (s *Summer) Fast(own [][]float32, dst []float32) error {
	clear(dst)
	for i, x := range own {
		if i == 0 {
			copy(dst, x)
			continue
		}
		vec.Add(dst, dst, x)
	}
	return s.Comm.Allreduce(dst)
}

// bytesOf is the memory of numbers.
func bytesOf(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}
