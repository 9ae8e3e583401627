package format

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"dnn/internal/glob"
	"dnn/pkg/dataset/record"
)

// expand turns the entries of a key into files: names as they are, globs into their matches, sorted.
func expand(src Source, key string, entries []string) []string {
	var files []string
	var search glob.Search
	for i, e := range entries {
		at := fmt.Sprintf("%s.%s", Section, key)
		if len(entries) > 1 {
			at += fmt.Sprintf("[%d]", i)
		}
		full := src.Path(e)
		_, err := os.Stat(full)
		switch {
		case err == nil:
			files = append(files, full)
			continue
		case isURL(e):
			src.Problems().Add(at, "%s", urlHint(e))
			continue
		case strings.HasPrefix(e, "~"):
			src.Problems().Add(at, "no file %s: %s", e, homeHint)
			continue
		case strings.ContainsFunc(e, unicode.IsControl):
			src.Problems().Add(at, "no file %q: in double quotes, a backslash begins an escape such as \\t or \\n; write the path in single quotes, or with /", e)
			continue
		case strings.Contains(e, `\`) && filepath.Separator != '\\':
			src.Problems().Add(at, "no file %s: here folders are separated by /: %s", e, strings.ReplaceAll(e, `\`, "/"))
			continue
		case !strings.ContainsAny(e, "*?["):
			files = append(files, full) // whoever opens it reports that
			continue
		}
		found, err := search.Files(full)
		switch {
		case errors.Is(err, glob.ErrTooMany):
			src.Problems().Add(at, "%q %v", e, err)
			return nil
		case err != nil || len(found) == 0:
			src.Problems().Add(at, "no file matches %q", e)
			continue
		}
		files = append(files, found...)
	}
	return files
}

// Decoded is the text of an unpacked file in UTF-8, as far as the settings of its format say how it is written.
func Decoded(f any, text io.Reader) io.Reader {
	if d, ok := f.(Decodable); ok {
		return d.Decode(text)
	}
	return text
}

// DecodedLater is Decoded for another file than those of the training.
func DecodedLater(f any, text io.Reader) *record.Later {
	if d, ok := f.(Decodable); ok {
		return d.DecodeLater(text)
	}
	return &record.Later{Reader: text}
}

// open opens a file named under key, decompresses it, and adds its bytes to the digest. done must be called.
func open(src Source, key, file string) (r io.Reader, done func(), ok bool) {
	f, ok := openFile(src, key, file)
	if !ok {
		return nil, nil, false
	}
	sum := sha256.New()
	raw := io.TeeReader(f, sum)
	text, err := record.Unpack(raw)
	if err != nil {
		f.Close()
		src.Problems().Add(Section+"."+key, "%s: %v", file, err)
		return nil, nil, false
	}
	return text, func() {
		digest := src.Digest()
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() { // what else there is may never end
			io.Copy(io.Discard, raw)
		}
		f.Close()
		digest(sum.Sum(nil))
	}, true
}

// openWhole opens a file that is read at any place, and adds its bytes to the digest. done must be called.
func openWhole(src Source, key, file string) (f *os.File, size int64, done func(), ok bool) {
	f, ok = openFile(src, key, file)
	if !ok {
		return nil, 0, nil, false
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		f.Close()
		src.Problems().Add(Section+"."+key, "%s is not a regular file, which this format needs", file)
		return nil, 0, nil, false
	}
	return f, info.Size(), func() {
		digest, sum := src.Digest(), sha256.New()
		f.Seek(0, io.SeekStart)
		io.Copy(sum, f)
		f.Close()
		digest(sum.Sum(nil))
	}, true
}

// openFile opens a file named under key, or notes why it cannot be read.
func openFile(src Source, key, file string) (*os.File, bool) {
	f, err := os.Open(file)
	if err != nil {
		src.Problems().Add(Section+"."+key, "%v", record.FileError(err))
		return nil, false
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		src.Problems().Add(Section+"."+key, "%s", folderHint(file))
		return nil, false
	}
	return f, true
}
