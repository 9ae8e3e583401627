package model

import (
	"fmt"
	"slices"

	"dnn/pkg/compress/recipe"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/hints"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/loss"
)

// Distill says how a net learns from what others predict. The loss of a row is
//
//	alpha·T²·KL(teacher ‖ student) + (1-alpha)·loss
//
// with the probabilities of both at the temperature T; of numbers, the squared error on the scale on which they are learned takes the
// place of T²·KL. Layers that Match names add the distance of their values to the teacher's. Teachers see the same rows as the net, as they are in evaluation.
type Distill struct {
	Teacher     []string      `required:"true" length:"[1,)" doc:"model file, or folder of a run, relative to the spec; of several, the net learns the mean of what they predict"`
	Temperature float64       `default:"4" range:"[0.01,100]" doc:"T, by which the scores of classes and labels are divided, those of the teacher and of the net: above 1, more of what a teacher knows of the classes that it does not predict is learned. Far above 100, probabilities differ by no more than rounding, which T² makes large; values from 1 to 20 are usual"`
	Alpha       float64       `default:"0.9" range:"(0,1]" doc:"share of the loss that is the distance to the teacher; the rest is the spec's own loss"`
	Match       hints.Matches `doc:"layers of the net that learn to put out what layers of the teacher do, too: a mapping from names to names, or a list (Romero et al. 2015, \"FitNets\"; default: none)"`
	Cache       bool          `default:"false" doc:"keep what the teachers predict for each row in memory, and the values of the layers that match names, so that they compute them once; not with dataset.augment or train.teacher_forcing, which change rows"`
}

// withFiles is d with its paths changed.
func (d *Distill) withFiles(change func(path *string)) *Distill {
	if d == nil {
		return nil
	}
	own := *d
	own.Teacher = slices.Clone(d.Teacher)
	for i := range own.Teacher {
		change(&own.Teacher[i])
	}
	return &own
}

// check notes other settings of a training that do not go with a teacher.
func (d *Distill) check(t *Training, path string, p *spec.Problems) {
	switch {
	case d == nil:
	case t.Stateful:
		p.Add(path, "does not go with stateful: true, which cuts sequences into chunks; leave one of both out")
	case len(d.Match) > 0 && len(d.Teacher) > 1:
		p.Add(path+".match", "names layers of one teacher, and there are %d; name one, or leave match out", len(d.Teacher))
	case d.Cache && t.TeacherForcing != nil:
		p.Add(path+".cache", "keeps what teachers predict for a row, and teacher_forcing changes the rows; leave cache out")
	}
}

// Nameless is d without the names of files, whose paths depend on where a spec lies.
func (d *Distill) Nameless() *Distill { return d.withFiles(func(path *string) { *path = "" }) }

// Teacher is a model that a net learns from.
type Teacher struct {
	File  *File
	Heads []TeacherHead // of each head of the net

	// Rows are those of the training split as the teacher reads them; nil where it reads them as the net does.
	Rows *dataset.Part

	layers  []string // whose values it tells, too
	warning string
}

// TeacherHead says where a head of the net finds what it learns.
type TeacherHead struct {
	Head         int       // of the teacher
	From         []int     // of each number that the head puts out, the place in what the teacher does
	Scale, Shift []float64 // that bring it onto the head's own scale; nil where it is the same
}

// Graph is the graph of what the teacher tells for batches of that shape.
func (t *Teacher) Graph(shape BatchShape, temperature float64) (*graph.Graph, error) {
	n := t.File.Net
	c := n.compiler(graph.NewBuilder(), shape, false)
	outs, infos := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	c.b.Scope = lossScope
	for i, name := range t.layers {
		at, ok := hints.Layer(infos, name)
		if !ok {
			return nil, fmt.Errorf("it has no layer %s", name)
		}
		c.b.SetOutput(fmt.Sprint(OutMatched, i), at.Signal.Value)
	}
	for _, h := range t.Heads {
		l, _ := n.Loss(h.Head)
		c.b.SetOutput(n.headName(OutPrediction, h.Head), loss.Taught(l, c.b, n.Heads[h.Head], c.eachOutput(h.Head, outs[h.Head].Value), temperature))
	}
	return c.finish()
}

// distilled is the loss of rows of head k, of which a share is the distance to the teacher.
func distilled(c *compiler, k int, out, rows *graph.Value) *graph.Value {
	b, n, d := c.b, c.net, c.net.Config.Train.Distill
	l, _ := n.Loss(k)
	out = c.eachOutput(k, out)
	taught := b.Input(n.headName(FeedTeacher, k), graph.Floats(out.Shape[0], n.Heads[k].Width))
	far := loss.Distilled(l, b, n.Heads[k], out, taught, d.Temperature)
	if d.Alpha == 1 {
		return far
	}
	return op.Add(b, op.Scale(b, far, d.Alpha), op.Scale(b, rows, 1-d.Alpha))
}

// taken are the schemas of models whose preprocessing a training takes over: those that layers begin with, then the teachers'.
func (l *learnedFiles) taken(t *Training, p *spec.Problems) []*dataset.Schema {
	schemas := l.schemas(t.Init, p)
	if t.Distill == nil {
		return schemas
	}
	for _, name := range t.Distill.Teacher {
		if f, err := l.model(name); err == nil { // else findTeachers tells
			schemas = append(schemas, f.Net.Schema)
		}
	}
	return schemas
}

// findTeachers reads the models that a net learns from, and notes what does not fit. load reads the data as a schema has it encoded.
func findTeachers(j *Job, files *learnedFiles, load func(s *dataset.Schema) *dataset.Data, p *spec.Problems) (list []Teacher) {
	const path = "train.distill"
	d := j.Config.Train.Distill
	if d == nil {
		return nil
	}
	before := p.Len()
	list, matches := teachersOf(&j.Network, d, files, path, p)
	if p.Len() > before {
		return list
	}
	for i := range list {
		list[i].encode(j, load, fmt.Sprintf("%s.teacher[%d]", path, i), p)
		if list[i].warning != "" {
			j.Beginning.Warn(path, "%s", list[i].warning)
			j.Notes.Warn(path, "%s", list[i].warning)
		}
	}
	if len(matches) > 0 {
		c, own := *j.Config, *d
		own.Match, c.Train.Distill, j.Config = matches, &own, &c
		checkCache(j, layersOf(&j.Network, j.TrainingShape(1)), p)
	}
	return list
}

// teachersOf reads the models that a net learns from, and notes what does not fit. matches are those of d with the widths of the
// teacher's layers. Without a teacher of its own, d stands for a training in which the net learns from itself as it is.
func teachersOf(n *Network, d *Distill, files *learnedFiles, path string, p *spec.Problems) (list []Teacher, matches hints.Matches) {
	if d.Cache && len(n.Config.Dataset.Augment) > 0 {
		p.Add(path+".cache", "keeps what teachers predict for a row, and dataset.augment changes the rows; leave cache out")
	}
	for k := range n.Heads {
		if l, _ := n.Loss(k); !loss.Teaches(l, n.Heads[k]) {
			p.Add(path, "target %s cannot be learned from a teacher with the loss %s; of classes and labels it needs one on raw scores, such as cross_entropy", n.Heads[k].Name, spec.KeyOf(l))
		}
	}
	for i, name := range d.Teacher {
		at := fmt.Sprintf("%s.teacher[%d]", path, i)
		f, err := files.model(name)
		if err != nil {
			p.Add(at, "%v; a teacher is a model file or the folder of a run, relative to the spec", err)
			continue
		}
		t := Teacher{File: f}
		if err := t.match(n); err != nil {
			p.Add(at, "%s: %v", name, err)
			continue
		}
		if _, err := t.Graph(n.TrainingShape(1), d.Temperature); err != nil {
			p.Add(at, "%s: does not take the rows of the training: %v", name, err)
			continue
		}
		list = append(list, t)
	}
	if len(d.Match) == 0 || len(d.Teacher) > 1 || len(list) != len(d.Teacher) {
		return list, nil
	}
	other, shape := n, n.TrainingShape(1)
	if len(list) > 0 {
		other = list[0].File.Net
	}
	same := func(a, b *graph.Value) bool { return sameLengths(n, a, b) }
	matches = hints.Check(layersOf(n, shape), layersOf(other, shape), d.Match, same, path+".match", p)
	for _, m := range matches {
		if len(list) > 0 {
			list[0].layers = append(list[0].layers, m.Teacher)
		}
	}
	return list, matches
}

// Distilling is implemented by compression steps that train the net by teachers.
type Distilling interface{ Distilled() *Distill }

// CheckSteps notes what is wrong with the teachers of compression steps from the given one on, before any work is done: models that
// are missing or do not fit the net n that the recipe begins with. path is that of the steps, dir the folder that theirs are relative to.
func CheckSteps(n *Network, steps []recipe.Step, from int, dir, path string, p *spec.Problems) {
	files := &learnedFiles{dir: dir, models: map[string]*File{}}
	for i := from; i < len(steps); i++ {
		if s, ok := steps[i].(Distilling); ok {
			d, at := s.Distilled(), fmt.Sprintf("%s[%d]", path, i)
			d.check(&n.Config.Train, at, p)
			teachersOf(n, d, files, at, p)
		}
	}
}

// encode has rows encoded as the teacher reads them, where the net reads them in another way.
func (t *Teacher) encode(j *Job, load func(s *dataset.Schema) *dataset.Data, path string, p *spec.Problems) {
	other := t.File.Net.Schema
	if dataset.OtherInput(j.Schema, other) == "" || j.Data.Train == nil {
		return
	}
	if j.Config.Dataset.Mixes() {
		p.Add(path, "%s: scales or numbers the inputs in another way than this net, and dataset.augment mixes rows; leave that augmentation out, or begin with the preprocessing of the teacher", t.File.Path)
		return
	}
	data := load(other)
	own := j.Data.Train
	if data == nil || data.Train == nil || data.Train.Rows() != own.Rows() {
		p.Add(path, "%s: cannot read the rows of the training as it was trained to: they lack a column of it, or hold values that it does not know", t.File.Path)
		return
	}
	for row := range own.Rows() {
		if data.Train.Place(row) != own.Place(row) {
			p.Add(path, "%s: reads other rows than this net: its data has other rows with missing values", t.File.Path)
			return
		}
	}
	t.Rows = data.Train
}

// match finds what each head of the net learns from. Classes, labels and columns may come in any order.
func (t *Teacher) match(n *Network) error {
	other := t.File.Net
	if err := sameInputs(n.Schema, other.Schema); err != nil {
		return err
	}
	for k := range n.Heads {
		own := &n.Heads[k]
		at := slices.IndexFunc(other.Heads, func(h task.Head) bool { return h.Name == own.Name })
		if at < 0 && len(n.Heads) == 1 && len(other.Heads) == 1 {
			at = 0
		}
		if at < 0 {
			return fmt.Errorf("the model has no target %s", own.Name)
		}
		theirs := &other.Heads[at]
		if l, _ := other.Loss(at); theirs.Kind != own.Kind || theirs.Sequence() != own.Sequence() || !loss.Teaches(l, *theirs) {
			return fmt.Errorf("its target %s is another kind of target than %s, or its loss is not on raw scores", theirs.Name, own.Name)
		}
		if own.Generated() && !slices.Equal(own.Classes, theirs.Classes) { // it is fed with these tokens
			return fmt.Errorf("the model has another vocabulary of target %s than this net", own.Name)
		}
		if own.Kind == task.Binary && own.Name != theirs.Name && !slices.Equal(own.Classes, theirs.Classes) {
			return fmt.Errorf("its target %s has the classes %v, and %s %v; they must be the same", theirs.Name, theirs.Classes, own.Name, own.Classes)
		}
		h := TeacherHead{Head: at}
		have, need := names(theirs), names(own)
		for _, name := range need {
			from := slices.Index(have, name)
			if from < 0 {
				return fmt.Errorf("the model does not know %s of target %s; it knows %v", name, own.Name, have)
			}
			h.From = append(h.From, from)
		}
		if len(have) != len(need) && own.Kind == task.Category {
			return fmt.Errorf("the model knows %d classes of target %s, and this net %d; they must be the same", len(have), own.Name, len(need))
		}
		if err := h.scale(own, theirs); err != nil {
			return err
		}
		if own.Name != theirs.Name {
			t.warning = fmt.Sprintf("%s predicts %s, and this net learns that as %s, because the classes are the same", t.File.Path, theirs.Name, own.Name)
		}
		t.Heads = append(t.Heads, h)
	}
	return nil
}

// sameInputs says why a teacher cannot read the rows of a net.
func sameInputs(own, theirs *dataset.Schema) error {
	if name := dataset.OtherColumns(own, theirs); name != "" {
		return fmt.Errorf("the model has no input %s, or reads it from other columns or as another type than this net; a teacher needs the same inputs, of the same types", name)
	}
	if name := dataset.OtherInput(own, theirs); name != "" && slices.ContainsFunc(slices.Concat(own.Blocks, theirs.Blocks), func(b dataset.Block) bool { return b.Sequence }) {
		return fmt.Errorf("the model has another vocabulary or scale of input %s than this net, and of sequences, teachers need the same; train both with the preprocessing of one (train.init.preprocessing: model)", name)
	}
	return nil
}

// names are what the numbers stand for that a head puts out.
func names(h *task.Head) []string {
	switch h.Kind {
	case task.Category, task.Labels:
		return h.Classes
	case task.Binary:
		return h.Classes[1:]
	}
	return h.Columns
}

// scale finds how numbers of the teacher are brought onto the head's own scale.
func (h *TeacherHead) scale(own, theirs *task.Head) error {
	if own.Kind != task.Number {
		return nil
	}
	line := func(s task.Scaling, column int) (scale, shift float64, ok bool) {
		if s == nil {
			return 1, 0, true
		}
		return s.Linear(column)
	}
	same := true
	for column, from := range h.From {
		a, b, ok := line(own.Scaling, column)
		x, y, ok2 := line(theirs.Scaling, from)
		if ok != ok2 {
			return fmt.Errorf("the model learned %s on another scale (log), which this net cannot take", own.Columns[column])
		}
		if !ok {
			h.Scale, h.Shift = append(h.Scale, 1), append(h.Shift, 0)
			continue
		}
		same = same && a == x && b == y
		h.Scale, h.Shift = append(h.Scale, x/a), append(h.Shift, (y-b)/a)
	}
	if same {
		h.Scale, h.Shift = nil, nil
	}
	return nil
}

// Tell writes what head k of a net learns from a run of the teacher's program into dst, or adds it where the teacher is not the first
// of several.
func (t *Teacher) Tell(k int, from *Program, dst []float32, teachers int, first bool) {
	h := &t.Heads[k]
	src := from.Prediction(h.Head)
	width, theirs := len(h.From), t.File.Net.Heads[h.Head].Width
	share := float32(1 / float64(teachers))
	for at := 0; at < len(dst); at, src = at+width, src[theirs:] {
		for i, column := range h.From {
			x := src[column]
			if h.Scale != nil {
				x = float32(float64(h.Scale[i]*float64(x)) + h.Shift[i])
			}
			switch x = float32(x * share); {
			case first:
				dst[at+i] = x
			default:
				dst[at+i] += x
			}
		}
	}
}

// Teaching is where a step of training is fed what teachers predict for head k.
func (p *Program) Teaching(k int) []float32 { return p.Feed(p.net.headName(FeedTeacher, k)).F }

// layersOf is what the layers of a net put out for batches of that shape.
func layersOf(n *Network, shape BatchShape) []layers.Info {
	_, infos := n.compiler(graph.NewBuilder(), shape, false).forward()
	return infos
}

// sameLengths reports whether two values say of all rows that they have as many steps.
func sameLengths(n *Network, x, y *graph.Value) bool {
	for i := range n.Schema.Blocks {
		block := &n.Schema.Blocks[i]
		if !block.Sequence {
			continue
		}
		a, ok := lengthsOf([]*graph.Value{x}, FeedLengths+block.Name)
		b, ok2 := lengthsOf([]*graph.Value{y}, FeedLengths+block.Name)
		if ok != ok2 {
			return false
		}
		for steps := 0; ok && steps <= block.Shape[0]; steps++ {
			if a(steps) != b(steps) {
				return false
			}
		}
	}
	return true
}

// cacheShare is the part of the machine's memory, one in so many, that kept values of a teacher's layers may take.
const cacheShare = 2

// checkCache notes values of a teacher's layers that are too many to be kept for all rows.
func checkCache(j *Job, infos []layers.Info, p *spec.Problems) {
	d := j.Config.Train.Distill
	if !d.Cache || j.Data.Train == nil {
		return
	}
	numbers := 0
	for _, m := range d.Match {
		at, _ := hints.Layer(infos, m.Layer)
		shape := at.Signal.Shape()
		numbers += shape.Size() / shape.Last() * m.Width
	}
	need, have := 4*float64(numbers)*float64(j.Data.Train.Rows()), float64(exec.Memory())
	if have > 0 && need > have/cacheShare {
		p.Add("train.distill.cache", "keeps %.3g numbers of the layers in match for each of %d rows, %.1f GB, more than half of the memory of this machine (%.1f GB); leave cache out, or match smaller layers",
			float64(numbers), j.Data.Train.Rows(), need/1e9, have/1e9)
	}
}

// matching is what the layers that train.distill.match names add to the objective, Σ weight · mean over the batch; nil where it names
// none. projections are the parameters that only this has.
func matching(c *compiler, infos []layers.Info, weight *graph.Value) (sum *graph.Value, projections []param, err error) {
	d, b, n := c.net.Config.Train.Distill, c.b, c.net
	if d == nil || len(d.Match) == 0 {
		return nil, nil, nil
	}
	b.Scope = lossScope
	batch := &hints.Batch{B: b, Rows: c.shape.Rows, Seed: n.Config.Seed, Input: FeedMatched}
	if n.Schema.Weight != "" {
		batch.Weight = b.Input(FeedWeight, graph.Floats(c.shape.Rows))
	}
	sum, list, err := batch.Distance(infos, d.Match)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range list {
		projections = append(projections, param{q.Param, q.View})
	}
	rows := op.Maximum(b, c.rowsWeight(), b.Scalar(leastWeight))
	return op.Mul(b, op.Div(b, sum, rows), weight), projections, nil
}

// Lessons are where a step of training is fed what teachers predict for each head, then the values of layers that match others.
func (p *Program) Lessons() (feeds [][]float32) {
	for k := range p.net.Heads {
		feeds = append(feeds, p.Teaching(k))
	}
	for i := range p.net.Config.Train.Distill.Match {
		feeds = append(feeds, p.Feed(fmt.Sprint(FeedMatched, i)).F)
	}
	return feeds
}

// TellLayers writes what layers of the teacher put out in a run of its program into what a step of training is fed.
func (t *Teacher) TellLayers(from *Program, lessons [][]float32) error {
	for i, dst := range lessons[len(t.Heads):] {
		src := from.Output(fmt.Sprint(OutMatched, i)).F
		if len(src) != len(dst) {
			return fmt.Errorf("train.distill.match: for a batch of this length, %s of the teacher puts out %d numbers, and the net expects %d", t.layers[i], len(src), len(dst))
		}
		copy(dst, src)
	}
	return nil
}
