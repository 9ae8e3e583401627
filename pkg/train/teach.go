package train

import (
	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// teaching is what a training learns from other models (train.distill). A teacher predicts the rows of a batch as they lie in the
// step, so it sees what the net sees. What it predicts for a row depends on that row alone, so that keeping it changes no bit.
type teaching struct {
	teachers []model.Teacher
	programs model.Programs[lesson, *lecture]
	kept     [][][]float32 // by what is told (model.Program.Lessons) and row; nil without a cache
}

// lesson distinguishes the programs of teachers.
type lesson struct {
	teacher int
	shape   model.BatchShape
}

// lecture is the program of a teacher, with a batch of its own where it reads rows in another way than the net.
type lecture struct {
	*model.Program
	batch *dataset.Batch
}

// newTeaching prepares it; nil without a teacher.
func newTeaching(job *model.Job) *teaching {
	if len(job.Teachers) == 0 {
		return nil
	}
	t := &teaching{teachers: job.Teachers, programs: model.Programs[lesson, *lecture]{MaxBytes: newPrograms().MaxBytes}}
	if job.Config.Train.Distill.Cache {
		t.kept = make([][][]float32, len(job.Heads)+len(job.Config.Train.Distill.Match))
		for k := range t.kept {
			t.kept[k] = make([][]float32, job.Data.Train.Rows())
		}
	}
	return t
}

// teach feeds a step what the teachers predict for its batch, which feed puts into their programs; of those that read rows in another way, their own rows are put there.
func teach(t *Trainer, p *program, shape model.BatchShape, rows []int, feed func(told *model.Program)) error {
	s := t.batches.teaching
	if s == nil || s.recall(p, rows) {
		return nil
	}
	lessons := p.Lessons()
	for i := range s.teachers {
		told, err := s.program(t, lesson{i, shape})
		if err != nil {
			return err
		}
		if own := s.teachers[i].Rows; own != nil {
			if err := own.FillTraining(told.batch, rows, t.job.Config.Seed, t.batches.epoch); err != nil {
				return err
			}
		} else {
			feed(told.Program)
		}
		told.Run()
		for k := range s.teachers[i].Heads {
			s.teachers[i].Tell(k, told.Program, lessons[k], len(s.teachers), i == 0)
		}
		if err := s.teachers[i].TellLayers(told.Program, lessons); err != nil {
			return err
		}
	}
	s.keep(p, rows)
	return nil
}

// program compiles a teacher on first use.
func (s *teaching) program(t *Trainer, at lesson) (*lecture, error) {
	if p, ok := s.programs.Get(at); ok {
		return p, nil
	}
	one := &s.teachers[at.teacher]
	g, err := one.Graph(at.shape, t.job.Config.Train.Distill.Temperature)
	if err != nil {
		return nil, err
	}
	p, err := one.File.Net.Compile(g, one.File.State, t.pool, model.Evaluation(one.File.State))
	if err != nil {
		return nil, err
	}
	l := &lecture{Program: p}
	if one.Rows != nil {
		l.batch = p.NewBatch(at.shape)
	}
	s.programs.Put(at, l)
	return l, nil
}

// recall feeds a step what is kept of all its rows. It reports whether that is so.
func (s *teaching) recall(p *program, rows []int) bool {
	if s.kept == nil {
		return false
	}
	for k := range s.kept {
		for _, row := range rows {
			if s.kept[k][row] == nil {
				return false
			}
		}
	}
	for k, dst := range p.Lessons() {
		size := len(dst) / len(rows)
		for i, row := range rows {
			own := dst[i*size : (i+1)*size]
			clear(own[copy(own, s.kept[k][row]):]) // beyond its end, a row counts nothing
		}
	}
	return true
}

// keep keeps what a step was fed.
func (s *teaching) keep(p *program, rows []int) {
	if s.kept == nil {
		return
	}
	for k, src := range p.Lessons() {
		size := len(src) / len(rows)
		for i, row := range rows {
			if len(s.kept[k][row]) < size {
				s.kept[k][row] = append([]float32{}, src[i*size:(i+1)*size]...)
			}
		}
	}
}
