package train

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/history"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/work"
	"dnn/pkg/cluster"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// With --mpi, each process of the job runs this command. Rank 0 reads the spec and the checkpoint and tells the others, and it alone
// speaks and writes. Until the training begins, ranks agree on whether all are ready. While it runs, a rank that fails ends the job.
// When it is over, the ranks part: what is left, scores and the report, is rank 0's own.

// job is what --mpi adds to the options.
type job struct {
	mpi      bool
	comm     cluster.Comm // nil without --mpi, and once the ranks have parted
	met      bool         // the ranks have agreed to set up the training
	training bool         // an error of one rank is no longer known to the others
	err      io.Writer    // the standard error of ranks that are silent
}

// plan is what rank 0 tells the others.
type plan struct {
	File string
	Text []byte
	Sets []string
	Dir  string // of the run that is resumed, "" of one that begins
}

// onRanks trains with the other processes of the job.
func onRanks(t *options) (err error) {
	t.comm, err = cluster.Open()
	if errors.Is(err, cluster.ErrNone) {
		return exit.Usagef("--mpi: %v", err)
	}
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil && t.comm != nil { // the others would wait
			fmt.Fprintf(t.job.err, "dnn: rank %d: internal error: %v\n\n%s", t.comm.Rank(), p, debug.Stack())
			t.comm.Abort(exit.Failed)
		} else if p != nil {
			panic(p)
		}
	}()
	lead := t.comm.Rank() == 0
	if t.job.err = t.term.Err; !lead {
		t.term.Quiet, t.term.Err = true, io.Discard
	}
	if t.term.Threads == 0 {
		t.term.Threads, err = cluster.Threads(t.comm)
	}
	if err == nil {
		err = together(t)
	}
	if err = t.leave(err); !lead { // rank 0 tells, and ends with the exit code: launchers end a job as soon as one of its processes does so
		return nil
	}
	return err
}

// together is run on all ranks.
func together(t *options) error {
	var p plan
	err := error(nil)
	if t.comm.Rank() == 0 {
		p, err = planOf(t)
	}
	if err := t.agree(err); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if text, err = cluster.Spread(t.comm, text, 0); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	t.spec.Replace(p.File, p.Text, p.Sets)
	last, drop, err := checkpointOf(t, p.Dir)
	defer drop()
	if err := t.agree(err); err != nil {
		return err
	}
	open := t.spec.Open
	if p.Dir != "" {
		open = func(options ...dataset.Option) (*model.Job, error) { return t.spec.OpenToResume(last, options...) }
	}
	job, err := open(dataset.KeepImages(), dataset.KeepTexts())
	if err := t.agree(err); err != nil {
		return err
	}
	job.Off = t.off
	stop := work.Catch(work.OfRanks...)
	defer stop.Release()
	if t.comm.Rank() > 0 {
		return follow(t, job, last, stop)
	}
	t.term.Note("training on %s in %s", output.Plural(t.comm.Size(), "rank"), output.Plural(job.Config.Train.Shards, "shard"))
	return t.trained(job, p.Dir, stop)
}

// planOf settles on rank 0 what is trained.
func planOf(t *options) (p plan, err error) {
	if t.seeds+t.folds > 0 {
		return p, exit.Usagef("--mpi trains one net on all processes; --seeds and --folds train several, one after the other: start each by itself with --seed, or leave --mpi out")
	}
	if p.Dir, err = t.toResume(); err != nil {
		return p, err
	}
	if _, err := os.Stat(filepath.Join(t.resume, history.RepeatFile)); t.resume != "" && err == nil {
		return p, exit.Usagef("%s holds several runs: --mpi resumes one of them, %s", t.resume, filepath.Join(t.resume, "seed-…"))
	}
	doc, err := t.spec.Document()
	if err != nil {
		return p, err
	}
	p.File, p.Text, p.Sets = doc.File, doc.Text(), doc.Overrides()
	if c := model.Decode(doc, &spec.Problems{}); c.Train.Shards == 0 {
		p.Sets = append(p.Sets, fmt.Sprintf("train.shards=%d", t.comm.Size()))
	}
	return p, nil
}

// checkpointOf is the file of the checkpoint in a folder that rank 0 has, "" without a folder. Ranks may have no folder in common, so
// others get a copy, which drop removes.
func checkpointOf(t *options, dir string) (file string, drop func(), err error) {
	drop = func() {}
	if dir == "" {
		return "", drop, nil
	}
	var data []byte
	if file = filepath.Join(dir, train.LastFile); t.comm.Rank() == 0 {
		data, err = os.ReadFile(file)
	}
	if err := t.agree(err); err != nil {
		return "", drop, err
	}
	if data, err = cluster.Spread(t.comm, data, 0); err != nil || t.comm.Rank() == 0 {
		return file, drop, err
	}
	f, err := os.CreateTemp("", "dnn-rank-*.safetensors")
	if err != nil {
		return "", drop, err
	}
	drop = func() { os.Remove(f.Name()) }
	_, err = f.Write(data)
	return f.Name(), drop, errors.Join(err, f.Close())
}

// agree is err on the first rank that has one, nil where none has, and on all others what that rank tells.
func (j *job) agree(err error) error {
	if j.comm == nil {
		return err
	}
	return cluster.Agree(j.comm, err, exit.CodeOf(err))
}

// meet agrees with the other ranks that the training can be set up, and that it could be.
func meet(t *options, o train.Options, job *model.Job) (trainer *train.Trainer, err error) {
	if o.Engine != nil && job.Config.Train.Shards > 0 {
		return nil, exit.Usagef("--device %s: shards (train.shards, --mpi) are computed on the processor: take --device cpu", t.term.Device)
	}
	if t.comm == nil {
		return train.New(job, o)
	}
	t.met = true
	if err := t.agree(nil); err != nil {
		return nil, err
	}
	o.Comm = t.comm
	trainer, err = train.New(job, o)
	if err := t.agree(err); err != nil {
		return nil, err
	}
	t.training = true
	return trainer, nil
}

// follow trains on a rank that has no folder.
func follow(t *options, job *model.Job, last string, stop *work.Stopper) error {
	engine, err := flags.Engine(t.term)
	if err != nil {
		return err
	}
	o := train.Options{Threads: t.term.Threads, Engine: engine, Fast: t.fast}
	if last != "" {
		if o.Resume, err = model.Load(last); err != nil {
			return exit.Bad(err)
		}
	}
	trainer, err := meet(t, o, job)
	if err != nil {
		return err
	}
	defer trainer.Close()
	return t.part(trainer.Run(stop.Context), stop)
}

// part ends the exchange when the training is over, however it ended, unless this rank failed by itself.
func (j *job) part(err error, stop *work.Stopper) error {
	var diverged *train.Diverged
	interrupted := errors.Is(err, train.ErrInterrupted)
	if j.comm == nil || err != nil && !interrupted && !errors.As(err, &diverged) {
		return err
	}
	if interrupted { // the signal may have come to another rank
		all, failed := cluster.Gather(j.comm, binary.LittleEndian.AppendUint64(nil, uint64(stop.Number())))
		if failed != nil {
			return failed
		}
		for _, n := range all {
			stop.Take(int(binary.LittleEndian.Uint64(n)))
		}
	}
	if failed := j.comm.Close(); failed != nil {
		return failed
	}
	j.comm = nil
	return err
}

// leave ends the exchange with an error, if it was not ended before.
func (j *job) leave(err error) error {
	var failed *cluster.Failed
	switch {
	case j.comm == nil:
		return err
	case j.training:
		fmt.Fprintf(j.err, "dnn: rank %d:\n", j.comm.Rank())
		exit.Report(j.err, err)
		j.comm.Abort(max(1, exit.CodeOf(err)))
	case !j.met: // the others wait for this rank
		err = j.agree(err)
	}
	if failure := j.comm.Close(); failure != nil {
		err = errors.Join(err, failure)
	}
	if j.comm = nil; errors.As(err, &failed) {
		return &exit.Error{Code: failed.Code, Err: failed}
	}
	return err
}
