package image

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/spec"
)

// Dimensions is the size that images are scaled to. 0 is the size of the first image, which all others must have too.
type Dimensions struct {
	Width    int `json:"width,omitempty" default:"0" range:"[1,8192]" doc:"width in pixels (default: that of the first image; then all must agree)"`
	Height   int `json:"height,omitempty" default:"0" range:"[1,8192]" doc:"height in pixels (default: that of the first image)"`
	Channels int `json:"channels,omitempty" default:"0" range:"[1,3]" doc:"1: grey; 3: red, green and blue (default: those of the first image)"`
}

func (s *Dimensions) Check(path string, p *spec.Problems) {
	if (s.Width == 0) != (s.Height == 0) && !p.Under(path+".width") && !p.Under(path+".height") {
		p.Add(path, "set width and height together")
	}
	if s.Channels == 2 {
		p.Add(path+".channels", "must be 1 (grey) or 3 (red, green and blue)")
	}
}

// Files says how image files are read.
type Files struct {
	Fit     string  `json:"fit" default:"stretch" oneof:"stretch|crop|pad" doc:"how an image of another aspect ratio is scaled; stretch: distorts it; crop: cuts off the longer sides, the same at both ends; pad: adds black to the shorter sides"`
	OnError string  `json:"-" default:"error" oneof:"error|skip" doc:"what happens if an image cannot be read; skip: its row is left out"`
	Memory  float64 `json:"-" default:"-1" range:"[0,)" doc:"memory in GB for the decoded images of all splits; the images of a split that does not fit are read when needed (default: a quarter of the machine's memory)"`
	Cache   string  `json:"-" default:"auto" doc:"folder in which training caches decoded images for the next run; auto: dnn in the user's cache folder, for 5,000 images or more, and for any number that does not fit into memory; none: no cache. Images are recognized by name, size and time: a change that keeps all three goes unnoticed until the cache is removed"`
}

// Set is a column of image files, one per row.
type Set struct {
	Files    []File
	settings Settings
	How      *Files
	half     bool                 // only one of width and height is given, which was reported
	agree    bool                 // all images must have the size of the first one
	grey     bool                 // all images must be grey as the first one is
	first    string               // its place
	Home     string               // distinguishes this set from others on this machine
	At       string               // path in the spec, for mistakes
	Keys     string               // path in the spec below which it says how images are read
	Column   bool                 // the paths are in a column
	picks    []int32              // the rows that are used; nil: all
	Place    func(row int) string // names a row's image in messages
	Option   string               // how a spec sets the size: "image: {%s}"
}

// File is one file.
type File struct {
	Path       string // "" if the row names none
	Name       string // as the data names it: below its folder, or in its column
	Size, Time int64  // when it was found; a file that changes is noticed
}

// maxFile is the most bytes that an image file may have.
const maxFile = 1 << 29

// ReadFile reads the bytes of an image file. A pipe or device is rejected: it might never end.
func ReadFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, record.PlainError(err)
	case info.IsDir():
		return nil, errors.New("is a folder, not an image")
	case info.Mode()&fs.ModeNamedPipe != 0:
		return nil, errors.New("is a pipe, not an image file")
	case !info.Mode().IsRegular():
		return nil, errors.New("is a device or a socket, not an image file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%d MB is too large for an image", info.Size()>>20)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, record.PlainError(err)
	}
	defer f.Close()
	data := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	n, err := data.ReadFrom(io.LimitReader(f, maxFile+1)) // it may grow, and some report a size of 0
	switch {
	case err != nil:
		return nil, record.PlainError(err)
	case n > maxFile:
		return nil, fmt.Errorf("more than %d MB is too large for an image", maxFile>>20)
	}
	return data.Bytes(), nil
}

// look reads size and time of a file.
func (f *File) look() {
	if info, err := os.Stat(f.Path); err == nil {
		f.Size, f.Time = info.Size(), info.ModTime().UnixNano()
	}
}

// LookAll reads size and time of all files.
func (s *Set) LookAll() {
	InBlocks(len(s.Files), blockRows, func(lo, hi int) error {
		for i := lo; i < hi; i++ {
			s.Files[i].look()
		}
		return nil
	})
}

// Settle takes what the spec leaves open from the first image that can be read.
func (s *Set) Settle(size Dimensions) {
	s.settings = Settings{Width: size.Width, Height: size.Height, Channels: size.Channels, Fit: s.How.Fit}
	s.agree, s.half = size.Width == 0, (size.Width == 0) != (size.Height == 0)
	if size.Width > 0 && size.Channels > 0 {
		return
	}
	for i := range s.Files {
		data, err := ReadFile(s.Files[i].Path)
		if err != nil {
			continue
		}
		info, err := Look(data)
		if err != nil {
			continue
		}
		s.first = s.Place(i)
		if size.Width == 0 {
			s.settings.Width, s.settings.Height = info.Width, info.Height
		}
		if size.Channels == 0 {
			s.settings.Channels, s.grey = info.Channels, info.Channels == 1
		}
		return
	}
	s.settings = Settings{Width: 1, Height: 1, Channels: 1} // none can be read, which is reported for each
}

// rows is how many images are used, and row the row of an image by its index among them.
func (s *Set) rows() int {
	if s.picks != nil {
		return len(s.picks)
	}
	return len(s.Files)
}

func (s *Set) row(place int) int {
	if s.picks != nil {
		return int(s.picks[place])
	}
	return place
}

// pick leaves out the rows that are not used, and returns the indices of those that are.
func (s *Set) pick(used []bool) (places []int32) {
	if used == nil || !slices.Contains(used, false) {
		return nil
	}
	s.picks, places = []int32{}, make([]int32, len(used))
	for row, is := range used {
		if is {
			places[row] = int32(len(s.picks))
			s.picks = append(s.picks, int32(row))
		}
	}
	return places
}

// misread reports whether a mistake in the spec leaves open how the images are read.
func (s *Set) misread(p *spec.Problems) bool {
	for _, key := range []string{"image", "width", "height", "channels", "root", "fit", "on_error", "memory", "cache"} {
		if p.Under(s.Keys + "." + key) {
			return true
		}
	}
	return s.half
}

// shape is that of each image.
func (s *Set) shape() []int {
	return []int{s.settings.Height, s.settings.Width, s.settings.Channels}
}

// misfit is an image that differs from the first where all must agree.
type misfit struct{ text string }

func (m *misfit) Error() string { return m.text }

// decode returns the image of a row and the digest of its file.
func (s *Set) decode(row int) (pix []byte, sum [sha256.Size]byte, err error) {
	f := &s.Files[row]
	if f.Path == "" {
		return nil, sum, errors.New("is missing")
	}
	data, err := ReadFile(f.Path)
	if errors.Is(err, fs.ErrNotExist) && filepath.FromSlash(f.Name) != f.Path && s.Column {
		err = fmt.Errorf("%w (looked for as %s)", err, Absolute(f.Path))
	}
	if err != nil {
		return nil, sum, err
	}
	sum = sha256.Sum256(data)
	if s.agree || s.grey {
		info, err := Look(data)
		if err != nil {
			return nil, sum, err
		}
		if s.agree && (info.Width != s.settings.Width || info.Height != s.settings.Height) {
			return nil, sum, &misfit{fmt.Sprintf("is %d×%d, but %s is %d×%d; set one size for all with %s",
				info.Width, info.Height, s.first, s.settings.Width, s.settings.Height,
				fmt.Sprintf(s.Option, fmt.Sprintf("width: %d, height: %d", s.settings.Width, s.settings.Height)))}
		}
		if s.grey && info.Channels > 1 {
			return nil, sum, &misfit{fmt.Sprintf("is in colour, but %s is grey; set the channels of all with %s",
				s.first, fmt.Sprintf(s.Option, "channels: 3"))}
		}
	}
	pix, err = Decode(data, s.settings)
	return pix, sum, err
}

// image decodes an image when needed, long after the set was read.
func (s *Set) image(place int32, _ []byte) ([]byte, error) {
	row := s.row(int(place))
	f := s.Files[row]
	before := f.Size
	f.look()
	if f.Size != before || f.Time != s.Files[row].Time {
		return nil, fmt.Errorf("%s has changed since the data was read", s.Place(row))
	}
	pix, _, err := s.decode(row)
	if err != nil {
		return nil, fmt.Errorf("%s can no longer be read: %w", s.Place(row), err)
	}
	return pix, nil
}

func (s *Set) works() bool { return true }

// Absolute returns the absolute path of a file, or the path as it is if that fails.
func Absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil {
		return full
	}
	return name
}

// CacheFolder is the folder of the cache, which need not be there.
func (f *Files) CacheFolder() string { return f.Cache }

func (f *Files) EachFile(each func(path *string)) {
	if f.Cache != "auto" && f.Cache != "none" && f.Cache != "" {
		each(&f.Cache)
	}
}

// NoPaths lists some of the values of a column that does not hold paths; nil if it may.
func (s *Set) NoPaths() (words []string) {
	for i := range s.Files {
		f := &s.Files[i]
		if f.Time != 0 || IsName(f.Name) {
			return nil
		}
		if f.Name != "" && !slices.Contains(words, f.Name) && len(words) < phrase.Examples {
			words = append(words, f.Name)
		}
	}
	return words
}

// ResolvePath resolves the path in a field, with either slash.
func ResolvePath(field, base string) string {
	name := filepath.FromSlash(field)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(base, name)
}
