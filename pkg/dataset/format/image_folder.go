package format

import (
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("image_folder", "picture files, in a folder for each class", &ImageFolder{})
}

// ImageFolder reads picture files (PNG, JPEG, GIF, BMP, WebP): those of a class lie in a folder of its name, or in folders
// within. Files that are hidden or not named as pictures are left out; links are followed. The columns are "image", of
// shape [height, width, channels], and "label", the target unless the spec names another: a category with the folders'
// names as class names. Rows stand in the order of the classes' and the files' names.
//
// Grey is the luma of Rec. 601, what is transparent lies on white, a JPEG is turned as its camera was held. A picture is
// resized with a triangle filter: bilinear when it grows, and a weighted mean of all that a pixel covers when it shrinks.
type ImageFolder struct {
	Path        string           `json:"-" doc:"the folder whose images are divided into splits; it holds a folder for each class"`
	Train       string           `json:"-" doc:"the folder of the official training split"`
	Validation  string           `json:"-" doc:"the folder of the official validation split"`
	Test        string           `json:"-" doc:"the folder of the official test split"`
	Image       image.Dimensions `json:"image" doc:"what every picture is brought to"`
	image.Files `spec:",inline"`
}

// CheckSpec wants either one set or a training split.
func (f *ImageFolder) CheckSpec(path string, p *spec.Problems) {
	one := func(name string) []string {
		if name == "" {
			return nil
		}
		return []string{name}
	}
	files := Files{one(f.Path), one(f.Train), one(f.Validation), one(f.Test)}
	files.CheckSpec(path, p)
	f.Image.Check(path+".image", p)
}

func (f *ImageFolder) Extensions() []string { return nil }

// FilesOfImages says how the files are read.
func (f *ImageFolder) FilesOfImages() *image.Files { return &f.Files }

// Skips reports whether images that cannot be read are left out.
func (f *ImageFolder) Skips() bool { return f.OnError == "skip" }

func (f *ImageFolder) Given() []string {
	if f.Path != "" {
		return []string{""}
	}
	var parts []string
	for i, name := range []string{f.Train, f.Validation, f.Test} {
		if name != "" {
			parts = append(parts, Splits[i])
		}
	}
	return parts
}

func (f *ImageFolder) Read(src Source, part string) *table.Table {
	key, folder := "path", f.Path
	if part != "" {
		key, folder = part, map[string]string{"train": f.Train, "validation": f.Validation, "test": f.Test}[part]
	}
	at := Section + "." + key
	folder = src.Path(folder)
	w, err := WalkClasses(folder, Images)
	if err != nil {
		src.Problems().Add(at, "%v", err)
		return nil
	}
	if !w.sound(src, at, folder) {
		return nil
	}
	w.tell(reportOf(src, folder))
	names := w.names(folder)
	set := &image.Set{
		Files: w.Files, How: &f.Files, Home: image.Absolute(w.root), At: at, Keys: Section, Option: "image: {%s}",
		Place: func(row int) string { return names[row] },
	}
	set.Settle(f.Image)
	t := &table.Table{Key: key, Rows: len(w.Files), Header: []string{"image", "label"}, Sources: names}
	t.Files = []table.FileSpan{{Name: folder}}
	t.Offers = []table.Offer{{Column: "label", Type: "category"}}
	label := &table.Column{Name: "label"}
	for _, class := range w.Classes {
		if err := label.Add(class); err != nil {
			src.Problems().Add(at, "%v", err)
			return nil
		}
	}
	label.Seal()
	t.Columns = []*table.Column{{Name: "image", Content: src.Images(set, t)}, label}
	return t
}

// reportOf is a Report that begins what it tells with the name of what it is about.
func reportOf(src Source, name string) image.Report { return &namedReport{src, name} }

type namedReport struct {
	Source
	name string
}

func (r *namedReport) Note(format string, args ...any) {
	r.Source.Note("%s: "+format, append([]any{r.name}, args...)...)
}

func (r *namedReport) Warn(format string, args ...any) {
	r.Source.Warn("%s: "+format, append([]any{r.name}, args...)...)
}

// sound notes what keeps a folder from being classes of pictures.
func (w *ClassWalk) sound(src Source, at, folder string) bool {
	classes := w.Distinct()
	faults := w.faults(folder)
	for _, text := range faults {
		src.Problems().Add(at, "%s", text)
	}
	switch {
	case len(faults) > 0:
	case len(w.Files) == 0 && len(w.loose) > 0:
		src.Problems().Add(at, "%s holds pictures, but no folders of them; want a folder for each class", folder)
	case len(w.Files) == 0:
		src.Problems().Add(at, "%s holds no pictures; want a folder of them for each class", folder)
	case len(classes) > 1 && !slices.ContainsFunc(classes, func(c string) bool { return !namesPart(c) }):
		src.Problems().Add(at, "%s holds the splits (%s), not classes; name their folders with train, validation and test", folder, strings.Join(classes, ", "))
	default:
		return true
	}
	return false
}

// namesPart reports whether a folder is rather that of a split than of a class.
func namesPart(folder string) bool {
	return slices.Contains([]string{"train", "training", "test", "testing", "val", "valid", "validation"}, strings.ToLower(folder))
}

// Distinct lists the classes that have pictures.
func (w *ClassWalk) Distinct() []string { return slices.Compact(slices.Clone(w.Classes)) }

// names are the names of the files for messages: below the folder, from where the user stands.
func (w *ClassWalk) names(folder string) []string {
	names := make([]string, len(w.Files))
	for i := range w.Files {
		names[i] = filepath.ToSlash(filepath.Join(folder, w.Files[i].Name))
	}
	return names
}

func (f *ImageFolder) EachFile(each func(path *string)) {
	for _, path := range []*string{&f.Path, &f.Train, &f.Validation, &f.Test} {
		if *path != "" {
			each(path)
		}
	}
	f.Files.EachFile(each)
}
