package glob

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFolders: entries are sorted, and folders of too many files of the kind, or of others, are refused.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.png", "a.txt", "c/d.png"} {
		os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777)
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	images := Folders{Kind: "images", Is: func(name string) bool { return strings.HasSuffix(name, ".png") }}
	w := images
	list, err := w.Read(dir)
	if err != nil || fmt.Sprint(list) != "[- a.txt - b.png d c/]" || w.Others != 2 || w.Alike != 1 || w.Full() {
		t.Error(list, w.Others, w.Alike, err)
	}
	if _, err := w.Read(filepath.Join(dir, "none")); !os.IsNotExist(err) || w.Full() {
		t.Error(err)
	}
	for want, w := range map[string]Folders{
		"":                                    {Others: mostOthers - 2, Alike: mostAlike - 1},
		"files that are no images; name":      {Others: mostOthers - 1},
		"has more than 10,000,000 images":     {Alike: mostAlike},
		"has more than 1,000,000 folders and": {Others: mostOthers - 1, Alike: mostAlike},
	} {
		w.Kind, w.Is = images.Kind, images.Is
		if _, err := w.Read(dir); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) || w.Full() != (want != "") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
