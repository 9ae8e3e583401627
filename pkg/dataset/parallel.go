package dataset

import (
	"runtime"
	"slices"
	"sync"

	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// fork is a loader that may run in parallel with others; join takes over what it found out.
func (l *loader) fork() *loader {
	return newLoader(l.settings, l.dir, l.seed, &spec.Problems{})
}

// join takes over what a fork noted and read, as if l had done it now.
func (l *loader) join(f *loader) {
	l.p.Append(f.p)
	l.notes.Merge(f.notes)
	l.images.Take(&f.images)
	l.sums = append(l.sums, f.sums...)
	l.mistakes.join(f.mistakes)
}

// readAll reads all given splits, each on a thread of its own. What they note is joined in the order of the splits, so the
// result does not depend on who was first.
func (l *loader) readAll() map[string]*table.Table {
	given := l.settings.Format.Given()
	tables, forks := make([]*table.Table, len(given)), make([]*loader, len(given))
	var wait sync.WaitGroup
	for i, part := range given {
		forks[i] = l.fork()
		wait.Go(func() { tables[i] = l.settings.Format.Read(forks[i], part) })
	}
	wait.Wait()
	byPart := map[string]*table.Table{}
	for i, part := range given {
		l.join(forks[i])
		if tables[i] != nil {
			byPart[part] = tables[i]
		}
	}
	return byPart
}

// encodeAll is encodeRows on several threads. Rows with mistakes are rare: when there is one, all rows are encoded again
// one after the other, so that mistakes are noted in the order of the file.
func (l *encoding) encodeAll(s *Schema, st *store, columns *resolved, rows []int32) {
	threads := min(runtime.GOMAXPROCS(0), 1+len(rows)/4096)
	forks := make([]*encoding, threads)
	var wait sync.WaitGroup
	for i := range forks {
		forks[i] = &encoding{l.fork()}
		part := rows[len(rows)*i/threads : len(rows)*(i+1)/threads]
		wait.Go(func() { forks[i].encodeRows(s, st, columns, part) })
	}
	wait.Wait()
	if slices.ContainsFunc(forks, func(f *encoding) bool { return f.p.Len() > 0 }) {
		l.encodeRows(s, st, columns, rows)
	}
}
