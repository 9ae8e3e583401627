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
	Formats.Register("image_folder", "image files, in a folder for each class", &ImageFolder{})
}

// ImageFolder reads image files (PNG, JPEG, GIF, BMP, TIFF, WebP). Those of a class are in a folder of its name, or in
// folders within it. Hidden files and files with other extensions are left out; links are followed. The columns are
// "image", of shape [height, width, channels], and "label", the target unless the spec names another: a category with
// the folders' names as class names. Rows are sorted by class and file name.
//
// Grey is the luma of Rec. 601. Transparent pixels are laid over white, and a JPEG is rotated as its Exif data says.
// Images are resized with a triangle filter, as Pillow and torchvision do: bilinear upscaling, and a weighted mean of
// all that a pixel covers for downscaling.
type ImageFolder struct {
	Path        string           `json:"-" doc:"the folder whose images are divided into splits; it holds a folder for each class"`
	Train       string           `json:"-" doc:"the folder of the official training split"`
	Validation  string           `json:"-" doc:"the folder of the official validation split"`
	Test        string           `json:"-" doc:"the folder of the official test split"`
	Image       image.Dimensions `json:"image" doc:"size and channels that every image is converted to"`
	image.Files `spec:",inline"`
}

// CheckSpec requires either one set or a training split.
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

// FilesOfImages returns the settings for reading the files.
func (f *ImageFolder) FilesOfImages() *image.Files { return &f.Files }

// Skips reports whether images that cannot be read are left out.
func (f *ImageFolder) Skips() bool { return f.OnError == "skip" }

func (f *ImageFolder) Given() []string {
	if f.Path != "" {
		return []string{""}
	}
	var splits []string
	for i, name := range []string{f.Train, f.Validation, f.Test} {
		if name != "" {
			splits = append(splits, Splits[i])
		}
	}
	return splits
}

func (f *ImageFolder) Read(src Source, split string) *table.Table {
	key, folder := "path", f.Path
	if split != "" {
		key, folder = split, map[string]string{"train": f.Train, "validation": f.Validation, "test": f.Test}[split]
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
	w.report(reportOf(src, folder))
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
		label.Add(class)
	}
	label.Seal()
	t.Columns = []*table.Column{{Name: "image", Content: src.Images(set, t)}, label}
	return t
}

// reportOf is a Report whose notes begin with the name of what they are about.
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

// sound reports what keeps a folder from being classes of images.
func (w *ClassWalk) sound(src Source, at, folder string) bool {
	classes := w.Distinct()
	faults := w.faults(folder)
	for _, text := range faults {
		src.Problems().Add(at, "%s", text)
	}
	switch {
	case len(faults) > 0:
	case len(w.Files) == 0 && len(w.loose) > 0:
		src.Problems().Add(at, "%s contains images, but no folders of them; expected a folder for each class", folder)
	case len(w.Files) == 0:
		src.Problems().Add(at, "%s contains no images; expected a folder of them for each class", folder)
	case len(classes) > 1 && !slices.ContainsFunc(classes, func(c string) bool { return !namesSplit(c) }):
		src.Problems().Add(at, "%s contains the splits (%s), not classes; name their folders with train, validation and test", folder, strings.Join(classes, ", "))
	default:
		return true
	}
	return false
}

// namesSplit reports whether a folder seems to be a split rather than a class.
func namesSplit(folder string) bool {
	return slices.Contains([]string{"train", "training", "test", "testing", "val", "valid", "validation"}, strings.ToLower(folder))
}

// Distinct lists the classes that have images.
func (w *ClassWalk) Distinct() []string { return slices.Compact(slices.Clone(w.Classes)) }

// names are the names of the files for messages: below the folder, relative to the working folder.
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
