package image

import (
	"bytes"
	"crypto/sha256"
	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Dimensions is what pictures are brought to. 0 is what the first picture has, with which all others must agree.
type Dimensions struct {
	Width    int `json:"width,omitempty" default:"0" range:"[1,8192]" doc:"pixels in a row (default: as the first picture has, and then all must agree)"`
	Height   int `json:"height,omitempty" default:"0" range:"[1,8192]" doc:"rows of pixels (default: as the first picture has)"`
	Channels int `json:"channels,omitempty" default:"0" range:"[1,3]" doc:"1: grey; 3: red, green and blue (default: as the first picture has)"`
}

func (s *Dimensions) Check(path string, p *spec.Problems) {
	if (s.Width == 0) != (s.Height == 0) && !p.Under(path+".width") && !p.Under(path+".height") {
		p.Add(path, "width and height belong together")
	}
	if s.Channels == 2 {
		p.Add(path+".channels", "want 1 (grey) or 3 (red, green and blue)")
	}
}

// Files says how picture files are read.
type Files struct {
	Fit     string  `json:"fit" default:"stretch" oneof:"stretch|crop|pad" doc:"how a picture of other proportions comes to its size; stretch: changes them; crop: cuts the longer sides off, the same at both ends; pad: adds black to the shorter ones"`
	OnError string  `json:"-" default:"error" oneof:"error|skip" doc:"what a picture is that cannot be read; skip: its row is left out"`
	Memory  float64 `json:"-" default:"-1" range:"[0,)" doc:"GB that decoded pictures may take in memory, those of all parts together; the pictures of a part that does not fit are read when they are needed (default: a quarter of the machine's memory)"`
	Cache   string  `json:"-" default:"auto" doc:"folder in which a training keeps decoded pictures for the next run; auto: dnn in the user's folder for such files, for 5,000 pictures or more, and for any that do not fit into memory; none: they are not kept. Pictures are known again by name, size and time: one that is changed and keeps both is not noticed, until the cache is removed"`
}

// Set is a column of picture files, one for each row.
type Set struct {
	Files    []File
	settings Settings
	How      *Files
	half     bool                 // only one of width and height is given, which was noted
	agree    bool                 // all pictures must have the size of the first one
	grey     bool                 // all pictures must be grey as the first one is
	first    string               // its place
	Home     string               // tells this set from others of this machine
	At       string               // the path in the spec for mistakes
	Keys     string               // the path below which the spec says how pictures are read
	Column   bool                 // the paths stand in a column
	picks    []int32              // the rows that are of use; nil: all
	Place    func(row int) string // names a row's picture in messages
	Option   string               // how a spec says the size: "image: {%s}"
}

// File is one file.
type File struct {
	Path       string // "" when the row names none
	Name       string // as the data has it: below its folder, or in its column
	Size, Time int64  // as it was found; a file that changes is noticed
}

// maxPictureFile is the most bytes that a file of one picture may have.
const maxPictureFile = 1 << 29

// ReadFile reads the bytes of a picture file. What has no size, such as a pipe or a device, might never end.
func ReadFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, table.PlainError(err)
	case info.IsDir():
		return nil, errors.New("is a folder, not a picture")
	case info.Mode()&fs.ModeNamedPipe != 0:
		return nil, errors.New("is a pipe, not the file of a picture")
	case !info.Mode().IsRegular():
		return nil, errors.New("is a device or a socket, not the file of a picture")
	case info.Size() > maxPictureFile:
		return nil, fmt.Errorf("%d MB are too large for a picture", info.Size()>>20)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, table.PlainError(err)
	}
	defer f.Close()
	data := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	n, err := data.ReadFrom(io.LimitReader(f, maxPictureFile+1)) // it may grow, and some tell a size of 0
	switch {
	case err != nil:
		return nil, table.PlainError(err)
	case n > maxPictureFile:
		return nil, fmt.Errorf("more than %d MB are too large for a picture", maxPictureFile>>20)
	}
	return data.Bytes(), nil
}

// look finds what the files are on the disk.
func (f *File) look() {
	if info, err := os.Stat(f.Path); err == nil {
		f.Size, f.Time = info.Size(), info.ModTime().UnixNano()
	}
}

// LookAll finds what all files are on the disk.
func (s *Set) LookAll() {
	InBlocks(len(s.Files), blockRows, func(lo, hi int) error {
		for i := lo; i < hi; i++ {
			s.Files[i].look()
		}
		return nil
	})
}

// Settle takes what the spec leaves open from the first picture that can be read.
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
	s.settings = Settings{Width: 1, Height: 1, Channels: 1} // none can be read, which is told of each
}

// rows is how many pictures are of use, and row where the picture at a place among them stands.
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

// pick leaves out the rows that are not used, and returns the places of those that are.
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

// misread reports whether a mistake in the spec leaves open how the pictures are read.
func (s *Set) misread(p *spec.Problems) bool {
	for _, key := range []string{"image", "width", "height", "channels", "root", "fit", "on_error", "memory", "cache"} {
		if p.Under(s.Keys + "." + key) {
			return true
		}
	}
	return s.half
}

// shape is that of each picture.
func (s *Set) shape() []int {
	return []int{s.settings.Height, s.settings.Width, s.settings.Channels}
}

// misfit is a picture that differs from the first where all must agree.
type misfit struct{ text string }

func (m *misfit) Error() string { return m.text }

// decode returns the picture of a row and the digest of its file.
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
			return nil, sum, &misfit{fmt.Sprintf("is %d×%d, and %s is %d×%d; one size for all is set by %s",
				info.Width, info.Height, s.first, s.settings.Width, s.settings.Height,
				fmt.Sprintf(s.Option, fmt.Sprintf("width: %d, height: %d", s.settings.Width, s.settings.Height)))}
		}
		if s.grey && info.Channels > 1 {
			return nil, sum, &misfit{fmt.Sprintf("is in colour, and %s is grey; one kind for all is set by %s",
				s.first, fmt.Sprintf(s.Option, "channels: 3"))}
		}
	}
	pix, err = Decode(data, s.settings)
	return pix, sum, err
}

// picture reads a picture when it is needed, long after the set was looked through.
func (s *Set) picture(place int32, _ []byte) ([]byte, error) {
	row := s.row(int(place))
	f := s.Files[row]
	before := f.Size
	f.look()
	if f.Size != before || f.Time != s.Files[row].Time {
		return nil, fmt.Errorf("%s has changed since the data was looked through", s.Place(row))
	}
	pix, _, err := s.decode(row)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read any more: %w", s.Place(row), err)
	}
	return pix, nil
}

func (s *Set) works() bool { return true }

// Absolute is the whole path of a file, or what is known of it.
func Absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil {
		return full
	}
	return name
}

func (f *Files) EachFile(each func(path *string)) {
	if f.Cache != "auto" && f.Cache != "none" && f.Cache != "" {
		each(&f.Cache)
	}
}

// NoPaths lists some of the words of a column that holds anything but paths; nil when there may be one.
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

// ResolvePath is the path that a field names, which may be written with either slash.
func ResolvePath(field, base string) string {
	name := filepath.FromSlash(field)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(base, name)
}
