package train

import (
	"slices"
	"sync"

	"dnn/pkg/train/checkpoint"
)

// saver writes files one after the other while the training continues: a disk takes some ten milliseconds to be sure of a
// file, which is as long as many epochs of a small net. What is to be written is copied first. A file that still waits
// when a newer one of its name comes is left out.
//
// Whenever the program is killed, the best weights on the disk must not be older than the checkpoint next to them says. So
// newer weights take the place of those that wait, and a newer checkpoint goes to the end, behind the weights that it was written for.
type saver struct {
	mu     sync.Mutex
	idle   *sync.Cond
	queue  []waiting
	active bool
	failed error // the first failure, until it is returned
}

type waiting struct {
	path string
	file *checkpoint.File
}

// copyLimit is the size in bytes up to which a file is copied to be written later; a larger one is worth waiting for, its
// copy would be felt in the memory.
const copyLimit = 256 << 20

// put has a file written: weights, or a checkpoint that can be resumed from. It returns a failure of this or of an earlier
// one.
func (s *saver) put(path string, f *checkpoint.File, resumable bool) error {
	size := 0
	for i := range f.Tensors {
		size += len(f.Tensors[i].Data)
	}
	if size > copyLimit {
		if err := s.wait(); err != nil {
			return err
		}
		return checkpoint.Write(path, f)
	}
	for i := range f.Tensors {
		f.Tensors[i].Data = slices.Clone(f.Tensors[i].Data)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.queue, func(w waiting) bool { return w.path == path })
	switch {
	case i >= 0 && resumable:
		s.queue = append(slices.Delete(s.queue, i, i+1), waiting{path, f})
	case i >= 0:
		s.queue[i].file = f
	default:
		s.queue = append(s.queue, waiting{path, f})
	}
	if !s.active {
		s.active = true
		go s.work()
	}
	return s.failure()
}

// wait returns when everything is written, with a failure that was not returned yet.
func (s *saver) wait() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.active {
		s.cond().Wait()
	}
	return s.failure()
}

// work writes until nothing waits.
func (s *saver) work() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 {
		next := s.queue[0]
		s.queue = slices.Delete(s.queue, 0, 1)
		s.mu.Unlock()
		err := checkpoint.Write(next.path, next.file)
		s.mu.Lock()
		if s.failed == nil {
			s.failed = err
		}
	}
	s.active = false
	s.cond().Broadcast()
}

func (s *saver) cond() *sync.Cond {
	if s.idle == nil {
		s.idle = sync.NewCond(&s.mu)
	}
	return s.idle
}

// failure returns the first failure once. The lock is held.
func (s *saver) failure() error {
	err := s.failed
	s.failed = nil
	return err
}
