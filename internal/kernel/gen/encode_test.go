package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// assembled is what GNU as makes of each instruction, the registers being 1, 2 and 19 and the numbers as they stand.
var assembled = map[string]uint32{
	"fadd v1.4s, v2.4s, v19.4s":       0x4e33d441,
	"fsub v1.4s, v2.4s, v19.4s":       0x4eb3d441,
	"fmul v1.4s, v2.4s, v19.4s":       0x6e33dc41,
	"fdiv v1.4s, v2.4s, v19.4s":       0x6e33fc41,
	"fmla v1.4s, v2.4s, v19.4s":       0x4e33cc41,
	"fmls v1.4s, v2.4s, v19.4s":       0x4eb3cc41,
	"fmax v1.4s, v2.4s, v19.4s":       0x4e33f441,
	"fmin v1.4s, v2.4s, v19.4s":       0x4eb3f441,
	"fcmeq v1.4s, v2.4s, v19.4s":      0x4e33e441,
	"fcmge v1.4s, v2.4s, v19.4s":      0x6e33e441,
	"fcmgt v1.4s, v2.4s, v19.4s":      0x6eb3e441,
	"add v1.4s, v2.4s, v19.4s":        0x4eb38441,
	"sub v1.4s, v2.4s, v19.4s":        0x6eb38441,
	"cmeq v1.4s, v2.4s, v19.4s":       0x6eb38c41,
	"cmhs v1.4s, v2.4s, v19.4s":       0x6eb33c41,
	"smin v1.4s, v2.4s, v19.4s":       0x4eb36c41,
	"uzp1 v1.4s, v2.4s, v19.4s":       0x4e931841,
	"uzp2 v1.4s, v2.4s, v19.4s":       0x4e935841,
	"trn1 v1.4s, v2.4s, v19.4s":       0x4e932841,
	"trn2 v1.4s, v2.4s, v19.4s":       0x4e936841,
	"trn1 v1.2d, v2.2d, v19.2d":       0x4ed32841,
	"trn2 v1.2d, v2.2d, v19.2d":       0x4ed36841,
	"umull v1.2d, v2.2s, v19.2s":      0x2eb3c041,
	"umull2 v1.2d, v2.4s, v19.4s":     0x6eb3c041,
	"and v1.16b, v2.16b, v19.16b":     0x4e331c41,
	"bic v1.16b, v2.16b, v19.16b":     0x4e731c41,
	"orr v1.16b, v2.16b, v19.16b":     0x4eb31c41,
	"eor v1.16b, v2.16b, v19.16b":     0x6e331c41,
	"bsl v1.16b, v2.16b, v19.16b":     0x6e731c41,
	"ext v1.16b, v2.16b, v19.16b, #3": 0x6e131841,
	"fabs v1.4s, v2.4s":               0x4ea0f841,
	"fneg v1.4s, v2.4s":               0x6ea0f841,
	"fsqrt v1.4s, v2.4s":              0x6ea1f841,
	"scvtf v1.4s, v2.4s":              0x4e21d841,
	"fcmgt v1.4s, v2.4s, #0.0":        0x4ea0c841,
	"fcmge v1.4s, v2.4s, #0.0":        0x6ea0c841,
	"fcmlt v1.4s, v2.4s, #0.0":        0x4ea0e841,
	"fcmle v1.4s, v2.4s, #0.0":        0x6ea0d841,
	"fcmeq v1.4s, v2.4s, #0.0":        0x4ea0d841,
	"not v1.16b, v2.16b":              0x6e205841,
	"dup v1.4s, v2.s[0]":              0x4e040441,
	"mov v1.s[1], v2.s[0]":            0x6e0c0441,
	"mov v1.s[2], v2.s[0]":            0x6e140441,
	"mov v1.s[3], v2.s[0]":            0x6e1c0441,
	"dup v1.4s, w2":                   0x4e040c41,
	"movi v1.2d, #0":                  0x6f00e401,
	"xtn v1.4h, v2.4s":                0x0e612841,
	"xtn2 v1.8h, v2.4s":               0x4e612841,
	"shll v1.4s, v2.4h, #16":          0x2e613841,
	"shll2 v1.4s, v2.8h, #16":         0x6e613841,
	"uminv s1, v2.4s":                 0x6eb1a841,
	"shl v1.4s, v2.4s, #3":            0x4f235441,
	"ushr v1.4s, v2.4s, #3":           0x6f3d0441,
	"sshr v1.4s, v2.4s, #3":           0x4f3d0441,
	"fmla v1.4s, v2.4s, v19.s[3]":     0x4fb31841,
	"smull v1.8h, v2.8b, v19.8b":      0x0e33c041,
	"smull2 v1.8h, v2.16b, v19.16b":   0x4e33c041,
	"addp v1.8h, v2.8h, v19.8h":       0x4e73bc41,
	"sadalp v1.4s, v2.8h":             0x4e606841,
	"fcvtns v1.4s, v2.4s":             0x4e21a841,
	"sqxtn v1.4h, v2.4s":              0x0e614841,
	"sqxtn2 v1.8h, v2.4s":             0x4e614841,
	"sqxtn v1.8b, v2.8h":              0x0e214841,
	"sqxtn2 v1.16b, v2.8h":            0x4e214841,
	"smax v1.16b, v2.16b, v19.16b":    0x4e336441,
	"umax v1.4s, v2.4s, v19.4s":       0x6eb36441,
	"umaxv s1, v2.4s":                 0x6eb0a841,
	"sdot v1.4s, v2.16b, v19.4b[3]":   0x4fb3e841,
}

// TestCodes encodes each instruction and compares the word with that of an assembler.
func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for name, c := range codes {
		ops := []operand.Op{reg.X1}
		for i, r := range []reg.Physical{reg.X2, reg.X19} {
			if strings.Contains(c.form, "%"+"nm"[i:i+1]) {
				ops = append(ops, r)
			}
		}
		if name == "dupw" {
			ops[1] = reg.RDX
		}
		if c.imm != nil {
			ops = append(ops, operand.U8(3))
		}
		word, text, _ := strings.Cut(c.encode(name, ops).Asm(), " // ")
		seen[text] = true
		got, err := strconv.ParseUint(strings.TrimPrefix(word, "$"), 0, 32)
		if want := assembled[text]; err != nil || uint32(got) != want {
			t.Errorf("%s is %s, want %#08x", text, word, want)
		}
	}
	for text := range assembled {
		if !seen[text] {
			t.Errorf("%s is no longer in use", text)
		}
	}
}

// TestWords compares all words in the assembly with what GNU as makes of their comments.
func TestWords(t *testing.T) {
	as, err := exec.LookPath("aarch64-linux-gnu-as")
	if err != nil {
		t.Skip("there is no aarch64-linux-gnu-as (binutils-aarch64-linux-gnu)")
	}
	files, err := filepath.Glob("../*/*_arm64.s")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]uint32{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`WORD +\$0x([0-9a-f]{8}) // (.*)`).FindAllStringSubmatch(string(text), -1) {
			w, _ := strconv.ParseUint(m[1], 16, 32)
			words[m[2]] = uint32(w)
		}
	}
	var texts []string
	for text := range words {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	in, out := filepath.Join(t.TempDir(), "in.s"), filepath.Join(t.TempDir(), "out.o")
	check(t, os.WriteFile(in, []byte(strings.Join(texts, "\n")+"\n"), 0o644))
	run(t, as, "-march=armv8.2-a+dotprod", "-o", out, in)
	run(t, strings.TrimSuffix(as, "as")+"objcopy", "-O", "binary", "-j", ".text", out, out+".bin")
	code, err := os.ReadFile(out + ".bin")
	check(t, err)
	if len(code) != 4*len(texts) || len(texts) < 100 {
		t.Fatalf("%d instructions became %d bytes", len(texts), len(code))
	}
	for i, text := range texts {
		if want := binary.LittleEndian.Uint32(code[4*i:]); words[text] != want {
			t.Errorf("%s is %#08x, want %#08x", text, words[text], want)
		}
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
