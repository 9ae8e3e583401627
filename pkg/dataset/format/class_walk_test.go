package format

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/internal/glob"
)

// TestFoldersWithoutEnd: what lies in many folders is one mistake, not one for each.
func TestFoldersWithoutEnd(t *testing.T) {
	dir := t.TempDir()
	for _, class := range []string{"a", "b", "c"} {
		if err := os.Mkdir(filepath.Join(dir, class), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, class, "x.log"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for others, want := range map[int]string{999_994: "", 999_996: dir + " has more than 1,000,000 folders and files that are no images"} {
		w, err := walkClasses(dir, Images, &glob.Folders{Kind: "images", Is: Images.Is, Others: others})
		switch {
		case err != nil:
			t.Error(err)
		case want == "" && len(w.Errs) > 0, want != "" && (len(w.Errs) != 1 || !strings.HasPrefix(w.Errs[0].Error(), want)):
			t.Error(w.Errs)
		}
	}
	if _, err := walkClasses(dir, Images, &glob.Folders{Kind: "images", Is: Images.Is, Others: 1_000_000}); err == nil {
		t.Error("no error")
	}
}
