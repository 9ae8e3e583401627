package train

import (
	"slices"
	"sync"
	"time"

	"dnn/pkg/train/checkpoint"
)

// saver writes files one after the other while the training continues: a disk takes some ten milliseconds to be sure of a
// file, which is as long as many epochs of a small net. What is to be written is copied first. A file that still waits
// when a newer one of its name comes is left out.
//
// Whenever the program is killed, the best weights on the disk must not be older than the checkpoint next to them says. So
// the best weights are kept in memory until a checkpoint comes, and go before it; newer weights take the place of those that
// wait, and a newer checkpoint goes to the end, behind all that was there when it was made.
type saver struct {
	every  time.Duration // between two checkpoints that nothing else asks for
	began  time.Time     // when the newest checkpoint was made; zero before the first
	kept   *waiting      // the best weights, not yet on their way to the disk
	sure   bool          // that there is a checkpoint on the disk
	mu     sync.Mutex
	idle   *sync.Cond
	queue  []waiting
	active bool
	took   time.Duration // what the last file took to be written
	failed error         // the first failure, until it is returned
}

type waiting struct {
	path string
	file *checkpoint.File
	log  *log // that must be on the disk before a checkpoint is
}

// copyLimit is the size in bytes up to which files are copied to be written later; a larger one is worth waiting for, its
// copy would be felt in the memory.
const copyLimit = 256 << 20

// writingShare is the part of the time, one in so many, that writing checkpoints takes at most where only the time asks for them.
const writingShare = 20

// due reports whether it is time for a checkpoint.
func (s *saver) due() bool {
	if s.began.IsZero() {
		return true
	}
	since := time.Since(s.began)
	if since < s.every {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return since >= writingShare*s.took
}

// ensure waits for the first checkpoint to be on the disk. No line of a log is written before, so a folder that a run was killed in
// without a checkpoint holds nothing that took time to compute.
func (s *saver) ensure() error {
	if s.sure {
		return nil
	}
	err := s.wait()
	s.sure = err == nil
	return err
}

// keep has weights written before the next checkpoint is. Large ones are written at once.
func (s *saver) keep(path string, f *checkpoint.File) error {
	if size(f) > copyLimit {
		return s.put(waiting{path: path, file: f}, false)
	}
	if s.kept == nil {
		copyData(f)
		s.kept = &waiting{path: path, file: f}
		return nil
	}
	for i := range f.Tensors { // a net has the same ones in all epochs
		copy(s.kept.file.Tensors[i].Data, f.Tensors[i].Data)
	}
	return nil
}

// flush sends the weights that are kept to the disk.
func (s *saver) flush() error {
	if s.kept == nil {
		return nil
	}
	kept := *s.kept
	s.kept = nil
	return s.put(kept, false)
}

// checkpoint has a checkpoint that can be resumed from written, behind the best weights that it speaks of. It returns a
// failure of this or of an earlier file.
func (s *saver) checkpoint(w waiting) error {
	if err := s.flush(); err != nil {
		return err
	}
	if size(w.file) <= copyLimit {
		copyData(w.file)
	}
	return s.put(w, true)
}

// put has a file written whose data are copies unless they are large.
func (s *saver) put(w waiting, resumable bool) error {
	if size(w.file) > copyLimit {
		if err := s.wait(); err != nil {
			return err
		}
		began := time.Now()
		err := w.write()
		s.took = time.Since(began)
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.waitingBytes() > copyLimit {
		s.cond().Wait()
	}
	i := slices.IndexFunc(s.queue, func(old waiting) bool { return old.path == w.path })
	switch {
	case i >= 0 && resumable:
		s.queue = append(slices.Delete(s.queue, i, i+1), w)
	case i >= 0:
		s.queue[i] = w
	default:
		s.queue = append(s.queue, w)
	}
	if !s.active {
		s.active = true
		go s.work()
	}
	return s.failure()
}

// waitingBytes is the size of what waits. The lock is held.
func (s *saver) waitingBytes() (n int) {
	for _, w := range s.queue {
		n += size(w.file)
	}
	return n
}

// wait returns when everything is written that was put, with a failure that was not returned yet.
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
		began := time.Now()
		err := next.write()
		s.mu.Lock()
		s.took = time.Since(began)
		if s.failed == nil {
			s.failed = err
		}
		s.cond().Broadcast()
	}
	s.active = false
	s.cond().Broadcast()
}

func (w *waiting) write() error {
	if w.log != nil {
		if err := w.log.sync(); err != nil {
			return err
		}
	}
	return checkpoint.Write(w.path, w.file)
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

// size is the bytes of a file's data.
func size(f *checkpoint.File) (n int) {
	for i := range f.Tensors {
		n += len(f.Tensors[i].Data)
	}
	return n
}

// copyData copies the data, which change while the training continues.
func copyData(f *checkpoint.File) {
	for i := range f.Tensors {
		f.Tensors[i].Data = slices.Clone(f.Tensors[i].Data)
	}
}
